package generate

// A spec is the size and the mix of one scenario's generated part. Counts of
// organizations are those of ALLIANCES.md less the named members of the core.
type spec struct {
	letter            string
	brandOffset       int // organizations generated in the scenarios before, so that no two share a brand
	demands, programs int
	orgs              []orgSpec
	outsiders         []orgSpec          // on the market, but no members
	demandMix         []mix              // trades asked for
	programMix        []mix              // trades taught
	scarce            float64            // how many programs teach a scarce course
	scarceIn          map[string]float64 // the same for single trades
	inland            []string           // provinces where scarce courses are rarer still
	inlandScarce      float64
	anchors           map[string][]string // trade -> named employers who post much of it
	county            []string            // trades of secondary schools far away
	coreOnly          bool                // named schools have their hand-written programs only
	startYears        [4]int              // weights of starts in 2025 (already over), 2026, 2027, 2028
	heads             []int               // headcounts, drawn evenly
	agreements        []agreementSpec
	series            []string // occupations with monthly postings, ids without "oc."
	seriesRegion      string
}

// orgSpec is a number of organizations of one kind. The regions are used in turn;
// repeat one to give it more.
type orgSpec struct {
	kind    string
	n       int
	regions string // codes separated by spaces
}

type mix struct {
	trade  string
	weight int
}

type agreementSpec struct {
	kind   string
	n      int
	lo, hi int // seats
}

// The 22 provinces of scenario A; Guangdong, the host, more than once.
const aPlaces = "440100 440100 440600 440300 110100 120100 130100 210100 310100 320100 330100 340100 350100 360100 370100 410100 420100 430100 450100 460100 500100 510100 520100 530100 610100 440100 440300 441900"

const bPlaces = "320100 320500 320200 310100 330100 440300 440100 441300 420100 430100 340100 370200 410100 510100 500100 610100 520100 450100 620100"

const cPlaces = "440605 440605 440605 440605 440604 440605 440606 440605 440605 440607"

const dPlaces = "440305 440306 440307 440309 440310 440311 440304 440306 440303 440307"

const ePlaces = "361102 361104 361103 361127 361128"

var specs = map[string]spec{
	"a": {
		letter: "a", brandOffset: 0, demands: 350, programs: 110,
		orgs:       []orgSpec{{"enterprise", 55, aPlaces}, {"university", 35, aPlaces}, {"college", 37, aPlaces}, {"research-institute", 8, "440100 110100 310100 320100 420100 510100 610100 330100"}},
		demandMix:  []mix{{"network", 30}, {"software", 18}, {"data", 12}, {"iot", 12}, {"media", 10}, {"electronics", 6}, {"office", 6}, {"ecommerce", 4}, {"live", 2}},
		programMix: []mix{{"software", 22}, {"network", 12}, {"data", 14}, {"iot", 10}, {"media", 14}, {"electronics", 6}, {"ecommerce", 10}, {"office", 12}},
		scarce:     0.3, scarceIn: map[string]float64{"network": 0.25},
		inland: []string{"52", "53", "45", "36", "61", "46"}, inlandScarce: 0.05,
		anchors:    map[string][]string{"network": {"a.org.chengge"}, "iot": {"a.org.viewsonic"}, "media": {"a.org.viewsonic"}},
		startYears: [4]int{8, 34, 38, 20}, heads: []int{1, 2, 2, 2, 3, 3, 4, 5, 5, 6, 8, 10, 15, 20},
		agreements: []agreementSpec{{"practice-centre", 8, 30, 120}, {"innovation-centre", 5, 0, 20}, {"mentor", 12, 0, 6}, {"internship", 10, 10, 60}, {"training-base", 6, 20, 80}, {"order-class", 4, 20, 45}},
		series:     []string{"network-engineer", "python-developer", "iot-engineer"}, seriesRegion: "440000",
	},
	"b": {
		letter: "b", brandOffset: 135, demands: 350, programs: 90,
		orgs:       []orgSpec{{"enterprise", 58, bPlaces}, {"university", 20, bPlaces}, {"college", 27, bPlaces}, {"research-institute", 6, "320100 310100 440300 420100 510100 610100"}, {"association", 3, "320100 440300 510100"}},
		demandMix:  []mix{{"industrialnet", 38}, {"automation", 18}, {"robotics", 12}, {"software", 6}, {"data", 6}, {"equipment", 6}, {"electronics", 6}, {"production", 5}, {"machining", 3}},
		programMix: []mix{{"industrialnet", 18}, {"automation", 22}, {"robotics", 12}, {"software", 14}, {"data", 8}, {"equipment", 6}, {"electronics", 6}, {"machining", 6}, {"office", 8}},
		scarce:     0.4, scarceIn: map[string]float64{"industrialnet": 0.6},
		inland: []string{"50", "51", "52", "45", "61", "62", "43", "41"}, inlandScarce: 0.05,
		anchors:    map[string][]string{"industrialnet": {"b.org.getech", "b.org.tcl"}, "automation": {"b.org.tcl"}},
		startYears: [4]int{8, 34, 38, 20}, heads: []int{1, 2, 2, 3, 3, 4, 5, 5, 6, 8, 10, 12, 20, 30},
		agreements: []agreementSpec{{"order-class", 12, 20, 50}, {"apprenticeship", 6, 10, 40}, {"training-base", 12, 20, 120}, {"internship", 8, 10, 60}, {"joint-research", 5, 0, 8}, {"mentor", 5, 0, 5}},
		series:     []string{"industrial-internet-engineer", "industrial-internet-operations", "plc-engineer", "mes-engineer", "robot-application-engineer", "industrial-data-analyst", "maintenance-electrician", "electrical-automation-engineer"}, seriesRegion: "320000",
	},
	"c": {
		letter: "c", brandOffset: 249, demands: 400, programs: 80,
		orgs: []orgSpec{
			{"enterprise", 73, cPlaces}, {"park", 8, "440605"}, {"platform", 7, "440605"}, {"association", 47, "440605"},
			{"university", 4, "440605 440604 440100 440607"}, {"college", 7, "440605 440604 440606 440605 440100 440607 440608"},
			{"secondary-school", 9, "440605 440605 440604 440605 440606 522631 522632 522633 522634"},
		},
		demandMix:  []mix{{"granule", 20}, {"herbs", 7}, {"pharma", 8}, {"machining", 12}, {"mould", 9}, {"automation", 12}, {"robotics", 8}, {"nev", 7}, {"equipment", 6}, {"logistics", 6}, {"production", 8}, {"ecommerce", 3}, {"office", 4}},
		programMix: []mix{{"machining", 10}, {"mould", 5}, {"automation", 10}, {"robotics", 8}, {"nev", 9}, {"pharma", 6}, {"granule", 3}, {"equipment", 4}, {"logistics", 6}, {"ecommerce", 13}, {"office", 15}, {"media", 5}, {"production", 3}},
		scarce:     0.25, scarceIn: map[string]float64{"granule": 0}, // nobody teaches granule making but the core's one program
		anchors:    map[string][]string{"granule": {"c.org.yifang", "c.org.yifang"}, "herbs": {"c.org.yifang"}, "pharma": {"c.org.yifang"}},
		county:     []string{"herbs", "herbs", "nev", "production", "ecommerce", "equipment", "husbandry"},
		startYears: [4]int{8, 38, 38, 16}, heads: []int{1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 8, 10, 15, 20},
		agreements: []agreementSpec{{"training-base", 7, 20, 80}, {"joint-research", 6, 0, 10}, {"order-class", 6, 20, 45}, {"internship", 14, 5, 40}, {"apprenticeship", 6, 10, 30}, {"mentor", 8, 0, 4}},
		series:     []string{"formula-granule-technologist", "cnc-operator"}, seriesRegion: "440605",
	},
	"d": {
		letter: "d", brandOffset: 404, demands: 350, programs: 90,
		orgs:       []orgSpec{{"enterprise", 31, dPlaces}, {"university", 5, dPlaces}, {"college", 5, dPlaces}, {"secondary-school", 4, dPlaces}, {"research-institute", 3, dPlaces}, {"association", 4, "440304 440306 440307"}, {"government", 5, "440305 440306 440307 440310 440311"}},
		demandMix:  []mix{{"battery", 16}, {"nev", 16}, {"laser", 14}, {"semiconductor", 14}, {"network", 8}, {"software", 12}, {"data", 4}, {"electronics", 8}, {"automation", 4}, {"production", 4}},
		programMix: []mix{{"software", 16}, {"network", 9}, {"electronics", 10}, {"nev", 12}, {"battery", 5}, {"laser", 6}, {"semiconductor", 7}, {"automation", 7}, {"data", 6}, {"media", 8}, {"ecommerce", 6}, {"office", 8}},
		scarce:     0.45,
		anchors:    map[string][]string{"battery": {"d.org.byd"}, "nev": {"d.org.byd"}, "laser": {"d.org.hans-laser"}, "network": {"d.org.huawei"}, "software": {"d.org.tencent", "d.org.huawei"}, "semiconductor": {"d.org.ic-materials"}},
		startYears: [4]int{10, 36, 36, 18}, heads: []int{1, 2, 3, 3, 4, 5, 5, 6, 8, 10, 12, 20, 30, 50},
		agreements: []agreementSpec{{"industry-college", 15, 40, 200}, {"practice-centre", 2, 80, 300}, {"order-class", 8, 20, 50}, {"internship", 10, 10, 60}, {"mentor", 10, 0, 6}, {"joint-research", 6, 0, 10}, {"apprenticeship", 4, 10, 40}},
		series:     []string{"battery-production-technician", "laser-equipment-operator", "fab-operator"}, seriesRegion: "440300",
	},
	"e": {
		letter: "e", brandOffset: 461, demands: 120, programs: 40,
		outsiders:  []orgSpec{{"enterprise", 9, ePlaces}, {"college", 6, "361100 360100 360200 330800 360600 361000"}, {"secondary-school", 3, "361127 361128 361104"}},
		demandMix:  []mix{{"dronelogistics", 22}, {"live", 22}, {"logistics", 20}, {"husbandry", 14}, {"iot", 8}, {"data", 6}, {"media", 4}, {"office", 4}},
		programMix: []mix{{"ecommerce", 12}, {"office", 10}, {"logistics", 5}, {"husbandry", 3}, {"software", 6}, {"drone", 2}, {"iot", 2}, {"media", 4}},
		scarce:     0, // neither drone logistics nor live streaming is taught nearby
		anchors:    map[string][]string{"husbandry": {"e.org.qiangfeng"}, "live": {"e.org.qiangfeng", "e.org.park"}, "dronelogistics": {"e.org.park"}, "logistics": {"e.org.park"}, "iot": {"e.org.qiangfeng"}, "data": {"e.org.qiangfeng"}},
		coreOnly:   true, startYears: [4]int{0, 4, 12, 84}, heads: []int{3, 4, 5, 6, 6, 8, 8, 10, 10, 12, 15},
		agreements: []agreementSpec{{"internship", 4, 10, 60}, {"training-base", 2, 20, 60}},
		series:     []string{"live-operator", "drone-logistics-operator"}, seriesRegion: "361100",
	},
}

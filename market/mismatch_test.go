package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// Three provinces ask 6, 3 and 1 heads, shares .6 .3 .1, and have 20, 60 and 20 graduates,
// shares .2 .6 .2. d1 to d3 name a skill that s1 and s2 teach; d4 is closed and had hires. Two
// skill names are in no taxonomy, one demand says no start.
const mismatchMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605","industry":"C33"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.cut","name":"手切"}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":6,"start":"2027-09","education":"associate","skills":[{"skill":"t.weld"},{"skill":"t.cut"}]}
{"type":"demand","id":"d2","employer":"e1","title":"焊工","region":"320500","headcount":3,"start":"2027-09","skills":[{"skill":"t.cut"},{"name":"看火候"}]}
{"type":"demand","id":"d3","employer":"e1","title":"焊工","region":"330100","headcount":1,"skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d4","employer":"e1","title":"焊工","region":"320500","headcount":3,"start":"2026-09","status":"filled","skills":[{"skill":"t.cut"}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","retention":0.5,"cohorts":[{"year":2027,"graduates":20}],"skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p2","school":"s1","name":"焊接","region":"320500","education":"associate","cohorts":[{"year":2027,"graduates":60}],"skills":[{"skill":"t.weld"},{"skill":"t.cut"},{"name":"看天气"}]}
{"type":"program","id":"p3","school":"s1","name":"焊接","region":"330100","education":"associate","cohorts":[{"year":2027,"graduates":20}],"skills":[{"skill":"t.cut"}]}
{"type":"outcome","demand":"d1","program":"p2","year":2027,"hired":4}
{"type":"outcome","demand":"d4","program":"p2","year":2026,"hired":2}
{"type":"outcome","demand":"d4","program":"p2","year":2027,"hired":1}
`

func mismatchOf(t *testing.T, m *Market, change func(*MismatchRequest)) *MismatchAnswer {
	t.Helper()
	r := DefaultMismatchRequest()
	change(&r)
	a, err := m.Mismatch(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func by(dims ...string) func(*MismatchRequest) {
	return func(r *MismatchRequest) { r.By = dims }
}

// values shows indices to six decimals.
func values(a *MismatchAnswer) string {
	var out []string
	for _, x := range a.Items {
		if x.Value == nil {
			out = append(out, x.Index+" "+x.None)
			continue
		}
		out = append(out, fmt.Sprintf("%s %.6f", x.Index, *x.Value))
	}
	return strings.Join(out, ", ")
}

func TestMismatchByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "mismatch.ndjson", mismatchMarket))
	for _, tt := range []struct {
		name   string
		change func(*MismatchRequest)
		want   string
	}{
		// Half of .4 + .3 + .1; 1 - sqrt(.12) - sqrt(.18) - sqrt(.02). Of 2027 (nobody finishes in 2026) phi is 4 / sqrt(6 20)
		// and 1 / sqrt(3 60). Weighted with its square, demand is 6 16/120 and 3 1/180: 48/49 and 1/49 against 1/4 and 3/4.
		{"regions", by("region"), "duncan 0.400000, jackman-roper 0.400000, jackman-roper-geometric 0.087904, sahin 0.087904, sahin-efficiency 0.381410, jensen-shannon 0.124511"},
		{"alpha", func(r *MismatchRequest) {
			r.By, r.Alpha, r.Index = []string{"region"}, 0.3, []string{"sahin", "duncan"}
		}, "sahin 0.072120, duncan 0.400000"},
		// Half of p1's 20 leave: 10, 60 and 20 of 90; half of .4889 + .3667 + .1222.
		{"effective", func(r *MismatchRequest) {
			r.By, r.Supply, r.Index = []string{"region"}, "effective", []string{"duncan"}
		}, "duncan 0.488889"},
		// weld asked by 7, cut by 9; weld taught to 80, cut to 80: |7/16 - 1/2|.
		{"skills", func(r *MismatchRequest) { r.By, r.Index = []string{"skill"}, []string{"duncan"} }, "duncan 0.062500"},
		// Only associates: all have a label on both sides there.
		{"one cell", func(r *MismatchRequest) { r.By, r.Index = []string{"education"}, []string{"duncan", "jensen-shannon"} }, "duncan 0.000000, jensen-shannon 0.000000"},
		{"a filter", func(r *MismatchRequest) {
			r.By, r.Index, r.Filter.Region = []string{"region"}, []string{"duncan"}, []string{"广东省", "330000"}
		}, "duncan 0.357143"}, // 6/7 against 1/2
		{"no outcomes there", func(r *MismatchRequest) {
			r.By, r.Index, r.Filter.Region = []string{"region"}, []string{"sahin-efficiency", "duncan"}, []string{"330000"}
		}, "sahin-efficiency no_outcomes, duncan 0.000000"},
	} {
		if got := values(mismatchOf(t, m, tt.change)); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// TestMismatchEfficiencyByYear: two regions post 4 heads, have 9 graduates and hire 3 in every year that is known, ten of one and
// one of the other: phi is 3 / sqrt(36) = 1/2 of both, so nothing tells them apart and the index is 0. By year, too, in that year.
func TestMismatchEfficiencyByYear(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
`)
	for y := 2018; y <= 2027; y++ {
		for i, region := range []string{"440605", "320500"} {
			status := "filled"
			if y == 2027 {
				status = "open"
			}
			fmt.Fprintf(&b, `{"type":"demand","id":"d%d.%d","employer":"e1","title":"焊工","region":"%s","headcount":4,"start":"%d-09","status":"%s"}`+"\n", y, i, region, y, status)
			fmt.Fprintf(&b, `{"type":"program","id":"p%d.%d","school":"s1","name":"焊接","region":"%s","education":"associate","cohorts":[{"year":%d,"graduates":9}]}`+"\n", y, i, region, y)
			if i == 0 || y == 2027 {
				fmt.Fprintf(&b, `{"type":"outcome","demand":"d%d.%d","program":"p%d.%d","year":%d,"hired":3}`+"\n", y, i, y, i, y)
			}
		}
	}
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "years.ndjson", b.String()))
	for _, dims := range [][]string{{"region"}, {"region", "year"}} {
		a := mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Index = dims, []string{"sahin-efficiency"} })
		x := a.Items[0]
		if x.Value == nil || *x.Value != 0 || x.Cells != 2 || a.Meta.Hires.Hired != 33 && len(dims) == 1 {
			t.Errorf("%v: %+v, %+v", dims, x, a.Meta.Hires)
		}
	}
}

// TestMismatchAddsUp: what is listed and the rest are the index, whatever the limit; sides, heads and names.
func TestMismatchAddsUp(t *testing.T) {
	m := openMarket(t, "b")
	for _, dims := range [][]string{{"occupation"}, {"skill", "region"}} {
		for _, limit := range []int{0, 1, 7, 1000} {
			a := mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Limit = dims, limit })
			for _, x := range a.Items {
				sum, cells, heads, last := 0.0, len(x.Contributions), 0.0, math.Inf(1)
				for _, c := range x.Contributions {
					if c.Value > last || c.Value < 0 {
						t.Errorf("%s: %v after %v", x.Index, c.Value, last)
					}
					sum, heads, last = sum+c.Value, heads+c.Heads, c.Value
				}
				if r := x.Rest; r != nil {
					sum, cells, heads = sum+r.Value, cells+r.Cells, heads+r.Heads
				}
				if math.Abs(sum-*x.Value) > 1e-9 || cells != x.Cells || math.Abs(heads) > 1e-2 || len(x.Contributions) > limit {
					t.Errorf("%v %s to %d: %v of %d cells for %v, heads %v", dims, x.Index, limit, sum, cells, *x.Value, heads)
				}
				for _, g := range x.Margins {
					if g.Between != nil && math.Abs(*g.Between+*g.Within-*x.Value) > 1e-9 {
						t.Errorf("%s by %s: %v + %v", x.Index, g.By, *g.Between, *g.Within)
					}
				}
			}
		}
	}
}

func TestMismatchContributions(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "mismatch.ndjson", mismatchMarket))
	a := mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Limit = []string{"region"}, 2 })
	x := a.Items[1] // jackman-roper: 100 graduates, so 40 are beyond their provinces' part
	if *x.Structural != 40 || x.Demand != 10 || x.Supply != 100 {
		t.Errorf("%+v", x)
	}
	var got []string
	for _, c := range x.Contributions {
		got = append(got, fmt.Sprintf("%s/%s %s %.2f %.2f %v", c.Names["region"], c.NamesEN["region"], c.Side, c.Value, *c.Part, c.Heads))
	}
	if s := strings.Join(got, "; "); s != "广东省/Guangdong short 0.20 0.50 -40; 江苏省/Jiangsu surplus 0.15 0.38 30" {
		t.Error(s)
	}
	if r := x.Rest; r.Cells != 1 || r.Value != 0.05 || r.Heads != 10 || r.Demand != 1 || r.Supply != 20 {
		t.Errorf("%+v", x.Rest)
	}
	if h := a.Meta.Hires; h.Outcomes != 3 || h.Counted != 2 || h.Hired != 5 || h.Cells != 2 || a.Items[4].NoEfficiency != 1 {
		t.Errorf("%+v, %+v", h, a.Items[4])
	}
	a = mismatchOf(t, m, by("skill"))
	if c := a.Meta.Cells; c.All != 4 || c.Compared != 2 || c.Unresolved != (MismatchLeft{2, 3, 60}) || c.Unlabelled.Cells != 0 {
		t.Errorf("%+v", c)
	}
	a = mismatchOf(t, m, by("education"))
	if c := a.Meta.Cells; c.All != 2 || c.Compared != 1 || c.Unlabelled != (MismatchLeft{1, 4, 0}) {
		t.Errorf("%+v", c)
	}
}

// TestMismatchYears: a side that speaks of a year in no record has no data there. 2027 has both; the
// demand that says no start has no label.
func TestMismatchYears(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "mismatch.ndjson", mismatchMarket+
		`{"type":"demand","id":"d9","employer":"e1","title":"焊工","region":"440605","headcount":8,"start":"2040-09"}
{"type":"program","id":"p9","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2020,"graduates":5}]}
`))
	a := mismatchOf(t, m, by("year", "region"))
	// 2027: Guangdong 6 and 20, Jiangsu 3 and 60, Zhejiang 0 and 20.
	if c := a.Meta.Cells; c.Compared != 3 || c.NoSupply != 1 || c.NoDemand != 1 || c.Unlabelled != (MismatchLeft{1, 1, 0}) || c.All != 6 {
		t.Errorf("%+v", c)
	}
	a = mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Trend, r.Index = []string{"region"}, true, []string{"duncan"} })
	var got []string
	for _, p := range a.Items[0].Trend.Points {
		v := "-"
		if p.Value != nil {
			v = fmt.Sprintf("%.4f", *p.Value)
		}
		got = append(got, fmt.Sprintf("%d %v %v %s %s", p.Year, p.Demand, p.Supply, v, p.None))
	}
	// Half of |6/9 - .2| + |3/9 - .6| + .2.
	if s := strings.Join(got, "; "); s != "2020 0 5 - no_demand; 2027 9 100 0.4667 ; 2040 8 0 - no_supply" || *a.Meta.WithoutYear != (MismatchLeft{1, 1, 0}) {
		t.Error(s, a.Meta.WithoutYear)
	}
	if a.Items[0].Trend.Index != nil || a.Items[0].Trend.Caveats[0].Code != "short_series" {
		t.Errorf("%+v", a.Items[0].Trend)
	}
}

// TestMismatchTrend: in five years supply moves from 55 : 45 to 75 : 25, demand stays 50 : 50. The index
// rises by .05 a year; five values in order have p = 2/120. Totals stay, so nothing speaks against it.
func TestMismatchTrend(t *testing.T) {
	records := func(grow int) string {
		var b strings.Builder
		b.WriteString(`{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
`)
		for k := range 5 {
			for i, region := range []string{"440605", "320500"} {
				fmt.Fprintf(&b, `{"type":"demand","id":"d%d.%d","employer":"e1","title":"焊工","region":"%s","headcount":%d,"start":"%d-09"}`+"\n", k, i, region, 50_000+k*grow, 2026+k)
				fmt.Fprintf(&b, `{"type":"program","id":"p%d.%d","school":"s1","name":"焊接","region":"%s","education":"associate","cohorts":[{"year":%d,"graduates":%d}]}`+"\n",
					k, i, region, 2026+k, 1000*(50+(5+5*k)*(1-2*i)))
			}
		}
		return b.String()
	}
	trend := func(grow int) *MismatchTrend {
		m := openMarket(t)
		importFiles(t, m, writeFile(t, "trend.ndjson", records(grow)))
		return mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Trend, r.Index = []string{"region"}, true, []string{"duncan"} }).Items[0].Trend
	}
	x := trend(0)
	if math.Abs(x.Index.PerYear-.05) > 1e-9 || math.Abs(x.Index.P-2./120) > 1e-9 || x.Index.Tau != 1 || !x.Index.Exact || len(x.Caveats) != 0 {
		t.Errorf("%+v, %+v", x.Index, x.Caveats)
	}
	x = trend(10_000)
	if len(x.Caveats) != 1 || x.Caveats[0].Code != "demand_trend" || !strings.HasPrefix(x.Caveats[0].ZH, "需求总量自 2026 年至 2030 年变动达其中位数的 +57 %") || !strings.HasPrefix(x.Caveats[0].EN, "Total demand drifts by +57 %") {
		t.Errorf("%+v", x.Caveats) // 80,000 of a median of 140,000
	}
}

// TestMismatchEmpty: nothing, and nothing on one side, is no index with a reason, in both languages.
func TestMismatchEmpty(t *testing.T) {
	empty := openMarket(t)
	onlyDemand, onlySupply := openMarket(t), openMarket(t)
	lines := strings.SplitAfter(mismatchMarket, "\n")
	without := func(what string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(lines), func(l string) bool {
			return strings.Contains(l, `"type":"`+what) || strings.Contains(l, `"type":"outcome"`)
		}), "")
	}
	importFiles(t, onlyDemand, writeFile(t, "demands.ndjson", without("program")))
	importFiles(t, onlySupply, writeFile(t, "programs.ndjson", without("demand")))
	for name, m := range map[string]*Market{"empty": empty, "demand": onlyDemand, "supply": onlySupply} {
		for _, dims := range [][]string{{"occupation"}, {"skill", "region"}, {"year"}} {
			a := mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Trend = dims, dims[0] != "year" })
			if len(a.Items) != 5 {
				t.Errorf("%s %v: %d indices", name, dims, len(a.Items))
			}
			for _, x := range a.Items {
				zh, en := MismatchReason(x.None)
				if x.Value != nil || x.None != "no_cells" || zh == "" || en == "" || x.Contributions == nil {
					t.Errorf("%s %v: %+v", name, dims, x)
				}
			}
			for _, write := range []func() error{
				func() error { return WriteMismatchWorkbook(&bytes.Buffer{}, a) }, func() error { return WriteMismatchCSV(&bytes.Buffer{}, a) }, func() error { return WriteMismatchNDJSON(&bytes.Buffer{}, a) },
			} {
				if err := write(); err != nil {
					t.Errorf("%s %v: %v", name, dims, err)
				}
			}
		}
	}
}

func TestMismatchRefuses(t *testing.T) {
	m := openMarket(t)
	for field, change := range map[string]func(*MismatchRequest){
		"by":          by(),
		"by ":         by("skill", "region", "year"),
		"by  ":        by("colour"),
		"by   ":       by("skill", "skill"),
		"by    ":      by("industry"),
		"by     ":     by("region", "employer_kind"),
		"industry":    func(r *MismatchRequest) { r.Filter.Industry = []string{"制造业"} },
		"index":       func(r *MismatchRequest) { r.Index = []string{"gini"} },
		"index ":      func(r *MismatchRequest) { r.Index = []string{"sahin", "sahin"} },
		"supply":      func(r *MismatchRequest) { r.Supply = "all" },
		"alpha":       func(r *MismatchRequest) { r.Alpha = 0 },
		"alpha ":      func(r *MismatchRequest) { r.Alpha = 1 },
		"alpha  ":     func(r *MismatchRequest) { r.Alpha = math.NaN() },
		"limit":       func(r *MismatchRequest) { r.Limit = -1 },
		"trend":       func(r *MismatchRequest) { r.By, r.Trend = []string{"year"}, true },
		"region_at":   func(r *MismatchRequest) { r.RegionAt = "village" },
		"industry_at": func(r *MismatchRequest) { r.IndustryAt = "firm" },
		"year":        func(r *MismatchRequest) { r.Filter.Year = []string{"soon"} },
		"region":      func(r *MismatchRequest) { r.Filter.Region = []string{"亚特兰蒂斯"} },
	} {
		r := DefaultMismatchRequest()
		change(&r)
		_, err := m.Mismatch(context.Background(), r)
		var bad *talent.InvalidError
		if !errors.As(err, &bad) || bad.Fields[0].Path != strings.TrimSpace(field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestMismatchSameBytes: the order of records does not matter, nor that some came twice; and a
// kept report is made again byte for byte.
func TestMismatchSameBytes(t *testing.T) {
	ctx := context.Background()
	ask := func(r *MismatchRequest) { r.By, r.Trend, r.Supply = []string{"skill", "region"}, true, "effective" }
	bytesOf := func(m *Market) []byte {
		b, err := json.Marshal(mismatchOf(t, m, ask).Items)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	m := openMarket(t, "c")
	first := bytesOf(m)
	var lines []string
	for _, file := range scenarioFiles(t, "c") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.SplitAfter(string(text), "\n")...)
	}
	slices.Reverse(lines)
	other := openMarket(t)
	importFiles(t, other, writeFile(t, "reversed.ndjson", strings.Join(lines, "")))
	if again := bytesOf(other); !bytes.Equal(first, again) {
		t.Errorf("another order:\n%.600s\nthen\n%.600s", first, again)
	}
	r := DefaultMismatchRequest()
	ask(&r)
	report, _, err := m.ReportMismatch(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := report.Write(&file); err != nil {
		t.Fatal(err)
	}
	if p, err := m.Replay(ctx, file.Bytes()); err != nil || !p.Same {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestMismatchWorkbook: sheets in both languages, a row for each contribution, definitions of every
// number, the same bytes.
func TestMismatchWorkbook(t *testing.T) {
	m := openMarket(t, "b")
	a := mismatchOf(t, m, func(r *MismatchRequest) { r.By, r.Trend, r.Limit = []string{"occupation", "region"}, true, 5 })
	var books [2]bytes.Buffer
	for i := range books {
		if err := WriteMismatchWorkbook(&books[i], a); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(books[0].Bytes(), books[1].Bytes()) {
		t.Error("the same answer makes other bytes")
	}
	f, err := excelize.OpenReader(&books[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ", "); got != "概要 Summary, 指数 Indices, 贡献 Contributions, 边际 Margins, 趋势 Trend, 趋势检验 Trend tests, 注意 Caveats, 图表 Charts, 说明 Definitions" {
		t.Error(got)
	}
	want := 2
	for _, x := range a.Items {
		want += len(x.Contributions)
		if x.Rest != nil {
			want++
		}
		if zh, en := mismatchMeaning(x.Index); zh == "" || en == "" || MismatchName(x.Index) == "" {
			t.Errorf("%s is not explained", x.Index)
		}
	}
	if rows, err := f.GetRows("贡献 Contributions"); err != nil || len(rows) != want {
		t.Errorf("%d rows, want %d (%v)", len(rows), want, err)
	}
	for _, c := range a.Meta.Caveats {
		if c.ZH == "" || c.EN == "" {
			t.Errorf("caveat %s lacks a language", c.Code)
		}
	}
}

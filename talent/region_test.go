package talent

import (
	"math"
	"strings"
	"testing"
)

// regionLevel is the level of a built-in region, as data/README.md counts them.
func regionLevel(id string) string {
	switch {
	case id == Country:
		return "country"
	case strings.HasSuffix(id, "0000"):
		return "province"
	case strings.HasSuffix(id, "00"):
		return "prefecture"
	}
	return "county"
}

// TestBuiltinRegions: the counts of data/README.md (2,847 counties and 25 retired
// codes), one tree with parents first, every record valid.
func TestBuiltinRegions(t *testing.T) {
	counts, located := map[string]int{}, map[string]int{}
	underProvince := 0
	seen := map[string]bool{"": true}
	for _, r := range BuiltinRegions() {
		if seen[r.ID] || !seen[r.Parent] {
			t.Errorf("%s %s: twice, or before its parent %s", r.ID, r.Name, r.Parent)
		}
		seen[r.ID] = true
		level := regionLevel(r.ID)
		counts[level]++
		if r.Lat != nil {
			located[level]++
		}
		parent := map[string]string{"country": "", "province": Country}[level]
		switch {
		case level == "prefecture":
			parent = r.ID[:2] + "0000"
		case level == "county" && regionLevel(r.Parent) == "province":
			parent = r.ID[:2] + "0000"
			underProvince++
		case level == "county":
			parent = r.ID[:4] + "00"
		}
		if r.Parent != parent {
			t.Errorf("%s %s: parent %s, want %s", r.ID, r.Name, r.Parent, parent)
		}
		if err := Validate(&r); err != nil || r.NameEN == "" {
			t.Errorf("%s: %v, name_en %q", r.ID, err, r.NameEN)
		}
	}
	for level, want := range map[string][2]int{"country": {1, 1}, "province": {34, 34}, "prefecture": {338, 338}, "county": {2847 + 25, 64}} {
		if got := [2]int{counts[level], located[level]}; got != want {
			t.Errorf("%s: %d regions, %d located; want %v", level, got[0], got[1], want)
		}
	}
	if underProvince != 33 {
		t.Errorf("%d counties directly under a province, want 33", underProvince)
	}
}

func TestBuiltinRegion(t *testing.T) {
	r := BuiltinRegion("440605")
	if r == nil || r.Name != "南海区" || !IsBuiltinRegion("440605") {
		t.Fatalf("%+v", r)
	}
	r.Name = "x"
	if BuiltinRegion("440605").Name != "南海区" {
		t.Error("the answer is not a copy")
	}
	for _, id := range []string{"", "440699", "cn", "4406"} {
		if BuiltinRegion(id) != nil || IsBuiltinRegion(id) {
			t.Errorf("%q is no region", id)
		}
	}
}

func TestGazetteer(t *testing.T) {
	g := NewGazetteer([]*Region{
		{ID: "park", Name: "三龙湾", Parent: "440605"},
		{ID: "lab", Name: "实验室", Parent: "park", Lat: ptr(22.98), Lon: ptr(113.2)},
		{ID: "440606", Name: "顺德", Parent: "440600"},
		{ID: "lost", Name: "无上级", Parent: "nowhere"},
		{ID: "a", Name: "甲", Parent: "b"}, {ID: "b", Name: "乙", Parent: "a"}, {ID: "self", Name: "己", Parent: "self"},
	})
	for _, tc := range []struct {
		id   string
		path string
	}{
		{"440605", "440605 440600 440000 CN"},
		{"469001", "469001 460000 CN"},
		{"110101", "110101 110100 110000 CN"},
		{"CN", "CN"},
		{"lab", "lab park 440605 440600 440000 CN"},
		{"lost", "lost"},
		{"", ""},
		{"440699", ""},
	} {
		if got := strings.Join(g.Path(tc.id), " "); got != tc.path {
			t.Errorf("path of %q: %s, want %s", tc.id, got, tc.path)
		}
	}
	for _, id := range []string{"a", "b", "self"} {
		if n := len(g.Path(id)); n == 0 || n > 16 {
			t.Errorf("path of %s, a cycle: %d regions", id, n)
		}
		if _, _, ok := g.Located(id); ok {
			t.Errorf("%s is nowhere", id)
		}
	}
	if g.Get("440606").Name != "顺德" || g.Get("440605").Name != "南海区" || g.Get("x") != nil {
		t.Error("an imported region replaces a built-in one; others stay")
	}
	for _, tc := range []struct {
		id, in string
		want   bool
	}{
		{"440605", "440605", true}, {"440605", "440600", true}, {"440605", "440000", true}, {"440605", "CN", true},
		{"440600", "440605", false}, {"440605", "440100", false}, {"lab", "440600", true}, {"lab", "park", true},
		{"440605", "park", false}, {"a", "b", true}, {"a", "CN", false}, {"x", "x", false}, {"lost", "nowhere", false},
	} {
		if got := g.Within(tc.id, tc.in); got != tc.want {
			t.Errorf("%s within %s: %v", tc.id, tc.in, got)
		}
	}
}

func TestLocated(t *testing.T) {
	g := NewGazetteer([]*Region{
		{ID: "lab", Name: "实验室", Parent: "440605", Lat: ptr(22.98), Lon: ptr(113.2)},
		{ID: "desk", Name: "工位", Parent: "lab"},
		{ID: "island", Name: "岛", Parent: "CN"},
	})
	at := func(id string) [2]float64 {
		lat, lon, ok := g.Located(id)
		if !ok {
			return [2]float64{math.NaN(), math.NaN()}
		}
		return [2]float64{lat, lon}
	}
	same := func(a, b string) bool { return at(a) == at(b) }
	if at("desk") != [2]float64{22.98, 113.2} || !same("desk", "lab") {
		t.Errorf("desk at %v", at("desk"))
	}
	// A county without coordinates takes its prefecture's.
	if !same("110101", "110100") || !same("CN", "CN") {
		t.Errorf("东城区 at %v, 北京 at %v", at("110101"), at("110100"))
	}
	for _, id := range []string{"island", "nowhere", ""} {
		if _, _, ok := g.Located(id); ok {
			t.Errorf("%q is located", id)
		}
	}
	for _, r := range BuiltinRegions() {
		p := at(r.ID)
		if !(p[0] > 0 && p[0] < 55 && p[1] > 73 && p[1] < 136) {
			t.Errorf("%s %s at %v", r.ID, r.Name, p)
		}
	}
}

func TestDistance(t *testing.T) {
	g := NewGazetteer(nil)
	km := func(a, b string) float64 {
		lat1, lon1, _ := g.Located(a)
		lat2, lon2, _ := g.Located(b)
		return Distance(lat1, lon1, lat2, lon2)
	}
	for _, tc := range []struct {
		name, a, b string
		lo, hi     float64
	}{
		{"广州-深圳", "440100", "440300", 100, 115},
		{"佛山-广州", "440600", "440100", 15, 30},
		{"北京-上海", "110000", "310000", 1050, 1080},
		{"same", "440605", "440605", 0, 0},
	} {
		if d := km(tc.a, tc.b); d < tc.lo || d > tc.hi || d != km(tc.b, tc.a) {
			t.Errorf("%s: %.1f km, back %.1f; want %g to %g", tc.name, d, km(tc.b, tc.a), tc.lo, tc.hi)
		}
	}
	// Half the circumference of a sphere of 6371 km, where rounding could leave
	// the domain of asin.
	if d := Distance(0, 0, 0, 180); math.Abs(d-math.Pi*6371) > 1e-6 {
		t.Errorf("antipodes: %v", d)
	}
	if d := Distance(90, 0, -90, 77); math.Abs(d-math.Pi*6371) > 1e-6 {
		t.Errorf("poles: %v", d)
	}
}

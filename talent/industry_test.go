package talent

import (
	"strings"
	"testing"
)

func TestIndustries(t *testing.T) {
	sections, divisions := 0, 0
	seen := map[string]bool{}
	for _, i := range Industries() {
		if seen[i.Code] || i.Name == "" || i.NameEN == "" {
			t.Errorf("%+v: twice, or without a name", i)
		}
		seen[i.Code] = true
		if i.Parent == "" {
			sections++
			continue
		}
		divisions++
		if !seen[i.Parent] {
			t.Errorf("%+v before its section", i)
		}
	}
	if sections != 20 || divisions != 97 {
		t.Errorf("%d sections, %d divisions; want 20, 97", sections, divisions)
	}
}

func TestIndustryOf(t *testing.T) {
	for _, tc := range []struct{ code, want string }{
		{"C", "C"}, {"A", "A"}, {"T", "T"},
		{"39", "39"}, {"C39", "39"}, {"391", "39"}, {"3911", "39"}, {"C391", "39"}, {"C3911", "39"}, {"01", "01"}, {"97", "97"}, {"T97", "97"},
		{"", ""}, {"Z", ""}, {"U", ""}, {"c", ""}, {"c39", ""}, {"3", ""}, {"C3", ""}, {"00", ""}, {"98", ""}, {"39111", ""}, {"C39111", ""},
		{"A39", ""}, {"CC39", ""}, {"CC", ""}, {"CA", ""}, {strings.Repeat("C", 100000) + "39", ""},
		{"3x", ""}, {"39 ", ""}, {"３９", ""}, {"制造业", ""}, {"C-39", ""}, {"ISIC", ""},
	} {
		i, ok := IndustryOf(tc.code)
		if ok != (tc.want != "") || i.Code != tc.want {
			t.Errorf("%.10q: %+v, %v; want %q", tc.code, i, ok, tc.want)
		}
	}
	if i, _ := IndustryOf("C39"); i.Name != "计算机、通信和其他电子设备制造业" || i.Parent != "C" {
		t.Errorf("%+v", i)
	}
}

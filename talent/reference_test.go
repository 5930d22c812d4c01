package talent

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// referenceTable reads a table of shared/eval/cn-reference without its header,
// looking upwards from here; the test is skipped where there is none.
func referenceTable(t *testing.T, name string) [][]string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		f, err := os.Open(filepath.Join(dir, "shared", "eval", "cn-reference", name))
		if err == nil {
			defer f.Close()
			rows, err := csv.NewReader(f).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			return rows[1:]
		}
		if up := filepath.Dir(dir); up != dir {
			dir = up
			continue
		}
		t.Skipf("no shared/eval/cn-reference/%s above this folder", name)
	}
}

// The differences between our regions and the reference (state of 2023, statistics
// bureau codes among them); data/README.md says why each exists.
var (
	regionsAdded = strings.Fields(`CN 710000 810000 820000
		460302 460303 500157 653132 653228 653229 659013`)  // units the reference is too old or too small for
	regionsRetired = strings.Fields(`330103 330104 350402 350403 350427 350625 350681 410306 410322 410381 431121 450127
		513425 520522 532331 540422 540530 610322 610928 654223`)  // abolished codes in older data
	regionsRenamed = map[string]string{"110100": "北京市市辖区", "120100": "天津市市辖区", "310100": "上海市市辖区", "500100": "重庆市市辖区", "500200": "重庆市县"}
	regionsLeftOut = map[string]string{"419000": "pseudo", "429000": "pseudo", "469000": "pseudo", "659000": "pseudo",
		"620201": "嘉峪关 has no county level",
		"232761": "no GB/T 2260 unit", "232762": "no GB/T 2260 unit", "232763": "no GB/T 2260 unit", "232764": "no GB/T 2260 unit", "632857": "no GB/T 2260 unit"}
)

// zone reports a code of the statistics bureau for a development zone (xxxx7x).
func zone(code string) bool { return code[4] == '7' }

func TestRegionsAgainstReference(t *testing.T) {
	rows := referenceTable(t, "divisions.csv")
	allowed := map[string]bool{}
	for _, c := range append(regionsAdded, regionsRetired...) {
		allowed[c] = true
	}
	known := map[string]bool{}
	for _, row := range rows {
		code, name, parent := row[0], row[1], row[3]
		if known[code] {
			continue // 441900 and its like stand twice: as a city and as its only district
		}
		known[code] = true
		r := BuiltinRegion(code)
		if r == nil {
			if regionsLeftOut[code] == "" && !zone(code) {
				t.Errorf("%s %s is missing", code, name)
			}
			continue
		}
		if regionsLeftOut[code] != "" || zone(code) || allowed[code] {
			t.Errorf("%s %s need not be listed as a difference", code, name)
		}
		if want := regionsRenamed[code]; r.Name != name && r.Name != want {
			t.Errorf("%s: %s, the reference says %s", code, r.Name, name)
		}
		switch {
		case parent == "":
			parent = Country
		case regionsLeftOut[parent] == "pseudo": // administered by the province itself
			parent = parent[:2] + "0000"
		}
		if r.Parent != parent {
			t.Errorf("%s %s: parent %s, the reference says %s", code, name, r.Parent, parent)
		}
	}
	for _, r := range BuiltinRegions() {
		if !known[r.ID] && !allowed[r.ID] {
			t.Errorf("%s %s is not in the reference", r.ID, r.Name)
		}
		delete(allowed, r.ID)
	}
	for code := range allowed {
		t.Errorf("%s is listed as ours, but is not", code)
	}
}

func TestIndustriesAgainstReference(t *testing.T) {
	rows := referenceTable(t, "gbt4754_2017_industries.csv")
	ours := map[string]Industry{}
	for _, i := range Industries() {
		ours[i.Code] = i
	}
	for _, row := range rows {
		code, name, parent, level := row[0], row[1], row[2], row[3]
		if level != "1" && level != "2" {
			if i, ok := IndustryOf(code); !ok || i.Code != code[:2] {
				t.Errorf("%s %s lies in %+v, %v", code, name, i, ok)
			}
			continue
		}
		if code == "37" {
			name += "造业" // cut off in the reference
		}
		if i := ours[code]; i.Name != name || i.Parent != parent {
			t.Errorf("%s: %+v, the reference says %s in %s", code, i, name, parent)
		}
		delete(ours, code)
	}
	for code := range ours {
		t.Errorf("%s is not in the reference", code)
	}
}

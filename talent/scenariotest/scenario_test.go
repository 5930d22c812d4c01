package scenariotest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
	"talentmatch/testdata"
	"talentmatch/testdata/generate"
)

// A line is one record of a scenario and the file that it stands in.
type line struct {
	file string
	talent.Record
}

// decoded keeps what scenario has read; tests do not run in parallel.
var decoded = map[string][]line{}

// scenario decodes both files; a record must be written as Encode writes it, so
// that an export of the same data shows no difference.
func scenario(t *testing.T, letter string) []line {
	t.Helper()
	if lines, ok := decoded[letter]; ok {
		return lines
	}
	files, err := testdata.Scenario(letter)
	if err != nil {
		t.Fatal(err)
	}
	var out []line
	for _, f := range files {
		for i, raw := range bytes.Split(bytes.TrimSuffix(f.Data, []byte("\n")), []byte("\n")) {
			rec, err := talent.Decode(raw, "")
			if err != nil {
				t.Fatalf("%s:%d: %v", f.Name, i+1, err)
			}
			if again, err := talent.Encode(rec); err != nil || !bytes.Equal(again, raw) {
				t.Errorf("%s:%d: not canonical: want %s", f.Name, i+1, again)
			}
			out = append(out, line{f.Name, rec})
		}
	}
	decoded[letter] = out
	return out
}

// of picks the records of one Go type.
func of[T talent.Record](lines []line) []T {
	var out []T
	for _, l := range lines {
		if r, ok := l.Record.(T); ok {
			out = append(out, r)
		}
	}
	return out
}

func builtin(t *testing.T) []talent.Record {
	t.Helper()
	records, err := taxonomy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestReferencesResolve(t *testing.T) {
	base := map[string]bool{}
	for _, r := range builtin(t) {
		base[string(r.RecordType())+" "+r.RecordID()] = true
	}
	for _, s := range testdata.Scenarios {
		lines, own := scenario(t, s.Letter), map[string]bool{}
		for _, l := range lines {
			own[string(l.RecordType())+" "+l.RecordID()] = true
		}
		for _, l := range lines {
			for _, ref := range talent.Refs(l.Record) {
				key := string(ref.Type) + " " + ref.ID
				if !own[key] && !base[key] && !(ref.Type == talent.TypeRegion && talent.IsBuiltinRegion(ref.ID)) {
					t.Errorf("%s: %s %s: %s names no %s", l.file, l.RecordType(), l.RecordID(), ref.Path, key)
				}
			}
		}
	}
}

func TestIDsAreUniqueOverAllScenarios(t *testing.T) {
	seen, names := map[string]string{}, map[string]string{}
	for _, s := range testdata.Scenarios {
		for _, l := range scenario(t, s.Letter) {
			if o, ok := l.Record.(*talent.Organization); ok {
				if other, ok := names[o.Name]; ok {
					t.Errorf("%s and %s are both called %s", other, o.ID, o.Name)
				}
				names[o.Name] = o.ID
			}
			key := string(l.RecordType()) + " " + l.RecordID()
			if other, ok := seen[key]; ok {
				t.Errorf("%s stands in %s and in %s", key, other, l.file)
			}
			seen[key] = l.file
			if !strings.HasPrefix(l.RecordID(), s.Letter+".") {
				t.Errorf("%s: %s lacks the scenario's prefix", l.file, key)
			}
		}
	}
}

func TestGeneratedFilesAreUpToDate(t *testing.T) {
	for _, s := range testdata.Scenarios {
		records, err := generate.Scenario(s.Letter)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		for _, rec := range records {
			raw, err := talent.Encode(rec)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(raw, '\n'))
		}
		files, err := testdata.Scenario(s.Letter)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(files[1].Data, b.Bytes()) {
			t.Errorf("%s is not what the generator makes; run: go run ./testdata/generate/cmd", files[1].Name)
		}
	}
}

// Nothing made up may pass for a fact: every generated record says so, and so does
// every hand-written demand and program.
func TestSamplesSayThatTheyAreSamples(t *testing.T) {
	for _, s := range testdata.Scenarios {
		for _, l := range scenario(t, s.Letter) {
			note := noteOf(l.Record)
			switch {
			case strings.HasSuffix(l.file, "generated.ndjson") && note != generate.Note:
				t.Errorf("%s: %s: note is %q", l.file, l.RecordID(), note)
			case (l.RecordType() == talent.TypeDemand || l.RecordType() == talent.TypeProgram) && !strings.Contains(note, "generated"):
				t.Errorf("%s: %s: note %q does not say what is made up", l.file, l.RecordID(), note)
			}
		}
	}
}

func noteOf(rec talent.Record) string {
	switch r := rec.(type) {
	case *talent.Organization:
		return r.Note
	case *talent.Alliance:
		return r.Note
	case *talent.Program:
		return r.Note
	case *talent.Demand:
		return r.Note
	case *talent.Agreement:
		return r.Note
	case *talent.Outcome:
		return r.Note
	case *talent.Series:
		return r.Note
	}
	return ""
}

// The counts are those of ALLIANCES.md.
func TestMembersAreCountedAsReported(t *testing.T) {
	tests := []struct {
		letter string
		total  int
		kinds  map[string]int // "" checks the total only
		roles  map[string]int
	}{
		{"a", 139, map[string]int{"enterprise": 57, "university": 36, "college": 38, "research-institute": 8}, map[string]int{"chair": 3, "vice-chair": 1, "member": 135}},
		{"b", 119, nil, map[string]int{"chair": 1, "executive-vice-chair": 3, "member": 115}},
		{"c", 160, map[string]int{"enterprise": 76, "park": 8, "platform": 7, "association": 47, "university": 4, "college": 8, "secondary-school": 10}, map[string]int{"council": 160}},
		{"d", 68, nil, map[string]int{"chair": 2, "member": 66}},
		{"e", 3, map[string]int{"university": 1, "enterprise": 1, "park": 1}, map[string]int{"chair": 2, "member": 1}},
	}
	for _, tt := range tests {
		lines := scenario(t, tt.letter)
		orgs := map[string]*talent.Organization{}
		for _, o := range of[*talent.Organization](lines) {
			orgs[o.ID] = o
		}
		alliance := of[*talent.Alliance](lines)[0]
		kinds, roles, provinces := map[string]int{}, map[string]int{}, map[string]bool{}
		for _, m := range alliance.Members {
			kinds[orgs[m.Organization].Kind]++
			roles[m.Role]++
			provinces[orgs[m.Organization].Region[:2]] = true
		}
		if len(alliance.Members) != tt.total {
			t.Errorf("%s has %d members, want %d", tt.letter, len(alliance.Members), tt.total)
		}
		if tt.kinds != nil && fmt.Sprint(kinds) != fmt.Sprint(tt.kinds) {
			t.Errorf("%s by kind %v, want %v", tt.letter, kinds, tt.kinds)
		}
		if fmt.Sprint(roles) != fmt.Sprint(tt.roles) {
			t.Errorf("%s by role %v, want %v", tt.letter, roles, tt.roles)
		}
		if tt.letter == "a" && len(provinces) != 22 {
			t.Errorf("a: %d provinces, want 22", len(provinces))
		}
		if tt.letter != "e" && len(orgs) != tt.total {
			t.Errorf("%s: %d organizations for %d members", tt.letter, len(orgs), tt.total)
		}
	}
}

func TestPartnerCountiesOfNanhai(t *testing.T) {
	counties := map[string]bool{}
	for _, o := range of[*talent.Organization](scenario(t, "c")) {
		if strings.HasPrefix(o.Region, "5226") {
			if o.Kind != "secondary-school" {
				t.Errorf("%s in a partner county is a %s", o.ID, o.Kind)
			}
			counties[o.Region] = true
		}
	}
	if len(counties) != 4 {
		t.Errorf("schools in %d counties of Qiandongnan, want 4", len(counties))
	}
}

func TestTargetsAndFiguresOfTheReports(t *testing.T) {
	want := map[string]map[string]float64{
		"c": {"practice-bases": 10, "collaborative-projects": 10, "integrated-parks": 10, "certified-enterprises": 50},
		"d": {"industry-colleges": 18, "practice-centres": 3, "graduate-employment-rate": 0.98, "bachelor-programs": 16, "dual-qualified-teacher-rate": 0.9, "national-teaching-teams": 5, "technical-experts": 17, "planned-textbooks": 110},
	}
	for letter, targets := range want {
		lines := scenario(t, letter)
		got := map[string]float64{}
		for _, target := range of[*talent.Alliance](lines)[0].Targets {
			got[target.Metric] = target.Value
			if letter == "c" && target.By != "2025-12-31" {
				t.Errorf("c: target %s by %s", target.Metric, target.By)
			}
		}
		for metric, value := range targets {
			if got[metric] != value {
				t.Errorf("%s: target %s is %g, want %g", letter, metric, got[metric], value)
			}
		}
	}
	kinds := map[string]int{}
	for _, a := range of[*talent.Agreement](scenario(t, "d")) {
		kinds[a.Kind]++
	}
	if kinds["industry-college"] != 18 || kinds["practice-centre"] != 3 {
		t.Errorf("d: %d industry colleges and %d practice centres, want 18 and 3", kinds["industry-college"], kinds["practice-centre"])
	}
}

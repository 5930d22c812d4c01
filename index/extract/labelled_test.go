package extract

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// sentence is one line of the labelled set.
type sentence struct {
	ID, Split, Text string
	Skills          []struct {
		Skill, Text string
		Level       int
		Required    *bool
	}
}

// scores are the counts of one split.
type scores struct {
	hit, wrong, missed      int // named skills
	level, required, common int // of the hits: those whose level, and whose need, is as labelled
}

func (s scores) precision() float64 { return float64(s.hit) / float64(s.hit+s.wrong) }
func (s scores) recall() float64    { return float64(s.hit) / float64(s.hit+s.missed) }
func (s scores) f1() float64 {
	return 2 * float64(s.hit) / float64(2*s.hit+s.wrong+s.missed)
}
func (s scores) String() string {
	return fmt.Sprintf("precision %.3f recall %.3f F1 %.3f, level %.3f required %.3f of %d found",
		s.precision(), s.recall(), s.f1(), float64(s.level)/float64(s.common), float64(s.required)/float64(s.common), s.common)
}

// TestLabelledSentences measures on the labelled job-ad sentences of testdata: a
// hit is a labelled skill that is found anywhere in its sentence, and its level and
// need are those of the first find. Skills that are only meant are neither hits nor
// misses. The rules were tuned on the dev split; the test split is printed only.
func TestLabelledSentences(t *testing.T) {
	x := New(builtinCatalogue(t))
	got := map[string]*scores{"dev": {}, "test": {}}
	for _, s := range labelledSentences(t) {
		score := got[s.Split]
		if score == nil {
			t.Fatalf("%s: split %q", s.ID, s.Split)
		}
		score.add(t, &s, x.Extract(s.Text))
	}
	for _, split := range []string{"dev", "test"} {
		t.Logf("%s: %v", split, got[split])
	}
	for _, c := range []struct {
		name        string
		have, least float64
	}{
		{"precision", got["dev"].precision(), 0.97},
		{"recall", got["dev"].recall(), 0.88},
		{"F1", got["dev"].f1(), 0.93},
		{"level", float64(got["dev"].level) / float64(got["dev"].common), 0.98},
		{"required", float64(got["dev"].required) / float64(got["dev"].common), 0.98},
	} {
		if c.have < c.least {
			t.Errorf("dev: %s is %.3f, want at least %.2f (EXTRACT_VERBOSE=dev shows the sentences)", c.name, c.have, c.least)
		}
	}
}

// add compares the finds with what is labelled.
func (s *scores) add(t *testing.T, want *sentence, found []Found) {
	say := func(format string, a ...any) {
		if os.Getenv("EXTRACT_VERBOSE") == want.Split {
			t.Logf("%s %q: %s", want.ID, want.Text, fmt.Sprintf(format, a...))
		}
	}
	used := make([]bool, len(found))
	for _, w := range want.Skills {
		at := -1
		for i, f := range found {
			if f.Skill == w.Skill {
				used[i] = true
				if at < 0 { // the first place is the labelled one
					at = i
				}
			}
		}
		if w.Text == "" {
			continue
		}
		if at < 0 {
			s.missed++
			say("missed %s %q", w.Skill, w.Text)
			continue
		}
		s.hit++
		s.common++
		need := NotSaid
		if w.Required != nil {
			if need = Preferred; *w.Required {
				need = Required
			}
		}
		if found[at].Level == w.Level {
			s.level++
		} else {
			say("%s has level %d, want %d", found[at].Text, found[at].Level, w.Level)
		}
		if found[at].Required == need {
			s.required++
		} else {
			say("%s is %q, want %q", found[at].Text, found[at].Required, need)
		}
	}
	for i, f := range found {
		if !used[i] {
			s.wrong++
			say("wrong %s %q (%s)", f.Skill, f.Text, f.How)
		}
	}
}

func labelledSentences(t testing.TB) []sentence {
	t.Helper()
	file, err := os.Open(filepath.Join("..", "..", "testdata", "labelled", "sentences.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var out []sentence
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var s sentence
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("sentence %d: %v", len(out)+1, err)
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		t.Fatal("no sentences")
	}
	return out
}

func builtinCatalogue(t testing.TB) *taxonomy.Catalogue {
	t.Helper()
	records, err := taxonomy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var skills []*talent.Skill
	var occupations []*talent.Occupation
	for _, r := range records {
		switch r := r.(type) {
		case *talent.Skill:
			skills = append(skills, r)
		case *talent.Occupation:
			occupations = append(occupations, r)
		}
	}
	return taxonomy.NewCatalogue(skills, occupations)
}

package taxonomy

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

func walk(from, to string, weight float64) *talent.Crosswalk {
	return &talent.Crosswalk{From: from, To: to, Weight: weight}
}

// TestCrosswalkNeighbours: a hand-made pair of taxonomies.
func TestCrosswalkNeighbours(t *testing.T) {
	c := NewCatalogue([]*talent.Skill{
		{ID: "a.plc", Name: "PLC"},
		{ID: "a.s7", Name: "S7", Broader: []string{"a.plc"}},
		{ID: "a.hmi", Name: "HMI", Related: []string{"a.plc"}},
		{ID: "b.plc", Name: "可编程控制器"},
		{ID: "b.scada", Name: "SCADA"},
	}, []*talent.Occupation{{ID: "a.occ", Name: "电工"}},
		walk("b.plc", "a.plc", 1), walk("a.plc", "b.scada", 0.6), walk("b.scada", "a.plc", 0.4), walk("a.s7", "b.plc", 0.29),
		walk("a.hmi", "a.plc", 0.5), walk("a.s7", "a.plc", 0.8),
		walk("a.hmi", "a.hmi", 0.9), walk("a.plc", "gone", 1), walk("460305", "a.plc", 1), walk("a.occ", "a.hmi", 1), nil)
	for id, want := range map[string][]Neighbour{
		// The skill itself stands first, though another weighs 1 and has the smaller id.
		"b.plc":   {{"b.plc", 1, "same"}, {"a.plc", 1, "crosswalk"}},
		"a.plc":   {{"a.plc", 1, "same"}, {"b.plc", 1, "crosswalk"}, {"a.s7", 0.8, "crosswalk"}, {"b.scada", 0.6, "crosswalk"}, {"a.hmi", 0.5, "crosswalk"}},
		"b.scada": {{"b.scada", 1, "same"}, {"a.plc", 0.6, "crosswalk"}},
		"a.s7":    {{"a.s7", 1, "same"}, {"a.plc", 0.8, "crosswalk"}}, // below 0.3 does not count
		"a.hmi":   {{"a.hmi", 1, "same"}, {"a.plc", 0.5, "crosswalk"}},
	} {
		if got := c.Neighbours(id); !reflect.DeepEqual(got, want) {
			t.Errorf("Neighbours(%q) =\n %v, want\n %v", id, got, want)
		}
	}
}

// TestCrosswalkProperties compares likeness and counterparts with what the list of
// crosswalks says, read from beginning to end.
func TestCrosswalkProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := []string{"a", "b", "c", "d", "e", "f"}
		id := rapid.SampledFrom(append(ids, "gone"))
		var skills []*talent.Skill
		var occupations []*talent.Occupation
		for _, s := range ids {
			skills = append(skills, &talent.Skill{ID: s, Name: s})
			o := &talent.Occupation{ID: s, Name: s}
			if rapid.Bool().Draw(t, s+" has skills") {
				o.Skills = []talent.OccupationSkill{{Skill: s}}
			}
			occupations = append(occupations, o)
		}
		crosswalks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) *talent.Crosswalk {
			return walk(id.Draw(t, "from"), id.Draw(t, "to"), float64(rapid.IntRange(0, 20).Draw(t, "weight"))/20)
		}), 0, 20).Draw(t, "crosswalks")
		c := NewCatalogue(skills, occupations, crosswalks...)
		weight := func(a, b string) float64 {
			best := 0.0
			for _, x := range crosswalks {
				if (x.From == a && x.To == b) || (x.From == b && x.To == a) {
					best = max(best, x.Weight)
				}
			}
			return best
		}
		for _, a := range ids {
			sims := map[string]float64{}
			for _, n := range c.Neighbours(a) {
				sims[n.Skill] = n.Sim
			}
			best, want := 0.0, occupations[slices.Index(ids, a)].Skills
			own := len(want) > 0
			for i, b := range ids {
				w := weight(a, b)
				if a == b {
					w = 1
				}
				if w < 0.3 {
					w = 0
				}
				if math.Abs(sims[b]-w) > 1e-9 {
					t.Fatalf("sim(%s, %s) = %v, want %v", a, b, sims[b], w)
				}
				if a != b && !own && w >= 0.8 && w > best && len(occupations[i].Skills) > 0 {
					best, want = w, occupations[i].Skills
				}
			}
			if got := c.SkillsOf(a); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("SkillsOf(%s) = %v, want %v", a, got, want)
			}
		}
		if c.SkillsOf("gone") != nil {
			t.Fatal("an unknown occupation has skills")
		}
	})
}

// TestHeadingsComeLast: a heading is found by name when nothing else has the name.
func TestHeadingsComeLast(t *testing.T) {
	c := NewCatalogue([]*talent.Skill{
		{ID: "a", Name: "统计学", NameEN: "statistics", Kind: talent.SkillGroup},
		{ID: "b", Name: "统计", Aliases: []string{"statistics"}, Kind: "knowledge"},
		{ID: "c", Name: "arts", Kind: talent.SkillGroup},
		{ID: "d", Name: "x", Aliases: []string{"arts"}, Kind: talent.SkillGroup},
	}, nil)
	for name, want := range map[string][]string{"statistics": {"b", "a"}, "统计学": {"a"}, "Arts": {"c", "d"}} {
		id, others, ok := c.Resolve(name)
		if got := append([]string{id}, others...); !ok || !slices.Equal(got, want) {
			t.Errorf("Resolve(%q) = %q, want %q", name, got, want)
		}
	}
}

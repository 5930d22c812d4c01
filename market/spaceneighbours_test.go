package market

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"talentmatch/index"
	"talentmatch/matcher/skillspace"
	"talentmatch/talent"
)

// TestNeighboursAreTheSpace: what a person sees is what matching uses, for every skill, and
// the parts make the whole.
func TestNeighboursAreTheSpace(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	ask := func(skill string) *NeighbourAnswer {
		t.Helper()
		a, err := m.Neighbours(ctx, NeighbourRequest{Skill: skill, Limit: MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	early := ask("sk.plc-programming") // no snapshot is there
	s, err := m.state(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if late := ask("sk.plc-programming"); !reflect.DeepEqual(late, early) {
		t.Errorf("before the snapshot %+v, with it %+v", early, late)
	}
	occupations := s.world.catalogue.Occupations()
	part := func(v float64) uint16 { return uint16(v*1000 + .5) }
	pairs, together, words := 0, 0, 0
	for _, sk := range s.world.catalogue.Skills() {
		a := ask(sk.ID)
		sims := s.snap.Space().ForNeed(m.lex.skills.of(sk.ID), nil)
		if len(a.Items) != len(sims)-1 || a.Meta.Total != len(a.Items) || a.Meta.Skill.ID != sk.ID || a.Meta.Versions.SkillSpace != s.stats.Version {
			t.Fatalf("%s: %d items of %d skills, %+v", sk.ID, len(a.Items), len(sims)-1, a.Meta)
		}
		last := NeighbourItem{Sim: 1}
		for _, it := range a.Items {
			pairs++
			if it.Sim > last.Sim || it.Sim == last.Sim && it.ID <= last.ID || it.ID == sk.ID {
				t.Fatalf("%s: %+v after %+v", sk.ID, it, last)
			}
			last = it
			var structure, company, text uint16
			if it.Structure != nil {
				structure = part(it.Structure.Sim)
			}
			if it.Together != nil {
				company, together = part(it.Together.Sim), together+1
				n := 0
				for _, o := range occupations {
					has := func(id string) bool {
						return slices.ContainsFunc(o.Skills, func(s talent.OccupationSkill) bool { return s.Skill == id })
					}
					if !has(sk.ID) || !has(it.ID) {
						continue
					}
					if n < statReasons && it.Together.Occupations[n].ID != o.ID {
						t.Fatalf("%s and %s: occupation %d is %+v, want %s", sk.ID, it.ID, n, it.Together.Occupations, o.ID)
					}
					n++
				}
				if it.Together.OccupationCount != n || it.Together.Lists != n || len(it.Together.Occupations) != min(n, statReasons) || len(it.Together.With) > statReasons {
					t.Fatalf("%s and %s: %d occupations have both: %+v", sk.ID, it.ID, n, it.Together)
				}
				for _, k := range it.Together.With {
					if k.Name == "" || k.ID == sk.ID || k.ID == it.ID {
						t.Fatalf("%s and %s: found with %+v", sk.ID, it.ID, k)
					}
				}
			}
			if it.Text != nil {
				text = part(it.Text.Sim)
				for _, word := range it.Text.Words {
					words++
					for _, id := range []string{sk.ID, it.ID} {
						x := s.world.catalogue.Skill(id)
						if !slices.Contains(index.Terms(strings.Join(append([]string{x.Name, x.NameEN, x.Text, x.TextEN}, x.Aliases...), "\n")), word) {
							t.Fatalf("%s and %s: %q is not in %s", sk.ID, it.ID, word, id)
						}
					}
				}
			}
			blend := skillspace.Blend(0, company, text, 450)
			if blend < 150 {
				blend = 0
			}
			if want := max(structure, blend); part(it.Sim) != want || s.snap.Space().Sim(m.lex.skills.of(sk.ID), m.lex.skills.of(it.ID)) != want {
				t.Fatalf("%s for %s: %v of structure %d, company %d, text %d", it.ID, sk.ID, it.Sim, structure, company, text)
			}
		}
	}
	if pairs < 9_000 || together < 3_000 || words < 10_000 {
		t.Errorf("only %d pairs, %d found together, %d words", pairs, together, words)
	}
}

func TestNeighboursOfWhat(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	want, err := m.Neighbours(ctx, NeighbourRequest{Skill: "sk.plc-programming", Limit: 3})
	if err != nil || len(want.Items) != 3 || want.Meta.Total <= 3 {
		t.Fatalf("%+v, %v", want, err)
	}
	for _, name := range []string{"PLC编程", "PLC programming", "可编程控制器编程"} {
		if got, err := m.Neighbours(ctx, NeighbourRequest{Skill: name, Limit: 3}); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	for _, bad := range []struct {
		r    NeighbourRequest
		want error
	}{
		{NeighbourRequest{Skill: "sk.nobody", Limit: 3}, talent.ErrNotFound},
		{NeighbourRequest{Limit: 3}, talent.ErrNotFound},
		{NeighbourRequest{Skill: "sk.plc-programming"}, talent.ErrInvalid},
		{NeighbourRequest{Skill: "sk.plc-programming", Limit: MaxPage + 1}, talent.ErrInvalid},
	} {
		if _, err := m.Neighbours(ctx, bad.r); !errors.Is(err, bad.want) {
			t.Errorf("%+v: %v, want %v", bad.r, err, bad.want)
		}
	}
}

// TestMatchSaysWhyAlike: where another skill earned the credit, a match names the source
// that the neighbours of the skill asked for give it.
func TestMatchSaysWhyAlike(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "c")
	a, err := m.Match(ctx, MatchRequest{DemandID: "c.dem.weld-robot", Top: 50, Weights: defaultWeights, Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, it := range a.Items {
		for _, sk := range it.Skills {
			if sk.ByID == "" || sk.ByID == sk.Skill {
				if sk.Why != "" {
					t.Errorf("%s is met by itself, because %s", sk.Skill, sk.Why)
				}
				continue
			}
			near, err := m.Neighbours(ctx, NeighbourRequest{Skill: sk.Skill, Limit: MaxPage})
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(near.Items, func(n NeighbourItem) bool { return n.ID == sk.ByID })
			if at < 0 || near.Items[at].Sim != sk.Similarity {
				t.Fatalf("%s by %s, %v: not among the neighbours", sk.Skill, sk.ByID, sk.Similarity)
			}
			n, want := near.Items[at], "text"
			switch {
			case n.Structure != nil && n.Structure.Sim == n.Sim:
				want = n.Structure.Why
			case n.Together != nil && (n.Text == nil || n.Together.Sim > n.Text.Sim):
				want = "together"
			}
			if sk.Why != want {
				t.Errorf("%s by %s: %q, want %q of %+v", sk.Skill, sk.ByID, sk.Why, want, n)
			}
			seen[sk.Why]++
		}
	}
	if len(seen) < 3 {
		t.Errorf("few reasons: %v", seen)
	}
}

package skillspace

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// TestExplainNamesTheReasons: Python and Java never meet but are found with the same
// skills; their descriptions share a word; and a child's tie is named.
func TestExplainNamesTheReasons(t *testing.T) {
	const python, java, git, sql, welding, programming = 0, 1, 2, 3, 4, 5
	one := func(skills ...int32) Basket {
		b := Basket{Weight: 2}
		for _, s := range skills {
			b.Items = append(b.Items, Item{s, 1})
		}
		return b
	}
	in := Input{
		Skills:  6,
		Broader: []Edge{{python, programming, 1}},
		Baskets: []Basket{one(python, git, sql), one(java, git, sql), one(python, git, sql), one(java, sql, git), one(welding, programming)},
		Terms: [][]Term{python: {{10, 3}, {11, 4}}, java: {{11, 4}, {12, 3}}, git: nil, sql: nil, welding: {{13, 1}},
			programming: {{11, 1}}},
	}
	s := mustBuild(t, in, DefaultOptions())
	e, err := s.Explain(python, java)
	if err != nil {
		t.Fatal(err)
	}
	if e.Together != 0 || e.PPMI != 0 || e.NeedSeen != 4 || e.HeldSeen != 4 {
		t.Errorf("they never meet, each is in two baskets of weight 2: %+v", e)
	}
	if len(e.Company) != 2 || e.Company[0].Skill+e.Company[1].Skill != git+sql || e.Company[0].Need <= 0 || e.Company[0].Held <= 0 {
		t.Errorf("their company is Git and SQL: %+v", e.Company)
	}
	if want := 4. / (4 + 3); math.Abs(e.Belief-want) > 1e-6 {
		t.Errorf("belief %v, want %v", e.Belief, want)
	}
	// (3,4,0) and (0,4,3) at length 5: 16/25.
	if len(e.Terms) != 1 || e.Terms[0].ID != 11 || math.Abs(e.TextCosine-.64) > 1e-6 || e.Text != 512 {
		t.Errorf("they share one term at 0.64, worth 0.512: %+v", e)
	}
	if e.Cosine < .99 || e.Cooccurrence != thousandths(.45*e.Belief*e.Cosine) || !e.Listed || e.Why != WhyNone {
		t.Errorf("the same company: %+v", e)
	}
	if e, _ := s.Explain(programming, python); e.Structure != 800 || e.Why != WhyNarrower || e.Sim != 800 {
		t.Errorf("the special case covers the general skill: %+v", e)
	}
	if e, _ := s.Explain(python, programming); e.Structure != 500 || e.Why != WhyBroader || e.Why.String() != "broader" || e.Text == 0 {
		t.Errorf("the general skill covers half of it: %+v", e)
	}
	if e, _ := s.Explain(python, welding); e.Sim != 0 || e.Listed {
		t.Errorf("nothing in common: %+v", e)
	}
}

// TestExplainAgreesWithTheLists, and both ways: what statistics say of a pair does not
// depend on who asks.
func TestExplainAgreesWithTheLists(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomInput(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		s := mustBuild(t, in, DefaultOptions())
		for i := range int32(in.Skills) {
			listed := map[int32]Neighbour{}
			for _, nb := range s.Neighbours(i) {
				listed[nb.Skill] = nb
			}
			for j := range int32(in.Skills) {
				if i == j {
					continue
				}
				e, err := s.Explain(i, j)
				if err != nil {
					t.Fatal(err)
				}
				back, _ := s.Explain(j, i)
				if nb, ok := listed[j]; ok != e.Listed || ok && nb != e.Neighbour {
					t.Fatalf("listed %+v, explained %+v", nb, e)
				}
				if off(e.Cooccurrence, back.Cooccurrence) > 1 || off(e.Text, back.Text) > 1 ||
					e.Together != back.Together || e.PPMI != back.PPMI || e.TextCosine != back.TextCosine {
					t.Fatalf("one way %+v, the other %+v", e, back)
				}
				if e.Sim != Blend(e.Structure, e.Cooccurrence, e.Text, 600) {
					t.Fatalf("the parts do not make %+v", e)
				}
				if len(e.Terms) < explainMost {
					sum := 0.0
					for _, term := range e.Terms {
						sum += term.Share
					}
					if math.Abs(sum-e.TextCosine) > 1e-5 {
						t.Fatalf("shares sum to %v: %+v", sum, e)
					}
				}
			}
		}
	})
}

func TestByRarity(t *testing.T) {
	in := [][]Term{{{1, 2}, {2, 1}, {1, 1}}, {{1, 1}}, {}}
	got := ByRarity(in)
	// Term 1 is in 2 of 3 lists, term 2 in one: ln(4/2.5) and ln(4/1.5).
	for _, c := range []struct{ got, want float64 }{
		{got[0][0].Weight, 2 * math.Log(4/2.5)}, {got[0][1].Weight, math.Log(4 / 1.5)}, {got[1][0].Weight, math.Log(4 / 2.5)},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("weight %v, want %v", c.got, c.want)
		}
	}
	if in[0][0].Weight != 2 {
		t.Error("the lists given were changed")
	}
}

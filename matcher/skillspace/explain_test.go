package skillspace

import (
	"cmp"
	"maps"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestReasons: Python and Java never meet but are found with the same skills, and their
// descriptions share two words.
func TestReasons(t *testing.T) {
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
		Baskets: []Basket{one(python, git, sql), one(java, git, sql), one(python, git, sql), one(java, sql, git), one(welding, programming)},
		Terms: [][]Term{python: {{10, 3}, {11, 4}, {14, 6}}, java: {{11, 4}, {12, 3}, {14, 3}}, git: nil, sql: nil, welding: {{13, 1}},
			programming: {{11, 1}}},
	}
	s := mustBuild(t, in, DefaultOptions())
	for _, c := range []struct {
		a, b int32
		most int
		want Reasons
	}{
		// Git and SQL are always together, so equal bonds; 14 adds 6*3, 11 adds 4*4.
		{python, java, 3, Reasons{0, []int32{git, sql}, []int32{14, 11}}},
		{python, java, 1, Reasons{0, []int32{git}, []int32{14}}},
		{python, git, 3, Reasons{2, []int32{sql}, nil}},
		{python, sql, 3, Reasons{2, []int32{git}, nil}},
		{python, welding, 3, Reasons{}},
		{python, programming, 3, Reasons{0, nil, []int32{11}}},
		{welding, programming, 3, Reasons{Together: 1}},
	} {
		got := s.Reasons(c.a, c.b, c.most)
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d and %d: %+v, want %+v", c.a, c.b, got, c.want)
		}
		if back := s.Reasons(c.b, c.a, c.most); !reflect.DeepEqual(back, got) {
			t.Errorf("%d and %d: %+v, the other way %+v", c.a, c.b, got, back)
		}
	}
}

// TestReasonsByCounting: the same as a plain look at every third skill and every term.
func TestReasonsByCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomInput(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		s := mustBuild(t, in, DefaultOptions())
		c, err := canonical(&in)
		if err != nil {
			t.Fatal(err)
		}
		most := rapid.IntRange(1, 6).Draw(t, "most")
		i, j := int32(rapid.IntRange(0, in.Skills-1).Draw(t, "i")), int32(rapid.IntRange(0, in.Skills-1).Draw(t, "j"))
		has := func(b Basket, s int32) bool {
			return slices.ContainsFunc(b.Items, func(it Item) bool { return it.Skill == s })
		}
		var want Reasons
		for _, b := range c.baskets {
			if has(b, i) && has(b, j) {
				want.Together++
			}
		}
		thirds := map[int32]float64{}
		for k := range int32(in.Skills) {
			if v := min(s.contexts.ppmi.at(int(i), int(k)), s.contexts.ppmi.at(int(j), int(k))); v > 0 {
				thirds[k] = v
			}
		}
		shares := map[int32]float64{}
		if in.Terms != nil {
			for _, a := range s.texts.terms[i] {
				for _, b := range s.texts.terms[j] {
					if a.ID == b.ID {
						shares[a.ID] = a.Weight * b.Weight
					}
				}
			}
		}
		top := func(of map[int32]float64) []int32 {
			ids := slices.SortedFunc(maps.Keys(of), func(a, b int32) int {
				return cmp.Or(cmp.Compare(of[b], of[a]), cmp.Compare(a, b))
			})
			return ids[:min(len(ids), most)]
		}
		want.Company, want.Terms = top(thirds), top(shares)
		got := s.Reasons(i, j, most)
		if got.Together != want.Together || !slices.Equal(got.Company, want.Company) || !slices.Equal(got.Terms, want.Terms) {
			t.Fatalf("%d and %d: %+v, want %+v\n%+v", i, j, got, want, in)
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

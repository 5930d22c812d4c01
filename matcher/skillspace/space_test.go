package skillspace

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// randomInput is a small input of every kind of data, with zeros, repeats and gaps.
func randomInput(r *rand.Rand) Input {
	n := 1 + r.IntN(30)
	in := Input{Skills: n}
	skill := func() int32 { return int32(r.IntN(n)) }
	weight := func() float64 { return float64(r.IntN(5)) / 4 }
	for range r.IntN(2 * n) {
		in.Broader = append(in.Broader, Edge{skill(), skill(), weight()})
		in.Related = append(in.Related, Edge{skill(), skill(), weight()})
	}
	for range r.IntN(3 * n) {
		b := Basket{Weight: 2 * weight()}
		for range r.IntN(8) {
			b.Items = append(b.Items, Item{skill(), weight()})
		}
		in.Baskets = append(in.Baskets, b)
	}
	if r.IntN(4) > 0 {
		in.Terms = make([][]Term, n)
		for i := range n {
			for range r.IntN(6) {
				in.Terms[i] = append(in.Terms[i], Term{int32(r.IntN(12)), weight()})
			}
		}
	}
	return in
}

func mustBuild(t interface {
	Helper()
	Fatal(...any)
}, in Input, o Options) *Space {
	t.Helper()
	s, err := Build(context.Background(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// content is everything that a space says, as text.
func content(s *Space) string {
	var b strings.Builder
	r := s.Report()
	r.Took = Timings{}
	fmt.Fprintf(&b, "%+v\n", r)
	for i := range int32(r.Skills) {
		fmt.Fprintf(&b, "%d %+v\n", i, s.Neighbours(i))
		fmt.Fprintf(&b, "%+v\n", s.Reasons(i, (i*7+1)%int32(r.Skills), 9))
	}
	for _, v := range s.vectors {
		fmt.Fprintf(&b, "%x ", math.Float32bits(v))
	}
	return b.String()
}

// shuffled is the same input in another order, with what says nothing added.
func shuffled(in Input, r *rand.Rand) Input {
	mix := func(n int, swap func(i, j int)) { r.Shuffle(n, swap) }
	out := Input{Skills: in.Skills, Broader: slices.Clone(in.Broader), Related: slices.Clone(in.Related)}
	for _, edges := range [][]Edge{out.Broader, out.Related} {
		mix(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	}
	for i, e := range out.Related {
		if r.IntN(2) == 0 {
			out.Related[i] = Edge{e.To, e.From, e.Weight}
		}
	}
	for _, b := range in.Baskets {
		items := slices.Clone(b.Items)
		mix(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		items = append(items, Item{0, 0})
		out.Baskets = append(out.Baskets, Basket{items, b.Weight})
	}
	out.Baskets = append(out.Baskets, Basket{}, Basket{Items: []Item{{0, 1}, {int32(in.Skills - 1), 1}}, Weight: 0})
	mix(len(out.Baskets), func(i, j int) { out.Baskets[i], out.Baskets[j] = out.Baskets[j], out.Baskets[i] })
	if in.Terms != nil {
		out.Terms = make([][]Term, len(in.Terms))
	}
	for i, list := range in.Terms {
		out.Terms[i] = append(slices.Clone(list), Term{99, 0})
		mix(len(out.Terms[i]), func(a, b int) { out.Terms[i][a], out.Terms[i][b] = out.Terms[i][b], out.Terms[i][a] })
	}
	return out
}

// TestSameInputSameBytes: whatever the number of processors and the order of the
// input, large enough for the iteration and for several pieces of rows.
func TestSameInputSameBytes(t *testing.T) {
	in := synthetic(1_500, 2_000)
	o := DefaultOptions()
	o.Dimensions = 24
	want := content(mustBuild(t, in, o))
	if !strings.Contains(want, "Dims:24") {
		t.Fatalf("an unlikely space: %.500s", want)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, procs := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(procs)
		if got := content(mustBuild(t, shuffled(in, rand.New(rand.NewPCG(5, uint64(procs)))), o)); got != want {
			t.Errorf("with %d processors: another space", procs)
		}
	}
	o.Seed = 2
	if other := mustBuild(t, in, o).Report(); strings.Contains(want, other.Version) {
		t.Error("another seed, the same version")
	}
}

func TestOrderOfInputDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		in := randomInput(r)
		a, b := mustBuild(rt, in, DefaultOptions()), mustBuild(rt, shuffled(in, r), DefaultOptions())
		if content(a) != content(b) {
			rt.Fatalf("another order, another space:\n%+v", in)
		}
		in.Baskets = append(in.Baskets, Basket{Items: []Item{{0, 1}, {0, 1}}, Weight: 1}) // one skill: nothing
		if v := mustBuild(rt, in, DefaultOptions()).Report().Version; v != a.Report().Version {
			rt.Fatal("a basket of one skill changes the version")
		}
	})
}

// TestNeighboursAreExact: every list against a plain look at every pair, from the
// definition. Parts may differ by one thousandth, since sums are taken in another order.
func TestNeighboursAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		in := randomInput(r)
		o := DefaultOptions()
		o.Neighbours = 1 + r.IntN(12)
		o.Least = float64(r.IntN(4)) / 10
		s := mustBuild(t, in, o)
		c, _ := canonical(&in)
		g := newGraph(c)
		for i := range in.Skills {
			list := s.Neighbours(int32(i))
			if !slices.IsSortedFunc(list, better) {
				t.Fatalf("skill %d: not in order: %+v", i, list)
			}
			structure := map[int32]tie{}
			for _, x := range g.ties(int32(i), &o) {
				structure[x.skill] = x
			}
			listed := map[int32]bool{int32(i): true}
			ties, worst := 0, uint16(1000)
			for _, nb := range list {
				if listed[nb.Skill] {
					t.Fatalf("skill %d lists %d twice, or itself", i, nb.Skill)
				}
				listed[nb.Skill] = true
				company, text := plainWorth(s, in, i, int(nb.Skill))
				x := structure[nb.Skill]
				if nb.Structure != x.sim || off(nb.Cooccurrence, company) > 1 || off(nb.Text, text) > 1 {
					t.Fatalf("%d for %d: %+v, want structure %+v, company %d, text %d", nb.Skill, i, nb, x, company, text)
				}
				if nb.Sim != Blend(nb.Structure, nb.Cooccurrence, nb.Text, 600) || nb.Sim == 0 {
					t.Fatalf("%d for %d: the parts do not make %+v", nb.Skill, i, nb)
				}
				if x.sim > 0 {
					ties++
				} else {
					worst = nb.Sim // in order, so the last is the worst
					if off(nb.Sim, thousandths(o.Least)) > 0 && nb.Sim < thousandths(o.Least) {
						t.Fatalf("%d for %d: below the least: %+v", nb.Skill, i, nb)
					}
				}
			}
			if ties != len(structure) || len(list) > max(o.Neighbours, ties) {
				t.Fatalf("skill %d: %d of %d ties in a list of %d", i, ties, len(structure), len(list))
			}
			least := thousandths(o.Least)
			if len(list) >= o.Neighbours {
				least = max(least, worst)
			}
			if ties >= o.Neighbours {
				continue
			}
			for j := range in.Skills {
				if listed[int32(j)] {
					continue
				}
				company, text := plainWorth(s, in, i, j)
				if sim := Blend(0, company, text, 600); sim > least+2 {
					t.Fatalf("%d for %d: %d is not listed, the least listed is %d", j, i, sim, least)
				}
			}
		}
	})
}

func off(a, b uint16) int { return max(int(a)-int(b), int(b)-int(a)) }

// plainWorth is what company and text of a pair are worth, from the vectors and the
// input.
func plainWorth(s *Space, in Input, i, j int) (company, text uint16) {
	dot := 0.0
	for d := range s.width {
		dot += float64(s.vectors[i*s.width+d]) * float64(s.vectors[j*s.width+d])
	}
	believed := math.Sqrt(s.contexts.support[i] / (s.contexts.support[i] + s.o.Doubt) * s.contexts.support[j] / (s.contexts.support[j] + s.o.Doubt))
	if in.Terms != nil {
		sum := func(i int) map[int32]float64 {
			m := map[int32]float64{}
			for _, t := range in.Terms[i] {
				m[t.ID] += t.Weight
			}
			return m
		}
		a, b := sum(i), sum(j)
		ab, aa, bb := 0.0, 0.0, 0.0
		for id, w := range a {
			ab += w * b[id]
			aa += w * w
		}
		for _, w := range b {
			bb += w * w
		}
		if ab > 0 {
			text = thousandths(s.o.TextMost * ab / math.Sqrt(aa*bb))
		}
	}
	return thousandths(s.o.CooccurrenceMost * believed * dot), text
}

// TestPlantedGroups: skills of a trade keep the same company, and with nothing but
// baskets of few of them each finds its own.
func TestPlantedGroups(t *testing.T) {
	const groups, size = 30, 20
	r := rand.New(rand.NewPCG(8, 9))
	in := Input{Skills: groups * size}
	for range 6_000 {
		g := r.IntN(groups)
		var items []Item
		for range 5 {
			items = append(items, Item{int32(g*size + r.IntN(size)), 1})
		}
		items = append(items, Item{int32(r.IntN(in.Skills)), 1}) // and one from anywhere
		in.Baskets = append(in.Baskets, Basket{items, 1})
	}
	o := DefaultOptions()
	o.Neighbours, o.Dimensions = size-1, 40
	s := mustBuild(t, in, o)
	own, listed := 0, 0
	for i := range int32(in.Skills) {
		for _, nb := range s.Neighbours(i) {
			listed++
			if nb.Skill/size == i/size {
				own++
			}
			if nb.Sim > 450 || nb.Sim != nb.Cooccurrence {
				t.Fatalf("company alone is worth 450 at most: %+v", nb)
			}
		}
	}
	if listed != in.Skills*(size-1) || own < listed*99/100 {
		t.Errorf("%d of %d neighbours are of the skill's own trade", own, listed)
	}
	if r := s.Report(); r.Residual > o.Tolerance || r.Dims != 40 || r.Explained < .5 {
		t.Errorf("report %+v", r)
	}
}

// TestSmallAndEmpty: no skill, one skill, nothing known of any, parts missing, parts
// that never touch.
func TestSmallAndEmpty(t *testing.T) {
	if s := mustBuild(t, Input{}, DefaultOptions()); s.Neighbours(0) != nil || s.Report().Version == "" {
		t.Errorf("empty: %+v", s.Report())
	}
	s := mustBuild(t, Input{Skills: 1, Baskets: []Basket{{Items: []Item{{0, 1}}, Weight: 1}}, Terms: [][]Term{{{1, 1}}}}, DefaultOptions())
	if len(s.Neighbours(0)) != 0 || s.Neighbours(1) != nil || s.Neighbours(-1) != nil {
		t.Errorf("one skill: %+v", s.Neighbours(0))
	}
	s = mustBuild(t, Input{Skills: 3}, DefaultOptions())
	if why := s.Reasons(0, 2, 3); len(s.Neighbours(0)) > 0 || why.Together+len(why.Company)+len(why.Terms) > 0 {
		t.Errorf("nothing known: %+v, %+v", s.Neighbours(0), why)
	}

	// Two pairs that never touch. 0 and 1 are each other's company: their only positive
	// eigenpair makes them equal (the negative one would say that they differ); across
	// the gap there is nothing.
	s = mustBuild(t, Input{Skills: 4, Baskets: []Basket{
		{Items: []Item{{0, 1}, {1, 1}}, Weight: 1}, {Items: []Item{{2, 1}, {3, 1}}, Weight: 1},
	}}, DefaultOptions())
	for i := range int32(4) {
		// Each is in one basket: fully like the other, believed by 1/(1+3).
		if list := s.Neighbours(i); len(list) != 1 || list[0] != (Neighbour{Skill: i ^ 1, Sim: 112, Cooccurrence: 112}) && list[0] != (Neighbour{Skill: i ^ 1, Sim: 113, Cooccurrence: 113}) {
			t.Errorf("neighbours of %d: %+v", i, list)
		}
	}
	if ppmi := s.contexts.ppmi.at(0, 1); ppmi < .6 || s.Reasons(0, 1, 3).Together != 1 || s.Report().Dims != 2 {
		t.Errorf("inside: PPMI %v, %+v", ppmi, s.Report())
	}

	// All weights zero is the same as nothing.
	zero := Input{Skills: 2, Broader: []Edge{{0, 1, 0}}, Related: []Edge{{0, 1, 0}},
		Baskets: []Basket{{Items: []Item{{0, 0}, {1, 0}}, Weight: 1}, {Items: []Item{{0, 1}, {1, 1}}}}, Terms: [][]Term{{{1, 0}}, {{1, 0}}}}
	if s := mustBuild(t, zero, DefaultOptions()); len(s.Neighbours(0))+len(s.Neighbours(1)) != 0 {
		t.Errorf("all zero: %+v %+v", s.Neighbours(0), s.Neighbours(1))
	}
}

// TestPartsSwitchedOff: zero means zero.
func TestPartsSwitchedOff(t *testing.T) {
	in := Input{Skills: 3, Broader: []Edge{{1, 0, 1}},
		Baskets: []Basket{{Items: []Item{{0, 1}, {1, 1}, {2, 1}}, Weight: 9}, {Items: []Item{{0, 1}, {2, 1}}, Weight: 9}},
		Terms:   [][]Term{{{1, 1}, {2, 1}}, {{1, 1}}, {{2, 1}}}}
	for _, p := range []parts{{true, false, false}, {false, true, false}, {false, false, true}, {true, true, true}} {
		s := mustBuild(t, in, *p.options())
		var any parts
		for need := range int32(3) {
			for _, nb := range s.Neighbours(need) {
				any.structure = any.structure || nb.Structure > 0
				any.company = any.company || nb.Cooccurrence > 0
				any.text = any.text || nb.Text > 0
			}
		}
		if any.structure != p.structure || any.text != p.text || any.company && !p.company {
			t.Errorf("asked for %+v, got %+v", p, any)
		}
	}
}

func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	item := func(s int32, w float64) []Basket { return []Basket{{Items: []Item{{0, 1}, {s, w}}, Weight: 1}} }
	for _, c := range []struct {
		in   Input
		want string
	}{
		{Input{Skills: -1}, "-1 skills"},
		{Input{Skills: 1 << 30}, "skills, must be"},
		{Input{Skills: 2, Broader: []Edge{{0, 1, nan}}}, "broader edge 0 (0 to 1): weight NaN, must be a number 0..1"},
		{Input{Skills: 2, Broader: []Edge{{0, 1, 1}, {0, 1, 1.5}}}, "broader edge 1 (0 to 1): weight 1.5"},
		{Input{Skills: 2, Related: []Edge{{0, 2, 1}}}, "related edge 0 (0 to 2): skill 2, there are 2"},
		{Input{Skills: 2, Related: []Edge{{-1, 0, 1}}}, "related edge 0 (-1 to 0): skill -1"},
		{Input{Skills: 2, Baskets: item(1, inf)}, "basket 0: weight +Inf"},
		{Input{Skills: 2, Baskets: item(1, -1)}, "basket 0: weight -1"},
		{Input{Skills: 2, Baskets: item(7, 1)}, "basket 0: skill 7, there are 2"},
		{Input{Skills: 2, Baskets: []Basket{{Weight: 1}, {Weight: nan}}}, "basket 1: weight NaN"},
		{Input{Skills: 2, Terms: [][]Term{{}}}, "term lists for 1 skills, there are 2"},
		{Input{Skills: 1, Terms: [][]Term{{{5, inf}}}}, "terms of skill 0: term 5: weight +Inf"},
		{Input{Skills: 1, Terms: [][]Term{{{-5, 1}}}}, "terms of skill 0: term -5"},
	} {
		_, err := Build(context.Background(), c.in, DefaultOptions())
		if !errors.Is(err, ErrInput) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: error %v, want %q", c.in, err, c.want)
		}
	}
}

// TestBadOptions: every number out of its range is refused by name.
func TestBadOptions(t *testing.T) {
	typ := reflect.TypeFor[Options]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		if name == "Seed" {
			continue
		}
		bad := []float64{-1, math.NaN(), math.Inf(1), 1e12}
		for _, v := range bad {
			o := DefaultOptions()
			switch f := reflect.ValueOf(&o).Elem().Field(i); f.Kind() {
			case reflect.Int:
				if v != -1 && v != 1e12 {
					continue
				}
				f.SetInt(int64(v))
			default:
				f.SetFloat(v)
			}
			if _, err := Build(context.Background(), Input{}, o); !errors.Is(err, ErrOptions) || !strings.Contains(err.Error(), name) {
				t.Errorf("%s %v: error %v", name, v, err)
			}
		}
	}
}

func TestBuildStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Build(ctx, synthetic(1_000, 500), DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
}

func TestBlend(t *testing.T) {
	for _, c := range []struct{ structure, company, text, want uint16 }{
		{0, 0, 0, 0},
		{500, 0, 0, 500},
		{0, 400, 0, 400},
		{0, 0, 700, 600},     // statistics stop at most
		{0, 300, 400, 580},   // 1 - .7 * .6
		{500, 300, 400, 580}, // lifts
		{800, 300, 400, 800}, // never lowers
		{0, 1000, 1000, 600},
	} {
		if got := Blend(c.structure, c.company, c.text, 600); got != c.want {
			t.Errorf("Blend(%+v) = %d", c, got)
		}
	}
}

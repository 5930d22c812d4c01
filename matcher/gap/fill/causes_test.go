package fill

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"talentmatch/talent"
)

// usable is the rule as the brief says it, pair by pair.
func usable(m *Market, d, s int, relaxed Set) bool {
	o, w := m.Openings[d], m.Supplies[s]
	months := int(o.Start) - int(w.Leaves)
	return (relaxed.Has(Skills) || slices.Contains(m.able(d), w.Program)) &&
		(relaxed.Has(Education) || w.Education >= o.MinEducation) &&
		(relaxed.Has(Timing) || o.Start == NoStart || -24 <= months && months <= 36) &&
		(relaxed.Has(Place) || w.Moves || w.Holder != Free && w.Holder == o.Holder || w.Place == o.Place || w.Place == Anywhere || o.Place == Anywhere) &&
		(relaxed.Has(Reservations) || w.Holder == Free || w.Holder == o.Holder)
}

func plainMarket(m *Market, relaxed Set) *pairs {
	p := &pairs{units: m.units(), heads: m.heads(), near: make([][]int32, len(m.Openings))}
	for d := range m.Openings {
		for s := range m.Supplies {
			if usable(m, d, s, relaxed) {
				p.near[d] = append(p.near[d], int32(s))
			}
		}
	}
	return p
}

// orders calls see with all orders of the limits.
func orders(see func([]Limit)) {
	var walk func(order []Limit)
	walk = func(order []Limit) {
		if len(order) == int(Limits) {
			see(order)
		}
		for k := range Limits {
			if !slices.Contains(order, k) {
				walk(append(order, k))
			}
		}
	}
	walk(nil)
}

func randomMarket(r *rand.Rand) *Market {
	m := &Market{Programs: 1 + r.IntN(4), Off: []int64{0}}
	holders, places := int32(1+r.IntN(3)), int32(1+r.IntN(3))
	for range 1 + r.IntN(7) {
		m.Supplies = append(m.Supplies, Supply{Units: r.Int64N(4), Education: uint8(3 + r.IntN(4)), Leaves: int32(60 + 12*r.IntN(4)),
			Place: r.Int32N(places+1) - 1, Moves: r.IntN(4) == 0, Program: int32(r.IntN(m.Programs)), Holder: r.Int32N(holders+1) - 1})
	}
	for range 1 + r.IntN(7) {
		o := Opening{Heads: r.Int64N(4), MinEducation: uint8(r.IntN(8)), Start: int32(40 + r.IntN(90)), Place: r.Int32N(places+1) - 1, Holder: r.Int32N(holders+2) - 1}
		if r.IntN(4) == 0 {
			o.Start = NoStart
		}
		m.Openings = append(m.Openings, o)
		for p := range int32(m.Programs) {
			if r.IntN(2) == 0 {
				m.Able = append(m.Able, p)
			}
		}
		m.Off = append(m.Off, int64(len(m.Able)))
	}
	// Some markets know nothing of a limit, so that it is idle.
	for k := range Limits {
		if r.IntN(4) > 0 {
			continue
		}
		for d := range m.Openings {
			switch o := &m.Openings[d]; k {
			case Education:
				o.MinEducation = 3
			case Timing:
				o.Start = NoStart
			case Place:
				o.Place = Anywhere
			}
		}
		for s := range m.Supplies {
			if k == Reservations {
				m.Supplies[s].Holder = Free
			}
		}
	}
	return m
}

// emptyHalves is what stays empty of each opening, in halves of heads, when those that are filled
// stay so and the other heads are seated in order, and in the opposite order.
func (p *pairs) emptyHalves(kept []int64) []int64 {
	var first, rest []int
	for d, n := range p.heads {
		first = append(first, slices.Repeat([]int{d}, int(kept[d]))...)
		rest = append(rest, slices.Repeat([]int{d}, int(n-kept[d]))...)
	}
	one := p.slowFillOf(slices.Concat(first, rest))
	slices.Reverse(rest)
	other := p.slowFillOf(slices.Concat(first, rest))
	empty := make([]int64, len(p.heads))
	for d, n := range p.heads {
		empty[d] = 2*n - one[d] - other[d]
	}
	return empty
}

// TestCausesSmall: shares are averages over all 120 orders, worked out order by order with
// filling head by head, in total and by opening.
func TestCausesSmall(t *testing.T) {
	defer func(before int) { spareLog = before }(spareLog)
	for seed := range uint64(2000) {
		spareLog = 40*int(seed%2) - 20 // the opposite order starts from what was taken back, or anew
		r := rand.New(rand.NewPCG(seed, 5))
		m := randomMarket(r)
		got, err := m.Causes(context.Background(), Options{Threads: 1 + int(seed%3)})
		if err != nil {
			t.Fatal(seed, err)
		}
		var empty [Sets][]int64 // halves
		kept := plainMarket(m, 0).slowFill()
		for s := range Set(Sets) {
			p := plainMarket(m, s)
			empty[s] = p.emptyHalves(kept)
			total := sum(empty[s]) / 2
			if got.Unfilled[s] != total {
				t.Fatalf("seed %d: %d empty without %s, not %d", seed, got.Unfilled[s], s, total)
			}
			if most := sum(p.heads) - p.maxFlow(nil, nil); total != most {
				t.Fatalf("seed %d: %d empty without %s, a greatest flow leaves %d", seed, total, s, most)
			}
		}
		var want [Limits][]int64
		for k := range want {
			want[k] = make([]int64, len(m.Openings))
		}
		orders(func(order []Limit) {
			relaxed := Set(0)
			for _, k := range order {
				for d := range m.Openings {
					want[k][d] += empty[relaxed][d] - empty[relaxed.With(k)][d]
				}
				relaxed = relaxed.With(k)
			}
		})
		for k := range Limits {
			for d := range want[k] {
				want[k][d] /= 2
			}
			if !slices.Equal(got.Openings.Share[k], want[k]) || got.Share[k] != sum(want[k]) || got.Share[k] < 0 {
				t.Fatalf("seed %d: %s: %v, not %v", seed, k, got.Openings.Share[k], want[k])
			}
		}
		for k := range Limits {
			if sum(got.Openings.First[k]) != Whole*got.First(k) || sum(got.Openings.Last[k]) != Whole*got.Last(k) {
				t.Fatalf("seed %d: %s first %v and last %v by opening", seed, k, got.Openings.First[k], got.Openings.Last[k])
			}
		}
		for d := range m.Openings {
			o := &got.Openings
			total := o.Numbers[d]
			for k := range Limits {
				total += o.Share[k][d]
				if o.First[k][d] != Whole/2*(empty[0][d]-empty[Set(0).With(k)][d]) || o.Last[k][d] != Whole/2*(empty[AllLimits.Without(k)][d]-empty[AllLimits][d]) {
					t.Fatalf("seed %d: %s of opening %d: first %d, last %d", seed, k, d, o.First[k][d], o.Last[k][d])
				}
			}
			if total != Whole*o.Unfilled[d] || 2*o.Unfilled[d] != empty[0][d] || o.Numbers[d] != Whole/2*empty[AllLimits][d] || o.Numbers[d] > Whole*o.Unfilled[d] {
				t.Fatalf("seed %d: opening %d: %d empty, numbers %d, shares add up to %d", seed, d, o.Unfilled[d], o.Numbers[d], total)
			}
		}
		g, err := m.Graph(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if p, err := g.Fill(context.Background(), Options{}); err != nil || p.Total != sum(m.heads())-got.Unfilled[0] {
			t.Fatalf("seed %d: the graph fills %d: %v", seed, p.Total, err)
		}
		for d := range m.Openings {
			for s := range m.Supplies {
				broken := m.Broken(int32(d), int32(s))
				for relaxed := range Set(Sets) {
					if (broken&^relaxed == 0) != usable(m, d, s, relaxed) {
						t.Fatalf("seed %d: opening %d, supply %d: broken %s", seed, d, s, broken)
					}
				}
			}
		}
	}
}

func sum(list []int64) (total int64) {
	for _, n := range list {
		total += n
	}
	return total
}

// fits are a supply and an opening of 12 units and heads that break no limit; one of each is
// what hand-worked markets spoil.
func fits() *Market {
	return &Market{Programs: 2, Off: []int64{0, 1}, Able: []int32{0},
		Supplies: []Supply{{Units: 12, Education: 5, Leaves: 100, Place: 1, Holder: Free}},
		Openings: []Opening{{Heads: 12, MinEducation: 5, Start: 100, Place: 1, Holder: 7}}}
}

var spoil = [Limits]func(m *Market){
	Education:    func(m *Market) { m.Supplies[0].Education = 4 },
	Timing:       func(m *Market) { m.Supplies[0].Leaves = 125 },
	Skills:       func(m *Market) { m.Supplies[0].Program = 1 },
	Place:        func(m *Market) { m.Supplies[0].Place = 2 },
	Reservations: func(m *Market) { m.Supplies[0].Holder = 3 },
}

// TestOneToBlame: what keeps the one supply out gets everything; limits that do so together
// share alike, since no head is filled before the last of them is relaxed, and each is last in
// as many orders. Shares are in heads.
func TestOneToBlame(t *testing.T) {
	for s := range Set(Sets) {
		m := fits()
		var want [Limits]int64
		for k := range Limits {
			if s.Has(k) {
				spoil[k](m)
				want[k] = 12 * Whole / int64(s.Len())
			}
		}
		got, err := m.Causes(context.Background(), Options{})
		if err != nil || got.Share != want || got.Numbers != 0 {
			t.Errorf("%s: %v, not %v: %v", s, got.Share, want, err)
		}
	}
}

// TestEachSuffices: 12 heads; 12 units are only too low, 12 others only too far. Relaxing either
// limit fills all heads, so the one that comes first is to blame, each in half of the orders:
// 6 heads each. Relaxed first, each fills 12, relaxed last none.
//
// With 8 units too low and 8 too far: education first fills 8 and then place 4, or the other
// way round: 6 heads each again. With 4 too low and 12 too far: education first 4, then place
// 8; place first 12, then education 0: 2 and 10. With 4 and 4, 4 each, and numbers 4.
func TestEachSuffices(t *testing.T) {
	for _, tc := range []struct {
		low, far                                 int64
		education, place, numbers, first, second int64
	}{
		{12, 12, 6, 6, 0, 12, 12},
		{8, 8, 6, 6, 0, 8, 8},
		{4, 12, 2, 10, 0, 4, 12},
		{4, 4, 4, 4, 4, 4, 4},
		{0, 0, 0, 0, 12, 0, 0},
	} {
		m := fits()
		m.Supplies = append(m.Supplies, m.Supplies[0])
		m.Supplies[0].Units, m.Supplies[0].Education = tc.low, 4
		m.Supplies[1].Units, m.Supplies[1].Place = tc.far, 2
		got, err := m.Causes(context.Background(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want := [Limits]int64{Education: tc.education * Whole, Place: tc.place * Whole}
		if got.Share != want || got.Numbers != tc.numbers || got.First(Education) != tc.first || got.First(Place) != tc.second ||
			got.Last(Place) != 12-tc.numbers-tc.low || Heads(got.Share[Place]) != float64(tc.place) {
			t.Errorf("%d low, %d far: %v and %d, first %d and %d, last %d", tc.low, tc.far, got.Share, got.Numbers,
				got.First(Education), got.First(Place), got.Last(Place))
		}
	}
}

// TestOpeningsKeepTheirHeads: two openings of one head, one unit, which is at the place of the
// second. As things are the second has it, and keeps it when place is relaxed: the first's head is empty
// for numbers, in either order of openings.
func TestOpeningsKeepTheirHeads(t *testing.T) {
	for first := range 2 {
		m := fits()
		m.Supplies[0].Units, m.Openings[0].Heads = 1, 1
		m.Openings = append(m.Openings, m.Openings[0])
		m.Openings[first].Place = 2
		m.Off, m.Able = []int64{0, 1, 2}, []int32{0, 0}
		got, err := m.Causes(context.Background(), Options{})
		want := make([]int64, 2)
		want[first] = Whole
		if err != nil || got.Share != [Limits]int64{} || got.Numbers != 1 || !slices.Equal(got.Openings.Numbers, want) || !slices.Equal(got.Openings.Share[Place], []int64{0, 0}) {
			t.Errorf("%d: %+v: %v", first, got, err)
		}
	}
}

// TestCompetingOpeningsShareAlike: 12 units are too low for two openings of 12 heads; both are
// empty, and relaxing education would fill either: 6 heads each, and 6 of each for numbers.
func TestCompetingOpeningsShareAlike(t *testing.T) {
	m := fits()
	m.Supplies[0].Education = 4
	m.Openings = append(m.Openings, m.Openings[0])
	m.Off, m.Able = []int64{0, 1, 2}, []int32{0, 0}
	got, err := m.Causes(context.Background(), Options{})
	half := []int64{6 * Whole, 6 * Whole}
	if err != nil || !slices.Equal(got.Openings.Share[Education], half) || !slices.Equal(got.Openings.Numbers, half) || got.Numbers != 12 {
		t.Errorf("%+v: %v", got, err)
	}
}

// TestNegativeShare: 12 units are too low, and elsewhere for the second opening. Education alone gives
// all 12 to the first; with place they are for both, 6 each. The first, of 12 heads, has education 12 when place
// comes later and 6 when it comes first (alone it fills nothing): 12 and 6, half of the orders each: 9. Place is
// last or first: 6 - 12 = -6, or 0: -3. The second has 0 and 6 from education, 6 and 0 from place: 3 each.
func TestNegativeShare(t *testing.T) {
	m := fits()
	m.Supplies[0].Education = 4
	m.Openings = append(m.Openings, m.Openings[0])
	m.Openings[1].Place = 2
	m.Off, m.Able = []int64{0, 1, 2}, []int32{0, 0}
	got, err := m.Causes(context.Background(), Options{})
	if err != nil || !slices.Equal(got.Openings.Share[Education], []int64{9 * Whole, 3 * Whole}) || !slices.Equal(got.Openings.Share[Place], []int64{-3 * Whole, 3 * Whole}) ||
		!slices.Equal(got.Openings.Numbers, []int64{6 * Whole, 6 * Whole}) || got.Share != [Limits]int64{Education: 12 * Whole} {
		t.Errorf("%+v: %v", got, err)
	}
}

// TestReservedAreElsewhere: 12 units at place 2 are reserved for the first opening, at place 1, and
// go there; the second opening, at place 3, has another holder. As things are it stays empty. Lifting
// reservations alone gives it nobody, since the units are elsewhere for it, nor does lifting place alone;
// both together leave either opening empty: numbers. Once the first has no heads
// and the second is at place 2, reservations alone are to blame.
func TestReservedAreElsewhere(t *testing.T) {
	m := fits()
	m.Supplies[0].Place, m.Supplies[0].Holder = 2, 7
	other := m.Openings[0]
	other.Place, other.Holder = 3, 8
	m.Openings = append(m.Openings, other)
	m.Off, m.Able = []int64{0, 1, 2}, []int32{0, 0}
	got, err := m.Causes(context.Background(), Options{})
	if err != nil || got.Numbers != 12 || got.Share != [Limits]int64{} || m.Broken(0, 0) != 0 || m.Broken(1, 0) != 1<<Place|1<<Reservations {
		t.Errorf("%+v: %v", got, err)
	}
	m.Openings[0].Heads, m.Openings[1].Place = 0, 2
	got, err = m.Causes(context.Background(), Options{})
	if err != nil || got.Numbers != 0 || got.Share != [Limits]int64{Reservations: 12 * Whole} {
		t.Errorf("%+v: %v", got, err)
	}
}

// TestTimingEdges: the window's ends are in it.
func TestTimingEdges(t *testing.T) {
	for after, ok := range map[int32]bool{-25: false, -24: true, 0: true, 36: true, 37: false} {
		m := fits()
		m.Openings[0].Start = m.Supplies[0].Leaves + after
		got, err := m.Causes(context.Background(), Options{})
		if err != nil || (got.Unfilled[0] == 0) != ok || (m.Broken(0, 0) == 0) != ok {
			t.Errorf("%d months after: %d empty, broken %s, %v", after, got.Unfilled[0], m.Broken(0, 0), err)
		}
	}
}

func TestBadMarkets(t *testing.T) {
	for name, spoil := range map[string]func(m *Market){
		"units":      func(m *Market) { m.Supplies[0].Units = -1 },
		"heads":      func(m *Market) { m.Openings[0].Heads = mostUnits + 1 },
		"program":    func(m *Market) { m.Supplies[0].Program = 2 },
		"programs":   func(m *Market) { m.Programs = -1 },
		"place":      func(m *Market) { m.Supplies[0].Place = -2 },
		"holder":     func(m *Market) { m.Openings[0].Holder = 1<<31 - 1 },
		"leaves":     func(m *Market) { m.Supplies[0].Leaves = -1 },
		"start":      func(m *Market) { m.Openings[0].Start = -2 },
		"able":       func(m *Market) { m.Able[0] = 2 },
		"able twice": func(m *Market) { m.Able, m.Off = []int32{0, 0}, []int64{0, 2} },
		"offsets":    func(m *Market) { m.Off = nil },
		"offset":     func(m *Market) { m.Off[1] = 2 },
	} {
		m := fits()
		spoil(m)
		_, err := m.Causes(context.Background(), Options{})
		_, err2 := m.Graph(context.Background())
		if !errors.Is(err, talent.ErrInvalid) || !errors.Is(err2, talent.ErrInvalid) {
			t.Errorf("%s: %v, %v", name, err, err2)
		}
	}
	nothing := &Market{Off: []int64{0}}
	if c, err := nothing.Causes(context.Background(), Options{}); err != nil || c.Unfilled != [Sets]int64{} {
		t.Error(c, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := fits().Causes(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestProgress: done goes up to total, one by one.
func TestProgress(t *testing.T) {
	last := 0
	m := fits()
	for _, spoil := range spoil {
		spoil(m)
	}
	_, err := m.Causes(context.Background(), Options{Progress: func(step string, done, total int) {
		if step != "limits" || done != last+1 || total != Sets {
			t.Errorf("%s: %d of %d after %d", step, done, total, last)
		}
		last = done
	}})
	if err != nil || last != Sets {
		t.Errorf("%d: %v", last, err)
	}
}

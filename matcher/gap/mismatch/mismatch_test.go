package mismatch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
)

func at(v float64) *float64 { return &v }

// cells makes cells a, b, c ... of two sides; -1 is no data.
func cells(demand, supply []float64) []Cell {
	out := make([]Cell, len(demand))
	for i := range out {
		out[i].Key = fmt.Sprintf("c%03d", i)
		if demand[i] != -1 {
			out[i].Demand = at(demand[i])
		}
		if supply[i] != -1 {
			out[i].Supply = at(supply[i])
		}
	}
	return out
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.15g, want %.15g", what, got, want)
	}
}

func of(t *testing.T, kind Kind, cs []Cell, alpha float64) *Index {
	t.Helper()
	o := DefaultOptions()
	o.Alpha = alpha
	ix, err := Of(kind, cs, o)
	if err != nil {
		t.Fatal(err)
	}
	return ix
}

func TestByHand(t *testing.T) {
	tests := []struct {
		name           string
		kind           Kind
		alpha          float64
		demand, supply []float64
		parts          []float64
		want           float64
	}{
		// Shares .5 .3 .2 0 against 0 .2 .3 .5: halves of .5 .1 .1 .5. The two tables in
		// the manual of R's package segregation (dissimilarity), both .6.
		{"segregation 1", Duncan, .5, []float64{100, 60, 40, 0}, []float64{0, 40, 60, 100}, []float64{.25, .05, .05, .25}, .6},
		{"segregation 2", Duncan, .5, []float64{80, 80, 20, 20}, []float64{20, 20, 80, 80}, []float64{.15, .15, .15, .15}, .6},
		// U = 10, V = 20, U/V = 1/2: |8-5| and |2-5| halved are 3 of 10.
		{"jackman roper", JackmanRoper, .5, []float64{10, 10}, []float64{8, 2}, []float64{.15, .15}, .3},
		// 1 - sqrt(.5*.8) - sqrt(.5*.2) = 1 - .632455532 - .316227766; cells
		// (.5+.8)/2 - .632455532 and (.5+.2)/2 - .316227766.
		{"geometric", JackmanRoperGeometric, .5, []float64{10, 10}, []float64{8, 2}, []float64{.017544468, .033772234}, .051316702},
		{"sahin half", Sahin, .5, []float64{10, 10}, []float64{8, 2}, []float64{.017544468, .033772234}, .051316702},
		// 16^(1/4) = 2, 16^(3/4) = 8: 1 - 2/17 - 8/17. Cells in 17ths:
		// 16/4 + 3/4 - 2 = 2.75, 1/4 + 16*3/4 - 8 = 4.25.
		{"sahin quarter", Sahin, .25, []float64{16, 1}, []float64{1, 16}, []float64{2.75 / 17, 4.25 / 17}, 7. / 17},
		// p = (1, 0), q = (1/2, 1/2), m = (3/4, 1/4):
		// (log2(4/3) + log2(2/3)/2)/2 = (.415037 - .292481)/2, and log2(2)/4.
		{"jensen", JensenShannon, .5, []float64{7, 0}, []float64{1, 1}, []float64{.061278124, .25}, .311278124},
		{"apart", JensenShannon, .5, []float64{3, 0}, []float64{0, 9}, []float64{.5, .5}, 1},
		{"apart", Sahin, .3, []float64{3, 0}, []float64{0, 9}, []float64{.3, .7}, 1},
		{"no data is not 0", Duncan, .5, []float64{10, 10, -1}, []float64{8, 2, 100}, []float64{.15, .15}, .3},
		{"0 counts", Duncan, .5, []float64{10, 10, 0}, []float64{8, 2, 10}, []float64{.05, .2, .25}, .5},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			ix := of(t, c.kind, cells(c.demand, c.supply), c.alpha)
			near(t, "index", *ix.Value, c.want, 1e-9)
			for i := range c.parts {
				near(t, "part", ix.Contributions[i].Value, c.parts[i], 1e-9)
			}
			if c.kind == JensenShannon {
				near(t, "distance", *ix.Distance, math.Sqrt(c.want), 1e-9)
			}
		})
	}
}

// phi = (2, 1), alpha = 1/2: phi^2 = (4, 1) times p = (.2, .8) is equal in both cells, so
// equal supply is best and the index 0. As the source writes it: phi_mean = sqrt(1.6) and
// (2 sqrt(.1) + sqrt(.4)) / sqrt(1.6) = 1. Without efficiency it is
// 1 - sqrt(.1) - sqrt(.4) = .051316702.
func TestEfficiency(t *testing.T) {
	cs := cells([]float64{1, 4}, []float64{5, 5})
	cs[0].Efficiency, cs[1].Efficiency = at(2), at(1)
	near(t, "M_phi", *of(t, SahinEfficiency, cs, .5).Value, 0, 1e-15)
	near(t, "M", *of(t, Sahin, cs, .5).Value, .051316702, 1e-9)

	// The source's formula, over random cells.
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		cs := random(r, 1+r.IntN(8))
		alpha := .05 + .9*r.Float64()
		var d, s, mean, rest float64
		for i := range cs {
			cs[i].Efficiency = at(r.Float64() * 3)
			d, s = d+*cs[i].Demand, s+*cs[i].Supply
		}
		for i := range cs {
			mean += math.Pow(*cs[i].Efficiency, 1/alpha) * *cs[i].Demand / d
		}
		mean = math.Pow(mean, alpha)
		for i := range cs {
			rest += *cs[i].Efficiency / mean * math.Pow(*cs[i].Demand/d, alpha) * math.Pow(*cs[i].Supply/s, 1-alpha)
		}
		ix := of(t, SahinEfficiency, cs, alpha)
		if ix.Value == nil {
			continue
		}
		near(t, "M_phi", *ix.Value, 1-rest, 1e-12)
	}

	cs[1].Efficiency = nil
	if ix := of(t, SahinEfficiency, cs, .5); ix.LeftOut.NoEfficiency != 1 || ix.Used != 1 {
		t.Errorf("left out %+v of %d", ix.LeftOut, ix.Used)
	}
	cs[0].Efficiency, cs[1].Efficiency = at(0), at(0)
	if ix := of(t, SahinEfficiency, cs, .5); ix.None != NoMatching || ix.Value != nil {
		t.Errorf("none = %q", ix.None)
	}
	cs[0].Efficiency, cs[1].Efficiency = at(1e9), at(1) // to the 1000th power
	near(t, "steep", *of(t, SahinEfficiency, cs, .001).Value, 1-math.Pow(.5, .999), 1e-9)
}

func TestHeads(t *testing.T) {
	// U/V = 1/2: 8 - 5 = 3 in surplus, 2 - 5 = -3 short; SU = 3.
	ix := of(t, JackmanRoper, cells([]float64{10, 10}, []float64{8, 2}), .5)
	near(t, "surplus", ix.Contributions[0].Heads, 3, 1e-12)
	near(t, "short", ix.Contributions[1].Heads, -3, 1e-12)
	near(t, "SU", *ix.Structural(), 3, 1e-12)
	if ix.Contributions[0].Side != Surplus || ix.Contributions[1].Side != Short {
		t.Errorf("sides %v %v", ix.Contributions[0].Side, ix.Contributions[1].Side)
	}
	if s := of(t, Duncan, cells([]float64{.1, .2, .3}, []float64{1, 2, 3}), .5).Contributions[2].Side; s != Balanced {
		t.Errorf("equal shares are %q", s)
	}
}

func TestNone(t *testing.T) {
	tests := []struct {
		demand, supply []float64
		want           Reason
		left           LeftOut
	}{
		{nil, nil, NoCells, LeftOut{}},
		{[]float64{-1, 3, -1}, []float64{2, -1, -1}, NoCells, LeftOut{1, 1, 1, 0}},
		{[]float64{0, 0}, []float64{2, 1}, NoDemand, LeftOut{}},
		{[]float64{1, 3}, []float64{0, 0}, NoSupply, LeftOut{}},
		{[]float64{0}, []float64{0}, NoDemand, LeftOut{}},
	}
	for _, c := range tests {
		for _, k := range []Kind{Duncan, JackmanRoper, JackmanRoperGeometric, Sahin, JensenShannon} {
			ix := of(t, k, cells(c.demand, c.supply), .5)
			if ix.None != c.want || ix.Value != nil || ix.Distance != nil || ix.Contributions != nil || ix.Structural() != nil || ix.LeftOut != c.left {
				t.Errorf("%v %v: %+v", c.demand, c.supply, ix)
			}
		}
	}
}

func TestErrors(t *testing.T) {
	bad := func(o func(*Options)) Options { d := DefaultOptions(); o(&d); return d }
	one := []Cell{{Key: "welder", Demand: at(1), Supply: at(1)}}
	tests := []struct {
		kind  Kind
		cells []Cell
		o     Options
		says  string
	}{
		{Duncan, []Cell{{Key: "welder", Demand: at(-1)}}, DefaultOptions(), `demand of cell "welder" is -1`},
		{Duncan, []Cell{{Key: "welder", Supply: at(math.NaN())}}, DefaultOptions(), `supply of cell "welder" is NaN`},
		{Duncan, []Cell{{Key: "welder", Supply: at(math.Inf(1))}}, DefaultOptions(), `supply of cell "welder" is +Inf`},
		{SahinEfficiency, []Cell{{Key: "welder", Efficiency: at(-2)}}, DefaultOptions(), `efficiency of cell "welder" is -2`},
		{Duncan, slices.Concat(one, one), DefaultOptions(), `cell "welder" is given twice`},
		{Duncan, []Cell{{Key: "a", Demand: at(1e308), Supply: at(1)}, {Key: "b", Demand: at(1e308), Supply: at(1)}}, DefaultOptions(), "too large"},
		{"gini", one, DefaultOptions(), `no index "gini"`},
		{Sahin, one, bad(func(o *Options) { o.Alpha = 0 }), "alpha is 0"},
		{Sahin, one, bad(func(o *Options) { o.Alpha = 1 }), "alpha is 1"},
		{Sahin, one, bad(func(o *Options) { o.Alpha = math.NaN() }), "alpha is NaN"},
		{Duncan, one, bad(func(o *Options) { o.Level = 2 }), "level"},
		{Duncan, one, bad(func(o *Options) { o.Chance = 0 }), "chance"},
	}
	for _, c := range tests {
		if _, err := Of(c.kind, c.cells, c.o); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
}

// random makes n cells of which some are empty on a side.
func random(r *rand.Rand, n int) []Cell {
	d, s := make([]float64, n), make([]float64, n)
	for i := range n {
		if r.IntN(4) > 0 {
			d[i] = math.Exp(4 * r.NormFloat64())
		}
		if r.IntN(4) > 0 {
			s[i] = math.Exp(4 * r.NormFloat64())
		}
	}
	d[r.IntN(n)], s[r.IntN(n)] = 1, 1
	cs := cells(d, s)
	for i := range cs {
		cs[i].Efficiency = at(1)
	}
	return cs
}

// slow is an index as its source writes it, by plain loops.
func slow(kind Kind, p, q []float64, alpha float64) float64 {
	var out, both float64
	for i := range p {
		switch kind {
		case Duncan, JackmanRoper:
			both += min(p[i], q[i]) // 1/2 sum |p - q| = 1 - sum min(p, q)
		case JackmanRoperGeometric:
			both += math.Sqrt(p[i] * q[i])
		case Sahin, SahinEfficiency:
			both += math.Pow(p[i], alpha) * math.Pow(q[i], 1-alpha)
		}
	}
	out = 1 - both
	if kind == JensenShannon {
		out = stat.JensenShannon(p, q) / math.Ln2
	}
	return out
}

func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		cs := random(r, 1+r.IntN(12))
		alpha := .05 + .9*r.Float64()
		for _, k := range Kinds() {
			ix := of(t, k, cs, alpha)
			v := *ix.Value
			p, q := make([]float64, len(cs)), make([]float64, len(cs))
			var parts, heads float64
			for i, c := range ix.Contributions {
				if c.Value < 0 || c.Key != cs[i].Key {
					t.Fatalf("%s: part %+v", k, c)
				}
				p[i], q[i] = c.DemandShare, c.SupplyShare
				parts, heads = parts+c.Value, heads+c.Heads
			}
			near(t, "parts of "+string(k), parts, v, 1e-12)
			near(t, "heads of "+string(k), heads, 0, 1e-9*ix.Supply)
			near(t, "slow "+string(k), v, slow(k, p, q, alpha), 1e-12)
			if v < 0 || v > 1 {
				t.Errorf("%s = %v", k, v)
			}
			invariance(t, r, k, cs, alpha, v)
			same := slices.Clone(cs)
			for i := range same {
				same[i].Supply = at(*cs[i].Demand * 3.7)
			}
			near(t, "equal shares, "+string(k), *of(t, k, same, alpha).Value, 0, 1e-15)
		}
		structural := of(t, JackmanRoper, cs, alpha)
		near(t, "SU/U", *structural.Structural()/structural.Supply, *structural.Value, 1e-12)
	}
}

// invariance: scale, order, and merging two cells.
func invariance(t *testing.T, r *rand.Rand, k Kind, cs []Cell, alpha, v float64) {
	t.Helper()
	scaled := slices.Clone(cs)
	for i := range scaled {
		scaled[i].Demand, scaled[i].Supply = at(*cs[i].Demand*1e-5), at(*cs[i].Supply*333)
		scaled[i].Efficiency = at(7)
	}
	near(t, "scaled "+string(k), *of(t, k, scaled, alpha).Value, v, 1e-12)
	mixed := slices.Clone(cs)
	r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	if got := *of(t, k, mixed, alpha).Value; got != v {
		t.Errorf("%s in another order is %v, not %v", k, got, v)
	}
	if len(cs) > 1 {
		merged := slices.Clone(mixed[1:])
		merged[0].Demand = at(*mixed[0].Demand + *mixed[1].Demand)
		merged[0].Supply = at(*mixed[0].Supply + *mixed[1].Supply)
		if got := *of(t, k, merged, alpha).Value; got > v+1e-12 {
			t.Errorf("%s rises from %v to %v when cells are merged", k, v, got)
		}
	}
}

// Differences far below rounding of the shares themselves must keep their digits:
// p, q = 1/2 +- e give 1 - sqrt(1 - 4 e^2), about 2 e^2, in geometric terms, and with r = 2e
// m/2 r^2 / ln 2 = e^2 / ln 2 a cell in bits, to leading order.
func TestSmallDifferences(t *testing.T) {
	for _, e := range []float64{1e-3, 1e-5, 1e-7} {
		cs := cells([]float64{.5 + e, .5 - e}, []float64{.5 - e, .5 + e})
		g := *of(t, JackmanRoperGeometric, cs, .5).Value
		near(t, "geometric", g/(2*e*e), 1, 2*e*e+1e-8)
		j := *of(t, JensenShannon, cs, .5).Value
		near(t, "bits", j/(2*e*e/math.Ln2), 1, 2*e*e+1e-8)
	}
}

package mismatch

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// Regions n and s, skills x and y. Demand n/x 2, s/x 1, s/y 1; supply n/y 2, s/x 1, s/y 1:
// regions are equal, all of the difference lies in n, where the sides are apart. Half of
// the heads, one bit each: .5. Skills 3:1 against 1:3 give 1 - H(3/4) = .188722.
func TestTwoWayByHand(t *testing.T) {
	pairs := []Pair{
		{"n", "x", at(2), at(0)}, {"n", "y", at(0), at(2)},
		{"s", "x", at(1), at(1)}, {"s", "y", at(1), at(1)},
		{"s", "z", nil, at(50)}, // left out of the margins too
	}
	tab, err := TwoWay(JensenShannon, pairs, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	near(t, "joint", *tab.Joint.Value, .5, 1e-12)
	near(t, "first", *tab.First.Value, 0, 1e-12)
	near(t, "second", *tab.Second.Value, .188721876, 1e-9)
	near(t, "between", *tab.Between, 0, 1e-12)
	near(t, "within", *tab.Within, .5, 1e-12)
	near(t, "n", tab.Groups[0].Within, .5, 1e-12)
	near(t, "s", tab.Groups[1].Within, 0, 1e-12)
	if tab.Joint.LeftOut.NoDemand != 1 || tab.First.Used != 2 || tab.Second.Used != 2 || tab.Joint.Contributions[1].Key != "n / y" {
		t.Errorf("%+v", tab.Joint)
	}
	tab, err = TwoWay(Duncan, pairs, DefaultOptions()) // |1/2|+|1/2| halved; 1/4+1/4 halved twice
	if err != nil {
		t.Fatal(err)
	}
	near(t, "joint", *tab.Joint.Value, .5, 1e-12)
	near(t, "second", *tab.Second.Value, .5, 1e-12)
	if tab.Between != nil || tab.Within != nil || tab.Groups != nil {
		t.Error("Duncan's index does not divide")
	}
}

// information is what b tells about side when sides are equally likely, in bits, by the
// definition sum p log2(p / (p p)).
func information(side, b []string, weight []float64) float64 {
	joint, one, two := map[[2]string]float64{}, map[string]float64{}, map[string]float64{}
	for i, w := range weight {
		joint[[2]string{side[i], b[i]}] += w
		one[side[i]] += w
		two[b[i]] += w
	}
	var out float64
	for k, p := range joint {
		if p > 0 {
			out += p * math.Log2(p/(one[k[0]]*two[k[1]]))
		}
	}
	return out
}

func TestTwoWayDivides(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 100 {
		var pairs []Pair
		for i := range 1 + r.IntN(4) {
			for j, c := range random(r, 1+r.IntN(4)) {
				pairs = append(pairs, Pair{fmt.Sprint("g", i), fmt.Sprint("k", j), c.Demand, c.Supply})
			}
		}
		r.Shuffle(len(pairs), func(i, j int) { pairs[i], pairs[j] = pairs[j], pairs[i] })
		tab, err := TwoWay(JensenShannon, pairs, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		near(t, "sum", *tab.Between+*tab.Within, *tab.Joint.Value, 1e-12)
		near(t, "between", *tab.Between, *tab.First.Value, 1e-12)
		var side, group, cell []string
		var weight []float64
		for i, p := range pairs {
			c := tab.Joint.Contributions[i]
			side, group, cell = append(side, "d", "s"), append(group, p.First, p.First), append(cell, c.Key, c.Key)
			weight = append(weight, c.DemandShare/2, c.SupplyShare/2)
		}
		near(t, "joint", *tab.Joint.Value, information(side, cell, weight), 1e-12)
		near(t, "groups", *tab.Between, information(side, group, weight), 1e-12)
		var sums float64
		for _, g := range tab.Groups {
			if g.Within < 0 {
				t.Errorf("within %v", g)
			}
			sums += g.Within + g.Between
		}
		near(t, "groups", sums, *tab.Joint.Value, 1e-12)
		margins(t, pairs)
	}
}

// margins are never above the joint index, for any kind.
func margins(t *testing.T, pairs []Pair) {
	t.Helper()
	for _, k := range []Kind{Duncan, JackmanRoper, JackmanRoperGeometric, Sahin, JensenShannon} {
		tab, err := TwoWay(k, pairs, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		if max(*tab.First.Value, *tab.Second.Value) > *tab.Joint.Value+1e-12 {
			t.Errorf("%s: margins %v %v above %v", k, *tab.First.Value, *tab.Second.Value, *tab.Joint.Value)
		}
	}
}

func TestTwoWayOdd(t *testing.T) {
	none, err := TwoWay(JensenShannon, []Pair{{"a", "b", at(1), nil}}, DefaultOptions())
	if err != nil || none.Joint.None != NoCells || none.First.None != NoCells || none.Between != nil {
		t.Errorf("%+v, %v", none, err)
	}
	alike := []Pair{{"a / b", "c", at(1), at(2)}, {"a", "b / c", at(1), at(2)}}
	tab, err := TwoWay(Duncan, alike, DefaultOptions())
	if err != nil || tab.Joint.Contributions[0].Key != "a // b / c" || tab.Joint.Contributions[1].Key != "a / b // c" {
		t.Errorf("%+v, %v", tab, err)
	}
	for _, c := range []struct {
		kind  Kind
		pairs []Pair
		says  string
	}{
		{SahinEfficiency, alike, "no margins"},
		{Duncan, slices.Concat(alike, alike), `cell "a / b", "c" is given twice`},
		{Duncan, []Pair{{"a", "b", at(-1), nil}}, `cell "a / b" is -1`},
	} {
		if _, err := TwoWay(c.kind, c.pairs, DefaultOptions()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
	}
}

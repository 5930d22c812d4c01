package allocate

import (
	"context"
	"math/rand/v2"
	"testing"

	"talentmatch/matcher/allocate/mincost"
)

// TestDisguisedNetworks: transportation problems written as networks, with a hub or
// without, cost what the network simplex says, and the check of networks proves it.
func TestDisguisedNetworks(t *testing.T) {
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 3))
		n, arcs := randomDisguise(r)
		d := disguised(n)
		if (d != nil) != (arcs >= disguiseFrom) {
			t.Fatalf("seed %d: %d arcs, recognized: %v", seed, arcs, d != nil)
		}
		got, err := SolveNetwork(context.Background(), n, Options{})
		want, err2 := mincost.Solve(context.Background(), n, mincost.Options{})
		if err != nil || err2 != nil {
			t.Fatal(seed, err, err2)
		}
		if err := mincost.Check(n, got); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got.Cost.Cmp(want.Cost) != 0 {
			t.Fatalf("seed %d: cost %v, not %v", seed, got.Cost, want.Cost)
		}
	}
}

// randomDisguise numbers nodes in no order.
func randomDisguise(r *rand.Rand) (n *mincost.Network, arcs int) {
	supplies, demands, hub := 50+r.IntN(200), 200+r.IntN(800), r.IntN(2) == 0
	n = &mincost.Network{Nodes: supplies + demands}
	if hub {
		n.Nodes++
	}
	at := r.Perm(n.Nodes)
	n.Supply = make([]int64, n.Nodes)
	add := func(a, b int, upper, cost int64) {
		n.Tail, n.Head = append(n.Tail, int32(at[a])), append(n.Head, int32(at[b]))
		n.Lower, n.Upper, n.Cost = append(n.Lower, 0), append(n.Upper, upper), append(n.Cost, cost)
	}
	total := int64(0)
	for s := range supplies {
		k := int64(r.IntN(30))
		n.Supply[at[s]] = k
		total += k
	}
	for d := range demands {
		k := int64(r.IntN(6))
		if !hub { // all must find a place
			k = min(k, total)
			if d == demands-1 {
				k = total
			}
		}
		n.Supply[at[supplies+d]] = -k
		total -= k
	}
	most := int64([]int{1, 20, 10_000}[r.IntN(3)])
	for d := range demands {
		for s := range supplies {
			if !hub || r.IntN(4) == 0 {
				add(s, supplies+d, mincost.NoBound, r.Int64N(2*most)-most)
			}
		}
	}
	if hub {
		n.Supply[at[supplies+demands]] = -total
		for s := range supplies {
			add(s, supplies+demands, n.Supply[at[s]], r.Int64N(most))
		}
		for d := range demands {
			add(supplies+demands, supplies+d, mincost.NoBound, r.Int64N(most+1))
		}
	}
	return n, len(n.Tail)
}

package allocate

import (
	"context"
	"math/rand/v2"
	"testing"
)

// TestResolverIsTheBest: after any changes, the mended solution is proven, and worth what
// one from the start is.
func TestResolverIsTheBest(t *testing.T) {
	paths := int64(0)
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 11))
		p := randomTransport(r, 1+r.IntN(8), r.IntN(8))
		sol, err := p.Solve(context.Background(), Options{Threads: 1})
		if err != nil {
			t.Fatal(err)
		}
		s, err := NewResolver(p, sol)
		if err != nil {
			t.Fatal(err)
		}
		now := listsOf(p)
		for range 1 + r.IntN(4) {
			for range r.IntN(4) {
				now.change(t, r, s)
			}
			sol, err := s.Solve(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			changed := now.transport()
			if err := changed.Check(sol); err != nil {
				t.Fatalf("seed %d: %v\n%+v\n%+v", seed, err, changed, sol)
			}
			if want := bestValue(changed); sol.Value != want {
				t.Fatalf("seed %d: value %d, the best is %d", seed, sol.Value, want)
			}
			paths += sol.Work.Paths
		}
	}
	if paths == 0 {
		t.Error("nothing was ever mended")
	}
}

// transportLists is a problem that is easy to change.
type transportLists struct {
	seats, heads []int32
	arcs         [][]Arc
}

func listsOf(p *Transport) *transportLists {
	out := &transportLists{seats: append([]int32{}, p.Seats...), heads: append([]int32{}, p.Heads...)}
	for d := range p.Heads {
		out.arcs = append(out.arcs, p.Arcs[p.Off[d]:p.Off[d+1]])
	}
	return out
}

func (l *transportLists) transport() *Transport {
	t := &Transport{Seats: l.seats, Heads: l.heads, Off: []uint32{0}}
	for _, arcs := range l.arcs {
		t.Arcs = append(t.Arcs, arcs...)
		t.Off = append(t.Off, uint32(len(t.Arcs)))
	}
	return t
}

// change changes a supply's seats or a demand, or adds one, here and in a resolver.
func (l *transportLists) change(t *testing.T, r *rand.Rand, s *Resolver) {
	if r.IntN(2) == 0 {
		at, seats := int32(r.IntN(len(l.seats)+1)), int32(r.IntN(5))
		if int(at) == len(l.seats) {
			l.seats = append(l.seats, 0)
		}
		l.seats[at] = seats
		if err := s.SetSeats(at, seats); err != nil {
			t.Fatal(err)
		}
		return
	}
	at, heads := int32(r.IntN(len(l.heads)+1)), int32(r.IntN(5))
	if int(at) == len(l.heads) {
		l.heads, l.arcs = append(l.heads, 0), append(l.arcs, nil)
	}
	var arcs []Arc
	for supply := range l.seats {
		if r.IntN(3) > 0 {
			arcs = append(arcs, Arc{int32(supply), int32(r.IntN(1000))})
		}
	}
	l.heads[at], l.arcs[at] = heads, arcs
	if err := s.SetDemand(at, heads, arcs); err != nil {
		t.Fatal(err)
	}
}

func TestResolverRefuses(t *testing.T) {
	p := &Transport{Seats: []int32{1}, Heads: []int32{1}, Off: []uint32{0, 1}, Arcs: []Arc{{0, 5}}}
	sol, err := p.Solve(context.Background(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewResolver(p, sol)
	if err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"a supply beyond":   r.SetSeats(2, 1),
		"seats below 0":     r.SetSeats(0, -1),
		"a demand beyond":   r.SetDemand(2, 1, nil),
		"an unknown supply": r.SetDemand(0, 1, []Arc{{3, 1}}),
		"heads below 0":     r.SetDemand(0, -1, nil),
	} {
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	sol.Value++
	if _, err := NewResolver(p, sol); err == nil {
		t.Error("a solution that is not proven is accepted")
	}
}

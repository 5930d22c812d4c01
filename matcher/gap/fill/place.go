package fill

import (
	"context"
	"slices"
	"sync"
)

// Placement is a greatest placement of a graph: no other fills more heads, and of those that
// fill as many none fills more of the first opening, of the second then, and so on. It is not
// to be changed, and safe to ask from several goroutines.
type Placement struct {
	Total  int64   // heads filled, f(all openings)
	Filled []int64 // of each opening; does not depend on the order of supplies
	Used   []int64 // of each supply: of one greatest placement, where others may use others (Supplies)

	graph  *Graph
	flow   *flow // lists take, supplies give
	turn   sync.Once
	turned *flow // supplies take, lists give; in use once intervals are asked for
}

// Fill fills openings in their order, each as far as it can be without unfilling one before
// it. Since fills are a polymatroid, that is the greatest total too. Errors: what Validate
// says, and the context's end.
func (g *Graph) Fill(ctx context.Context, o Options) (*Placement, error) {
	if err := g.Validate(); err != nil {
		return nil, err
	}
	f := newFlow(g.lists(), nil, slices.Clone(g.Units))
	p := &Placement{graph: g, flow: f}
	var err error
	if p.Filled, err = f.fill(ctx, g.Heads, g.list, &o); err != nil {
		return nil, err
	}
	for _, n := range p.Filled {
		p.Total += n
	}
	p.Used = make([]int64, len(g.Units))
	for s, n := range g.Units {
		p.Used[s] = n - f.free[s]
	}
	return p, nil
}

// stride is how many openings go by between looks at the context.
const stride = 1 << 10

// fill pushes heads to openings in order; list is whose list each has.
func (f *flow) fill(ctx context.Context, heads []int64, list func(d int) int32, o *Options) ([]int64, error) {
	filled := make([]int64, len(heads))
	for d, n := range heads {
		if d%stride == 0 {
			if err := ended(ctx); err != nil {
				return nil, err
			}
			o.progress("filling", d, len(heads))
		}
		if n > 0 {
			filled[d] = f.push(list(d), n)
		}
	}
	o.progress("filling", len(heads), len(heads))
	return filled, nil
}

// turnRound makes the flow in which supplies take and lists give: what a list has free there
// is its unfilled heads. In both, bounds become distances, so that intervals start from the best.
func (p *Placement) turnRound() {
	f := p.flow
	free := make([]int64, len(f.near))
	for d, n := range p.graph.Heads {
		free[p.graph.list(d)] += n - p.Filled[d]
	}
	p.turned = newFlow(transpose(f.near, len(f.free)), nil, free)
	for e, s := range f.shares {
		if s.amount > 0 {
			p.turned.give(f.giver(int32(e)), s.taker, s.amount)
		}
	}
	p.turned.measure(f)
	f.measure(p.turned)
}

// transpose is, of each giver, the takers it is near to, ascending.
func transpose(near [][]int32, givers int) [][]int32 {
	off := make([]int64, givers+1)
	for _, list := range near {
		for _, g := range list {
			off[g+1]++
		}
	}
	for g := range givers {
		off[g+1] += off[g]
	}
	all, end := make([]int32, off[givers]), slices.Clone(off)
	for t, list := range near {
		for _, g := range list {
			all[end[g]] = int32(t)
			end[g]++
		}
	}
	back := make([][]int32, givers)
	for g := range back {
		back[g] = all[off[g]:off[g+1]]
	}
	return back
}

// measure makes all bounds the distances that they bound. back is the same flow, turned
// round: what a giver here is near to, and whom a taker here gets from.
func (f *flow) measure(back *flow) {
	for t := range f.takerAt {
		f.takerAt[t] = dead
	}
	var queue []int32
	for g := range f.giverAt {
		f.giverAt[g] = dead
		if f.free[g] > 0 {
			f.giverAt[g] = 0
			queue = append(queue, int32(g))
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		g := queue[0]
		for _, t := range back.near[g] {
			if f.takerAt[t] != dead {
				continue
			}
			f.takerAt[t] = f.giverAt[g]
			for e := back.start(t); e != none; e = back.after(e) {
				if to := back.shares[e].taker; back.shares[e].amount > 0 && f.giverAt[to] == dead {
					f.giverAt[to] = f.takerAt[t] + 1
					queue = append(queue, to)
				}
			}
		}
	}
}

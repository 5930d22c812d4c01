package cause

import (
	"context"
	"hash/fnv"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/fill"
)

// Every able program is listed while programs times openings are at most so many, and able
// pairs at most so many.
const (
	mostChecked = 50_000_000
	mostPairs   = 10_000_000
)

// list finds who is able for each opening.
func (b *builder) list(ctx context.Context) error {
	all := b.o.Candidates == 0
	if all || !b.o.Sampled && len(b.Programs)*len(b.Openings) <= mostChecked {
		most := int64(mostPairs)
		if all {
			most = 1 << 40
		}
		done, err := b.lists(ctx, most, func(query *matcher.AbleQuery) func(d int, list []int32) []int32 {
			return func(d int, list []int32) []int32 {
				if b.Openings[d].Outside {
					return list
				}
				return b.every(query.For(b.Openings[d].Needs), list)
			}
		})
		if err != nil || done {
			b.Exact = true
			return err
		}
	}
	s := b.newSets()
	_, err := b.lists(ctx, 1<<40, func(query *matcher.AbleQuery) func(d int, list []int32) []int32 {
		c := &choice{sets: s, query: query, listed: make([]int32, len(b.Programs))}
		for p := range c.listed {
			c.listed[p] = -1
		}
		return func(d int, list []int32) []int32 {
			if b.Fill.Openings[d].Heads == 0 {
				return list
			}
			return c.choose(d, list)
		}
	})
	return err
}

// stretch is how many openings one worker takes at a time.
const stretch = 1 << 10

// lists makes the lists of all openings, several stretches at once, in order. It gives up, and says
// so, when they would hold more than most.
func (b *builder) lists(ctx context.Context, most int64, worker func(*matcher.AbleQuery) func(d int, list []int32) []int32) (done bool, err error) {
	n := len(b.Openings)
	parts := make([][]int32, (n+stretch-1)/stretch)
	ends := make([]int64, n+1) // within the part at first
	var next, total atomic.Int64
	var lock sync.Mutex
	var work sync.WaitGroup
	ready := 0
	for range min(runtime.GOMAXPROCS(0), max(1, len(parts))) {
		work.Go(func() {
			of := worker(b.ables.Query())
			for {
				i := int(next.Add(1)) - 1
				if i >= len(parts) || ctx.Err() != nil || total.Load() > most {
					return
				}
				var list []int32
				for d := i * stretch; d < min((i+1)*stretch, n); d++ {
					from := len(list)
					list = of(d, list)
					slices.Sort(list[from:])
					ends[d+1] = int64(len(list))
				}
				parts[i] = slices.Clip(list)
				total.Add(int64(len(list)))
				lock.Lock()
				ready++
				b.o.progress("able programs", min(ready*stretch, n), n)
				lock.Unlock()
			}
		})
	}
	work.Wait()
	if err := ctx.Err(); err != nil || total.Load() > most {
		return false, err
	}
	b.Fill.Off, b.Fill.Able = ends, make([]int32, 0, total.Load())
	for i := range parts {
		first := int64(len(b.Fill.Able))
		for d := i * stretch; d < min((i+1)*stretch, n); d++ {
			ends[d+1] += first
		}
		b.Fill.Able = append(b.Fill.Able, parts[i]...)
		parts[i] = nil
	}
	return true, nil
}

// every adds all who are able and have any graduates.
func (b *builder) every(able matcher.Able, list []int32) []int32 {
	for i := range able.Len() {
		if p := able.At(i); b.first[p] < b.first[p+1] {
			list = append(list, p)
		}
	}
	return list
}

// sets are the sets of limits, skills apart, under which an opening gets candidates. Set s is
// bit s, and for those who move, where place is in the way of others, bit movers + s: they come from
// everywhere and would take all turns of those who are there.
type sets struct {
	*builder
	here, all uint64               // those that are of any account; here: of those who are there, place in the way
	relaxing  [2][fill.Sets]uint64 // of broken limits, for those who stay and those who move: the sets that relax them all
}

const movers = fill.Sets

func (b *builder) newSets() *sets {
	s := &sets{builder: b}
	idle := fill.Set(0).With(fill.Skills)
	if b.Tally.Reserved == 0 {
		idle = idle.With(fill.Reservations)
	}
	moves := slices.ContainsFunc(b.Fill.Supplies, func(s fill.Supply) bool { return s.Moves })
	for set := range fill.Set(fill.Sets) {
		if set&idle != 0 {
			continue
		}
		staying, moving := uint64(1)<<set, uint64(1)<<set
		if !set.Has(fill.Place) {
			s.here |= staying
			if moving = 0; moves {
				moving = staying << movers
			}
		}
		s.all |= staying | moving
		for broken := range fill.Set(fill.Sets) {
			if broken&^set == 0 {
				s.relaxing[0][broken] |= staying
				s.relaxing[1][broken] |= moving
			}
		}
	}
	return s
}

// A choice makes lists of candidates, on one goroutine.
type choice struct {
	*sets
	query   *matcher.AbleQuery
	listed  []int32 // of each program: the last opening that lists it
	opening int32
	list    []int32
	enough  int
	count   [2 * fill.Sets]int
	wanting uint64 // sets without enough of them
}

// choose adds enough of those who are able: candidates under each set, more for many heads. Those
// who are at the opening's place come first, for the sets in which place is in the way; the others are
// drawn from everybody. It goes through parts of the programs, and the able ones of a part, in an
// order of the opening's own, since openings that ask the same would all name the same few otherwise.
// What is reserved for its enterprise always counts.
func (c *choice) choose(d int, list []int32) []int32 {
	o := &c.Openings[d]
	c.opening, c.list, c.count = int32(d), list, [2 * fill.Sets]int{}
	c.enough = max(c.o.Candidates, int(min(o.Heads/2, int64(len(c.Programs)))))
	for _, p := range c.holding[o.Holder] {
		if c.query.Able(o.Needs, p) {
			c.add(p)
		}
	}
	lot, here := draw(o.ID), c.here
	place := c.Fill.Openings[d].Place
	if place == fill.Anywhere {
		here = 0
	}
	c.wanting = here
	for i := range c.parts {
		for _, group := range []int{groupOf(place), groupOf(fill.Anywhere)} {
			if c.wanting != 0 && group < c.groups {
				c.take(c.query.Group(o.Needs, (int(lot%uint64(c.parts))+i)%c.parts, group), mix(lot+uint64(i)))
			}
		}
	}
	c.wanting = c.all &^ here
	for i := range c.parts {
		if c.wanting != 0 {
			c.take(c.query.Part(o.Needs, (int(lot%uint64(c.parts))+i)%c.parts), mix(lot-uint64(i)))
		}
	}
	return c.list
}

// take adds those of a part that are wanted.
func (c *choice) take(able matcher.Able, lot uint64) {
	n := able.Len()
	at, step := walk(lot, n)
	for range n {
		p := able.At(at)
		if at += step; at >= n {
			at -= n
		}
		got := c.usable(c.opening, p) & c.wanting
		if got == 0 {
			continue
		}
		c.add(p)
		for rest := got; rest != 0; rest &= rest - 1 {
			set := bits.TrailingZeros64(rest)
			if c.count[set]++; c.count[set] == c.enough {
				c.wanting &^= 1 << set
			}
		}
		if c.wanting == 0 {
			return
		}
	}
}

// add lists a program once.
func (c *choice) add(p int32) {
	if c.listed[p] != c.opening {
		c.listed[p] = c.opening
		c.list = append(c.list, p)
	}
}

// usable is the sets under which an opening can use any of a program's supplies.
func (s *sets) usable(d, p int32) (under uint64) {
	for w := s.first[p]; w < s.first[p+1]; w++ {
		of := 0
		if s.Fill.Supplies[w].Moves {
			of = 1
		}
		under |= s.relaxing[of][s.Fill.Apart(d, w)]
	}
	return under
}

// draw is an opening's lot.
func draw(id string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return mix(h.Sum64())
}

// walk is where to begin and how far to step, so that each of n places is met once.
func walk(lot uint64, n int) (at, step int) {
	if n < 2 {
		return 0, 0
	}
	at, step = int(lot%uint64(n)), 1+int(mix(lot)%uint64(n-1))
	for gcd(step, n) != 1 {
		step = step%(n-1) + 1
	}
	return at, step
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

package fill

// leastPatience is the work of a search by distances before it is worth a sweep. Answers do not
// depend on it; tests change it.
var leastPatience = 1 << 10

// find makes path a shortest one from a taker to a free unit. When there is none, the taker
// is dead.
//
// Distances find short ways at the cost of the nodes that are passed. Where a way is long or
// there is none, bounds would rise in small steps: after some patience a sweep decides. So a
// search costs at most twice what the cheaper of both does.
func (f *flow) find(root int32) bool {
	f.path = f.path[:0]
	end := f.work + f.patience
	t := root
	for f.work <= end {
		g := f.nextGiver(t)
		if g == none {
			f.raiseTaker(t)
			if len(f.path) == 0 {
				if f.takerAt[t] == dead {
					return false
				}
				continue
			}
			last := f.path[len(f.path)-1]
			f.path = f.path[:len(f.path)-1]
			t, g = last.taker, last.giver
		}
		if f.free[g] > 0 {
			f.path = append(f.path, link{t, g, none})
			return true
		}
		if e := f.nextShare(g); e != none {
			f.path = append(f.path, link{t, g, e})
			t = f.shares[e].taker
			continue
		}
		f.raiseGiver(g)
	}
	return f.sweepFrom(root)
}

// nextGiver is a giver that is as near to a free unit as its taker is, or none.
func (f *flow) nextGiver(t int32) int32 {
	want, cur := f.takerAt[t], f.takerCur[t]
	if want == dead {
		return none
	}
	if cur.epoch != f.epoch {
		cur.at = 0
	}
	at, near := int(cur.at), f.near[t]
	for ; at < len(near); at++ {
		if f.giverAt[near[at]] == want {
			return f.stop(t, at, int(cur.at), near[at])
		}
	}
	if f.base != nil {
		for base := f.base[t]; at-len(near) < len(base); at++ {
			if g := base[at-len(near)]; f.giverAt[g] == want {
				return f.stop(t, at, int(cur.at), g)
			}
		}
	}
	return f.stop(t, at, int(cur.at), none)
}

func (f *flow) stop(t int32, at, from int, g int32) int32 {
	f.takerCur[t] = cursor{f.epoch, int32(at)}
	f.work += at - from + 1
	return g
}

// nextShare is a share whose taker is one step nearer to a free unit than the giver, or none.
func (f *flow) nextShare(g int32) int32 {
	want, cur := f.giverAt[g]-1, f.giverCur[g]
	e := cur.at
	if cur.epoch != f.epoch {
		e = f.start(g)
	}
	for ; e != none; e = f.after(e) {
		f.work++
		if s := &f.shares[e]; s.amount > 0 && f.takerAt[s.taker] == want {
			break
		}
	}
	f.giverCur[g] = cursor{f.epoch, e}
	return e
}

// raiseTaker makes the bound of a taker the least of its givers', and stops at the first of
// these. The bound rises by one at least: who has so little is the least.
func (f *flow) raiseTaker(t int32) {
	least, cur, near := int32(dead), 0, f.near[t]
	low := f.takerAt[t] + 1
	at := 0
	for ; at < len(near) && least != low; at++ {
		if b := f.giverAt[near[at]]; b < least {
			least, cur = b, at
		}
	}
	if f.base != nil {
		for base := f.base[t]; at-len(near) < len(base) && least != low; at++ {
			if b := f.giverAt[base[at-len(near)]]; b < least {
				least, cur = b, at
			}
		}
	}
	f.work += at
	f.setTaker(t, least, int32(cur))
}

// raiseGiver makes the bound of a giver without free units one more than the least of those
// it gives to, and stops at the first of these.
func (f *flow) raiseGiver(g int32) {
	least, cur, low := int32(dead), int32(none), f.giverAt[g]
	for e := f.start(g); e != none && least != low; e = f.after(e) {
		f.work++
		if s := &f.shares[e]; s.amount > 0 && f.takerAt[s.taker] < least {
			least, cur = f.takerAt[s.taker], e
		}
	}
	if least < dead {
		least++
	}
	f.setGiver(g, least, cur)
}

// A sweep is a search in breadth: what it has seen, in the order of distance, and from where.
type sweep struct {
	seenTaker, seenGiver []int32 // the sweep that saw it last
	fromShare            []int32 // of takers: the share that led to it
	fromTaker            []int32 // of givers
	takers, givers       []int32 // seen, from near to far
	takerEnd, giverEnd   []int32 // of each distance, where its takers and givers end
	number               int32
}

func (s *sweep) start(takers, givers int) {
	if s.seenTaker == nil {
		s.seenTaker, s.fromShare = make([]int32, takers), make([]int32, takers)
		s.seenGiver, s.fromTaker = make([]int32, givers), make([]int32, givers)
	}
	s.number++
	s.takers, s.givers = s.takers[:0], s.givers[:0]
	s.takerEnd, s.giverEnd = s.takerEnd[:0], s.giverEnd[:0]
}

func (s *sweep) see(t, e int32) {
	s.seenTaker[t], s.fromShare[t] = s.number, e
	s.takers = append(s.takers, t)
}

// sweepFrom looks at everything that a taker reaches, the nearest first, and makes path the
// way to the first free unit. When there is none, all that was seen is dead.
func (f *flow) sweepFrom(root int32) bool {
	s := &f.sweep
	s.start(len(f.near), len(f.free))
	before := f.work
	s.see(root, none)
	for from, given := 0, 0; from < len(s.takers); {
		end := len(s.takers)
		for ; from < end; from++ {
			if g := f.seeGivers(s.takers[from]); g != none {
				f.raiseSeen()
				f.trace(g)
				f.patience = max(leastPatience, f.work-before)
				return true
			}
		}
		for ; given < len(s.givers); given++ {
			f.seeTakers(s.givers[given])
		}
		s.takerEnd, s.giverEnd = append(s.takerEnd, int32(end)), append(s.giverEnd, int32(given))
	}
	for _, t := range s.takers {
		f.setTaker(t, dead, none)
	}
	for _, g := range s.givers {
		f.setGiver(g, dead, none)
	}
	return false
}

// seeGivers sees the givers of a taker; one with free units ends it.
func (f *flow) seeGivers(t int32) int32 {
	if g := f.seeOf(t, f.near[t]); g != none || f.base == nil {
		return g
	}
	return f.seeOf(t, f.base[t])
}

func (f *flow) seeOf(t int32, givers []int32) int32 {
	s := &f.sweep
	f.work += len(givers)
	for _, g := range givers {
		if s.seenGiver[g] == s.number || f.giverAt[g] == dead {
			continue
		}
		s.seenGiver[g], s.fromTaker[g] = s.number, t
		if f.free[g] > 0 {
			return g
		}
		s.givers = append(s.givers, g)
	}
	return none
}

func (f *flow) seeTakers(g int32) {
	s := &f.sweep
	for e := f.start(g); e != none; e = f.after(e) {
		f.work++
		t := f.shares[e].taker
		if f.shares[e].amount > 0 && s.seenTaker[t] != s.number && f.takerAt[t] != dead {
			s.see(t, e)
		}
	}
}

// raiseSeen raises the bounds of what a sweep saw before it found a free unit at distance
// len(giverEnd): a node at distance k is at least so much less k away from one. The greater of
// two bounds is a bound.
func (f *flow) raiseSeen() {
	s := &f.sweep
	far := int32(len(s.giverEnd))
	t, g := int32(0), int32(0)
	for k := range far {
		for ; t < s.takerEnd[k]; t++ {
			if v := s.takers[t]; f.takerAt[v] < far-k {
				f.setTaker(v, far-k, 0)
			}
		}
		for ; g < s.giverEnd[k]; g++ {
			if v := s.givers[g]; f.giverAt[v] < far-k {
				f.setGiver(v, far-k, f.start(v))
			}
		}
	}
}

// trace makes path the way of a sweep to a giver.
func (f *flow) trace(g int32) {
	s := &f.sweep
	f.path = f.path[:0]
	for e := int32(none); ; g = f.giver(e) {
		t := s.fromTaker[g]
		f.path = append(f.path, link{t, g, e})
		if e = s.fromShare[t]; e == none {
			break
		}
	}
	for i, j := 0, len(f.path)-1; i < j; i, j = i+1, j-1 {
		f.path[i], f.path[j] = f.path[j], f.path[i]
	}
}

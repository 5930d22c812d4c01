package fill

import (
	"context"
	"runtime"
	"sync"

	"talentmatch/talent"
)

// Graph is what can be filled, in numbers. Supplies, lists and openings are numbered from 0.
//
// Openings that can use the same supplies may share a list: that saves memory and time and
// changes no answer.
type Graph struct {
	Units []int64 // of each supply, >= 0
	Heads []int64 // of each opening, >= 0; openings are filled in this order
	List  []int32 // of each opening, its list; nil when opening d has list d
	Off   []int64 // the supplies of list l are Near[Off[l]:Off[l+1]]
	Near  []int32 // supplies; in any order, and one that is there twice counts once
}

// mostUnits is more than all units or all heads may be, so that shares in 120ths fit in 64 bits.
const mostUnits = 1 << 56

// Options say how long runs run.
type Options struct {
	// Threads is how many work at once; 0 for one a core, and two at most where each needs a
	// graph of its own (Market.Causes). The answer is the same.
	Threads int
	// Progress, if not nil, is told what is done, how far, and of how much. Its calls come one
	// after the other, from any goroutine.
	Progress func(step string, done, total int)
}

func (o *Options) threads(most int) int {
	n := o.Threads
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	return max(1, min(n, most))
}

// counter tells Progress of each of total things done, from any goroutine.
func (o *Options) counter(step string, total int) func() {
	var lock sync.Mutex
	done := 0
	return func() {
		lock.Lock()
		defer lock.Unlock()
		done++
		o.progress(step, done, total)
	}
}

func (o *Options) progress(step string, done, total int) {
	if o.Progress != nil {
		o.Progress(step, done, total)
	}
}

// Validate reports the first thing that is wrong, as a talent.InvalidError.
func (g *Graph) Validate() error {
	if err := amounts("units", g.Units); err != nil {
		return err
	}
	if err := amounts("heads", g.Heads); err != nil {
		return err
	}
	lists := len(g.Off) - 1
	if g.List == nil && lists != len(g.Heads) {
		return invalid("off", "%d openings with a list each need %d offsets, not %d", len(g.Heads), len(g.Heads)+1, len(g.Off))
	}
	if g.List != nil && len(g.List) != len(g.Heads) {
		return invalid("list", "%d openings have %d lists", len(g.Heads), len(g.List))
	}
	if err := members("list", g.List, lists); err != nil {
		return err
	}
	if err := offsets("off", g.Off, len(g.Near)); err != nil {
		return err
	}
	return members("near", g.Near, len(g.Units))
}

// list is the list of an opening.
func (g *Graph) list(d int) int32 {
	if g.List == nil {
		return int32(d)
	}
	return g.List[d]
}

func (g *Graph) lists() [][]int32 {
	lists := make([][]int32, len(g.Off)-1)
	for l := range lists {
		lists[l] = g.Near[g.Off[l]:g.Off[l+1]]
	}
	return lists
}

func invalid(field, format string, args ...any) error {
	return talent.Invalid(field, "", format, args...)
}

// most32 is how many nodes of a kind there may be.
const most32 = 1<<31 - 2

// amounts checks that numbers are not negative and that their sum stays in range.
func amounts(field string, list []int64) error {
	if len(list) > most32 {
		return invalid(field, "%d are too many", len(list))
	}
	total := int64(0)
	for i, n := range list {
		if n < 0 {
			return invalid(field, "number %d is %d", i, n)
		}
		if n > mostUnits-total {
			return invalid(field, "from number %d on, the sum is more than %d", i, int64(mostUnits))
		}
		total += n
	}
	return nil
}

// offsets checks that they divide n things.
func offsets(field string, off []int64, n int) error {
	if len(off) == 0 || off[0] != 0 || off[len(off)-1] != int64(n) {
		return invalid(field, "%d offsets do not divide %d", len(off), n)
	}
	for i := range len(off) - 1 {
		if off[i] > off[i+1] {
			return invalid(field, "offset %d is %d, after %d", i+1, off[i+1], off[i])
		}
	}
	return nil
}

// members checks that numbers are of 0..n-1.
func members(field string, list []int32, n int) error {
	for i, m := range list {
		if m < 0 || int(m) >= n {
			return invalid(field, "number %d is %d, of %d", i, m, n)
		}
	}
	return nil
}

// ended says how a run was stopped, nil while it was not.
func ended(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

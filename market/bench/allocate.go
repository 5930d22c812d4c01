package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"talentmatch/matcher"
	"talentmatch/matcher/allocate"
	"talentmatch/talent"
)

// AllocateOptions are what a market is made of whose seating is measured.
type AllocateOptions struct {
	Programs, Demands int
	Top               int     // programs that may be seated at a demand: its best ones
	Seats             float64 // seats as a share of heads; 0: each program's first cohort with graduates
	Round             int     // values are multiples of it
	Threads           int     // 0: one a core
	Repeat            int     // runs; the median is told
}

// Validate names the first option that is out of range.
func (o *AllocateOptions) Validate() error {
	for _, v := range []struct {
		name             string
		value, low, high int
	}{
		{"programs", o.Programs, 1, MostRecords}, {"demands", o.Demands, 1, MostRecords}, {"top", o.Top, 1, 1000},
		{"round", o.Round, 1, allocateOne}, {"threads", o.Threads, 0, 1024}, {"repeat", o.Repeat, 1, 1000},
	} {
		if v.value < v.low || v.value > v.high {
			return talent.Invalid(v.name, fmt.Sprint(v.value), "must be from %d to %d", v.low, v.high)
		}
	}
	if !(o.Seats >= 0 && o.Seats <= 1000) {
		return talent.Invalid("seats", fmt.Sprint(o.Seats), "must be from 0 to 1000")
	}
	return nil
}

// allocateOne is the value of a score of 1.
const allocateOne = 10_000

// An AllocateMeasurement is what a seating took. Times are in ms.
type AllocateMeasurement struct {
	Market   string  `json:"market"`
	Programs int     `json:"programs"`
	Demands  int     `json:"demands"`
	Edges    int     `json:"edges"`
	Seats    int64   `json:"seats"`
	Heads    int64   `json:"heads"`
	Matching float64 `json:"matching_ms"` // of all demands, which makes the edges
	Solve    float64 `json:"solve_ms"`    // the median
	Least    float64 `json:"solve_least_ms"`
	Check    float64 `json:"check_ms"` // that proves it, beside
	PerEdge  float64 `json:"bytes_per_edge"`
	Value    int64   `json:"value"` // in ten-thousandths of a score
	Filled   int64   `json:"filled"`
	Bids     int64   `json:"bids,omitempty"`
	Cycles   int     `json:"cycles,omitempty"`
	Pivots   int64   `json:"pivots,omitempty"`

	Changed int     `json:"changed,omitempty"`    // demands whose values and heads were changed
	Resolve float64 `json:"resolve_ms,omitempty"` // from the solution and its prices, the check included
	Anew    float64 `json:"anew_ms,omitempty"`    // the changed problem from the start, its check included
}

// MakeTransport makes a market in memory, matches all its demands in full, and gives the
// transportation problem of seating programs at their best matches. matching is what that took.
func MakeTransport(ctx context.Context, src Source, o AllocateOptions, note func(format string, args ...any)) (t *allocate.Transport, matching time.Duration, err error) {
	if err := o.Validate(); err != nil {
		return nil, 0, err
	}
	r := &run{Options: DefaultOptions(), src: src, ctx: ctx, note: note}
	r.Programs, r.Demands, r.What = o.Programs, o.Demands, nil
	if err := r.build(); err != nil {
		return nil, 0, err
	}
	t = &allocate.Transport{Off: []uint32{0}}
	number := make(map[string]int32, o.Programs)
	for p := range r.snap.Programs {
		number[p.ID] = int32(len(t.Seats))
		seats := int32(0)
		for _, c := range p.Cohorts {
			if seats == 0 {
				seats = int32(c.Graduates)
			}
		}
		t.Seats = append(t.Seats, seats)
	}
	heads, total := make(map[string]int32, o.Demands), 0.0
	for d := range r.snap.Demands {
		heads[d.ID] = int32(d.Headcount)
		total += float64(d.Headcount)
	}
	if o.Seats > 0 {
		each, owed := o.Seats*total/float64(len(t.Seats)), 0.0
		for s := range t.Seats {
			owed += each
			t.Seats[s] = int32(owed)
			owed -= float64(t.Seats[s])
		}
	}
	begun, round := time.Now(), int32(o.Round)
	err = r.snap.MatchAll(ctx, matcher.ForDemands, matcher.Query{Top: o.Top, Weights: matcher.DefaultWeights(), Totals: true}, 0, func(id string, res *matcher.Result) error {
		t.Heads = append(t.Heads, heads[id])
		for _, x := range res.Matches {
			v := int32(math.Round(x.Score.Total * allocateOne))
			t.Arcs = append(t.Arcs, allocate.Arc{Supply: number[x.ID], Value: v / round * round})
		}
		t.Off = append(t.Off, uint32(len(t.Arcs)))
		return nil
	})
	return t, time.Since(begun), err
}

// MeasureAllocate solves a problem again and again, each answer proven, and then once more after a
// small change from the solution before.
func MeasureAllocate(ctx context.Context, t *allocate.Transport, o AllocateOptions) (*AllocateMeasurement, error) {
	m := &AllocateMeasurement{Programs: len(t.Seats), Demands: len(t.Heads), Edges: len(t.Arcs)}
	for _, n := range t.Seats {
		m.Seats += int64(n)
	}
	for _, n := range t.Heads {
		m.Heads += int64(n)
	}
	var took []time.Duration
	var sol *allocate.Solution
	solve := func() (time.Duration, error) {
		begun := time.Now()
		var err error
		sol, err = t.Solve(ctx, allocate.Options{Threads: o.Threads})
		return time.Since(begun), err
	}
	check := func() (time.Duration, error) {
		begun := time.Now()
		err := t.Check(sol)
		return time.Since(begun), err
	}
	for range o.Repeat {
		runtime.GC()
		took0, err := solve()
		if err != nil {
			return nil, err
		}
		took = append(took, took0)
		proof, err := check()
		if err != nil {
			return nil, err
		}
		m.Check = millis(proof)
	}
	var times Measurement
	times.setTimes(took)
	m.Solve, m.Least = times.P50, times.P50
	for _, d := range took {
		m.Least = min(m.Least, millis(d))
	}
	m.Value, m.Filled, m.Bids, m.Cycles, m.Pivots = sol.Value, sol.Filled, sol.Work.Bids, sol.Work.Cycles, sol.Work.Pivots
	if m.Edges > 0 {
		m.PerEdge = peak(func() { _, _ = solve() }) / float64(m.Edges)
	}
	return m, m.resolve(ctx, t, sol, solve, check)
}

// peak is the most memory that is in use while something is done, beyond what was before.
// Nothing is collected meanwhile, so it is what was asked for in all.
func peak(do func()) float64 {
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	before := heapNow()
	do()
	return heapNow() - before
}

func heapNow() float64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return float64(s.HeapAlloc)
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// changedShare is how many demands a change is about, as a divisor.
const changedShare = 1000

// resolve changes the values and heads of a few demands.
func (m *AllocateMeasurement) resolve(ctx context.Context, t *allocate.Transport, sol *allocate.Solution, solve, check func() (time.Duration, error)) error {
	r, err := allocate.NewResolver(t, sol)
	if err != nil {
		return err
	}
	dice := rand.New(rand.NewPCG(1, 2))
	m.Changed = max(1, len(t.Heads)/changedShare)
	for range m.Changed {
		d := dice.IntN(len(t.Heads))
		arcs := t.Arcs[t.Off[d]:t.Off[d+1]]
		for i := range arcs {
			arcs[i].Value = max(1, arcs[i].Value+int32(dice.IntN(601))-300)
		}
		t.Heads[d] = max(0, t.Heads[d]+int32(dice.IntN(5))-2)
		if err := r.SetDemand(int32(d), t.Heads[d], arcs); err != nil {
			return err
		}
	}
	begun := time.Now()
	mended, err := r.Solve(ctx)
	if err != nil {
		return err
	}
	if err := t.Check(mended); err != nil {
		return err
	}
	m.Resolve = millis(time.Since(begun))
	took, err := solve()
	if err != nil {
		return err
	}
	proof, err := check()
	m.Anew = millis(took + proof)
	return err
}

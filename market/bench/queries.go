package bench

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// A query is one question: which rows of a side fit the record of that number on the
// other side, within a filter.
type query struct {
	side   string // what is ranked
	number int
	within string // a region's id; "" no filter
}

// number is the record of the i-th query: they are spread evenly over the other side.
func (r *run) number(side string, i int) int {
	size := r.Demands
	if side == demands {
		size = r.Programs
	}
	return i * size / r.Queries % size
}

// mixed are queries of which one in four is not filtered, two are bound to the record's
// province, and one to its prefecture.
func (r *run) mixed(side string) []query {
	out := make([]query, r.Queries)
	gazetteer := talent.NewGazetteer(nil)
	for i := range out {
		q := query{side: side, number: r.number(side, i)}
		region := int32(0)
		if side == programs {
			region = r.src.Demand(q.number).Region
		} else {
			region = r.src.Program(q.number).Region
		}
		path := gazetteer.Path(r.src.Regions()[region])
		switch i % 4 {
		case 1, 2:
			q.within = path[len(path)-2]
		case 3:
			q.within = path[0]
		}
		out[i] = q
	}
	return out
}

// answer asks the matcher. What a caller prepares once, such as the record and the
// filter, is not part of the query; see timed.
func (r *run) answer(q *query, s score, top int) (*matcher.Result, error) {
	_, res, err := r.timed(r.snap, q, s, top)
	return res, err
}

// timed is answer on a snapshot, with the time that it took from the record in numeric
// form to the ranked results with their components.
func (r *run) timed(snap *matcher.Snapshot, q *query, s score, top int) (time.Duration, *matcher.Result, error) {
	return r.prepared(q, s, top)(snap)
}

// prepared is a query ready to be asked.
func (r *run) prepared(q *query, s score, top int) func(*matcher.Snapshot) (time.Duration, *matcher.Result, error) {
	mq := matcher.Query{Top: top, Weights: s.weights, Totals: s.totals}
	if q.within != "" {
		mq.Filter.Regions = r.snap.Atlas().Within([]string{q.within})
	}
	if q.side == programs {
		d := r.src.Demand(q.number)
		return func(snap *matcher.Snapshot) (time.Duration, *matcher.Result, error) {
			start := time.Now()
			res, err := snap.MatchPrograms(r.ctx, &d, mq)
			return time.Since(start), res, err
		}
	}
	p := r.src.Program(q.number)
	return func(snap *matcher.Snapshot) (time.Duration, *matcher.Result, error) {
		start := time.Now()
		res, err := snap.MatchDemands(r.ctx, &p, mq)
		return time.Since(start), res, err
	}
}

// queries measures one query at a time: the mix, then the same without filters, of both
// sides; then holds some answers against brute force.
func (r *run) queries(what string, s score) error {
	for _, side := range []string{programs, demands} {
		mix := r.mixed(side)
		plain := slices.Clone(mix)
		for i := range plain {
			plain[i].within = ""
		}
		for _, set := range []struct {
			filter  string
			queries []query
		}{{"mix", mix}, {"none", plain}} {
			m := Measurement{What: what, Side: side, Score: s.name, Filter: set.filter, Top: r.Top}
			took, answers, err := r.time(set.queries, s)
			if err != nil {
				return err
			}
			results := 0
			for _, a := range answers {
				results += len(a.Matches)
			}
			m.Results = float64(results) / float64(len(answers))
			m.setTimes(took)
			if m.Checked, m.Unequal, err = r.check(r.snap, set.queries[:r.Check], s, answers); err != nil {
				return err
			}
			if err := r.give(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// warmUp is how many queries go before, untimed: pools and caches are full in service.
const warmUp = 50

// time asks the queries one after the other.
func (r *run) time(queries []query, s score) ([]time.Duration, []*matcher.Result, error) {
	ready := make([]func(*matcher.Snapshot) (time.Duration, *matcher.Result, error), len(queries))
	for i := range queries {
		ready[i] = r.prepared(&queries[i], s, r.Top)
	}
	runtime.GC()
	for _, ask := range ready[:min(warmUp, len(ready))] {
		if _, _, err := ask(r.snap); err != nil {
			return nil, nil, err
		}
	}
	took, answers := make([]time.Duration, len(ready)), make([]*matcher.Result, len(ready))
	for i, ask := range ready {
		var err error
		if took[i], answers[i], err = ask(r.snap); err != nil {
			return nil, nil, err
		}
	}
	return took, answers, nil
}

// check compares answers with brute force: ids, scores, and how many rows were eligible
// if that was counted.
// It reports how many were looked at and how many differ.
func (r *run) check(snap *matcher.Snapshot, queries []query, s score, answers []*matcher.Result) (checked, unequal int, err error) {
	want, err := r.bruteForce(snap, queries, s, r.Top)
	if err != nil {
		return 0, 0, err
	}
	for i := range queries {
		got := answers[i]
		if (s.totals || got.Eligible == want[i].Eligible) && slices.EqualFunc(got.Matches, want[i].Matches, func(a, b matcher.Match) bool { return byScore(a, b) == 0 }) {
			continue
		}
		unequal++
		r.note("%s for record %d within %q by %s: %d of %d eligible and brute force's %d of %d differ",
			queries[i].side, queries[i].number, queries[i].within, s.name, len(got.Matches), got.Eligible, len(want[i].Matches), want[i].Eligible)
	}
	r.unequal += unequal
	return len(queries), unequal, nil
}

// bruteForce scores every row of the side that the queries rank, pair by pair.
func (r *run) bruteForce(snap *matcher.Snapshot, queries []query, s score, top int) ([]matcher.Result, error) {
	if len(queries) == 0 {
		return nil, nil
	}
	out := make([]matcher.Result, len(queries))
	allowed := make([][]bool, len(queries))
	asking := struct {
		programs []matcher.Program
		demands  []matcher.Demand
	}{make([]matcher.Program, len(queries)), make([]matcher.Demand, len(queries))}
	for i, q := range queries {
		if q.within != "" {
			allowed[i] = snap.Atlas().Within([]string{q.within})
		}
		if q.side == programs {
			asking.demands[i] = r.src.Demand(q.number)
		} else {
			asking.programs[i] = r.src.Program(q.number)
		}
	}
	side := queries[0].side
	ids := snap.DemandIDs()
	if side == programs {
		ids = snap.ProgramIDs()
	}
	var mu sync.Mutex
	err := eachCore(r.ctx, len(ids), func(row int) {
		var p matcher.Program
		var d matcher.Demand
		region := int32(0)
		if side == programs {
			p, _ = snap.Program(ids[row])
			region = p.Region
		} else {
			d, _ = snap.Demand(ids[row])
			region = d.Region
		}
		for i := range queries {
			if allowed[i] != nil && !allowed[i][region] {
				continue
			}
			a, b := &asking.demands[i], &p
			if side == demands {
				a, b = &d, &asking.programs[i]
			}
			sc, gate := snap.ScorePair(a, b, s.weights)
			if gate != matcher.NumGates {
				continue
			}
			mu.Lock()
			out[i].Eligible++
			keep(&out[i].Matches, matcher.Match{ID: ids[row], Score: sc}, top)
			mu.Unlock()
		}
	})
	return out, err
}

// keep puts a match among the best so many, if it is one of them.
func keep(best *[]matcher.Match, m matcher.Match, top int) {
	at, _ := slices.BinarySearchFunc(*best, m, byScore)
	if at == top {
		return
	}
	*best = slices.Insert(*best, at, m)
	*best = (*best)[:min(len(*best), top)]
}

// byScore orders matches as answers do.
func byScore(a, b matcher.Match) int {
	return cmp.Or(cmp.Compare(b.Score.Total, a.Score.Total), cmp.Compare(a.ID, b.ID))
}

// eachCore calls do with 0..n-1, by stretches, on all cores. Error: the context's end.
func eachCore(ctx context.Context, n int, do func(i int)) error {
	const stretch = 256
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(stretch)) - stretch
				if from >= n {
					return
				}
				for i := from; i < min(from+stretch, n); i++ {
					do(i)
				}
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

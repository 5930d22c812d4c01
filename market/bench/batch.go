package bench

import (
	"errors"
	"runtime"
	"time"

	"talentmatch/matcher"
)

// errEnough ends a batch that has gone on long enough.
var errEnough = errors.New("enough")

// batches measures all demands with all programs: the best programs of every demand,
// then the best demands of every program, on all cores, by skills and by the full score.
// A batch that would go on beyond the limit is cut off there and its rate kept.
func (r *run) batches() error {
	for _, side := range []string{programs, demands} {
		for _, s := range []score{skillsOnly, defaults} {
			queries, rows, of := r.Demands, r.Programs, matcher.ForDemands
			if side == demands {
				queries, rows, of = rows, queries, matcher.ForPrograms
			}
			m := Measurement{What: WhatBatch, Side: side, Score: s.name, Top: r.BatchTop}
			r.note("batch: %s for %d records by %s", side, queries, s.name)
			runtime.GC()
			started, results := time.Now(), 0
			err := r.snap.MatchAll(r.ctx, of, matcher.Query{Top: r.BatchTop, Weights: s.weights, Totals: s.totals}, runtime.GOMAXPROCS(0), func(_ string, res *matcher.Result) error {
				m.Queries++
				results += len(res.Matches)
				took := time.Since(started)
				if m.Seconds = took.Seconds(); took > r.Limit {
					return errEnough
				}
				return nil
			})
			if err != nil && !errors.Is(err, errEnough) {
				return err
			}
			m.Results = float64(results) / float64(m.Queries)
			m.PerSecond = float64(m.Queries) / m.Seconds
			m.PairsPer = m.PerSecond * float64(rows)
			m.WholeSecond = float64(queries) / m.PerSecond
			if err := r.give(m); err != nil {
				return err
			}
		}
	}
	return nil
}

package gap

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// MostReplicates bounds a bootstrap.
const MostReplicates = 1000

// An Interval is what a bootstrap says of a difference: percentiles of the replicates (Efron
// and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13; between replicates by Hyndman and
// Fan's definition 7), and the share of replicates in which it is above 0.
type Interval struct {
	Lo80, Hi80, Lo95, Hi95 float64
	Shortage               float64 // P(> 0), 0..1
}

// Uncertain are the intervals of a cell's gaps; nil where the figure has no data.
type Uncertain struct{ Gap, GapAtLevel, EffectiveGap *Interval }

// Kinds of draw: each has a stream of its own.
const (
	drawDemand byte = iota
	drawProgram
	drawOccupation
)

// bootstrapRoom is about how many bytes the replicates of the cells that are worked on take.
const bootstrapRoom = 64 << 20

// Bootstrap says how certain the gaps of some cells are. In each of n replicates
//
//   - a demand counts w times, w exponential of mean 1: the Bayesian bootstrap of postings (Rubin,
//     "The Bayesian bootstrap", 1981), each by itself. No posting is ever away, so a need that nobody
//     can meet stays one. Its headcount is 1 + Poisson of the others, since a posting asks
//     at least one; 0 stays 0. w times it is kept in parts of 1/1024;
//   - the graduates of each cohort are Poisson of their number;
//   - the coverage by which programs serve an occupation is off by the same normal error, with FitSpread as
//     standard deviation, for all programs: the occupation's list of skills, the weights of taxonomy and
//     crosswalks are no surer. So what the report counts is the median of this source.
//
// Rates of study and retention, and in-migration, are taken as they are. The result depends
// on the records and the seed alone. Errors: n out of range, the context's end.
func (r *Report) Bootstrap(ctx context.Context, cells []int32, n int, seed uint64) ([]Uncertain, error) {
	return r.bootstrap(ctx, cells, n, seed, bootstrapRoom)
}

// bootstrap goes over the records once for each block of cells that fits into room; it makes
// no difference to them how many those are.
func (r *Report) bootstrap(ctx context.Context, cells []int32, n int, seed uint64, room int) ([]Uncertain, error) {
	if n < 1 || n > MostReplicates {
		return nil, talent.Invalid("bootstrap", fmt.Sprint(n), "must be from 1 to %d", MostReplicates)
	}
	held := 1
	if r.Totals.Leveled {
		held = levels
	}
	workers := runtime.GOMAXPROCS(0)
	block := max(1, room/(8*n*held*(workers+3)))
	errors := newCoverageErrors(seed, n)
	out := make([]Uncertain, 0, len(cells))
	for some := range slices.Chunk(cells, block) {
		size := len(some) * n * held
		b := &bootstrap{r: r, cells: some, shown: r.shown(some), n: n, seed: seed, levels: held, workers: workers, errors: errors,
			asked: make([]float64, size), has: make([]float64, size), stays: make([]float64, size)}
		b.demands(ctx)
		b.programs(ctx)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range some {
			out = append(out, b.uncertain(i))
		}
	}
	return out, nil
}

// A bootstrap holds the replicates of a block: by cell, replicate and level.
type bootstrap struct {
	r                  *Report
	cells              []int32
	shown              *table[struct{}]
	n, levels, workers int
	seed               uint64
	errors             *coverageErrors
	asked, has, stays  []float64
}

// coverageErrors are the replicates of what the coverage of occupations is off by, drawn when first asked for.
type coverageErrors struct {
	seed   uint64
	n      int
	stream *stream
	drawn  map[int32][]float32 // by value of Occupation
}

func newCoverageErrors(seed uint64, n int) *coverageErrors {
	return &coverageErrors{seed: seed, n: n, stream: newStream(), drawn: map[int32][]float32{}}
}

// of are those of an occupation, in coverage.
func (e *coverageErrors) of(occupation int32, plan *Plan) []float32 {
	if list := e.drawn[occupation]; list != nil {
		return list
	}
	list := make([]float32, e.n)
	e.stream.reset(e.seed, drawOccupation, plan.OccupationID(occupation))
	for k := range list {
		list[k] = float32(FitSpread * e.stream.normal())
	}
	e.drawn[occupation] = list
	return list
}

// A hit is a cell that a record is in.
type hit struct {
	cell  int32
	level uint8 // place among the levels
	fit   int   // place of its occupation in the reader's fits, or -1
}

// hits lists the cells shown that the reader's record is in.
func (b *bootstrap) hits(read *reader, list []hit) []hit {
	read.cells(func(key uint64, level uint8, fit int) {
		if at := b.shown.find(key); at >= 0 {
			list = append(list, hit{at, max(level, 1) - 1, fit})
		}
	})
	return list
}

// add puts a record's replicates into a cell.
func (b *bootstrap) add(to []float64, h hit, amount func(k int) float64) {
	from := int(h.cell) * b.n * b.levels
	for k := range b.n {
		to[from+k*b.levels+int(h.level)] += amount(k)
	}
}

// demands adds up heads, which are whole parts of 1/1024: the order does not matter.
func (b *bootstrap) demands(ctx context.Context) {
	parts := make([][]float64, b.workers)
	var work sync.WaitGroup
	for i := range parts {
		work.Go(func() {
			parts[i] = make([]float64, len(b.asked))
			read, draws := newReader(b.r.plan), newDraws(b.n)
			var list []hit
			b.r.snap.VisitDemands(i, len(parts), func(_ int, d *matcher.Demand) bool {
				if !read.demand(d) {
					return true
				}
				if list = b.hits(read, list[:0]); len(list) == 0 {
					return true
				}
				draws.postings(b.seed, d)
				for _, h := range list {
					b.add(parts[i], h, func(k int) float64 { return draws.amounts[k] })
				}
				return ctx.Err() == nil
			})
		})
	}
	work.Wait()
	for _, p := range parts {
		for i, v := range p {
			b.asked[i] += v
		}
	}
}

// programs adds up graduates in the order of ids.
func (b *bootstrap) programs(ctx context.Context) {
	read, draws := newReader(b.r.plan), newDraws(b.n)
	var list []hit
	b.r.snap.VisitPrograms(func(p *matcher.Program) bool {
		if !read.program(p, true) {
			return true
		}
		drawn, serves := false, [][]bool(nil)
		b.r.cohorts(read, p, func(_ float64, of []int) {
			if len(of) == 0 {
				return
			}
			if list = b.hits(read, list[:0]); len(list) == 0 {
				return
			}
			if !drawn {
				draws.graduates(b.seed, p)
				serves, drawn = b.serves(p.ID, read), true
			}
			draws.sum(of)
			part := b.r.plan.partOf(p, 1)
			stay := 1 - part.study - part.away
			for _, h := range list {
				b.add(b.has, h, func(k int) float64 { return draws.served(serves, h.fit, k) })
				b.add(b.stays, h, func(k int) float64 { return draws.served(serves, h.fit, k) * stay })
			}
		})
		return ctx.Err() == nil
	})
}

// draws are the replicates of one record.
type draws struct {
	stream  *stream
	count   poisson
	amounts []float64   // by replicate
	cohorts [][]float64 // by cohort and replicate
}

func newDraws(n int) *draws { return &draws{stream: newStream(), amounts: make([]float64, n)} }

// grain is the smallest difference of heads: sums of whole parts are exact.
const grain = 1. / 1024

// postings draws how many heads a demand asks: above 0 where it asks any.
func (d *draws) postings(seed uint64, of *matcher.Demand) {
	d.stream.reset(seed, drawDemand, of.ID)
	if of.Headcount <= 0 {
		clear(d.amounts)
		return
	}
	d.count.prepare(float64(of.Headcount - 1))
	for k := range d.amounts {
		w := d.stream.exponential()
		d.amounts[k] = grain * max(1, math.Round(w*(1+d.count.draw(d.stream))/grain))
	}
}

// graduates draws how many leave each cohort, whichever of them count.
func (d *draws) graduates(seed uint64, of *matcher.Program) {
	d.stream.reset(seed, drawProgram, of.ID)
	for i, c := range of.Cohorts {
		if i == len(d.cohorts) {
			d.cohorts = append(d.cohorts, make([]float64, len(d.amounts)))
		}
		d.count.prepare(float64(c.Graduates))
		for k := range d.amounts {
			d.cohorts[i][k] = d.count.draw(d.stream)
		}
	}
}

// sum adds cohorts up.
func (d *draws) sum(of []int) {
	clear(d.amounts)
	for _, i := range of {
		for k, v := range d.cohorts[i] {
			d.amounts[k] += v
		}
	}
}

// serves says, by place in the reader's fits and by replicate, whether a program serves an
// occupation; nil when occupations are not looked at. The fit of nothing is there when no
// occupation is served, kept by the filter or not.
func (b *bootstrap) serves(program string, read *reader) [][]bool {
	plan := b.r.plan
	if plan.Values[Occupation] == nil {
		return nil
	}
	place := map[int32]int{}
	for i, f := range read.fits {
		if f.Coverage != noFit {
			place[f.Occupation] = i
		}
	}
	out, served := make([][]bool, len(read.fits)), make([]bool, b.n)
	for i := range out {
		out[i] = make([]bool, b.n)
	}
	for _, f := range plan.Fits(program) {
		at, kept := place[f.Occupation]
		for k, off := range b.errors.of(f.Occupation, plan) {
			if f.Coverage+float64(off) >= FitFrom {
				served[k] = true
				if kept {
					out[at][k] = true
				}
			}
		}
	}
	for i, f := range read.fits {
		if f.Coverage == noFit {
			for k := range out[i] {
				out[i][k] = !served[k]
			}
		}
	}
	return out
}

// served is the amount of a replicate, 0 where the program does not serve the occupation of a
// cell, or, where occupations only filter, none of those kept.
func (d *draws) served(serves [][]bool, fit, k int) float64 {
	if serves == nil || fit >= 0 && serves[fit][k] {
		return d.amounts[k]
	}
	if fit < 0 {
		for i := range serves {
			if serves[i][k] {
				return d.amounts[k]
			}
		}
	}
	return 0
}

// uncertain is the intervals of a cell.
func (b *bootstrap) uncertain(i int) (out Uncertain) {
	f := b.r.Figures(b.cells[i])
	o := &b.r.cells.sums[b.cells[i]]
	in := b.r.arrivals[b.r.cells.keys[b.cells[i]]]
	gap, leveled, effective := make([]float64, b.n), make([]float64, b.n), make([]float64, b.n)
	for k := range b.n {
		at := (i*b.n + k) * b.levels
		asked, has, stays := [levels]float64{}, [levels]float64{}, [levels]float64{}
		copy(asked[:], b.asked[at:at+b.levels])
		copy(has[:], b.has[at:at+b.levels])
		copy(stays[:], b.stays[at:at+b.levels])
		heads := total(&asked)
		by, more, _ := settled(stays, in)
		gap[k], leveled[k], effective[k] = heads-total(&has), heads-b.r.counted(&asked, o.Levels, &has, 0), heads-b.r.counted(&asked, o.Levels, &by, more)
	}
	if f.Gap != nil {
		out.Gap = interval(gap)
	}
	if f.GapAtLevel != nil {
		out.GapAtLevel = interval(leveled)
	}
	if f.EffectiveGap != nil {
		out.EffectiveGap = interval(effective)
	}
	return out
}

// interval sorts the replicates of a difference.
func interval(values []float64) *Interval {
	out := &Interval{}
	for _, v := range values {
		if v > 0 {
			out.Shortage++
		}
	}
	out.Shortage /= float64(len(values))
	slices.Sort(values)
	out.Lo95, out.Lo80, out.Hi80, out.Hi95 = quantile(values, .025), quantile(values, .1), quantile(values, .9), quantile(values, .975)
	return out
}

// quantile is Hyndman and Fan's definition 7 ("Sample quantiles in statistical packages",
// 1996) of sorted values, rounded as figures are.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	lo := int(math.Floor(at))
	hi := min(lo+1, len(sorted)-1)
	return *number(sorted[lo] + (at-float64(lo))*(sorted[hi]-sorted[lo]))
}

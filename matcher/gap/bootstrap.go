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
	drawFit
)

// Bootstrap says how certain the gaps of some cells are. In each of n replicates
//
//   - a demand counts w times, w Poisson of mean 1: postings are resampled, each by itself
//     (Hanley and MacGibbon, "Creating non-parametric bootstrap samples using Poisson
//     frequencies", 2006), and each time with a headcount Poisson of its mean: w of them together
//     are Poisson of w times the mean;
//   - the graduates of each cohort are Poisson of their number;
//   - the coverage by which a program serves an occupation is normal about what it is, with
//     FitSpread as standard deviation: the weights of taxonomy and crosswalks are no surer.
//
// Rates of study and retention, and in-migration, are taken as they are. The result depends
// on the records and the seed alone. Errors: n out of range, the context's end.
func (r *Report) Bootstrap(ctx context.Context, cells []int32, n int, seed uint64) ([]Uncertain, error) {
	if n < 1 || n > MostReplicates {
		return nil, talent.Invalid("bootstrap", fmt.Sprint(n), "must be from 1 to %d", MostReplicates)
	}
	b := &bootstrap{r: r, cells: cells, shown: r.shown(cells), n: n, seed: seed, levels: 1}
	if r.Totals.Leveled {
		b.levels = levels
	}
	size := len(cells) * n * b.levels
	b.asked, b.has, b.stays = make([]float64, size), make([]float64, size), make([]float64, size)
	b.demands(ctx)
	b.programs(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := make([]Uncertain, len(cells))
	for i := range cells {
		out[i] = b.uncertain(i)
	}
	return out, nil
}

// A bootstrap holds the replicates: by cell, replicate and level.
type bootstrap struct {
	r                 *Report
	cells             []int32
	shown             *table[struct{}]
	n, levels         int
	seed              uint64
	asked, has, stays []float64
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

// demands adds up heads, which are whole numbers: the order does not matter.
func (b *bootstrap) demands(ctx context.Context) {
	parts := make([][]float64, runtime.GOMAXPROCS(0))
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
			if list = b.hits(read, list[:0]); len(list) == 0 {
				return
			}
			if !drawn {
				draws.graduates(b.seed, p)
				serves, drawn = draws.serves(b.seed, p.ID, read, b.r.plan), true
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
	weights poisson     // of mean 1
	amounts []float64   // by replicate
	cohorts [][]float64 // by cohort and replicate
}

func newDraws(n int) *draws {
	d := &draws{stream: newStream(), amounts: make([]float64, n)}
	d.weights.prepare(1)
	return d
}

// postings draws how many heads a demand asks.
func (d *draws) postings(seed uint64, of *matcher.Demand) {
	d.stream.reset(seed, drawDemand, of.ID)
	d.count.prepare(float64(of.Headcount))
	for k := range d.amounts {
		d.amounts[k] = 0
		for range int(d.weights.draw(d.stream)) {
			d.amounts[k] += d.count.draw(d.stream)
		}
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
func (d *draws) serves(seed uint64, program string, read *reader, plan *Plan) [][]bool {
	if plan.Values[Occupation] == nil {
		return nil
	}
	n := len(d.amounts)
	place := map[int32]int{}
	for i, f := range read.fits {
		if f.Coverage != noFit {
			place[f.Occupation] = i
		}
	}
	out, served := make([][]bool, len(read.fits)), make([]bool, n)
	for i := range out {
		out[i] = make([]bool, n)
	}
	d.stream.reset(seed, drawFit, program)
	for _, f := range plan.Fits(program) {
		at, kept := place[f.Occupation]
		for k := range n {
			if f.Coverage+FitSpread*d.stream.normal() >= FitFrom {
				served[k] = true
				if kept {
					out[at][k] = true
				}
			}
		}
	}
	for i, f := range read.fits {
		if f.Coverage == noFit {
			for k := range n {
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
	t := &b.r.Totals
	if !t.AnyDemand || !t.AnySupply {
		return out
	}
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
		gap[k], effective[k] = heads-total(&has), heads-total(&stays)-in
		if t.Leveled {
			whole := [levels]int64{}
			for l, v := range asked {
				whole[l] = int64(v)
			}
			leveled[k] = heads - atLevels(&whole, o.Levels, &has, 0)
			effective[k] = heads - atLevels(&whole, o.Levels, &stays, in)
		}
	}
	out.Gap, out.EffectiveGap = interval(gap), interval(effective)
	if t.Leveled {
		out.GapAtLevel = interval(leveled)
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

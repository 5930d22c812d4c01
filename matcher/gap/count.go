package gap

import (
	"context"
	"runtime"
	"sync"

	"talentmatch/matcher"
)

// levels are those of skills, 1..5.
const levels = 5

// Openings are the demands of a cell.
type Openings struct {
	Heads     int64         // headcount
	Unreached int64         // of it: heads of demands without any eligible program
	Asked     [levels]int64 // heads by the level asked; in a cell without a skill all stand first
	Records   int32
	Levels    uint8 // bit l-1: some demand asks level l
}

func (o *Openings) add(other *Openings) {
	o.Heads += other.Heads
	o.Unreached += other.Unreached
	o.Records += other.Records
	o.Levels |= other.Levels
	for l := range o.Asked {
		o.Asked[l] += other.Asked[l]
	}
}

// Output is the supply of a cell, by the level held (all first in a cell without a skill).
type Output struct {
	Graduates   [levels]float64
	Staying     [levels]float64 // of them: neither studying on nor leaving the region
	Study, Away float64         // of all levels: those who do
	Programs    int32           // with cohorts that count
	NoStudy     int32           // of these: do not say how many study on: counted in full
	Retained    int32           // of these: say how many stay, where leaving counts
	NoRetention int32           // of these: do not, where leaving counts
	NoCohorts   int32           // more programs, without any cohort; these stand aside where years are looked at and others count
	OtherYears  int32           // more programs, with cohorts in other years only
}

// silent counts the programs that do not say how many graduates they have.
func (o *Output) silent() int32 { return o.NoCohorts + o.OtherYears }

// graduates is an amount of graduates and what becomes of them.
type graduates struct{ all, study, away float64 }

// partOf splits so many graduates of a program. What is not said takes nobody away.
func (p *Plan) partOf(of *matcher.Program, all float64) graduates {
	g := graduates{all: all}
	if of.FurtherStudy.Said {
		g.study = all * of.FurtherStudy.Share
	}
	if p.leaves(of.Region) && of.Retention.Said {
		g.away = (all - g.study) * (1 - of.Retention.Share)
	}
	return g
}

// Staying is how many of so many graduates of a program neither study on nor leave.
func (p *Plan) Staying(of *matcher.Program, all float64) float64 {
	g := p.partOf(of, all)
	return g.all - g.study - g.away
}

func (o *Output) add(level uint8, g *graduates, p *Plan, of *matcher.Program) {
	l := max(level, 1) - 1
	o.Graduates[l] += g.all
	o.Staying[l] += g.all - g.study - g.away
	o.Study += g.study
	o.Away += g.away
	o.Programs++
	if !of.FurtherStudy.Said {
		o.NoStudy++
	}
	switch {
	case !p.leaves(of.Region):
	case of.Retention.Said:
		o.Retained++
	default:
		o.NoRetention++
	}
}

// Totals count each record once, however many cells it is in.
type Totals struct {
	Heads, Graduates             float64
	Demands, Programs            int // programs with cohorts that count
	NoCohorts, OtherYears        int // more programs, as in Output
	NoStudy, NoRetention         int // programs, as in Output
	WithoutStudy, WithoutStaying float64
	Leveled                      bool // cells have levels
}

// A Report is every cell of a plan over a snapshot.
type Report struct {
	Totals   Totals
	Years    map[int]bool // in which counted demands with heads start
	plan     *Plan
	spoken   spoken
	snap     *matcher.Snapshot
	cells    *table[Openings]
	supply   []Output // beside the cells
	arrivals map[uint64]float64
}

// Count makes a report. A demand counts its headcount, a program its graduates, in full in
// every cell that it touches. Without the dimension Year, graduates are those of the years in
// which the counted demands with heads start, or of each program's newest cohort when no demand says;
// with Year as a filter, of the years kept. Headcounts are whole and graduates are added in the
// order of ids, so the same records make the same numbers whatever the order of rows.
// Errors: a plan that says nothing or too much, the context's end.
func Count(ctx context.Context, snap *matcher.Snapshot, plan *Plan) (*Report, error) {
	if err := plan.validate(); err != nil {
		return nil, err
	}
	r := &Report{plan: plan, snap: snap, Years: map[int]bool{}, Totals: Totals{Leveled: plan.leveled()}}
	r.spoken.read(ctx, snap, plan)
	r.countDemands(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r.countSupply(ctx)
	return r, ctx.Err()
}

// checkEvery is after how many records it is looked whether the answer is still wanted.
const checkEvery = 4096

// demandPart is what one worker has counted.
type demandPart struct {
	cells  *table[Openings]
	years  map[int]bool
	totals Totals
}

func (r *Report) countDemands(ctx context.Context) {
	parts := make([]demandPart, runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range parts {
		work.Go(func() { parts[i] = r.countPart(ctx, i, len(parts)) })
	}
	work.Wait()
	for i := range parts {
		p := &parts[i]
		if r.cells == nil {
			r.cells = p.cells
		} else {
			for k, key := range p.cells.keys {
				at := r.cells.at(key)
				r.cells.sums[at].add(&p.cells.sums[k])
			}
		}
		for y := range p.years {
			r.Years[y] = true
		}
		r.Totals.Heads += p.totals.Heads
		r.Totals.Demands += p.totals.Demands
	}
}

func (r *Report) countPart(ctx context.Context, part, parts int) demandPart {
	out := demandPart{cells: newTable[Openings](), years: map[int]bool{}}
	read := newReader(r.plan)
	var one Openings
	add := func(key uint64, level uint8, _ int) {
		l := max(level, 1) - 1
		o := &out.cells.sums[out.cells.at(key)]
		o.Heads += one.Heads
		o.Unreached += one.Unreached
		o.Records++
		o.Asked[l] += one.Heads
		o.Levels |= 1 << l
	}
	n, lastYear := 0, 0
	r.snap.VisitDemands(part, parts, func(row int, d *matcher.Demand) bool {
		if n++; n%checkEvery == 0 && ctx.Err() != nil {
			return false
		}
		if !read.demand(d) {
			return true
		}
		one.Heads, one.Unreached = int64(d.Headcount), 0
		if !r.plan.Reach.Has(row) {
			one.Unreached = one.Heads
		}
		read.cells(add)
		if year := d.Start / 12; d.Start != matcher.NoStart && d.Headcount > 0 && year != lastYear {
			out.years[year], lastYear = true, year
		}
		out.totals.Heads += float64(d.Headcount)
		out.totals.Demands++
		return true
	})
	return out
}

// countSupply adds graduates in the order of programs: each worker goes through all, and
// takes the cells that are its own.
func (r *Report) countSupply(ctx context.Context) {
	parts := make([]*table[Output], runtime.GOMAXPROCS(0))
	var work sync.WaitGroup
	for i := range parts {
		work.Go(func() { parts[i] = r.supplyPart(ctx, i, len(parts)) })
	}
	work.Wait()
	r.supply = make([]Output, len(r.cells.keys))
	for _, p := range parts {
		for k, key := range p.keys {
			at := r.cells.at(key)
			for int(at) >= len(r.supply) {
				r.supply = append(r.supply, Output{})
			}
			r.supply[at] = p.sums[k]
			if r.alone(at) {
				r.supply[at].NoCohorts, r.supply[at].OtherYears = 0, 0
			}
		}
	}
}

func (r *Report) supplyPart(ctx context.Context, part, parts int) *table[Output] {
	out := newTable[Output]()
	read := newReader(r.plan)
	n := 0
	r.snap.VisitPrograms(func(p *matcher.Program) bool {
		if n++; n%checkEvery == 0 && ctx.Err() != nil {
			return false
		}
		if !read.program(p, false) {
			return true
		}
		total, speaks := 0.0, false
		r.cohorts(read, p, func(all float64, of []int) {
			total += all
			speaks = speaks || len(of) > 0
			g := r.plan.partOf(p, all)
			read.cells(func(key uint64, level uint8, _ int) {
				if mixed(key)>>32%uint64(parts) != uint64(part) || len(of) == 0 && !r.admits(key) {
					return
				}
				switch o := &out.sums[out.at(key)]; {
				case len(of) > 0:
					o.add(level, &g, r.plan, p)
				case len(p.Cohorts) > 0:
					o.OtherYears++
				default:
					o.NoCohorts++
				}
			})
		})
		if part == 0 {
			r.Totals.addProgram(r.plan, p, total, speaks)
		}
		return true
	})
	return out
}

// alone reports whether programs that say nothing of a cell's year are left out of it: where years are looked
// at and others say something.
func (r *Report) alone(cell int32) bool {
	return r.plan.Values[Year] != nil && r.supply[cell].Programs > 0
}

// admits reports whether a program that says nothing of a cell's year is in the cell: where years
// are looked at only with some demand, or where the year is not said.
func (r *Report) admits(key uint64) bool {
	if r.plan.Values[Year] == nil || r.cells.find(key) >= 0 {
		return true
	}
	d := r.plan.dimension(Year)
	return d >= 0 && unpack(key)[d] == 0
}

func (t *Totals) addProgram(plan *Plan, p *matcher.Program, graduates float64, speaks bool) {
	switch {
	case len(p.Cohorts) == 0:
		t.NoCohorts++
		return
	case !speaks:
		t.OtherYears++
		return
	}
	t.Programs++
	t.Graduates += graduates
	if !p.FurtherStudy.Said {
		t.NoStudy++
		t.WithoutStudy += graduates
	}
	if plan.leaves(p.Region) && !p.Retention.Said {
		t.NoRetention++
		t.WithoutStaying += graduates
	}
}

// cohorts calls yield with the graduates of a program that count and the places of their
// cohorts: once a year when Year is a dimension, else once in all. Where it has no cohort that
// counts there are no places: of what the program is in, nobody knows how many it has.
func (r *Report) cohorts(read *reader, p *matcher.Program, yield func(all float64, of []int)) {
	give := func(counts func(year int) bool) {
		sum := 0.0
		read.cohorts = read.cohorts[:0]
		for i, c := range p.Cohorts {
			if counts(c.Year) {
				sum += float64(c.Graduates)
				read.cohorts = append(read.cohorts, i)
			}
		}
		yield(sum, read.cohorts)
	}
	if read.dim[Year] < 0 {
		give(func(year int) bool { return r.counts(p, year) })
		return
	}
	for i, c := range p.Cohorts {
		if !hasYear(p.Cohorts[:i], c.Year) && read.one(Year, int32(c.Year)) {
			give(func(year int) bool { return year == c.Year })
		}
	}
	for _, year := range r.spoken.years {
		if !hasYear(p.Cohorts, year) && read.one(Year, int32(year)) {
			yield(0, nil)
		}
	}
	if len(p.Cohorts) == 0 && read.one(Year, 0) {
		yield(0, nil)
	}
}

func hasYear(cohorts []matcher.CohortSize, year int) bool {
	for _, c := range cohorts {
		if c.Year == year {
			return true
		}
	}
	return false
}

// counts reports whether graduates of a year count where Year is no dimension.
func (r *Report) counts(p *matcher.Program, year int) bool {
	if v := r.plan.Values[Year]; v != nil {
		return v.of(int32(year)) >= 0
	}
	if len(r.Years) > 0 {
		return r.Years[year]
	}
	for _, c := range p.Cohorts {
		if c.Year > year {
			return false
		}
	}
	return true
}

package bench

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
	"talentmatch/talent"
)

// CausesOptions are what a market is made of whose empty heads are explained.
type CausesOptions struct {
	Programs, Demands int
	Candidates        int     // as cause.Options has it; 0 lists every able program whatever it takes
	MinSkills         float64 // 0..1
}

// Validate names the first option that is out of range.
func (o *CausesOptions) Validate() error {
	for _, v := range []struct {
		name             string
		value, low, high int
	}{{"programs", o.Programs, 1, MostRecords}, {"demands", o.Demands, 1, MostRecords}, {"candidates", o.Candidates, 0, 10_000}} {
		if v.value < v.low || v.value > v.high {
			return talent.Invalid(v.name, fmt.Sprint(v.value), "must be from %d to %d", v.low, v.high)
		}
	}
	if !(o.MinSkills >= 0 && o.MinSkills <= 1) {
		return talent.Invalid("min_skills", fmt.Sprint(o.MinSkills), "must be from 0 to 1")
	}
	return nil
}

// A CausesMeasurement is what explaining empty heads took, and what came out.
type CausesMeasurement struct {
	Market    string             `json:"market"`
	Programs  int                `json:"programs"`
	Demands   int                `json:"demands"`
	Supplies  int                `json:"supplies"`
	Pairs     int                `json:"pairs"` // of openings and able programs
	Exact     bool               `json:"exact"`
	Heads     int64              `json:"heads"`
	Available int64              `json:"available"`
	Unfilled  int64              `json:"unfilled"`
	Numbers   int64              `json:"numbers"`
	Shares    map[string]float64 `json:"shares"`
	Certain   int64              `json:"certain_shortage"` // of these groups together
	Possible  int64              `json:"possible_shortage"`
	Groups    int                `json:"groups"`  // skills with most unfilled heads
	Build     float64            `json:"build_s"` // the market, from rows
	Causes    float64            `json:"causes_s"`
	Fill      float64            `json:"fill_s"`
	Intervals float64            `json:"intervals_s"` // of these, and of the provinces' graduates
	Total     float64            `json:"total_s"`
	Rows      float64            `json:"rows_mb"` // heap of the market's rows, before
	Peak      float64            `json:"peak_mb"` // most heap in use, rows included
	Memory    float64            `json:"sys_mb"`  // most memory taken from the system
}

// MeasureCauses makes a national market in memory, a third of whose programs say how many study on and
// stay, and one in 50 of which has 20 seats reserved for an enterprise, and explains its empty heads
// by skill.
func MeasureCauses(ctx context.Context, n *National, o CausesOptions, note func(format string, args ...any)) (*CausesMeasurement, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	r := &run{Options: DefaultOptions(), src: rated{n}, ctx: ctx, note: note}
	r.Programs, r.Demands, r.What = o.Programs, o.Demands, nil
	if err := r.build(); err != nil {
		return nil, err
	}
	c := &causesRun{run: r, n: n, m: &CausesMeasurement{Market: n.Name(), Programs: o.Programs, Demands: o.Demands, Shares: map[string]float64{}}}
	c.m.Rows = heap() / 1e6
	stop := c.watch()
	defer stop()
	return c.m, c.measure(o)
}

// rated is a market in which some programs say what becomes of their graduates.
type rated struct{ *National }

func (r rated) Program(i int) matcher.Program {
	p := r.National.Program(i)
	if d := newDice(r.seed, kindProgram, i+MostRecords); d.chance(33) {
		p.FurtherStudy, p.Retention = matcher.Rate{Share: float64(d.IntN(40)) / 100, Said: true}, matcher.Rate{Share: float64(40+d.IntN(60)) / 100, Said: true}
	}
	return p
}

type causesRun struct {
	*run
	n *National
	m *CausesMeasurement
}

// watch looks at memory ten times a second until it is told to stop.
func (c *causesRun) watch() (stop func()) {
	end, done := make(chan struct{}), make(chan struct{})
	look := func() {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		c.m.Peak, c.m.Memory = max(c.m.Peak, float64(s.HeapInuse)/1e6), max(c.m.Memory, float64(s.Sys-s.HeapReleased)/1e6)
	}
	go func() {
		defer close(done)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-end:
				look()
				return
			case <-tick.C:
				look()
			}
		}
	}()
	return func() { close(end); <-done }
}

// timed says what a step took, in seconds.
func (c *causesRun) timed(step string, do func() error) (float64, error) {
	begun := time.Now()
	err := do()
	took := time.Since(begun).Seconds()
	c.note("%s in %.1f s", step, took)
	return took, err
}

func (c *causesRun) measure(o CausesOptions) (err error) {
	var k *cause.Market
	begun := time.Now()
	c.m.Build, err = c.timed("market", func() (err error) {
		openings := c.openings()
		k, err = cause.Build(c.ctx, c.snap, openings, cause.Options{MinSkills: o.MinSkills, Candidates: o.Candidates, Place: c.provinces(), Pacts: c.pacts(openings)})
		return err
	})
	if err != nil {
		return err
	}
	m := c.m
	m.Supplies, m.Pairs, m.Exact, m.Available = len(k.Supplies), len(k.Fill.Able), k.Exact, k.Tally.Available
	for i := range k.Openings {
		m.Heads += k.Openings[i].Heads
	}
	var unfilled []int64
	m.Causes, err = c.timed("causes", func() error {
		x, err := k.Fill.Causes(c.ctx, fill.Options{})
		if err != nil {
			return err
		}
		m.Unfilled, m.Numbers, unfilled = x.Unfilled[0], x.Numbers, x.Openings.Unfilled
		for limit := range fill.Limits {
			m.Shares[limit.String()] = fill.Heads(x.Share[limit])
		}
		return nil
	})
	if err != nil {
		return err
	}
	var p *fill.Placement
	m.Fill, err = c.timed("placement", func() error {
		g, err := k.Fill.Graph(c.ctx)
		if err != nil {
			return err
		}
		p, err = g.Fill(c.ctx, fill.Options{})
		return err
	})
	if err != nil {
		return err
	}
	m.Intervals, err = c.timed("intervals", func() error { return c.intervals(k, unfilled, p) })
	m.Total = time.Since(begun).Seconds()
	return err
}

// openings are the demands by id.
func (c *causesRun) openings() []cause.Opening {
	out := make([]cause.Opening, 0, c.Demands)
	c.snap.VisitDemands(0, 1, func(_ int, d *matcher.Demand) bool {
		out = append(out, cause.Opening{
			ID: d.ID, Heads: int64(d.Headcount), Start: d.Start, Region: d.Region, Education: d.Education,
			Holder: d.Attrs[matcher.AttrOwner], Needs: d.Needs,
		})
		return true
	})
	slices.SortFunc(out, func(x, y cause.Opening) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// provinces says in which province a region is.
func (c *causesRun) provinces() func(region int32) int32 {
	g, at := talent.NewGazetteer(nil), map[string]int32{}
	to := make([]int32, len(c.n.Regions()))
	for i, id := range c.n.Regions() {
		path := g.Path(id)
		to[i] = fill.Anywhere
		if len(path) < 2 {
			continue
		}
		province := path[len(path)-2]
		if _, known := at[province]; !known {
			at[province] = int32(len(at))
		}
		to[i] = at[province]
	}
	return func(region int32) int32 { return to[region] }
}

// pacts reserve 20 seats of one program in 50 for the enterprise of some opening.
func (c *causesRun) pacts(openings []cause.Opening) (out []cause.Pact) {
	by := map[int32][]int32{}
	for d := range openings {
		by[openings[d].Holder] = append(by[openings[d].Holder], int32(d))
	}
	for i := 0; i < c.Programs; i += 50 {
		id := programID(i)
		holder := openings[newDice(c.n.seed, kindProgram, i+2*MostRecords).IntN(len(openings))].Holder
		out = append(out, cause.Pact{Holder: holder, Seats: 20, Openings: by[holder],
			Concerns: func(p *matcher.Program) bool { return p.ID == id }, Within: func(int) bool { return true }})
	}
	return out
}

// page is how many skills intervals are asked of.
const page = 50

// intervals asks for shortages of the skills with most unfilled heads, as a page of the answer
// does, and for surpluses by province of the program.
func (c *causesRun) intervals(k *cause.Market, unfilled []int64, p *fill.Placement) error {
	skills := grouped(len(k.Openings), func(d int, in func(group int32)) {
		for i := range k.Openings[d].Needs {
			in(k.Openings[d].Needs[i].Skill)
		}
	})
	first := make([]int, len(skills.Off)-1)
	sum := make([]int64, len(first))
	for i := range first {
		first[i] = i
		for _, d := range skills.Member[skills.Off[i]:skills.Off[i+1]] {
			sum[i] += unfilled[d]
		}
	}
	slices.SortStableFunc(first, func(x, y int) int { return cmp.Compare(sum[y], sum[x]) })
	ask := fill.Groups{Off: []int64{0}}
	for _, i := range first[:min(page, len(first))] {
		ask.Member = append(ask.Member, skills.Member[skills.Off[i]:skills.Off[i+1]]...)
		ask.Off = append(ask.Off, int64(len(ask.Member)))
	}
	list, err := p.Openings(c.ctx, ask, fill.Options{})
	if err != nil {
		return err
	}
	c.m.Groups = len(list)
	for _, v := range list {
		c.m.Certain, c.m.Possible = c.m.Certain+v.Certain(), c.m.Possible+v.Possible()
	}
	in := c.provinces()
	provinces := grouped(len(k.Supplies), func(s int, group func(int32)) { group(in(k.Programs[k.Supplies[s].Program].Region)) })
	_, err = p.Supplies(c.ctx, provinces, fill.Options{})
	return err
}

// grouped puts things into groups by number.
func grouped(things int, groups func(thing int, in func(group int32))) fill.Groups {
	type place struct{ group, thing int32 }
	var all []place
	for i := range things {
		groups(i, func(group int32) { all = append(all, place{group, int32(i)}) })
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.thing, b.thing)) })
	out := fill.Groups{Off: []int64{0}}
	for i, p := range slices.Compact(all) {
		if i > 0 && p.group != all[i-1].group {
			out.Off = append(out.Off, int64(len(out.Member)))
		}
		out.Member = append(out.Member, p.thing)
	}
	if len(out.Member) > 0 {
		out.Off = append(out.Off, int64(len(out.Member)))
	}
	return out
}

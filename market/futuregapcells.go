package market

import (
	"cmp"
	"context"
	"math"
	"slices"

	"talentmatch/matcher/forecast/stockflow"
)

// cells renders every cell with its years, without and with each scenario, the first by Sort first.
func (g *futureGapper) cells(ctx context.Context) ([]FutureCell, error) {
	cases := []*futureCase{g.base()}
	for n := range g.r.Scenarios {
		c, err := g.apply(ctx, n)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	tables := make([]map[string][]FutureFigures, len(cases))
	booked := g.booked(cases)
	for k, c := range cases {
		tables[k] = g.figures(c, booked)
		if k > 0 {
			g.meta.Scenarios = append(g.meta.Scenarios, c.applied)
		}
	}
	out := []FutureCell{}
	for _, key := range sortedKeys(tables[0]) {
		out = append(out, g.cell(key, tables))
	}
	g.sort(out)
	return out, nil
}

// booked are the cells in which known demands begin in some future year under some case: one that a
// scenario empties, or fills, is in all of them, with 0 in the others.
func (g *futureGapper) booked(cases []*futureCase) map[string]bool {
	out := map[string]bool{}
	for _, c := range cases {
		list, _ := g.book(c.known)
		for key := range list {
			out[key] = true
		}
	}
	return out
}

// cell puts a cell's years together.
func (g *futureGapper) cell(key string, tables []map[string][]FutureFigures) FutureCell {
	cell := FutureCell{Key: key}
	cell.Name, cell.NameEN = g.label(key)
	for y, year := range g.years {
		base := tables[0][key][y]
		out := FutureYear{Year: year, FutureFigures: base}
		for n := range g.r.Scenarios {
			s := &g.r.Scenarios[n]
			f := FutureScenario{Name: s.Name, NameEN: s.NameEN, FutureFigures: tables[n+1][key][y]}
			f.DemandChange, f.SupplyChange = change(f.Demand, base.Demand), change(f.EffectiveSupply, base.EffectiveSupply)
			if f.GapChange = change(f.EffectiveGap, base.EffectiveGap); f.GapChange == nil {
				f.GapChange = f.DemandChange
			}
			out.Scenarios = append(out.Scenarios, f)
		}
		cell.Years = append(cell.Years, out)
	}
	return cell
}

func change(a, b *float64) *float64 {
	if a == nil || b == nil {
		return nil
	}
	return millionthOf(*a - *b)
}

// label is a cell's name in both languages.
func (g *futureGapper) label(key string) (zh, en string) {
	if g.r.By == "" {
		return "合计", "total"
	}
	return g.s.world.labelOf(g.r.By, key)
}

// figures are the numbers of every cell in every future year under a case. Cells are those that
// have demand, booked under any case or foreseen, and with source demands or known those that have supply as well.
func (g *futureGapper) figures(c *futureCase, booked map[string]bool) map[string][]FutureFigures {
	supply := g.supply(c.programs)
	demand := g.demand(c, booked)
	if g.r.Source == FromDemands || g.r.Source == FromKnown {
		for key := range supply {
			if demand[key] == nil {
				demand[key] = make([]demandFigure, len(g.years))
				for y := range g.years {
					demand[key][y] = g.none()
				}
			}
		}
	}
	out := map[string][]FutureFigures{}
	for key, years := range demand {
		list := make([]FutureFigures, len(years))
		for y := range years {
			var s supplyFigure
			if supply[key] != nil {
				s = supply[key][y]
			}
			var in *float64
			if a := g.arrivals[key]; a != nil {
				in = a[y]
			}
			list[y] = g.figuresOf(&years[y], &s, in)
		}
		out[key] = list
	}
	return out
}

// A demandFigure is the demand of a cell in a year.
type demandFigure struct {
	spread
	known, foreseen        *float64
	expansion, replacement *float64
}

// none is a cell's year without demand, of which 0 is known.
func (g *futureGapper) none() demandFigure {
	d := demandFigure{known: new(float64)}
	if g.foreseen != nil {
		d.foreseen = new(float64)
	}
	return d
}

// demand is the demand of every cell that has some, by year.
func (g *futureGapper) demand(c *futureCase, booked map[string]bool) map[string][]demandFigure {
	out := map[string][]demandFigure{}
	for key, cell := range g.stocks {
		years := c.openings[key]
		if years == nil {
			years = cell.base
		}
		out[key] = stockFigures(years)
	}
	if g.stocks != nil {
		return out
	}
	demands := g.meta.Demands != nil
	year := func(key string, y int) *demandFigure {
		if out[key] == nil {
			out[key] = make([]demandFigure, len(g.years))
			for k := range out[key] {
				if demands {
					out[key][k] = g.none()
				}
			}
		}
		return &out[key][y]
	}
	for key, list := range g.foreseen {
		for y, s := range list {
			s = s.times(c.postings[y])
			d := year(key, y)
			d.spread, d.foreseen = s, millionthOf(s.mean)
		}
	}
	if !demands {
		return out
	}
	for key := range booked {
		year(key, 0)
	}
	known, _ := g.book(c.known)
	for key, list := range known {
		for y, heads := range list {
			d := year(key, y)
			d.spread, d.known = d.plus(heads), millionthOf(heads)
		}
	}
	return out
}

func stockFigures(years []stockflow.Year) []demandFigure {
	out := make([]demandFigure, len(years))
	for y := range years {
		out[y] = demandFigure{spread: spreadOf(&years[y]), expansion: millionthOf(years[y].Expansion), replacement: millionthOf(years[y].Replacement)}
	}
	return out
}

// figuresOf holds a year's demand against its supply.
func (g *futureGapper) figuresOf(d *demandFigure, s *supplyFigure, in *float64) FutureFigures {
	f := FutureFigures{
		Demand: millionthOf(d.mean), DemandLo80: millionthOf(d.mean - d.down80), DemandHi80: millionthOf(d.mean + d.up80), DemandLo95: millionthOf(d.mean - d.down95), DemandHi95: millionthOf(d.mean + d.up95),
		Known: d.known, Foreseen: d.foreseen, Expansion: d.expansion, Replacement: d.replacement,
	}
	if !g.supplied {
		return f
	}
	f.Supply, f.Assumed = millionthOf(s.graduates), millionthOf(s.assumed)
	effective := s.graduates - s.study - s.away
	if s.saysStudy {
		f.FurtherStudy = millionthOf(s.study)
	}
	if s.saysStays && g.leaves() {
		f.Outflow = millionthOf(s.away)
	}
	if in != nil {
		f.InMigration = millionthOf(*in)
		effective += *in
	}
	f.EffectiveSupply = millionthOf(effective)
	gap := d.less(s.graduates, s.variance)
	f.Gap, f.Shortage = millionthOf(gap.mean), millionthOf(gap.shortage())
	f.GapLo80, f.GapHi80, f.GapLo95, f.GapHi95 = millionthOf(gap.mean-gap.down80), millionthOf(gap.mean+gap.up80), millionthOf(gap.mean-gap.down95), millionthOf(gap.mean+gap.up95)
	gap = d.less(effective, s.effective)
	f.EffectiveGap, f.EffectiveShortage = millionthOf(gap.mean), millionthOf(gap.shortage())
	f.EffectiveGapLo80, f.EffectiveGapHi80, f.EffectiveGapLo95, f.EffectiveGapHi95 = millionthOf(gap.mean-gap.down80), millionthOf(gap.mean+gap.up80), millionthOf(gap.mean-gap.down95), millionthOf(gap.mean+gap.up95)
	if d.mean > 0 {
		f.Ratio = millionthOf(s.graduates / d.mean)
	}
	return f
}

// leaves reports whether graduates who do not stay in the region are no supply.
func (g *futureGapper) leaves() bool { return g.r.By == "region" || len(g.r.Filter.Region) > 0 }

// sort puts the cells in order: the largest of any year first, then the largest demand, then by key.
func (g *futureGapper) sort(cells []FutureCell) {
	of := func(f *FutureYear) *float64 {
		switch g.r.Sort {
		case "gap":
			return f.Gap
		case "demand":
			return f.Demand
		case "change":
			most := 0.0
			for i := range f.Scenarios {
				if v := f.Scenarios[i].GapChange; v != nil {
					most = max(most, math.Abs(*v))
				}
			}
			return &most
		}
		return f.EffectiveGap
	}
	type worth struct{ by, demand float64 }
	worths := map[string]worth{}
	for i := range cells {
		w := worth{math.Inf(-1), math.Inf(-1)}
		for y := range cells[i].Years {
			f := &cells[i].Years[y]
			if v := of(f); v != nil {
				w.by = max(w.by, *v)
			}
			if f.Demand != nil {
				w.demand = max(w.demand, *f.Demand)
			}
		}
		worths[cells[i].Key] = w
	}
	slices.SortFunc(cells, func(a, b FutureCell) int {
		x, y := worths[a.Key], worths[b.Key]
		return cmp.Or(cmp.Compare(y.by, x.by), cmp.Compare(y.demand, x.demand), cmp.Compare(a.Key, b.Key))
	})
}

// millionthOf is a number as it is answered.
func millionthOf(v float64) *float64 {
	v = millionth(v)
	return &v
}

// millionth rounds to a millionth: rates make fractions of people.
func millionth(v float64) float64 {
	if w := math.Round(v*1e6) / 1e6; !math.IsInf(w, 0) {
		v = w
	}
	return v + 0 // no -0
}

package market

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"talentmatch/matcher/forecast"
	"talentmatch/store"
	"talentmatch/talent"
)

// totalKey is the id of the sum of all demands.
const totalKey = "total"

// fromDemands counts heads by the period in which demands were posted, whatever became of
// them, in each cell of the dimensions, in each margin of two, and in all. By skill a demand
// counts its heads for every skill: sums are then of mentions.
func (f *forecaster) fromDemands(ctx context.Context) error {
	keep, err := f.filter()
	if err != nil {
		return err
	}
	unit := periodUnit(f.r.Period)
	first, last := -1, -1
	if _, n, ok := parsePeriod(f.r.From); ok {
		first = n
	}
	if _, n, ok := parsePeriod(f.r.Until); ok {
		last = n
	}
	oldest, newest, newestDay := -1, -1, ""
	cells := map[string]map[int]float64{} // key of the bottom cell -> period -> heads
	conv := f.m.converter(ctx, f.s.world)
	err = eachRecord(ctx, f.m.store, talent.TypeDemand, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Demand)
		values := func(dim string) []string { return f.demandKeys(conv, r, dim) }
		if !keep(func(dim string) []string { return f.saidKeys(conv, r, dim) }) {
			return nil
		}
		if len(r.Posted) < 7 {
			f.meta.Undated++
			return nil
		}
		_, n, ok := parsePeriod(r.Posted[:7])
		if !ok {
			f.meta.Undated++
			return nil
		}
		n = n * unit.parts() / 12
		if first >= 0 && n < first || last >= 0 && n > last {
			return nil
		}
		if oldest < 0 || n < oldest {
			oldest = n
		}
		newest, newestDay = max(newest, n), max(newestDay, r.Posted)
		if len(cells) > MostForecasts {
			return talent.Invalid("by", strings.Join(f.r.By, ","), "makes more than %d series: narrow them by a filter", MostForecasts)
		}
		for _, key := range f.cellsOf(values) {
			if cells[key] == nil {
				cells[key] = map[int]float64{}
			}
			cells[key][n] += float64(r.Headcount)
		}
		return nil
	})
	if err != nil || oldest < 0 {
		return err
	}
	if first < 0 {
		first = oldest
	}
	if last < 0 {
		last = newest
		if !endsPeriod(newestDay, unit) {
			f.note(fmt.Sprintf("按最新需求（%[2]s），%[1]s 尚未结束，不计入；给出 until 则计入", unit.label(last), newestDay),
				fmt.Sprintf("%s is not over by the newest demand (%s) and is left out; until counts it", unit.label(last), newestDay))
			last--
		}
	}
	switch n := last - first + 1; {
	case n < 1:
		return nil
	case n > forecast.MaxValues || n*len(cells) > mostCellValues:
		return talent.Invalid("from", f.r.From, "%d %ss of %d cells are too many: narrow the range from %s until %s, or filter", n, unit, len(cells), unit.label(first), unit.label(last))
	}
	if slices.Contains(f.r.By, "skill") {
		f.note("一个需求的名额计入其每项技能：技能之和计的是被要求的次数，不是名额", "a demand counts its heads in each of its skills: sums of skills are of mentions and are not heads")
	}
	f.cellSeries(cells, unit, first, last)
	return nil
}

// mostCellValues bounds what is counted: half a gigabyte.
const mostCellValues = 60_000_000

// endsPeriod says that a day is so late that its period can count as whole: postings do not
// come every day, so the last week of a month is its end.
func endsPeriod(day string, unit periodUnit) bool {
	month, _ := strconv.Atoi(day[5:7]) // a date, by its form
	return month%(12/unit.parts()) == 0 && day[8:] >= "25"
}

// cellsOf are the bottom cells that a record lies in.
func (f *forecaster) cellsOf(values func(dim string) []string) []string {
	keys := []string{""}
	for i, dim := range f.r.By {
		var next []string
		for _, k := range keys {
			for _, v := range values(dim) {
				if i > 0 {
					v = k + cellSeparator + v
				}
				next = append(next, v)
			}
		}
		keys = next
	}
	return keys
}

// cellSeparator stands between the keys of a cell; no id has it.
const cellSeparator = "\x00"

// saidKeys are a demand's values in a dimension as filters look at them: what the record says,
// not what it is rolled up to.
func (f *forecaster) saidKeys(conv *converter, r *talent.Demand, dim string) []string {
	switch dim {
	case "region":
		return []string{r.Region}
	case "industry":
		return []string{r.Industry}
	}
	return f.demandKeys(conv, r, dim)
}

// demandKeys are a demand's values in a dimension; unsaid where it says nothing.
func (f *forecaster) demandKeys(conv *converter, r *talent.Demand, dim string) []string {
	switch dim {
	case "skill":
		var out []string
		for _, s := range r.Skills {
			if _, id, known := conv.skill(s.Skill, s.Name); known && (len(f.skills) == 0 || slices.Contains(f.skills, id)) {
				out = append(out, id)
			}
		}
		if len(out) == 0 {
			return []string{unsaid}
		}
		return distinct(out)
	case "occupation":
		return []string{orUnsaid(r.Occupation)}
	case "region":
		return []string{f.s.world.rollUp(r.Region, f.r.RegionAt)}
	case "education":
		return []string{orUnsaid(string(r.Education))}
	}
	return []string{rollIndustry(r.Industry, "section")}
}

// cellSeries makes series of cells, and sums of them.
func (f *forecaster) cellSeries(cells map[string]map[int]float64, unit periodUnit, first, last int) {
	var bottom []string
	for key := range cells {
		bottom = append(bottom, key)
	}
	slices.Sort(bottom)
	series := func(id string, keys map[string]string, parts []int) forecastSeries {
		s := forecastSeries{item: ForecastItem{ID: id, Measure: "openings", Keys: keys, Names: map[string]string{}}, unit: unit, first: first, dated: true, parts: parts, values: make([]float64, last-first+1)}
		for dim, k := range keys {
			s.item.Names[dim], _ = f.s.world.labelOf(dim, k)
		}
		return s
	}
	if len(f.r.By) == 0 {
		s := series(totalKey, nil, nil)
		s.count(cells[""])
		f.series = append(f.series, s)
		return
	}
	// Sums come first: all, then each margin of two dimensions; for regions below the
	// province also the provinces.
	type sum struct {
		id   string
		keys map[string]string
		of   []int
	}
	sums := []*sum{{id: totalKey}}
	at := map[string]*sum{}
	provinces := f.aboveCells(bottom)
	for i, key := range bottom {
		parts := strings.Split(key, cellSeparator)
		sums[0].of = append(sums[0].of, i)
		margin := func(dim, k string) {
			id := dim + "=" + k
			if at[id] == nil {
				at[id] = &sum{id: id, keys: map[string]string{dim: k}}
				sums = append(sums, at[id])
			}
			if of := at[id].of; len(of) == 0 || of[len(of)-1] != i { // a province is its own margin too
				at[id].of = append(of, i)
			}
		}
		for d, dim := range f.r.By {
			if len(f.r.By) > 1 {
				margin(dim, parts[d])
			}
			if dim == "region" && f.r.RegionAt != "province" {
				if up := f.s.world.rollUp(parts[d], "province"); up != parts[d] || provinces[up] {
					margin(dim, up)
				}
			}
		}
	}
	slices.SortStableFunc(sums[1:], func(a, b *sum) int { return strings.Compare(a.id, b.id) })
	var kept []*sum
	for _, s := range sums {
		if len(s.of) > 1 {
			kept = append(kept, s)
		}
	}
	for _, s := range kept {
		parts := make([]int, len(s.of))
		one := series(s.id, s.keys, nil)
		for k, i := range s.of {
			parts[k] = len(kept) + i
			one.count(cells[bottom[i]])
		}
		one.parts = parts
		f.series = append(f.series, one)
	}
	for _, key := range bottom {
		keys, words := map[string]string{}, []string{}
		for d, k := range strings.Split(key, cellSeparator) {
			keys[f.r.By[d]] = k
			words = append(words, f.r.By[d]+"="+k)
			if f.r.By[d] == "region" && provinces[k] {
				words = append(words, "itself") // what is in the province and none of its prefectures
			}
		}
		one := series(strings.Join(words, ","), keys, nil)
		one.count(cells[key])
		f.series = append(f.series, one)
	}
}

// aboveCells are the provinces that some cell below them rolls up to.
func (f *forecaster) aboveCells(bottom []string) map[string]bool {
	out := map[string]bool{}
	d := slices.Index(f.r.By, "region")
	if d < 0 || f.r.RegionAt == "province" {
		return out
	}
	for _, key := range bottom {
		k := strings.Split(key, cellSeparator)[d]
		if up := f.s.world.rollUp(k, "province"); up != k {
			out[up] = true
		}
	}
	return out
}

// count adds heads by period, as far as the series reaches.
func (s *forecastSeries) count(heads map[int]float64) {
	for n, v := range heads {
		if k := n - s.first; k >= 0 && k < len(s.values) {
			s.values[k] += v
		}
	}
}

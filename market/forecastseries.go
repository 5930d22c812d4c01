package market

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"talentmatch/store"
	"talentmatch/talent"
)

// fromValues takes the series that came with the request.
func (f *forecaster) fromValues() error {
	seen := map[string]bool{}
	for i, v := range f.r.Values {
		if seen[v.ID] {
			return talent.Invalid(fmt.Sprintf("values[%d].id", i), v.ID, "stands there twice")
		}
		seen[v.ID] = true
		s := forecastSeries{item: ForecastItem{ID: v.ID}, unit: periodUnit(cmp.Or(v.Period, "year"))}
		if u, n, ok := parsePeriod(v.Start); ok {
			s.unit, s.first, s.dated = u, n, true
		}
		for _, x := range v.Values {
			if x == nil {
				s.values = append(s.values, math.NaN())
			} else {
				s.values = append(s.values, *x)
			}
		}
		for len(s.values) > 0 && math.IsNaN(s.values[len(s.values)-1]) { // not known yet: what is forecast
			s.values = s.values[:len(s.values)-1]
		}
		f.series = append(f.series, s)
	}
	return nil
}

// fromRecords takes series records. Two that say the same periods of the same thing are an
// error: which of them counts is not ours to guess.
func (f *forecaster) fromRecords(ctx context.Context) error {
	keep, err := f.filter()
	if err != nil {
		return err
	}
	about := map[string]string{} // what a series says -> its id
	found := map[string]bool{}
	err = eachRecord(ctx, f.m.store, talent.TypeSeries, func(_ store.Item, rec talent.Record) error {
		r := rec.(*talent.Series)
		f.measured = f.measured || r.Measure == f.r.Measure
		if len(f.r.IDs) > 0 && !slices.Contains(f.r.IDs, r.ID) || f.r.Measure != "" && r.Measure != f.r.Measure {
			return nil
		}
		found[r.ID] = true
		if !keep(func(dim string) []string { return []string{seriesKey(r, dim)} }) {
			return nil
		}
		unit, first, ok := parsePeriod(r.Start)
		if !ok {
			f.meta.Failed = append(f.meta.Failed, ForecastFault{r.ID, fmt.Sprintf("starts at %q, which is no period", r.Start)})
			return nil
		}
		same := fmt.Sprintf("%s|%s|%v|%s", r.Measure, r.AgeGroup, r.Keys, unit)
		if other := about[same]; other != "" {
			return talent.Invalid("ids", r.ID, "says the same measure, keys and period as series %s: name the one that counts", other)
		}
		about[same] = r.ID
		s := forecastSeries{
			item: ForecastItem{ID: r.ID, Measure: r.Measure, AgeGroup: r.AgeGroup, Keys: map[string]string{}, Names: map[string]string{}},
			unit: unit, first: first, dated: true, values: r.Values,
			scope: fmt.Sprintf("%s|%s|%s|%s|%s", r.Measure, r.AgeGroup, r.Keys.Skill, r.Keys.Industry, unit),
		}
		for _, dim := range []string{"skill", "occupation", "region", "industry"} {
			if k := seriesKey(r, dim); k != "" {
				s.item.Keys[dim] = k
				s.item.Names[dim], _ = f.s.world.labelOf(dim, k)
			}
		}
		f.series = append(f.series, s)
		return nil
	})
	if err != nil {
		return err
	}
	for _, id := range f.r.IDs {
		if !found[id] {
			return talent.Invalid("ids", id, "there is no such series")
		}
	}
	slices.SortStableFunc(f.series, func(a, b forecastSeries) int { return cmp.Compare(a.item.ID, b.item.ID) })
	f.findSums()
	return nil
}

func seriesKey(r *talent.Series, dim string) string {
	switch dim {
	case "skill":
		return r.Keys.Skill
	case "occupation":
		return r.Keys.Occupation
	case "region":
		return r.Keys.Region
	}
	return r.Keys.Industry
}

// filter says whether a record is asked for, by its values in each dimension.
func (f *forecaster) filter() (func(values func(dim string) []string) bool, error) {
	w, q := f.s.world, &f.r.Filter
	want := map[string]map[string]bool{}
	add := func(dim string, list []string) {
		for _, v := range list {
			if want[dim] == nil {
				want[dim] = map[string]bool{}
			}
			want[dim][v] = true
		}
	}
	f.skills = w.skillIDs(q.Skill)
	add("skill", f.skills)
	add("occupation", w.occupationIDs(q.Occupation))
	add("industry", q.Industry)
	regions, err := w.regionIDs("filter.region", q.Region)
	if err != nil {
		return nil, err
	}
	add("region", regions)
	return func(values func(dim string) []string) bool {
		for dim, set := range want {
			if !slices.ContainsFunc(values(dim), func(v string) bool {
				if dim == "region" {
					return slices.ContainsFunc(w.gazetteer.Path(v), func(r string) bool { return set[r] })
				}
				if dim == "industry" {
					return set[v] || set[rollIndustry(v, "section")] || set[rollIndustry(v, "division")]
				}
				return set[v]
			}) {
				return false
			}
		}
		return true
	}, nil
}

// findSums looks for series that are the sums of others: of a region's parts, of an
// occupation's kinds. That they are called so is not enough, since parts may be missing: a
// series is a sum when it equals what its parts add up to in every period that all have.
func (f *forecaster) findSums() {
	at := map[string]int{}
	key := func(scope, occupation, region string) string { return scope + "|" + occupation + "|" + region }
	for i, s := range f.series {
		if s.scope != "" {
			at[key(s.scope, s.item.Keys["occupation"], s.item.Keys["region"])] = i
		}
	}
	unlike := map[int][2]string{} // series with parts by name that do not add up -> why
	for _, dim := range []string{"region", "occupation"} {
		below := map[int][]int{} // nearest series above -> series
		for i, s := range f.series {
			if s.scope == "" {
				continue
			}
			for _, up := range f.above(dim, s.item.Keys[dim]) {
				occupation, region := s.item.Keys["occupation"], s.item.Keys["region"]
				if dim == "region" {
					region = up
				} else {
					occupation = up
				}
				if j, ok := at[key(s.scope, occupation, region)]; ok {
					below[j] = append(below[j], i)
					break
				}
			}
		}
		for _, j := range slices.Sorted(maps.Keys(below)) {
			if f.series[j].parts != nil {
				continue
			}
			if why := f.addsUp(j, below[j]); why == [2]string{} {
				f.series[j].parts = below[j]
				delete(unlike, j)
			} else {
				unlike[j] = why
			}
		}
	}
	for _, j := range slices.Sorted(maps.Keys(unlike)) {
		f.note(unlike[j][0], unlike[j][1])
	}
}

// above lists what a key lies in, the nearest first; "" (everything) at the end.
func (f *forecaster) above(dim, key string) []string {
	if key == "" {
		return nil
	}
	var up []string
	if dim == "region" {
		up = append(up, f.s.world.gazetteer.Path(key)[1:]...)
	} else {
		for o := f.s.world.catalogue.Occupation(key); o != nil && o.Parent != "" && len(up) < 20; o = f.s.world.catalogue.Occupation(o.Parent) {
			up = append(up, o.Parent)
		}
	}
	return append(up, "")
}

// addsUp says why the parts do not add up to the sum in all common periods, at least three,
// or do not end together, in Chinese and English; nothing when they do.
func (f *forecaster) addsUp(sum int, parts []int) (why [2]string) {
	s := &f.series[sum]
	end, from := s.first+len(s.values), s.first
	for _, p := range parts {
		if f.series[p].first+len(f.series[p].values) != end {
			return [2]string{fmt.Sprintf("序列 %s 与 %s 止于不同期间，未调整一致", s.item.ID, f.series[p].item.ID),
				fmt.Sprintf("series %s and %s end at different periods and were not made to agree", s.item.ID, f.series[p].item.ID)}
		}
		from = max(from, f.series[p].first)
	}
	if end-from < 3 {
		return [2]string{fmt.Sprintf("序列 %s 与 %s 的共同期间过少，未调整一致", s.item.ID, f.names(parts)),
			fmt.Sprintf("series %s and %s have too few periods in common and were not made to agree", s.item.ID, f.names(parts))}
	}
	for t := from; t < end; t++ {
		total := 0.0
		for _, p := range parts {
			total += f.series[p].values[t-f.series[p].first]
		}
		if v := s.values[t-s.first]; !(math.Abs(v-total) <= 1e-6*(math.Abs(v)+1)) {
			return [2]string{fmt.Sprintf("序列 %s 不是 %s 之和，未调整一致", s.item.ID, f.names(parts)),
				fmt.Sprintf("series %s is not the sum of %s and was not made to agree", s.item.ID, f.names(parts))}
		}
	}
	return why
}

// names are the ids of some series, as far as one would read them.
func (f *forecaster) names(at []int) string {
	var ids []string
	for k, i := range at {
		if k == 5 {
			ids = append(ids, fmt.Sprintf("%d more", len(at)-k))
			break
		}
		ids = append(ids, f.series[i].item.ID)
	}
	return strings.Join(ids, ", ")
}

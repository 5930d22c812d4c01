package market

import (
	"fmt"
	"math"
	"slices"

	"talentmatch/matcher/forecast/hierarchy"
)

// reconcile makes sums and their parts agree, one unit of periods after the other.
func (f *forecaster) reconcile() error {
	for _, unit := range []periodUnit{"year", "quarter", "month"} {
		if err := f.reconcileUnit(unit); err != nil {
			return err
		}
	}
	return nil
}

// bottoms are the series without parts that a series adds up to in the end; nil when one of
// them was not forecast.
func (f *forecaster) bottoms(i int, depth int) []int {
	s := &f.series[i]
	if s.result == nil || depth > 30 {
		return nil
	}
	if s.parts == nil {
		return []int{i}
	}
	var out []int
	for _, p := range s.parts {
		b := f.bottoms(p, depth+1)
		if b == nil {
			return nil
		}
		out = append(out, b...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (f *forecaster) reconcileUnit(unit periodUnit) error {
	var sums, bottom []int
	of := map[int][]int{}
	seen := map[int]bool{}
	for i := range f.series {
		s := &f.series[i]
		if s.unit != unit || s.parts == nil {
			continue
		}
		b := f.bottoms(i, 0)
		if b == nil {
			f.meta.Notes = append(f.meta.Notes, fmt.Sprintf("a part of %s could not be forecast, so it was not made to agree", s.item.ID))
			continue
		}
		sums = append(sums, i)
		of[i] = b
		for _, k := range b {
			if !seen[k] {
				seen[k] = true
				bottom = append(bottom, k)
			}
		}
	}
	if len(sums) == 0 {
		return nil
	}
	slices.Sort(bottom)
	names := func(at []int) (out []string) {
		for _, i := range at {
			out = append(out, f.series[i].item.ID)
		}
		return out
	}
	var aggregates []hierarchy.Aggregate
	for _, i := range sums {
		aggregates = append(aggregates, hierarchy.Aggregate{Name: f.series[i].item.ID, Bottom: names(of[i])})
	}
	structure, err := hierarchy.NewStructure(names(bottom), aggregates)
	if err != nil {
		return err
	}
	return f.agree(structure, append(sums, bottom...))
}

// agree reconciles the nodes, in the order of the structure, and writes the means back with
// their intervals, whose widths change as the standard deviations do.
func (f *forecaster) agree(structure *hierarchy.Structure, nodes []int) error {
	long := 0
	for _, i := range nodes {
		long = max(long, len(f.series[i].result.OneStep))
	}
	in := hierarchy.Input{}
	o := hierarchy.DefaultOptions()
	o.NonNegative, o.Round = true, f.r.Counts
	for _, i := range nodes {
		r := f.series[i].result
		errors := make([]float64, long)
		for t := range errors { // the newest values are those that all share
			errors[t] = math.NaN()
			if k := t - (long - len(r.OneStep)); k >= 0 {
				errors[t] = r.OneStep[k]
			}
		}
		variances := make([]float64, len(r.Mean))
		for h := range variances {
			sigma := max(r.Hi95[h]-r.Mean[h], r.Mean[h]-r.Lo95[h]) / normal95
			variances[h] = sigma * sigma
			o.NonNegative = o.NonNegative && r.Mean[h] >= 0
		}
		in.Base, in.Errors, in.Variances = append(in.Base, r.Mean), append(in.Errors, errors), append(in.Variances, variances)
	}
	out, err := hierarchy.Reconcile(structure, in, o)
	if err != nil {
		return err
	}
	f.meta.Reconciled = string(out.Method)
	for _, n := range out.Notes {
		f.meta.Notes = append(f.meta.Notes, n.Text)
	}
	for k, i := range nodes {
		s := &f.series[i]
		s.item.Agrees = true
		for h := range s.result.Mean {
			ratio := 1.0
			if sigma := math.Sqrt(in.Variances[k][h]); out.Std != nil && sigma > 0 {
				ratio = out.Std[k][h] / sigma
			}
			s.move(h, out.Mean[k][h], ratio, o.NonNegative, f.r.Counts)
		}
	}
	return nil
}

// normal95 is the half width of a normal interval of 95 % in standard deviations.
const normal95 = 1.959963984540054

// move sets a step's mean and scales its interval about it.
func (s *forecastSeries) move(h int, mean, ratio float64, bounded, counts bool) {
	r := s.result
	was := r.Mean[h]
	half80, half95 := ratio*max(r.Hi80[h]-was, was-r.Lo80[h]), ratio*max(r.Hi95[h]-was, was-r.Lo95[h])
	r.Mean[h], r.Lo80[h], r.Hi80[h], r.Lo95[h], r.Hi95[h] = mean, mean-half80, mean+half80, mean-half95, mean+half95
	for _, v := range []*float64{&r.Lo80[h], &r.Lo95[h]} {
		if counts {
			*v = math.Floor(*v)
		}
		if bounded {
			*v = max(0, *v)
		}
	}
	if counts {
		r.Hi80[h], r.Hi95[h] = math.Ceil(r.Hi80[h]), math.Ceil(r.Hi95[h])
	}
}

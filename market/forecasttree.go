package market

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

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
	var sums []int
	of := map[int][]int{}
	for i := range f.series {
		s := &f.series[i]
		if s.unit != unit || s.parts == nil {
			continue
		}
		b := f.bottoms(i, 0)
		if b == nil {
			f.note(fmt.Sprintf("%s 有分量无法预测，故未调整一致", s.item.ID), fmt.Sprintf("a part of %s could not be forecast, so it was not made to agree", s.item.ID))
			continue
		}
		sums = append(sums, i)
		of[i] = b
	}
	if len(sums) == 0 {
		return nil
	}
	for _, part := range components(sums, of) {
		if err := f.reconcilePart(part, of); err != nil {
			return err
		}
	}
	return nil
}

// components are the sums that share parts, directly or through others; what has nothing in
// common has no say in each other.
func components(sums []int, of map[int][]int) (out [][]int) {
	at := map[int]int{} // bottom series -> component
	for _, s := range sums {
		into := -1
		for _, b := range of[s] {
			c, ok := at[b]
			if !ok || out[c] == nil || c == into {
				continue
			}
			if into < 0 {
				into = c
				continue
			}
			for _, moved := range out[c] {
				for _, k := range of[moved] {
					at[k] = into
				}
			}
			out[into] = append(out[into], out[c]...)
			out[c] = nil
		}
		if into < 0 {
			into = len(out)
			out = append(out, nil)
		}
		out[into] = append(out[into], s)
		for _, b := range of[s] {
			at[b] = into
		}
	}
	out = slices.DeleteFunc(out, func(c []int) bool { return c == nil })
	for _, c := range out {
		slices.Sort(c)
	}
	return out
}

// mostAgreeing bounds sums^3 x steps, what making them agree costs: some ten seconds.
const mostAgreeing = 2e9

// reconcilePart makes one component agree.
func (f *forecaster) reconcilePart(sums []int, of map[int][]int) error {
	if n := float64(len(sums)); n*n*n*float64(len(f.series[sums[0]].result.Mean)) > mostAgreeing {
		f.note(fmt.Sprintf("自 %[2]s 起的 %[1]d 个总量过多，步数如此之多时无法调整一致", len(sums), f.series[sums[0]].item.ID),
			fmt.Sprintf("%d sums from %s on are too many to be made to agree so many steps ahead", len(sums), f.series[sums[0]].item.ID))
		return nil
	}
	names := func(at []int) (out []string) {
		for _, i := range at {
			out = append(out, f.series[i].item.ID)
		}
		return out
	}
	var bottom []int
	var aggregates []hierarchy.Aggregate
	for _, i := range sums {
		bottom = append(bottom, of[i]...)
		aggregates = append(aggregates, hierarchy.Aggregate{Name: f.series[i].item.ID, Bottom: names(of[i])})
	}
	slices.Sort(bottom)
	bottom = slices.Compact(bottom)
	structure, err := hierarchy.NewStructure(names(bottom), aggregates)
	if err != nil {
		return err
	}
	return f.agree(structure, append(slices.Clone(sums), bottom...))
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
	if method := string(out.Method); !slices.Contains(strings.Split(f.meta.Reconciled, ", "), method) {
		f.meta.Reconciled = strings.TrimPrefix(f.meta.Reconciled+", "+method, ", ")
	}
	for _, n := range out.Notes {
		f.note(agreeingZH(n), n.Text)
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
	r.Move(h, mean, half80, half95, bounded, counts)
}

// agreeingInChinese are notes of making agree; their numbers and names are the English text's, in turn.
var agreeingInChinese = map[hierarchy.Code]string{
	hierarchy.NoDeviation:  "误差与方差均未知，故无标准差。",
	hierarchy.OneStep:      "各步的方差未知：全部 %[1]s 步的标准差均取一步的。",
	hierarchy.TooFewErrors: "%[2]s 个节点中有 %[1]s 个的误差少于 %[3]s 个，首个为 %[4]s（%[5]s 个）：无法估计协方差。",
	hierarchy.Missing:      "%[2]s 个误差中缺 %[1]s 个；一对中缺其一时，按不相关计。",
	hierarchy.Ridged:       "第 %[1]s 步的权重在舍入误差内奇异，已加上 10^10 分之一。",
	hierarchy.AllZero:      "第 %[1]s 步的方差全为 0：按各节点所合计的序列数加权。",
	hierarchy.ZeroVariance: "第 %[4]s 步有 %[1]s 个节点（共 %[2]s 个）方差为 0，首个为 %[5]s：几乎固定不动。",
}

var agreeingWords = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\d+`)

// agreeingZH is a note in Chinese.
func agreeingZH(n hierarchy.Note) string {
	format, known := agreeingInChinese[n.Code]
	if !known || !strings.Contains(format, "%") {
		return cmp.Or(format, n.Text)
	}
	var words []any
	for _, w := range agreeingWords.FindAllString(n.Text, -1) {
		words = append(words, w)
	}
	return fmt.Sprintf(format, words...)
}

package main

import (
	"fmt"
	"strings"

	"talentmatch/market"
)

// forecastInChinese are the words of the table.
var forecastInChinese = map[string]string{
	"series": "序列", "measure": "指标", ">last": ">最近值", ">OWA": ">OWA", "break": "突变", "methods": "方法", "month": "月", "quarter": "季度", "year": "年",
	"no series": "没有序列", "sum of": "合计", "parts": "个分量",
}

// writeForecasts writes forecasts for people, the series of each period length in a table:
// what they are about, the last value, three steps with their intervals of 80 %, how it did
// on its own past, and the methods that counted most.
func writeForecasts(s *session, a *market.ForecastAnswer, zh bool) {
	say := func(word string) string {
		if zh && forecastInChinese[word] != "" {
			return forecastInChinese[word]
		}
		return word
	}
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, say("no series"))
		return
	}
	first := true
	for _, unit := range []string{"month", "quarter", "year"} {
		var t *table
		for i := range a.Items {
			it := &a.Items[i]
			if it.Period != unit {
				continue
			}
			shown := shownSteps(it.Steps)
			if t == nil {
				header := []string{say("series"), say("measure"), say(">last")}
				for _, step := range shown {
					header = append(header, ">"+step.Period, "80 %")
				}
				t = newTable("", append(header, say(">OWA"), say("break"), say("methods"))...)
			}
			row := []string{cutMiddle(it.Title(func(dim string) string { return notSaid(dim, zh) }), 44), cut(it.Measure, 16), ">"}
			row[2] = "-"
			for k := len(it.History) - 1; k >= 0; k-- {
				if it.History[k] != nil {
					row[2] = amount(*it.History[k])
					break
				}
			}
			for _, step := range shown {
				row = append(row, amount(step.Mean), amount(step.Lo80)+".."+amount(step.Hi80))
			}
			owa, broken := "-", ""
			if it.Backtest != nil && it.Backtest.OWA != nil {
				owa = fmt.Sprintf("%.2f", *it.Backtest.OWA)
			}
			if it.Break != nil {
				broken = it.Break.Period
			}
			t.add(append(row, owa, broken, firstMethods(it))...)
		}
		if t == nil {
			continue
		}
		if !first {
			fmt.Fprintln(s.out)
		}
		first = false
		t.write(s.out)
	}
}

// shownSteps are the first, the middle and the last.
func shownSteps(steps []market.ForecastStep) []market.ForecastStep {
	if len(steps) <= 3 {
		return steps
	}
	return []market.ForecastStep{steps[0], steps[(len(steps)-1)/2], steps[len(steps)-1]}
}

func firstMethods(it *market.ForecastItem) string {
	var out []string
	for k, w := range it.Weights {
		if k == 3 {
			break
		}
		out = append(out, fmt.Sprintf("%s %.0f %%", w.Method, 100*w.Weight))
	}
	return strings.Join(out, ", ")
}

// amount shows a number with about three digits.
func amount(v float64) string {
	switch {
	case v >= 100 || v <= -100 || v == float64(int64(v)):
		return fmt.Sprintf("%.0f", v)
	case v >= 10 || v <= -10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

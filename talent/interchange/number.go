package interchange

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/width"
)

var (
	decimalPattern   = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
	thousandsPattern = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$`)
)

// foldWidth turns full-width digits, letters and punctuation into half-width ones
// and trims the space around them.
func foldWidth(s string) string { return strings.TrimSpace(width.Fold.String(s)) }

// parseNumber reads a finite decimal number: half- or full-width digits, thousands
// separators, one of the units behind it. ok is false for anything that could mean
// something else.
func parseNumber(s string, units ...string) (v float64, ok bool) {
	s = foldWidth(s)
	for _, u := range units {
		if t := strings.TrimSuffix(s, u); t != s {
			s = strings.TrimSpace(t)
			break
		}
	}
	if thousandsPattern.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	return parseDecimal(s)
}

// parseDecimal reads a finite decimal number without decoration.
func parseDecimal(s string) (float64, bool) {
	if !decimalPattern.MatchString(s) {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// parseShare reads a share of 1: 0.3 or 30%.
func parseShare(s string) (float64, bool) {
	s = foldWidth(s)
	t, percent := strings.CutSuffix(s, "%")
	if !percent {
		return parseNumber(s)
	}
	t = strings.TrimSpace(t)
	if !decimalPattern.MatchString(t) || strings.ContainsAny(t, "eE") {
		return 0, false
	}
	return parseDecimal(t + "e-2") // exact where dividing by 100 is not: 33.3% is 0.333
}

// formatNumber writes v so that reading it gives v again.
func formatNumber(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// formatFraction writes v with a decimal point, always.
func formatFraction(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

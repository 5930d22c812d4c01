package hierarchy

import (
	"fmt"
	"math"
	"slices"
)

func check(s *Structure, in *Input, o *Options) error {
	if !slices.Contains([]Method{Auto, MinT, WLSVariance, WLSStructural, OLS}, o.Method) {
		return fmt.Errorf("hierarchy: there is no method %q", o.Method)
	}
	if o.MinErrors < 2 {
		return fmt.Errorf("hierarchy: %d errors are too few for a covariance; MinErrors must be 2 or more", o.MinErrors)
	}
	if len(in.Base) == 0 || len(in.Base[0]) == 0 {
		return fmt.Errorf("hierarchy: there are no base forecasts for %q", s.names[0])
	}
	if err := rows(s, "base forecasts", in.Base, len(in.Base[0]), finite); err != nil {
		return err
	}
	if in.Variances != nil {
		if err := rows(s, "variances", in.Variances, len(in.Base[0]), notNegative); err != nil {
			return err
		}
	}
	if in.Errors != nil {
		columns := 0
		if len(in.Errors) > 0 {
			columns = len(in.Errors[0])
		}
		return rows(s, "errors", in.Errors, columns, notInfinite)
	}
	return nil
}

func finite(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "finite"
	}
	return ""
}

func notNegative(v float64) string {
	if finite(v) != "" || v < 0 {
		return "finite and not negative"
	}
	return ""
}

func notInfinite(v float64) string {
	if math.IsInf(v, 0) {
		return "finite, or NaN where missing"
	}
	return ""
}

// rows checks that there is a row per node, all of the same length, of numbers that need
// no complaint.
func rows(s *Structure, what string, v [][]float64, columns int, complaint func(float64) string) error {
	if len(v) < len(s.names) {
		return fmt.Errorf("hierarchy: there are no %s for node %q", what, s.names[len(v)])
	}
	if len(v) > len(s.names) {
		return fmt.Errorf("hierarchy: there are %d rows of %s for %d nodes, the last being %q", len(v), what, len(s.names), s.names[len(s.names)-1])
	}
	for i, row := range v {
		if len(row) != columns {
			return fmt.Errorf("hierarchy: node %q has %d %s, and %q has %d", s.names[i], len(row), what, s.names[0], columns)
		}
		for j, x := range row {
			if c := complaint(x); c != "" {
				return fmt.Errorf("hierarchy: %s of node %q, column %d, is %v; it must be %s", what, s.names[i], j, x, c)
			}
		}
	}
	return nil
}

package hierarchy

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// whole rounds bottom series to whole numbers by largest remainder (Hamilton): all are
// rounded down, and the ones with the largest remainders, first by remainder and then by
// order, go up until the total is the rounded total. Each changes by less than 1 and the
// total by at most 1/2; a sum of some of them may change by more.
func whole(s *Structure, bottom []float64) ([]float64, error) {
	const most = 1 << 53 // beyond it, not every whole number is a float64
	out := make([]float64, len(bottom))
	order := make([]int, len(bottom))
	var remainders, size float64
	for i, v := range bottom {
		if size += math.Abs(v); size >= most {
			return nil, fmt.Errorf("hierarchy: forecasts up to node %q add up to %g, too much to round to whole numbers", s.names[s.aggregatesOf()+i], size)
		}
		out[i], order[i] = math.Floor(v), i
		remainders += v - out[i]
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(bottom[b]-out[b], bottom[a]-out[a]), cmp.Compare(a, b))
	})
	for _, i := range order[:min(len(order), int(math.Round(remainders)))] {
		out[i]++
	}
	return out, nil
}

package evaluate

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// KendallB is Kendall's tau-b of two lists of finite values (Kendall 1945, The treatment of
// ties in ranking problems): pairs in the same order less pairs in the opposite one, over the
// geometric mean of the pairs that each list tells apart. ok is false when a list tells no
// pair apart. It looks at every pair: lists of thousands, not of millions.
func KendallB(x, y []float64) (tau float64, ok bool) {
	var agree, apartX, apartY int
	for i := range x {
		for j := range i {
			a, b := sign(x[i]-x[j]), sign(y[i]-y[j])
			agree += a * b
			apartX += a * a
			apartY += b * b
		}
	}
	if apartX == 0 || apartY == 0 {
		return 0, false
	}
	return float64(agree) / math.Sqrt(float64(apartX)*float64(apartY)), true
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// Spearman is Spearman's rank correlation of two lists of finite values, 1904: Pearson's
// correlation of the ranks, where equal values share the mean of theirs. ok is false when all
// values of a list are equal.
func Spearman(x, y []float64) (rho float64, ok bool) {
	a, b := ranks(x), ranks(y)
	if len(x) < 2 || constant(a) || constant(b) {
		return 0, false
	}
	return stat.Correlation(a, b, nil), true
}

func constant(v []float64) bool { return slices.Min(v) == slices.Max(v) }

// ranks are those of each value from 1, ties sharing their mean.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return sign(v[i] - v[j]) })
	out := make([]float64, len(v))
	for from := 0; from < len(v); {
		to := from
		for to < len(v) && v[order[to]] == v[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			out[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return out
}

// Brier is the mean squared difference of probabilities from what came, 1 or 0 (Brier 1950, in
// the form for two outcomes): 0 is perfect. base is what the share of those that came would have
// had as the one probability of all.
func Brier(p []float64, came []bool) (score, base float64) {
	sum, count := 0.0, 0.0
	for i, c := range came {
		o := 0.0
		if c {
			o, count = 1, count+1
		}
		sum += (p[i] - o) * (p[i] - o)
	}
	n := float64(len(came))
	share := count / n
	return sum / n, share * (1 - share)
}

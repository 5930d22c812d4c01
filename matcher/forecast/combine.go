package forecast

import "math"

// tilt is how strongly a series' own errors move its weights, for each value that was
// backtested, and at most. Chosen on the training parts of M3 and of labour series.
const tilt, maxTilt = 1.0 / 100, 3

// combined is the weighted mean of the methods at a step, and their weighted standard
// deviation. At least one row is there.
func combined(w []float64, rows [][]float64, step int) (mean, spread float64) {
	from := rows[firstRow(rows)][step] // differences from one of them keep their digits
	total, square := 0.0, 0.0
	for i, r := range rows {
		if r == nil {
			continue
		}
		d := r[step] - from
		total += w[i]
		mean += w[i] * d
		square += w[i] * d * d
	}
	if total <= 0 {
		return from, 0
	}
	mean /= total
	return from + mean, math.Sqrt(max(0, square/total-mean*mean))
}

// ownTilt are factors of the weights of one series, by the ratios of the methods' own mean
// absolute errors to those of the combination over its backtested values.
func ownTilt(ratio []float64, values int) []float64 {
	strength := min(maxTilt, tilt*float64(values))
	out := make([]float64, len(ratio))
	for i := range out {
		out[i] = math.Exp(-strength * (ratio[i] - 1))
	}
	return out
}

package forecast

import (
	"math"
	"testing"
)

// Each worked by hand.
func TestMeasuresByHand(t *testing.T) {
	// 200 * 2/18 = 22.2222, 200 * 0/20 = 0: mean 11.1111.
	near(t, "sMAPE", SMAPE([]float64{10, 10}, []float64{8, 10}), 100.0/9, 1e-12)
	near(t, "sMAPE of nothing", SMAPE([]float64{0}, []float64{0}), 0, 0)
	train := []float64{1, 3, 2, 6} // differences 2, 1, 4: mean 7/3; by two: 1, 3: mean 2
	near(t, "MASE", MASE(train, []float64{7, 9}, []float64{7, 2}, 1), 3.5/(7.0/3), 1e-12)
	near(t, "seasonal MASE", MASE(train, []float64{7, 9}, []float64{7, 2}, 2), 3.5/2, 1e-12)
	if !math.IsInf(MASE([]float64{5, 5}, []float64{6}, []float64{5}, 1), 1) || MASE([]float64{5, 5}, []float64{5}, []float64{5}, 1) != 0 {
		t.Error("MASE of a constant")
	}
	// Widths 4 and 4; 9 lies 3 above 6: 2/0.05 * 3 = 120; over two steps and the scale 2:
	// (4 + 4 + 120) / 2 / 2 = 32.
	near(t, "MSIS", MSIS(train, []float64{3, 9}, []float64{2, 2}, []float64{6, 6}, 2, 0.05), 32, 1e-12)
	// Naive2: 10, 20 three times and a half; without season 15 throughout.
	y := []float64{10, 20, 10, 20, 10, 20, 10, 20, 10, 20, 10}
	wantAll(t, "Naive2", Naive2(y, 2, 3), []float64{20, 10, 20}, 1e-9)
	wantAll(t, "Naive2 without season", Naive2([]float64{3, 1, 2}, 4, 2), []float64{2, 2}, 0)
}

package arima

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestKPSS by hand. 1,2,3,4: deviations -1.5,-.5,.5,1.5; partial sums
// -1.5,-2,-1.5,0 with squares 8.5; sum of squared deviations 5; lag-one products
// .75-.25+.75 = 1.25. Lag 0: 8.5/(4*5). Lag 1: 8.5/(4*(5+2*.5*1.25)).
// 1,-1,1,-1: partial sums 1,0,1,0, squares 2, deviations 4: 2/(4*4).
func TestKPSS(t *testing.T) {
	for _, c := range []struct {
		x    []float64
		lags int
		want float64
	}{
		{[]float64{1, 2, 3, 4}, 0, 0.425},
		{[]float64{1, 2, 3, 4}, 1, 0.34},
		{[]float64{1, -1, 1, -1}, 0, 0.125},
		{[]float64{7, 7, 7}, 0, 0},
	} {
		if got := kpssLags(c.x, c.lags); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("kpss of %v with %d lags is %v, want %v", c.x, c.lags, got, c.want)
		}
	}
}

// TestChosenDifferences: auto.arima's for the classic series.
func TestChosenDifferences(t *testing.T) {
	for _, c := range []struct {
		name   string
		y      []float64
		season int
		d, sd  int
	}{
		{"log AirPassengers", logs(airPassengers), 12, 1, 1},
		{"USAccDeaths", accidentalDeaths, 12, 1, 1},
		{"LakeHuron", lakeHuron, 1, 1, 0},
		{"Nile", nile, 1, 1, 0},
	} {
		scaled, _ := scaleToOne(c.y)
		got := chooseDifferences(scaled, DefaultOptions(c.season))
		if got.D != c.d || got.SD != c.sd {
			t.Errorf("%s: d %d D %d, want %d %d", c.name, got.D, got.SD, c.d, c.sd)
		}
	}
}

func TestDifferencePolynomial(t *testing.T) {
	// (1-B)(1-B^4) y = z, so y = z + y[-1] + y[-4] - y[-5].
	got := differencePolynomial(Order{D: 1, SD: 1, Season: 4})
	want := []float64{1, 0, 0, 1, -1}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("polynomial %v, want %v", got, want)
		}
	}
}

// TestSTL: a line and a fixed season come apart, the line exactly since loess of
// degree one keeps lines; strength is then 1, and that of noise is low.
func TestSTL(t *testing.T) {
	wave := []float64{5, -3, 1, -3}
	x, noise := make([]float64, 40), make([]float64, 40)
	r := rand.New(rand.NewPCG(9, 10))
	for i := range x {
		x[i] = float64(i)/2 + wave[i%4]
		noise[i] = r.NormFloat64()
	}
	season, trend := stl(x, 4)
	for i := range x {
		if rest := x[i] - season[i] - trend[i]; math.Abs(rest) > 0.1 {
			t.Errorf("remainder %d is %v", i, rest)
		}
	}
	if s := seasonStrength(x, 4); s < 0.999 {
		t.Errorf("strength of a pure season is %v", s)
	}
	if s := seasonStrength(noise, 4); s > 0.64 {
		t.Errorf("strength of noise is %v", s)
	}
	if s := seasonStrength(x[:8], 4); s != 0 {
		t.Errorf("strength of two seasons is %v, want 0", s)
	}
}

func TestLoessKeepsLines(t *testing.T) {
	x := make([]float64, 15)
	for i := range x {
		x[i] = 3 - 2*float64(i)
	}
	out := make([]float64, 17)
	loess(x, 7, 1, 1, out)
	for i, v := range out {
		if want := 3 - 2*float64(i-1); math.Abs(v-want) > 1e-9 {
			t.Errorf("point %d is %v, want %v", i-1, v, want)
		}
	}
}

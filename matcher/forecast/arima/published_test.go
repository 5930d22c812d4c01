package arima

import (
	"math"
	"testing"
)

// Four series of R's package datasets, each printed in the textbooks named.

// airPassengers: Box and Jenkins 1970, series G, thousands a month from 1949.
var airPassengers = []float64{
	112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118,
	115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
	145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
	171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
	196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201,
	204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
	242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
	284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
	315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
	340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
	360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405,
	417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
}

// accidentalDeaths: Brockwell and Davis 1991, monthly in the USA from 1973.
var accidentalDeaths = []float64{
	9007, 8106, 8928, 9137, 10017, 10826, 11317, 10744, 9713, 9938, 9161, 8927,
	7750, 6981, 8038, 8422, 8714, 9512, 10120, 9823, 8743, 9129, 8710, 8680,
	8162, 7306, 8124, 7870, 9387, 9556, 10093, 9620, 8285, 8466, 8160, 8034,
	7717, 7461, 7767, 7925, 8623, 8945, 10078, 9179, 8037, 8488, 7874, 8647,
	7792, 6957, 7726, 8106, 8890, 9299, 10625, 9302, 8314, 8850, 8265, 8796,
	7836, 6892, 7791, 8192, 9115, 9434, 10484, 9827, 9110, 9070, 8633, 9240,
}

// lakeHuron: Brockwell and Davis 1991, yearly level in feet from 1875.
var lakeHuron = []float64{
	580.38, 581.86, 580.97, 580.80, 579.79, 580.39, 580.42, 580.82, 581.40, 581.32,
	581.44, 581.68, 581.17, 580.53, 580.01, 579.91, 579.14, 579.16, 579.55, 579.67,
	578.44, 578.24, 579.10, 579.09, 579.35, 578.82, 579.32, 579.01, 579.00, 579.80,
	579.83, 579.72, 579.89, 580.01, 579.37, 578.69, 578.19, 578.67, 579.55, 578.92,
	578.09, 579.37, 580.13, 580.14, 579.51, 579.24, 578.66, 578.86, 578.05, 577.79,
	576.75, 576.75, 577.82, 578.64, 580.58, 579.48, 577.38, 576.90, 576.94, 576.24,
	576.84, 576.85, 576.90, 577.79, 578.18, 577.51, 577.23, 578.42, 579.61, 579.05,
	579.26, 579.22, 579.38, 579.10, 577.95, 578.12, 579.75, 580.85, 580.41, 579.96,
	579.61, 578.76, 578.18, 577.21, 577.13, 579.10, 578.25, 577.91, 576.89, 575.96,
	576.80, 577.68, 578.38, 578.52, 579.74, 579.31, 579.89, 579.96,
}

// nile: Cobb 1978; Durbin and Koopman 2001. Yearly flow from 1871.
var nile = []float64{
	1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020,
	960, 1180, 799, 958, 1140, 1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840,
	874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120,
	1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865,
	845, 944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874,
	848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170,
	912, 746, 919, 718, 714, 740,
}

func logs(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = math.Log(v)
	}
	return out
}

// TestPublished compares with what R prints: ?AirPassengers, ?arima (LakeHuron,
// USAccDeaths) and forecast::auto.arima (Nile). Tolerances are R's digits and the
// looseness of its optimizer.
func TestPublished(t *testing.T) {
	airline := Order{D: 1, Q: 1, SD: 1, SQ: 1, Season: 12}
	for _, c := range []struct {
		name         string
		y            []float64
		order        Order
		coefficients []float64 // AR, MA, SAR, SMA, then the mean
		logLik       float64
	}{
		{"log AirPassengers", logs(airPassengers), airline, []float64{-0.4018, -0.5569}, 244.70},
		{"USAccDeaths", accidentalDeaths, airline, []float64{-0.4303, -0.5528}, -425.44},
		{"LakeHuron", lakeHuron, Order{P: 2, Season: 1, Constant: true}, []float64{1.0436, -0.2495, 579.0473}, -103.63},
		{"Nile", nile, Order{P: 1, D: 1, Q: 1, Season: 1}, []float64{0.2544, -0.8741}, -630.63},
	} {
		m, err := FitOrder(c.y, c.order)
		if err != nil {
			t.Fatal(c.name, err)
		}
		got := append(append(append(append([]float64{}, m.AR...), m.MA...), m.SAR...), m.SMA...)
		if c.order.Constant {
			got = append(got, m.Mean)
		}
		for i, want := range c.coefficients {
			if math.Abs(got[i]-want) > 6e-4*math.Max(1, math.Abs(want)/100) {
				t.Errorf("%s: coefficient %d is %.5f, R has %.5f", c.name, i, got[i], want)
			}
		}
		if math.Abs(m.LogLik-c.logLik) > 0.006 {
			t.Errorf("%s: log likelihood %.4f, R has %.2f", c.name, m.LogLik, c.logLik)
		}
	}
}

// TestPublishedOrders: what auto.arima chooses for the same series.
func TestPublishedOrders(t *testing.T) {
	for _, c := range []struct {
		name   string
		y      []float64
		season int
		want   string
		aicc   float64
	}{
		{"log AirPassengers", logs(airPassengers), 12, "ARIMA(0,1,1)(0,1,1)[12]", -483.21},
		{"USAccDeaths", accidentalDeaths, 12, "ARIMA(0,1,1)(0,1,1)[12]", 857.32},
		{"Nile", nile, 1, "ARIMA(1,1,1)", 1267.51},
	} {
		m, err := Fit(c.y, DefaultOptions(c.season))
		if err != nil {
			t.Fatal(c.name, err)
		}
		if m.Order.String() != c.want || math.Abs(m.AICc-c.aicc) > 0.02 {
			t.Errorf("%s: %v, want %s with AICc %.2f", c.name, m, c.want, c.aicc)
		}
	}
}

package arima

import "math"

// limitX bounds what the optimizer moves: tanh(5) is 0.9999, near enough to a
// unit root and far enough from dividing by zero.
const limitX = 5

// fromPartial turns x, any reals, into the coefficients of a stationary
// autoregression, phi: z[t] = sum phi[i] z[t-1-i]. tanh(x) are its partial
// autocorrelations. Source: Jones, "Maximum likelihood fitting of ARMA models to
// time series with missing observations", Technometrics 22, 1980; Monahan, "A note
// on enforcing stationarity", Biometrika 71, 1984.
func fromPartial(x, phi []float64) {
	for k, v := range x {
		r := math.Tanh(v)
		phi[k] = r
		for i, j := 0, k-1; i <= j; i, j = i+1, j-1 {
			a, b := phi[i], phi[j]
			phi[i] = a - r*b
			if i != j {
				phi[j] = b - r*a
			}
		}
	}
}

// stationary reports whether every root of 1 - sum phi[i] B^(i+1) is larger than
// radius: with B scaled by radius, all partial autocorrelations must be inside
// (-1, 1) (Schur-Cohn). tmp is overwritten and at least as long as phi.
func stationary(phi []float64, radius float64, tmp []float64) bool {
	tmp = tmp[:len(phi)]
	f := 1.0
	for i, v := range phi {
		f *= radius
		tmp[i] = v * f
	}
	for k := len(phi) - 1; k >= 0; k-- {
		r := tmp[k]
		if !(math.Abs(r) < 1) {
			return false
		}
		stepDown(tmp[:k+1])
	}
	return true
}

// stepDown turns the predictor of order len(a) into the one of order len(a)-1, the
// Levinson recursion backwards. It leaves the last value, the partial
// autocorrelation, in place.
func stepDown(a []float64) {
	k := len(a) - 1
	r := a[k]
	f := 1 / (1 - r*r)
	for i, j := 0, k-1; i <= j; i, j = i+1, j-1 {
		u, v := a[i], a[j]
		a[i] = (u + r*v) * f
		if i != j {
			a[j] = (v + r*u) * f
		}
	}
}

// expand multiplies 1 - sum a[i] B^(i+1) and 1 - sum b[j] B^((j+1) season) and
// writes the coefficients of the product, with the same sign, into out of length
// len(a) + season*len(b).
func expand(a, b []float64, season int, out []float64) {
	clear(out)
	copy(out, a)
	for j, v := range b {
		at := (j + 1) * season
		out[at-1] += v
		for i, u := range a {
			out[at+i] -= u * v
		}
	}
}

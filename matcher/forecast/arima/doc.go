// Package arima chooses and fits a seasonal ARIMA model to one series and
// forecasts it.
//
// In: equally spaced finite values, oldest first, and the length of the season.
// Out: a Model with its order, its coefficients, its AICc, its residuals, and for
// each step ahead a mean and a standard error.
//
// How, after Hyndman and Khandakar, "Automatic time series forecasting: the
// forecast package for R", Journal of Statistical Software 27(3), 2008:
//
//   - difference over the season once if the season is strong (strength.go);
//   - difference at lag one until KPSS no longer rejects (kpss.go);
//   - walk over the orders to the lowest AICc (search.go);
//   - estimate each order by least squares first and by the exact Gaussian
//     likelihood then (optimize.go, likelihood.go).
//
// Two departures. The likelihood comes from a banded factorisation instead of a
// Kalman filter: same number, less work. And coefficients never leave the
// stationary and invertible region, because the optimizer moves partial
// autocorrelations.
//
// Seasons of 24 or more and series of more than 400 values get conditional least
// squares only: the exact likelihood would cost milliseconds an evaluation there
// and change little.
//
// Left out: regressors, Box-Cox, missing values, more than one season, and the
// uncertainty of the coefficients (sigma holds that of the future shocks only).
// Nothing is random and nothing reads a clock: same input, same output.
package arima

// Package forecast forecasts many series at once: labour demand, postings, employment.
//
// In go series of equally spaced values, which may have gaps, and how far ahead to look.
// Out come point forecasts, intervals of 80 and 95 %, and for each series how it was done:
// the weights of the methods, how they did on the series' own past, and whether its
// structure broke.
//
// Every series is forecast by some twenty methods (naive ones, exponential smoothing in all
// its forms, theta, ARIMA, regression on lags, Croston's for sparse series), now and as if
// it had ended earlier (rolling origins). What they got wrong then decides their weights:
// one set for all series of a run together, because one series' past is too short to tell
// twenty methods apart, tilted for each series by its own errors as far as it has enough
// of them. Intervals are as wide as the same backtests show that they must be.
//
// So a series' forecast depends on what it is forecast with: a run should hold series of
// one kind. Nothing is random, and the answer does not depend on the number of threads.
//
// What values mean, calendars and names are left to the caller; sums of hierarchies to
// package hierarchy.
package forecast

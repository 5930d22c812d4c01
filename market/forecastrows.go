package market

import (
	"context"

	"talentmatch/matcher/forecast"
	"talentmatch/talent"
)

// ForecastOptions says how far ahead series are forecast, and what is known of them.
type ForecastOptions struct {
	Horizon int   // steps, 1..1000
	Seasons []int // values a period, rising; 1 or none for no season
	Counts  bool  // whole numbers, not below 0
	Workers int   // threads, 0 for all
}

// ForecastRows forecasts rows together, without a store. out[i] is nil where errs[i] says
// why row i could not be forecast.
func ForecastRows(ctx context.Context, rows []SeriesRow, o ForecastOptions, progress func(done, of int)) (out []*forecast.Forecast, errs []error, err error) {
	fo := forecast.Options{Horizon: o.Horizon, Seasons: o.Seasons, Counts: o.Counts, Workers: o.Workers, Progress: progress}
	if field, err := fo.Check(); err != nil {
		return nil, nil, talent.Invalid(field, "", "%v", err)
	}
	return forecast.Run(ctx, rows, fo)
}

package market

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"talentmatch/matcher/forecast"
	"talentmatch/talent"
)

// SeriesRow is one row of a file of series: a name and values, oldest first.
type SeriesRow = forecast.Series

// mostBroken is how many broken quotes are gone past, since each costs another look at the
// rest of the file.
const mostBroken = 100

// ReadSeriesRows reads CSV without a header: the first column is a name, any text, the
// others are values, as many as the row has. An empty cell between values is a gap; empty
// cells after the last value are none. Rows that can not be read are left out, each with an
// error that names the file, the line and the column; the others are taken. A quote that is
// never closed spoils its line alone.
func ReadSeriesRows(text, file string) (rows []SeriesRow, bad []error) {
	above := 0 // lines before the text that is left
	for broken := 0; ; broken++ {
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		r.ReuseRecord = true
		err := eachSeriesRow(r, func(cells []string) {
			line, _ := r.FieldPos(0)
			row, err := seriesRow(cells)
			if err != nil {
				bad = append(bad, fmt.Errorf("%s:%d: series %q %w", file, above+line, talent.Shorten(cells[0]), err))
				return
			}
			rows = append(rows, row)
		})
		var parse *csv.ParseError
		switch {
		case err == nil:
			return rows, bad
		case !errors.As(err, &parse):
			return rows, append(bad, fmt.Errorf("%s: %w", file, err))
		}
		bad = append(bad, fmt.Errorf("%s:%d: %w", file, above+parse.StartLine, parse.Err))
		lines := parse.StartLine
		if broken == mostBroken {
			return rows, append(bad, fmt.Errorf("%s: what follows line %d was not read: more than %d lines have a broken quote", file, above+lines, mostBroken))
		}
		for range lines { // go on behind the line in which it began
			_, text, _ = strings.Cut(text, "\n")
		}
		above += lines
	}
}

// eachSeriesRow reads rows until the end or the first that is no CSV.
func eachSeriesRow(r *csv.Reader, take func(cells []string)) error {
	for {
		cells, err := r.Read()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case len(cells) == 1 && strings.TrimSpace(cells[0]) == "": // a line of white space
		default:
			take(cells)
		}
	}
}

func seriesRow(cells []string) (SeriesRow, error) {
	row := SeriesRow{ID: strings.Clone(cells[0]), Values: make([]float64, 0, len(cells)-1)}
	for i, c := range cells[1:] {
		c = strings.TrimSpace(c)
		if c == "" {
			row.Values = append(row.Values, math.NaN())
			continue
		}
		v, err := strconv.ParseFloat(c, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(c, "xX_") {
			return row, fmt.Errorf("has %q in column %d, which is no number", talent.Shorten(c), i+2)
		}
		row.Values = append(row.Values, v)
	}
	return row, row.Check()
}

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

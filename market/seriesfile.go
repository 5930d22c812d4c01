package market

import (
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

// ReadSeriesRows reads CSV without a header: the first column is a name, any text, the
// others are values, as many as the row has. An empty cell between values is a gap; empty
// cells after the last value are none. Rows that can not be read are left out, each with an
// error that names the file, the line and the column; the others are taken.
func ReadSeriesRows(text, file string) (rows []SeriesRow, bad []error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return rows, bad
		}
		if err != nil {
			var parse *csv.ParseError
			if !errors.As(err, &parse) {
				return rows, append(bad, fmt.Errorf("%s: %w", file, err))
			}
			bad = append(bad, fmt.Errorf("%s:%d: %w", file, parse.StartLine, parse.Err))
			continue
		}
		line, _ := r.FieldPos(0)
		if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
			continue // a line of white space
		}
		row, err := seriesRow(cells)
		if err != nil {
			bad = append(bad, fmt.Errorf("%s:%d: series %q %w", file, line, talent.Shorten(cells[0]), err))
			continue
		}
		rows = append(rows, row)
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

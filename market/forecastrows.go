package market

import (
	"encoding/csv"
	"io"
)

// WriteForecastCSV writes a page of forecasts as CSV: id, period, mean, lo80, hi80, lo95, hi95,
// numbers unrounded.
func WriteForecastCSV(w io.Writer, a *ForecastAnswer) error {
	rows := [][]string{{"id", "period", "mean", "lo80", "hi80", "lo95", "hi95"}}
	for i := range a.Items {
		for _, s := range a.Items[i].Steps {
			row := []string{noFormula(a.Items[i].ID), s.Period}
			for _, v := range []float64{s.Mean, s.Lo80, s.Hi80, s.Lo95, s.Hi95} {
				row = append(row, plainNumber(v))
			}
			rows = append(rows, row)
		}
	}
	return csv.NewWriter(w).WriteAll(rows)
}

// ForecastHead is the report of forecasts without their items: what rows of them say of where they come from.
func ForecastHead(r ForecastRequest, a *ForecastAnswer) (*Report, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	return NewReport("forecast", r, &ForecastAnswer{Items: []ForecastItem{}, Meta: a.Meta})
}

// WriteForecastNDJSON writes a series a line.
func WriteForecastNDJSON(w io.Writer, a *ForecastAnswer) error { return writeLines(w, a.Items) }

package sheet

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// A Chart shows columns of a sheet against its rows.
type Chart struct {
	ZH, EN string
	Sheet  int   // place of the sheet among those written
	Label  int   // column that names the rows
	Values []int // columns of numbers, a series each
	Rows   int   // how many of the first rows; 0: all
	Lines  bool  // lines over time instead of bars
}

// The chart sheet's layout: a chart takes so many rows of the grid.
const (
	chartRows   = 26
	chartWidth  = 960 // pixels
	chartHeight = 480
)

// draw puts the charts on a sheet of their own, one below the other. The data sheets are
// streamed and closed by then; charts only refer to their cells.
func draw(f *excelize.File, sheets []Sheet, charts []Chart) error {
	const name = "图表 Charts"
	if _, err := f.NewSheet(name); err != nil {
		return err
	}
	for i, c := range charts {
		chart, err := c.native(&sheets[c.Sheet])
		if err != nil {
			return err
		}
		if err := f.AddChart(name, fmt.Sprintf("A%d", 1+i*chartRows), chart); err != nil {
			return err
		}
	}
	return nil
}

func (c *Chart) native(s *Sheet) (*excelize.Chart, error) {
	rows := len(s.Rows)
	if c.Rows > 0 {
		rows = min(rows, c.Rows)
	}
	oneColour := false // a series, not a bar, has its own
	out := &excelize.Chart{
		VaryColors: &oneColour,
		Type:       excelize.Bar, Title: excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: c.ZH + " " + c.EN}}},
		Dimension: excelize.ChartDimension{Width: chartWidth, Height: chartHeight},
		Legend:    excelize.ChartLegend{Position: "bottom"}, YAxis: excelize.ChartAxis{MajorGridLines: true},
	}
	if c.Lines {
		out.Type = excelize.Line
	} else {
		out.XAxis.ReverseOrder = true // the first row on top
	}
	rows = max(rows, 1) // an empty range is none that Excel opens
	labels, err := cells(s, c.Label, 3, rows)
	if err != nil {
		return nil, err
	}
	for _, column := range c.Values {
		values, err := cells(s, column, 3, rows)
		if err != nil {
			return nil, err
		}
		heading, err := cells(s, column, 1, 1)
		if err != nil {
			return nil, err
		}
		out.Series = append(out.Series, excelize.ChartSeries{Name: heading, Categories: labels, Values: values})
	}
	return out, nil
}

// cells is the reference to a stretch of a column; rows count from 1, the headings' first.
func cells(s *Sheet, column, from, count int) (string, error) {
	first, err := excelize.CoordinatesToCellName(column+1, from, true)
	if err != nil {
		return "", err
	}
	ref := "'" + s.name() + "'!" + first
	if count == 1 {
		return ref, nil
	}
	last, err := excelize.CoordinatesToCellName(column+1, from+count-1, true)
	return ref + ":" + last, err
}

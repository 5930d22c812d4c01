package main

import (
	"io"

	"talentmatch/market"
)

// keepFlags say where a report goes beside standard output.
type keepFlags struct {
	Lang string `enum:"en,zh" default:"en" help:"Language of the table: en or zh."`
	XLSX string `name:"xlsx" placeholder:"FILE" help:"Write the report as a workbook with charts and definitions, headings in Chinese and English."`
	Save string `placeholder:"FILE" help:"Keep the report with its request and versions; talentmatch replay makes it again."`
}

// forms are how a report's answer is written.
type forms[A any] struct {
	workbook, csv, ndjson func(w io.Writer, a A) error
	table                 func(s *session, a A, zh bool)
}

// deliver keeps a report and its workbook where that was asked for, then writes the answer in
// the format: table, csv, ndjson or json. Rows say what they were computed from.
func deliver[A any](s *session, k keepFlags, format string, r *market.Report, a A, f forms[A]) error {
	if k.Save != "" {
		if err := writeFile(k.Save, r.Write); err != nil {
			return err
		}
	}
	if k.XLSX != "" {
		if err := writeFile(k.XLSX, func(w io.Writer) error { return f.workbook(w, a) }); err != nil {
			return err
		}
	}
	switch format {
	case "csv":
		return r.CSV(s.out, func(w io.Writer) error { return f.csv(w, a) })
	case "json":
		return s.line(a)
	case "ndjson":
		return r.NDJSON(s.out, func(w io.Writer) error { return f.ndjson(w, a) })
	}
	f.table(s, a, k.Lang == "zh")
	return nil
}

// gapFilter and forecastFilter are the values of --filter by dimension.
func gapFilter(values map[string][]string) market.GapFilter {
	return market.GapFilter{
		Skill: values["skill"], Occupation: values["occupation"], Region: values["region"], Education: values["education"],
		Year: values["year"], Industry: values["industry"], EmployerKind: values["employer_kind"],
	}
}

func forecastFilter(values map[string][]string) market.ForecastFilter {
	return market.ForecastFilter{Skill: values["skill"], Occupation: values["occupation"], Region: values["region"], Industry: values["industry"]}
}

// forecastDimensions are the words of --filter of forecasts and their relatives.
var forecastDimensions = []string{"skill", "occupation", "region", "industry"}

package main

import (
	"encoding/csv"
	"math"
	"strconv"
	"strings"
	"testing"
)

const forecastRows = "\"熟悉, 中药提取\",3,4,5,6,7,8,9,10,11,12\r\n" +
	"gap,1,,3,4,,6,7,8,,\r\n" +
	"\r\n" +
	"below,-3,2,-1,4,-2,3\n"

// TestForecastCSV: the contract of DESIGN 5, from both encodings and standard input.
func TestForecastCSV(t *testing.T) {
	utf8, gb := write(t, "rows.csv", "\ufeff"+forecastRows), write(t, "gb.csv", gb18030(t, forecastRows))
	args := []string{"forecast", "--horizon", "3", "--season", "4", "--input"}
	out := must(t, append(args, utf8)...)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) != 1+3*3 || strings.Join(rows[0], ",") != "id,h,mean,lo80,hi80,lo95,hi95" {
		t.Fatalf("%v, %v", rows, err)
	}
	for i, row := range rows[1:] {
		if want := []string{"熟悉, 中药提取", "gap", "below"}[i/3]; row[0] != want || row[1] != strconv.Itoa(i%3+1) {
			t.Errorf("row %d is of %q, step %s", i, row[0], row[1])
		}
		var v [5]float64
		for k, cell := range row[2:] {
			if v[k], err = strconv.ParseFloat(cell, 64); err != nil || math.IsNaN(v[k]) || math.IsInf(v[k], 0) {
				t.Errorf("%v: %v", row, err)
			}
		}
		if !(v[3] <= v[1] && v[1] <= v[0] && v[0] <= v[2] && v[2] <= v[4]) {
			t.Errorf("bounds of %v", row)
		}
		if i/3 == 2 && v[3] >= 0 {
			t.Errorf("%v was cut off at 0", row)
		}
	}
	standardInput(t, forecastRows)
	for _, same := range [][]string{{gb}, {"-"}, {gb, "--encoding", "gb18030"}, {utf8, "--threads", "3"}} {
		if got := must(t, append(args, same...)...); got != out {
			t.Errorf("%v:\n%s want\n%s", same, got, out)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(must(t, append(args, utf8, "--counts")...)), "\n")[1:] {
		cells := strings.Split(line[strings.LastIndex(line, "\"")+1:], ",")
		for _, c := range cells[len(cells)-5:] {
			if v, err := strconv.Atoi(c); err != nil || v < 0 {
				t.Errorf("--counts: %s", line)
			}
		}
	}
	must(t, "forecast", "--horizon", "2", "--season", "2,4", "--input", utf8)
}

// TestForecastBadRows: good rows are written, bad ones named with line and column, exit 1.
func TestForecastBadRows(t *testing.T) {
	file := write(t, "bad.csv", "good,1,2,3,4\nword,1,two,3\nshort,1\nnan,1,NaN,3\n\"open,1,2\"x,3\nhex,0x10,2,3\nlast,4,3,2,1\n")
	status, out, errs := talentmatch(t, "forecast", "--input", file, "--horizon", "2")
	if status != 1 {
		t.Errorf("exit %d", status)
	}
	if !strings.Contains(out, "good,2,") || !strings.Contains(out, "last,2,") || strings.Count(out, "\n") != 5 {
		t.Errorf("wrote\n%s", out)
	}
	for _, want := range []string{`bad.csv:2: series "word" has "two" in column 3`, `bad.csv:3: series "short" has 1 value;`, `bad.csv:4: series "nan" has "NaN" in column 3`, "bad.csv:5:", `bad.csv:6: series "hex" has "0x10"`, "5 rows were not forecast"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in\n%s", want, errs)
		}
	}
	// A quote that is never closed spoils its line alone.
	open := write(t, "open.csv", "a,1,2,3\n\"broken,1,2,3\nb,4,5,6\n\"c\nd\",7,8,9\n\"last,1\n")
	status, out, errs = talentmatch(t, "forecast", "--input", open, "--horizon", "1")
	if status != 1 || !strings.Contains(out, "\nb,1,") || !strings.Contains(out, "\"c\nd\",1,") || strings.Contains(out, "broken") {
		t.Errorf("exit %d\n%s", status, out)
	}
	for _, want := range []string{"open.csv:2:", "open.csv:6:", "2 rows were not forecast"} {
		if !strings.Contains(errs, want) {
			t.Errorf("%q is not in\n%s", want, errs)
		}
	}
	for _, wrong := range [][]string{{"--input", file}, {"--horizon", "2"}, {"--input", file, "--horizon", "0"}, {"--input", file, "--horizon", "2", "--season", "12,4"}, {"--input", file, "--horizon", "2", "--season", "0"}} {
		if status, _, _ := talentmatch(t, append([]string{"forecast"}, wrong...)...); status != 2 {
			t.Errorf("%v: exit %d, want 2", wrong, status)
		}
	}
	if status, _, errs := talentmatch(t, "forecast", "--input", write(t, "empty.csv", "\n"), "--horizon", "2"); status != 1 || !strings.Contains(errs, "has no series") {
		t.Errorf("empty: %d %s", status, errs)
	}
}

// forecastPages are what a planner asks of each alliance.
var forecastPages = []question{
	{"职位发布量预测 Postings as recorded", "--measure postings --lang zh"},
	{"各季度发布的招聘名额，按地区 Heads posted by quarter and province", "--source demands --period quarter --by region --counts --limit 8"},
	{"各月发布的招聘名额，按职业 Heads posted by month and occupation", "--source demands --by occupation --counts --limit 8 --lang zh"},
}

// TestForecastPages: each alliance's forecasts on a page, as the golden files have them, and
// each report replayed from its file. UPDATE=1 writes them anew.
func TestForecastPages(t *testing.T) {
	reportPages(t, "forecast", "forecast", forecastPages, nil, []int{0, 1, 2}, nil)
}

// TestForecastWrongUse: flags of the one source are refused with the other.
func TestForecastWrongUse(t *testing.T) {
	data, file := granuleStore(t), write(t, "x.csv", "a,1,2,3\n")
	for _, args := range [][]string{{}, {"--input", file, "--horizon", "2", "--format", "table"}, {"--input", file, "--horizon", "2", "--save", "x"}, {"--input", file, "--horizon", "2", "--by", "colour"}, {"--input", file, "--horizon", "2", "--limit", "3"}, {"--data", data, "--threads", "2"}, {"--data", data, "--season", "12"},
		{"--data", data, "--by", "region"}, {"--data", data, "--series", "none"}, {"--data", data, "--measure", "posting"}, {"--data", data, "--filter", "colour=red"}, {"--data", data, "--horizon", "2000"}} {
		if status, _, errs := talentmatch(t, append([]string{"forecast"}, args...)...); status != 2 {
			t.Errorf("%v: exit %d, %s", args, status, errs)
		}
	}
	if out := must(t, "forecast", "--data", data, "--source", "demands"); !strings.Contains(out, "no series") {
		t.Errorf("a store without dates: %s", out)
	}
}

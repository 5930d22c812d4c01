package market

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// TestNoFormula: keys and names of every report, in every column that is not a number of ours.
func TestNoFormula(t *testing.T) {
	for in, want := range map[string]string{"": "", "-": "-", "焊工": "焊工", "a=1": "a=1", "=1+1": "'=1+1", "+1": "'+1", "-2": "'-2", "@x": "'@x", "\t=1": "'\t=1", "\r=1": "'\r=1", "\n=1": "'\n=1"} {
		if got := noFormula(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	const bad = "=1+1"
	words := map[string]string{"skill": bad}
	one := 1.0
	var rows bytes.Buffer
	for _, write := range []func(w io.Writer) error{
		func(w io.Writer) error {
			return WriteGapCSV(w, &GapAnswer{Items: []GapCell{{Keys: words, Names: words, DemandIDs: []string{"-1"}}}, Meta: GapMeta{By: []string{"skill"}}}, true)
		},
		func(w io.Writer) error {
			return WriteMismatchCSV(w, &MismatchAnswer{Items: []MismatchIndex{{Contributions: []MismatchContribution{{Keys: words, Names: words}}, Margins: []MismatchMargin{{Groups: []MismatchGroup{{Key: bad, Name: bad}}}}}}, Meta: MismatchMeta{By: []string{"skill"}}})
		},
		func(w io.Writer) error {
			return WriteCausesCSV(w, &CausesAnswer{Items: []CausesGroup{{Key: bad, Name: bad, NameEN: bad}}})
		},
		func(w io.Writer) error {
			return WriteFutureGapCSV(w, &FutureGapAnswer{Items: []FutureCell{{Key: bad, Name: bad, NameEN: bad, Years: []FutureYear{{Scenarios: []FutureScenario{{Name: bad, NameEN: bad}}}}}}})
		},
		func(w io.Writer) error {
			return WriteForecastCSV(w, &ForecastAnswer{Items: []ForecastItem{{ID: bad, Steps: []ForecastStep{{}}}}})
		},
		func(w io.Writer) error {
			return WriteBacktestCSV(w, &BacktestAnswer{Items: []BacktestItem{{Source: bad, Gaps: &BacktestGaps{By: []string{"skill"}, Listed: []BacktestCell{{Keys: words, Names: words, Demand: &one}}}}}})
		},
	} {
		if err := write(&rows); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(rows.String(), "'"+bad); n < 14 || strings.Contains(rows.String(), ","+bad) || strings.Contains(rows.String(), "\n"+bad) || strings.Contains(rows.String(), ",-1") {
		t.Errorf("%d cells are told apart in\n%s", n, rows.String())
	}
}

// TestRowsSayWhereTheyAreFrom: the columns stand at the end of every row, whatever is quoted in it, and a long
// request is named by its digest.
func TestRowsSayWhereTheyAreFrom(t *testing.T) {
	seed := uint64(7)
	r := &Report{Kind: "gaps", Request: []byte(`{"by": ["skill"],  "name":"甲"}`), Seed: &seed, Versions: Versions{Data: 12, Taxonomy: "t1", SkillSpace: "=s", Software: "v1, or so"}}
	rows := func(w io.Writer) error {
		_, err := io.WriteString(w, "key,name\na,\"two\nlines, \"\"quoted\"\"\"\nb,\n")
		return err
	}
	var b bytes.Buffer
	if err := r.CSV(&b, rows); err != nil {
		t.Fatal(err)
	}
	const from = `,12,t1,'=s,"v1, or so",7,"{""by"":[""skill""],""name"":""甲""}"` + "\n"
	if want := "key,name,data_version,taxonomy,skill_space,software,seed,parameters\na,\"two\nlines, \"\"quoted\"\"\"" + from + "b," + from; b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	r.Seed, r.Request = nil, []byte(`{"note":"`+strings.Repeat("x", 3000)+`"}`)
	b.Reset()
	if err := r.NDJSON(&b, func(w io.Writer) error { return writeLines(w, []ForecastFault{{}, {}}) }); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) != 3 || lines[0] != lines[1] || !strings.HasSuffix(lines[0], `,"provenance":{"data_version":12,"taxonomy":"t1","skill_space":"=s","software":"v1, or so","seed":null,"parameters":{"bytes":3011,"sha256":"c46e43f371e431bfe9dad82458c0669db040a06c2ac694acae53c288146b9f05"}}}`) {
		t.Errorf("%s", b.String())
	}
}

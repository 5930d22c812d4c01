package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/market"
)

// hiringStore has four trades of eight programs and eight demands that share no words;
// each demand has hired from one of the first two programs of its trade.
func hiringStore(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`{"type":"organization","id":"e","name":"企业","kind":"enterprise","region":"440600"}
{"type":"organization","id":"s","name":"学校","kind":"college","region":"440600"}
`)
	for i, trade := range [][4]string{{"机电一体化", "460301", "产线值守", "夜间"}, {"护理", "520201", "病区助手", "白天"}, {"茶艺", "540107", "门店接待", "周末"}, {"大数据", "510205", "报表专员", "月底"}} {
		for k := range 8 {
			fmt.Fprintf(&b, `{"type":"program","id":"p%d.%d","school":"s","name":"%s","code":"%s","region":"440600","education":"associate"}`+"\n", i, k, trade[0], trade[1])
			fmt.Fprintf(&b, `{"type":"demand","id":"d%d.%d","employer":"e","title":"%s","text":"%s第%d组","region":"440600","headcount":2}`+"\n", i, k, trade[2], trade[3], k)
			fmt.Fprintf(&b, `{"type":"outcome","demand":"d%d.%d","program":"p%d.%d","year":2026,"hired":%d}`+"\n", i, k, i, k%2, k+1)
		}
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "hiring.ndjson")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(dir, "data")
	must(t, "import", "--data", data, file)
	return data
}

// TestLearnGolden: the table, and what match makes of the model.
func TestLearnGolden(t *testing.T) {
	data := hiringStore(t)
	path := filepath.Join(data, market.ModelFile)
	table := must(t, "learn", "--data", data, "--for", "demands", "--as-of", "2026-07-01", "--out", path)
	golden := filepath.Join("testdata", "learn", "table.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != table {
		t.Errorf("%s differs (UPDATE=1 rewrites it):\n%s", golden, table)
	}

	first := func(args ...string) string {
		out := must(t, append([]string{"match", "--data", data, "--demand", "d2.3", "--top", "2", "--format", "csv"}, args...)...)
		var ids []string
		for _, line := range strings.Split(strings.TrimSpace(out), "\n")[1:] {
			ids = append(ids, strings.Split(line, ",")[1])
		}
		return strings.Join(ids, " ")
	}
	if got := first("--learned"); got != "p2.0 p2.1" && got != "p2.1 p2.0" {
		t.Errorf("by the model %s are first, hired were p2.0 and p2.1", got)
	}
	if by, in := first("--model", path), first("--learned"); by != in {
		t.Errorf("--model gives %s, --learned %s", by, in)
	}
	if got := first(); got != "p0.0 p0.1" {
		t.Errorf("without being told, %s: a model was used, or ties are not by id", got)
	}
	trec := must(t, "match", "--data", data, "--for", "demands", "--learned", "--top", "3", "--format", "trec")
	if n := strings.Count(trec, "\n"); n != 32*3 {
		t.Errorf("%d lines of 96", n)
	}
}

// TestMinProbability: a cut above everything leaves no match, and names the nearest.
func TestMinProbability(t *testing.T) {
	data := granuleStore(t)
	out := must(t, "match", "--data", data, "--demand", "d.1", "--min-probability", "1")
	if !strings.Contains(out, "no match\n  nearest, probability 0.") || !strings.Contains(out, "missing 会看苗 3") {
		t.Errorf("got\n%s", out)
	}
	if out := must(t, "match", "--data", data, "--demand", "d.1", "--min-probability", "1", "--format", "ndjson"); out != "" {
		t.Errorf("ndjson has %s", out)
	}
	lines := strings.Split(strings.TrimSpace(must(t, "match", "--data", data, "--for", "demands", "--format", "ndjson")), "\n")
	for _, line := range lines {
		var item struct{ Probability *float64 }
		if err := json.Unmarshal([]byte(line), &item); err != nil || item.Probability == nil {
			t.Errorf("no probability in %s", line)
		}
	}
	csv := must(t, "match", "--data", data, "--demand", "d.1", "--min-probability", "0.01", "--format", "csv")
	if !strings.HasSuffix(strings.Split(csv, "\n")[0], ",owner,probability") {
		t.Errorf("got\n%s", csv)
	}
}

func TestLearnSays(t *testing.T) {
	data := hiringStore(t)
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	learn := func(args ...string) []string {
		return append([]string{"learn", "--data", data, "--as-of", "2026-07-01"}, args...)
	}
	for _, tt := range []struct {
		status int
		says   string
		args   []string
	}{
		{exitUsage, "--as-of", []string{"learn", "--data", data}},
		{exitUsage, "--folds must be 2..20", learn("--folds", "1")},
		{exitUsage, "code:N", learn("--group", "code:x")},
		{exitUsage, "need at least 20", learn("--qrels", write("few.tsv", "d0.0\tp0.0\t1\n"), "--for", "demands")},
		{exitFailed, "no judgements", learn("--qrels", write("empty.tsv", ""))},
		{exitFailed, "one id a line", learn("--unmatched", write("run.trec", "q Q0 d 1 0.5 x\n"))},
		{exitFailed, "model.json", []string{"match", "--data", data, "--for", "demands", "--learned"}},
		{exitFailed, "not a model file", []string{"match", "--data", data, "--for", "demands", "--model", write("bad.json", "坏")}},
		{exitUsage, "go with --learned or --model", []string{"match", "--data", data, "--for", "demands", "--doc-prefix", "x"}},
		{exitUsage, "must be 0..1", []string{"match", "--data", data, "--for", "demands", "--min-probability", "NaN"}},
		{exitUsage, "", []string{"match", "--data", data, "--for", "demands", "--learned", "--model", "x"}},
	} {
		status, _, errs := talentmatch(t, tt.args...)
		if status != tt.status || !strings.Contains(errs, tt.says) {
			t.Errorf("%v: exit %d, %s", tt.args, status, errs)
		}
	}
	// With prefixes the same labels as the store's give a model; from labels that no rule
	// explains none is applicable, and it says so.
	var same, random strings.Builder
	for i := range 4 {
		for k := range 8 {
			fmt.Fprintf(&same, "%d.%d\t%d.%d\t1\n", i, k, i, k%2)
			fmt.Fprintf(&random, "d%d.%d 0 p%d.%d 1\n", i, k, (i*3+k*k)%4, (k*5+i*i)%8)
		}
	}
	out := must(t, learn("--for", "demands", "--qrels", write("same.tsv", same.String()), "--query-prefix", "d", "--doc-prefix", "p")...)
	if !strings.Contains(out, "32 matches of 32 queries") {
		t.Errorf("got\n%s", out)
	}
	path := filepath.Join(t.TempDir(), "random.json")
	out = must(t, learn("--for", "demands", "--qrels", write("random.txt", random.String()), "--out", path)...)
	if !strings.Contains(out, "NOT applicable") {
		t.Errorf("got\n%s", out)
	}
	if status, _, errs := talentmatch(t, "match", "--data", data, "--for", "demands", "--model", path); status != exitUsage || !strings.Contains(errs, "does not beat the defaults") {
		t.Errorf("exit %d, %s", status, errs)
	}
}

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"talentmatch/market"
)

// evalFiles are the small run, judgements and negatives that a person can work out:
// 电工 has the grades 2 and 1 at places 2 and 3, 焊工 its only one first, 钳工 no row;
// 司机 has no relevant document, 外 is not judged; 闲 and 散 are negative, and 不在 too,
// without a row.
func evalFiles(run string) []string {
	return []string{"eval", "--run", "testdata/eval/" + run, "--qrels", "testdata/eval/qrels.tsv", "--strip-prefix", "p.", "--strip-prefix", "o."}
}

// evalGolden compares with a file that UPDATE=1 writes anew.
func evalGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "eval", name)
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs (UPDATE=1 rewrites it):\n%s", path, got)
	}
}

func TestEvalGolden(t *testing.T) {
	all := []string{"--negatives", "testdata/eval/negatives.txt", "--intervals", "--per-query"}
	for name, args := range map[string][]string{
		"plain.txt":  evalFiles("run.trec"),
		"table.txt":  append(evalFiles("run.ndjson"), all...),
		"csv.txt":    append(append(evalFiles("run.ndjson"), all...), "--format", "csv"),
		"ndjson.txt": append(append(evalFiles("run.ndjson"), all...), "--format", "ndjson"),
		"scores.txt": append(evalFiles("run.trec"), "--negatives", "testdata/eval/negatives.txt"),
	} {
		status, out, errs := talentmatch(t, args...)
		if status != exitDone {
			t.Fatalf("%v: exit %d, %s", args, status, errs)
		}
		evalGolden(t, name, out+"-- standard error\n"+errs)
	}
}

// TestEvalByHand: the figures of the golden, from their definitions.
//
//	电工  nDCG (2/log2(3) + 1/2) / (2 + 1/log2(3)) = .669672, AP (1/2 + 2/3)/2, MRR 1/2
//	焊工  all 1; 钳工 all 0
//	AUROC of .75, .72 and nothing against .2, .1 and nothing: 3 + 3 + 1/2 of 9
func TestEvalByHand(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(must(t, append(evalFiles("run.ndjson"), "--negatives", "testdata/eval/negatives.txt", "--format", "csv")...))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		evalColumns,
		{"", "ndcg_10", "0.556557", "", "", "3"},
		{"", "map", "0.527778", "", "", "3"},
		{"", "mrr", "0.5", "", "", "3"},
		{"", "p_1", "0.333333", "", "", "3"},
		{"", "r_10", "0.666667", "", "", "3"},
		{"", "hit_10", "0.666667", "", "", "3"},
		{"", "rp_5", "0.666667", "", "", "3"},
		{"", "auroc", "0.722222", "", "", "6"},
	}
	if !reflect.DeepEqual(rows[:len(want)], want) {
		t.Errorf("got %v, want %v", rows[:len(want)], want)
	}
	// First rows: .1 and .2 wrong, .72 right and .75 wrong.
	for _, row := range rows[len(want):] {
		expected := map[string][]string{
			"first_0.1_right": {"0", "1"}, "first_0.2_right": {"0", "1"}, "first_0.7_right": {"0.5", "2"}, "first_0.7_probability": {"0.735", "2"},
			"first_0.9_right": {"", "0"}, "all_0.7_right": {"0.666667", "3"}, "all_0.1_right": {"0.5", "2"}, "all_0.0_right": {"0", "1"},
		}[row[1]]
		if expected != nil && (row[2] != expected[0] || row[5] != expected[1]) {
			t.Errorf("%v, want %v", row, expected)
		}
	}
	if len(rows) != len(want)+2*2*10 {
		t.Errorf("%d rows", len(rows))
	}
}

// TestEvalFormats: the same judgements and runs in every form, in any order of lines,
// give the same figures.
func TestEvalFormats(t *testing.T) {
	run := "q1 Q0 a 1 0.5 x\nq1 Q0 b 2 0.5 x\nq2 Q0 a 2 0.5 x\nq2 Q0 b 1 0.5 x\n"
	runs := map[string]string{
		"trec":      run,
		"tabs":      strings.ReplaceAll(run, " ", "\t"),
		"BOM, CRLF": "\ufeff" + strings.ReplaceAll(run, "\n", "\r\n") + "\r\n\r\n",
		"shuffled":  "q2 Q0 b 1 0.5 x\nq1 Q0 b 2 0.5 x\n\nq2 Q0 a 2 0.5 x\nq1 Q0 a 1 0.5 x",
		"gaps":      "q1 Q0 a 10 0.5 x\nq1 Q0 b 20 0.5 x\nq2 Q0 a 7 0.5 x\nq2 Q0 b 0 0.5 x\n",
		"ndjson":    `{"query":"q1","id":"a","rank":1,"score":1}` + "\n" + `{"query":"q1","id":"b","rank":2,"score":0.5,"probability":null}` + "\n" + ` {"query":"q2","id":"b","rank":1,"score":1}` + "\n" + `{"query":"q2","id":"a","rank":2,"score":0}`,
	}
	qrels := map[string]string{
		"trec":          "q1 0 b 1\nq2 0 b 1\nq1 0 a 0\n",
		"trec, tabs":    "q1\t0\tb\t1\nq2\t0\tb\t1\nq1\t0\ta\t-1\n",
		"named columns": "q_id\tc_id\trelevance\nq1\tb\t1\nq2\tb\t1\nq1\ta\t0\n",
		"Chinese names": "专业\t职业\t相关度\t划分\nq1\tb\t1\tdev\nq2\tb\t1\ttest\n",
		"no names":      "q1\tb\t1\nq2\tb\t1\r\n",
		"two columns":   "q1\tb\nq2\tb\n",
		"two, named":    "qid\tdocno\nq1\t b\nq2\tb\n",
	}
	want := must(t, "eval", "--run", write(t, "run", run), "--qrels", write(t, "qrels", qrels["trec"]), "--format", "csv", "--per-query", "--intervals")
	if !strings.Contains(want, ",mrr,0.75,0.5,1,2\n") {
		t.Errorf("MRR of 1/2 and 1 over two queries is missing in\n%s", want)
	}
	for runName, run := range runs {
		for qrelsName, qrels := range qrels {
			got := must(t, "eval", "--run", write(t, "run", run), "--qrels", write(t, "qrels", qrels), "--format", "csv", "--per-query", "--intervals")
			if got != want {
				t.Errorf("run %s against qrels %s:\n%s", runName, qrelsName, got)
			}
		}
	}
}

// TestEvalEncodings: files in GB18030, as spreadsheets in China save them, give the same
// figures as in UTF-8, each file for itself; UTF-16 is refused as everywhere.
func TestEvalEncodings(t *testing.T) {
	args := func(run, qrels, negatives string) []string {
		return []string{"eval", "--run", run, "--qrels", qrels, "--negatives", negatives, "--strip-prefix", "p.", "--strip-prefix", "o.", "--format", "csv", "--per-query"}
	}
	for _, name := range []string{"run.trec", "run.ndjson"} {
		files := []string{"testdata/eval/" + name, "testdata/eval/qrels.tsv", "testdata/eval/negatives.txt"}
		want := must(t, args(files[0], files[1], files[2])...)
		if !strings.Contains(want, "电工,ndcg_10,") {
			t.Fatalf("no Chinese ids in\n%s", want)
		}
		for which := range 1 << len(files) {
			given := slices.Clone(files)
			for i, file := range files {
				if which>>i&1 == 1 {
					data, err := os.ReadFile(file)
					if err != nil {
						t.Fatal(err)
					}
					given[i] = write(t, filepath.Base(file), gb18030(t, string(data)))
				}
			}
			if got := must(t, args(given[0], given[1], given[2])...); got != want {
				t.Errorf("%v:\n%s", given, got)
			}
		}
	}
	wide := write(t, "wide.trec", "\xff\xfeq\x00 \x00")
	status, out, errs := talentmatch(t, args(wide, "testdata/eval/qrels.tsv", "testdata/eval/negatives.txt")...)
	if want := "talentmatch: " + wide + ": invalid: looks like UTF-16 or a binary file: save it as UTF-8 text\n"; status != exitFailed || out != "" || errs != want {
		t.Errorf("exit %d, %q, %s want %s", status, out, errs, want)
	}
}

// TestEvalOfMatch measures what match writes, in both of its formats.
func TestEvalOfMatch(t *testing.T) {
	data := granuleStore(t)
	qrels := write(t, "qrels.tsv", "program\tdemand\tgrade\n1\td.1\t1\n9\td.1\t1\n")
	var outs []string
	for _, format := range []string{"trec", "ndjson"} {
		run := write(t, "run", must(t, "match", "--data", data, "--for", "programs", "--format", format))
		status, out, errs := talentmatch(t, "eval", "--run", run, "--qrels", qrels, "--strip-prefix", "p.", "--format", "ndjson")
		if status != exitDone || errs != qrels+": the first line is read as a header: program, demand, grade\n"+
			"queries: 2; of them not in the run, counting 0: 1; ignored, in the run without judgements: 1\n" {
			t.Errorf("exit %d, %s", status, errs)
		}
		outs = append(outs, out)
	}
	var answers [2]struct{ Meta market.EvaluationMeta }
	for i, out := range outs {
		if err := json.Unmarshal([]byte(out), &answers[i]); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
	}
	if r := answers[1].Meta.Reliability; r == nil || answers[0].Meta.Reliability != nil {
		t.Errorf("only the run with probabilities has a reliability table: %+v", r)
	}
	answers[1].Meta.Reliability = nil
	if !reflect.DeepEqual(answers[0], answers[1]) || answers[0].Meta.MAP != 0.5 || answers[0].Meta.Queries != 2 {
		t.Errorf("\n%s\n%s", outs[0], outs[1])
	}
}

// TestEvalNegativeRun: a run of its own gives the same AUROC as a list over one run.
func TestEvalNegativeRun(t *testing.T) {
	data, err := os.ReadFile("testdata/eval/run.trec")
	if err != nil {
		t.Fatal(err)
	}
	var kept, negative strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "p.闲") || strings.HasPrefix(line, "p.散") {
			negative.WriteString(line)
		} else {
			kept.WriteString(line)
		}
	}
	args := []string{"--qrels", "testdata/eval/qrels.tsv", "--strip-prefix", "p.", "--strip-prefix", "o.", "--format", "ndjson", "--intervals"}
	list := must(t, append([]string{"eval", "--run", "testdata/eval/run.trec", "--negatives", write(t, "list", "p.闲\n散\n")}, args...)...)
	own := must(t, append([]string{"eval", "--run", write(t, "run", kept.String()), "--negatives", write(t, "negative", negative.String())}, args...)...)
	// .9 and .8 and nothing against .8 and .1: 2 + 3/2 of 6.
	if list != own || !strings.Contains(own, `"auroc":{"value":0.583333,"by":"score","positive":3,"positive_empty":1,"negative":2,"negative_empty":0}`) {
		t.Errorf("got\n%swant\n%s", own, list)
	}
}

func TestEvalErrors(t *testing.T) {
	const okRun, okQrels = "q Q0 a 1 0.5 x\n", "q 0 a 1\n"
	const object = `{"query":"q","id":"a","rank":1,"score":0.5`
	for _, test := range []struct {
		run, qrels, negatives string
		says                  string // on standard error, behind "talentmatch: "
	}{
		{"", okQrels, "", "RUN: the run has no lines"},
		{" \n\r\n\t", okQrels, "", "RUN: the run has no lines"},
		{"q Q0 a 1 0.5\n", okQrels, "", "RUN:1: has 5 fields, a run has 6: qid Q0 docno rank score tag"},
		{okRun + "\nq Q0 b 2 0.5 x y", okQrels, "", "RUN:3: has 7 fields, a run has 6: qid Q0 docno rank score tag"},
		{okRun + "q Q0 b 二 0.5 x", okQrels, "", "RUN:2: rank: must be a whole number (got 二)"},
		{okRun + "q Q0 b 2.0 0.5 x", okQrels, "", "RUN:2: rank: must be a whole number (got 2.0)"},
		{okRun + "q Q0 b -2 0.5 x", okQrels, "", "RUN:2: rank: must be from 0 to 1000000000 (got -2)"},
		{okRun + "q Q0 b 2 high x", okQrels, "", "RUN:2: score: must be a number (got high)"},
		{okRun + "q Q0 b 2 NaN x", okQrels, "", "RUN:2: score: must be a finite number (got NaN)"},
		{okRun + "\n" + "q Q0 a 2 0.4 x", okQrels, "", "RUN:3: id: a is ranked twice for query q (first in line 1)"},
		{"\n" + okRun + "p Q0 b 1 0.4 x\nq Q0 b 1 0.4 x", okQrels, "", "RUN:4: rank: 1 is given twice for query q (first in line 2)"},
		{okRun + "电工电工 Q0 \xe7\x94 2 0.5 x", okQrels, "", "RUN:2: invalid: is not valid UTF-8 (byte 31 of the file)"},
		{okRun + "\xff Q0 b 2 0.5 x", okQrels, "", "RUN:2: invalid: is neither valid UTF-8 nor valid GB18030: save it as UTF-8 text"},
		{object + "}\n" + okRun, okQrels, "", "RUN:2: is no JSON object: invalid character 'q' looking for beginning of value"},
		{object + "}\n{}", okQrels, "", "RUN:2: id: is missing"},
		{`{"query":"q","id":"a","rank":"1","score":0.5}`, okQrels, "", "RUN:1: rank: must not be a string"},
		{object + `,"probability":1.5}`, okQrels, "", "RUN:1: probability: must be from 0 to 1 (got 1.5)"},
		{strings.Repeat("x", maxEvalLine+1), okQrels, "", "RUN:1: is longer than 8388608 bytes"},

		{okRun, "", "", "QRELS: has no judgements"},
		{okRun, "qid\tdocno\n", "", "QRELS: has no judgements"},
		{okRun, "q a 1\n", "", "QRELS:1: has 3 fields, judgements have 4: qid 0 docno grade; or columns separated by tabs"},
		{okRun, "q 0 a 相关\n", "", "QRELS:1: grade: must be a whole number (got 相关)"},
		{okRun, okQrels + "q 0 b 1.5", "", "QRELS:2: grade: must be a whole number (got 1.5)"},
		{okRun, okQrels + "q 0 b 99999999999999999999", "", "QRELS:2: grade: must be a whole number (got 99999999999999999999)"},
		{okRun, "q\ta\t1\nq\tb", "", "QRELS:2: has 2 columns, the first line has 3"},
		{okRun, "q_id\ttitle\toccupation_id\nq\t电工\t47e8", "", "QRELS:2: grade: must be a whole number (got 47e8)"},
		{okRun, "q\ta\nq\tb\nq\ta", "", "QRELS:3: id: a is judged twice for query q (first in line 1)"},
		{okRun, "q\t\t1\n", "", "QRELS:1: id: is empty"},
		{okRun, "q 0 a 0\n", "", "QRELS: no query has a relevant document (grade 1 or more)"},

		{okRun, okQrels, "\n", "NEGATIVES: has no lines"},
		{okRun, okQrels, "n\nm k\n", "NEGATIVES:2: has 2 fields; one id is expected, as in the first line"},
		{okRun, okQrels, "n\n\nm\nn\n", "NEGATIVES:4: query: n is listed twice (first in line 1)"},
		{okRun, okQrels, "n\nq\n", "NEGATIVES:2: query: q has a relevant document in the qrels"},
		{okRun, okQrels, "n m\n", "NEGATIVES:1: has 2 fields, a run has 6: qid Q0 docno rank score tag"},
		{okRun, okQrels, "n Q0 a 1 1 x\nn Q0 a 2 1 x\n", "NEGATIVES:2: id: a is ranked twice for query n (first in line 1)"},
		{okRun, okQrels, object + `,"probability":0.5}`, "NEGATIVES:1: query: q has a relevant document in the qrels"},
		{object + `,"probability":0.5}`, okQrels, "n Q0 a 1 1 x", "AUROC needs one measure: the first row of query q has a probability, that of query n has none"},
	} {
		run, qrels, negatives := write(t, "run", test.run), write(t, "qrels", test.qrels), write(t, "negatives", test.negatives)
		args := []string{"eval", "--run", run, "--qrels", qrels}
		if test.negatives != "" {
			args = append(args, "--negatives", negatives)
		}
		status, out, errs := talentmatch(t, args...)
		want := "talentmatch: " + strings.NewReplacer("RUN:", run+":", "QRELS:", qrels+":", "NEGATIVES:", negatives+":").Replace(test.says) + "\n"
		if status != exitFailed || out != "" || errs != want {
			t.Errorf("exit %d, output %q\n got %swant %s", status, out, errs, want)
		}
	}
	run, qrels := write(t, "run", okRun), write(t, "qrels", okQrels)
	none := filepath.Join(t.TempDir(), "none")
	for _, test := range []struct {
		args   string
		status int
		says   string
	}{
		{"--run NONE --qrels QRELS", 1, "talentmatch: open NONE: no such file or directory\n"},
		{"--run RUN --qrels NONE", 1, "talentmatch: open NONE: no such file or directory\n"},
		{"--run RUN --qrels QRELS --negatives NONE", 1, "talentmatch: open NONE: no such file or directory\n"},
		{"--run RUN", 2, "talentmatch: missing flags: --qrels=FILE (see talentmatch eval --help)\n"},
		{"--run RUN --qrels QRELS --format trec", 2, `talentmatch: --format must be one of "table","ndjson","csv" but got "trec" (see talentmatch eval --help)` + "\n"},
		{"--run RUN --qrels QRELS --strip-prefix=", 2, "talentmatch: --strip-prefix must not be empty (see talentmatch eval --help)\n"},
		{"--run RUN --qrels QRELS --seed=-1", 2, ""},
		{"--run RUN --qrels QRELS more", 2, "talentmatch: unexpected argument more (see talentmatch eval --help)\n"},
		{"--help", 0, ""},
	} {
		fill := strings.NewReplacer("RUN", run, "QRELS", qrels, "NONE", none)
		status, _, errs := talentmatch(t, append([]string{"eval"}, strings.Fields(fill.Replace(test.args))...)...)
		if status != test.status || test.says != "" && errs != fill.Replace(test.says) {
			t.Errorf("%s: exit %d, %s", test.args, status, errs)
		}
	}
}

// TestEvalPrefixes: off by default, the longest that fits, once; what met nothing is
// named, and so is a run that shares no query with the qrels.
func TestEvalPrefixes(t *testing.T) {
	run, qrels := write(t, "run", "cip.cip.01 Q0 soc.1 1 1 x\n"), write(t, "qrels", "cip.01\t1\n")
	for _, test := range []struct {
		args, mrr, says string
	}{
		{"", "0", "queries: 1; of them not in the run, counting 0: 1; ignored, in the run without judgements: 1\n" +
			"the run and the qrels have no query in common; does one side carry a prefix? See --strip-prefix\n"},
		{"--strip-prefix cip.cip. --strip-prefix cip. --strip-prefix soc. --strip-prefix nco.", "1", "--strip-prefix nco.: no id begins with it\nqueries: 1\n"},
	} {
		status, out, errs := talentmatch(t, append([]string{"eval", "--run", run, "--qrels", qrels, "--format", "csv"}, strings.Fields(test.args)...)...)
		if status != exitDone || !strings.Contains(out, ",mrr,"+test.mrr+",,,1\n") || errs != test.says {
			t.Errorf("%s: exit %d\n%s%s", test.args, status, out, errs)
		}
	}
}

// FuzzReadRun: what is accepted has a line for every row, and reads the same when it
// is written as TREC.
func FuzzReadRun(f *testing.F) {
	for _, name := range []string{"run.trec", "run.ndjson"} {
		data, err := os.ReadFile("testdata/eval/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data), "p.")
	}
	f.Add("\ufeffq Q0 a 1 -1e-9 x\r\n", "")
	f.Add("{\"query\":\"\\ud800\",\"id\":\"\",\"rank\":1e0,\"score\":0}\n\xff", "q")
	f.Fuzz(func(t *testing.T, text, prefix string) {
		prefix = strings.ToValidUTF8(prefix, "") // flags always are
		run, err := readRun(strings.NewReader(text), newPrefixes([]string{prefix}))
		if err != nil {
			return
		}
		checkLines(t, text, run.lines, len(run.rows))
		var trec bytes.Buffer
		for i := range run.rows {
			row := &run.rows[i]
			row.Probability = nil
			if row.Query == "" || row.ID == "" || strings.ContainsAny(row.Query+row.ID, " \t\r\n") || strings.HasPrefix(row.Query, "{") || strings.HasPrefix(row.Query, "\ufeff") {
				return // no TREC line can say it
			}
			fmt.Fprintf(&trec, "%s Q0 %s %d %s x\n", row.Query, row.ID, row.Rank, number(row.Score))
		}
		again, err := readRun(&trec, newPrefixes(nil))
		if err != nil || fmt.Sprint(again.rows) != fmt.Sprint(run.rows) { // text, so that NaN equals itself
			t.Errorf("written as TREC and read again: %v, %v", again, err)
		}
	})
}

// FuzzReadQrels does the same for judgements.
func FuzzReadQrels(f *testing.F) {
	data, err := os.ReadFile("testdata/eval/qrels.tsv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data), "电")
	f.Add("q 0 a 1\nq 0 b -2\n", "")
	f.Add("qid\tdocno\nq\ta b\n\tc", "q")
	f.Fuzz(func(t *testing.T, text, prefix string) {
		prefix = strings.ToValidUTF8(prefix, "") // flags always are
		qrels, err := readQrels(strings.NewReader(text), newPrefixes([]string{prefix}))
		if err != nil {
			return
		}
		checkLines(t, text, qrels.lines, len(qrels.judgements))
		var trec bytes.Buffer
		for _, j := range qrels.judgements {
			if j.Query == "" || j.ID == "" || strings.ContainsAny(j.Query+j.ID, " \t\r\n") || strings.HasPrefix(j.Query, "\ufeff") {
				return
			}
			fmt.Fprintf(&trec, "%s 0 %s %d\n", j.Query, j.ID, j.Grade)
		}
		again, err := readQrels(&trec, newPrefixes(nil))
		if err != nil || !reflect.DeepEqual(again.judgements, qrels.judgements) {
			t.Errorf("written as TREC and read again: %v, %v", again, err)
		}
	})
}

// checkLines: one line a row, rising, and within the text.
func checkLines(t *testing.T, text string, lines []int, rows int) {
	t.Helper()
	if len(lines) != rows || rows == 0 {
		t.Fatalf("%d lines for %d rows", len(lines), rows)
	}
	last := 0
	for _, line := range lines {
		if line <= last || line > strings.Count(text, "\n")+1 {
			t.Fatalf("line %d after %d in %q", line, last, text)
		}
		last = line
	}
}

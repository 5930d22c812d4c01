package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"talentmatch/market"
)

const linkTexts = "q2\t熟悉中药提取\r\n\r\nq1\tgranulation 干法制粒 😀\nq0\t\n"

// TestLinkTREC: min(K, records) rows a text, in the order of the file, zero scores
// included, by id where they are equal; the same from both encodings and standard input.
func TestLinkTREC(t *testing.T) {
	data := granuleStore(t)
	utf8, gb := write(t, "utf8.tsv", "\ufeff"+linkTexts), write(t, "gb.tsv", gb18030(t, linkTexts))
	standardInput(t, linkTexts)
	args := []string{"link", "--data", data, "--to", "skill", "--input"}
	out := must(t, append(args, utf8)...)
	var order []string
	for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
		var query, q0, doc, score, tag string
		var rank int
		if n, err := fmt.Sscan(line, &query, &q0, &doc, &rank, &score, &tag); n != 6 || err != nil || q0 != "Q0" || tag != "talentmatch" || len(score) != len("0.000000000") {
			t.Fatalf("%q is no TREC line: %v", line, err)
		}
		if query == "q0" && score != "0.000000000" || rank == 1 && query != "q0" && score < "0.3" {
			t.Errorf("score of %s", line)
		}
		order = append(order, fmt.Sprint(query, " ", rank, " ", doc))
	}
	if got, want := strings.Join(order, ", "), "q2 1 sk.extract, q2 2 sk.granulate, q1 1 sk.granulate, q1 2 sk.extract, q0 1 sk.extract, q0 2 sk.granulate"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, same := range [][]string{{gb}, {"-"}, {gb, "--encoding", "gb18030"}, {utf8, "--top", "100000"}, {utf8, "--pack", "builtin"}} {
		if got := must(t, append(args, same...)...); got != out {
			t.Errorf("%v:\n%s want\n%s", same, got, out)
		}
	}
	if got := must(t, append(args, utf8, "--top", "1")...); strings.Count(got, "\n") != 3 {
		t.Errorf("--top 1:\n%s", got)
	}
}

func TestLinkCSVAndNDJSON(t *testing.T) {
	data := granuleStore(t)
	args := []string{"link", "--data", data, "--to", "skill", "--input", write(t, "x.tsv", linkTexts), "--format"}
	rows, err := csv.NewReader(strings.NewReader(must(t, append(args, "csv")...))).ReadAll()
	if err != nil || len(rows) != 7 || strings.Join(rows[0], ",") != "query,id,rank,score,name,name_en" {
		t.Fatalf("%v, %v", rows, err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(must(t, append(args, "ndjson")...), "\n"), "\n") {
		var item struct {
			Query string
			market.LinkItem
		}
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatal(err)
		}
		if row := rows[i+1]; row[0] != item.Query || row[1] != item.ID || row[2] != fmt.Sprint(item.Rank) || row[3] != number(item.Score) || row[4] != item.Name || row[5] != item.NameEN {
			t.Errorf("csv %v, ndjson %s", row, line)
		}
	}
}

// TestLinkIsMeasured: what link writes, eval reads.
func TestLinkIsMeasured(t *testing.T) {
	data := granuleStore(t)
	texts, qrels := write(t, "x.tsv", linkTexts), write(t, "qrels.tsv", "q1\tsk.granulate\nq2\tsk.granulate\n")
	for _, format := range []string{"trec", "ndjson"} {
		run := write(t, "run", must(t, "link", "--data", data, "--to", "skill", "--input", texts, "--format", format))
		if out := must(t, "eval", "--run", run, "--qrels", qrels, "--format", "csv"); !strings.Contains(out, "\n,mrr,0.75,,,2\n") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

func TestLinkWithoutRecords(t *testing.T) {
	data := granuleStore(t)
	status, out, errs := talentmatch(t, "link", "--data", data, "--to", "occupation", "--input", write(t, "x.tsv", linkTexts))
	if status != exitDone || out != "" || errs != "the store has no occupations to rank\n" {
		t.Errorf("exit %d, %q, %s", status, out, errs)
	}
}

func TestLinkUsage(t *testing.T) {
	t.Setenv("TALENTMATCH_DATA", "")
	data, file := granuleStore(t), write(t, "x.tsv", linkTexts)
	for args, says := range map[string]string{
		"link --data DATA --to skill":                             "missing flags: --input=FILE",
		"link --data DATA --input FILE":                           "missing flags: --to=skill|occupation",
		"link --data DATA --to program --input FILE":              `--to must be one of "skill","occupation" but got "program"`,
		"link --data DATA --to skill --input FILE --top 0":        "--top must be 1..100000",
		"link --data DATA --to skill --input FILE --pack esco":    "",
		"link --data DATA --to skill --input FILE --format table": "",
		"link --to skill --input FILE":                            "--data must name a folder",
		"extract --data DATA":                                     `expected --input=FILE or "<text> ..."`,
		"extract --data DATA --input FILE 提取":                     "--input and texts can't be used together",
		"extract --data DATA --format trec 提取":                    "",
	} {
		status, out, errs := talentmatch(t, strings.Fields(strings.NewReplacer("DATA", data, "FILE", file).Replace(args))...)
		command, _, _ := strings.Cut(args, " ")
		if want := "talentmatch: " + says + " (see talentmatch " + command + " --help)\n"; status != exitUsage || out != "" || says != "" && errs != want {
			t.Errorf("%s: exit %d, %q\n says %s want %s", args, status, out, errs, want)
		}
	}
}

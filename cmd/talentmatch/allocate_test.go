package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/market"
)

// TestAllocationPages: each alliance's seating on a page, in both languages, as the golden
// files have it. UPDATE=1 writes them anew.
func TestAllocationPages(t *testing.T) {
	for _, x := range []string{"a", "b", "c", "d", "e"} {
		data := scenario(t, x)
		saved := filepath.Join(t.TempDir(), "seating.json")
		got := must(t, "allocate", "--data", data, "--limit", "12", "--save", saved) + "\n" + must(t, "allocate", "--data", data, "--limit", "12", "--lang", "zh")
		golden(t, filepath.Join("allocations", x+".txt"), got)
		if out := must(t, "allocate", "--verify", saved); !strings.Contains(out, ": proven: max-total, ") {
			t.Errorf("%s: %s", x, out)
		}
	}
}

// TestAllocateFormats: every format says the same, and a file is what standard output is.
func TestAllocateFormats(t *testing.T) {
	data := granuleStore(t)
	saved := filepath.Join(t.TempDir(), "seating.json")
	out := must(t, "allocate", "--data", data, "--format", "json", "--min-score", "0", "--save", saved)
	kept, err := os.ReadFile(saved)
	if err != nil || string(kept) != out {
		t.Errorf("the saved file differs from standard output: %v", err)
	}
	var a market.Allocation
	if err := json.Unmarshal(kept, &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Seats) == 0 {
		t.Fatal("nobody is seated")
	}
	book := filepath.Join(t.TempDir(), "seating.xlsx")
	rows := strings.Split(strings.TrimSpace(must(t, "allocate", "--data", data, "--min-score", "0", "--format", "csv", "--xlsx", book)), "\n")
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for name, want := range map[string]int{"岗位 Openings": len(a.Openings), "届次 Cohorts": len(a.Cohorts), "落位 Seats": len(a.Seats)} {
		if got, err := f.GetRows(name); err != nil || len(got) != want+2 {
			t.Errorf("sheet %s has %d rows, want %d (%v)", name, len(got), want+2, err)
		}
	}
	if len(rows) != len(a.Seats)+1 || rows[0] != "demand,program,year,units,value,agreement" {
		t.Errorf("csv: %q", rows)
	}
	lines := strings.Split(strings.TrimSpace(must(t, "allocate", "--data", data, "--min-score", "0", "--format", "ndjson")), "\n")
	if want := len(a.Openings) + len(a.Cohorts) + len(a.Seats) + 1; len(lines) != want || !strings.Contains(lines[want-1], `"summary":{"policy":"max-total"`) {
		t.Errorf("ndjson has %d lines, want %d: %s", len(lines), want, lines[len(lines)-1])
	}
	if out := must(t, "allocate", "diff", saved, saved); out != "no change\n" {
		t.Errorf("a seating differs from itself: %q", out)
	}
	bounds := write(t, "bounds.json", fmt.Sprintf(`[{"enterprise":%q,"max":1}]`, a.Openings[0].Employer))
	other := filepath.Join(t.TempDir(), "other.json")
	must(t, "allocate", "--data", data, "--min-score", "0", "--bounds", bounds, "--save", other)
	if out := must(t, "allocate", "diff", "--format", "csv", saved, other); !strings.HasPrefix(out, "kind,id,year,name,before,after,change,value_change\nenterprise,"+a.Openings[0].Employer) {
		t.Errorf("diff: %q", out)
	}
	must(t, "allocate", "--verify", other)
	for _, args := range [][]string{{"--policy", "best"}, {"--bounds", write(t, "b.json", `[{"enterprize":"x","max":1}]`)}, {"--top", "0"}, {"--limit", "0"}, {"--alliance", "none"}} {
		if status, _, errs := talentmatch(t, append([]string{"allocate", "--data", data}, args...)...); status == exitDone {
			t.Errorf("%v: exit %d, %s", args, status, errs)
		}
	}
	if status, _, errs := talentmatch(t, "allocate"); status != exitUsage || !strings.Contains(errs, "--data, --dimacs or --verify is needed") {
		t.Errorf("no flags: exit %d, %s", status, errs)
	}
	changed := write(t, "changed.json", strings.Replace(string(kept), `"units":`, `"units":1`, 1))
	if status, _, errs := talentmatch(t, "allocate", "--verify", changed); status != exitFailed || !strings.Contains(errs, "not proven") {
		t.Errorf("a changed seating: exit %d, %s", status, errs)
	}
}

// TestAllocateDIMACS: the problem of a market as a file has the seating's cost, and a bad file an
// error that names the line.
func TestAllocateDIMACS(t *testing.T) {
	out := must(t, "allocate", "--dimacs", write(t, "small.min", "c two ways\np min 4 5\nn 1 4\nn 4 -4\na 1 2 0 4 2\na 1 3 0 2 2\na 2 3 0 2 1\na 2 4 0 3 3\na 3 4 0 5 1\n"))
	if want := "s 14\nf 1 2 2\nf 1 3 2\nf 2 3 2\nf 3 4 4\n"; out != want {
		t.Errorf("solution %q, want %q", out, want)
	}
	status, out, errs := talentmatch(t, "allocate", "--dimacs", write(t, "bad.min", "p min 2 1\nn 1 1\nn 2 -1\na 1 2 0 x 1\n"))
	if status != exitFailed || out != "" || !strings.Contains(errs, "bad.min:4:") {
		t.Errorf("exit %d, %q, %s", status, out, errs)
	}
	status, _, errs = talentmatch(t, "allocate", "--dimacs", write(t, "none.min", "p min 2 1\nn 1 1\nn 2 -1\na 2 1 0 5 1\n"))
	if status != exitFailed || !strings.Contains(errs, "infeasible") {
		t.Errorf("exit %d, %s", status, errs)
	}
	data, problem := granuleStore(t), filepath.Join(t.TempDir(), "market.min")
	var a market.Allocation
	if err := json.Unmarshal([]byte(must(t, "allocate", "--data", data, "--min-score", "0", "--format", "json", "--write-dimacs", problem)), &a); err != nil {
		t.Fatal(err)
	}
	cost := float64(a.Summary.Headcount)*10_000 - a.Summary.Value*10_000
	if out := must(t, "allocate", "--dimacs", problem); !strings.HasPrefix(out, fmt.Sprintf("s %.0f\n", cost)) {
		t.Errorf("the market's problem costs %q, want %.0f", strings.SplitN(out, "\n", 2)[0], cost)
	}
}

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talentmatch/market/bench"
)

// TestBenchMarketImports: the market that is written can be imported, and is the same
// market every time.
func TestBenchMarketImports(t *testing.T) {
	args := []string{"bench", "market", "--programs", "60", "--demands", "50", "--fields", "1", "--seed", "9"}
	text := must(t, args...)
	file := filepath.Join(t.TempDir(), "market.ndjson")
	must(t, append(args, "--out", file)...)
	if written, err := os.ReadFile(file); err != nil || string(written) != text {
		t.Fatalf("%d bytes in the file, %d on standard output (%v)", len(written), len(text), err)
	}
	if status, _, errs := talentmatch(t, append(args, "--out", file)...); status != exitFailed || !strings.Contains(errs, "--force") {
		t.Errorf("over a file: exit %d, %s", status, errs)
	}
	must(t, append(args, "--out", file, "--force")...)

	types := map[string]int{}
	order := []string{}
	for line := range strings.Lines(text) {
		var rec struct{ Type string }
		if err := json.Unmarshal([]byte(line), &rec); err != nil {
			t.Fatal(err)
		}
		if types[rec.Type]++; types[rec.Type] == 1 {
			order = append(order, rec.Type)
		}
	}
	if want := []string{"skill", "crosswalk", "organization", "program", "demand"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
	if types["skill"] != 398 || types["organization"] != 3+10 || types["program"] != 60 || types["demand"] != 50 {
		t.Errorf("%v", types)
	}
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--no-builtin", "--data", data, file)
	if out := must(t, "match", "--data", data, "--for", "demands", "--format", "trec", "--top", "3"); strings.Count(out, "\n") < 100 {
		t.Errorf("few matches for 50 demands:\n%s", out)
	}
}

// TestBenchMatch: every part is measured and found equal to brute force; NDJSON and
// table say the same.
func TestBenchMatch(t *testing.T) {
	args := strings.Fields("bench match --programs 90,120 --demands 80 --fields 1 --queries 8 --limit 20ms --what")
	seen := map[string]int{}
	for line := range strings.Lines(must(t, append(slices.Clone(args), "query,full,batch,updates,memory,restart", "--format", "ndjson")...)) {
		var m benchLine
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		seen[fmt.Sprint(m.Programs, " ", m.What)]++
		if m.Unequal != 0 || m.Machine.GOMAXPROCS < 1 || m.Seed != 1 || m.Market != "national" {
			t.Errorf("%s", line)
		}
		if m.What == bench.WhatRestart && (m.Checked != 2 || m.Seconds <= 0) {
			t.Errorf("%s", line)
		}
	}
	for _, size := range []int{90, 120} {
		for what, n := range map[string]int{"query": 4, "full": 8, "batch": 4, "updates": 4, "memory": 2, "restart": 1} {
			if seen[fmt.Sprint(size, " ", what)] != n {
				t.Errorf("%d measurements of %s of %d programs, want %d", seen[fmt.Sprint(size, " ", what)], what, size, n)
			}
		}
	}
	out := must(t, append(args, "query,batch,memory")...)
	for _, want := range []string{"0 of 4", "batch ranks", "bytes a row"} {
		if !strings.Contains(out, want) {
			t.Errorf("the table lacks %q:\n%s", want, out)
		}
	}
}

func TestBenchUsage(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	for _, test := range []struct {
		args   string
		status int
		says   string
	}{
		{"bench match --programs 0", exitUsage, "programs"},
		{"bench match --programs 60,0 --what query", exitUsage, "programs"},
		{"bench match --what speed", exitUsage, "--what"},
		{"bench match --fields 151", exitUsage, "fields"},
		{"bench match --limit 0s", exitUsage, "limit"},
		{"bench match --what restart --profiles NONE", exitUsage, "--profiles"},
		{"bench match --profiles NONE", exitFailed, "occupations.jsonl"},
		{"bench market --demands -1", exitUsage, "demands"},
		{"bench market --fields 0", exitUsage, "fields"},
	} {
		status, out, errs := talentmatch(t, strings.Fields(strings.ReplaceAll(test.args, "NONE", none))...)
		if status != test.status || !strings.Contains(errs, test.says) || out != "" {
			t.Errorf("%s: exit %d, %q, %q", test.args, status, out, errs)
		}
	}
}

// TestBenchAllocate: a line a size, every answer proven, and the problem as a file that has its
// value.
func TestBenchAllocate(t *testing.T) {
	problem := filepath.Join(t.TempDir(), "market.min")
	lines := strings.Split(strings.TrimSpace(must(t, "bench", "allocate", "--sizes", "20x100,40x200", "--repeat", "1", "--format", "ndjson", "--write-dimacs", problem)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	var m bench.AllocateMeasurement
	if err := json.Unmarshal([]byte(lines[1]), &m); err != nil || m.Programs != 40 || m.Filled == 0 {
		t.Errorf("%s: %v", lines[1], err)
	}
	if out := must(t, "allocate", "--dimacs", problem); !strings.HasPrefix(out, fmt.Sprintf("s %d\n", m.Heads*10_000-m.Value)) {
		t.Errorf("the problem's file costs %q, want %d", strings.SplitN(out, "\n", 2)[0], m.Heads*10_000-m.Value)
	}
	for _, size := range []string{"20", "x", "0x5", "5x-1"} {
		if status, _, _ := talentmatch(t, "bench", "allocate", "--sizes", size); status != exitUsage {
			t.Errorf("--sizes %s: exit %d", size, status)
		}
	}
}

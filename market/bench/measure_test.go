package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"talentmatch/matcher"
	"talentmatch/talent"
)

func smallOptions() Options {
	o := DefaultOptions()
	o.Programs, o.Demands, o.Queries, o.Top, o.Check, o.Limit, o.Chunk = 700, 400, 24, 10, 8, 60*time.Millisecond, 90
	return o
}

// TestMeasure: everything is measured once, and every answer that is looked at is brute
// force's, also of many segments and after writes.
func TestMeasure(t *testing.T) {
	for _, src := range []Source{newNational(t, 5, 4), testProfiles(t, true), testProfiles(t, false)} {
		var got []string
		checked := 0
		err := Measure(t.Context(), src, smallOptions(), t.Logf, func(m Measurement) error {
			got = append(got, strings.TrimSpace(fmt.Sprintln(m.What, m.Side, m.Score, m.Filter)))
			checked += m.Checked
			if m.Market != src.Name() || m.Programs != 700 || m.Demands != 400 {
				t.Errorf("measured on %s of %d and %d", m.Market, m.Programs, m.Demands)
			}
			if m.P50 > m.P99 || m.P99 > m.Max || m.Mean > m.Max {
				t.Errorf("%+v", m)
			}
			if (m.What == WhatQuery || m.What == WhatFull) && (m.Queries != 24 || m.Results == 0) {
				t.Errorf("%d queries with %v results: %+v", m.Queries, m.Results, m)
			}
			if m.What == WhatMemory && m.BytesPerRow < 200 {
				t.Errorf("a row takes %v bytes", m.BytesPerRow)
			}
			if m.What == WhatBatch && (m.PerSecond <= 0 || m.PairsPer < m.PerSecond*400) {
				t.Errorf("%+v", m)
			}
			if m.What == WhatUpdates && m.Queries == 0 {
				t.Errorf("no reader: %+v", m)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"memory programs", "memory demands"}
		for _, of := range []string{"query %s skills", "full %s full", "full %s answer"} {
			for _, side := range []string{"programs", "demands"} {
				what := fmt.Sprintf(of, side)
				want = append(want, what+" mix", what+" none")
			}
		}
		want = append(want, "batch programs skills", "batch programs full", "batch demands skills", "batch demands full",
			"updates programs skills mix", "updates programs skills mix", "updates programs full mix", "updates programs full mix")
		if !slices.Equal(got, want) {
			t.Errorf("%s: measured\n%s\nwant\n%s", src.Name(), strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if checked != 14*8 { // 12 of queries, 2 after writes
			t.Errorf("%d answers were looked at", checked)
		}
	}
}

// TestCheckBites: a wrong answer is counted, whatever is wrong with it.
func TestCheckBites(t *testing.T) {
	r := &run{Options: smallOptions(), ctx: t.Context(), src: newNational(t, 5, 4), note: t.Logf, yield: func(Measurement) error { return nil }}
	if err := r.build(); err != nil {
		t.Fatal(err)
	}
	queries := r.mixed(programs)[:4]
	for i := range queries {
		queries[i].within = "" // every filter leaves some of so few
	}
	for name, spoil := range map[string]func(*matcher.Result){
		"nothing":     func(*matcher.Result) {},
		"the order":   func(res *matcher.Result) { slices.Reverse(res.Matches) },
		"a score":     func(res *matcher.Result) { res.Matches[0].Score.Total += 1e-9 },
		"one too few": func(res *matcher.Result) { res.Matches = res.Matches[1:] },
		"the count":   func(res *matcher.Result) { res.Eligible++ },
	} {
		answers := make([]*matcher.Result, len(queries))
		for i := range queries {
			var err error
			if answers[i], err = r.answer(&queries[i], wholeAnswers, r.Top); err != nil || len(answers[i].Matches) < 2 {
				t.Fatal(err, answers[i])
			}
		}
		spoil(answers[2])
		want := 1
		if name == "nothing" {
			want = 0
		}
		if checked, unequal, err := r.check(r.snap, queries, wholeAnswers, answers); err != nil || checked != 4 || unequal != want {
			t.Errorf("%s: %d of %d unequal, want %d (%v)", name, unequal, checked, want, err)
		}
	}
}

func TestMeasureRefuses(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"programs": func(o *Options) { o.Programs = 0 }, "demands": func(o *Options) { o.Demands = MostRecords + 1 },
		"queries": func(o *Options) { o.Queries = 0 }, "top": func(o *Options) { o.Top = matcher.MaxTop + 1 },
		"check": func(o *Options) { o.Check = o.Queries + 1 }, "limit": func(o *Options) { o.Limit = 0 },
		"update-rows": func(o *Options) { o.UpdateRows = o.Programs + 1 }, "what": func(o *Options) { o.What = []string{"everything"} },
	} {
		o := smallOptions()
		change(&o)
		err := Measure(t.Context(), newNational(t, 1, 1), o, t.Logf, func(Measurement) error { return errors.New("measured") })
		if !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// testProfiles are forty occupations of three trades, made up; with says whether the
// folder says what they need.
func testProfiles(t *testing.T, with bool) *Profiles {
	t.Helper()
	dir := t.TempDir()
	var occupations, needs strings.Builder
	needs.WriteString("occupation\tskill\trelevance\n")
	for i := range 40 {
		trade := []string{"joiner", "baker", "nurse"}[i%3]
		var words []string
		for k := range 12 {
			words = append(words, word(i%3*40+(i*7+k*k)%40).en)
		}
		fmt.Fprintf(&occupations, `{"id":"o%d","title":"%s %d","alternate_titles":["master %s"],"description":"They %s. They work."}`+"\n", i, trade, i, trade, strings.Join(words, " "))
		for _, w := range words {
			fmt.Fprintf(&needs, "o%d\t%s\t1\n", i, w)
		}
		fmt.Fprintf(&needs, "o%d\tunwanted\t0\n", i)
	}
	files := map[string]string{profilesFile: occupations.String()}
	if with {
		files[needsFile] = needs.String()
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p, err := ReadProfiles(dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestProfiles: programs and demands have skills of real profiles, mostly of one, and
// skills are alike by the occupations that they share.
func TestProfiles(t *testing.T) {
	for _, with := range []bool{true, false} {
		p := testProfiles(t, with)
		if p.FromText == with || len(p.list) != 40 || p.Skills < 30 {
			t.Fatalf("%d profiles with %d skills, from text: %v", len(p.list), p.Skills, p.FromText)
		}
		mostly := 0
		for i := range 200 {
			best := 0
			pr := p.Program(i)
			for _, q := range p.list {
				n := 0
				for _, h := range pr.Held {
					if slices.Contains(q.skills, h.Skill) {
						n++
					}
				}
				best = max(best, n)
			}
			if best >= 9 {
				mostly++
			}
		}
		if mostly < 150 {
			t.Errorf("%d of 200 programs have 9 of the 12 skills of a profile", mostly)
		}
		for a := range int32(p.Skills) {
			var own [1]matcher.Neighbour
			if near := p.space.ForNeed(a, &own); len(near) > mostRelated+1 || (len(near) > 1 && (near[1].Sim > mostLike || near[len(near)-1].Sim < leastLike)) {
				t.Fatalf("skill %d: %v", a, near)
			}
		}
	}
}

// TestProfilesRefuse: what is wrong with a folder is named.
func TestProfilesRefuse(t *testing.T) {
	const good = `{"id":"a","title":"joiner"}` + "\n"
	for name, tt := range map[string]struct {
		files map[string]string
		says  string
	}{
		"empty":      {nil, profilesFile},
		"not json":   {map[string]string{profilesFile: good + "joiner\n"}, profilesFile + ":2"},
		"no title":   {map[string]string{profilesFile: good + `{"id":"b"}`}, profilesFile + ":2: id and title"},
		"columns":    {map[string]string{profilesFile: good, needsFile: "occupation\tskill\n"}, needsFile + ":1: 2 columns"},
		"no profile": {map[string]string{profilesFile: good, needsFile: "occupation\tskill\trelevance\na\ts\t1\n"}, "0 occupations"},
	} {
		dir := t.TempDir()
		for file, text := range tt.files {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := ReadProfiles(dir, 1); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A program of the national market, with a text of 71 terms, must take no more than this
// in memory, all told. What is there once a market takes its part of it: at a million
// programs it is some 180 bytes less.
const mostBytesAProgram = 1400

func BenchmarkMemory60kPrograms(b *testing.B) {
	o := DefaultOptions()
	o.Programs, o.Demands, o.What, o.Queries, o.Check = 60_000, 1000, []string{WhatMemory}, 20, 0
	src := newNational(b, 1, Fields)
	for b.Loop() {
		err := Measure(b.Context(), src, o, func(string, ...any) {}, func(m Measurement) error {
			if m.Side != programs {
				return nil
			}
			b.ReportMetric(m.BytesPerRow, "B/program")
			if m.BytesPerRow > mostBytesAProgram {
				b.Errorf("a program takes %.0f bytes, more than %d", m.BytesPerRow, mostBytesAProgram)
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

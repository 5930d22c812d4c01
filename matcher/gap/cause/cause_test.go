package cause

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/fill"
	"talentmatch/talent"
)

// Regions are two in one province and one in another.
var regions = []string{"440605", "440300", "520100"}

func province(region int32) int32 { return []int32{0, 0, 1}[region] }

// randomSnapshot has programs of three skills; the openings ask some of them.
func randomSnapshot(r *rand.Rand, programs, demands int) (*matcher.Snapshot, []Opening) {
	var c matcher.Change
	for i := range programs {
		p := matcher.Program{ID: fmt.Sprintf("p%03d", i), Region: int32(r.IntN(3)), Education: uint8(4 + r.IntN(3)), Attrs: [matcher.NumAttrs]int32{int32(r.IntN(3))}}
		for s := range int32(3) {
			if r.IntN(2) == 0 {
				p.Held = append(p.Held, matcher.Held{Skill: s, Level: uint8(1 + r.IntN(5)), Confidence: 100, Known: true, Course: -1})
			}
		}
		for y := range r.IntN(3) {
			p.Cohorts = append(p.Cohorts, matcher.CohortSize{Year: 2025 + 2*y, Graduates: r.IntN(5)})
		}
		if r.IntN(2) == 0 {
			p.Retention, p.FurtherStudy = matcher.Rate{Share: .5, Said: true}, matcher.Rate{Share: .2, Said: true}
		}
		c.PutPrograms = append(c.PutPrograms, p)
	}
	var openings []Opening
	for i := range demands {
		o := Opening{ID: fmt.Sprintf("d%03d", i), Heads: int64(r.IntN(9)), Start: matcher.NoStart, Region: int32(r.IntN(3)), Education: uint8(r.IntN(7)), Holder: int32(r.IntN(4))}
		if r.IntN(3) > 0 {
			o.Start = (2024+r.IntN(8))*12 + r.IntN(12)
		}
		for s := range int32(3) {
			if r.IntN(2) == 0 {
				o.Needs = append(o.Needs, matcher.Need{Skill: s, Level: uint8(1 + r.IntN(5)), Weight: 1, Required: r.IntN(6) == 0})
			}
		}
		openings = append(openings, o)
	}
	atlas := matcher.NewAtlas(talent.NewGazetteer(nil), regions)
	return matcher.Empty(matcher.NewSpace(make([][]matcher.Neighbour, 3)), atlas).With(c), openings
}

// pacts reserve 3 seats of every program for one holder, and 2 of the first for another.
func pacts(openings []Opening) []Pact {
	var out []Pact
	for holder := range int32(2) {
		p := Pact{Holder: holder, Seats: int64(3 - holder), Within: func(year int) bool { return year < 2029 },
			Concerns: func(p *matcher.Program) bool { return holder == 0 || p.ID == "p000" }}
		for d := range openings {
			if openings[d].Holder == holder {
				p.Openings = append(p.Openings, int32(d))
			}
		}
		out = append(out, p)
	}
	return out
}

func build(t *testing.T, snap *matcher.Snapshot, openings []Opening, o Options) *Market {
	t.Helper()
	o.Place, o.Pacts, o.MinSkills = province, pacts(openings), .5
	m, err := Build(context.Background(), snap, openings, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Fill.Validate(); err != nil {
		t.Fatal(err)
	}
	units, reserved := int64(0), int64(0)
	for _, s := range m.Fill.Supplies {
		units += s.Units
	}
	for _, r := range m.Reserves {
		reserved += r.Seats
	}
	y := &m.Tally
	if units != y.Available || reserved != y.Reserved || y.Graduates-y.StudyOn-y.Hired != y.Available {
		t.Fatalf("%d units, %d reserved: %+v", units, reserved, *y)
	}
	return m
}

// TestCandidates: with fewer candidates than there are able programs an opening has so many of
// them under every set of the other limits as there are, up to the number; with enough, all; what stays
// empty is no less, and no more blame is put elsewhere than on skills.
func TestCandidates(t *testing.T) {
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 1))
		snap, openings := randomSnapshot(r, 1+r.IntN(40), 1+r.IntN(12))
		all := build(t, snap, openings, Options{Candidates: 1})
		few, many := build(t, snap, openings, Options{Candidates: 2, Sampled: true}), build(t, snap, openings, Options{Candidates: 1000, Sampled: true})
		if !all.Exact || few.Exact || many.Exact {
			t.Fatalf("exact %v, %v, %v", all.Exact, few.Exact, many.Exact)
		}
		for d := range openings {
			full := all.Fill.Able[all.Fill.Off[d]:all.Fill.Off[d+1]]
			cut := few.Fill.Able[few.Fill.Off[d]:few.Fill.Off[d+1]]
			for set := range fill.Set(fill.Sets) {
				if set.Has(fill.Skills) || openings[d].Heads == 0 {
					continue
				}
				usable := func(list []int32) (n int) {
					for _, p := range list {
						if slices.ContainsFunc(few.Fill.Supplies, func(s fill.Supply) bool {
							return s.Program == p && few.Fill.Apart(int32(d), int32(slices.Index(few.Fill.Supplies, s)))&^set == 0
						}) {
							n++
						}
					}
					return n
				}
				if got, want := usable(cut), min(usable(full), max(2, int(openings[d].Heads/2))); got < want {
					t.Fatalf("seed %d: opening %d has %d candidates without %s, of %d", seed, d, got, set, want)
				}
			}
			if slices.ContainsFunc(cut, func(p int32) bool { return !slices.Contains(full, p) }) {
				t.Fatalf("seed %d: %v are not among %v", seed, cut, full)
			}
			if got := many.Fill.Able[many.Fill.Off[d]:many.Fill.Off[d+1]]; openings[d].Heads > 0 && !slices.Equal(got, full) {
				t.Fatalf("seed %d: %v, not %v", seed, got, full)
			}
		}
		exact, err := all.Fill.Causes(context.Background(), fill.Options{})
		if err != nil {
			t.Fatal(err)
		}
		bound, err := few.Fill.Causes(context.Background(), fill.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if bound.Unfilled[0] < exact.Unfilled[0] || bound.Share[fill.Skills] < exact.Share[fill.Skills] || bound.Numbers != exact.Numbers {
			t.Errorf("seed %d: %v of %d unfilled are no bounds of %v of %d", seed, bound.Share, bound.Unfilled[0], exact.Share, exact.Unfilled[0])
		}
	}
}

// TestWalk: every place once, whatever the number of places.
func TestWalk(t *testing.T) {
	for n := 1; n < 60; n++ {
		for _, id := range []string{"", "d1", "需求"} {
			seen := make([]bool, n)
			at, step := walk(draw(id), n)
			for range n {
				seen[at] = true
				if at += step; at >= n {
					at -= n
				}
			}
			if slices.Contains(seen, false) {
				t.Fatalf("%d places from %q: some are never met", n, id)
			}
		}
	}
}

// TestNothing: no openings, no programs, and a context that has ended.
func TestNothing(t *testing.T) {
	snap, openings := randomSnapshot(rand.New(rand.NewPCG(1, 1)), 0, 3)
	if m := build(t, snap, openings, Options{}); len(m.Supplies) != 0 || len(m.Fill.Able) != 0 {
		t.Errorf("%+v", m)
	}
	snap, _ = randomSnapshot(rand.New(rand.NewPCG(1, 1)), 3, 0)
	if m := build(t, snap, nil, Options{}); len(m.Fill.Off) != 1 {
		t.Errorf("%+v", m)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	snap, openings = randomSnapshot(rand.New(rand.NewPCG(1, 1)), 3, 3)
	if _, err := Build(ctx, snap, openings, Options{Place: province}); err == nil {
		t.Error("built though nobody waits")
	}
}

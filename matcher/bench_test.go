package matcher

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// A synthetic national market: 15,000 skills in 150 fields and 300 that all share,
// Zipf inside a field, about 20 related skills each; 300 regions; programs with
// 14-26 skills and 60 terms; demands with 12 skills and 60 terms, half of them
// bound to a province.
const (
	benchFields     = 150
	benchPerField   = 98
	benchShared     = 300
	benchSkills     = benchFields*benchPerField + benchShared
	benchVocabulary = 60_000
)

type benchMarket struct {
	snap    *Snapshot
	demands []Demand
	bytes   float64 // heap per program
}

var benchRegionIDs = sync.OnceValue(func() []string {
	var out []string
	for p := 11; p < 41; p++ {
		for c := range 10 {
			out = append(out, fmt.Sprintf("B%d.%d", p, c))
		}
	}
	return out
})

func zipf(r *rand.Rand, n int) int { return int(math.Pow(float64(n), r.Float64())) - 1 }

func benchSkill(r *rand.Rand, field int) int32 {
	if r.IntN(6) == 0 {
		return int32(benchFields*benchPerField + zipf(r, benchShared))
	}
	return int32(field*benchPerField + zipf(r, benchPerField))
}

func benchText(r *rand.Rand, field int) (out TextVector) {
	seen := map[int32]bool{}
	for range 60 {
		id := int32(zipf(r, benchVocabulary))
		if r.IntN(2) == 0 {
			id = int32(field*300 + zipf(r, 300))
		}
		if !seen[id] {
			seen[id] = true
			space := id % int32(NumTextSpaces)
			out[space] = append(out[space], Term{ID: id, Weight: .5 + r.Float32()})
		}
	}
	return out
}

func heapBytes() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

var benchMarkets sync.Map

func newBenchMarket(programs int) *benchMarket {
	if m, ok := benchMarkets.Load(programs); ok {
		return m.(*benchMarket)
	}
	r := rand.New(rand.NewPCG(1, 2))
	lists := make([][]Neighbour, benchSkills)
	for i := range benchFields * benchPerField {
		field := i / benchPerField
		for range 20 {
			lists[i] = append(lists[i], Neighbour{int32(field*benchPerField + r.IntN(benchPerField)), uint16(300 + r.IntN(600))})
		}
	}
	space := NewSpace(lists)
	atlas := &Atlas{}
	for i := range benchRegionIDs() {
		atlas.regions = append(atlas.regions, atlasRegion{path: []string{fmt.Sprint("c", i), fmt.Sprint("p", i/10), "CN"}, known: true})
	}
	benchBase := heapBytes()
	rows := make([]Program, programs)
	for i := range rows {
		field := zipf(r, benchFields)
		p := Program{ID: fmt.Sprintf("p%07d", i), Region: int32(r.IntN(300)), Education: uint8(3 + r.IntN(4)), Text: benchText(r, field)}
		seen := map[int32]bool{}
		for range 14 + r.IntN(13) {
			if s := benchSkill(r, field); !seen[s] {
				seen[s] = true
				p.Held = append(p.Held, Held{Skill: s, Course: -1, Level: uint8(1 + r.IntN(5)), Confidence: 100, Known: true, Value: float32(8 + r.IntN(64))})
			}
		}
		for y := range 4 {
			p.Cohorts = append(p.Cohorts, CohortSize{2025 + y, r.IntN(100)})
		}
		rows[i] = p
	}
	m := &benchMarket{snap: Empty(space, atlas).With(Change{PutPrograms: rows})}
	clear(rows)
	rows = nil
	m.snap = m.snap.With(Change{})
	m.bytes = float64(heapBytes()-benchBase) / float64(programs)
	for i := range 200 {
		field := zipf(r, benchFields)
		d := Demand{ID: fmt.Sprintf("d%07d", i), Region: int32(r.IntN(300)), Education: uint8(3 + r.IntN(3)), Open: true, Start: 2026*12 + r.IntN(24), Text: benchText(r, field)}
		for len(d.Needs) < 12 {
			d.Needs = append(d.Needs, Need{Skill: benchSkill(r, field), Level: uint8(1 + r.IntN(5)), Weight: float64(1+r.IntN(10)) / 10})
		}
		m.demands = append(m.demands, d)
	}
	benchMarkets.Store(programs, m)
	return m
}

func benchmarkPrograms(b *testing.B, programs int, bound bool, w Weights) {
	m := newBenchMarket(programs)
	q := Query{Top: 50, Weights: w}
	scored := 0
	run := func(i int) {
		d := &m.demands[i%len(m.demands)]
		if bound {
			q.Filter.Regions = m.snap.Atlas().Within([]string{fmt.Sprint("p", d.Region/10)})
			q.Filter.Education = []uint8{d.Education, d.Education + 1}
		}
		res, err := m.snap.MatchPrograms(context.Background(), d, q)
		if err != nil || (len(res.Matches) == 0 && !bound) {
			b.Fatalf("%v, %d matches", err, len(res.Matches))
		}
		explain := m.snap.Explainer(d)
		for j := range res.Matches {
			p, _ := m.snap.PeekProgram(res.Matches[j].ID)
			explain.Needs(&p)
		}
		scored += res.Scored
	}
	run(0)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		run(i)
	}
	b.ReportMetric(float64(scored)/float64(b.N+1), "scored/op")
	b.ReportMetric(m.bytes, "B/program")
}

// One demand of 12 skills against 60,000 programs, exact top 50 explained, one core
// (-cpu 1): in the demand's province (one of 30) with its education and the next.
func BenchmarkMatch60kProgramsTop50ProvinceEducation(b *testing.B) {
	benchmarkPrograms(b, 60_000, true, DefaultWeights())
}

func BenchmarkMatch60kProgramsTop50Unfiltered(b *testing.B) {
	benchmarkPrograms(b, 60_000, false, DefaultWeights())
}

func BenchmarkMatch60kProgramsTop50SkillsOnly(b *testing.B) {
	benchmarkPrograms(b, 60_000, false, Weights{Skills: 1})
}

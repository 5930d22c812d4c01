package matcher

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"weak"

	"talentmatch/matcher/columns"
)

// nowhere is an atlas without regions.
func nowhere() *Atlas { return NewAtlas(nil, nil) }

// holding is a program that teaches one skill.
func holding(id string, skill int32) Program {
	return Program{ID: id, Education: 5, Held: []Held{{Skill: skill, Course: -1, Value: 1, Level: 3, Confidence: 100, Known: true}}}
}

// best is the best program by scoring every pair by itself.
func best(s *Snapshot, d *Demand, programs []Program, w Weights) string {
	top := slices.MinFunc(programs, func(a, b Program) int {
		sa, _ := s.ScorePair(d, &a, w)
		sb, _ := s.ScorePair(d, &b, w)
		return cmp.Or(cmp.Compare(sb.Total, sa.Total), cmp.Compare(a.ID, b.ID))
	})
	return top.ID
}

// TestVeryManyNeeds: shares that are rounded up must not overflow a tally, up to the
// number of needs from which there are no tallies, and beyond.
func TestVeryManyNeeds(t *testing.T) {
	const most = 2*mostNeeds + 10
	lists := make([][]Neighbour, most+2)
	for i := 2; i < len(lists); i++ {
		lists[i] = []Neighbour{{0, 1000}, {1, 600}}
	}
	var c Change
	for i := range 600 {
		c.PutPrograms = append(c.PutPrograms, holding(fmt.Sprintf("p%03d", i), int32(bit(i != 599))))
	}
	s := Empty(NewSpace(lists), nowhere()).With(c)
	for _, n := range []int{mostNeeds, mostNeeds + 1, 22_000, most} {
		d := Demand{ID: "d", Open: true, Start: NoStart}
		for i := range n {
			w := 3.001
			if i >= n*98/100 {
				w = 1.001
			}
			d.Needs = append(d.Needs, Need{Skill: int32(i + 2), Level: 3, Weight: w})
		}
		res, err := s.MatchPrograms(context.Background(), &d, Query{Weights: Weights{Skills: 1}, Top: 1})
		if err != nil || res.Matches[0].ID != "p599" || res.Matches[0].Score.Total != 1 {
			t.Errorf("%d needs: %v, %v; want p599 with 1", n, res.Matches, err)
		}
	}
}

// TestVeryManyRequiredNeeds: rows that meet none of 65,536 are not counted as meeting all.
func TestVeryManyRequiredNeeds(t *testing.T) {
	const n = 1 << 16
	lists := make([][]Neighbour, n+2)
	for i := 2; i < len(lists); i++ {
		lists[i] = []Neighbour{{0, 1000}}
	}
	var c Change
	for i := range 100 {
		c.PutPrograms = append(c.PutPrograms, holding(fmt.Sprintf("p%03d", i), int32(bit(i != 50))))
	}
	s := Empty(NewSpace(lists), nowhere()).With(c)
	d := Demand{ID: "d", Open: true, Start: NoStart}
	for i := range n {
		d.Needs = append(d.Needs, Need{Skill: int32(i + 2), Level: 3, Weight: 1, Required: true})
	}
	res, err := s.MatchPrograms(context.Background(), &d, Query{Weights: DefaultWeights(), Top: 200})
	if err != nil || res.Eligible != 1 || res.Rejected[GateRequired] != 99 || len(res.Matches) != 1 || res.Matches[0].ID != "p050" {
		t.Errorf("%d eligible, rejected %v, %d matches, %v", res.Eligible, res.Rejected, len(res.Matches), err)
	}
}

// TestTinyWeights: products of weights that have no digits left decide nothing.
func TestTinyWeights(t *testing.T) {
	var c Change
	for i := range 600 {
		p := Program{ID: fmt.Sprintf("p%03d", i), Education: 5, Cohorts: []CohortSize{{2025, 10}}}
		if i == 0 {
			p.Cohorts[0].Year = 2026
		}
		c.PutPrograms = append(c.PutPrograms, p)
	}
	s := Empty(nil, nowhere()).With(c)
	d := Demand{ID: "d", Open: true, Start: 2026 * 12}
	for _, tiny := range []float64{5e-324, 1e-323, 1e-300, 1e-12, 1e-9, 1e-3} {
		w := Weights{Skills: 1, Timing: tiny}
		res, err := s.MatchPrograms(context.Background(), &d, Query{Weights: w, Top: 1})
		if want := best(s, &d, c.PutPrograms, w); err != nil || res.Matches[0].ID != want {
			t.Errorf("weight %g: %v, %v; want %s", tiny, res.Matches, err, want)
		}
	}
}

// TestScratchKeepsNoSegment: what a query worked with is free when its snapshot is gone,
// however busy the pool.
func TestScratchKeepsNoSegment(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	many := func(prefix string, n int) (c Change) {
		for i := range n {
			p := holding(fmt.Sprintf("%s%04d", prefix, i), int32(i%3))
			p.Text = randomText(r, 8)
			c.PutPrograms = append(c.PutPrograms, p)
		}
		return c
	}
	d := Demand{ID: "d", Open: true, Start: NoStart, Needs: []Need{{Skill: 1, Level: 3, Weight: 1}}, Text: randomText(r, 8)}
	ask := func(s *Snapshot) {
		if _, err := s.MatchPrograms(context.Background(), &d, Query{Weights: DefaultWeights(), Top: 3}); err != nil {
			t.Fatal(err)
		}
	}
	small := Empty(nil, nowhere()).With(many("s", 300))
	var index weak.Pointer[textIndex]
	var blocks weak.Pointer[tileBlock]
	var data weak.Pointer[byte]
	func() {
		big := small.With(many("a", 300)).With(many("b", 1000))
		last := &big.programs[2]
		index, blocks, data = weak.Make(last.words), weak.Make(&last.tiles.blocks.data[0]), weak.Make(&last.tiles.data[0])
		ask(big)
	}()
	for range 20 {
		ask(small)
		runtime.GC()
	}
	if index.Value() != nil || blocks.Value() != nil || data.Value() != nil {
		t.Errorf("alive: index of texts %v, tiles' directory %v, tiles %v", index.Value() != nil, blocks.Value() != nil, data.Value() != nil)
	}
}

// TestMergeKeepsNoFile: names that were read from a file do not keep the others' memory.
func TestMergeKeepsNoFile(t *testing.T) {
	const rows, size = 2000, 4000
	var programs, demands bytes.Buffer
	var c Change
	var gone []string
	for i := range rows {
		p := holding(fmt.Sprintf("p%04d", i), 1)
		p.Label.Name = strings.Repeat("x", size) + p.ID
		c.PutPrograms = append(c.PutPrograms, p)
		if i > 0 {
			gone = append(gone, p.ID)
		}
	}
	s := Empty(nil, nowhere()).With(c)
	pw, dw := columns.NewWriter(&programs), columns.NewWriter(&demands)
	if s.SavePrograms(pw) != nil || s.SaveDemands(dw) != nil || pw.Close() != nil || dw.Close() != nil {
		t.Fatal("cannot save")
	}
	s, c = nil, Change{}
	before := heapBytes()
	var merged side[*programSegment]
	func() {
		k, err := Load(columns.NewReader(bytes.NewReader(programs.Bytes()), int64(programs.Len())), columns.NewReader(bytes.NewReader(demands.Bytes()), int64(demands.Len())), Limits{10, 10, 10, 10})
		if err != nil {
			t.Fatal(err)
		}
		s := k.Snapshot(nil, nowhere()).With(Change{DeletePrograms: gone})
		merged = s.mergePrograms(s.programs, byPlace)
	}()
	if grown := int64(heapBytes()) - int64(before); grown > rows*size/4 {
		t.Errorf("one program of %d bytes keeps %d", size, grown)
	}
	runtime.KeepAlive(merged)
	runtime.KeepAlive(&programs)
	runtime.KeepAlive(gone)
}

// TestFocusBoundHolds: whatever a demand needs, the focus of a row is not above its bound.
func TestFocusBoundHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	snap, m := manyMarket(r, clusterFrom+300)
	sd := &snap.programs[0]
	if len(sd.seg.focus.rows) != len(sd.seg.ids) {
		t.Fatal("there are no bounds")
	}
	below, n := 0, 0
	for i := range 40 {
		d := m.demands[i*7]
		if d.weight() <= 0 {
			continue
		}
		e := newDemandScorer(snap, &d, DefaultWeights(), new(scratch), false)
		var likest [256]float32
		sd.seg.focus.likest(&e.sc.links, &likest)
		for doc := range uint32(len(sd.seg.ids)) {
			focus, _ := e.focus(sd.seg, doc)
			bound := sd.seg.focus.of(doc, &likest)
			if focus > float64(bound)+1e-6 {
				t.Fatalf("%s and %s: focus %v, bound %v", d.ID, sd.seg.ids[doc], focus, bound)
			}
			n++
			if bound < .9 {
				below++
			}
		}
		e.release()
	}
	if below < n/50 {
		t.Errorf("only %d of %d bounds say anything", below, n)
	}
}

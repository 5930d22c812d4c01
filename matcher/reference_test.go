package matcher

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// The reference: DESIGN section 4 written down pair by pair, in the plainest way,
// sharing nothing with the engine but the input types.

type refMarket struct {
	sims     map[[2]int32]float64 // need, held
	g        *talent.Gazetteer
	regions  []string
	programs []Program
	demands  []Demand
	idfs     map[int32]float64 // worked out already
}

func (m *refMarket) sim(r, s int32) float64 {
	if r == s {
		return 1
	}
	return m.sims[[2]int32{r, s}]
}

func (m *refMarket) idf(term int32) float64 {
	if v, ok := m.idfs[term]; ok {
		return v
	}
	n, df := 0, 0
	count := func(text TextVector) {
		terms := append(append([]Term(nil), text[0]...), text[1]...)
		if len(terms) > 0 {
			n++
		}
		for _, t := range terms {
			if t.ID == term {
				df++
			}
		}
	}
	for i := range m.programs {
		count(m.programs[i].Text)
	}
	for i := range m.demands {
		count(m.demands[i].Text)
	}
	if m.idfs == nil {
		m.idfs = map[int32]float64{}
	}
	m.idfs[term] = math.Log(float64(n+1) / (float64(df) + 0.5))
	return m.idfs[term]
}

func (m *refMarket) cosine(a, b []Term) float64 {
	vector := func(terms []Term) (map[int32]float64, float64) {
		v, squares := map[int32]float64{}, 0.0
		for _, t := range terms {
			v[t.ID] = float64(t.Weight) * m.idf(t.ID)
			squares += v[t.ID] * v[t.ID]
		}
		return v, math.Sqrt(squares)
	}
	x, lx := vector(a)
	y, ly := vector(b)
	dot := 0.0
	for id, v := range x {
		dot += v * y[id]
	}
	if dot == 0 {
		return 0
	}
	return dot / (lx * ly)
}

type refScore struct {
	total float64
	parts [NumComponents]float64
	gate  Gate
}

func (m *refMarket) pair(d *Demand, p *Program, w Weights) refScore {
	var out refScore
	out.gate = NumGates
	sumW, credits := 0.0, make([]float64, len(d.Needs))
	for i, r := range d.Needs {
		sumW += r.Weight
		for _, s := range p.Held {
			c := m.sim(r.Skill, s.Skill) * math.Min(1, float64(s.Level)/float64(r.Level)) * float64(s.Confidence) / 100
			credits[i] = math.Max(credits[i], c)
		}
	}
	has := [NumComponents]bool{Skills: sumW > 0, Focus: sumW > 0, Text: len(d.Text[0])+len(d.Text[1]) > 0, Place: true, Timing: d.Start != NoStart}
	out.parts = [NumComponents]float64{.5, .5, .5, .5, .5}
	if sumW > 0 && len(p.Held) > 0 {
		sum := 0.0
		for i, r := range d.Needs {
			sum += r.Weight * credits[i]
		}
		out.parts[Skills] = sum / sumW
		f, v := 0.0, 0.0
		for _, s := range p.Held {
			best := 0.0
			for _, r := range d.Needs {
				best = math.Max(best, m.sim(r.Skill, s.Skill))
			}
			f += float64(s.Value) * best * float64(s.Confidence) / 100
			v += float64(s.Value)
		}
		if v > 0 {
			out.parts[Focus] = f / v
		}
		doubt := float64(p.Doubt)
		out.parts[Skills] = (1-doubt)*out.parts[Skills] + doubt*.5
		out.parts[Focus] = (1-doubt)*out.parts[Focus] + doubt*.5
	}
	if len(p.Text[0])+len(p.Text[1]) > 0 {
		sum, shares := 0.0, 0.0
		for s, share := range []float64{.4, .6} {
			if len(d.Text[s]) > 0 {
				shares += share
				sum += share * m.cosine(d.Text[s], p.Text[s])
			}
		}
		out.parts[Text] = math.Pow(math.Min(1, sum/shares/.6), 4)
	}
	out.parts[Place] = refPlace(m.g, m.regions[d.Region], m.regions[p.Region])
	inWindow := false
	if d.Start != NoStart && len(p.Cohorts) > 0 {
		out.parts[Timing] = 0
		for _, c := range p.Cohorts {
			a := d.Start - (c.Year*12 + 6)
			if c.Graduates == 0 || a < -24 || a > 36 {
				continue
			}
			inWindow = true
			v := 1.0
			if a < 0 {
				v = 1 + float64(a)/24
			} else if a > 12 {
				v = 1 - float64(a-12)/24
			}
			out.parts[Timing] = math.Max(out.parts[Timing], v)
		}
	}
	sum, norm := 0.0, 0.0
	for k, beta := range w.Array() {
		if has[k] {
			sum += beta * out.parts[k]
			norm += beta
		}
	}
	if norm > 0 {
		out.total = sum / norm
	}
	known := false
	for _, s := range p.Held {
		known = known || s.Known
	}
	switch {
	case !d.Open:
		out.gate = GateStatus
	case p.Education < d.Education:
		out.gate = GateEducation
	case d.Start != NoStart && len(p.Cohorts) > 0 && !inWindow:
		out.gate = GateTiming
	default:
		for i, r := range d.Needs {
			if r.Required && known && credits[i] < 0.5-1e-9 {
				out.gate = GateRequired
			}
		}
	}
	return out
}

func refPlace(g *talent.Gazetteer, a, b string) float64 {
	switch {
	case g.Within(a, b) || g.Within(b, a):
		return 1
	}
	pa, pb := g.Path(a), g.Path(b)
	common := 0
	for _, x := range pa {
		for _, y := range pb {
			if x == y {
				common++
			}
		}
	}
	return []float64{.1, .4, .7, .9, .9}[common]
}

// The random market: few skills, terms and values, so that ties, zeros and shared
// skills are common.

var testRegions = []string{"440605", "440604", "440305", "440100", "522600", "CN", "360000", "110101", "US"}

func testGazetteer() *talent.Gazetteer {
	return talent.NewGazetteer([]*talent.Region{{ID: "US", Name: "United States"}})
}

func randomSpace(r *rand.Rand, skills int) (*Space, map[[2]int32]float64) {
	lists := make([][]Neighbour, skills)
	sims := map[[2]int32]float64{}
	for i := range lists {
		for _, v := range []uint16{800, 500, 500, 640} {
			s := int32(r.IntN(skills))
			if _, dup := sims[[2]int32{int32(i), s}]; dup || s == int32(i) || r.IntN(2) == 0 {
				continue
			}
			lists[i] = append(lists[i], Neighbour{s, v})
			sims[[2]int32{int32(i), s}] = float64(v) / 1000
		}
	}
	return NewSpace(lists), sims
}

func randomText(r *rand.Rand, max int) (out TextVector) {
	for id := range int32(40) {
		s := id % 2
		if len(out[s]) < max && r.IntN(6) == 0 {
			out[s] = append(out[s], Term{ID: id * 701, Weight: float32(r.IntN(20)+1) / 8})
		}
	}
	return out
}

func randomProgram(r *rand.Rand, id string) Program {
	p := Program{ID: id, Region: int32(r.IntN(len(testRegions))), Education: uint8(3 + r.IntN(4)), Text: randomText(r, r.IntN(8))}
	seen := map[int32]bool{}
	for range r.IntN(6) {
		s := int32(r.IntN(32)) // 30 and 31 lie outside the space
		if seen[s] {
			continue
		}
		seen[s] = true
		h := Held{Skill: s, Course: -1, Level: uint8(1 + r.IntN(5)), Confidence: 100, Known: s < 30, Value: float32(r.IntN(4) * 16)}
		if r.IntN(5) == 0 {
			h.Confidence, h.Extracted = 60, true
		}
		p.Held = append(p.Held, h)
	}
	if r.IntN(4) == 0 {
		p.Doubt = float32(r.IntN(5)) / 4
	}
	years := map[int]bool{}
	for range r.IntN(4) {
		y := 2023 + r.IntN(8)
		if !years[y] {
			years[y] = true
			p.Cohorts = append(p.Cohorts, CohortSize{y, r.IntN(3) * 20})
		}
	}
	p.Attrs[AttrOwner] = int32(r.IntN(3))
	if r.IntN(2) == 0 {
		p.FurtherStudy = Rate{float64(r.IntN(5)) / 4, true}
	}
	if r.IntN(2) == 0 {
		p.Retention = Rate{float64(r.IntN(5)) / 4, true}
	}
	return p
}

func randomDemand(r *rand.Rand, id string) Demand {
	d := Demand{ID: id, Region: int32(r.IntN(len(testRegions))), Open: r.IntN(6) > 0, Start: NoStart, Text: randomText(r, r.IntN(8)), Headcount: r.IntN(9)}
	if r.IntN(3) > 0 {
		d.Education = uint8(3 + r.IntN(4))
	}
	if r.IntN(3) > 0 {
		d.Start = 2026*12 + r.IntN(30)
	}
	for range r.IntN(6) {
		d.Needs = append(d.Needs, Need{Skill: int32(r.IntN(32)), Level: uint8(1 + r.IntN(5)), Required: r.IntN(5) == 0, Weight: float64(r.IntN(5)) / 4})
	}
	d.Attrs[AttrOwner], d.Attrs[AttrKind] = int32(r.IntN(3)), int32(r.IntN(3))
	return d
}

func randomWeights(r *rand.Rand) Weights {
	pick := func() float64 { return []float64{0, 0, .1, .5, 1, 3}[r.IntN(6)] }
	for {
		w := Weights{pick(), pick(), pick(), pick(), pick()}
		if r.IntN(4) == 0 {
			w = DefaultWeights()
		}
		if w.Validate() == nil {
			return w
		}
	}
}

// randomMarket builds the same market as a snapshot that went through puts,
// replacements, deletions and merges, and as plain lists.
func randomMarket(r *rand.Rand) (*Snapshot, *refMarket) {
	space, sims := randomSpace(r, 30)
	m := &refMarket{sims: sims, g: testGazetteer(), regions: testRegions}
	snap := Empty(space, NewAtlas(m.g, testRegions))
	programs, demands := map[string]Program{}, map[string]Demand{}
	for range 1 + r.IntN(14) {
		var c Change
		used := map[string]bool{}
		for range r.IntN(8) {
			id := fmt.Sprintf("p%02d", r.IntN(40))
			if used[id] {
				continue
			}
			used[id] = true
			if r.IntN(5) == 0 {
				c.DeletePrograms = append(c.DeletePrograms, id)
				delete(programs, id)
			} else {
				programs[id] = randomProgram(r, id)
				c.PutPrograms = append(c.PutPrograms, programs[id])
			}
			id = "d" + id[1:]
			if r.IntN(5) == 0 {
				c.DeleteDemands = append(c.DeleteDemands, id)
				delete(demands, id)
			} else {
				demands[id] = randomDemand(r, id)
				c.PutDemands = append(c.PutDemands, demands[id])
			}
		}
		plan := (*Merge)(nil)
		if r.IntN(3) == 0 {
			plan = snap.PlanMerge() // planned before the change, applied after it
		}
		snap = snap.With(c)
		if plan != nil {
			snap = plan.Apply(snap)
		}
	}
	m.fill(programs, demands)
	return snap, m
}

func sameFloat(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// TestMatchesEqualReference: both directions return, in order, exactly what scoring
// every pair by the reference returns; every candidate is accounted for.
func TestMatchesEqualReference(t *testing.T) {
	withoutVectors(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
			snap, m := randomMarket(r)
			checkQueries(t, r, snap, m, len(m.demands), len(m.programs))
		})
	})
}

// TestManyMatchesEqualReference is the same over segments of several windows, in which
// tiles are dense and sparse, and rows lie in clusters.
func TestManyMatchesEqualReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		snap, m := manyMarket(r, 1+r.IntN(800))
		checkQueries(t, r, snap, m, 3, 3)
	})
	if testing.Short() {
		return
	}
	r := rand.New(rand.NewPCG(5, 6))
	snap, m := manyMarket(r, clusterFrom+700)
	withoutVectors(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { // the draws only choose queries
			checkQueries(t, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 7)), snap, m, 1, 1)
		})
	})
}

// manyMarket has some n rows of each side, most of them in one segment, and a few that
// were replaced and deleted since.
func manyMarket(r *rand.Rand, n int) (*Snapshot, *refMarket) {
	space, sims := randomSpace(r, 30)
	m := &refMarket{sims: sims, g: testGazetteer(), regions: testRegions}
	snap := Empty(space, NewAtlas(m.g, testRegions))
	programs, demands := map[string]Program{}, map[string]Demand{}
	for round, size := range []int{n, n / 10, n / 20} {
		var c Change
		for i := range size {
			at := i
			if round > 0 {
				at = i*9 + r.IntN(9)
			}
			id := fmt.Sprintf("p%04d", at)
			programs[id] = randomProgram(r, id)
			c.PutPrograms = append(c.PutPrograms, programs[id])
			id = fmt.Sprintf("d%04d", at)
			demands[id] = randomDemand(r, id)
			c.PutDemands = append(c.PutDemands, demands[id])
		}
		snap = snap.With(c)
	}
	var c Change
	for i := range n / 30 {
		id := fmt.Sprintf("p%04d", i*29)
		c.DeletePrograms = append(c.DeletePrograms, id)
		delete(programs, id)
		id = fmt.Sprintf("d%04d", i*29)
		c.DeleteDemands = append(c.DeleteDemands, id)
		delete(demands, id)
	}
	snap = snap.With(c)
	if r.IntN(2) == 0 { // another likeness, and back
		other, _ := randomSpace(r, 30)
		snap = snap.WithSpace(other).WithSpace(space)
	}
	m.fill(programs, demands)
	return snap, m
}

// fill takes the records that are left, in the order of their ids.
func (m *refMarket) fill(programs map[string]Program, demands map[string]Demand) {
	for _, p := range programs {
		m.programs = append(m.programs, p)
	}
	for _, d := range demands {
		m.demands = append(m.demands, d)
	}
	sort.Slice(m.programs, func(i, j int) bool { return m.programs[i].ID < m.programs[j].ID })
	sort.Slice(m.demands, func(i, j int) bool { return m.demands[i].ID < m.demands[j].ID })
}

// checkQueries matches some demands and programs, and holds the answers against
// scoring every pair.
func checkQueries(t *rapid.T, r *rand.Rand, snap *Snapshot, m *refMarket, demands, programs int) {
	w := randomWeights(r)
	q := Query{Top: 1 + r.IntN(12), Weights: w}
	if r.IntN(3) == 0 {
		q.Filter.Regions = snap.Atlas().Within([]string{"440000", "US"})
	}
	if r.IntN(3) == 0 {
		q.Filter.Attrs[AttrOwner] = []int32{1, 2}
	}
	if r.IntN(4) == 0 {
		q.Filter.Education = []uint8{4, 6}
	}
	if r.IntN(5) == 0 {
		q.Filter.Not = func(id string) bool { return id[len(id)-1] == '3' }
	}
	passes := func(id string, region int32, education uint8, attrs *[NumAttrs]int32) bool {
		return q.Filter.passes(region, education, attrs) && (q.Filter.Not == nil || !q.Filter.Not(id))
	}
	for range min(demands, len(m.demands)) {
		d := &m.demands[r.IntN(len(m.demands))]
		res, err := snap.MatchPrograms(context.Background(), d, q)
		if err != nil {
			t.Fatal(err)
		}
		var want []Match
		var counts Result
		for j := range m.programs {
			p := &m.programs[j]
			counts.Considered++
			if !passes(p.ID, p.Region, p.Education, &p.Attrs) {
				counts.Filtered++
				continue
			}
			ref := m.pair(d, p, w)
			if ref.gate != NumGates {
				counts.Rejected[ref.gate]++
				continue
			}
			counts.Eligible++
			want = append(want, Match{ID: p.ID, Score: checkedPair(t, snap, d, p, w, ref)})
		}
		compare(t, res, want, counts, q.Top)
	}
	for range min(programs, len(m.programs)) {
		p := &m.programs[r.IntN(len(m.programs))]
		res, err := snap.MatchDemands(context.Background(), p, q)
		if err != nil {
			t.Fatal(err)
		}
		var want []Match
		var counts Result
		for j := range m.demands {
			d := &m.demands[j]
			counts.Considered++
			if !passes(d.ID, d.Region, d.Education, &d.Attrs) {
				counts.Filtered++
				continue
			}
			ref := m.pair(d, p, w)
			if ref.gate != NumGates {
				counts.Rejected[ref.gate]++
				continue
			}
			counts.Eligible++
			want = append(want, Match{ID: d.ID, Score: checkedPair(t, snap, d, p, w, ref)})
		}
		compare(t, res, want, counts, q.Top)
	}
}

// checkedPair scores a pair with the engine and holds every part against the
// reference.
func checkedPair(t *rapid.T, snap *Snapshot, d *Demand, p *Program, w Weights, ref refScore) Score {
	s, gate := snap.ScorePair(d, p, w)
	if gate != ref.gate {
		t.Fatalf("%s x %s: gate %v, reference %v", d.ID, p.ID, gate, ref.gate)
	}
	if !sameFloat(s.Total, ref.total) {
		t.Fatalf("%s x %s: total %v, reference %v", d.ID, p.ID, s.Total, ref.total)
	}
	for k := range s.Parts {
		if s.Counted[k] && !sameFloat(s.Parts[k], ref.parts[k]) {
			t.Fatalf("%s x %s: %v %v, reference %v", d.ID, p.ID, Component(k), s.Parts[k], ref.parts[k])
		}
	}
	return s
}

func compare(t *rapid.T, got *Result, want []Match, counts Result, top int) {
	sort.Slice(want, func(i, j int) bool {
		if want[i].Score.Total != want[j].Score.Total {
			return want[i].Score.Total > want[j].Score.Total
		}
		return want[i].ID < want[j].ID
	})
	want = want[:min(top, len(want))]
	if len(got.Matches) != len(want) {
		t.Fatalf("%d matches, want %d", len(got.Matches), len(want))
	}
	for i := range want {
		if got.Matches[i] != want[i] {
			t.Fatalf("rank %d: %+v, want %+v", i+1, got.Matches[i], want[i])
		}
	}
	if got.Considered != counts.Considered || got.Filtered != counts.Filtered || got.Eligible != counts.Eligible || got.Rejected != counts.Rejected {
		t.Fatalf("counts %+v, want %+v", got, counts)
	}
}

// TestStatsDependOnRecordsOnly: however a market came about, its statistics are
// those of its records.
func TestStatsDependOnRecordsOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		snap, m := randomMarket(r)
		for id := range int32(40) {
			if got, want := snap.stats.idf(id*701), m.idf(id*701); !sameFloat(got, want) {
				t.Fatalf("idf of term %d: %v, want %v", id*701, got, want)
			}
		}
		p, d := snap.Size()
		if p != len(m.programs) || d != len(m.demands) {
			t.Fatalf("size %d, %d; want %d, %d", p, d, len(m.programs), len(m.demands))
		}
	})
}

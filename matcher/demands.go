package matcher

import "context"

// MatchDemands ranks the demands for a program. The program need not be in the
// snapshot. Errors: an invalid query, or the context's end.
func (s *Snapshot) MatchDemands(ctx context.Context, p *Program, q Query) (*Result, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	e := newProgramScorer(s, p, q.Weights, sc)
	defer e.release()

	sc.sizes = sc.sizes[:0]
	for i := range s.demands {
		sc.sizes = append(sc.sizes, len(s.demands[i].seg.ids))
	}
	sc.rank.reset(sc.sizes)
	res := &Result{}
	for i := range s.demands {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.collect(i, &q.Filter, res)
	}
	scored, err := sc.rank.search(ctx, q.Top, e)
	if err != nil {
		return nil, err
	}
	res.Scored = scored
	res.Matches = make([]Match, len(sc.rank.top))
	for i, w := range sc.rank.top {
		seg, doc := sc.rank.segment(w.row)
		score, _ := e.score(s.demands[seg].seg, doc, -1)
		res.Matches[i] = Match{ID: e.id(seg, doc), Score: score}
	}
	res.Background = e.background(q.Background)
	return res, nil
}

// A programScorer scores demands against one program. Its arithmetic is that of
// demandScorer, sum by sum in the same order, so that a pair has one value.
type programScorer struct {
	s       *Snapshot
	p       *Program
	beta    [NumComponents]float64
	sc      *scratch
	profile timingProfile
	known   bool
	length  [NumTextSpaces]float64
	value   float64 // sum of v_s
	place   []float64
}

func newProgramScorer(s *Snapshot, p *Program, w Weights, sc *scratch) *programScorer {
	e := &programScorer{s: s, p: p, beta: w.Array(), sc: sc, known: known(p.Held), value: value(p.Held)}
	e.profile = timingProfile{listed: len(p.Cohorts) > 0}
	for _, c := range p.Cohorts {
		if c.Graduates > 0 {
			e.profile.years = append(e.profile.years, c.Year)
		}
	}
	e.link()
	sc.setText(&p.Text, func(t *Term) float64 { return float64(t.Weight) })
	for space := range NumTextSpaces {
		e.length[space] = lengthOf(p.Text[space], s.stats)
	}
	sc.credits = grow(sc.credits, len(p.Held))
	e.place = sc.placeTable(s.atlas, p.Region)
	sc.months = sc.months[:0]
	return e
}

// link lists, per needed skill, the held skills that count for it, and works out
// the best credit per needed level.
func (e *programScorer) link() {
	sc, s := e.sc, e.s
	sc.links, sc.touched, sc.levels = sc.links[:0], sc.touched[:0], sc.levels[:0]
	size := 0
	var own [1]Neighbour
	for i := range e.p.Held {
		for _, nb := range s.space.ForHeld(e.p.Held[i].Skill, &own) {
			size = max(size, int(nb.Skill)+1)
		}
	}
	sc.first = zeroed(sc.first, max(size, cap(sc.first)))
	sc.slots = zeroed(sc.slots, max(size, cap(sc.slots)))
	for i := range e.p.Held {
		h := &e.p.Held[i]
		for _, nb := range s.space.ForHeld(h.Skill, &own) {
			if sc.first[nb.Skill] == 0 {
				sc.touched = append(sc.touched, nb.Skill)
				sc.levels = append(sc.levels, [6]float64{})
				sc.slots[nb.Skill] = int32(len(sc.levels))
			}
			best := &sc.levels[sc.slots[nb.Skill]-1]
			for l := uint8(1); l <= 5; l++ {
				best[l] = max(best[l], credit(nb.Sim, h.Level, l, h.Confidence))
			}
			sc.links = append(sc.links, needLink{need: int32(i), next: sc.first[nb.Skill], sim: nb.Sim})
			sc.first[nb.Skill] = int32(len(sc.links))
		}
	}
}

// release puts the scratch back to all zero.
func (e *programScorer) release() {
	for _, sk := range e.sc.touched {
		e.sc.first[sk], e.sc.slots[sk] = 0, 0
	}
	e.sc.clearText(&e.p.Text)
}

// creditFor is the best credit of the program for a need.
func (e *programScorer) creditFor(skill int32, level uint8) float64 {
	if int(skill) >= len(e.sc.slots) || e.sc.slots[skill] == 0 {
		return 0
	}
	return e.sc.levels[e.sc.slots[skill]-1][level]
}

func (e *programScorer) id(segment int, doc uint32) string { return e.s.demands[segment].seg.ids[doc] }

func (e *programScorer) exact(segment int, doc uint32, floor float64) (float64, bool) {
	sc, ok := e.score(e.s.demands[segment].seg, doc, floor)
	return sc.Total, ok
}

// Demands start within a few years of each other: their timing is tabled for these
// months and worked out one by one outside.
const (
	firstMonth = 1990 * 12
	monthSpan  = 100 * 12
)

func (e *programScorer) timingOf(start int32) timingAt {
	i := int(start) - firstMonth
	if i < 0 || i >= monthSpan {
		v, data, stop := e.profile.at(int(start))
		return timingAt{v, data, stop}
	}
	if len(e.sc.months) == 0 {
		e.sc.months = grow(e.sc.months, monthSpan)
		for m := range e.sc.months {
			v, data, stop := e.profile.at(firstMonth + m)
			e.sc.months[m] = timingAt{v, data, stop}
		}
	}
	return e.sc.months[i]
}

func (m *demandMeta) counted() [NumComponents]bool {
	return [NumComponents]bool{Skills: m.hasSkills, Focus: m.hasSkills, Text: m.hasText, Place: true, Timing: m.start != NoStart}
}

// collect gates one segment's demands and adds the eligible ones to the candidates
// with the upper bounds of their scores.
func (e *programScorer) collect(segment int, f *Filter, res *Result) {
	sd := &e.s.demands[segment]
	seg, sc := sd.seg, e.sc
	n := len(seg.ids)
	sc.tally = zeroed(sc.tally, n)
	defer func() { clear(sc.tally) }()
	e.accumulate(seg)
	filtering := f.active()
	bounds := sc.rank.bounds[sc.rank.bases[segment]:][:n]
	for i := range bounds {
		bounds[i] = ineligible
		if sd.isDead(uint32(i)) {
			continue
		}
		res.Considered++
		m := &seg.meta[i]
		if filtering && (!f.passes(m.region, m.education, &m.attrs) || (f.Not != nil && f.Not(seg.ids[i]))) {
			res.Filtered++
			continue
		}
		t := e.timingOf(m.start)
		if g := e.gateBy(m, t.stopped, int(sc.tally[i].met)); g != NumGates {
			res.Rejected[g]++
			continue
		}
		res.Eligible++
		b := e.bound(m, t, sc.tally[i].sum, sc.tally[i].stamp != 0)
		bounds[i] = b
		sc.rank.counts[bucketOf(b)]++
	}
}

// bound is an upper bound of a demand's score.
func (e *programScorer) bound(m *demandMeta, t timingAt, skills float32, seen bool) float32 {
	counted := m.counted()
	sum, norm := e.beta[Place]*e.place[m.region], e.beta[Place]
	if counted[Timing] {
		sum += e.beta[Timing] * t.value
		norm += e.beta[Timing]
	}
	if counted[Text] {
		norm += e.beta[Text]
		if !e.p.Text.empty() {
			sum += e.beta[Text]
		} else {
			sum += e.beta[Text] * noData
		}
	}
	if counted[Skills] {
		norm += e.beta[Skills] + e.beta[Focus]
		switch {
		case len(e.p.Held) == 0:
			sum += (e.beta[Skills] + e.beta[Focus]) * noData
		case seen:
			sum += e.beta[Skills]*max(float64(skills), doubted(float64(skills), e.p.Doubt)) + e.beta[Focus]
		case e.value <= 0 || e.p.Doubt > 0:
			sum += e.beta[Skills]*doubted(0, e.p.Doubt) + e.beta[Focus]*noData
		}
	}
	if norm == 0 {
		return boundSlack
	}
	return float32(sum/norm) + boundSlack
}

// accumulate adds, skill by skill, the best credit to every demand that needs it.
func (e *programScorer) accumulate(seg *demandSegment) {
	sc := e.sc
	for _, skill := range sc.touched {
		list := seg.post.of(skill)
		if len(list) == 0 {
			continue
		}
		best := &sc.levels[sc.slots[skill]-1]
		for _, p := range list {
			c := best[p.level]
			t := &sc.tally[p.doc]
			t.sum += p.weight * float32(c)
			if p.required && c >= requiredCredit {
				t.met++
			}
			t.stamp = 1
		}
	}
}

func (e *programScorer) gateBy(m *demandMeta, timing bool, met int) Gate {
	switch {
	case !m.open:
		return GateStatus
	case e.p.Education < m.education:
		return GateEducation
	case timing:
		return GateTiming
	case e.known && met < int(m.required):
		return GateRequired
	}
	return NumGates
}

// score is the exact score of one demand, or ok = false once it must stay below
// floor.
func (e *programScorer) score(seg *demandSegment, doc uint32, floor float64) (sc Score, ok bool) {
	m := &seg.meta[doc]
	sc.Counted = m.counted()
	if sc.Counted[Skills] {
		if len(e.p.Held) > 0 {
			needs := seg.needs.row(doc)
			sum, weight := 0.0, 0.0
			for i := range needs {
				weight += needs[i].Weight
				sum += needs[i].Weight * e.creditFor(needs[i].Skill, needs[i].Level)
			}
			sc.Parts[Skills] = doubted(sum/weight, e.p.Doubt)
			focus, ok := e.focus(needs)
			sc.Parts[Focus], sc.NoData[Focus] = doubted(focus, e.p.Doubt), !ok
		} else {
			sc.Parts[Skills], sc.NoData[Skills] = noData, true
			sc.Parts[Focus], sc.NoData[Focus] = noData, true
		}
	}
	sc.Unverified = m.required > 0 && !e.known
	sc.Parts[Place] = e.s.atlas.Place(m.region, e.p.Region)
	if sc.Counted[Timing] {
		v, data, _ := e.profile.at(int(m.start))
		sc.Parts[Timing], sc.NoData[Timing] = v, !data
	}
	if sc.Counted[Text] {
		sc.Parts[Text] = 1
		if sc.total(&e.beta); sc.Total < floor {
			return sc, false
		}
		v, ok := e.likeness(seg, doc)
		sc.Parts[Text], sc.NoData[Text] = v, !ok
	}
	sc.total(&e.beta)
	return sc, true
}

// focus is sum of v_s * max_r sim(r,s) / sum of v_s over the held skills.
func (e *programScorer) focus(needs []Need) (float64, bool) {
	if e.value <= 0 {
		return noData, false
	}
	likest := e.sc.credits // per held skill: its best similarity, in thousandths
	clear(likest)
	for i := range needs {
		if int(needs[i].Skill) >= len(e.sc.first) {
			continue
		}
		for k := e.sc.first[needs[i].Skill]; k != 0; k = e.sc.links[k-1].next {
			l := &e.sc.links[k-1]
			likest[l.need] = max(likest[l.need], float64(l.sim))
		}
	}
	sum := 0.0
	for i := range e.p.Held {
		h := &e.p.Held[i]
		sum += float64(h.Value) * (likest[i] * float64(h.Confidence)) / 1e5
	}
	return sum / e.value, true
}

// likeness is the text component, product by product what demandScorer makes it.
func (e *programScorer) likeness(seg *demandSegment, doc uint32) (float64, bool) {
	if e.p.Text.empty() {
		return noData, false
	}
	sum, table, stats := 0.0, e.sc.terms, e.s.stats
	share := shares(func(space TextSpace) bool { return len(seg.texts[space].row(doc)) > 0 })
	for space := range NumTextSpaces {
		product := 0.0
		terms := seg.texts[space].row(doc)
		for i := range terms {
			t := &terms[i]
			if e.sc.asks(t.ID) {
				product += float64(table[t.ID]) * float64(float32(float64(t.Weight)*stats.idfSquared(t.ID)))
			}
		}
		if product > 0 {
			sum += share[space] * cosine(product, seg.lengths.of(&seg.texts, doc, space, stats), e.length[space])
		}
	}
	return sharpen(sum), true
}

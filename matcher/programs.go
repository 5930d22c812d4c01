package matcher

import "context"

// MatchPrograms ranks the programs for a demand. The demand need not be in the
// snapshot. Errors: an invalid query, or the context's end.
func (s *Snapshot) MatchPrograms(ctx context.Context, d *Demand, q Query) (*Result, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	e := newDemandScorer(s, d, q.Weights, sc)
	defer e.release()

	sc.sizes = sc.sizes[:0]
	for i := range s.programs {
		sc.sizes = append(sc.sizes, len(s.programs[i].seg.ids))
	}
	sc.rank.reset(sc.sizes)
	res := &Result{}
	for i := range s.programs {
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
		score, _ := e.score(s.programs[seg].seg, doc, -1)
		res.Matches[i] = Match{ID: e.id(seg, doc), Score: score}
	}
	res.Background = e.background(q.Background)
	return res, nil
}

// ScorePair is the score of one demand and one program, neither of which need be
// in the snapshot, and the gate that stops the pair, or NumGates if none does.
func (s *Snapshot) ScorePair(d *Demand, p *Program, w Weights) (Score, Gate) {
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	e := newDemandScorer(s, d, w, sc)
	defer e.release()
	seg := newProgramSegment([]Program{*p})
	score, _ := e.score(seg, 0, -1)
	return score, e.gate(seg, 0)
}

// A demandScorer scores programs against one demand. It is the only place where a
// final score is made.
type demandScorer struct {
	s      *Snapshot
	d      *Demand
	beta   [NumComponents]float64
	sc     *scratch
	weight float64 // sum of the needs' weights
	needed int     // required needs
	place  []float64
	norm   float64 // sum of beta over what the demand has data for
	text   textQuery
}

func newDemandScorer(s *Snapshot, d *Demand, w Weights, sc *scratch) *demandScorer {
	e := &demandScorer{s: s, d: d, beta: w.Array(), sc: sc, weight: d.weight(), needed: d.required()}
	sc.links, sc.touched = sc.links[:0], sc.touched[:0]
	size := 0
	var own [1]Neighbour
	for i := range d.Needs {
		for _, nb := range s.space.ForNeed(d.Needs[i].Skill, &own) {
			size = max(size, int(nb.Skill)+1)
		}
	}
	sc.first = zeroed(sc.first, max(size, cap(sc.first)))
	for i := range d.Needs {
		for _, nb := range s.space.ForNeed(d.Needs[i].Skill, &own) {
			if sc.first[nb.Skill] == 0 {
				sc.touched = append(sc.touched, nb.Skill)
			}
			sc.links = append(sc.links, needLink{need: int32(i), next: sc.first[nb.Skill], sim: nb.Sim})
			sc.first[nb.Skill] = int32(len(sc.links))
		}
	}
	// A pair's products must be the same from both sides: see programScorer.likeness.
	sc.setText(&d.Text, func(t *Term) float64 { return float64(t.Weight) * s.stats.idfSquared(t.ID) })
	for space := range NumTextSpaces {
		e.text.length[space] = lengthOf(d.Text[space], s.stats)
	}
	e.text.share = shares(func(space TextSpace) bool { return len(d.Text[space]) > 0 })
	sc.credits = grow(sc.credits, len(d.Needs))
	e.place = sc.placeTable(s.atlas, d.Region)
	for k, counted := range e.counted() {
		if counted {
			e.norm += e.beta[k]
		}
	}
	return e
}

// release puts the scratch back to all zero.
func (e *demandScorer) release() {
	for _, sk := range e.sc.touched {
		e.sc.first[sk] = 0
	}
	e.sc.clearText(&e.d.Text)
}

// counted says which components the demand has data for.
func (e *demandScorer) counted() [NumComponents]bool {
	skills := e.weight > 0
	return [NumComponents]bool{Skills: skills, Focus: skills, Text: !e.d.Text.empty(), Place: true, Timing: e.d.Start != NoStart}
}

func (e *demandScorer) id(segment int, doc uint32) string { return e.s.programs[segment].seg.ids[doc] }

func (e *demandScorer) exact(segment int, doc uint32, floor float64) (float64, bool) {
	sc, ok := e.score(e.s.programs[segment].seg, doc, floor)
	return sc.Total, ok
}

// A class is what the gates and the bound need to know of a program's award and
// cohorts. There are few classes, so the pass over all programs only looks them up.
type class struct {
	gate  Gate
	bound float32 // timing's part
}

// educations is one more than the highest ISCED number.
const educations = 10

func (e *demandScorer) classify(seg *programSegment) {
	e.sc.classes = e.sc.classes[:0]
	for i := range seg.profiles {
		v, _, stop := seg.profiles[i].at(e.d.Start)
		for edu := range uint8(educations) {
			c := class{gate: e.gateBy(edu, stop), bound: boundSlack}
			if e.d.Start != NoStart {
				c.bound += e.part(Timing) * float32(v)
			}
			e.sc.classes = append(e.sc.classes, c)
		}
	}
}

// part is a component's share of the total.
func (e *demandScorer) part(k Component) float32 {
	if e.norm == 0 {
		return 0
	}
	return float32(e.beta[k] / e.norm)
}

// textPart is what the text component adds to a bound: it is taken at its best.
func (e *demandScorer) textPart(m *programMeta) float32 {
	switch {
	case e.d.Text.empty():
		return 0
	case m.flags&flagText != 0:
		return e.part(Text)
	}
	return e.part(Text) * noData
}

// fewRows is the share of a segment's rows, as a divisor, up to which reading the
// rows themselves is cheaper than walking the postings of all.
const fewRows = 8

// collect gates one segment's programs and gives the eligible ones the upper bounds
// of their scores.
func (e *demandScorer) collect(segment int, f *Filter, res *Result) {
	sd := &e.s.programs[segment]
	seg, sc := sd.seg, e.sc
	bounds := sc.rank.bounds[sc.rank.bases[segment]:][:len(seg.ids)]
	for i := range bounds {
		bounds[i] = ineligible
	}
	res.Considered += sd.alive
	e.classify(seg)
	e.survivors(sd, f, res)
	if len(sc.rows) == 0 {
		return
	}
	if len(sc.rows) <= len(seg.ids)/fewRows {
		e.boundByRows(seg, bounds, res)
	} else {
		e.boundByPostings(seg, bounds, res)
	}
}

// survivors lists the live rows that pass the filter and the gates of status,
// education and timing.
func (e *demandScorer) survivors(sd *side[*programSegment], f *Filter, res *Result) {
	seg, sc := sd.seg, e.sc
	sc.rows = sc.rows[:0]
	var rejected [NumGates + 1]int
	filtering := f.active()
	for _, run := range seg.runs {
		if f.Regions != nil && (run.region < 0 || int(run.region) >= len(f.Regions) || !f.Regions[run.region]) {
			res.Filtered += sd.live(run.from, run.to)
			continue
		}
		for doc := run.from; doc < run.to; doc++ {
			if sd.dead != nil && sd.isDead(doc) {
				continue
			}
			m := &seg.meta[doc]
			if filtering && (!f.passes(m.region, m.education, &m.attrs) || (f.Not != nil && f.Not(seg.ids[doc]))) {
				res.Filtered++
				continue
			}
			g := sc.classes[int(m.profile)*educations+int(m.education)].gate
			rejected[g]++
			if g == NumGates {
				sc.rows = append(sc.rows, doc)
			}
		}
	}
	for g := range res.Rejected {
		res.Rejected[g] += rejected[g]
	}
}

// baseBound is a row's bound without skills and focus.
func (e *demandScorer) baseBound(m *programMeta) float32 {
	return e.sc.classes[int(m.profile)*educations+int(m.education)].bound + e.part(Place)*float32(e.place[m.region]) + e.textPart(m)
}

// boundByRows reads the skills of each survivor: skills and focus are exact then.
func (e *demandScorer) boundByRows(seg *programSegment, bounds []float32, res *Result) {
	counted := e.weight > 0
	for _, doc := range e.sc.rows {
		m := &seg.meta[doc]
		b := e.baseBound(m)
		if counted || e.needed > 0 {
			var s Score
			e.scoreSkills(&s, seg, doc)
			if m.known && e.metRequired() < e.needed {
				res.Rejected[GateRequired]++
				continue
			}
			if counted {
				b += e.part(Skills)*float32(s.Parts[Skills]) + e.part(Focus)*float32(s.Parts[Focus])
			}
		}
		res.Eligible++
		bounds[doc] = b
		e.sc.rank.counts[bucketOf(b)]++
	}
}

// boundByPostings adds up the skills of all rows at once, from the postings of the
// skills that count: skills are exact up to rounding, focus is taken at its best.
func (e *demandScorer) boundByPostings(seg *programSegment, bounds []float32, res *Result) {
	sc := e.sc
	sc.tally = zeroed(sc.tally, len(seg.ids))
	defer func() { clear(sc.tally) }()
	e.accumulate(seg)
	counted := e.weight > 0
	skills, focus := e.part(Skills), e.part(Focus)
	for _, doc := range sc.rows {
		m, t := &seg.meta[doc], &sc.tally[doc]
		if e.needed > 0 && m.known && int(t.met) < e.needed {
			res.Rejected[GateRequired]++
			continue
		}
		b := e.baseBound(m)
		if counted {
			switch {
			case m.flags&flagHeld == 0:
				b += (skills + focus) * noData
			case t.stamp != 0:
				b += skills*t.sum + focus
			default: // without any v_s, or in doubt, focus can be that high
				b += focus * noData
			}
			if m.doubt != 0 { // doubt can only lift what is below "no data"
				b += skills * m.doubt * max(noData-t.sum, 0)
			}
		}
		res.Eligible++
		bounds[doc] = b
		sc.rank.counts[bucketOf(b)]++
	}
}

// accumulate adds, need by need, each program's best credit.
func (e *demandScorer) accumulate(seg *programSegment) {
	var own [1]Neighbour
	for i := range e.d.Needs {
		need := &e.d.Needs[i]
		w := float32(0)
		if e.weight > 0 {
			w = float32(need.Weight / e.weight)
		}
		gate := float32(2) // above every credit
		if need.Required {
			gate = requiredCredit32
		}
		stamp := uint16(i) + 1
		for _, nb := range e.s.space.ForNeed(need.Skill, &own) {
			list := seg.post.of(nb.Skill)
			if len(list) == 0 {
				continue
			}
			var earned [6]float32
			for m := uint8(1); m <= 5; m++ {
				earned[m] = float32(credit(nb.Sim, m, need.Level, 100))
			}
			for _, p := range list {
				c := earned[p.level]
				if p.confidence != 100 {
					c = float32(credit(nb.Sim, p.level, need.Level, p.confidence))
				}
				t := &e.sc.tally[p.doc]
				if t.stamp != stamp {
					t.stamp, t.credit = stamp, 0
				}
				if c > t.credit {
					t.sum += w * (c - t.credit)
					if t.credit < gate && c >= gate {
						t.met++
					}
					t.credit = c
				}
			}
		}
	}
}

// requiredCredit32 separates the same credits in float32: distinct credits near
// one half differ by more than 1e-6.
const requiredCredit32 = float32(0.5 - 1e-6)

// gateBy is the gate that an award and timing meet; required skills come after.
func (e *demandScorer) gateBy(education uint8, timing bool) Gate {
	switch {
	case !e.d.Open:
		return GateStatus
	case education < e.d.Education:
		return GateEducation
	case timing:
		return GateTiming
	}
	return NumGates
}

// gate is the gate of one program, from its own rows.
func (e *demandScorer) gate(seg *programSegment, doc uint32) Gate {
	e.creditsOf(seg.held.row(doc))
	m := &seg.meta[doc]
	_, _, stop := seg.profiles[m.profile].at(e.d.Start)
	g := e.gateBy(m.education, stop)
	if g == NumGates && m.known && e.metRequired() < e.needed {
		return GateRequired
	}
	return g
}

// metRequired counts the required needs that the last credits meet.
func (e *demandScorer) metRequired() int {
	met := 0
	for i := range e.d.Needs {
		if e.d.Needs[i].Required && e.sc.credits[i] >= requiredCredit {
			met++
		}
	}
	return met
}

// creditsOf fills the credits of every need, and returns the focus of the held
// skills: sum of v_s * max_r sim(r,s) / sum of v_s; ok is false without any v_s.
func (e *demandScorer) creditsOf(held []Held) (focus float64, ok bool) {
	sc := e.sc
	clear(sc.credits)
	sum, norm := 0.0, 0.0
	for i := range held {
		h := &held[i]
		v := float64(h.Value)
		norm += v
		if int(h.Skill) >= len(sc.first) {
			continue
		}
		likest := uint16(0)
		for k := sc.first[h.Skill]; k != 0; k = sc.links[k-1].next {
			l := &sc.links[k-1]
			likest = max(likest, l.sim)
			if c := credit(l.sim, h.Level, e.d.Needs[l.need].Level, h.Confidence); c > sc.credits[l.need] {
				sc.credits[l.need] = c
			}
		}
		sum += v * float64(uint32(likest)*uint32(h.Confidence)) / 1e5
	}
	if norm <= 0 {
		return noData, false
	}
	return sum / norm, true
}

// score is the exact score of one program. Once the cheap parts show that the
// total must stay below floor, it gives up with ok = false.
func (e *demandScorer) score(seg *programSegment, doc uint32, floor float64) (sc Score, ok bool) {
	m := &seg.meta[doc]
	sc.Counted = e.counted()
	if sc.Counted[Skills] {
		e.scoreSkills(&sc, seg, doc)
	}
	sc.Unverified = e.needed > 0 && !m.known
	sc.Parts[Place] = e.placeOf(m.region)
	if sc.Counted[Timing] {
		v, data, _ := seg.profiles[m.profile].at(e.d.Start)
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

// scoreSkills works out skills and focus, and leaves the credits behind.
func (e *demandScorer) scoreSkills(sc *Score, seg *programSegment, doc uint32) {
	m := &seg.meta[doc]
	focus, ok := e.creditsOf(seg.held.row(doc))
	if m.flags&flagHeld == 0 {
		sc.Parts[Skills], sc.NoData[Skills] = noData, true
		sc.Parts[Focus], sc.NoData[Focus] = noData, true
		return
	}
	sum := 0.0
	for i := range e.d.Needs {
		sum += e.d.Needs[i].Weight * e.sc.credits[i]
	}
	sc.Parts[Skills] = doubted(sum/e.weight, m.doubt)
	sc.Parts[Focus], sc.NoData[Focus] = doubted(focus, m.doubt), !ok
}

// placeOf is the place component of a program's region.
func (e *demandScorer) placeOf(region int32) float64 {
	if region >= 0 && int(region) < len(e.place) {
		return e.place[region]
	}
	return e.s.atlas.Place(e.d.Region, region)
}

// doubted moves a component towards "no data".
func doubted(v float64, doubt float32) float64 {
	if doubt == 0 {
		return v
	}
	return v + float64(doubt)*(noData-v)
}

// likeness is the text component: the cosines of the two texts in each space, each
// by its share. A program without any text has no data.
func (e *demandScorer) likeness(seg *programSegment, doc uint32) (float64, bool) {
	if seg.meta[doc].flags&flagText == 0 {
		return noData, false
	}
	sum, table := 0.0, e.sc.terms
	for space := range NumTextSpaces {
		if e.text.share[space] == 0 {
			continue
		}
		product := 0.0
		terms := seg.texts[space].row(doc)
		for i := range terms {
			t := &terms[i]
			if e.sc.asks(t.ID) {
				product += float64(t.Weight) * float64(table[t.ID])
			}
		}
		if product > 0 {
			sum += e.text.share[space] * cosine(product, e.text.length[space], seg.lengths.of(&seg.texts, doc, space, e.s.stats))
		}
	}
	return sharpen(sum), true
}

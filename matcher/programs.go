package matcher

import (
	"context"
	"math"
)

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

	res := &Result{}
	sc.cands = sc.cands[:0]
	for i := range s.programs {
		if err := stopped(ctx); err != nil {
			return nil, err
		}
		e.collect(i, &q.Filter, res)
	}
	matches, scored, err := selectTop(ctx, q.Top, sc.cands, sc, func(c candidate) (Match, bool) {
		p := s.programs[c.segment].seg
		return Match{ID: p.ids[c.doc], Score: e.score(p, c.doc)}, true
	})
	if err != nil {
		return nil, err
	}
	res.Matches, res.Scored = matches, scored
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
	score := e.score(seg, 0)
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
	place  []float32
	norm   float64 // sum of beta over what the demand has data for
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
	sc.setTerms(d.Terms, func(t *Term) float64 { return float64(t.Doc) * s.stats.idf(t.ID) })
	sc.credits = grow(sc.credits, len(d.Needs))
	e.place = sc.placeTable(len(s.atlas.regions))
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
	e.sc.clearTerms(e.d.Terms)
}

// counted says which components the demand has data for.
func (e *demandScorer) counted() [NumComponents]bool {
	skills := e.weight > 0
	return [NumComponents]bool{Skills: skills, Focus: skills, Text: len(e.d.Terms) > 0, Place: true, Timing: e.d.Start != NoStart}
}

func (e *demandScorer) placeOf(region int32) float64 {
	if region < 0 || int(region) >= len(e.place) {
		return e.s.atlas.Place(e.d.Region, region)
	}
	if e.place[region] < 0 {
		e.place[region] = float32(e.s.atlas.Place(e.d.Region, region))
	}
	return float64(e.place[region])
}

// collect gates one segment's programs and adds the eligible ones to the
// candidates with the upper bounds of their scores.
func (e *demandScorer) collect(segment int, f *Filter, res *Result) {
	sd := &e.s.programs[segment]
	seg, sc := sd.seg, e.sc
	n := len(seg.ids)
	sc.sum, sc.met, sc.seen = zeroed(sc.sum, n), zeroed(sc.met, n), zeroed(sc.seen, n)
	sc.best = grow(sc.best, n)
	clear(sc.best)
	e.accumulate(seg)
	defer func() {
		clear(sc.sum)
		clear(sc.met)
		clear(sc.seen)
	}()

	sc.timing = sc.timing[:0]
	for i := range seg.profiles {
		v, data, stop := seg.profiles[i].at(e.d.Start)
		sc.timing = append(sc.timing, timingAt{v, data, stop})
	}
	counted, inv := e.counted(), 0.0
	if e.norm > 0 {
		inv = 1 / e.norm
	}
	for i := range n {
		doc := uint32(i)
		if sd.isDead(doc) {
			continue
		}
		res.Considered++
		m := &seg.meta[i]
		if !f.passes(m.region, m.education, &m.attrs) || (f.Not != nil && f.Not(seg.ids[i])) {
			res.Filtered++
			continue
		}
		if g := e.gateBy(m, sc.timing[m.profile].stopped, int(sc.met[i])); g != NumGates {
			res.Rejected[g]++
			continue
		}
		res.Eligible++
		bound := e.beta[Place] * e.placeOf(m.region)
		if counted[Timing] {
			bound += e.beta[Timing] * sc.timing[m.profile].value
		}
		if counted[Text] {
			if m.hasText {
				bound += e.beta[Text]
			} else {
				bound += e.beta[Text] * noData
			}
		}
		if counted[Skills] {
			switch {
			case !m.hasHeld:
				bound += (e.beta[Skills] + e.beta[Focus]) * noData
			case sc.seen[i]:
				bound += e.beta[Skills]*float64(sc.sum[i]) + e.beta[Focus]
			default:
				bound += e.beta[Focus] * noData // no focus value at all (all zero hours) scores as no data
			}
		}
		sc.cands = append(sc.cands, candidate{float32(bound*inv) + boundSlack, int32(segment), doc})
	}
}

// accumulate adds, need by need, each program's best credit.
func (e *demandScorer) accumulate(seg *programSegment) {
	if e.weight == 0 && e.needed == 0 {
		return
	}
	sc := e.sc
	var own [1]Neighbour
	for i := range e.d.Needs {
		need := &e.d.Needs[i]
		w := float32(0)
		if e.weight > 0 {
			w = float32(need.Weight / e.weight)
		}
		stamp := uint32(i) + 1
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
				b := &sc.best[p.doc]
				if b.stamp != stamp {
					b.stamp, b.credit = stamp, 0
				}
				if c > b.credit {
					sc.sum[p.doc] += w * (c - b.credit)
					if need.Required && b.credit < requiredCredit32 && c >= requiredCredit32 {
						sc.met[p.doc]++
					}
					b.credit = c
				}
				sc.seen[p.doc] = true
			}
		}
	}
}

// requiredCredit32 separates the same credits in float32: distinct credits near
// one half differ by more than 1e-6.
const requiredCredit32 = float32(0.5 - 1e-6)

func (e *demandScorer) gateBy(m *programMeta, timing bool, met int) Gate {
	switch {
	case !e.d.Open:
		return GateStatus
	case m.education < e.d.Education:
		return GateEducation
	case timing:
		return GateTiming
	case m.known && met < e.needed:
		return GateRequired
	}
	return NumGates
}

// gate is the gate of one program, from its own rows.
func (e *demandScorer) gate(seg *programSegment, doc uint32) Gate {
	e.creditsOf(seg.held.row(doc))
	met := 0
	for i := range e.d.Needs {
		if e.d.Needs[i].Required && e.sc.credits[i] >= requiredCredit {
			met++
		}
	}
	_, _, stop := seg.profiles[seg.meta[doc].profile].at(e.d.Start)
	return e.gateBy(&seg.meta[doc], stop, met)
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

// score is the exact score of one program.
func (e *demandScorer) score(seg *programSegment, doc uint32) Score {
	m := &seg.meta[doc]
	sc := Score{Counted: e.counted()}
	if sc.Counted[Skills] {
		if m.hasHeld {
			focus, ok := e.creditsOf(seg.held.row(doc))
			sc.Parts[Focus], sc.NoData[Focus] = focus, !ok
			sum := 0.0
			for i := range e.d.Needs {
				sum += e.d.Needs[i].Weight * e.sc.credits[i]
			}
			sc.Parts[Skills] = sum / e.weight
		} else {
			sc.Parts[Skills], sc.NoData[Skills] = noData, true
			sc.Parts[Focus], sc.NoData[Focus] = noData, true
		}
	}
	sc.Unverified = e.needed > 0 && !m.known
	if sc.Counted[Text] {
		v, ok := e.likeness(seg.terms.row(doc))
		sc.Parts[Text], sc.NoData[Text] = v, !ok
	}
	sc.Parts[Place] = e.s.atlas.Place(e.d.Region, m.region)
	if sc.Counted[Timing] {
		v, data, _ := seg.profiles[m.profile].at(e.d.Start)
		sc.Parts[Timing], sc.NoData[Timing] = v, !data
	}
	sc.total(&e.beta)
	return sc
}

// likeness is the text component: the program's text as a BM25F query against the
// demand's, over its score against itself, clipped to 1.
func (e *demandScorer) likeness(terms []Term) (float64, bool) {
	num, den := 0.0, 0.0
	table := e.sc.terms
	for i := range terms {
		t := &terms[i]
		if int(t.ID) < len(table) {
			num += float64(t.Query) * float64(table[t.ID])
		}
		den += float64(t.Query) * float64(t.Doc) * e.s.stats.idf(t.ID)
	}
	if den <= 0 {
		return noData, false
	}
	return math.Min(1, num/den), true
}

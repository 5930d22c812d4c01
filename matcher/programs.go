package matcher

import (
	"context"
	"math"
	"unsafe"

	"talentmatch/matcher/memory"
)

// MatchPrograms ranks the programs for a demand. The demand need not be in the
// snapshot. Errors: an invalid query, or the context's end.
func (s *Snapshot) MatchPrograms(ctx context.Context, d *Demand, q Query) (*Result, error) {
	if err := q.validate(); err != nil {
		return nil, err
	}
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	e := newDemandScorer(s, d, q.Weights, sc, !q.Totals)
	defer e.release()

	res := &Result{}
	sc.rank.reset()
	for i := range s.programs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.prepare(i, &q.Filter)
		if !q.Totals {
			e.count(i, res)
		}
	}
	sc.rank.margin = margin(&e.share)
	if err := sc.rank.search(ctx, q.Top, e); err != nil {
		return nil, err
	}
	res.Scored = sc.rank.scored
	if q.Totals {
		res.Matches = sc.rank.totals(e)
		return res, nil
	}
	res.Matches = make([]Match, len(sc.rank.top))
	for i, w := range sc.rank.top {
		res.Matches[i] = Match{ID: e.id(int(w.segment), w.doc), Score: e.score(s.programs[w.segment].seg, w.doc, s.programs[w.segment].texts)}
	}
	res.Background = e.background(q.Background)
	return res, nil
}

// ScorePair is the score of one demand and one program, neither of which need be
// in the snapshot, and the gate that stops the pair, or NumGates if none does.
func (s *Snapshot) ScorePair(d *Demand, p *Program, w Weights) (Score, Gate) {
	sc := scratches.Get().(*scratch)
	defer scratches.Put(sc)
	e := newDemandScorer(s, d, w, sc, true)
	defer e.release()
	seg := newProgramSegment([]Program{*p}, s.atlas, byPlace)
	return e.score(seg, 0, nil), e.gate(seg, 0)
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
	has    [NumComponents]bool    // what the demand has data for
	norm   float64                // sum of beta over that
	share  [NumComponents]float32 // of each component in the norm
	text   textQuery
	texts  bool // text is prepared
	filter *Filter
	free   bool // the filter leaves nothing out, education apart
	tiled  bool // tiles are asked: skills or focus count
	sided  bool // similarities lie side by side
}

// newDemandScorer prepares to score; texts says whether the text component is wanted
// even where it does not count.
func newDemandScorer(s *Snapshot, d *Demand, w Weights, sc *scratch, texts bool) *demandScorer {
	texts = texts || w.Text > 0
	e := &demandScorer{texts: texts, s: s, d: d, beta: w.Array(), sc: sc, weight: d.weight(), needed: d.required()}
	var sims *simTable
	if e.sided = vectors && len(d.Needs) <= simLanes; e.sided {
		sims = &sc.sims
		sims.reset(d.Needs)
	}
	size := s.space.size()
	for i := range d.Needs {
		size = max(size, int(d.Needs[i].Skill)+1)
	}
	sc.links.fill(len(d.Needs), size, func(i int, own *[1]Neighbour) ([]Neighbour, uint8) {
		return s.space.ForNeed(d.Needs[i].Skill, own), d.Needs[i].Level
	}, sims)
	// A pair's products must be the same from both sides: see programScorer.likeness.
	if texts {
		sc.setText(&d.Text, func(t *Term) float64 { return float64(t.Weight) * s.stats.idfSquared(t.ID) })
		for space := range NumTextSpaces {
			e.text.length[space] = lengthOf(d.Text[space], s.stats)
		}
	}
	e.text.share = shares(func(space TextSpace) bool { return len(d.Text[space]) > 0 })
	sc.credits = grow(sc.credits, len(d.Needs))
	if texts || e.beta[Place] > 0 {
		e.place = s.atlas.row(d.Region)
	}
	e.has = e.counted()
	for k := range e.has {
		if e.has[k] {
			e.norm += e.beta[k]
		}
	}
	for k := range e.share {
		if e.norm > 0 {
			e.share[k] = float32(e.beta[k] / e.norm)
		}
	}
	return e
}

// release puts the scratch back to all zero.
func (e *demandScorer) release() {
	e.sc.letGo()
	if e.texts {
		e.sc.clearText(&e.d.Text)
	}
}

// counted says which components the demand has data for.
func (e *demandScorer) counted() [NumComponents]bool {
	skills := e.weight > 0
	return [NumComponents]bool{Skills: skills, Focus: skills, Text: !e.d.Text.empty(), Place: true, Timing: e.d.Start != NoStart}
}

func (e *demandScorer) id(segment int, doc uint32) string { return e.s.programs[segment].seg.ids[doc] }

func (e *demandScorer) order(segment int, doc uint32) uint32 {
	return e.s.programs[segment].seg.order[doc]
}

// ahead asks for the skills of a row from memory.
func (e *demandScorer) ahead(c *candidate) {
	held := &e.s.programs[c.segment].seg.held
	if from := held.off[c.doc]; int(from) < len(held.skill) {
		n := int(held.off[c.doc+1] - from)
		memory.Prefetch(unsafe.Pointer(&held.skill[from]), 4*n)
		memory.Prefetch(unsafe.Pointer(&held.grade[from]), 2*n)
		if e.beta[Focus] > 0 {
			memory.Prefetch(unsafe.Pointer(&held.value[from]), 4*n)
		}
	}
}

// educations is one more than the highest ISCED number.
const educations = 10

// prepare bounds the windows of a segment, after those before it.
func (e *demandScorer) prepare(segment int, f *Filter) {
	sd, sc := &e.s.programs[segment], e.sc
	seg := sd.seg
	if segment == 0 {
		sc.reset()
		e.filter, e.free = f, f.open()
		counted := e.weight > 0 && (e.beta[Skills] > 0 || e.beta[Focus] > 0)
		e.tiled = counted && len(e.d.Needs) <= mostNeeds
		if e.tiled {
			e.weigh()
		}
	}
	p := sc.segment()
	p.classes = p.classes[:0]
	timing := float32(-1)
	for _, c := range seg.classes {
		v, _, stop := seg.profiles[c.profile].at(e.d.Start)
		pc := classBound{gate: e.gateBy(c.education, stop), bound: boundSlack, flags: c.flags}
		if len(f.Education) > 0 && !has(f.Education, c.education) {
			pc.filtered = true
		}
		if e.d.Start != NoStart {
			pc.bound += e.share[Timing] * float32(v)
			pc.timing = v
		}
		if pc.gate == NumGates && !pc.filtered {
			timing = max(timing, pc.bound)
		}
		p.classes = append(p.classes, pc)
	}
	p.lists = p.lists[:0]
	p.rest = timing
	p.text.off()
	p.required = nil
	p.placing.fill(&seg.census, seg.groupOf, f, e.share[Place], e.placeOf)
	if timing < 0 {
		return // no class is let through
	}
	n := windows(len(seg.ids))
	sums := grow(sc.rank.sums, n)
	sc.rank.sums = sums
	sc.places = grow(sc.places, n)
	within := p.placing.stretch(seg.frames, sc.places)
	text := float32(0)
	if !e.d.Text.empty() && e.share[Text] > 0 {
		text = e.share[Text]
		p.text.fill(sd.words, sd.drift, len(seg.ids), within, &e.d.Text, &e.text.share, &e.text.length, e.s.stats)
	}
	skills, focus := e.share[Skills], e.share[Focus]
	if e.weight <= 0 {
		skills, focus = 0, 0
	}
	switch {
	case e.tiled && sd.tiles != nil:
		clearSums(sums, within)
		for i := range e.d.Needs {
			list := sd.tiles.of(e.d.Needs[i].Skill)
			p.lists = append(p.lists, list)
			list.addTops(sums, within, sd.tiles.top, &sc.worth[i].words)
		}
	default:
		for i := range sums {
			sums[i] = one
		}
	}
	if e.focused(seg) {
		seg.focus.likest(&sc.links, &p.likest)
	}
	p.unmet = p.unmet[:0]
	if e.needed > 0 && sd.tiles != nil {
		p.unmet = e.requirements(segment).unmetWindows(sd.tiles, n, p.unmet)
	}
	for w := within.from; w < within.to; w++ {
		f := &seg.frames[w]
		if len(p.unmet) > 0 && p.unmet[w>>6]&(1<<(w&63)) != 0 && f.flags&(flagBlank|flagWide) == 0 {
			continue
		}
		place := sc.places[w]
		if place < 0 {
			continue
		}
		v := min(1, float32(sums[w])/one)
		if f.flags&(flagEmpty|flagDoubt) != 0 {
			v = max(v, noData)
		}
		if f.flags&flagWide != 0 {
			v = 1
		}
		b := p.rest + place + skills*v
		if text > 0 {
			b += text * e.windowText(p, f, w)
		}
		if v > 0 {
			b += focus
		} else {
			b += focus * noData
		}
		sc.rank.add(segment, w, b, b-place)
	}
}

// focused reports whether bounds of focus are there and matter.
func (e *demandScorer) focused(seg *programSegment) bool {
	return e.share[Focus] > 0 && e.weight > 0 && len(seg.focus.rows) > 0
}

// windowText is the greatest text component of a window's rows.
func (e *demandScorer) windowText(p *segmentQuery, f *frame, w uint32) float32 {
	t := p.text.window(w)
	if f.flags&flagMute != 0 {
		t = max(t, noData)
	}
	return t
}

// weigh tables what the codes of each need's tiles are worth at most.
func (e *demandScorer) weigh() {
	sc := e.sc
	sc.worth = grow(sc.worth, len(e.d.Needs))
	for i := range e.d.Needs {
		need := &e.d.Needs[i]
		// Rounded up, and never 0: focus counts what is worth nothing, too.
		share, more := math.Ceil(need.Weight/e.weight*(1<<16)), uint16(1)
		if share > math.MaxUint16 {
			share, more = math.MaxUint16, 2
		}
		sc.worth[i].weigh(&codeWords()[need.Level], uint16(share), more)
	}
}

func (e *demandScorer) windowBound(segment int, w uint32, others float32) (bound, place float32) {
	p, seg := &e.sc.segments[segment], e.s.programs[segment].seg
	place = p.placing.refine(seg.regions.row(w), e.filter, e.share[Place], e.placeOf)
	if place < 0 {
		return -1, 0
	}
	return others + place, place
}

// soon finds the window's tiles.
func (e *demandScorer) soon(segment int, w uint32) {
	if sd := &e.s.programs[segment]; e.tiled && sd.tiles != nil {
		e.sc.find(sd.tiles, e.sc.segments[segment].lists, segment, w)
	}
}

// tally adds up the bounds of the rows' skills.
func (e *demandScorer) tally(segment int, w uint32, a *tally) {
	sd := &e.s.programs[segment]
	if !e.tiled || sd.tiles == nil {
		for i := range a {
			a[i] = one
		}
		return
	}
	*a = tally{}
	ops := e.sc.ops[:0]
	found := e.sc.foundOf(sd.tiles, e.sc.segments[segment].lists, segment, w)
	for _, f := range found.tiles {
		worth := e.sc.worth[f.list].lookup()
		ops = a.addTile(sd.tiles, f.entry, &worth, ops)
	}
	addTiles(a, ops)
	e.sc.ops = ops[:max(len(ops), len(e.sc.ops))]
}

func (e *demandScorer) gather(segment int, w uint32, base, floor float32, out []candidate) []candidate {
	var sums tally
	a := &sums
	e.tally(segment, w, a)
	sd, p := &e.s.programs[segment], &e.sc.segments[segment]
	seg := sd.seg
	from := int(w) * window
	class := seg.class[from:min(from+window, len(seg.class))]
	least := 0
	if f := &seg.frames[w]; f.flags&(flagEmpty|flagDoubt|flagWide) == 0 && e.weight > 0 {
		rest := e.share[Focus] + base + p.rest
		if !e.d.Text.empty() {
			rest += e.share[Text] * e.windowText(p, f, w)
		}
		least = leastTally(floor, e.share[Skills], rest)
	}
	skills, focus, place, text := e.share[Skills], e.share[Focus], e.share[Place], e.share[Text]
	if e.weight <= 0 {
		skills, focus = 0, 0
	}
	if e.d.Text.empty() {
		text = 0
	}
	likest, focused := p.text.window(w), e.focused(seg)
	var buffer [window]uint8
	rows := a.reaching(least, &buffer)
	if e.needed > 0 && sd.tiles != nil {
		rows = e.meeting(segment, w, rows)
	}
	before := len(out)
	for _, row := range rows {
		i := int(row)
		if i >= len(class) {
			break
		}
		c := &p.classes[class[i]]
		if c.gate != NumGates || c.filtered {
			continue
		}
		v := a[i]
		if c.flags&flagWide != 0 {
			v = one
		}
		b := c.bound
		if place > 0 {
			b += place * float32(e.placeOf(seg.region[from+i]))
		}
		switch {
		case c.flags&flagHeld == 0:
			b += (skills + focus) * noData
		case v > 0:
			b += skills*min(1, float32(v)/one) + focus
		default: // without any v_s, or in doubt, focus can be that high
			b += focus * noData
		}
		if c.flags&(flagDoubt|flagHeld) == flagDoubt|flagHeld { // doubt can only lift what is below "no data"
			b += skills * seg.meta[from+i].doubt * max(noData-float32(v)/one, 0)
		}
		likeness := likest
		if c.flags&flagText == 0 {
			likeness = noData
		}
		b += text * likeness
		if focused && b >= floor && v > 0 && c.flags&(flagHeld|flagDoubt) == flagHeld {
			b -= focus * (1 - seg.focus.of(uint32(from+i), &p.likest))
		}
		if doc := uint32(from + i); b >= floor && !sd.isDead(doc) && (e.free || e.lets(seg, doc)) && !e.sc.rank.hopeless(b, e, segment, doc) {
			out = append(out, candidate{b, likeness, int32(segment), doc})
		}
	}
	if text == 0 || !p.text.worthwhile(len(out)-before) {
		return out
	}
	p.text.visit(w)
	n := before
	for _, c := range out[before:] {
		if p.classes[seg.class[c.doc]].flags&flagText != 0 {
			c.lower(text, p.text.row(c.doc%window))
		}
		if c.bound >= floor {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// lets reports whether the filter lets a row through, but for its education.
func (e *demandScorer) lets(seg *programSegment, doc uint32) bool {
	if !e.filter.allows(seg.region[doc]) {
		return false
	}
	if !e.filter.byRow() {
		return true
	}
	return e.filter.passes(seg.region[doc], seg.classes[seg.class[doc]].education, &seg.meta[doc].attrs) && (e.filter.Not == nil || !e.filter.Not(seg.ids[doc]))
}

func (e *demandScorer) exact(c *candidate, floor float64) (float64, bool) {
	if e.needed > 0 && !e.verified(e.s.programs[c.segment].seg, c.doc) {
		return 0, false
	}
	return e.total(int(c.segment), c.doc, c.text, floor)
}

// total is score's total, worked out without the components that do not count, and no
// further than to see that it is below floor; then ok is false. text is a bound of that
// component.
func (e *demandScorer) total(segment int, doc uint32, text float32, floor float64) (float64, bool) {
	seg := e.s.programs[segment].seg
	class := &e.sc.segments[segment].classes[seg.class[doc]]
	sc := Score{Counted: e.has}
	sc.Parts[Timing] = class.timing
	if e.beta[Place] > 0 {
		sc.Parts[Place] = e.placeOf(seg.region[doc])
	}
	texts := e.has[Text] && e.beta[Text] > 0
	if texts {
		sc.Parts[Text] = float64(text)
	}
	switch {
	case !e.has[Skills] || e.beta[Skills] == 0 && e.beta[Focus] == 0:
	case class.flags&flagHeld == 0:
		sc.Parts[Skills], sc.Parts[Focus] = noData, noData
	default:
		doubt := float32(0)
		if class.flags&flagDoubt != 0 {
			doubt = seg.meta[doc].doubt
		}
		sc.Parts[Skills] = doubted(e.skills(seg, doc), doubt)
		if e.beta[Focus] > 0 {
			if sc.Parts[Focus] = 1; sc.below(floor, &e.beta) {
				return 0, false
			}
			focus, _ := e.focus(seg, doc)
			sc.Parts[Focus] = doubted(focus, doubt)
		}
	}
	if texts {
		if sc.below(floor, &e.beta) {
			return 0, false
		}
		sc.Parts[Text], _ = e.likeness(seg, doc, e.s.programs[segment].texts)
	}
	sc.total(&e.beta)
	return sc.Total, sc.Total >= floor
}

// verified reports whether a program meets the required needs, or has nothing that they
// could be checked against.
func (e *demandScorer) verified(seg *programSegment, doc uint32) bool {
	if !seg.classes[seg.class[doc]].known {
		return true
	}
	e.creditsOf(seg, doc)
	return e.metRequired() >= e.needed
}

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
	c := &seg.classes[seg.class[doc]]
	_, _, stop := seg.profiles[c.profile].at(e.d.Start)
	g := e.gateBy(c.education, stop)
	if g == NumGates && e.needed > 0 && !e.verified(seg, doc) {
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

// creditsOf fills the credits of every need.
func (e *demandScorer) creditsOf(seg *programSegment, doc uint32) {
	credits, links := e.sc.credits, &e.sc.links
	from, to := seg.held.off[doc], seg.held.off[doc+1]
	skills := seg.held.skill[from:to]
	grades := seg.held.grade[from:to][:len(skills)]
	if e.sided {
		var side [simLanes]uint16
		if e.sc.sims.earn(&side, skills, grades, links.slot) {
			for i := range credits {
				credits[i] = uint32(side[i&(simLanes-1)]) * 100
			}
			return
		}
	}
	clear(credits)
	for i, skill := range skills {
		if list := links.of(skill); len(list) > 0 {
			earn(credits, list, grades[i])
		}
	}
}

// focus is sum of v_s * max_r sim(r,s) / sum of v_s over the held skills; ok is false
// without any v_s.
func (e *demandScorer) focus(seg *programSegment, doc uint32) (focus float64, ok bool) {
	sum, norm := 0.0, 0.0
	from, to := seg.held.off[doc], seg.held.off[doc+1]
	skills := seg.held.skill[from:to]
	grades := seg.held.grade[from:to][:len(skills)]
	values := seg.held.value[from:to][:len(skills)]
	slots, likest := e.sc.links.slot, e.sc.links.likest
	for i, skill := range skills {
		v, slot := float64(values[i]), int32(0)
		if k := int(skill) + 1; k < len(slots) {
			slot = slots[k]
		}
		norm += v
		sum += v * float64(uint32(likest[slot])*uint32(grades[i].confidence()))
	}
	if norm <= 0 {
		return noData, false
	}
	return sum / (norm * wholeLikeness), true
}

// earn raises the credits of the needs that a held skill counts for.
func earn(credits []uint32, list []link, g grade) {
	confidence, fits := uint32(g.confidence()), &fit[g.level()&7]
	for k := range list {
		l := &list[k]
		c := uint32(l.sim) * confidence * fits[l.level&7]
		credits[l.to] = max(credits[l.to], c)
	}
}

// score is the exact score of one program, with all its parts.
func (e *demandScorer) score(seg *programSegment, doc uint32, texts *lengths) (sc Score) {
	class := &seg.classes[seg.class[doc]]
	sc.Counted = e.has
	sc.Unverified = e.needed > 0 && !class.known
	switch {
	case !sc.Counted[Skills]:
	case class.flags&flagHeld == 0:
		sc.Parts[Skills], sc.NoData[Skills] = noData, true
		sc.Parts[Focus], sc.NoData[Focus] = noData, true
	default:
		doubt := seg.meta[doc].doubt
		sc.Parts[Skills] = doubted(e.skills(seg, doc), doubt)
		focus, ok := e.focus(seg, doc)
		sc.Parts[Focus], sc.NoData[Focus] = doubted(focus, doubt), !ok
	}
	sc.Parts[Place] = e.placeOf(seg.region[doc])
	if sc.Counted[Timing] {
		v, data, _ := seg.profiles[class.profile].at(e.d.Start)
		sc.Parts[Timing], sc.NoData[Timing] = v, !data
	}
	if sc.Counted[Text] {
		v, ok := e.likeness(seg, doc, texts)
		sc.Parts[Text], sc.NoData[Text] = v, !ok
	}
	sc.total(&e.beta)
	return sc
}

// skills is how far the needs are covered, before doubt. It leaves the credits behind.
func (e *demandScorer) skills(seg *programSegment, doc uint32) float64 {
	e.creditsOf(seg, doc)
	sum := 0.0
	for i := range e.d.Needs {
		sum += e.d.Needs[i].Weight * float64(e.sc.credits[i])
	}
	return sum / (e.weight * wholeCredit)
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
func (e *demandScorer) likeness(seg *programSegment, doc uint32, texts *lengths) (float64, bool) {
	if seg.classes[seg.class[doc]].flags&flagText == 0 {
		return noData, false
	}
	sum, table := 0.0, e.sc.terms
	for space := range NumTextSpaces {
		if e.text.share[space] == 0 {
			continue
		}
		product := 0.0
		terms := seg.texts[space].row(doc)
		for i, v := range terms.packed {
			if id := int32(v & (1<<idBits - 1)); e.sc.asks(id) {
				product += float64(terms.weight(i)) * float64(table[id])
			}
		}
		for i := range terms.wide {
			if t := &terms.wide[i]; e.sc.asks(t.ID) {
				product += float64(t.Weight) * float64(table[t.ID])
			}
		}
		if product > 0 {
			sum += e.text.share[space] * cosine(product, e.text.length[space], texts.of(&seg.texts, doc, space, e.s.stats))
		}
	}
	return sharpen(sum), true
}

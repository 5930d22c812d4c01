package matcher

import (
	"context"
	"math"
	"unsafe"

	"talentmatch/matcher/memory"
)

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

	res := &Result{}
	sc.rank.reset()
	for i := range s.demands {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		e.prepare(i, &q.Filter)
		if !q.Totals {
			e.count(i, res)
		}
	}
	var share [NumComponents]float32
	for k := range share {
		share[k] = float32(e.beta[k] / (e.beta[Skills] + e.beta[Text] + e.beta[Focus] + e.beta[Place] + e.beta[Timing]))
	}
	sc.rank.margin = margin(&share)
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
		res.Matches[i] = Match{ID: e.id(int(w.segment), w.doc), Score: e.score(s.demands[w.segment].seg, w.doc, s.demands[w.segment].texts)}
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
	filter  *Filter
	free    bool // the filter leaves nothing out, education apart
	tiled   bool
	scaled  [][8]uint16
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
	sc.likest = grow(sc.likest, len(p.Held))
	e.place = s.atlas.row(p.Region)
	return e
}

// link lists, per needed skill, the held skills that count for it, and works out
// the best credit per needed level.
func (e *programScorer) link() {
	sc, held := e.sc, e.p.Held
	size := e.s.space.size()
	for i := range held {
		size = max(size, int(held[i].Skill)+1)
	}
	sc.links.fill(len(held), size, func(i int, own *[1]Neighbour) ([]Neighbour, uint8) {
		return e.s.space.ForHeld(held[i].Skill, own), held[i].Level
	}, nil)
	sc.links.link()
	sc.levels = grow(sc.levels, len(sc.links.spans))
	for slot, sp := range sc.links.spans {
		best := &sc.levels[slot]
		*best = [8]uint32{}
		for _, k := range sc.links.links[sp.from:sp.to] {
			for l := uint8(1); l <= 5; l++ {
				best[l] = max(best[l], creditOf(k.sim, k.level, l, held[k.to].Confidence))
			}
		}
	}
}

// release puts the scratch back to all zero.
func (e *programScorer) release() {
	e.sc.letGo()
	e.sc.clearText(&e.p.Text)
}

// creditFor is the best credit of the program for a need.
func (e *programScorer) creditFor(skill int32, level uint8) uint32 {
	if slot := e.sc.links.slotOf(skill); slot != 0 {
		return e.sc.levels[slot-1][level&7]
	}
	return 0
}

func (e *programScorer) id(segment int, doc uint32) string { return e.s.demands[segment].seg.ids[doc] }

func (e *programScorer) order(segment int, doc uint32) uint32 {
	return e.s.demands[segment].seg.order[doc]
}

// ahead asks for the needs of a row from memory.
func (e *programScorer) ahead(c *candidate) {
	needs := &e.s.demands[c.segment].seg.needs
	if from := needs.off[c.doc]; int(from) < len(needs.data) {
		memory.Prefetch(unsafe.Pointer(&needs.data[from]), int(unsafe.Sizeof(Need{}))*int(needs.off[c.doc+1]-from))
	}
}

func (e *programScorer) exact(c *candidate, floor float64) (float64, bool) {
	seg := e.s.demands[c.segment].seg
	if required := int(seg.meta[c.doc].required); e.known && required > 0 && e.met(seg, c.doc) < required {
		return 0, false
	}
	return e.total(int(c.segment), c.doc, c.text, floor)
}

// total is score's total, worked out without the components that do not count, and no
// further than to see that it is below floor; then ok is false. text is a bound of that
// component.
func (e *programScorer) total(segment int, doc uint32, text float32, floor float64) (float64, bool) {
	seg := e.s.demands[segment].seg
	sc := Score{Counted: seg.classes[seg.class[doc]].counted()}
	sc.Parts[Timing] = e.sc.segments[segment].classes[seg.class[doc]].timing
	if e.beta[Place] > 0 {
		sc.Parts[Place] = e.placeOf(seg.region[doc])
	}
	texts := sc.Counted[Text] && e.beta[Text] > 0
	switch {
	case texts && e.p.Text.empty():
		sc.Parts[Text] = noData
	case texts:
		sc.Parts[Text] = float64(text)
	}
	switch {
	case !sc.Counted[Skills] || e.beta[Skills] == 0 && e.beta[Focus] == 0:
	case len(e.p.Held) == 0:
		sc.Parts[Skills], sc.Parts[Focus] = noData, noData
	default:
		needs := seg.needs.row(doc)
		sc.Parts[Skills] = doubted(e.skills(needs), e.p.Doubt)
		if e.beta[Focus] > 0 {
			if sc.Parts[Focus] = 1; sc.below(floor, &e.beta) {
				return 0, false
			}
			focus, _ := e.focus(needs)
			sc.Parts[Focus] = doubted(focus, e.p.Doubt)
		}
	}
	if texts {
		if sc.below(floor, &e.beta) {
			return 0, false
		}
		sc.Parts[Text], _ = e.likeness(seg, doc, e.s.demands[segment].texts)
	}
	sc.total(&e.beta)
	return sc.Total, sc.Total >= floor
}

// met counts the required needs of a demand that the program meets.
func (e *programScorer) met(seg *demandSegment, doc uint32) (n int) {
	needs := seg.needs.row(doc)
	for i := range needs {
		if needs[i].Required && e.creditFor(needs[i].Skill, needs[i].Level) >= requiredCredit {
			n++
		}
	}
	return n
}

func (c *demandClass) counted() [NumComponents]bool {
	return [NumComponents]bool{Skills: c.hasSkills, Focus: c.hasSkills, Text: c.hasText, Place: true, Timing: c.start != NoStart}
}

// placeOf is the place component of a demand's region.
func (e *programScorer) placeOf(region int32) float64 {
	if region >= 0 && int(region) < len(e.place) {
		return e.place[region]
	}
	return e.s.atlas.Place(region, e.p.Region)
}

// prepare bounds the windows of a segment, after those before it. Demands differ in
// which components they have data for, and so in the norm of their score: the bound of
// a window is that of the worst mix of its segment's classes.
func (e *programScorer) prepare(segment int, f *Filter) {
	sd, sc := &e.s.demands[segment], e.sc
	seg := sd.seg
	if segment == 0 {
		sc.reset()
		e.filter, e.free = f, f.open()
		e.tiled = len(e.p.Held) > 0 && (e.beta[Skills] > 0 || e.beta[Focus] > 0)
		if e.tiled {
			e.weigh()
		}
	}
	p := sc.segment()
	p.classes, p.lists, p.mixes = p.classes[:0], p.lists[:0], p.mixes[:0]
	for i := range seg.classes {
		c := &seg.classes[i]
		v, _, stop := e.profile.at(int(c.start))
		cb := classBound{gate: e.gateBy(c, stop), timing: v, bound: boundSlack, filtered: len(f.Education) > 0 && !has(f.Education, c.education)}
		mix := e.mixOf(c, v)
		cb.mix = p.mix(mix)
		p.classes = append(p.classes, cb)
		if cb.gate == NumGates && !cb.filtered {
			p.mixes[cb.mix].open = true
		}
	}
	p.choose()
	p.placing.fill(&seg.census, seg.groupOf, f, 1, e.placeOf)
	n := windows(len(seg.ids))
	sums := grow(sc.rank.sums, n)
	sc.rank.sums = sums
	sc.places = grow(sc.places, n)
	within := p.placing.stretch(seg.frames, sc.places)
	p.text.off()
	if e.beta[Text] > 0 && !e.p.Text.empty() {
		share := shares(func(TextSpace) bool { return true })
		if sd.words != nil && !sd.words.whole { // some demand's text is in one space only, which is all of it then
			for s := range share {
				share[s] = 1
			}
		}
		p.text.fill(sd.words, sd.drift, len(seg.ids), within, &e.p.Text, &share, &e.length, e.s.stats)
	}
	if e.tiled && sd.tiles != nil {
		clearSums(sums, within)
		for i, skill := range sc.links.touched {
			list := sd.tiles.of(skill)
			p.lists = append(p.lists, list)
			list.addScaledTops(sums, within, sd.tiles.top, &e.scaled[i])
		}
	} else {
		for i := range sums {
			sums[i] = one
		}
	}
	for w := within.from; w < within.to; w++ {
		place := sc.places[w]
		if place < 0 {
			continue
		}
		v := min(1, float32(sums[w])/one)
		if b := p.bound(place, v, p.text.window(w), e.p.Doubt); b >= 0 {
			sc.rank.add(segment, w, b, v)
		}
	}
}

// weigh tables the best credit of every touched skill by level, in units of 1/one.
func (e *programScorer) weigh() {
	sc := e.sc
	sc.scaled = grow(sc.scaled, len(sc.links.touched))
	e.scaled = sc.scaled
	for i := range sc.links.touched {
		best := &sc.levels[i]
		t := &e.scaled[i]
		*t = [8]uint16{}
		for l := 1; l <= 5; l++ {
			t[l] = uint16((uint64(best[l])*one + wholeCredit - 1) / wholeCredit)
		}
	}
}

// A mix is what the components count for in demands of some classes, over the sum of
// the weights of what those have data for.
type mix struct {
	skills, focus, place, text float32
	rest                       float32 // timing, and text when the program has none
	empty                      float32 // skills and focus when the program has none, or of little worth
	open                       bool    // some class of it gets past the gates and the filter
}

// mixOf works out the mix of a class with a value of timing.
func (e *programScorer) mixOf(c *demandClass, timing float64) mix {
	counted := c.counted()
	norm, rest, text := e.beta[Place], 0.0, 0.0
	if counted[Timing] {
		norm += e.beta[Timing]
		rest += e.beta[Timing] * timing
	}
	if counted[Text] {
		norm += e.beta[Text]
		if !e.p.Text.empty() {
			text = e.beta[Text]
		} else {
			rest += e.beta[Text] * noData
		}
	}
	if counted[Skills] {
		norm += e.beta[Skills] + e.beta[Focus]
	}
	if norm == 0 {
		return mix{rest: boundSlack}
	}
	m := mix{place: float32(e.beta[Place] / norm), text: float32(text / norm), rest: float32(rest/norm) + boundSlack}
	switch {
	case !counted[Skills]:
	case len(e.p.Held) == 0:
		m.rest += float32((e.beta[Skills] + e.beta[Focus]) / norm * noData)
	default:
		m.skills, m.focus = float32(e.beta[Skills]/norm), float32(e.beta[Focus]/norm)
		if e.value <= 0 || e.p.Doubt > 0 {
			m.empty = m.focus * noData
		}
	}
	return m
}

// of is the bound for a place and bounds of the skills, which doubt can lift, and of the
// text.
func (m *mix) of(place, skills, text, doubt float32) float32 {
	b := m.rest + m.place*place + m.text*text
	if m.skills > 0 || m.focus > 0 {
		b += m.skills * (skills + doubt*max(noData-skills, 0))
		if skills > 0 {
			b += m.focus
		} else {
			b += m.empty
		}
	}
	return b
}

func (e *programScorer) windowBound(segment int, w uint32, skills float32) (bound, place float32) {
	p, seg := &e.sc.segments[segment], e.s.demands[segment].seg
	place = p.placing.refine(seg.regions.row(w), e.filter, 1, e.placeOf)
	if place < 0 {
		return -1, 0
	}
	return p.bound(place, skills, p.text.window(w), e.p.Doubt), place
}

// soon finds the window's tiles.
func (e *programScorer) soon(segment int, w uint32) {
	if sd := &e.s.demands[segment]; e.tiled && sd.tiles != nil {
		e.sc.find(sd.tiles, e.sc.segments[segment].lists, segment, w)
	}
}

// tally adds up the bounds of the rows' skills.
func (e *programScorer) tally(segment int, w uint32, a *tally) {
	sd := &e.s.demands[segment]
	if !e.tiled || sd.tiles == nil {
		for i := range a {
			a[i] = one
		}
		return
	}
	*a = tally{}
	ops := e.sc.scaleds[:0]
	found := e.sc.foundOf(sd.tiles, e.sc.segments[segment].lists, segment, w)
	for _, f := range found.tiles {
		ops = a.addScaledTile(sd.tiles, f.entry, &e.scaled[f.list], ops)
	}
	addScaledTiles(a, ops)
	e.sc.scaleds = ops[:max(len(ops), len(e.sc.scaleds))]
}

func (e *programScorer) gather(segment int, w uint32, base, floor float32, out []candidate) []candidate {
	var sums tally
	a := &sums
	e.tally(segment, w, a)
	sd, p := &e.s.demands[segment], &e.sc.segments[segment]
	seg := sd.seg
	from := int(w) * window
	class := seg.class[from:min(from+window, len(seg.class))]
	least := 0
	if e.p.Doubt == 0 {
		least = math.MaxInt
		for i := range p.tops {
			m := &p.tops[i]
			least = min(least, leastTally(floor, m.skills, m.focus+m.rest+m.place*base+m.text*p.text.window(w)))
		}
	}
	likest := p.text.window(w)
	var buffer [window]uint8
	before := len(out)
	for _, row := range a.reaching(least, &buffer) {
		i := int(row)
		if i >= len(class) {
			break
		}
		c := &p.classes[class[i]]
		if c.gate != NumGates || c.filtered {
			continue
		}
		b := p.mixes[c.mix].of(float32(e.placeOf(seg.region[from+i])), min(1, float32(a[i])/one), likest, e.p.Doubt)
		if doc := uint32(from + i); b >= floor && !sd.isDead(doc) && (e.free || e.lets(seg, doc)) && !e.sc.rank.hopeless(b, e, segment, doc) {
			out = append(out, candidate{b, likest, int32(segment), doc})
		}
	}
	if !p.text.worthwhile(len(out) - before) {
		return out
	}
	p.text.visit(w)
	n := before
	for _, c := range out[before:] {
		c.lower(p.mixes[p.classes[seg.class[c.doc]].mix].text, p.text.row(c.doc%window))
		if c.bound >= floor {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// lets reports whether the filter lets a row through, but for its education.
func (e *programScorer) lets(seg *demandSegment, doc uint32) bool {
	if !e.filter.allows(seg.region[doc]) {
		return false
	}
	if !e.filter.byRow() {
		return true
	}
	return e.filter.passes(seg.region[doc], seg.classes[seg.class[doc]].education, &seg.meta[doc].attrs) && (e.filter.Not == nil || !e.filter.Not(seg.ids[doc]))
}

// gateBy is the gate that a class meets; required skills come after.
func (e *programScorer) gateBy(c *demandClass, timing bool) Gate {
	switch {
	case !c.open:
		return GateStatus
	case e.p.Education < c.education:
		return GateEducation
	case timing:
		return GateTiming
	}
	return NumGates
}

// score is the exact score of one demand, with all its parts.
func (e *programScorer) score(seg *demandSegment, doc uint32, texts *lengths) (sc Score) {
	class := &seg.classes[seg.class[doc]]
	sc.Counted = class.counted()
	sc.Unverified = seg.meta[doc].required > 0 && !e.known
	switch {
	case !sc.Counted[Skills]:
	case len(e.p.Held) == 0:
		sc.Parts[Skills], sc.NoData[Skills] = noData, true
		sc.Parts[Focus], sc.NoData[Focus] = noData, true
	default:
		needs := seg.needs.row(doc)
		sc.Parts[Skills] = doubted(e.skills(needs), e.p.Doubt)
		focus, ok := e.focus(needs)
		sc.Parts[Focus], sc.NoData[Focus] = doubted(focus, e.p.Doubt), !ok
	}
	sc.Parts[Place] = e.placeOf(seg.region[doc])
	if sc.Counted[Timing] {
		v, data, _ := e.profile.at(int(class.start))
		sc.Parts[Timing], sc.NoData[Timing] = v, !data
	}
	if sc.Counted[Text] {
		v, ok := e.likeness(seg, doc, texts)
		sc.Parts[Text], sc.NoData[Text] = v, !ok
	}
	sc.total(&e.beta)
	return sc
}

// skills is how far a demand's needs are covered, before doubt.
func (e *programScorer) skills(needs []Need) float64 {
	sum, weight := 0.0, 0.0
	for i := range needs {
		weight += needs[i].Weight
		sum += needs[i].Weight * float64(e.creditFor(needs[i].Skill, needs[i].Level))
	}
	return sum / (weight * wholeCredit)
}

// focus is sum of v_s * max_r sim(r,s) / sum of v_s over the held skills.
func (e *programScorer) focus(needs []Need) (float64, bool) {
	if e.value <= 0 {
		return noData, false
	}
	likest := e.sc.likest // per held skill
	clear(likest)
	for i := range needs {
		list := e.sc.links.of(needs[i].Skill)
		for k := range list {
			likest[list[k].to] = max(likest[list[k].to], list[k].sim)
		}
	}
	sum := 0.0
	for i := range e.p.Held {
		h := &e.p.Held[i]
		sum += float64(h.Value) * float64(uint32(likest[i])*uint32(h.Confidence))
	}
	return sum / (e.value * wholeLikeness), true
}

// likeness is the text component, product by product what demandScorer makes it.
func (e *programScorer) likeness(seg *demandSegment, doc uint32, texts *lengths) (float64, bool) {
	if e.p.Text.empty() {
		return noData, false
	}
	sum, table, stats := 0.0, e.sc.terms, e.s.stats
	share := shares(func(space TextSpace) bool { return seg.texts[space].off[doc] != seg.texts[space].off[doc+1] })
	for space := range NumTextSpaces {
		product := 0.0
		terms := seg.texts[space].row(doc)
		for i := range terms.len() {
			if id := terms.id(i); e.sc.asks(id) {
				product += float64(table[id]) * float64(float32(float64(terms.weight(i))*stats.idfSquared(id)))
			}
		}
		if product > 0 {
			sum += share[space] * cosine(product, texts.of(&seg.texts, doc, space, stats), e.length[space])
		}
	}
	return sharpen(sum), true
}

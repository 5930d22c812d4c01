package matcher

// Counting what became of all candidates, without looking at each: a segment's census
// says how many rows there are of each region and class.

// headcount is how a segment's live rows fall out before required skills.
type headcount struct {
	considered, filtered int
	stopped              [NumGates]int
	passed               int
	checked              int // of those that passed: required skills are checked
}

func (h *headcount) add(c *classBound, allowed, check bool, rows int) {
	h.considered += rows
	switch {
	case !allowed || c.filtered:
		h.filtered += rows
	case c.gate != NumGates:
		h.stopped[c.gate] += rows
	default:
		h.passed += rows
		if check {
			h.checked += rows
		}
	}
}

// addTo adds a segment to a result; met is how many of the checked rows have what is
// required.
func (h *headcount) addTo(res *Result, met int) {
	res.Considered += h.considered
	res.Filtered += h.filtered
	for g, n := range h.stopped {
		res.Rejected[g] += n
	}
	res.Rejected[GateRequired] += h.checked - met
	res.Eligible += h.passed - h.checked + met
}

// headcountOf counts rows through the census, or one by one when the filter looks at
// more than region and education. check says of a class whether required skills are
// checked.
func headcountOf(c *census, classes []classBound, f *Filter, check func(class int32) bool, rows int, row func(doc uint32) (region, class int32), passes func(doc uint32) bool, eachDead func(func(uint32)), isDead func(uint32) bool) (h headcount) {
	if f.byRow() {
		for doc := range uint32(rows) {
			if !isDead(doc) {
				_, class := row(doc)
				h.add(&classes[class], passes(doc), check(class), 1)
			}
		}
		return h
	}
	if f.Regions == nil {
		for class, n := range c.total {
			h.add(&classes[class], true, check(int32(class)), int(n))
		}
	} else {
		for i, r := range c.regions {
			allowed := f.allows(r)
			for _, cell := range c.cells.row(uint32(i)) {
				h.add(&classes[cell.class], allowed, check(cell.class), int(cell.rows))
			}
		}
	}
	eachDead(func(doc uint32) {
		region, class := row(doc)
		h.add(&classes[class], f.allows(region), check(class), -1)
	})
	return h
}

// count adds a segment's programs to the counts of a result.
func (e *demandScorer) count(segment int, res *Result) {
	sd, p := &e.s.programs[segment], &e.sc.segments[segment]
	seg := sd.seg
	check := func(class int32) bool { return e.needed > 0 && seg.classes[class].known }
	h := headcountOf(&seg.census, p.classes, e.filter, check, len(seg.ids),
		func(doc uint32) (int32, int32) { return seg.region[doc], seg.class[doc] },
		func(doc uint32) bool { return e.lets(seg, doc) }, sd.eachDead, sd.isDead)
	met := 0
	if h.checked > 0 {
		met = e.countMet(segment)
	}
	h.addTo(res, met)
}

// A verdict says what a code tells of a required need.
type verdict uint8

const (
	unmet verdict = iota
	metSurely
	metPerhaps // a joined code: the row must be looked at
)

// verdicts tables what codes tell of a required need of a level.
func verdicts(level uint8) (t [256]verdict) {
	for c := 8; c < 256; c++ {
		switch {
		case codeWorth(uint8(c), level) < creditValue(requiredCredit):
		case joined[c&7]:
			t[c] = metPerhaps
		default:
			t[c] = metSurely
		}
	}
	return t
}

// countMet counts the rows that pass everything and meet every required need.
func (e *demandScorer) countMet(segment int) (n int) {
	sd, p := &e.s.programs[segment], &e.sc.segments[segment]
	seg := sd.seg
	passes := func(doc uint32) bool {
		c := &p.classes[seg.class[doc]]
		return c.gate == NumGates && !c.filtered && seg.classes[seg.class[doc]].known && !sd.isDead(doc) && e.lets(seg, doc)
	}
	if sd.tiles == nil {
		for doc := range uint32(len(seg.ids)) {
			if passes(doc) && e.verified(seg, doc) {
				n++
			}
		}
		return n
	}
	need := e.requirements(segment)
	shortest := need.lists[0]
	for _, list := range need.lists {
		if list.size() < shortest.size() {
			shortest = list
		}
	}
	for w := range shortest.each {
		if p.placing.any && p.placing.refine(seg.regions.row(w), e.filter, 0, e.placeOf) < 0 || !need.look(sd.tiles, w) {
			continue
		}
		for i := range min(window, len(seg.ids)-int(w)*window) {
			doc := w*window + uint32(i)
			if v := need.verdict(i); v != unmet && passes(doc) && (v == metSurely || e.verified(seg, doc)) {
				n++
			}
		}
	}
	for w := range seg.frames {
		if seg.frames[w].flags&flagWide == 0 {
			continue
		}
		for i := w * window; i < min((w+1)*window, len(seg.meta)); i++ {
			if seg.classes[seg.class[i]].flags&flagWide != 0 && passes(uint32(i)) && e.verified(seg, uint32(i)) {
				n++
			}
		}
	}
	return n
}

// A requirement is what tiles tell of a demand's required needs in one segment.
type requirement struct {
	lists   []tileList
	entries []uint32 // of the window that is looked at
	tables  [][256]verdict
	surely  [window]uint32 // needs that a row of the window meets
	perhaps [window]uint32
}

// requirements prepares to look for rows that meet the required needs.
func (e *demandScorer) requirements(segment int) *requirement {
	p := &e.sc.segments[segment]
	if p.required == nil {
		p.required = &requirement{}
		for i := range e.d.Needs {
			if need := &e.d.Needs[i]; need.Required {
				p.required.lists = append(p.required.lists, e.s.programs[segment].tiles.of(need.Skill))
				p.required.tables = append(p.required.tables, verdicts(need.Level))
			}
		}
	}
	return p.required
}

// unmetWindows marks the windows in which no tile of some required need is worth enough.
func (r *requirement) unmetWindows(t *tiles, windows int, out []uint64) []uint64 {
	out = grow(out, (windows+63)/64)
	clear(out)
	for i, list := range r.lists {
		var may []uint64
		may = grow(may, len(out))
		for w, entry := range list.each {
			if r.tables[i][t.top[entry]] != unmet {
				may[w>>6] |= 1 << (w & 63)
			}
		}
		for k := range out {
			out[k] |= ^may[k]
		}
	}
	return out
}

// look looks at a window, and reports whether any row can meet all.
func (r *requirement) look(t *tiles, w uint32) bool {
	if !r.find(w) {
		return false
	}
	r.surely, r.perhaps = [window]uint32{}, [window]uint32{}
	for i, entry := range r.entries {
		table := &r.tables[i]
		t.eachCode(entry, func(row, code uint8) {
			switch table[code] {
			case metSurely:
				r.surely[row]++
			case metPerhaps:
				r.perhaps[row]++
			}
		})
	}
	return true
}

// verdict is that of a row of the window, for all needs together.
func (r *requirement) verdict(row int) verdict {
	switch n := uint32(len(r.lists)); {
	case r.surely[row] == n:
		return metSurely
	case r.surely[row]+r.perhaps[row] == n:
		return metPerhaps
	}
	return unmet
}

// meeting leaves out the rows of a window whose required needs are not met. Rows that
// have nothing to check them against stay.
func (e *demandScorer) meeting(segment int, w uint32, rows []uint8) []uint8 {
	sd, need := &e.s.programs[segment], e.requirements(segment)
	any, n := need.find(w), 0
	for _, row := range rows {
		doc := int(w)*window + int(row)
		if doc >= len(sd.seg.class) {
			break
		}
		if c := &sd.seg.classes[sd.seg.class[doc]]; !c.known || c.flags&flagWide != 0 || any && need.mayMeet(sd.tiles, row) {
			rows[n] = row
			n++
		}
	}
	return rows[:n]
}

// find finds a window's tiles, and reports whether every required need has one.
func (r *requirement) find(w uint32) bool {
	r.entries = r.entries[:0]
	for _, list := range r.lists {
		entry, ok := list.find(w)
		if !ok {
			return false
		}
		r.entries = append(r.entries, entry)
	}
	return true
}

// mayMeet reports whether a row of the window that was found last may meet all needs.
func (r *requirement) mayMeet(t *tiles, row uint8) bool {
	for i, entry := range r.entries {
		if r.tables[i][t.code(entry, row)] == unmet {
			return false
		}
	}
	return true
}

// count adds a segment's demands to the counts of a result.
func (e *programScorer) count(segment int, res *Result) {
	sd, p := &e.s.demands[segment], &e.sc.segments[segment]
	seg := sd.seg
	check := func(class int32) bool { return e.known && seg.classes[class].gated }
	h := headcountOf(&seg.census, p.classes, e.filter, check, len(seg.ids),
		func(doc uint32) (int32, int32) { return seg.region[doc], seg.class[doc] },
		func(doc uint32) bool { return e.lets(seg, doc) }, sd.eachDead, sd.isDead)
	met := 0
	if h.checked > 0 {
		met = e.countMet(segment)
	}
	h.addTo(res, met)
}

// countMet counts the rows that pass everything, have required needs and find them met.
func (e *programScorer) countMet(segment int) (n int) {
	sd, sc := &e.s.demands[segment], e.sc
	seg, p := sd.seg, &sc.segments[segment]
	met := zeroed(sc.met, len(seg.ids))
	sc.met = met
	for slot, skill := range sc.links.touched {
		best := &sc.levels[slot]
		for _, q := range seg.required.of(skill) {
			if best[q.level] >= requiredCredit {
				met[q.doc]++
			}
		}
	}
	for _, skill := range sc.links.touched {
		for _, q := range seg.required.of(skill) {
			if met[q.doc] == 0 {
				continue
			}
			c := &p.classes[seg.class[q.doc]]
			if met[q.doc] == seg.meta[q.doc].required && c.gate == NumGates && !c.filtered && !sd.isDead(q.doc) && e.lets(seg, q.doc) {
				n++
			}
			met[q.doc] = 0
		}
	}
	return n
}

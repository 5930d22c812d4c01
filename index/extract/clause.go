package extract

import "slices"

// How many characters that mean nothing here may stand between two tokens that
// still belong together.
const (
	touching   = 3  // with spaces and brackets between
	itemStart  = 1  // between a list's comma and the next item, if that is Latin; else nothing
	listTail   = 8  // behind the last skill of a list before its comma: 等, 软件, " skills"
	labelTail  = 16 // behind a skill before the word about it: "经验者", "有一定的"
	latinTail  = 2  // the same for an English level: "Excel proficiency"
	latinReach = 24 // the same for other English words: "experience is not"
	headSpace  = 8  // before a heading: its number and brackets
)

// resolve reads the clause whose tokens are collected, which ends at a position of
// the folded text.
func (r *reader) resolve(end int) {
	r.dropLoose()
	skills := r.heading(end)
	if !skills {
		return
	}
	r.levels()
	r.needs()
	r.negations()
	r.asides()
}

func (r *reader) kindAt(k int) (cueKind, bool) {
	if k < 0 || k >= len(r.tokens) || r.tokens[k].kind != tokenCue {
		return 0, false
	}
	return cues[r.tokens[k].cue].kind, true
}

func (r *reader) isCue(k int, kind cueKind) bool {
	have, ok := r.kindAt(k)
	return ok && have == kind
}

func (r *reader) isSkill(k int) bool {
	return k >= 0 && k < len(r.tokens) && r.tokens[k].kind == tokenSkill
}

// between is the number of characters between two tokens that no token covers.
func (r *reader) between(j, k int) int {
	n := r.tokens[k].from - r.tokens[j].to
	for _, t := range r.tokens[j+1 : k] {
		n -= t.to - t.from
	}
	return n
}

// dropLoose removes cues that count only right before a skill or another cue and
// stand elsewhere.
func (r *reader) dropLoose() {
	keep := len(r.tokens)
	for k := len(r.tokens) - 1; k >= 0; k-- {
		t := r.tokens[k]
		if t.kind == tokenCue && cues[t.cue].flags&beforeSkill != 0 {
			next := len(r.tokens)
			if keep < len(r.tokens) {
				next = keep
			}
			ok := next < len(r.tokens) && r.tokens[next].from-t.to <= latinTail &&
				(r.isSkill(next) || r.isCue(next, cueLevel) || r.isCue(next, cueNeed) || r.isCue(next, cueStop))
			if cues[t.cue].flags&isHeading != 0 && next < len(r.tokens) && r.tokens[next].kind == tokenColon {
				ok = true
			}
			if !ok {
				continue
			}
		}
		keep--
		r.tokens[keep] = t
	}
	r.tokens = slices.Delete(r.tokens, 0, keep)
}

// heading sees whether the clause begins with a section's heading. It reports
// whether the clause has a skill.
func (r *reader) heading(end int) (skills bool) {
	for k, t := range r.tokens {
		if t.kind == tokenSkill {
			return true
		}
		if t.kind != tokenCue || cues[t.cue].flags&isHeading == 0 || t.from-r.clause > headSpace {
			continue
		}
		alone := k+1 == len(r.tokens) && end-t.to <= 1
		if k+1 < len(r.tokens) {
			next := r.tokens[k+1]
			alone = next.from-t.to <= 1 && (next.kind == tokenColon || next.kind == tokenClose || next.kind == tokenOpen && r.closed(k+1, end))
		}
		if alone {
			r.section = Need(cues[t.cue].value)
		}
	}
	return slices.ContainsFunc(r.tokens, func(t token) bool { return t.kind == tokenSkill })
}

// closed reports whether a colon or the end of the clause follows the brackets that
// open at token k: "任职要求（Requirements）：".
func (r *reader) closed(k, end int) bool {
	for ; k < len(r.tokens); k++ {
		if r.tokens[k].kind == tokenClose {
			return k+1 == len(r.tokens) && end-r.tokens[k].to <= 1 || k+1 < len(r.tokens) && r.tokens[k+1].kind == tokenColon
		}
	}
	return false
}

// listComma reports whether the comma at k parts two items of one list: a skill
// ends before it, up to tail characters away, and one begins right behind it.
func (r *reader) listComma(k, tail int) bool {
	before, after := k-1, k+1
	for r.isCue(before, cueJoin) || before >= 0 && r.tokens[before].kind == tokenClose {
		before--
	}
	for r.isCue(after, cueJoin) {
		after++
	}
	if before >= 0 && r.tokens[k-1].kind == tokenClose { // "Word（熟练），Excel"
		for before > 0 && r.tokens[before].kind != tokenOpen && !r.isSkill(before) {
			before--
		}
	}
	return r.isSkill(before) && r.isSkill(after) && r.between(before, k) <= tail &&
		(r.between(k, after) == 0 || r.latinAt(after) && r.between(k, after) <= itemStart) &&
		!(r.isCue(after+1, cueSelf) && r.between(after, after+1) <= touching)
}

// wanted reports whether the item behind the comma at k has a "preferred" or
// "required" of its own, which makes it a statement of its own.
func (r *reader) wanted(k int) bool {
	for k++; r.isCue(k, cueJoin); k++ {
	}
	return r.isSkill(k) && r.isCue(k+1, cueNeed) && r.between(k, k+1) <= touching
}

// levelled reports whether the part that ends at the comma at k has a level of its own:
// in "精通PLC编程，EPLAN优先" only EPLAN is preferred.
func (r *reader) levelled(k int) bool {
	for k--; k >= 0 && r.tokens[k].kind != tokenComma; k-- {
		if r.isCue(k, cueLevel) {
			return true
		}
	}
	return false
}

// ahead reports whether a skill follows token k before its statement ends or a
// further cue of that kind comes.
func (r *reader) ahead(k int, kind cueKind) bool {
	for j := k + 1; j < len(r.tokens); j++ {
		switch t := r.tokens[j]; {
		case t.kind == tokenSkill:
			return true
		case t.kind == tokenComma, t.kind == tokenClose, r.isCue(j, kind), r.isCue(j, cueBut):
			return false
		}
	}
	return false
}

// bracketed is the skill that the bracket around token k stands behind, or -1.
func (r *reader) bracketed(k int) int {
	for j := k - 1; j > 0; j-- {
		switch r.tokens[j].kind {
		case tokenOpen:
			if r.isSkill(j-1) && r.between(j-1, j) <= listTail {
				return j - 1
			}
			return -1
		case tokenClose, tokenSkill:
			return -1
		}
	}
	return -1
}

// behind calls f with the skills' tokens before k that a word at k is about, from the
// nearest on: those of its bracket, or back to the statement's beginning or the
// last cue of that kind. tail is how far the nearest may be.
func (r *reader) behind(k int, kind cueKind, tail int, f func(j int)) (any bool) {
	if b := r.bracketed(k); b >= 0 {
		f(b)
		return true
	}
	for j := k - 1; j >= 0; j-- {
		switch t := r.tokens[j]; {
		case t.kind == tokenSkill:
			if !any && r.between(j, k) > tail {
				return false
			}
			any = true
			f(j)
		case t.kind == tokenComma && !r.listComma(j, touching),
			t.kind == tokenComma && kind == cueNeed && r.wanted(j) && r.levelled(j),
			t.kind == tokenColon && any,
			t.kind == tokenOpen && any,
			r.isCue(j, kind), r.isCue(j, cueBut):
			return any
		}
	}
	return any
}

// levels gives each skill the level of the word that governs it.
func (r *reader) levels() {
	level, not := 0, false
	for k, t := range r.tokens {
		switch {
		case t.kind == tokenSkill:
			r.out[t.find].Level = level
		case t.kind == tokenComma:
			if not || !r.listComma(k, listTail) || r.wanted(k) {
				level, not = 0, false
			}
		case r.isCue(k, cueNot):
			not = true
		case r.isCue(k, cueStop):
			if !r.isCue(k-1, cueLevel) || r.between(k-1, k) > 0 { // 能独立完成
				level = 0
			}
		case r.isCue(k, cueLevel):
			value := int(cues[t.cue].value)
			if !r.leads(k) {
				over := r.bracketed(k) >= 0
				r.behind(k, cueLevel, r.levelTail(k), func(j int) {
					if f := &r.out[r.tokens[j].find]; f.Level == 0 || over {
						f.Level = value
					}
				})
				if !over {
					level = 0
				}
			} else if !r.qualified(k) || level == 0 {
				level = value
			}
		}
	}
}

// levelTail is how far behind a skill the level at k may stand.
func (r *reader) levelTail(k int) int {
	if k > 0 && r.tokens[k-1].kind == tokenColon {
		return labelTail
	}
	if r.latinAt(k) {
		return latinTail
	}
	return labelTail
}

// latinAt reports whether token k begins with a Latin letter.
func (r *reader) latinAt(k int) bool { return k >= 0 && k < len(r.tokens) && r.tokens[k].latin }

// leads reports whether the level at k is about what follows it.
func (r *reader) leads(k int) bool {
	after, before := k+1, k-1
	if r.isSkill(after) && r.between(k, after) <= listTail {
		return true
	}
	near := before >= 0 && (r.tokens[before].kind == tokenSkill && r.between(before, k) <= touching ||
		r.tokens[before].kind == tokenColon || r.tokens[before].kind == tokenOpen)
	if near && (after == len(r.tokens) || r.tokens[after].kind != tokenSkill && !r.isCue(after, cueLevel)) {
		return false
	}
	return r.ahead(k, cueLevel) || r.isCue(after, cueLevel) && r.between(k, after) <= 1 || r.isCue(after, cueJoin) && r.isCue(after+1, cueLevel)
}

// qualified reports whether the level at k only goes on with the one before it:
// "basic working knowledge", "熟悉或掌握". The first counts.
func (r *reader) qualified(k int) bool {
	j := k - 1
	for r.isCue(j, cueJoin) {
		j--
	}
	return r.isCue(j, cueLevel) && r.between(j, k) <= touching
}

// needs sets what is required and what preferred.
func (r *reader) needs() {
	need, after, comma := r.section, r.section, -1
	for k, t := range r.tokens {
		switch {
		case t.kind == tokenComma:
			if comma = k; !r.listComma(k, touching) {
				need = after
			}
		case t.kind == tokenSkill:
			r.out[t.find].Required = need
		case r.isCue(k, cueNeed):
			c := &cues[t.cue]
			if c.flags&isHeading != 0 && c.flags&inline == 0 {
				continue // in a sentence: "the basic requirements"
			}
			back := func() bool {
				return r.behind(k, cueNeed, latinReach, func(j int) {
					f := &r.out[r.tokens[j].find]
					if j > comma || f.Required == r.section { // an earlier part keeps what it says itself
						f.Required = Need(c.value)
					}
				})
			}
			leads := r.ahead(k, cueNeed)
			if c.flags&postfix != 0 || !leads {
				if back() {
					continue
				}
			}
			if leads || c.flags&postfix == 0 {
				if need = Need(c.value); c.flags&local == 0 {
					after = need
				}
			}
		}
	}
}

// negations marks what is named as not needed.
func (r *reader) negations() {
	for k, t := range r.tokens {
		kind, ok := r.kindAt(k)
		if !ok {
			continue
		}
		switch kind {
		case cueNot:
			remove := func(find int) { r.removed[find] = true }
			leads := r.ahead(k, cueNot)
			if cues[t.cue].flags&postfix != 0 || !leads {
				if r.said(k) && r.behind(k, cueNot, latinReach, func(j int) { remove(r.tokens[j].find) }) {
					continue
				}
			}
			if leads {
				r.following(k, remove)
			}
		case cueNo:
			if end := r.needed(k); end > 0 {
				for _, t := range r.tokens[k:end] {
					if t.kind == tokenSkill {
						r.removed[t.find] = true
					}
				}
			}
		case cueWithout:
			if !r.isSkill(k+1) || r.between(k, k+1) > touching {
				continue
			}
			for j := k + 2; j < len(r.tokens); j++ {
				if r.isCue(j, cueFine) {
					r.following(k, func(find int) { r.removed[find] = true })
					break
				}
				if r.isCue(j, cueAway) {
					r.following(k, func(find int) { r.out[find].Required = Required })
					break
				}
			}
		}
	}
}

// said reports whether the word at k can be about the skill before it: no further
// item of a list, which the catalogue does not know, stands between.
func (r *reader) said(k int) bool { return !r.isCue(k-1, cueJoin) }

// following calls f for the skills behind token k, to the end of its statement.
func (r *reader) following(k int, f func(find int)) {
	for j := k + 1; j < len(r.tokens); j++ {
		switch t := r.tokens[j]; {
		case t.kind == tokenSkill:
			f(t.find)
		case t.kind == tokenComma && !(r.latinAt(j-1) && r.latinAt(j+1) && r.listComma(j, touching)), r.isCue(j, cueBut):
			return
		}
	}
}

// needed is the position of the "needed" or "required" that the "no" at k belongs
// to, or 0.
func (r *reader) needed(k int) int {
	for j := k + 1; j < len(r.tokens); j++ {
		switch t := r.tokens[j]; {
		case t.kind == tokenComma && !r.listComma(j, touching), r.isCue(j, cueBut):
			return 0
		case r.isCue(j, cueNeed) && Need(cues[t.cue].value) == Required:
			return j
		}
	}
	return 0
}

// asides removes the names that are no skills where they stand: fields of study
// and departments, makers and trades, and what the employer says of itself.
func (r *reader) asides() {
	aside := false
	for k, t := range r.tokens {
		kind, cue := r.kindAt(k)
		switch {
		case t.kind == tokenSkill:
			r.removed[t.find] = r.removed[t.find] || aside
		case !cue:
		case kind == cueAside:
			aside = !r.asked(k)
		case kind == cueLevel, kind == cueNeed:
			aside = false
		case kind == cueMaker && r.isSkill(k-1) && r.between(k-1, k) == 0:
			r.removed[r.tokens[k-1].find] = true
		case kind == cueMajor:
			r.list(k, -1)
		case kind == cueMajorIn:
			r.list(k, +1)
		}
	}
}

// asked reports whether the statement before token k has a level or a need.
func (r *reader) asked(k int) bool {
	for j := k - 1; j >= 0 && r.tokens[j].kind != tokenComma; j-- {
		if r.isCue(j, cueLevel) || r.isCue(j, cueNeed) {
			return true
		}
	}
	return false
}

// list removes the skills of the list that touches token k in one direction. It may
// have items that the catalogue does not know, but no skill with a level.
func (r *reader) list(k, step int) {
	for j := k + step; j >= 0 && j < len(r.tokens); j += step {
		gap := listTail
		if step > 0 {
			gap = latinReach
		}
		if r.between(min(j-step, j), max(j-step, j)) > gap {
			return
		}
		switch t := r.tokens[j]; {
		case t.kind == tokenSkill && r.out[t.find].Level == 0:
			r.removed[t.find] = true
		case !r.isCue(j, cueJoin) && !(t.kind == tokenComma && step > 0 && r.latinAt(j+1)):
			return
		}
	}
}

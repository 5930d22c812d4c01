package interchange

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"talentmatch/talent"
)

// editDistance is how many characters must be put in, taken out or changed to make
// b of a.
func editDistance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, y := range b {
			change := diagonal
			if x != y {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// nearest is the header of the type that an unknown one is most like: one
// character away, two if it has five or more; "" if there is none.
func (s *columnSet) nearest(text string) string {
	folded := []rune(foldHeader(text))
	most := 1
	switch {
	case len(folded) < 2:
		return ""
	case len(folded) >= 5:
		most = 2
	}
	best := ""
	for _, c := range s.all {
		for _, name := range append([]string{c.zh, c.en}, strings.Fields(c.also)...) {
			other := []rune(foldHeader(name))
			if len(other) < 2 || max(len(folded)-len(other), len(other)-len(folded)) > most {
				continue
			}
			if d := editDistance(folded, other); d <= most {
				best, most = name, d-1
			}
		}
	}
	return best
}

// maxMisspelt is how many regions a misspelt name may suggest.
const maxMisspelt = 3

// misspelt lists the regions whose name is one character away from s or, behind
// names of regions that they lie in, from its end; those that sound most alike
// first, since people type by sound (蝉城区 is 禅城区). Nothing is misspelt where
// all the names exist and only do not belong together.
func (p *placeNames) misspelt(s string) []*talent.Region {
	if len(s) > 300 || p.contradicts(s) {
		return nil
	}
	starts := make([]int, 0, len(s)+1) // of each character, and the end
	for i := range s {
		starts = append(starts, i)
	}
	starts = append(starts, len(s))
	type guess struct {
		region *talent.Region
		far    int
	}
	var found []guess
	regions := talent.BuiltinRegions()
	for i := range regions {
		r := &regions[i]
		size := utf8.RuneCountInString(r.Name)
		if size < 3 {
			continue // too much is one character away from 城区
		}
		for n := size - 1; n <= size+1 && n < len(starts); n++ {
			at := starts[len(starts)-1-n]
			if far, ok := oneAway(s[at:], r.Name); ok && p.inside(r, s[:at]) {
				found = append(found, guess{r, far})
				break
			}
		}
	}
	slices.SortStableFunc(found, func(a, b guess) int { return cmp.Compare(a.far, b.far) })
	var out []*talent.Region
	for _, g := range found[:min(len(found), maxMisspelt)] {
		out = append(out, g.region)
	}
	return out
}

// contradicts reports whether s is the name of a region behind the name of another
// that it does not lie in.
func (p *placeNames) contradicts(s string) bool {
	for i := range s {
		if i > 0 && len(p.full[s[i:]]) > 0 && (len(p.find(s[:i], p.full)) > 0 || len(p.find(s[:i], p.short)) > 0) {
			return true
		}
	}
	return false
}

// oneAway reports whether two texts differ by one character, and how far apart the
// two are in sound; one too many or too few is farther than any.
func oneAway(a, b string) (far int, ok bool) {
	for a != "" && b != "" {
		x, n := utf8.DecodeRuneInString(a)
		y, m := utf8.DecodeRuneInString(b)
		if x != y {
			switch {
			case a[n:] == b[m:]:
				return soundDistance(x, y), true
			case a[n:] == b, a == b[m:]:
				return otherLength, true
			}
			return 0, false
		}
		a, b = a[n:], b[m:]
	}
	return otherLength, utf8.RuneCountInString(a)+utf8.RuneCountInString(b) == 1
}

// otherLength is beyond every soundDistance.
const otherLength = 1 << 24

// sounds sorts Chinese by sound. It may not be used by two at once.
var sounds = struct {
	sync.Mutex
	*collate.Collator
}{Collator: collate.New(language.Chinese)}

// soundDistance is how far apart two characters are in the Chinese order by sound
// (pinyin).
func soundDistance(a, b rune) int {
	sounds.Lock()
	defer sounds.Unlock()
	d := soundWeight(a) - soundWeight(b)
	return max(d, -d)
}

// soundWeight is the character's place in that order, 24 bits.
func soundWeight(r rune) int {
	var buf collate.Buffer
	w := 0
	for i, b := range sounds.KeyFromString(&buf, string(r)) {
		if i < 3 {
			w = w<<8 | int(b)
		}
	}
	return w
}

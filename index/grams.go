package index

import "unicode"

// GramLength is how long the pieces of Latin names are where one length is to do. Five
// letters reach over the end of a word into the next, so that the pieces know a little
// of word order, and hold a stem together whatever its ending ("engineer",
// "engineering").
const GramLength = 5

// Grams is the analysis of a name as overlapping pieces, with repeats: Latin words, one
// space between them and one at both ends, as pieces of the given numbers of runes (GramLength
// when none is given; shorter names whole), and Chinese as single characters and pairs.
// Names that differ by an ending, a misspelling or a compound share most pieces.
func Grams(name string, lengths ...int) []string {
	if len(lengths) == 0 {
		lengths = []int{GramLength}
	}
	var out []string
	latin := []rune{' '}
	flush := func() {
		if len(latin) > 1 {
			if last := len(latin) - 1; latin[last] != ' ' {
				latin = append(latin, ' ')
			}
			for _, n := range lengths {
				for i := 0; i == 0 || i+n <= len(latin); i++ {
					out = append(out, string(latin[i:min(i+n, len(latin))]))
				}
			}
		}
		latin = latin[:1]
	}
	for i := 0; i < len(name); {
		r, size := runeAt(name, i)
		switch {
		case isIdeograph(r):
			flush()
			s := scanner{text: name, singles: true, emit: func(t token) { out = append(out, t.term) }, pos: 1}
			i = s.ideographs(i)
			continue
		case isWord(r) || r == '+' || r == '#':
			latin = append(latin, unicode.ToLower(r))
		case latin[len(latin)-1] != ' ' && r != '\'' && r != '’':
			latin = append(latin, ' ')
		}
		i += size
	}
	flush()
	return out
}

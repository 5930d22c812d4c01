package extract

import "talentmatch/index/taxonomy"

const (
	lookAhead  = 16   // folded runes behind a label that the rules may look at
	lookBack   = 64   // folded runes before a label that they may look at
	windowSize = 4096 // folded runes kept at a time, so that a text of any length needs little memory
)

// A window is the part of a folded text that is being looked at.
type window struct {
	text   string // the whole original
	folder taxonomy.Folder
	runes  []taxonomy.FoldedRune
	done   bool // runes reaches the end of the text
}

func (w *window) reset(text string) {
	w.text, w.done = text, false
	w.folder.Reset(text)
	w.runes = w.runes[:0]
}

// have sees to it that the window holds n runes from position i on, or the rest of
// the text. It reports whether there is a rune at i.
func (w *window) have(i, n int) bool {
	if !w.done && i+n > len(w.runes) {
		before := len(w.runes)
		w.runes = w.folder.Append(w.runes, max(windowSize, n))
		w.done = len(w.runes)-before < max(windowSize, n)
	}
	return i < len(w.runes)
}

// slide drops what lies far enough behind position i and returns by how much every
// position has become less.
func (w *window) slide(i int) int {
	drop := i - lookBack
	w.runes = w.runes[:copy(w.runes, w.runes[drop:])]
	return drop
}

// at is the rune at position i, 0 outside the text (or out of sight).
func (w *window) at(i int) rune {
	if i < 0 || i >= len(w.runes) {
		return 0
	}
	return w.runes[i].Rune
}

// byteAt is the byte of the original text at offset i, 0 outside it.
func (w *window) byteAt(i int) byte {
	if i < 0 || i >= len(w.text) {
		return 0
	}
	return w.text[i]
}

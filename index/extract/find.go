package extract

// A path is the nodes behind the first runes of a walk through the trie.
type path [soundMost]int32

// longest finds the longest label that stands at w.runes[i]: the position behind
// it and its number, or -1 when there is none. depth is how many runes from i on
// some label begins with; it fills the path as far as that goes, unless it is nil.
func (x *Extractor) longest(w *window, i int, path *path) (end int, found int32, depth int) {
	found = -1
	node := x.trie.root(w.runes[i].Rune)
	if node < 0 || !w.startsWord(i) {
		return 0, found, 0
	}
	for j := i + 1; ; j++ {
		if path != nil && j-i <= len(path) {
			path[j-i-1] = node
		}
		if at := x.trie.label[node]; at >= 0 {
			if w.endsWord(i, j) && w.believed(i, j, &x.labels[at]) {
				end, found = j, at
			}
		}
		if j == len(w.runes) || j == i+1 && !x.trie.pairs.has(pairHash(w.runes[i].Rune, w.runes[j].Rune)) {
			return end, found, j - i
		}
		if node = x.trie.child(node, w.runes[j].Rune); node < 0 {
			return end, found, j - i
		}
	}
}

// believed applies the rules for labels that easily occur by chance.
func (w *window) believed(i, j int, l *label) bool {
	if l.written != nil {
		return w.meant(i, j, l)
	}
	return j-i != 2 || !w.straddles(i)
}

// A nearFind is a misspelt label at w.runes[start:end]; end is 0 for none.
type nearFind struct {
	start, end int
	label      int32
	confidence float64
}

// near finds a misspelt label at position i, where exact labels end at exactEnd (0
// for none) and agree with the text along the path for depth runes. A Latin one may
// have begun before i, but not before from.
func (x *Extractor) near(w *window, i, from, exactEnd, depth int, path *path) nearFind {
	if c := w.runes[i].Rune; c < hanFirst {
		if c >= 'a' && c <= 'z' && exactEnd == 0 && w.startsWord(i) {
			if n := x.misspelt(w, i, from); n.end > 0 {
				return n
			}
		}
		if depth < soundExact || !w.hanBetween(i+1, i+depth) {
			return nearFind{}
		}
	}
	return x.misheard(w, i, exactEnd, depth, path)
}

// hanBetween reports whether there is a Chinese character at i to j.
func (w *window) hanBetween(i, j int) bool {
	for ; i <= j && i < len(w.runes); i++ {
		if w.runes[i].Rune >= hanFirst {
			return true
		}
	}
	return false
}

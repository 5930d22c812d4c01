package extract

import (
	"maps"
	"slices"
	"unicode/utf8"
)

// A trie holds folded labels by rune. Nodes are numbers; the children of a node
// are numbered one after the other in the order of their runes, so a node needs no
// list of its own.
type trie struct {
	in    []rune  // the rune that leads to the node
	first []int32 // its first child; the next node's first ends the row
	label []int32 // the label that ends at the node, or -1
	top   []int32 // node of each first rune below topRunes, or -1: most text misses here
	pairs bitSet  // the beginnings of two runes
	depth int     // runes of the longest label
}

// topRunes bounds the table of first runes to the basic plane.
const topRunes = 0x10000

// newTrie builds the trie of the labels in keys.
func newTrie(keys map[string]int32) trie {
	sorted := slices.Sorted(maps.Keys(keys)) // byte order is rune order in UTF-8
	t := trie{in: []rune{0}, label: []int32{-1}}

	// span is what a node still has to spread over its children: the labels
	// sorted[from:to], which agree in their first bytes.
	type span struct{ from, to, bytes, depth int }
	queue := []span{{0, len(sorted), 0, 0}}
	for n := 0; n < len(queue); n++ { // breadth first: queue[n] belongs to node n
		s := queue[n]
		t.first = append(t.first, int32(len(t.in)))
		t.depth = max(t.depth, s.depth)
		for s.from < s.to {
			key := sorted[s.from]
			if len(key) == s.bytes { // the label that ends here sorts first
				t.label[n] = keys[key]
				s.from++
				continue
			}
			r, size := utf8.DecodeRuneInString(key[s.bytes:])
			until := s.from + 1
			for until < s.to && hasRune(sorted[until][s.bytes:], r) {
				until++
			}
			t.in, t.label = append(t.in, r), append(t.label, -1)
			queue = append(queue, span{s.from, until, s.bytes + size, s.depth + 1})
			s.from = until
		}
	}
	t.first = append(t.first, int32(len(t.in)))
	t.fillTop()
	t.fillPairs()
	return t
}

func hasRune(s string, want rune) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r == want
}

func (t *trie) fillTop() {
	t.top = make([]int32, topRunes)
	for i := range t.top {
		t.top[i] = -1
	}
	for node := t.first[0]; node < t.first[1]; node++ {
		if r := t.in[node]; r < topRunes {
			t.top[r] = node
		}
	}
}

// fillPairs takes note of the first two runes of every label, so that most places
// of a text need no look at the nodes.
func (t *trie) fillPairs() {
	t.pairs = newBitSet(32 * int(t.first[t.first[1]]-t.first[1]))
	for node := t.first[0]; node < t.first[1]; node++ {
		for c := t.first[node]; c < t.first[node+1]; c++ {
			t.pairs.add(pairHash(t.in[node], t.in[c]))
		}
	}
}

func pairHash(a, b rune) uint32 {
	return uint32((uint64(a)<<32 | uint64(b)) * hashBase >> 32)
}

// root is the node that a label beginning with r starts at, or -1.
func (t *trie) root(r rune) int32 {
	if r < topRunes {
		return t.top[r]
	}
	return t.child(0, r)
}

// child is the node that r leads to from node, or -1.
func (t *trie) child(node int32, r rune) int32 {
	from, to := t.first[node], t.first[node+1]
	for to-from > 8 {
		mid := (from + to) / 2
		if t.in[mid] <= r {
			from = mid
		} else {
			to = mid
		}
	}
	for ; from < to; from++ {
		if t.in[from] == r {
			return from
		}
	}
	return -1
}

// reaching lists for each node whether some label through it has at least n runes.
func (t *trie) reaching(n int) []bool {
	height := make([]int, len(t.in)) // runes from the node to its deepest label's end
	out := make([]bool, len(t.in))
	depth := t.depths()
	for node := len(t.in) - 1; node >= 0; node-- { // children have larger numbers
		for c := t.first[node]; c < t.first[node+1]; c++ {
			height[node] = max(height[node], height[c]+1)
		}
		out[node] = depth[node]+height[node] >= n
	}
	return out
}

// depths lists how many runes lead to each node.
func (t *trie) depths() []int {
	out := make([]int, len(t.in))
	for node := range t.in {
		for c := t.first[node]; c < t.first[node+1]; c++ {
			out[c] = out[node] + 1
		}
	}
	return out
}

package market

import "sync"

// An interner numbers strings in the order of their first use. Numbers are never
// taken back, so a reader may use one without holding anything.
type interner struct {
	mu    sync.RWMutex
	index map[string]int32
	names []string
}

func newInterner() *interner { return &interner{index: map[string]int32{}} }

// of is the number of s, given now if it has none.
func (in *interner) of(s string) int32 {
	if n, ok := in.find(s); ok {
		return n
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	if n, ok := in.index[s]; ok {
		return n
	}
	n := int32(len(in.names))
	in.index[s] = n
	in.names = append(in.names, s)
	return n
}

// find is the number of s, if it has one.
func (in *interner) find(s string) (int32, bool) {
	in.mu.RLock()
	defer in.mu.RUnlock()
	n, ok := in.index[s]
	return n, ok
}

// name is the string of a number.
func (in *interner) name(n int32) string {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.names[n]
}

// all is every string by number. The slice is a prefix that never changes.
func (in *interner) all() []string {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.names[:len(in.names):len(in.names)]
}

// lexicon holds the numbers of everything that the matcher knows by number.
type lexicon struct {
	skills  *interner // ids, and "~" + folded name for names that no taxonomy knows
	terms   *interner
	regions *interner
	attrs   *interner // owners, industries, occupations, modes; "" is 0
}

func newLexicon() *lexicon {
	l := &lexicon{newInterner(), newInterner(), newInterner(), newInterner()}
	l.attrs.of("")
	return l
}

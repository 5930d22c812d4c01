package market

import "sync"

// An interner numbers strings in the order of their first use. Numbers are never
// taken back, so a reader may use one without holding anything.
type interner struct {
	parent *interner // of an overlay; else nil
	base   int32     // the first number of this interner's own
	mu     sync.RWMutex
	index  map[string]int32
	names  []string
}

func newInterner() *interner { return &interner{index: map[string]int32{}} }

// overlay is an interner that knows what in knows now and keeps what is new to
// itself: what an unsaved record brings is forgotten with it. Its own numbers begin
// behind those that any present snapshot can hold.
func (in *interner) overlay() *interner {
	return &interner{parent: in, base: int32(len(in.all())), index: map[string]int32{}}
}

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
	n := in.base + int32(len(in.names))
	in.index[s] = n
	in.names = append(in.names, s)
	return n
}

// find is the number of s, if it has one.
func (in *interner) find(s string) (int32, bool) {
	if in.parent != nil {
		if n, ok := in.parent.find(s); ok && n < in.base {
			return n, true
		}
	}
	in.mu.RLock()
	defer in.mu.RUnlock()
	n, ok := in.index[s]
	return n, ok
}

// name is the string of a number.
func (in *interner) name(n int32) string {
	if n < in.base {
		return in.parent.name(n)
	}
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.names[n-in.base]
}

// all is every string by number. The slice is a prefix that never changes.
func (in *interner) all() []string {
	in.mu.RLock()
	defer in.mu.RUnlock()
	own := in.names[:len(in.names):len(in.names)]
	if in.parent == nil {
		return own
	}
	return append(in.parent.all()[:in.base:in.base], own...)
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

// overlay is a lexicon for one unsaved record.
func (l *lexicon) overlay() *lexicon {
	return &lexicon{l.skills.overlay(), l.terms.overlay(), l.regions.overlay(), l.attrs.overlay()}
}

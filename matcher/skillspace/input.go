package skillspace

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"math"
	"slices"
)

// ErrInput is what every complaint about an Input wraps, ErrOptions what every
// complaint about Options does.
var (
	ErrInput   = errors.New("skill space: bad input")
	ErrOptions = errors.New("skill space: bad options")
)

// Input is all that a space is built from. Skills are numbered 0..Skills-1; the
// caller numbers them by id, since ties are broken by the smaller number. The order
// of edges, baskets, items and terms does not matter. Build does not change an Input
// and keeps nothing of it. Weights are numbers up to 1e9; below 1e-9 they count as 0.
type Input struct {
	Skills int

	// What people said about pairs. Edges from a skill to itself are passed over, of
	// several between two skills the heaviest counts.
	Broader []Edge // From is the special case, To the general skill
	Related []Edge // in either direction

	// What occurs together.
	Baskets []Basket

	// What is written about a skill: Terms[i] are the terms of skill i. nil when there
	// is no text at all, else one list (possibly empty) for each skill.
	Terms [][]Term
}

// Edge says something about two skills. The weight, 0..1, multiplies the similarity
// of the step; 0 is no edge.
type Edge struct {
	From, To int32
	Weight   float64
}

// Basket is a list of skills that occur together: an occupation's, a demand's, a
// program's. Weight (>= 0) is how many independent observations it stands for, so 1
// for most; a basket of fewer than two skills says nothing.
type Basket struct {
	Items  []Item
	Weight float64
}

// Item is a skill of a basket with its importance there, 0 or more (usually 0..1).
// Of several items of one skill the heaviest counts.
type Item struct {
	Skill  int32
	Weight float64
}

// Term is a term of a skill's text with its final weight >= 0: how often it occurs,
// times what its field is worth, times how rare it is (ByRarity). Weights of one
// term add up.
type Term struct {
	ID     int32 // any number >= 0
	Weight float64
}

// ByRarity multiplies each term's weight by ln((n+1)/(df+0.5)), n being the number of
// lists and df that of the lists with the term, and returns new lists.
func ByRarity(lists [][]Term) [][]Term {
	df := map[int32]int{}
	for _, list := range lists {
		seen := make(map[int32]bool, len(list))
		for _, t := range list {
			if !seen[t.ID] {
				seen[t.ID] = true
				df[t.ID]++
			}
		}
	}
	out := make([][]Term, len(lists))
	for i, list := range lists {
		out[i] = make([]Term, len(list))
		for j, t := range list {
			t.Weight *= math.Log(float64(len(lists)+1) / (float64(df[t.ID]) + .5))
			out[i][j] = t
		}
	}
	return out
}

const (
	maxSkills = 1 << 20 // what int32 offsets and dense rows are made for
	maxWeight = 1e9     // sums of squares stay far from overflow,
	minWeight = 1e-9    // and quotients; what is less counts as 0
)

// input is an Input in canonical form: checked, sorted, without repeats and zeros, so
// that what was given in another order is the same bytes.
type input struct {
	n                int
	broader, related []Edge
	baskets          []Basket
	terms            [][]Term // nil or n lists
}

func canonical(in *Input) (*input, error) {
	if in.Skills < 0 || in.Skills > maxSkills {
		return nil, fmt.Errorf("%w: %d skills, must be 0..%d", ErrInput, in.Skills, maxSkills)
	}
	c := &input{n: in.Skills}
	var err error
	if c.broader, err = canonicalEdges("broader", in.Broader, c.n, false); err != nil {
		return nil, err
	}
	if c.related, err = canonicalEdges("related", in.Related, c.n, true); err != nil {
		return nil, err
	}
	for i, b := range in.Baskets {
		nb, err := canonicalBasket(b, c.n)
		if err != nil {
			return nil, fmt.Errorf("%w: basket %d: %w", ErrInput, i, err)
		}
		if len(nb.Items) >= 2 && nb.Weight >= minWeight {
			c.baskets = append(c.baskets, nb)
		}
	}
	slices.SortFunc(c.baskets, compareBaskets)
	if in.Terms == nil {
		return c, nil
	}
	if len(in.Terms) != c.n {
		return nil, fmt.Errorf("%w: term lists for %d skills, there are %d", ErrInput, len(in.Terms), c.n)
	}
	c.terms = make([][]Term, c.n)
	for i, list := range in.Terms {
		if c.terms[i], err = canonicalTerms(list); err != nil {
			return nil, fmt.Errorf("%w: terms of skill %d: %w", ErrInput, i, err)
		}
	}
	return c, nil
}

// checkWeight refuses what is not an ordinary weight. NaN fails every comparison.
func checkWeight(w, most float64) error {
	if !(w >= 0 && w <= most) {
		return fmt.Errorf("weight %v, must be a number 0..%g", w, most)
	}
	return nil
}

func checkSkill(s int32, n int) error {
	if s < 0 || int(s) >= n {
		return fmt.Errorf("skill %d, there are %d", s, n)
	}
	return nil
}

// canonicalEdges sorts edges and keeps the heaviest of each pair. Of undirected edges
// From is the smaller end.
func canonicalEdges(kind string, edges []Edge, n int, undirected bool) ([]Edge, error) {
	out := make([]Edge, 0, len(edges))
	for i, e := range edges {
		if err := cmp.Or(checkSkill(e.From, n), checkSkill(e.To, n), checkWeight(e.Weight, 1)); err != nil {
			return nil, fmt.Errorf("%w: %s edge %d (%d to %d): %w", ErrInput, kind, i, e.From, e.To, err)
		}
		if undirected && e.From > e.To {
			e.From, e.To = e.To, e.From
		}
		if e.From != e.To && e.Weight >= minWeight {
			out = append(out, e)
		}
	}
	slices.SortFunc(out, func(a, b Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(b.Weight, a.Weight))
	})
	return slices.CompactFunc(out, func(a, b Edge) bool { return a.From == b.From && a.To == b.To }), nil
}

func canonicalBasket(b Basket, n int) (Basket, error) {
	if err := checkWeight(b.Weight, maxWeight); err != nil {
		return Basket{}, err
	}
	items := make([]Item, 0, len(b.Items))
	for _, it := range b.Items {
		if err := cmp.Or(checkSkill(it.Skill, n), checkWeight(it.Weight, maxWeight)); err != nil {
			return Basket{}, err
		}
		if it.Weight >= minWeight {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Skill, b.Skill), cmp.Compare(b.Weight, a.Weight))
	})
	items = slices.CompactFunc(items, func(a, b Item) bool { return a.Skill == b.Skill })
	return Basket{Items: items, Weight: b.Weight}, nil
}

func compareBaskets(a, b Basket) int {
	if c := slices.CompareFunc(a.Items, b.Items, func(x, y Item) int {
		return cmp.Or(cmp.Compare(x.Skill, y.Skill), cmp.Compare(x.Weight, y.Weight))
	}); c != 0 {
		return c
	}
	return cmp.Compare(a.Weight, b.Weight)
}

func canonicalTerms(list []Term) ([]Term, error) {
	terms := make([]Term, 0, len(list))
	for _, t := range list {
		if t.ID < 0 {
			return nil, fmt.Errorf("term %d, must not be negative", t.ID)
		}
		if err := checkWeight(t.Weight, maxWeight); err != nil {
			return nil, fmt.Errorf("term %d: %w", t.ID, err)
		}
		if t.Weight >= minWeight {
			terms = append(terms, t)
		}
	}
	slices.SortFunc(terms, func(a, b Term) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Weight, b.Weight))
	})
	out := terms[:0]
	for _, t := range terms {
		if k := len(out) - 1; k >= 0 && out[k].ID == t.ID {
			out[k].Weight += t.Weight
		} else {
			out = append(out, t)
		}
	}
	return out, nil
}

// method changes when the same input gives other numbers, so that versions do too.
const method = "skillspace 1"

// version names the space that Build makes from c and o: a hash of the input (whatever
// the order in which it was given), the options with their seed, and the method.
func (c *input) version(o Options) string {
	w := hashWriter{h: sha256.New()}
	fmt.Fprintf(&w.buf, "%s\n%+v\n", method, o)
	w.ints(c.n)
	for _, edges := range [][]Edge{c.broader, c.related} {
		w.ints(len(edges))
		for _, e := range edges {
			w.ints(int(e.From), int(e.To))
			w.float(e.Weight)
		}
	}
	w.ints(len(c.baskets))
	for _, b := range c.baskets {
		w.float(b.Weight)
		w.ints(len(b.Items))
		for _, it := range b.Items {
			w.ints(int(it.Skill))
			w.float(it.Weight)
		}
	}
	w.ints(len(c.terms))
	for _, list := range c.terms {
		w.ints(len(list))
		for _, t := range list {
			w.ints(int(t.ID))
			w.float(t.Weight)
		}
	}
	w.flush()
	return hex.EncodeToString(w.h.Sum(nil))[:16]
}

// hashWriter gathers numbers before it hashes them: a hash is slow a few bytes at a
// time.
type hashWriter struct {
	h   hash.Hash
	buf bytes.Buffer
}

func (w *hashWriter) ints(vs ...int) {
	for _, v := range vs {
		w.bits(uint64(v))
	}
}

func (w *hashWriter) float(v float64) { w.bits(math.Float64bits(v)) }

func (w *hashWriter) bits(v uint64) {
	w.buf.Write(binary.LittleEndian.AppendUint64(w.buf.AvailableBuffer(), v))
	if w.buf.Len() > 1<<16 {
		w.flush()
	}
}

func (w *hashWriter) flush() {
	w.h.Write(w.buf.Bytes()) // never fails
	w.buf.Reset()
}

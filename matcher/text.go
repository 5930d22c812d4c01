package matcher

import "math"

// Stats are the corpus statistics of the text component: how many texts there are
// and in how many each term occurs. They are a function of the snapshot's records
// alone, whatever order they came in, and immutable: With makes the next ones,
// copying only the chunks that change.
type Stats struct {
	n      int
	logN   float64 // ln(n + 1)
	chunks []*statChunk
}

const chunkBits = 9

type statChunk struct {
	df  [1 << chunkBits]int32
	log [1 << chunkBits]float64 // ln(df + 0.5)
}

// idf is the inverse document frequency of a term: ln((N + 1) / (df + 0.5)), which
// is positive for every term (df <= N). It is split into two logarithms so that a
// change of N touches no term.
func (s *Stats) idf(term int32) float64 {
	if c := int(term >> chunkBits); c < len(s.chunks) {
		return s.logN - s.chunks[c].log[term&(1<<chunkBits-1)]
	}
	return s.logN - logHalf
}

var logHalf = math.Log(0.5)

// A statsDelta collects changes for Stats.with.
type statsDelta struct {
	n     int
	terms map[int32]int32
}

func (d *statsDelta) add(terms []Term) {
	d.text(len(terms), 1, func(i int) int32 { return terms[i].ID })
}

func (d *statsDelta) remove(terms []hotTerm) {
	d.text(len(terms), -1, func(i int) int32 { return terms[i].id })
}

// text counts one text of n terms, which appears (by = 1) or goes (-1). Records
// without any text are none.
func (d *statsDelta) text(n int, by int32, term func(int) int32) {
	if d.terms == nil {
		d.terms = map[int32]int32{}
	}
	if n > 0 {
		d.n += int(by)
	}
	for i := range n {
		d.terms[term(i)] += by
	}
}

// with returns the statistics after a change.
func (s *Stats) with(d *statsDelta) *Stats {
	out := &Stats{n: s.n + d.n, chunks: append([]*statChunk(nil), s.chunks...)}
	out.logN = math.Log(float64(out.n + 1))
	copied := map[int32]bool{}
	for term, by := range d.terms {
		if by == 0 {
			continue
		}
		c := term >> chunkBits
		for int(c) >= len(out.chunks) {
			out.chunks = append(out.chunks, nil)
		}
		if !copied[c] {
			fresh := new(statChunk)
			if old := out.chunks[c]; old != nil {
				*fresh = *old
			} else {
				for i := range fresh.log {
					fresh.log[i] = logHalf
				}
			}
			out.chunks[c], copied[c] = fresh, true
		}
		i := term & (1<<chunkBits - 1)
		out.chunks[c].df[i] += by
		out.chunks[c].log[i] = math.Log(float64(out.chunks[c].df[i]) + 0.5)
	}
	for c, chunk := range out.chunks {
		if chunk == nil {
			out.chunks[c] = emptyChunk
		}
	}
	return out
}

var emptyChunk = func() *statChunk {
	c := new(statChunk)
	for i := range c.log {
		c.log[i] = logHalf
	}
	return c
}()

// BM25F holds the parameters of the text component: BM25 over fields that each
// have a weight and a length norm (Robertson, Zaragoza and Taylor 2004, "Simple
// BM25 extension to multiple weighted fields"), with two departures: lengths are
// measured against fixed pivots instead of the corpus average, so that a pair's
// value does not change with every record, and the sum is divided by the
// program's score against itself, so that it lies on one scale across queries.
type BM25F struct {
	K1     float64 // saturation on the document side: larger saturates later
	K3     float64 // the same on the query side
	Fields []FieldNorm
}

// FieldNorm is the part of one field.
type FieldNorm struct {
	Weight float64 // of an occurrence on the document side
	Query  float64 // of an occurrence on the query (program) side
	B      float64 // 0 no length norm .. 1 full
	Pivot  float64 // the length, in terms, that is neither rewarded nor punished
}

// Occurrences counts a term per field.
type Occurrences []int

// Term weights one term of a text: Doc is its saturated document-side weight,
// Query its weight when the text is the query.
type Term struct {
	ID    int32
	Query float32
	Doc   float32
}

// Weigh computes a term's two weights from its occurrences and the field lengths.
func (m *BM25F) Weigh(id int32, occ Occurrences, lengths []int) Term {
	doc, query := 0.0, 0.0
	for f, n := range occ {
		if n == 0 {
			continue
		}
		p, tf := m.Fields[f], float64(n)
		doc += p.Weight * tf / (1 - p.B + p.B*float64(lengths[f])/p.Pivot)
		query += p.Query * tf * (m.K3 + 1) / (tf + m.K3)
	}
	return Term{ID: id, Query: float32(query), Doc: float32(doc * (m.K1 + 1) / (doc + m.K1))}
}

// squared is the last step of the text component. The plain ratio is some tenths for
// texts that share little but everyday words; squared, only real likeness counts.
// Without it, demands that have no skill data, for which text weighs more, came
// before better ones (nDCG@10 on cip-soc dev 0.50, with it 0.58).
func squared(v float64) float64 { return v * v }

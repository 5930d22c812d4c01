package matcher

// A TextProbe compares one text with many others, space by space. It holds pooled
// memory: Close it. It is for one goroutine.
type TextProbe struct {
	stats  *Stats
	text   TextVector
	sc     *scratch
	length [NumTextSpaces]float64
	mass   [NumTextSpaces]float64
}

// Probe prepares to compare a text with others under the snapshot's statistics.
func (s *Snapshot) Probe(text TextVector) *TextProbe {
	p := &TextProbe{stats: s.stats, text: text, sc: scratches.Get().(*scratch)}
	p.sc.setText(&p.text, func(t *Term) float64 { return float64(t.Weight) * s.stats.idfSquared(t.ID) })
	for space := range NumTextSpaces {
		p.length[space] = lengthOf(text[space], s.stats)
		for i := range text[space] {
			p.mass[space] += s.stats.idf(text[space][i].ID)
		}
	}
	return p
}

// Close gives the memory back.
func (p *TextProbe) Close() {
	p.sc.clearText(&p.text)
	scratches.Put(p.sc)
	p.sc = nil
}

// TextLength is the length that Cosine takes of a text's terms in one space.
func (s *Snapshot) TextLength(terms []Term) float64 { return lengthOf(terms, s.stats) }

// Cosine is the cosine with a text's terms in one space, in [0,1]; 0 where either has
// none. length is TextLength of the terms, for callers who remember it.
func (p *TextProbe) Cosine(space TextSpace, terms []Term, length float64) float64 {
	product := 0.0
	for i := range terms {
		if t := &terms[i]; p.sc.asks(t.ID) {
			product += float64(t.Weight) * float64(p.sc.terms[t.ID])
		}
	}
	return cosine(product, p.length[space], length)
}

// Explained is how much of the probe's text in one space the other's terms account
// for: the sum of the idfs of the terms in common, in nats, each term once.
func (p *TextProbe) Explained(space TextSpace, terms []Term) float64 {
	sum := 0.0
	for i := range terms {
		if p.sc.asks(terms[i].ID) {
			sum += p.stats.idf(terms[i].ID)
		}
	}
	return min(sum, p.mass[space])
}

// Mass is all that there is to explain in one space, in nats.
func (p *TextProbe) Mass(space TextSpace) float64 { return p.mass[space] }

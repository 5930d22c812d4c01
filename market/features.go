package market

import (
	"talentmatch/matcher"
	"talentmatch/matcher/learn"
)

// pairFeatures are the names of what is known about a pair before anything is learned, in
// order: the components apart from the text's, its two cosines, and which data is missing.
var pairFeatures = []string{"skills", "focus", "place", "timing", "names", "body", "no_skills", "no_timing", "no_text"}

// componentNames are the components in their order.
var componentNames = func() (names []string) {
	for k := range matcher.NumComponents {
		names = append(names, k.String())
	}
	return names
}()

// candidate is a scored pair as learning sees it. text and needs are the counterpart's.
func (s *state) candidate(probe *matcher.TextProbe, side *querySide, m *matcher.Match) learn.Candidate {
	text, needs := s.counterpart(side, m.ID)
	c := learn.Candidate{ID: m.ID, Default: m.Score.Total, Mass: explained(probe, text, needs, &m.Score)}
	missing := func(k matcher.Component) float32 {
		if m.Score.NoData[k] || !m.Score.Counted[k] {
			return 1
		}
		return 0
	}
	for k := range matcher.NumComponents {
		v := m.Score.Parts[k]
		if !m.Score.Counted[k] {
			v = .5
		}
		c.Parts = append(c.Parts, float32(v))
	}
	cosine := func(space matcher.TextSpace) float32 {
		return float32(probe.Cosine(space, text[space], side.snap.TextLength(text[space])))
	}
	c.Features = []float32{c.Parts[matcher.Skills], c.Parts[matcher.Focus], c.Parts[matcher.Place], c.Parts[matcher.Timing],
		cosine(matcher.NamesSpace), cosine(matcher.BodySpace), missing(matcher.Skills), missing(matcher.Timing), missing(matcher.Text)}
	return c
}

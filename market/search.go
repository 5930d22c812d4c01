package market

import (
	"context"
	"errors"
	"strings"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// Search finds records by text and filters. What the text names in one language
// finds records that say it in the other, through the labels of the taxonomy.
func (m *Market) Search(ctx context.Context, r SearchRequest) (*SearchAnswer, error) {
	x, err := m.searchIndex(ctx)
	if err != nil {
		return nil, err
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		return nil, err
	}
	filters, err := w.filterIDs(r.Filters)
	if err != nil {
		return nil, err
	}
	exclude, err := w.filterIDs(r.Exclude)
	if err != nil {
		return nil, err
	}
	concepts, named := w.concepts(r.Text)
	res, err := x.Search(ctx, index.Query{
		Text: r.Text, Type: r.Types, Filters: filters, Exclude: exclude, Facets: r.Facets,
		Limit: r.Limit, Cursor: r.Cursor, Highlight: r.Highlight, Concepts: concepts, Sort: r.Sort,
	})
	if err != nil {
		return nil, err
	}
	a := &SearchAnswer{Items: []SearchItem{}, NextCursor: res.NextCursor}
	a.Meta = SearchMeta{Total: res.Total, Facets: res.Facets, Concepts: named, Versions: m.versions(res.Version, w, nil)}
	for _, h := range res.Hits {
		item := SearchItem{Type: h.Type, ID: h.ID, Score: h.Score, Highlights: h.Highlights}
		it, err := m.Get(ctx, h.Type, h.ID)
		if errors.Is(err, talent.ErrNotFound) {
			continue // deleted between the search and now
		}
		if err != nil {
			return nil, err
		}
		rec, err := it.Record()
		if err != nil {
			return nil, err
		}
		item.Name, item.NameEN = recordNames(rec)
		a.Items = append(a.Items, item)
	}
	return a, nil
}

// filterIDs turns names in filters into the ids and words that are indexed.
func (w *world) filterIDs(filters map[string][]string) (map[string][]string, error) {
	out := make(map[string][]string, len(filters))
	for field, values := range filters {
		var err error
		switch field {
		case "region":
			out[field], err = w.regionIDs(field, values)
		case "education":
			out[field], err = educationWords(field, values)
		case "skill":
			out[field] = w.skillIDs(values)
		case "occupation":
			out[field] = w.occupationIDs(values)
		case "industry":
			out[field] = industryCodes(values)
		default:
			out[field] = values
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// concepts finds what a query names: skills anywhere in it, an occupation or a
// region as a whole word of it.
func (w *world) concepts(text string) (out []index.Concept, named []string) {
	seen := map[string]bool{}
	add := func(c index.Concept, id string) {
		if !seen[id] {
			seen[id] = true
			out = append(out, c)
			named = append(named, id)
		}
	}
	for _, f := range w.extractor.Extract(text) {
		add(index.Concept{Skills: []string{f.Skill}, Labels: w.catalogue.Labels(f.Skill), Text: f.Text}, f.Skill)
	}
	words := append([]string{text}, strings.Fields(text)...)
	for _, word := range words {
		if id, _, ok := w.catalogue.ResolveOccupation(word); ok {
			add(index.Concept{Occupations: []string{id}, Labels: w.catalogue.OccupationLabels(id), Text: word}, id)
		}
		ids := w.places[taxonomy.Fold(word)]
		if len(ids) == 0 || len(ids) > maxPlaces {
			continue
		}
		c := index.Concept{Regions: ids, Text: word}
		for _, id := range ids {
			r := w.gazetteer.Get(id)
			c.Labels = append(c.Labels, nonEmpty([]string{r.Name, r.NameEN})...)
		}
		add(c, ids[0])
	}
	return out, named
}

// maxPlaces is how many regions may share a name for it to be taken as a place:
// 朝阳区 is one, 城区 is not.
const maxPlaces = 4

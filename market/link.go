package market

import (
	"context"
	"fmt"
	"sync"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher/relevance"
	"talentmatch/talent"
)

// LinkText is a free text that is to be linked, or searched for skills.
type LinkText struct{ ID, Text string }

// LinkRequest asks which skills or occupations free texts mean.
type LinkRequest struct {
	To    talent.Type // TypeSkill or TypeOccupation
	Pack  string      // rank this pack's records too: "builtin", or "" for it only when there are no others
	Top   int         // 1..MaxLinks
	Texts []LinkText  // of different ids, each at most MaxLinkText bytes long
}

// MaxLinks is the largest LinkRequest.Top: a whole taxonomy.
const MaxLinks = 100_000

// MaxLinkText is the longest text that is linked, in bytes. Ten million would take half
// a minute and gigabytes to take apart, and mean a little of everything.
const MaxLinkText = 1 << 20

// LinkAnswer is the ranking for one text.
type LinkAnswer struct {
	ID       string
	Items    []LinkItem
	Versions Versions
}

// LinkItem is one record that a text may mean.
type LinkItem struct {
	ID         string             `json:"id"`
	Rank       int                `json:"rank"`
	Score      float64            `json:"score" doc:"0..1, on one scale across texts"`
	Name       string             `json:"name"`
	NameEN     string             `json:"name_en,omitempty"`
	Components map[string]float64 `json:"components" doc:"cosines that the score is made of"`
}

// Link ranks the records of a type for each text, in order, on all cores. All records
// are ranked: min(Top, records) come back, zero scores included. yield is called from
// one goroutine at a time. Errors: talent.ErrInvalid for bad parameters.
func (m *Market) Link(ctx context.Context, r LinkRequest, progress func(done, total int), yield func(LinkAnswer) error) error {
	w, versions, err := m.readVersions(ctx)
	if err != nil {
		return err
	}
	if r.Top < 1 || r.Top > MaxLinks {
		return talent.Invalid("top", fmt.Sprint(r.Top), "must be from 1 to %d", MaxLinks)
	}
	ranker, err := w.linker(r.To, r.Pack)
	if err != nil {
		return err
	}
	ids, text, err := byID(r.Texts)
	if err != nil {
		return err
	}
	for i, t := range r.Texts {
		if len(t.Text) > MaxLinkText {
			return talent.Invalid(fmt.Sprintf("texts[%d].text", i), t.Text, "has %d bytes, at most %d are linked", len(t.Text), MaxLinkText)
		}
	}
	work := func(id string) ([]relevance.Hit, error) { return ranker.Rank(text[id], r.Top), nil }
	return inOrder(ctx, ids, work, func(i int, hits []relevance.Hit) error {
		a := LinkAnswer{ID: ids[i], Items: make([]LinkItem, len(hits)), Versions: versions}
		for k, h := range hits {
			a.Items[k] = w.linkItem(r.To, k+1, h)
		}
		if progress != nil {
			progress(i+1, len(ids))
		}
		return yield(a)
	})
}

func (w *world) linkItem(to talent.Type, rank int, h relevance.Hit) LinkItem {
	item := LinkItem{ID: h.ID, Rank: rank, Score: h.Score, Components: map[string]float64{}}
	switch to {
	case talent.TypeSkill:
		if s := w.catalogue.Skill(h.ID); s != nil {
			item.Name, item.NameEN = s.Name, s.NameEN
		}
	case talent.TypeOccupation:
		if o := w.catalogue.Occupation(h.ID); o != nil {
			item.Name, item.NameEN = o.Name, o.NameEN
		}
	}
	for p, v := range h.Parts {
		if v > 0 {
			item.Components[relevance.Part(p).String()] = round6(v)
		}
	}
	return item
}

// linkers are a world's rankers, each made when first asked for.
type linkers struct {
	mu   sync.Mutex
	done map[string]*relevance.Ranker
}

// analysis takes names apart into short and long pieces: the short ones reach over
// misspellings and other languages' endings.
var analysis = relevance.Analysis{
	Words: index.Terms,
	Grams: func(name string) []string { return index.Grams(name, 3, index.GramLength) },
}

// concepts is the thesaurus of job titles as the ranker uses it.
var concepts = sync.OnceValue(func() *relevance.Concepts {
	var clusters []relevance.Cluster
	for _, c := range taxonomy.Thesaurus() {
		clusters = append(clusters, relevance.Cluster{Code: c.Code, Names: c.Titles, About: c.About})
	}
	return relevance.NewConcepts(analysis, clusters)
})

// linker ranks the records of a type: those of the built-in pack only when asked for,
// or when there are no others.
func (w *world) linker(to talent.Type, pack string) (*relevance.Ranker, error) {
	if to != talent.TypeSkill && to != talent.TypeOccupation {
		return nil, talent.Invalid("to", string(to), "must be skill or occupation")
	}
	if pack != "" && pack != builtinPack {
		return nil, talent.Invalid("pack", pack, "must be builtin or absent: imported packs always take part")
	}
	w.linkers.mu.Lock()
	defer w.linkers.mu.Unlock()
	key := string(to) + "/" + pack
	if r := w.linkers.done[key]; r != nil {
		return r, nil
	}
	var own, builtin []relevance.Doc
	add := func(id string, names []string, bodies ...string) {
		d := relevance.Doc{ID: id, Names: names, Bodies: bodies}
		if w.builtin[string(to)+":"+id] {
			builtin = append(builtin, d)
		} else {
			own = append(own, d)
		}
	}
	var known *relevance.Concepts
	switch to {
	case talent.TypeSkill:
		for _, s := range w.catalogue.Skills() {
			if s.Kind == talent.SkillGroup {
				continue // a heading: nobody means it
			}
			add(s.ID, append([]string{s.Name, s.NameEN}, s.Aliases...), s.Text, s.TextEN)
		}
	case talent.TypeOccupation:
		known = concepts()
		for _, o := range w.catalogue.Occupations() {
			add(o.ID, append([]string{o.Name, o.NameEN}, o.Aliases...), o.Text, o.TextEN)
		}
	}
	if pack == builtinPack || len(own) == 0 {
		own = append(own, builtin...)
	}
	if len(own) == 0 {
		known = nil // there is nothing that it could describe
	}
	r := relevance.New(analysis, own, known)
	if w.linkers.done == nil {
		w.linkers.done = map[string]*relevance.Ranker{}
	}
	w.linkers.done[key] = r
	return r, nil
}

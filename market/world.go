package market

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"slices"
	"strings"

	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/store"
	"talentmatch/talent"
)

// A world is what records are read against: the taxonomy, the regions and what
// follows from them. It is immutable; a change of a skill, an occupation, a region or
// a crosswalk makes a new one.
type world struct {
	catalogue   *taxonomy.Catalogue
	extractor   *extract.Extractor
	gazetteer   *talent.Gazetteer
	places      map[string][]string            // folded region name -> ids
	fingerprint string                         // of everything the world was made from
	basis       string                         // of what other records' forms depend on: see basisOf
	builtin     map[string]bool                // "type:id" of the built-in pack's records
	packs       map[string]map[talent.Type]int // records that each pack has in the store
	linkers     linkers
}

// changesWorld reports whether records of type t make a new world.
func changesWorld(t talent.Type) bool {
	return t == talent.TypeSkill || t == talent.TypeOccupation || t == talent.TypeRegion || t == talent.TypeCrosswalk
}

// pageSize is how many records are read from the store at once.
const pageSize = 1000

// eachRecord calls yield with every record of a type, by id.
func eachRecord(ctx context.Context, s store.Store, t talent.Type, yield func(store.Item, talent.Record) error) error {
	for after := ""; ; {
		items, err := s.List(ctx, t, after, pageSize)
		if err != nil {
			return err
		}
		for _, it := range items {
			rec, err := it.Record()
			if err != nil {
				return err
			}
			if err := yield(it, rec); err != nil {
				return err
			}
		}
		if len(items) < pageSize {
			return nil
		}
		after = items[len(items)-1].ID
	}
}

// A worldReader collects what a world is made of.
type worldReader struct {
	skills      []*talent.Skill
	occupations []*talent.Occupation
	regions     []*talent.Region
	crosswalks  []*talent.Crosswalk
	sum, basis  hash.Hash
	words       map[string]bool // Latin words in the texts of skills
	builtin     map[string]bool
	packs       map[string]map[talent.Type]int
}

// loadWorld reads the taxonomy and the regions from the store.
func loadWorld(ctx context.Context, s store.Store) (*world, error) {
	r := worldReader{sum: sha256.New(), basis: sha256.New(), words: map[string]bool{}, builtin: map[string]bool{}, packs: map[string]map[talent.Type]int{}}
	for _, t := range []talent.Type{talent.TypeSkill, talent.TypeOccupation, talent.TypeRegion, talent.TypeCrosswalk} {
		if err := eachRecord(ctx, s, t, r.take); err != nil {
			return nil, err
		}
	}
	if err := r.joinTaxonomies(); err != nil {
		return nil, err
	}
	w := &world{
		catalogue: taxonomy.NewCatalogue(r.skills, r.occupations, r.crosswalks...), gazetteer: talent.NewGazetteer(r.regions),
		builtin: r.builtin, packs: r.packs,
	}
	w.extractor = extract.New(w.catalogue)
	w.fingerprint = hex.EncodeToString(r.sum.Sum(nil))[:16]
	for _, word := range slices.Sorted(maps.Keys(r.words)) {
		r.basis.Write([]byte(word + "\n"))
	}
	w.basis = hex.EncodeToString(r.basis.Sum(nil))[:16]
	w.places = regionNames(r.regions)
	return w, nil
}

func (r *worldReader) take(it store.Item, rec talent.Record) error {
	if it.Pack == builtinPack {
		r.builtin[string(it.Type)+":"+it.ID] = true
	}
	if it.Pack != "" {
		if r.packs[it.Pack] == nil {
			r.packs[it.Pack] = map[talent.Type]int{}
		}
		r.packs[it.Pack][it.Type]++
	}
	switch x := rec.(type) {
	case *talent.Skill:
		latinWords(x.Text, r.words)
		latinWords(x.TextEN, r.words)
		r.skills = append(r.skills, x)
	case *talent.Occupation:
		r.occupations = append(r.occupations, x)
	case *talent.Region:
		r.regions = append(r.regions, x)
	case *talent.Crosswalk:
		r.crosswalks = append(r.crosswalks, x)
		return nil // joinTaxonomies says whether it counts
	}
	return r.add(it.Body, rec)
}

// joinTaxonomies keeps the crosswalks between two skills or two occupations. Others,
// of program codes say, change nothing here.
func (r *worldReader) joinTaxonomies() error {
	if len(r.crosswalks) == 0 {
		return nil
	}
	skills, occupations := map[string]bool{}, map[string]bool{}
	for _, s := range r.skills {
		skills[s.ID] = true
	}
	for _, o := range r.occupations {
		occupations[o.ID] = true
	}
	r.crosswalks = slices.DeleteFunc(r.crosswalks, func(x *talent.Crosswalk) bool {
		return !(skills[x.From] && skills[x.To]) && !(occupations[x.From] && occupations[x.To])
	})
	for _, x := range r.crosswalks {
		body, err := talent.Encode(x)
		if err != nil {
			return err
		}
		if err := r.add(body, x); err != nil {
			return err
		}
	}
	return nil
}

// add takes a record into the fingerprint and the basis.
func (r *worldReader) add(body []byte, rec talent.Record) error {
	r.sum.Write(body)
	r.sum.Write([]byte{'\n'})
	body, err := basisOf(rec)
	if err != nil {
		return err
	}
	r.basis.Write(body)
	r.basis.Write([]byte{'\n'})
	return nil
}

// basisOf is the part of a skill, an occupation, a region or a crosswalk that the forms
// of other records, and the likeness of skills, can depend on. Notes and sources are
// shown and no more. The texts of skills stand in their own documents, which come with
// their own changes; beyond that the extractor takes the Latin words of all of them
// together for words that are spelt well (see latinWords).
func basisOf(rec talent.Record) ([]byte, error) {
	switch r := rec.(type) {
	case *talent.Skill:
		cut := *r
		cut.Text, cut.TextEN, cut.Note = "", "", ""
		rec = &cut
	case *talent.Occupation:
		cut := *r
		cut.Note = ""
		rec = &cut
	case *talent.Region:
		cut := *r
		cut.Note = ""
		rec = &cut
	case *talent.Crosswalk:
		cut := *r
		cut.Source, cut.Note = "", ""
		rec = &cut
	}
	return talent.Encode(rec)
}

// latinWords adds the runs of Latin letters in a text, in small letters.
func latinWords(text string, to map[string]bool) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' || r > 'z' }) {
		to[w] = true
	}
}

// regionSuffixes are dropped to find a region by the short form of its name.
var regionSuffixes = []string{"壮族自治区", "回族自治区", "维吾尔自治区", "特别行政区", "自治区", "自治州", "地区", "省", "市", "区", "县"}

// regionNames lists regions by folded name, in both languages and without the
// suffix of its kind.
func regionNames(imported []*talent.Region) map[string][]string {
	names := map[string][]string{}
	add := func(r *talent.Region) {
		for _, n := range []string{r.Name, r.NameEN, shortRegion(r.Name)} {
			if f := taxonomy.Fold(n); f != "" && !has(names[f], r.ID) {
				names[f] = append(names[f], r.ID)
			}
		}
	}
	builtin := talent.BuiltinRegions()
	for i := range builtin {
		add(&builtin[i])
	}
	for _, r := range imported {
		add(r)
	}
	return names
}

// regionIDs turns region ids or names into ids. A name that several regions share
// stands for all of them; one that none has is an error that names the field.
func (w *world) regionIDs(field string, values []string) ([]string, error) {
	var out []string
	for _, v := range values {
		if w.gazetteer.Get(v) != nil {
			out = append(out, v)
			continue
		}
		ids := w.places[taxonomy.Fold(v)]
		if len(ids) == 0 {
			return nil, talent.Invalid(field, v, "there is no such region")
		}
		out = append(out, ids...)
	}
	return out, nil
}

// rollUp is the province or prefecture that a region is in: the topmost ancestor below the
// country (of all, in a tree without one), or the next one, but for municipalities, which are one
// unit; the region itself at any other level, or where it is none of these.
func (w *world) rollUp(region, at string) string {
	path := w.gazetteer.Path(region)
	if n := len(path); n > 1 && talent.IsCountry(path[n-1]) {
		path = path[:n-1]
	}
	level := map[string]int{"province": 1, "prefecture": 2}[at]
	if level == 2 && len(path) > 0 && slices.Contains(municipalities, path[len(path)-1]) {
		level = 1
	}
	if level == 0 || len(path) < level {
		return region
	}
	return path[len(path)-level]
}

// municipalities are the provinces that are cities: Beijing, Tianjin, Shanghai, Chongqing.
var municipalities = []string{"110000", "120000", "310000", "500000"}

// checkRefs finds what an unsaved record refers to in vain. Who offers it need not
// exist yet.
func (w *world) checkRefs(rec talent.Record) error {
	bad := &talent.InvalidError{Type: rec.RecordType()}
	for _, ref := range talent.Refs(rec) {
		ok := true
		switch ref.Type {
		case talent.TypeRegion:
			ok = w.gazetteer.Get(ref.ID) != nil
		case talent.TypeSkill:
			ok = w.catalogue.Skill(ref.ID) != nil
		case talent.TypeOccupation:
			ok = w.catalogue.Occupation(ref.ID) != nil
		}
		if !ok {
			bad.Fields = append(bad.Fields, talent.FieldError{Path: ref.Path, Value: talent.Shorten(ref.ID), Message: fmt.Sprintf("there is no such %s", ref.Type)})
		}
	}
	if len(bad.Fields) == 0 {
		return nil
	}
	return bad
}

// skillIDs turns skill ids or names into ids. A name that no taxonomy knows stays.
func (w *world) skillIDs(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v
		if w.catalogue.Skill(v) == nil {
			if id, _, ok := w.catalogue.Resolve(v); ok {
				out[i] = id
			}
		}
	}
	return out
}

// occupationIDs turns occupation ids or names into ids; unknown ones stay.
func (w *world) occupationIDs(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = v
		if w.catalogue.Occupation(v) == nil {
			if id, _, ok := w.catalogue.ResolveOccupation(v); ok {
				out[i] = id
			}
		}
	}
	return out
}

// educationWords turns levels in either language into ISCED words.
func educationWords(field string, values []string) ([]string, error) {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = vocabularyWord("education", v)
		if talent.Education(out[i]).ISCED() == 0 && v != unsaid {
			return nil, talent.Invalid(field, v, "must be one of secondary, postsecondary, associate, bachelor, master, doctorate")
		}
	}
	return out, nil
}

// vocabularyWord is the word of a vocabulary that a label in either language means,
// or the label itself.
func vocabularyWord(vocabulary, label string) string {
	for _, t := range talent.Vocabularies[vocabulary] {
		if label == t.Value || label == t.ZH || label == t.EN || has(t.Also, label) {
			return t.Value
		}
	}
	return label
}

func shortRegion(name string) string {
	for _, s := range regionSuffixes {
		if t, ok := strings.CutSuffix(name, s); ok && len([]rune(t)) >= 2 {
			return t
		}
	}
	return name
}

func has(list []string, s string) bool {
	for _, e := range list {
		if e == s {
			return true
		}
	}
	return false
}

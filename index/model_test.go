package index

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// model is the index as a plain map, searched by looking at every record.
type model map[string]Doc

var (
	modelTypes   = []talent.Type{talent.TypeDemand, talent.TypeProgram, talent.TypeOrganization}
	modelWords   = []string{"焊工", "电工", "机器人", "PLC", "C++", "数控车床"}
	modelRegions = [][]string{{"440300", "440000", "CN"}, {"440100", "440000", "CN"}, {"110000", "CN"}, {}}
)

func drawDoc(t *rapid.T) Doc {
	pick := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
	d := Doc{
		Type:  rapid.SampledFrom(modelTypes).Draw(t, "type"),
		ID:    strconv.Itoa(rapid.IntRange(0, 15).Draw(t, "id")),
		Title: strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(modelWords), 0, 6, rapid.ID).Draw(t, "title"), " "),
		Kind:  pick("kind", "", "hire", "college"), Education: pick("education", "", "bachelor", "associate"),
		Industry: pick("industry", "", "C39"), Status: pick("status", "open", "closed"),
		Organization: pick("organization", "", "o1", "o2"),
		Skills:       rapid.SliceOfN(rapid.SampledFrom([]string{"s1", "s2", "s3"}), 0, 3).Draw(t, "skills"),
		Years:        rapid.SliceOfN(rapid.IntRange(2024, 2026), 0, 2).Draw(t, "years"),
		Unresolved:   rapid.SliceOfN(rapid.SampledFrom([]string{"爆破"}), 0, 1).Draw(t, "unresolved"),
		Regions:      rapid.SampledFrom(modelRegions).Draw(t, "regions"),
	}
	if len(d.Regions) > 0 {
		d.Region, d.Province = d.Regions[0], d.Regions[len(d.Regions)-2]
	}
	return d
}

// values are what the record has in a field of filters or facets.
func (m model) values(d Doc, field string, facet bool) []string {
	var out []string
	switch field {
	case "type":
		return []string{string(d.Type)}
	case "region":
		if out = append(out, d.Regions...); facet {
			out = []string{d.Province}
		}
	case "kind":
		out = []string{d.Kind}
	case "industry":
		out = []string{d.Industry}
	}
	if d.Type != talent.TypeOrganization { // has no other fields
		switch field {
		case "education":
			out = []string{d.Education}
		case "status":
			out = []string{d.Status}
		case "organization":
			out = []string{d.Organization}
		case "skill":
			out = d.Skills
		case "year":
			for _, y := range d.Years {
				out = append(out, strconv.Itoa(y))
			}
		case "unresolved":
			if out = []string{strconv.FormatBool(len(d.Unresolved) > 0)}; facet {
				out = d.Unresolved
			}
		}
	}
	return distinct(out)
}

func (m model) matches(d Doc, q Query) bool {
	any := func(field string, values []string) bool {
		return slices.ContainsFunc(m.values(d, field, false), func(v string) bool { return slices.Contains(values, v) })
	}
	for f, values := range q.Filters {
		if len(values) > 0 && !any(f, values) {
			return false
		}
	}
	for f, values := range q.Exclude {
		if any(f, values) {
			return false
		}
	}
	wanted, has, excluded := m.words(d, q)
	if least := (2*wanted + 2) / 3; excluded || wanted <= 3 && has < wanted || has < least {
		return false
	}
	return len(q.Type) == 0 || slices.Contains(q.Type, d.Type)
}

// words is how many words the query wants, how many of them the record has, and
// whether it has one that is excluded. Every word of the model is a whole unit.
func (m model) words(d Doc, q Query) (wanted, has int, excluded bool) {
	title := strings.Fields(d.Title)
	for _, w := range strings.Fields(q.Text) {
		word, minus := strings.CutPrefix(w, "-")
		found := slices.Contains(title, word)
		switch {
		case minus:
			excluded = excluded || found
		case found:
			has++
			fallthrough
		default:
			wanted++
		}
	}
	return wanted, has, excluded
}

func (m model) search(q Query) (keys []string, facets map[string][]FacetCount) {
	keys, facets = []string{}, map[string][]FacetCount{}
	for k, d := range m {
		if m.matches(d, q) {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	for _, f := range q.Facets {
		counts := map[string]int{}
		for _, k := range keys {
			for _, v := range m.values(m[k], f, true) {
				counts[v]++
			}
		}
		facets[f] = []FacetCount{}
		for v, n := range counts {
			facets[f] = append(facets[f], FacetCount{v, n})
		}
		sort.Slice(facets[f], func(i, j int) bool {
			a, b := facets[f][i], facets[f][j]
			return a.Count > b.Count || a.Count == b.Count && a.Value < b.Value
		})
	}
	return keys, facets
}

func drawQuery(t *rapid.T) Query {
	q := Query{Limit: 1000, Filters: map[string][]string{}, Exclude: map[string][]string{}}
	q.Type = rapid.SliceOfN(rapid.SampledFrom(modelTypes), 0, 2).Draw(t, "types")
	q.Facets = rapid.SliceOfNDistinct(rapid.SampledFrom(FacetFields()), 0, 8, rapid.ID).Draw(t, "facets")
	values := map[string][]string{
		"region": {"440300", "440000", "CN", "110000", "none"}, "education": {"bachelor", "associate"}, "industry": {"C39", "A01"},
		"kind": {"hire", "college", ""}, "year": {"2024", "2025", "2030"}, "skill": {"s1", "s2", "s3"}, "organization": {"o1", "o2"},
		"status": {"open", "closed"}, "unresolved": {"true", "false"}, "occupation": {"none"},
	}
	for _, filters := range []map[string][]string{q.Filters, q.Exclude} {
		for _, f := range rapid.SliceOfNDistinct(rapid.SampledFrom(FilterFields()), 0, 2, rapid.ID).Draw(t, "fields") {
			filters[f] = rapid.SliceOfN(rapid.SampledFrom(values[f]), 1, 2).Draw(t, f)
		}
	}
	if v := q.Filters["kind"]; len(distinct(v)) == 0 {
		delete(q.Filters, "kind") // only empty values: no filter
	}
	delete(q.Exclude, "kind") // the model's "" is no value of the index
	words := rapid.SliceOfNDistinct(rapid.SampledFrom(modelWords), 0, 6, rapid.ID).Draw(t, "words")
	for _, w := range words {
		if rapid.IntRange(0, 4).Draw(t, "minus") == 0 {
			w = "-" + w
		}
		q.Text += w + " "
	}
	return q
}

// Random writes and searches: hits, totals, facets and stored hashes are those of
// the model, in batches as they come and after merges.
func TestIndexAgainstModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, err := Open("")
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		m := model{}
		version := int64(0)
		t.Repeat(map[string]func(*rapid.T){
			"apply": func(t *rapid.T) {
				puts := rapid.Custom(drawDoc)
				docs := rapid.SliceOfN(puts, 0, 12).Draw(t, "puts")
				var deletes []Key
				for range rapid.IntRange(0, 3).Draw(t, "deletes") {
					deletes = append(deletes, Key{rapid.SampledFrom(modelTypes).Draw(t, "type"), strconv.Itoa(rapid.IntRange(0, 15).Draw(t, "id"))})
				}
				version++
				if err := x.Apply(ctx, docs, deletes, version); err != nil {
					t.Fatal(err)
				}
				for _, k := range deletes {
					delete(m, k.String())
				}
				for _, d := range docs {
					m[d.Key().String()] = d
				}
			},
			"search": func(t *rapid.T) {
				q := drawQuery(t)
				keys, facets := m.search(q)
				res, err := x.Search(ctx, q)
				if err != nil {
					t.Fatal(err)
				}
				got, all := []string{}, true
				for i, h := range res.Hits {
					key := Key{h.Type, h.ID}.String()
					got = append(got, key)
					wanted, has, _ := m.words(m[key], q)
					if has == wanted && !all {
						t.Fatalf("%s has every word of %q and stands behind one that has not", key, q.Text)
					}
					all = has == wanted
					if i > 0 && h.Score > res.Hits[i-1].Score {
						t.Fatalf("scores rise: %v", res.Hits)
					}
				}
				sort.Strings(got)
				if !reflect.DeepEqual(got, keys) || res.Total != len(keys) || res.Version != version {
					t.Fatalf("%+v\n got %v (%d) at %d\nwant %v at %d", q, got, res.Total, res.Version, keys, version)
				}
				if len(q.Facets) > 0 && !reflect.DeepEqual(res.Facets, facets) {
					t.Fatalf("%+v\n got %v\nwant %v", q, res.Facets, facets)
				}
			},
			"": func(t *rapid.T) {
				for _, typ := range modelTypes {
					got, want := map[string]uint64{}, map[string]uint64{}
					if err := x.Keys(ctx, typ, func(id string, hash uint64) bool { got[id] = hash; return true }); err != nil {
						t.Fatal(err)
					}
					for _, d := range m {
						if d.Type == typ {
							want[d.ID] = d.Hash()
						}
					}
					if !reflect.DeepEqual(got, want) {
						t.Fatalf("%s: keys %v, want %v", typ, got, want)
					}
				}
			},
		})
	})
}

// The order of equal records does not depend on the batches they came in.
func TestOrderDoesNotDependOnBatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		docs := rapid.SliceOfNDistinct(rapid.Custom(drawDoc), 1, 30, Doc.Key).Draw(t, "docs")
		size := rapid.IntRange(1, len(docs)).Draw(t, "batch")
		q := Query{Limit: 100, Text: strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(modelWords), 1, 6, rapid.ID).Draw(t, "words"), " ")}
		var results [2]string
		for i, size := range []int{size, len(docs)} {
			x, err := Open("")
			if err != nil {
				t.Fatal(err)
			}
			for at := 0; at < len(docs); at += size {
				if err := x.Apply(ctx, docs[at:min(at+size, len(docs))], nil, 1); err != nil {
					t.Fatal(err)
				}
			}
			res, err := x.Search(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			results[i] = fmt.Sprint(res.Hits)
			x.Close()
		}
		if results[0] != results[1] {
			t.Fatalf("%q in batches of %d: %s\nin one: %s", q.Text, size, results[0], results[1])
		}
	})
}

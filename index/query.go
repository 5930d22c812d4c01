package index

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"talentmatch/talent"
)

// The limits of a query.
const (
	MaxLimit       = 1000 // hits a page
	MaxQueryRunes  = 2000 // of Text
	MaxFacetSize   = 1000 // values a facet
	MaxFilterSize  = 1000 // values a filter or exclusion
	defaultFacets  = 50   // values a facet, where FacetSize is 0
	maxTokens      = 96   // distinct terms of Text that count; the rest of a pasted page is left out
	maxExclusions  = 32   // -words that count
	maxConcepts    = 16   // concepts that count
	maxConceptIDs  = 64   // ids of each kind that count, a concept
	maxLabels      = 24   // labels that count, a concept
	maxLabelTokens = 16   // a label of more terms is not looked for
)

// Concept is something that a stretch of the query names, looked up by market in
// the taxonomy: hits are records that carry one of the ids, or that contain one of
// the labels as a phrase, beside those that contain the stretch itself.
type Concept struct {
	Skills, Occupations, Regions []string
	Labels                       []string // in both languages, most usual first
	// Text is the stretch as it stands in Query.Text. Without it the longest label
	// that occurs there is taken; if none does, the concept answers for the whole
	// text.
	Text string
}

// Query is one search.
//
// Text is what a person typed. It is data, never a query language, but for two
// things: a word or phrase with - before it excludes, and "quotes" (straight or
// Chinese) make a phrase. Of up to three words every one must occur (a run of
// Chinese counts as one word; of its pairs the same rule holds); of more, two
// thirds must, and records with all of them come first.
type Query struct {
	Text      string
	Type      []talent.Type       // any of; none is all
	Filters   map[string][]string // field -> any of; every field must hold: see FilterFields
	Exclude   map[string][]string // field -> none of
	Facets    []string            // see FacetFields
	FacetSize int                 // values a facet, 0 is 50, at most 1000
	Limit     int                 // hits, 1..1000
	Cursor    string              // Result.NextCursor of the page before
	Highlight bool
	Concepts  []Concept
	Sort      string // "" is by score, then type:id; "id" is by type:id
}

// filterFields are the fields that can be filtered by, and where they are indexed.
var filterFields = map[string]string{
	"region":       fieldRegions, // the region or anything inside it
	"education":    fieldEducation,
	"industry":     fieldIndustry,
	"kind":         fieldKind,
	"year":         fieldYears,
	"skill":        fieldSkills,
	"occupation":   fieldOccupation,
	"organization": fieldOrganization,
	"status":       fieldStatus,
	"unresolved":   fieldUnresolved, // "true": has skill names that no skill answers to
}

// facetFields are the fields that can be counted.
var facetFields = map[string]string{
	"type":       fieldType,
	"region":     fieldProvince,
	"education":  fieldEducation,
	"industry":   fieldIndustry,
	"kind":       fieldKind,
	"year":       fieldYears,
	"status":     fieldStatus,
	"unresolved": fieldMissing, // the names themselves, as written
}

// FilterFields lists the fields of Query.Filters and Query.Exclude, sorted.
func FilterFields() []string { return sortedKeys(filterFields) }

// FacetFields lists the fields of Query.Facets, sorted. A facet counts the hits
// that have the value, over all hits of the query with all its filters.
func FacetFields() []string { return sortedKeys(facetFields) }

// check finds what is wrong with the query; errors are talent.ErrInvalid and name
// the parameter of the search API.
func (q Query) check() error {
	if n := utf8.RuneCountInString(q.Text); n > MaxQueryRunes {
		return talent.Invalid("q", q.Text, "must be at most %d characters, it has %d", MaxQueryRunes, n)
	}
	if q.Limit < 1 || q.Limit > MaxLimit {
		return talent.Invalid("limit", strconv.Itoa(q.Limit), "must be 1 to %d", MaxLimit)
	}
	if q.FacetSize < 0 || q.FacetSize > MaxFacetSize {
		return talent.Invalid("facet_size", strconv.Itoa(q.FacetSize), "must be 0 to %d", MaxFacetSize)
	}
	if q.Sort != "" && q.Sort != "id" {
		return talent.Invalid("sort", q.Sort, `must be empty (by relevance) or "id"`)
	}
	for _, t := range q.Type {
		if !Searchable(t) {
			return talent.Invalid("type", string(t), "must be one of %s", strings.Join(searchable(), ", "))
		}
	}
	for _, f := range q.Facets {
		if _, ok := facetFields[f]; !ok {
			return talent.Invalid("facet", f, "must be one of %s", strings.Join(FacetFields(), ", "))
		}
	}
	if err := checkFilters(q.Filters, "filter"); err != nil {
		return err
	}
	return checkFilters(q.Exclude, "exclude")
}

func checkFilters(filters map[string][]string, parameter string) error {
	for _, f := range sortedKeys(filters) {
		if _, ok := filterFields[f]; !ok {
			return talent.Invalid(parameter, f, "must be one of %s", strings.Join(FilterFields(), ", "))
		}
		if n := len(filters[f]); n > MaxFilterSize {
			return talent.Invalid(f, "", "must have at most %d values, it has %d", MaxFilterSize, n)
		}
		for _, v := range filters[f] {
			if _, err := strconv.Atoi(v); f == "year" && err != nil {
				return talent.Invalid(f, v, "must be a year, as in 2026")
			}
			if f == "unresolved" && v != "true" && v != "false" {
				return talent.Invalid(f, v, "must be true or false")
			}
		}
	}
	return nil
}

func searchable() []string {
	var out []string
	for t := range fieldsByType {
		out = append(out, string(t))
	}
	sort.Strings(out)
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

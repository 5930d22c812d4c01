package index

import (
	"sort"
	"strings"

	"github.com/blevesearch/bleve/v2/search/query"

	"talentmatch/talent"
)

// The weights of a match by where it is. bleve multiplies them with its own
// idf² · √tf / √length, so they say which field wins among equals, not by how much.
const (
	titleBoost   = 8.0
	namesBoost   = 4.0
	textBoost    = 1.0
	conceptBoost = 2.0 // the record carries the id that the query means
	// wholeBoost lifts records with every word above those with most. The largest
	// difference that field weights and lengths make between two records (title of
	// 6 terms against text of 1,000) is about 100.
	wholeBoost = 100.0
)

// plan is a query in bleve's terms.
type plan struct {
	root   query.Query
	scored bool // by relevance; else every score is 0
	marks  []unit
}

// newPlan turns a checked query into bleve's.
func newPlan(q Query) plan {
	t := parse(q.Text)
	units, loose := t.units(q.Text, q.Concepts)
	p := plan{marks: units}
	for _, c := range loose {
		p.marks = append(p.marks, unit{concepts: []Concept{c}})
	}
	var musts, nots []query.Query
	text := textClause(units, loose)
	switch {
	case text != nil:
		musts = append(musts, text(1))
		p.scored = q.Sort == ""
	case t.plain != "" || len(t.phrases) > 0: // nothing but signs and stop words
		p.root = query.NewMatchNoneQuery()
		return p
	}
	musts = append(musts, anyOf(fieldType, typeNames(q.Type))...)
	for _, f := range sortedKeys(q.Filters) {
		musts = append(musts, anyOf(filterFields[f], q.Filters[f])...)
	}
	for _, f := range sortedKeys(q.Exclude) {
		nots = append(nots, anyOf(filterFields[f], q.Exclude[f])...)
	}
	for i, e := range t.excluded {
		if terms := termsOf(e); len(terms) > 0 && i < maxExclusions {
			nots = append(nots, phrase(terms[:min(len(terms), maxLabelTokens)])(1))
		}
	}
	p.root = combine(musts, nots)
	return p
}

func typeNames(types []talent.Type) []string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t)
	}
	return out
}

func combine(musts, nots []query.Query) query.Query {
	var root query.Query
	switch len(musts) {
	case 0:
		root = query.NewMatchAllQuery()
	case 1:
		root = musts[0]
	default:
		root = query.NewConjunctionQuery(musts)
	}
	if len(nots) > 0 {
		root = query.NewBooleanQuery([]query.Query{root}, nil, nots)
	}
	return root
}

// anyOf is a filter; none if there are no values. Its boost of 0 keeps it out of
// the score; a conjunction with such terms is faster than bleve's own AddFilter.
func anyOf(field string, values []string) []query.Query {
	values = distinct(values)
	if len(values) == 0 {
		return nil
	}
	sort.Strings(values)
	qs := make([]query.Query, len(values))
	for i, v := range values {
		qs[i] = term(v, field)(0)
	}
	if len(qs) > 1 {
		qs = []query.Query{query.NewDisjunctionQuery(qs)}
	}
	return qs
}

// clause is a part of the query that still waits for its weight.
type clause func(boost float64) query.Query

// textClause is what the text asks for; nil if it asks for nothing.
func textClause(units []unit, loose []Concept) clause {
	var all, readings []clause
	for _, u := range units {
		if c := or(u.readings()); c != nil {
			all = append(all, c)
		}
	}
	if len(all) > 0 {
		readings = append(readings, share(all))
	}
	for _, c := range loose {
		readings = append(readings, c.readings()...)
	}
	return or(readings)
}

// readings are the unit's terms and its concepts.
func (u unit) readings() []clause {
	var readings []clause
	switch {
	case len(u.terms) == 0:
	case u.phrase:
		readings = append(readings, phrase(u.terms))
	default:
		each := make([]clause, len(u.terms))
		for i, t := range u.terms {
			each[i] = phrase([]string{t})
		}
		readings = append(readings, share(each))
	}
	literal := strings.Join(u.terms, " ")
	for _, c := range u.concepts {
		readings = append(readings, c.readings(literal)...)
	}
	return readings
}

// readings are the concept's ids and labels, but for labels whose terms are known
// already.
func (c Concept) readings(known ...string) []clause {
	var out []clause
	for _, ids := range []struct {
		field  string
		values []string
	}{{fieldSkills, c.Skills}, {fieldOccupation, c.Occupations}, {fieldRegions, c.Regions}} {
		for i, id := range distinct(ids.values) {
			if i < maxConceptIDs {
				out = append(out, times(conceptBoost, term(id, ids.field)))
			}
		}
	}
	for _, terms := range c.labels(known...) {
		out = append(out, phrase(terms))
	}
	return out
}

// labels are the terms of the labels to look for.
func (c Concept) labels(known ...string) [][]string {
	seen := map[string]bool{}
	for _, k := range known {
		seen[k] = true
	}
	var out [][]string
	for i, l := range c.Labels {
		terms := termsOf(l)
		key := strings.Join(terms, " ")
		if i >= maxLabels || len(terms) == 0 || len(terms) > maxLabelTokens || seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, terms)
	}
	return out
}

// term is one term of one field.
func term(value, field string) clause {
	return func(boost float64) query.Query {
		q := query.NewTermQuery(value)
		q.SetField(field)
		q.SetBoost(boost)
		return q
	}
}

// phrase is terms following each other in title, names or text.
func phrase(terms []string) clause {
	in := func(field string) clause {
		if len(terms) == 1 {
			return term(terms[0], field)
		}
		return func(boost float64) query.Query {
			q := query.NewPhraseQuery(terms, field)
			q.SetBoost(boost)
			return q
		}
	}
	return or([]clause{times(titleBoost, in(fieldTitle)), times(namesBoost, in(fieldNames)), times(textBoost, in(fieldText))})
}

func times(factor float64, c clause) clause {
	return func(boost float64) query.Query { return c(factor * boost) }
}

// or is any of the clauses, nil if there are none. bleve multiplies the score of a disjunction with the
// share of its parts that matched; weighting each part with their number takes
// that back, or a concept of many labels would count for less than a plain word.
func or(cs []clause) clause {
	switch len(cs) {
	case 0:
		return nil
	case 1:
		return cs[0]
	}
	return func(boost float64) query.Query { return query.NewDisjunctionQuery(each(cs, boost*float64(len(cs)))) }
}

// share is all of up to three clauses; of more, two thirds, those with all first.
func share(cs []clause) clause {
	if len(cs) == 1 {
		return cs[0]
	}
	all := func(boost float64) query.Query { return query.NewConjunctionQuery(each(cs, boost)) }
	if len(cs) <= 3 {
		return all
	}
	most := func(boost float64) query.Query {
		q := query.NewDisjunctionQuery(each(cs, boost))
		q.SetMin(float64((2*len(cs) + 2) / 3))
		return q
	}
	return or([]clause{times(wholeBoost, all), most})
}

func each(cs []clause, boost float64) []query.Query {
	out := make([]query.Query, len(cs))
	for i, c := range cs {
		out[i] = c(boost)
	}
	return out
}

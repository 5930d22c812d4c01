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
	// wholeBoost lifts records with every word above those with most of them. It is
	// larger than what field weights and lengths make of a difference between two
	// records (a title of 6 terms against a text of 1,000: about 100).
	wholeBoost = 1000.0
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
	p.root = combine(text, musts, nots)
	return p
}

func typeNames(types []talent.Type) []string {
	out := make([]string, len(types))
	for i, t := range types {
		out[i] = string(t)
	}
	return out
}

// combine is the records that the text finds, if there is any, that pass every
// filter and no exclusion. Filters are answered without scoring.
func combine(text clause, musts, nots []query.Query) query.Query {
	var root query.Query
	switch {
	case text == nil && len(musts) == 0:
		root = query.NewMatchAllQuery()
	case text == nil:
		root = query.NewConjunctionQuery(musts)
	case len(musts) == 0:
		root = text(1)
	default:
		root = some{parts: []query.Query{text(1), unscored{query.NewConjunctionQuery(musts)}}, least: 2}
	}
	if len(nots) > 0 {
		root = query.NewBooleanQuery([]query.Query{root}, nil, []query.Query{unscored{query.NewDisjunctionQuery(nots)}})
	}
	return root
}

// anyOf is a filter; none if there are no values.
func anyOf(field string, values []string) []query.Query {
	values = distinct(values)
	if len(values) == 0 {
		return nil
	}
	sort.Strings(values)
	qs := make([]query.Query, len(values))
	for i, v := range values {
		qs[i] = term(v, field)(1)
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

// or is any of the clauses, nil if there are none.
func or(cs []clause) clause { return atLeast(1, cs, false) }

// share is all of up to three clauses; of more, two thirds, those with all first.
func share(cs []clause) clause {
	if len(cs) <= 3 {
		return atLeast(len(cs), cs, false)
	}
	return atLeast((2*len(cs)+2)/3, cs, true)
}

func atLeast(least int, cs []clause, ranked bool) clause {
	switch len(cs) {
	case 0:
		return nil
	case 1:
		return cs[0]
	}
	return func(boost float64) query.Query { return some{each(cs, boost), least, ranked} }
}

func each(cs []clause, boost float64) []query.Query {
	out := make([]query.Query, len(cs))
	for i, c := range cs {
		out[i] = c(boost)
	}
	return out
}

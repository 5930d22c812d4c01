package api

import (
	"context"
	"net/http"
	"strconv"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// searchFilters narrow a search: any value of a field, every field.
type searchFilters struct {
	Region       []string `query:"region" doc:"regions; what lies inside counts"`
	Education    []string `query:"education" enum:"secondary,postsecondary,associate,bachelor,master,doctorate"`
	Industry     []string `query:"industry" doc:"GB/T 4754 section or division, or another code"`
	Kind         []string `query:"kind" doc:"kind of organization, alliance, agreement or skill; mode of a demand"`
	Year         []int    `query:"year" minimum:"1900" maximum:"2200"`
	Skill        []string `query:"skill" doc:"skill ids"`
	Occupation   []string `query:"occupation" doc:"occupation ids"`
	Organization []string `query:"organization" doc:"employers, schools, members, partners"`
	Status       []string `query:"status"`
	Unresolved   []string `query:"unresolved" enum:"true,false" doc:"true: has skill names that no taxonomy knows"`
}

// byField is the filters as market takes them.
func (f *searchFilters) byField() map[string][]string {
	years := make([]string, len(f.Year))
	for i, y := range f.Year {
		years[i] = strconv.Itoa(y)
	}
	out := map[string][]string{"region": f.Region, "education": f.Education, "industry": f.Industry, "kind": f.Kind, "year": years,
		"skill": f.Skill, "occupation": f.Occupation, "organization": f.Organization, "status": f.Status, "unresolved": f.Unresolved}
	for field, values := range out {
		if len(values) == 0 {
			delete(out, field)
		}
	}
	return out
}

type searchParams struct {
	Q    string   `query:"q" maxLength:"2000" doc:"text in Chinese or English; quotes make a phrase, - before a word excludes it"`
	Type []string `query:"type" enum:"agreement,alliance,demand,occupation,organization,program,region,skill" doc:"default all"`
	searchFilters
	Not       searchFilters `prefix:"not."`
	Facets    []string      `query:"facets" enum:"education,industry,kind,region,status,type,unresolved,year" doc:"fields to count over all hits"`
	Highlight bool          `query:"highlight" default:"false" doc:"HTML fragments with <mark>"`
	Sort      string        `query:"sort" enum:"relevance,id" default:"relevance"`
	pageParams
}

func (s *server) addSearch() {
	route(s, huma.Operation{OperationID: "search", Method: http.MethodGet, Path: "/v1/search",
		Summary: "Find records by text and filters, in either language", Tags: []string{"search"},
		Description: "Filters keep records that have any of the values of each field; not.FIELD leaves out those that have one.",
		Responses:   answers(200, schemaOf[searchAnswer](s))}, s.search)
}

func (s *server) search(ctx context.Context, in *request[searchParams]) (*reply, error) {
	p := &in.Params
	r := market.SearchRequest{Text: p.Q, Filters: p.byField(), Exclude: p.Not.byField(), Facets: p.Facets, Limit: p.Limit, Cursor: p.Cursor,
		Highlight: p.Highlight}
	for _, t := range p.Type {
		r.Types = append(r.Types, talent.Type(t))
	}
	if p.Sort == "id" {
		r.Sort = p.Sort
	}
	a, err := s.market.Search(ctx, r)
	if err != nil {
		return nil, err
	}
	out := searchAnswer{Items: list(a.Items), NextCursor: a.NextCursor,
		Meta: searchMeta{Total: a.Meta.Total, Facets: map[string][]facetCount{}, Concepts: list(a.Meta.Concepts), Versions: a.Meta.Versions}}
	for field, counts := range a.Meta.Facets {
		out.Meta.Facets[field] = []facetCount{}
		for _, f := range counts {
			out.Meta.Facets[field] = append(out.Meta.Facets[field], facetCount{f.Value, f.Count})
		}
	}
	return answerJSON(out)
}

// searchAnswer is market's answer as it is written: index's counts carry no names
// for JSON.
type searchAnswer struct {
	Items      []market.SearchItem `json:"items"`
	NextCursor string              `json:"next_cursor" doc:"empty at the end"`
	Meta       searchMeta          `json:"meta"`
}

type searchMeta struct {
	Total    int                     `json:"total" doc:"all hits"`
	Facets   map[string][]facetCount `json:"facets" doc:"per field the most frequent values over all hits"`
	Concepts []string                `json:"concepts" doc:"skills, occupations and regions that the text names"`
	Versions market.Versions         `json:"versions"`
}

type facetCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// list makes an empty list of none, because null is no list.
func list[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

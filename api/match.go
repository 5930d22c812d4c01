package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// programFilter narrows ranked programs. Its fields are query parameters and
// members of a body's filter.
type programFilter struct {
	Region    []string `query:"region" json:"region,omitempty" doc:"regions; what lies inside counts"`
	Education []string `query:"education" json:"education,omitempty" enum:"secondary,postsecondary,associate,bachelor,master,doctorate"`
	Owner     []string `query:"owner" json:"owner,omitempty" doc:"ids of schools (programs) or employers (demands)"`
	Exclude   []string `query:"exclude" json:"exclude,omitempty" doc:"ids to leave out"`
}

// demandFilter narrows ranked demands.
type demandFilter struct {
	programFilter
	Industry   []string `query:"industry" json:"industry,omitempty" doc:"demands only: GB/T 4754 section or division, or another code"`
	Occupation []string `query:"occupation" json:"occupation,omitempty" doc:"demands only"`
	Mode       []string `query:"mode" json:"mode,omitempty" enum:"hire,internship,order-class,apprenticeship" doc:"demands only"`
}

func (f *programFilter) market() market.MatchFilter {
	return market.MatchFilter{Region: f.Region, Education: f.Education, Owner: f.Owner, Exclude: f.Exclude}
}

func (f *demandFilter) market() market.MatchFilter {
	out := f.programFilter.market()
	out.Industry, out.Occupation, out.Mode = f.Industry, f.Occupation, f.Mode
	return out
}

// demandsOnly is every filter that programs do not have, in market's words, which
// names the first only.
func (f *demandFilter) demandsOnly() []ProblemError {
	var errs []ProblemError
	for _, given := range []struct {
		name   string
		values []string
	}{{"industry", f.Industry}, {"mode", f.Mode}, {"occupation", f.Occupation}} {
		if len(given.values) > 0 {
			errs = append(errs, ProblemError{Location: "body.filter." + given.name, Message: "filters demands, and programs are ranked here",
				Value: talent.Shorten(given.values[0])})
		}
	}
	return errs
}

// weights are the betas of DESIGN section 4; the defaults are matcher's, which a
// test compares. Zero means zero.
type weights struct {
	Skills float64 `query:"skills" json:"skills,omitempty" minimum:"0" maximum:"1000000" default:"0.5"`
	Text   float64 `query:"text" json:"text,omitempty" minimum:"0" maximum:"1000000" default:"0.2"`
	Focus  float64 `query:"focus" json:"focus,omitempty" minimum:"0" maximum:"1000000" default:"0.1"`
	Place  float64 `query:"place" json:"place,omitempty" minimum:"0" maximum:"1000000" default:"0.1"`
	Timing float64 `query:"timing" json:"timing,omitempty" minimum:"0" maximum:"1000000" default:"0.1"`
}

// check refuses what no field's range can: all zeros.
func (w weights) check(location string) error {
	if w == (weights{}) {
		return invalid(ProblemError{Location: location, Message: "must not all be zero"})
	}
	return nil
}

type matchParams struct {
	ID             string  `path:"id" maxLength:"300"`
	Limit          int     `query:"limit" minimum:"1" maximum:"1000" default:"50"`
	MinScore       float64 `query:"min_score" minimum:"0" maximum:"1" default:"0" doc:"leaves out matches below"`
	MinProbability float64 `query:"min_probability" minimum:"0" maximum:"1" default:"0" doc:"leaves out matches that are less probable; when none is left, meta.nearest says what the best one lacks"`
	Learned        bool    `query:"learned" default:"false" doc:"rank by the model of the data folder instead of the weights"`
	Explain        bool    `query:"explain" default:"true" doc:"say per skill what met it"`
	Weights        weights `prefix:"w."`
}

type programMatchParams struct {
	matchParams
	programFilter
}

type demandMatchParams struct {
	matchParams
	demandFilter
}

// matchBody is the body of POST /v1/match.
type matchBody struct {
	Demand         json.RawMessage `json:"demand,omitempty" doc:"the demand to find programs for"`
	Program        json.RawMessage `json:"program,omitempty" doc:"the program to find demands for"`
	Limit          int             `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"50"`
	MinScore       float64         `json:"min_score,omitempty" minimum:"0" maximum:"1" default:"0"`
	MinProbability float64         `json:"min_probability,omitempty" minimum:"0" maximum:"1" default:"0"`
	Learned        bool            `json:"learned,omitempty" default:"false" doc:"rank by the model of the data folder instead of the weights"`
	Explain        bool            `json:"explain,omitempty" default:"true"`
	Weights        weights         `json:"weights,omitempty"`
	Filter         demandFilter    `json:"filter,omitempty"`
}

const paging = "An answer holds the best matches only; there is no further page, so next_cursor is always empty."

func (s *server) addMatches() {
	get := func(id, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: paging,
			Tags: []string{"matches"}, Responses: answers(200, schemaOf[matchAnswer](s)), Errors: []int{404}}
	}
	route(s, get("demand-matches", "/v1/demands/{id}/matches", "Programs for a demand, explained"),
		func(ctx context.Context, in *request[programMatchParams]) (*reply, error) {
			p := &in.Params
			return s.match(ctx, &p.matchParams, market.MatchRequest{DemandID: p.ID, Filter: p.market()})
		})
	route(s, get("program-matches", "/v1/programs/{id}/matches", "Demands for a program, explained"),
		func(ctx context.Context, in *request[demandMatchParams]) (*reply, error) {
			p := &in.Params
			return s.match(ctx, &p.matchParams, market.MatchRequest{ProgramID: p.ID, Filter: p.market()})
		})
	route(s, huma.Operation{OperationID: "match", Method: http.MethodPost, Path: "/v1/match",
		Summary: "Counterparts of a demand or program that is not stored", Tags: []string{"matches"},
		Description: "Exactly one of demand and program is given. Its id, its employer or school, and a demand's headcount (1) may be " +
			"left out; everything else is checked as for a record that is stored, and nothing is stored. " + paging,
		RequestBody: jsonBody(s.matchSchema()), Responses: answers(200, schemaOf[matchAnswer](s))}, s.matchUnsaved)
}

// matchAnswer is market's answer in the form of every list.
type matchAnswer struct {
	Items      []market.MatchItem `json:"items"`
	NextCursor string             `json:"next_cursor" doc:"always empty"`
	Meta       market.MatchMeta   `json:"meta"`
}

func (s *server) match(ctx context.Context, p *matchParams, r market.MatchRequest) (*reply, error) {
	if err := p.Weights.check("query.w"); err != nil {
		return nil, err
	}
	r.Top, r.Weights, r.MinScore, r.Explain = p.Limit, matcher.Weights(p.Weights), p.MinScore, p.Explain
	r.MinProbability = p.MinProbability
	var err error
	if r.Learned, err = s.ranker(ctx, p.Learned, "query"); err != nil {
		return nil, err
	}
	return s.answerMatches(ctx, r)
}

func (s *server) answerMatches(ctx context.Context, r market.MatchRequest) (*reply, error) {
	a, err := s.market.Match(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range a.Items {
		a.Items[i].Skills = list(a.Items[i].Skills)
	}
	if a.Meta.Nearest != nil {
		a.Meta.Nearest.Skills = list(a.Meta.Nearest.Skills)
	}
	return answerJSON(matchAnswer{Items: list(a.Items), Meta: a.Meta})
}

func (s *server) matchUnsaved(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := matchBody{Limit: 50, Explain: true, Weights: weights(matcher.DefaultWeights())}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	if err := body.Weights.check("body.weights"); err != nil {
		return nil, err
	}
	r := market.MatchRequest{Top: body.Limit, Weights: matcher.Weights(body.Weights), MinScore: body.MinScore, Explain: body.Explain,
		MinProbability: body.MinProbability,
		Filter:         body.Filter.market()}
	if err := body.record(&r); err != nil {
		return nil, err
	}
	var err error
	if r.Learned, err = s.ranker(ctx, body.Learned, "body"); err != nil {
		return nil, err
	}
	out, err := s.answerMatches(ctx, r)
	if errors.Is(err, talent.ErrInvalid) {
		return nil, problemOf(err, refusedPart(err))
	}
	return out, err
}

// refusedPart is the part of the body that market refuses: the record, when the
// error names its type, for references that lead nowhere; otherwise the filter.
// Both have a region, so that the path alone does not tell.
func refusedPart(err error) string {
	var bad *talent.InvalidError
	if errors.As(err, &bad) && bad.Type != "" {
		return "body." + string(bad.Type)
	}
	return "body.filter"
}

// record reads the demand or the program of the body into the request.
func (b *matchBody) record(r *market.MatchRequest) error {
	switch {
	case len(b.Demand) > 0 && len(b.Program) > 0:
		return invalid(ProblemError{Location: "body.program", Message: "must not be given together with demand"})
	case len(b.Demand) > 0:
		if errs := b.Filter.demandsOnly(); len(errs) > 0 {
			return invalid(errs...)
		}
		rec, err := unsaved(b.Demand, talent.TypeDemand, unsavedDemand)
		if err != nil {
			return problemOf(err, "body.demand")
		}
		r.Demand = rec.(*talent.Demand)
	case len(b.Program) > 0:
		rec, err := unsaved(b.Program, talent.TypeProgram, unsavedProgram)
		if err != nil {
			return problemOf(err, "body.program")
		}
		r.Program = rec.(*talent.Program)
	default:
		return invalid(ProblemError{Location: "body", Message: "needs demand or program"})
	}
	return nil
}

// What an unsaved record need not have, and what validation gets instead.
var (
	unsavedDemand  = []member{{"id", json.RawMessage(`"unsaved"`)}, {"employer", json.RawMessage(`"unsaved"`)}, {"headcount", json.RawMessage(`1`)}}
	unsavedProgram = []member{{"id", json.RawMessage(`"unsaved"`)}, {"school", json.RawMessage(`"unsaved"`)}}
)

func unsaved(raw json.RawMessage, t talent.Type, optional []member) (talent.Record, error) {
	return talent.Decode(fill(raw, optional...), t)
}

// matchSchema is the schema of the body, with records that lack what an unsaved one
// may lack.
func (s *server) matchSchema() *huma.Schema {
	body := schemaOf[matchBody](s)
	registry := s.api.OpenAPI().Components.Schemas
	properties := registry.SchemaFromRef(body.Ref).Properties
	properties["demand"] = s.unsavedSchema("UnsavedDemand", schemaOf[talent.Demand](s), unsavedDemand)
	properties["program"] = s.unsavedSchema("UnsavedProgram", schemaOf[talent.Program](s), unsavedProgram)
	return body
}

func (s *server) unsavedSchema(name string, of *huma.Schema, optional []member) *huma.Schema {
	registry := s.api.OpenAPI().Components.Schemas
	schema := *registry.SchemaFromRef(of.Ref)
	schema.Required = nil
	for _, field := range registry.SchemaFromRef(of.Ref).Required {
		if !given(optional, field) {
			schema.Required = append(schema.Required, field)
		}
	}
	registry.Map()[name] = &schema
	return &huma.Schema{Ref: "#/components/schemas/" + name}
}

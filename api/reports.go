package api

import (
	"context"
	"net/http"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
)

type alignParams struct {
	ID        string  `path:"id" maxLength:"300"`
	MinSkills float64 `query:"min_skills" minimum:"0" maximum:"1" default:"0.5" doc:"share of the skills asked for from which an opening counts as reached"`
	Limit     int     `query:"limit" minimum:"1" maximum:"1000" default:"50" doc:"openings listed"`
	demandFilter
}

type limitParams struct {
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

// alignAnswer and unresolvedAnswer are market's answers in the form of every list.
type alignAnswer struct {
	Items      []market.AlignOpening `json:"items"`
	NextCursor string                `json:"next_cursor" doc:"always empty"`
	Meta       market.AlignMeta      `json:"meta"`
}

type unresolvedAnswer struct {
	Items      []market.UnresolvedName `json:"items"`
	NextCursor string                  `json:"next_cursor" doc:"always empty"`
	Meta       versionMeta             `json:"meta"`
}

type packsAnswer struct {
	Items      []market.PackInfo `json:"items"`
	NextCursor string            `json:"next_cursor" doc:"always empty"`
	Meta       versionMeta       `json:"meta"`
}

type versionMeta struct {
	Versions market.Versions `json:"versions"`
}

func (s *server) addReports() {
	get := func(id, path, summary string, schema *huma.Schema, errs ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"reports"},
			Responses: answers(200, schema), Errors: errs}
	}
	s.addGaps()
	route(s, get("alignment", "/v1/programs/{id}/alignment", "Openings a program reaches, and what it teaches beside and below demand",
		schemaOf[alignAnswer](s), 404), s.alignment)
	route(s, get("unresolved-skills", "/v1/unresolved-skills", "Skill names that no taxonomy knows, most frequent first", schemaOf[unresolvedAnswer](s)), s.unresolved)
	route(s, get("packs", "/v1/packs", "The taxonomies in the store by name, with version, source, licence and records", schemaOf[packsAnswer](s)), s.packs)
}

func (s *server) alignment(ctx context.Context, in *request[alignParams]) (*reply, error) {
	p := &in.Params
	a, err := s.market.Align(ctx, market.AlignRequest{ProgramID: p.ID, MinSkills: p.MinSkills, Top: p.Limit, Filter: p.market()})
	if err != nil {
		return nil, err
	}
	m := a.Meta
	m.Missing, m.Below, m.Surplus = list(m.Missing), list(m.Below), list(m.Surplus)
	return answerJSON(alignAnswer{Items: list(a.Items), Meta: m})
}

func (s *server) unresolved(ctx context.Context, in *request[limitParams]) (*reply, error) {
	names, err := s.market.Unresolved(ctx, in.Params.Limit)
	if err != nil {
		return nil, err
	}
	versions, err := s.market.Versions(ctx)
	if err != nil {
		return nil, err
	}
	for i := range names {
		names[i].Records = list(names[i].Records)
	}
	return answerJSON(unresolvedAnswer{Items: list(names), Meta: versionMeta{versions}})
}

func (s *server) packs(ctx context.Context, _ *request[struct{}]) (*reply, error) {
	packs, err := s.market.Packs(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := s.market.Versions(ctx)
	if err != nil {
		return nil, err
	}
	return answerJSON(packsAnswer{Items: list(packs), Meta: versionMeta{versions}})
}

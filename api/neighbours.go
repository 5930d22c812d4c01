package api

import (
	"context"
	"net/http"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
)

type neighbourParams struct {
	ID    string `path:"id" maxLength:"300" doc:"id of a skill, or its name in either language"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
}

// neighbourAnswer is market's answer in the form of every list.
type neighbourAnswer struct {
	Items      []market.NeighbourItem `json:"items" doc:"most like it first"`
	NextCursor string                 `json:"next_cursor" doc:"always empty"`
	Meta       market.NeighbourMeta   `json:"meta"`
}

func (s *server) addNeighbours() {
	route(s, huma.Operation{OperationID: "skill-neighbours", Method: http.MethodGet, Path: "/v1/skills/{id}/neighbours", Tags: []string{"reports"},
		Summary:   "Skills that count for one where it is asked for, how much, and what taxonomy, lists and texts say of the two",
		Responses: answers(200, schemaOf[neighbourAnswer](s)), Errors: []int{404}}, s.neighbours)
}

func (s *server) neighbours(ctx context.Context, in *request[neighbourParams]) (*reply, error) {
	a, err := s.market.Neighbours(ctx, market.NeighbourRequest{Skill: in.Params.ID, Limit: in.Params.Limit})
	if err != nil {
		return nil, err
	}
	return answerJSON(neighbourAnswer{Items: list(a.Items), Meta: a.Meta})
}

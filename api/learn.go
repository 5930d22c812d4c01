package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// learnBody is the body of POST /v1/models.
type learnBody struct {
	For       string          `json:"for" enum:"programs,demands" doc:"which side asks: programs (demands are ranked for them) or demands"`
	AsOf      string          `json:"as_of" format:"date" maxLength:"10" doc:"date of the model, YYYY-MM-DD; nothing is computed from it"`
	Labels    json.RawMessage `json:"labels,omitempty" doc:"what is known to suit, instead of the store's outcomes; grade 0 means that it does not"`
	Unmatched []string        `json:"unmatched,omitempty" maxItems:"10000" doc:"queries that are known to have no match"`
	Group     string          `json:"group,omitempty" maxLength:"20" doc:"held out together: code:N (first N letters and digits of a program's code), school, employer, occupation, industry; empty: each query by itself"`
	Folds     int             `json:"folds,omitempty" minimum:"2" maximum:"20" default:"5"`
	Seed      int             `json:"seed,omitempty" minimum:"0" maximum:"2147483647" default:"1"`
}

// maxLearnedHere is how many labelled queries a request may learn from: more take longer
// than a request may.
const maxLearnedHere = 300

func (s *server) addModels() {
	route(s, huma.Operation{OperationID: "model", Method: http.MethodGet, Path: "/v1/model",
		Summary: "The model of the data folder: weights, what it was measured by, whether it may be used", Tags: []string{"matches"},
		Description: "talentmatch learn --out writes it. Matches use it only when asked to (learned=true).",
		Responses:   answers(200, schemaOf[market.Model](s)), Errors: []int{404}},
		func(ctx context.Context, _ *request[struct{}]) (*reply, error) {
			model, err := s.market.Model(ctx)
			if err != nil {
				return nil, err
			}
			return answerJSON(model)
		})
	route(s, huma.Operation{OperationID: "learn", Method: http.MethodPost, Path: "/v1/models",
		Summary: "Fit a model to outcomes or to judgements", Tags: []string{"matches"},
		Description: fmt.Sprintf("It is measured on groups that the fit has not seen, with the defaults beside it. Nothing is stored. "+
			"At most %d labelled queries are accepted here; talentmatch learn takes more.", maxLearnedHere),
		RequestBody: jsonBody(s.learnSchema()), Responses: answers(200, schemaOf[market.LearnReport](s))}, s.learn)
}

// learnSchema is the schema of the body with its rows.
func (s *server) learnSchema() *huma.Schema {
	body := schemaOf[learnBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	properties["labels"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[judgementRow](s), Description: properties["labels"].Description}
	return body
}

func (s *server) learn(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := learnBody{Folds: 5, Seed: 1}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	r := market.LearnRequest{For: body.For, Unmatched: body.Unmatched, Group: body.Group, Folds: body.Folds, Seed: uint64(body.Seed),
		AsOf: body.AsOf, Weights: matcher.DefaultWeights(), MaxQueries: maxLearnedHere}
	if len(body.Labels) > 0 {
		rows, err := decodeRows[judgementRow](ctx, body.Labels, "body.labels")
		if err != nil {
			return nil, err
		}
		r.Labels = make([]market.Label, len(rows))
		for i, row := range rows {
			r.Labels[i] = market.Label{Query: row.Query, ID: row.ID, Gain: max(0, float64(row.Grade))}
		}
	}
	report, err := s.market.Learn(ctx, r)
	if err != nil {
		return nil, problemOf(err, "body")
	}
	return answerJSON(report)
}

// ranker is the model of the data folder when a request asks for it.
func (s *server) ranker(ctx context.Context, learned bool, where string) (*market.Learned, error) {
	if !learned {
		return nil, nil
	}
	model, err := s.market.FolderModel(ctx)
	if err != nil {
		return nil, problemOf(talent.Invalid("learned", "true", "%v", err), where)
	}
	return model, nil
}

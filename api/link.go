package api

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"talentmatch/market"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// Bounds of one link request: its texts, and the candidates of all of them together.
const (
	maxLinkTexts      = 1000
	maxLinkCandidates = 50_000
)

// linkBody is the body of POST /v1/link. The texts are read row by row.
type linkBody struct {
	To    string          `json:"to" required:"true" enum:"skill,occupation" doc:"what is ranked"`
	Texts json.RawMessage `json:"texts" required:"true" doc:"at most 1000"`
	Limit int             `json:"limit,omitempty" minimum:"1" maximum:"1000" default:"50" doc:"candidates per text; at most 50000 for all texts together"`
	Pack  string          `json:"pack,omitempty" enum:"builtin" doc:"let the built-in taxonomy take part"`
}

// linkRow is one text; both fields are required.
type linkRow struct {
	ID   string `json:"id" minLength:"1" maxLength:"200" doc:"unique within the request"`
	Text string `json:"text" minLength:"1" maxLength:"100000"`
}

type linkAnswer struct {
	Items      []linkedText `json:"items" doc:"one a text, in the request's order"`
	NextCursor string       `json:"next_cursor" doc:"always empty"`
	Meta       linkMeta     `json:"meta"`
}

type linkedText struct {
	ID         string            `json:"id" doc:"of the text"`
	Candidates []market.LinkItem `json:"candidates" doc:"best first"`
}

type linkMeta struct {
	To       string          `json:"to"`
	Pack     string          `json:"pack,omitempty"`
	Limit    int             `json:"limit"`
	Versions market.Versions `json:"versions"`
}

// linkSchema is the schema of the body with its texts.
func (s *server) linkSchema() *huma.Schema {
	body := schemaOf[linkBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	least, most := 1, maxLinkTexts
	properties["texts"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[linkRow](s), MinItems: &least, MaxItems: &most}
	return body
}

func (s *server) link(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := linkBody{Limit: 50}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	if body.To == "" {
		return nil, invalid(ProblemError{Location: "body.to", Message: "is required"})
	}
	texts, err := linkTexts(ctx, &body)
	if err != nil {
		return nil, err
	}
	out := linkAnswer{Items: make([]linkedText, 0, len(texts)), Meta: linkMeta{To: body.To, Pack: body.Pack, Limit: body.Limit}}
	r := market.LinkRequest{To: talent.Type(body.To), Pack: body.Pack, Top: body.Limit, Texts: texts}
	err = s.market.Link(ctx, r, nil, func(a market.LinkAnswer) error {
		out.Items = append(out.Items, linkedText{ID: a.ID, Candidates: list(a.Items)})
		out.Meta.Versions = a.Versions
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answerJSON(out)
}

// linkTexts reads and checks the texts of a body.
func linkTexts(ctx context.Context, body *linkBody) ([]market.LinkText, error) {
	rows, err := decodeRows[linkRow](ctx, body.Texts, "body.texts")
	if err != nil {
		return nil, err
	}
	if len(rows) > maxLinkTexts {
		return nil, invalid(ProblemError{Location: "body.texts", Message: fmt.Sprintf("has %d texts, at most %d are accepted", len(rows), maxLinkTexts)})
	}
	if n := len(rows) * body.Limit; n > maxLinkCandidates {
		return nil, invalid(ProblemError{Location: "body.limit", Message: fmt.Sprintf("asks for %d candidates of %d texts, at most %d in all are accepted",
			body.Limit, len(rows), maxLinkCandidates)})
	}
	texts := make([]market.LinkText, len(rows))
	first := make(map[string]int, len(rows))
	var errs []ProblemError
	for i, r := range rows {
		if at, twice := first[r.ID]; twice {
			errs = append(errs, ProblemError{Location: fmt.Sprintf("body.texts[%d].id", i), Message: fmt.Sprintf("is given twice (first in texts[%d])", at), Value: talent.Shorten(r.ID)})
		} else {
			first[r.ID] = i
		}
		texts[i] = market.LinkText(r)
	}
	if len(errs) > 0 {
		return nil, invalid(errs[:min(len(errs), maxValues)]...)
	}
	return texts, nil
}

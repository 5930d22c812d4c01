package api

import (
	"context"
	"net/http"
	"reflect"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
)

// extractBody is the body of POST /v1/skills/extract.
type extractBody struct {
	Text    string `json:"text" required:"true" minLength:"1" maxLength:"100000" doc:"in Chinese, English or both"`
	Latent  bool   `json:"latent,omitempty" default:"false" doc:"add skills that a sentence means without naming one; about half of them are right"`
	Removed bool   `json:"removed,omitempty" default:"false" doc:"add what is named but not asked for, marked"`
}

type extractAnswer struct {
	Items      []market.ExtractItem `json:"items" doc:"in the order of the text"`
	NextCursor string               `json:"next_cursor" doc:"always empty"`
	Meta       extractMeta          `json:"meta"`
}

type extractMeta struct {
	Latent   bool            `json:"latent" doc:"as asked"`
	Removed  bool            `json:"removed" doc:"as asked"`
	Versions market.Versions `json:"versions"`
}

func (s *server) addTexts() {
	route(s, huma.Operation{OperationID: "extract-skills", Method: http.MethodPost, Path: "/v1/skills/extract",
		Summary: "Find the skills that a text names", Tags: []string{"texts"},
		Description: "Each place where a name, an alias or a misspelling of a skill stands, with what the words around say of level and need. " +
			"start and end count bytes of the text in UTF-8, start_char and end_char characters (code points); bytes that are no UTF-8 " +
			"count as U+FFFD each. A latent item is a whole sentence that names no skill and means one. Nothing is stored.",
		RequestBody: jsonBody(schemaOf[extractBody](s)), Responses: answers(200, schemaOf[extractAnswer](s))}, s.extract)
	route(s, huma.Operation{OperationID: "link", Method: http.MethodPost, Path: "/v1/link",
		Summary: "Rank skills or occupations for texts", Tags: []string{"texts"},
		Description: "For each text min(limit, records) candidates, the best first, zero scores included, ties by id. Scores are on one scale " +
			"across texts. Imported records of the type are ranked; those of the built-in taxonomy only with pack, or when there are no others.",
		RequestBody: jsonBody(s.linkSchema()), Responses: answers(200, schemaOf[linkAnswer](s))}, s.link)
}

func (s *server) extract(ctx context.Context, in *request[struct{}]) (*reply, error) {
	var body extractBody
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	if body.Text == "" {
		return nil, invalid(ProblemError{Location: "body.text", Message: "is required"})
	}
	out := extractAnswer{Meta: extractMeta{Latent: body.Latent, Removed: body.Removed}}
	r := market.ExtractRequest{Texts: []market.LinkText{{Text: body.Text}}, Latent: body.Latent, Removed: body.Removed}
	err := s.market.Extract(ctx, r, nil, func(a market.ExtractAnswer) error {
		out.Items, out.Meta.Versions = list(a.Items), a.Versions
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answerJSON(out)
}

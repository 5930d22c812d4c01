package api

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sort"
	"strings"

	"talentmatch/market"
	"talentmatch/matcher/evaluate"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
)

// evaluationBody is the body of POST /v1/evaluations. The two lists are read row by
// row: the body's size bounds them.
type evaluationBody struct {
	Run       json.RawMessage `json:"run" required:"true" doc:"what is measured, in any order"`
	Qrels     json.RawMessage `json:"qrels" required:"true" doc:"what is known to be relevant, in any order"`
	Intervals bool            `json:"intervals,omitempty" default:"false" doc:"add 95 % bootstrap intervals"`
	Seed      int             `json:"seed,omitempty" minimum:"0" maximum:"2147483647" default:"1" doc:"of the intervals"`
}

// runRow and judgementRow are the rows of the lists; every field is required. Their
// bounds are evaluate's, which a test compares.
type runRow struct {
	Query string  `json:"query" maxLength:"200"`
	ID    string  `json:"id" maxLength:"200" doc:"the document"`
	Rank  int     `json:"rank" minimum:"0" maximum:"1000000000" doc:"decides the order, lowest first; unique within a query"`
	Score float64 `json:"score" doc:"not used here: ranks decide ties"`
}

type judgementRow struct {
	Query string `json:"query" maxLength:"200"`
	ID    string `json:"id" maxLength:"200"`
	Grade int    `json:"grade" minimum:"-1000000" maximum:"1000000" doc:"the gain; relevant from 1 on"`
}

func (s *server) addEvaluations() {
	route(s, huma.Operation{OperationID: "evaluate", Method: http.MethodPost, Path: "/v1/evaluations",
		Summary: "Measure a ranking against judgements", Tags: []string{"reports"},
		Description: "nDCG@10, MAP, MRR, P@1, R@10, Hit@10 and RP@5 as trec_eval defines them, except that the rank decides the order " +
			"and not the score. meta holds the means over all judged queries with a relevant document; one that the run lacks counts 0, " +
			"queries of the run that nobody judged are left out. Nothing is stored; a further page is the same body with the cursor.",
		RequestBody: jsonBody(s.evaluationSchema()), Responses: answers(200, schemaOf[market.Evaluation](s))}, s.evaluate)
}

// evaluationSchema is the schema of the body with its rows.
func (s *server) evaluationSchema() *huma.Schema {
	body := schemaOf[evaluationBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	for name, row := range map[string]*huma.Schema{"run": schemaOf[runRow](s), "qrels": schemaOf[judgementRow](s)} {
		one := 1
		properties[name] = &huma.Schema{Type: huma.TypeArray, Items: row, MinItems: &one, Description: properties[name].Description}
	}
	return body
}

func (s *server) evaluate(ctx context.Context, in *request[pageParams]) (*reply, error) {
	after, err := evaluationCursor(in.Params.Cursor)
	if err != nil {
		return nil, err
	}
	body := evaluationBody{Seed: 1}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	run, err := decodeRows[runRow](ctx, body.Run, "body.run")
	if err != nil {
		return nil, err
	}
	qrels, err := decodeRows[judgementRow](ctx, body.Qrels, "body.qrels")
	if err != nil {
		return nil, err
	}
	input := market.EvaluationInput{Intervals: body.Intervals, Seed: uint64(body.Seed)}
	for _, r := range run {
		input.Run = append(input.Run, evaluate.Row{Query: r.Query, ID: r.ID, Rank: r.Rank, Score: r.Score})
	}
	for _, r := range qrels {
		input.Qrels = append(input.Qrels, evaluate.Judgement(r))
	}
	out, err := market.Evaluate(ctx, input)
	if err != nil {
		return nil, refusedEvaluation(err)
	}
	evaluationPage(out, after, in.Params.Limit)
	return answerJSON(out)
}

// refusedEvaluation translates what is wrong with the lists; the time's end stays as
// it is.
func refusedEvaluation(err error) error {
	var bad *market.EvaluationError
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &bad):
		e := ProblemError{Location: fmt.Sprintf("body.%s[%d].%s", bad.List, bad.Row, bad.Field), Message: talent.Shorten(bad.Reason)}
		if bad.First >= 0 {
			e.Message += fmt.Sprintf(" (first in %s[%d])", bad.List, bad.First)
		}
		return invalid(e)
	}
	list, reason, _ := strings.Cut(err.Error(), ": ")
	return invalid(ProblemError{Location: "body." + list, Message: reason})
}

// evaluationPage cuts the items to those behind a query, at most limit.
func evaluationPage(e *market.Evaluation, after string, limit int) {
	if after != "" {
		e.Items = e.Items[sort.Search(len(e.Items), func(i int) bool { return e.Items[i].Query > after }):]
	}
	if len(e.Items) > limit {
		e.Items = e.Items[:limit]
		e.NextCursor = base64.RawURLEncoding.EncodeToString([]byte(evaluationMark + e.Items[limit-1].Query))
	}
}

// evaluationMark tells our cursors from those of other lists.
const evaluationMark = "evaluation:"

// evaluationCursor is the query that a page begins behind.
func evaluationCursor(cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	after, ours := strings.CutPrefix(string(data), evaluationMark)
	if err != nil || !ours || after == "" {
		return "", invalid(ProblemError{Location: "query.cursor", Message: "is not a cursor of this list", Value: talent.Shorten(cursor)})
	}
	return after, nil
}

// decodeRows reads a list of objects whose fields are all required. It returns the
// first hundred things that are wrong.
func decodeRows[T any](ctx context.Context, raw json.RawMessage, at string) ([]T, error) {
	if len(raw) == 0 {
		return nil, invalid(ProblemError{Location: at, Message: "is required"})
	}
	var items []json.RawMessage
	if !bytes.HasPrefix(raw, []byte("[")) || json.Unmarshal(raw, &items) != nil {
		return nil, invalid(ProblemError{Location: at, Message: "must be a list", Value: talent.Shorten(strings.ToValidUTF8(string(raw), "\uFFFD"))})
	}
	if len(items) == 0 {
		return nil, invalid(ProblemError{Location: at, Message: "must not be empty"})
	}
	rules := rulesOf(reflect.TypeFor[T](), "json")
	rows := make([]T, len(items))
	var errs []ProblemError
	for i, item := range items {
		if i%1000 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		errs = append(errs, decodeRow(item, fmt.Sprintf("%s[%d]", at, i), rules, reflect.ValueOf(&rows[i]).Elem())...)
		if len(errs) >= maxValues {
			break
		}
	}
	if len(errs) > 0 {
		return nil, invalid(errs[:min(len(errs), maxValues)]...)
	}
	return rows, nil
}

func decodeRow(raw json.RawMessage, at string, rules []rule, dst reflect.Value) []ProblemError {
	fields, err := members(raw)
	if err != nil {
		return []ProblemError{{Location: at, Message: err.Error()}}
	}
	var errs []ProblemError
	for _, f := range fields {
		if r := find(rules, f.name); r == nil {
			errs = append(errs, ProblemError{Location: at + "." + talent.Shorten(f.name), Message: "is not a field here; known: " + names(rules)})
		} else if string(f.value) == "null" {
			errs = append(errs, ProblemError{Location: at + "." + r.name, Message: "must not be null"})
		} else {
			errs = append(errs, r.decode(f.value, at+"."+r.name, dst.FieldByIndex(r.index))...)
		}
	}
	for _, r := range rules {
		if !given(fields, r.name) {
			errs = append(errs, ProblemError{Location: at + "." + r.name, Message: "is required"})
		}
	}
	return errs
}

package api

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
)

// A form is a way other than JSON to give a report.
type form struct {
	name      string // the last part of the path, and of the operation's id
	mediaType string
	extension string
	schema    *huma.Schema
}

var (
	workbookForm = form{"workbook", workbookType, ".xlsx", &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	csvForm      = form{"csv", "text/csv; charset=utf-8", ".csv", &huma.Schema{Type: huma.TypeString}}
	ndjsonForm   = form{"ndjson", "application/x-ndjson", ".ndjson", &huma.Schema{Type: huma.TypeString}}
)

// A reportForm is a form with how it is written; in are the request's parameters.
type reportForm[P, A any] struct {
	form
	summary string
	write   func(w io.Writer, r *market.Report, a A, in P) error
}

// reportAt says where a report's forms are.
type reportAt struct {
	id, path string // of the report in JSON; forms stand below
	file     string // what a form is called when it is saved
	method   string
	body     *huma.RequestBody // of POST
	errors   []int
}

// addAnswer adds a report in JSON.
func addAnswer[P, A any](s *server, at reportAt, id, summary string, answer func(ctx context.Context, in *request[P]) (A, error)) {
	op := huma.Operation{OperationID: id, Method: at.method, Path: at.path, Summary: summary, Tags: []string{"reports"},
		Responses: answers(http.StatusOK, schemaOf[A](s)), RequestBody: at.body, Errors: at.errors}
	route(s, op, heavy(s, func(ctx context.Context, in *request[P]) (*reply, error) {
		a, err := answer(ctx, in)
		if err != nil {
			return nil, err
		}
		return answerJSON(a)
	}))
}

// addForms adds forms of a report. answer gets the parameters and, with POST, the body.
func addForms[P, A any](s *server, at reportAt, answer func(ctx context.Context, in *request[P]) (*market.Report, A, error), forms ...reportForm[P, A]) {
	for _, f := range forms {
		op := huma.Operation{OperationID: at.id + "-" + f.name, Method: at.method, Path: at.path + "/" + f.name, Summary: f.summary, Tags: []string{"reports"},
			Responses: answers(http.StatusOK, nil), RequestBody: at.body, Errors: at.errors}
		op.Responses["200"].Content = map[string]*huma.MediaType{f.mediaType: {Schema: f.schema}}
		route(s, op, heavy(s, func(ctx context.Context, in *request[P]) (*reply, error) {
			r, a, err := answer(ctx, in)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = f.write(&b, r, a, in.Params)
			return &reply{status: http.StatusOK, mediaType: f.mediaType, body: b.Bytes(),
				header: map[string]string{"Content-Disposition": "attachment; filename=" + at.file + f.extension}}, err
		}))
	}
}

// addReport adds a report as it is kept.
func addReport[P any](s *server, at reportAt, summary string, answer func(ctx context.Context, in *request[P]) (*market.Report, error)) {
	op := huma.Operation{OperationID: at.id + "-report", Method: at.method, Path: at.path + "/report", Summary: summary + ": what talentmatch replay makes again", Tags: []string{"reports"},
		Responses: answers(http.StatusOK, schemaOf[market.Report](s)), RequestBody: at.body, Errors: at.errors}
	route(s, op, heavy(s, func(ctx context.Context, in *request[P]) (*reply, error) {
		r, err := answer(ctx, in)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = r.Write(&b)
		return &reply{status: http.StatusOK, body: b.Bytes()}, err
	}))
}

// only is the report without its answer.
func only[P, A any](report func(context.Context, *request[P]) (*market.Report, A, error)) func(context.Context, *request[P]) (*market.Report, error) {
	return func(ctx context.Context, in *request[P]) (*market.Report, error) {
		r, _, err := report(ctx, in)
		return r, err
	}
}

// written drops the parameters that a form has no use for.
func written[P, A any](write func(io.Writer, A) error) func(io.Writer, *market.Report, A, P) error {
	return func(w io.Writer, _ *market.Report, a A, _ P) error { return write(w, a) }
}

// inRows writes a form whose rows say what they were computed from: CSV and NDJSON.
func inRows[P, A any](rows func(*market.Report, io.Writer, func(io.Writer) error) error, write func(io.Writer, A) error) func(io.Writer, *market.Report, A, P) error {
	return func(w io.Writer, r *market.Report, a A, _ P) error {
		return rows(r, w, func(w io.Writer) error { return write(w, a) })
	}
}

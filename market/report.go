package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"talentmatch/talent"
)

// A Report is an answer with everything that it takes to make it again: what was asked,
// with defaults filled in, and what it was computed from. The same request of the same
// records, taxonomy and software has the same bytes, after a restart and on an index that
// was built anew.
type Report struct {
	Format   int             `json:"format"` // reportFormat
	Kind     string          `json:"kind"`   // of ReportKinds
	Request  json.RawMessage `json:"request"`
	Seed     *uint64         `json:"seed"` // the request's; null when nothing is drawn
	Versions Versions        `json:"versions"`
	Answer   json.RawMessage `json:"answer"`
}

const reportFormat = 1

// A ReportRun makes the answer to a request of one kind: the request in JSON, in which
// unknown fields are errors, to the request with defaults filled in and the answer. The answer's JSON
// must have meta.versions (Versions) and must not depend on the clock, on threads or on the order
// of maps.
type ReportRun func(ctx context.Context, m *Market, request json.RawMessage) (filled, answer any, err error)

// reportRuns are the kinds of report, by name. A file of this package adds its own:
//
//	func init() { registerReport("forecast", runs((*Market).Forecast, (*ForecastRequest).complete)) }
var reportRuns = map[string]ReportRun{}

// registerReport adds a kind. It panics when there is one of that name.
func registerReport(kind string, run ReportRun) {
	if reportRuns[kind] != nil {
		panic("market: two reports of kind " + kind)
	}
	reportRuns[kind] = run
}

// runs makes a ReportRun of a method that answers a request and of what fills a request's
// defaults in (and refuses what is wrong).
func runs[R, A any](answer func(*Market, context.Context, R) (A, error), complete func(*R) error) ReportRun {
	return func(ctx context.Context, m *Market, raw json.RawMessage) (any, any, error) {
		var r R
		if err := strictJSON(raw, &r); err != nil {
			return nil, nil, fmt.Errorf("request: %w", err)
		}
		if err := complete(&r); err != nil {
			return nil, nil, err
		}
		a, err := answer(m, ctx, r)
		return &r, a, err
	}
}

// ReportKinds lists the kinds of report that can be kept and made again.
func ReportKinds() []string { return slices.Sorted(maps.Keys(reportRuns)) }

// strictJSON decodes one value; unknown fields, and more behind it, are errors.
func strictJSON(raw []byte, to any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("%w: %w", err, talent.ErrInvalid)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("there is more behind it: %w", talent.ErrInvalid)
	}
	return nil
}

// reported answers a request as it is kept: the report and its answer.
func reported[R, A any](kind string, r R, complete func(*R) error, answer func(R) (A, error)) (*Report, A, error) {
	var none A
	if err := complete(&r); err != nil {
		return nil, none, err
	}
	a, err := answer(r)
	if err != nil {
		return nil, none, err
	}
	report, err := NewReport(kind, r, a)
	return report, a, err
}

// NewReport puts an answer and the request, defaults filled in, into an envelope. Versions
// are taken from the answer's meta.versions, the seed from the request's seed.
func NewReport(kind string, request, answer any) (*Report, error) {
	r := &Report{Format: reportFormat, Kind: kind}
	var err error
	if r.Request, err = json.Marshal(request); err != nil {
		return nil, fmt.Errorf("report %s: request: %w", kind, err)
	}
	if r.Answer, err = json.Marshal(answer); err != nil {
		return nil, fmt.Errorf("report %s: answer: %w", kind, err)
	}
	var asked struct {
		Seed *uint64 `json:"seed"`
	}
	var of struct {
		Meta struct {
			Versions *Versions `json:"versions"`
		} `json:"meta"`
	}
	if err := json.Unmarshal(r.Request, &asked); err != nil {
		return nil, fmt.Errorf("report %s: request: %w", kind, err)
	}
	if err := json.Unmarshal(r.Answer, &of); err != nil || of.Meta.Versions == nil {
		return nil, fmt.Errorf("report %s: the answer has no meta.versions (%w)", kind, errors.Join(err, talent.ErrInvalid))
	}
	r.Seed, r.Versions = asked.Seed, *of.Meta.Versions
	return r, nil
}

// Write writes the report as a file: indented JSON, the same bytes for the same report.
func (r *Report) Write(w io.Writer) error {
	b, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(b, '\n'))
	return err
}

// ReadReport reads what Write has written. Errors wrap talent.ErrInvalid.
func ReadReport(file []byte) (*Report, error) {
	var r Report
	if err := strictJSON(file, &r); err != nil {
		if _, none := ReadAllocation(bytes.NewReader(file)); none == nil {
			return nil, fmt.Errorf("no report, but an allocation, which talentmatch allocate --verify FILE holds against the data: %w", talent.ErrInvalid)
		}
		return nil, fmt.Errorf("no report: %w", err)
	}
	if r.Format != reportFormat {
		return nil, fmt.Errorf("no report: %w", talent.Invalid("format", fmt.Sprint(r.Format), "must be %d", reportFormat))
	}
	if reportRuns[r.Kind] == nil {
		return nil, fmt.Errorf("no report: %w", talent.Invalid("kind", r.Kind, "must be one of %s", strings.Join(ReportKinds(), ", ")))
	}
	return &r, nil
}

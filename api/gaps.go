package api

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"talentmatch/market"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// request is what the parameters ask for.
func (p *gapParams) request() market.GapRequest {
	years := make([]string, len(p.Year))
	for i, y := range p.Year {
		years[i] = strconv.Itoa(y)
	}
	return market.GapRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Level: p.Level, Sort: p.Sort, Limit: p.Limit, Cursor: p.Cursor, DrillDown: p.Drill, Bootstrap: p.Bootstrap, Seed: uint64(p.Seed),
		Filter: market.GapFilter{Skill: p.Skill, Occupation: p.Occupation, Region: p.Region, Education: p.Education, Year: years, Industry: p.Industry, EmployerKind: p.Kind},
	}
}

// A gapFile is a form of the gap report other than JSON.
type gapFile struct {
	id, path, summary, mediaType, file string
	schema                             *huma.Schema
	write                              func(w *bytes.Buffer, a *market.GapAnswer, p *gapParams) error
}

// addGapFiles adds the gap report as files.
func (s *server) addGapFiles() {
	text, binary := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeString, Format: "binary"}
	for _, f := range []gapFile{
		{"gap-workbook", "/v1/gaps/workbook", "The gap report as a workbook (XLSX) with charts and definitions, headings in Chinese and English", workbookType, "gaps.xlsx", binary,
			func(w *bytes.Buffer, a *market.GapAnswer, _ *gapParams) error { return market.WriteGapWorkbook(w, a) }},
		{"gap-csv", "/v1/gaps/csv", "A page of the gap report as CSV", "text/csv; charset=utf-8", "gaps.csv", text,
			func(w *bytes.Buffer, a *market.GapAnswer, p *gapParams) error {
				return market.WriteGapCSV(w, a, p.Drill > 0)
			}},
		{"gap-ndjson", "/v1/gaps/ndjson", "A page of the gap report, a cell a line", "application/x-ndjson", "gaps.ndjson", text,
			func(w *bytes.Buffer, a *market.GapAnswer, _ *gapParams) error { return market.WriteGapNDJSON(w, a) }},
	} {
		op := huma.Operation{OperationID: f.id, Method: http.MethodGet, Path: f.path, Tags: []string{"reports"}, Summary: f.summary, Responses: answers(200, nil)}
		op.Responses["200"].Content = map[string]*huma.MediaType{f.mediaType: {Schema: f.schema}}
		stream(s, op, func(c *gin.Context, in gapParams) {
			a, err := s.market.Gaps(c.Request.Context(), in.request())
			if err != nil {
				s.answerError(c, err, "query")
				return
			}
			var b bytes.Buffer
			if err := f.write(&b, a, &in); err != nil {
				s.answerError(c, err, "query")
				return
			}
			c.Header("Content-Disposition", "attachment; filename="+f.file)
			c.Data(http.StatusOK, f.mediaType, b.Bytes())
		})
	}
	keep := huma.Operation{OperationID: "gap-report", Method: http.MethodGet, Path: "/v1/gaps/report", Tags: []string{"reports"},
		Summary: "The gap report with its request and versions: what talentmatch replay makes again", Responses: answers(200, schemaOf[market.Report](s))}
	route(s, keep, func(ctx context.Context, in *request[gapParams]) (*reply, error) {
		r, _, err := s.market.ReportGaps(ctx, in.Params.request())
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		err = r.Write(&b)
		return &reply{status: http.StatusOK, body: b.Bytes()}, err
	})
}

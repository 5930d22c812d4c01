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

type mismatchParams struct {
	By         []string `query:"by" required:"true" enum:"skill,occupation,region,education,year,industry,employer_kind" maxItems:"2" doc:"one or two dimensions"`
	Index      []string `query:"index" enum:"duncan,jackman-roper,jackman-roper-geometric,sahin,sahin-efficiency,jensen-shannon" maxItems:"6" doc:"all that apply when none is named"`
	Alpha      float64  `query:"alpha" minimum:"0" maximum:"1" default:"0.5" doc:"demand's weight in the matching function of sahin and sahin-efficiency; neither 0 nor 1"`
	Supply     string   `query:"supply" enum:"graduates,effective" default:"graduates" doc:"what is held against demand"`
	Trend      bool     `query:"trend" default:"false" doc:"the indices by year too"`
	RegionAt   string   `query:"region_at" enum:"province,prefecture,region" default:"province" doc:"how far regions are rolled up"`
	IndustryAt string   `query:"industry_at" enum:"section,division" default:"section" doc:"how far GB/T 4754 codes are rolled up"`
	Skill      []string `query:"skill"`
	Occupation []string `query:"occupation"`
	Region     []string `query:"region" doc:"regions; what lies inside counts"`
	Education  []string `query:"education" enum:"secondary,postsecondary,associate,bachelor,master,doctorate"`
	Year       []int    `query:"year" minimum:"1900" maximum:"2200"`
	Industry   []string `query:"industry" doc:"of demands: GB/T 4754 section or division, or another code; leaves no supply"`
	Kind       []string `query:"employer_kind" enum:"enterprise,university,college,secondary-school,research-institute,association,park,platform,government" doc:"leaves no supply"`
	Limit      int      `query:"limit" minimum:"0" maximum:"1000" default:"10" doc:"cells listed an index; the others are one sum"`
}

// request is what the parameters ask for.
func (p *mismatchParams) request() market.MismatchRequest {
	years := make([]string, len(p.Year))
	for i, y := range p.Year {
		years[i] = strconv.Itoa(y)
	}
	return market.MismatchRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Index: p.Index, Supply: p.Supply, Alpha: p.Alpha, Trend: p.Trend, Limit: p.Limit,
		Filter: market.GapFilter{Skill: p.Skill, Occupation: p.Occupation, Region: p.Region, Education: p.Education, Year: years, Industry: p.Industry, EmployerKind: p.Kind},
	}
}

// A mismatchFile is a form of the answer other than JSON.
type mismatchFile struct {
	id, path, summary, mediaType, file string
	schema                             *huma.Schema
	write                              func(w *bytes.Buffer, a *market.MismatchAnswer) error
}

// addMismatch adds the mismatch indices, as JSON and as files.
func (s *server) addMismatch() {
	op := func(id, path, summary string, schema *huma.Schema) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Tags: []string{"reports"}, Responses: answers(200, schema)}
	}
	route(s, op("mismatch", "/v1/mismatch", "Mismatch indices over cells of one or two dimensions of the gap report, with what each cell contributes", schemaOf[market.MismatchAnswer](s)), s.mismatch)
	route(s, op("mismatch-report", "/v1/mismatch/report", "The mismatch indices with their request and versions: what talentmatch replay makes again", schemaOf[market.Report](s)), s.mismatchReport)
	text, binary := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeString, Format: "binary"}
	for _, f := range []mismatchFile{
		{"mismatch-workbook", "/v1/mismatch/workbook", "The mismatch indices as a workbook (XLSX) with charts and definitions, headings in Chinese and English", workbookType, "mismatch.xlsx", binary,
			func(w *bytes.Buffer, a *market.MismatchAnswer) error { return market.WriteMismatchWorkbook(w, a) }},
		{"mismatch-csv", "/v1/mismatch/csv", "The mismatch indices, contributions, margins and years as CSV", "text/csv; charset=utf-8", "mismatch.csv", text,
			func(w *bytes.Buffer, a *market.MismatchAnswer) error { return market.WriteMismatchCSV(w, a) }},
		{"mismatch-ndjson", "/v1/mismatch/ndjson", "The mismatch indices, one a line", "application/x-ndjson", "mismatch.ndjson", text,
			func(w *bytes.Buffer, a *market.MismatchAnswer) error { return market.WriteMismatchNDJSON(w, a) }},
	} {
		o := op(f.id, f.path, f.summary, nil)
		o.Responses["200"].Content = map[string]*huma.MediaType{f.mediaType: {Schema: f.schema}}
		stream(s, o, func(c *gin.Context, in mismatchParams) {
			a, err := s.market.Mismatch(c.Request.Context(), in.request())
			if err != nil {
				s.answerError(c, err, "query")
				return
			}
			var b bytes.Buffer
			if err := f.write(&b, a); err != nil {
				s.answerError(c, err, "query")
				return
			}
			c.Header("Content-Disposition", "attachment; filename="+f.file)
			c.Data(http.StatusOK, f.mediaType, b.Bytes())
		})
	}
}

func (s *server) mismatch(ctx context.Context, in *request[mismatchParams]) (*reply, error) {
	a, err := s.market.Mismatch(ctx, in.Params.request())
	if err != nil {
		return nil, err
	}
	return answerJSON(a)
}

func (s *server) mismatchReport(ctx context.Context, in *request[mismatchParams]) (*reply, error) {
	r, _, err := s.market.ReportMismatch(ctx, in.Params.request())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = r.Write(&b)
	return &reply{status: http.StatusOK, body: b.Bytes()}, err
}

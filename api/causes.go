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

type causesParams struct {
	By         string   `query:"by" enum:"skill,occupation,region,education,year,industry,employer_kind" default:"occupation" doc:"what openings are grouped by"`
	RegionAt   string   `query:"region_at" enum:"province,prefecture,region" default:"province" doc:"how far regions of groups are rolled up"`
	IndustryAt string   `query:"industry_at" enum:"section,division" default:"section" doc:"how far GB/T 4754 codes are rolled up"`
	Skill      []string `query:"skill" doc:"openings that ask any of these"`
	Occupation []string `query:"occupation"`
	Region     []string `query:"region" doc:"regions; openings inside take part"`
	Alliance   string   `query:"alliance" doc:"openings of its members take part"`
	Education  []string `query:"education" enum:"secondary,postsecondary,associate,bachelor,master,doctorate"`
	Year       []int    `query:"year" minimum:"1900" maximum:"2200" doc:"in which openings start"`
	Industry   []string `query:"industry" doc:"GB/T 4754 section or division, or another code"`
	Kind       []string `query:"employer_kind" enum:"enterprise,university,college,secondary-school,research-institute,association,park,platform,government"`
	Programs   string   `query:"programs" enum:"all,inside" default:"all" doc:"programs that take part: all, or those inside the regions and the alliance"`
	Cohorts    []int    `query:"cohort" minimum:"1900" maximum:"2200" doc:"cohorts that leave in these years alone"`
	Reach      string   `query:"reach" enum:"prefecture,province,country" default:"province" doc:"where graduates stay who do not move"`
	MinSkills  float64  `query:"min_skills" minimum:"0" maximum:"1" default:"0.5" doc:"least share of the skills asked for that a program must cover"`
	Candidates int      `query:"candidates" minimum:"1" maximum:"1000" default:"20" doc:"able programs listed an opening where all of them are too many"`
	Cures      int      `query:"cures" minimum:"0" maximum:"20" default:"3" doc:"what would help, a group"`
	SurplusBy  string   `query:"surplus_by" enum:"region,education,program" default:"region" doc:"what graduates left over are grouped by"`
	pageParams
}

// request is what the parameters ask for.
func (p *causesParams) request() market.CausesRequest {
	years := make([]string, len(p.Year))
	for i, y := range p.Year {
		years[i] = strconv.Itoa(y)
	}
	return market.CausesRequest{
		By: p.By, RegionAt: p.RegionAt, IndustryAt: p.IndustryAt, Programs: p.Programs, Cohorts: p.Cohorts, Reach: p.Reach, MinSkills: p.MinSkills,
		Candidates: p.Candidates, Cures: p.Cures, SurplusBy: p.SurplusBy, Limit: p.Limit, Cursor: p.Cursor,
		Filter: market.CausesFilter{Alliance: p.Alliance, GapFilter: market.GapFilter{
			Skill: p.Skill, Occupation: p.Occupation, Region: p.Region, Education: p.Education, Year: years, Industry: p.Industry, EmployerKind: p.Kind,
		}},
	}
}

// addCauses adds the causes of unfilled heads, as JSON, as a kept report and as files.
func (s *server) addCauses() {
	get := func(id, path, summary string, schema *huma.Schema) huma.Operation {
		return huma.Operation{OperationID: id, Method: http.MethodGet, Path: path, Tags: []string{"reports"}, Summary: summary, Responses: answers(200, schema)}
	}
	route(s, get("causes", "/v1/gaps/causes", "Why openings stay unfilled: numbers, education, timing, skills, place or reservations; certain and possible shortages and surpluses; what would help", schemaOf[market.CausesAnswer](s)),
		func(ctx context.Context, in *request[causesParams]) (*reply, error) {
			a, err := s.market.Causes(ctx, in.Params.request())
			if err != nil {
				return nil, err
			}
			return answerJSON(a)
		})
	route(s, get("causes-report", "/v1/gaps/causes/report", "The causes of unfilled heads with their request and versions: what talentmatch replay makes again", schemaOf[market.Report](s)),
		func(ctx context.Context, in *request[causesParams]) (*reply, error) {
			r, _, err := s.market.ReportCauses(ctx, in.Params.request())
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = r.Write(&b)
			return &reply{status: http.StatusOK, body: b.Bytes()}, err
		})
	text, binary := &huma.Schema{Type: huma.TypeString}, &huma.Schema{Type: huma.TypeString, Format: "binary"}
	for _, f := range []struct {
		id, path, summary, mediaType, file string
		schema                             *huma.Schema
		write                              func(w *bytes.Buffer, a *market.CausesAnswer) error
	}{
		{"causes-workbook", "/v1/gaps/causes/workbook", "The causes of unfilled heads as a workbook (XLSX) with charts and definitions, headings in Chinese and English", workbookType, "causes.xlsx", binary,
			func(w *bytes.Buffer, a *market.CausesAnswer) error { return market.WriteCausesWorkbook(w, a) }},
		{"causes-csv", "/v1/gaps/causes/csv", "A page of the causes of unfilled heads as CSV", "text/csv; charset=utf-8", "causes.csv", text,
			func(w *bytes.Buffer, a *market.CausesAnswer) error { return market.WriteCausesCSV(w, a) }},
		{"causes-ndjson", "/v1/gaps/causes/ndjson", "A page of the causes of unfilled heads, a group a line", "application/x-ndjson", "causes.ndjson", text,
			func(w *bytes.Buffer, a *market.CausesAnswer) error { return market.WriteCausesNDJSON(w, a) }},
	} {
		op := get(f.id, f.path, f.summary, nil)
		op.Responses["200"].Content = map[string]*huma.MediaType{f.mediaType: {Schema: f.schema}}
		stream(s, op, func(c *gin.Context, in causesParams) {
			ctx, cancel := context.WithTimeout(c.Request.Context(), s.o.Timeout)
			defer cancel()
			a, err := s.market.Causes(ctx, in.request())
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

package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

const workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// allocationBody is the body of POST /v1/allocations.
type allocationBody struct {
	Policy   string          `json:"policy,omitempty" enum:"max-total,max-filled,stable,stable-employers,fair" default:"max-total"`
	FairBy   string          `json:"fair_by,omitempty" enum:"size,region,prefecture,province,enterprise,priority" doc:"for fair: what it is even among"`
	Region   []string        `json:"region,omitempty" maxItems:"100" doc:"openings and programs in these regions alone"`
	Alliance string          `json:"alliance,omitempty" maxLength:"128" doc:"openings and programs of its members alone"`
	Years    []int           `json:"years,omitempty" maxItems:"100" doc:"cohorts that leave in these years alone"`
	Top      int             `json:"top,omitempty" minimum:"1" maximum:"1000" default:"20" doc:"the best programs of each opening and openings of each program"`
	MinScore float64         `json:"min_score,omitempty" minimum:"0" maximum:"1" default:"0.3"`
	WaitCost float64         `json:"wait_cost,omitempty" minimum:"0" maximum:"10" doc:"what each year costs that graduates wait for the start, in scores"`
	Bounds   json.RawMessage `json:"bounds,omitempty" doc:"at most 10000; min is kept as far as possible, max always"`
}

// boundBody is one bound of it.
type boundBody struct {
	Program    string `json:"program,omitempty" maxLength:"128" doc:"by itself, or with a demand for the pair"`
	Demand     string `json:"demand,omitempty" maxLength:"128"`
	School     string `json:"school,omitempty" maxLength:"128"`
	Enterprise string `json:"enterprise,omitempty" maxLength:"128"`
	Region     string `json:"region,omitempty" maxLength:"128" doc:"openings in it; with of=programs what its programs place"`
	Of         string `json:"of,omitempty" enum:"openings,programs"`
	Min        int    `json:"min,omitempty" minimum:"0" maximum:"1000000000"`
	Max        int    `json:"max,omitempty" minimum:"0" maximum:"1000000000"`
}

// bounds reads the list.
func (b *allocationBody) bounds() ([]market.AllocationBound, error) {
	if len(b.Bounds) == 0 {
		return nil, nil
	}
	var items []json.RawMessage
	if !bytes.HasPrefix(b.Bounds, []byte("[")) || json.Unmarshal(b.Bounds, &items) != nil {
		return nil, invalid(ProblemError{Location: "body.bounds", Message: "must be a list"})
	}
	if len(items) > market.MostBounds {
		return nil, invalid(ProblemError{Location: "body.bounds", Message: fmt.Sprintf("must have at most %d bounds", market.MostBounds)})
	}
	out := make([]market.AllocationBound, len(items))
	for i, item := range items {
		row := boundBody{Min: -1, Max: -1}
		if errs := decodeObject(item, fmt.Sprintf("body.bounds[%d]", i), reflect.ValueOf(&row).Elem()); len(errs) > 0 {
			return nil, invalid(errs...)
		}
		out[i] = market.AllocationBound{Program: row.Program, Demand: row.Demand, School: row.School, Enterprise: row.Enterprise, Region: row.Region, Of: row.Of}
		for _, x := range []struct {
			value int
			to    **int64
		}{{row.Min, &out[i].Min}, {row.Max, &out[i].Max}} {
			if x.value >= 0 {
				v := int64(x.value)
				*x.to = &v
			}
		}
	}
	return out, nil
}

// allocationSchema is the schema of the body with its bounds.
func (s *server) allocationSchema() *huma.Schema {
	body := schemaOf[allocationBody](s)
	properties := s.api.OpenAPI().Components.Schemas.SchemaFromRef(body.Ref).Properties
	most := market.MostBounds
	properties["bounds"] = &huma.Schema{Type: huma.TypeArray, Items: schemaOf[boundBody](s), MaxItems: &most, Description: properties["bounds"].Description}
	return body
}

type allocationParams struct {
	ID string `path:"id" maxLength:"16"`
}

type allocationListParams struct {
	ID     string `path:"id" maxLength:"16"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"50"`
	Cursor string `query:"cursor" maxLength:"20"`
}

type allocationChangesParams struct {
	ID   string `path:"id" maxLength:"16"`
	From string `query:"from" required:"true" maxLength:"16" doc:"id of the allocation to compare with"`
}

// The lists of an allocation, in the form of every list.
type (
	keptAnswer struct {
		Items      []market.KeptAllocation `json:"items"`
		NextCursor string                  `json:"next_cursor" doc:"always empty"`
		Meta       versionMeta             `json:"meta"`
	}
	changesAnswer struct {
		Items      []market.AllocationChange `json:"items"`
		NextCursor string                    `json:"next_cursor" doc:"always empty"`
		Meta       changesMeta               `json:"meta"`
	}
	changesMeta struct {
		From market.AllocationSummary `json:"from"`
		To   market.AllocationSummary `json:"to"`
	}
	allocationPage[T any] struct {
		Items      []T                      `json:"items"`
		NextCursor string                   `json:"next_cursor"`
		Meta       market.AllocationSummary `json:"meta"`
	}
)

func (s *server) addAllocations() {
	op := func(id, method, path, summary string, status int, schema *huma.Schema, errs ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{"allocations"}, Responses: answers(status, schema), Errors: errs}
	}
	start := op("allocate", http.MethodPost, "/v1/allocations", "Seat graduates at openings so that by a policy nothing is better: a job", 202, schemaOf[jobAnswer](s), 503)
	start.Description = "The job's result is the path of the allocation, which is kept in the data folder with its proof."
	start.RequestBody = jsonBody(s.allocationSchema())
	start.Responses["202"].Headers["Location"] = &huma.Param{Schema: &huma.Schema{Type: huma.TypeString}}
	route(s, start, s.allocate)
	route(s, op("allocations", http.MethodGet, "/v1/allocations", "Allocations that are kept", 200, schemaOf[keptAnswer](s)), s.allocations)
	route(s, op("allocation", http.MethodGet, "/v1/allocations/{id}", "A whole allocation, with its proof: what talentmatch allocate --verify reads", 200, schemaOf[market.Allocation](s), 404),
		func(_ context.Context, in *request[allocationParams]) (*reply, error) {
			a, err := s.market.Allocation(in.Params.ID)
			if err != nil {
				return nil, err
			}
			var b bytes.Buffer
			err = market.WriteAllocation(&b, a)
			return &reply{status: http.StatusOK, body: b.Bytes()}, err
		})
	route(s, op("delete-allocation", http.MethodDelete, "/v1/allocations/{id}", "Forget an allocation", 204, nil, 404),
		func(_ context.Context, in *request[allocationParams]) (*reply, error) {
			return &reply{status: http.StatusNoContent}, s.market.DeleteAllocation(in.Params.ID)
		})
	book := op("allocation-workbook", http.MethodGet, "/v1/allocations/{id}/workbook", "An allocation as a workbook (XLSX), headings in Chinese and English", 200, nil, 404)
	book.Responses["200"].Content = map[string]*huma.MediaType{workbookType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	stream(s, book, func(c *gin.Context, in allocationParams) {
		a, err := s.market.Allocation(in.ID)
		if err != nil {
			s.answerError(c, err, "query")
			return
		}
		var b bytes.Buffer
		if err := market.WriteAllocationWorkbook(&b, a); err != nil {
			s.answerError(c, err, "query")
			return
		}
		c.Header("Content-Disposition", "attachment; filename=allocation-"+in.ID+".xlsx") // an id is digits and letters here
		c.Data(http.StatusOK, workbookType, b.Bytes())
	})
	addAllocationList(s, op, "seats", "Who is seated where", func(a *market.Allocation) []market.AllocatedSeat { return a.Seats })
	addAllocationList(s, op, "openings", "Openings, how far they are filled, and why no further", func(a *market.Allocation) []market.AllocatedOpening { return a.Openings })
	addAllocationList(s, op, "cohorts", "Cohorts, how many are placed, and why no more", func(a *market.Allocation) []market.AllocatedCohort { return a.Cohorts })
	addAllocationList(s, op, "reservations", "What came of agreements' seats", func(a *market.Allocation) []market.AllocatedReserve { return a.Reserved })
	addAllocationList(s, op, "groups", "Groups of a fair seating and how far they are filled", func(a *market.Allocation) []market.AllocatedGroup { return a.Groups })
	addAllocationList(s, op, "bounds", "Bounds and what they came to", func(a *market.Allocation) []market.AllocatedBound { return a.Bounds })
	route(s, op("allocation-changes", http.MethodGet, "/v1/allocations/{id}/changes", "Who gained and who lost against another allocation", 200, schemaOf[changesAnswer](s), 404),
		func(_ context.Context, in *request[allocationChangesParams]) (*reply, error) {
			from, err := s.market.Allocation(in.Params.From)
			if err != nil {
				return nil, err
			}
			to, err := s.market.Allocation(in.Params.ID)
			if err != nil {
				return nil, err
			}
			return answerJSON(changesAnswer{Items: market.DiffAllocations(from, to), Meta: changesMeta{from.Summary, to.Summary}})
		})
}

func addAllocationList[T any](s *server, op func(id, method, path, summary string, status int, schema *huma.Schema, errs ...int) huma.Operation, name, summary string, list func(*market.Allocation) []T) {
	route(s, op("allocation-"+name, http.MethodGet, "/v1/allocations/{id}/"+name, summary, 200, schemaOf[allocationPage[T]](s), 404),
		func(_ context.Context, in *request[allocationListParams]) (*reply, error) {
			a, err := s.market.Allocation(in.Params.ID)
			if err != nil {
				return nil, err
			}
			all, from := list(a), 0
			if c := in.Params.Cursor; c != "" {
				if from, err = strconv.Atoi(c); err != nil || from < 0 || from > len(all) {
					return nil, problemOf(talent.Invalid("cursor", c, "is not one that was given out for this list"), "query")
				}
			}
			to := min(len(all), from+in.Params.Limit)
			page := allocationPage[T]{Items: append([]T{}, all[from:to]...), Meta: a.Summary}
			if to < len(all) {
				page.NextCursor = strconv.Itoa(to)
			}
			return answerJSON(page)
		})
}

func (s *server) allocate(ctx context.Context, in *request[struct{}]) (*reply, error) {
	body := allocationBody{Policy: "max-total", Top: 20, MinScore: .3}
	if errs := decodeObject(in.Body, "body", reflect.ValueOf(&body).Elem()); len(errs) > 0 {
		return nil, invalid(errs...)
	}
	bounds, err := body.bounds()
	if err != nil {
		return nil, err
	}
	r := market.AllocationRequest{Policy: body.Policy, FairBy: body.FairBy, Region: body.Region, Alliance: body.Alliance, Years: body.Years, Top: body.Top,
		MinScore: body.MinScore, WaitCost: body.WaitCost, Bounds: bounds, Weights: matcher.DefaultWeights()}
	if err := s.market.CheckAllocation(ctx, r); err != nil {
		return nil, problemOf(err, "body")
	}
	job, err := s.jobs.start(ctx, "allocation", func(ctx context.Context, progress func(string, int, int)) (string, error) {
		r.Progress = progress
		a, err := s.market.Allocate(ctx, r)
		if err != nil {
			return "", err
		}
		progress("keeping", 0, 0)
		kept, err := s.market.KeepAllocation(a)
		if err != nil {
			return "", err
		}
		return "/v1/allocations/" + kept.ID, nil
	})
	if err != nil {
		return nil, err
	}
	return accepted(job)
}

func (s *server) allocations(ctx context.Context, _ *request[struct{}]) (*reply, error) {
	list, err := s.market.Allocations(ctx)
	if err != nil {
		return nil, err
	}
	versions, err := s.market.Versions(ctx)
	if err != nil {
		return nil, err
	}
	return answerJSON(keptAnswer{Items: list, Meta: versionMeta{versions}})
}

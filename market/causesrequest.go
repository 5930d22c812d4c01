package market

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"talentmatch/talent"
)

// CausesRequest asks how many heads stay empty when as many as can be are filled, and why.
// DefaultCausesRequest is where to begin: a zero means zero.
type CausesRequest struct {
	By         string       `json:"by"`          // one of gapDimensions; "occupation" by default
	RegionAt   string       `json:"region_at"`   // "province" (default), "prefecture", "region": how far regions of groups are rolled up
	IndustryAt string       `json:"industry_at"` // "section" (default), "division"
	Filter     CausesFilter `json:"filter"`      // openings that are shown and counted; the others compete with them
	Programs   string       `json:"programs"`    // "all" (default), "inside": a market of the filter's regions and alliance alone, in which neither other programs nor other openings take part
	Cohorts    []int        `json:"cohorts"`     // years of the cohorts that take part, 1900..2200; none: all
	Reach      string       `json:"reach"`       // "province" (default), "prefecture", "country": where graduates stay
	MinSkills  float64      `json:"min_skills"`  // least share of the skills asked for, 0..1
	Candidates int          `json:"candidates"`  // able programs listed an opening where all are too many, 1..1000
	Cures      int          `json:"cures"`       // a group, 0..20, and at most 3000 in all groups
	SurplusBy  string       `json:"surplus_by"`  // "region" (default, rolled up as region_at says), "education", "program"
	Limit      int          `json:"limit"`       // groups, and groups of surplus; 1..1000
	Cursor     string       `json:"cursor"`      // from the last answer

	Progress func(step string, done, total int) `json:"-"` // may be nil
}

// CausesFilter narrows the openings that are shown.
type CausesFilter struct {
	GapFilter
	Alliance string `json:"alliance,omitempty" doc:"openings of its members"`
}

// DefaultCausesRequest asks by occupation, in the whole market.
func DefaultCausesRequest() CausesRequest {
	return CausesRequest{By: "occupation", RegionAt: "province", IndustryAt: "section", Programs: "all", Reach: "province", MinSkills: .5, Candidates: 20, Cures: 3, SurplusBy: "region", Limit: 50}
}

// CausesReaches and CausesSurplusBy are the words of Reach and SurplusBy.
var (
	CausesReaches   = []string{"prefecture", "province", "country"}
	CausesSurplusBy = []string{"region", "education", "program"}
)

// mostCures is how many cures a page may have.
const mostCures = 3000

// Cohorts leave in these years.
const firstCohort, lastCohort = 1900, 2200

// complete fills in words that are left out and refuses what is wrong.
func (r *CausesRequest) complete() error {
	d := DefaultCausesRequest()
	for _, x := range []struct {
		field           string
		value           *string
		words           []string
		whenNothingSaid string
	}{
		{"by", &r.By, gapDimensions[:], d.By},
		{"region_at", &r.RegionAt, []string{"province", "prefecture", "region"}, d.RegionAt},
		{"industry_at", &r.IndustryAt, []string{"section", "division"}, d.IndustryAt},
		{"programs", &r.Programs, []string{"all", "inside"}, d.Programs},
		{"reach", &r.Reach, CausesReaches, d.Reach},
		{"surplus_by", &r.SurplusBy, CausesSurplusBy, d.SurplusBy},
	} {
		if *x.value == "" {
			*x.value = x.whenNothingSaid
		}
		if err := oneOf(x.field, *x.value, x.words); err != nil {
			return err
		}
	}
	if !(r.MinSkills >= 0 && r.MinSkills <= 1) {
		return talent.Invalid("min_skills", fmt.Sprint(r.MinSkills), "must be from 0 to 1")
	}
	for _, x := range []struct {
		field            string
		value, low, high int
	}{{"candidates", r.Candidates, 1, 1000}, {"cures", r.Cures, 0, 20}, {"limit", r.Limit, 1, MaxPage}} {
		if x.value < x.low || x.value > x.high {
			return talent.Invalid(x.field, strconv.Itoa(x.value), "must be from %d to %d", x.low, x.high)
		}
	}
	if r.Limit*r.Cures > mostCures {
		return talent.Invalid("cures", strconv.Itoa(r.Cures), "of %d groups are more than %d on a page: ask for fewer, or lower the limit", r.Limit, mostCures)
	}
	for _, year := range r.Cohorts {
		if year < firstCohort || year > lastCohort {
			return talent.Invalid("cohort", strconv.Itoa(year), "must be from %d to %d", firstCohort, lastCohort)
		}
	}
	r.Cohorts = append([]int{}, r.Cohorts...)
	slices.Sort(r.Cohorts)
	r.Cohorts = slices.Compact(r.Cohorts)
	return r.Filter.complete()
}

// fingerprint tells requests apart for which other groups come out.
func (r *CausesRequest) fingerprint() string {
	same := *r
	same.Limit, same.Cursor, same.Cures, same.SurplusBy = 0, "", 0, ""
	return sumOf(same)
}

// problem tells requests apart for which something else is to be solved.
func (r *CausesRequest) problem() string {
	p := CausesRequest{Cohorts: r.Cohorts, Reach: r.Reach, MinSkills: r.MinSkills, Candidates: r.Candidates}
	if r.closed() {
		p.Programs, p.Filter.Region, p.Filter.Alliance = r.Programs, r.Filter.Region, r.Filter.Alliance
	}
	return sumOf(p)
}

// closed says that the market is of the filter's regions and alliance alone.
func (r *CausesRequest) closed() bool {
	return r.Programs == "inside" && (len(r.Filter.Region) > 0 || r.Filter.Alliance != "")
}

func sumOf(r CausesRequest) string {
	h := sha256.New() // clients choose what it is of
	_ = json.NewEncoder(h).Encode(r)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

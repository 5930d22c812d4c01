package market

import (
	"io"

	"talentmatch/matcher"
)

// AllocationRequest asks for a seating of graduates at openings.
type AllocationRequest struct {
	Policy   string // max-total, max-filled, stable, stable-employers or fair
	FairBy   string // for fair: one of FairGroups
	Region   []string
	Alliance string // id; its members' programs and demands alone
	Years    []int  // cohorts that leave in these years; none for all
	Top      int    // the best programs of every demand and the best demands of every program, 1..1000
	MinScore float64
	WaitCost float64 // what a year costs that graduates wait for the start, in scores: 0..10
	Weights  matcher.Weights
	Bounds   []AllocationBound
	Progress func(step string, done, total int) // or nil
	// Problem, if not nil, is given what writes the problem as a DIMACS minimum-cost flow.
	Problem func(write func(io.Writer) error) error
}

// FairGroups are what fairness may look at: openings by their employer's size, by region
// (county, prefecture or province), by enterprise, or by priority.
var FairGroups = []string{"size", "region", "prefecture", "province", "enterprise", "priority"}

// AllocationBound bounds the units of one or two of the things it names: a pair (program
// and demand), or an enterprise, a school, a program, a demand, or a region's openings or programs.
type AllocationBound struct {
	Program    string `json:"program,omitempty"`
	Demand     string `json:"demand,omitempty"`
	School     string `json:"school,omitempty"`
	Enterprise string `json:"enterprise,omitempty"`
	Region     string `json:"region,omitempty" doc:"openings in it; with of=programs what its programs place"`
	Of         string `json:"of,omitempty" enum:"openings,programs"`
	Min        *int64 `json:"min,omitempty" doc:"as far as possible; what cannot be had is reported"`
	Max        *int64 `json:"max,omitempty"`
}

// Allocation is a seating of graduates at openings that cannot be improved by its policy.
// Its lists are ordered by id, so the same data give the same bytes.
type Allocation struct {
	Summary  AllocationSummary  `json:"summary"`
	Openings []AllocatedOpening `json:"openings"`
	Cohorts  []AllocatedCohort  `json:"cohorts"`
	Seats    []AllocatedSeat    `json:"seats"`
	Reserved []AllocatedReserve `json:"reservations,omitempty"`
	Bounds   []AllocatedBound   `json:"bounds,omitempty"`
	Groups   []AllocatedGroup   `json:"groups,omitempty"`
	Pairs    [][4]int32         `json:"pairs" doc:"opening, cohort (places in the lists above), value in ten-thousandths, value to the students"`
	Proof    *AllocationProof   `json:"proof,omitempty"`
	Meta     AllocationMeta     `json:"meta"`
}

// AllocationSummary is the whole in a few numbers. Values are sums of scores.
type AllocationSummary struct {
	Policy      string  `json:"policy"`
	Value       float64 `json:"value"`
	Openings    int     `json:"openings"`
	Headcount   int64   `json:"headcount"`
	Cohorts     int     `json:"cohorts"`
	Graduates   int64   `json:"graduates"`
	Filled      int64   `json:"filled"`
	Unfilled    int64   `json:"unfilled"`
	Unplaced    int64   `json:"unplaced"`
	OnReserved  int64   `json:"on_reserved_seats"`
	NotReserved int64   `json:"reserved_seats_not_taken"`
	BelowMin    int64   `json:"below_bounds"`
	Pairs       int     `json:"pairs"`
	// of a fair seating: what evenness costs, 1 - value / (value of max-total)
	PriceOfFairness *float64 `json:"price_of_fairness,omitempty"`
}

// AllocatedOpening is a demand and how far it was filled.
type AllocatedOpening struct {
	Demand       string            `json:"demand"`
	Title        string            `json:"title"`
	TitleEN      string            `json:"title_en,omitempty"`
	Employer     string            `json:"employer"`
	EmployerName string            `json:"employer_name,omitempty"`
	Region       string            `json:"region"`
	Start        string            `json:"start,omitempty"`
	Priority     int               `json:"priority"`
	Headcount    int32             `json:"headcount"`
	Filled       int32             `json:"filled"`
	Price        *float64          `json:"price,omitempty" doc:"what one more head would add to the value, at most"`
	Why          *AllocationReason `json:"why,omitempty"`
}

// AllocatedCohort is one year's graduates of a program and how many were placed.
type AllocatedCohort struct {
	Program    string            `json:"program"`
	Year       int               `json:"year"`
	Name       string            `json:"name"`
	NameEN     string            `json:"name_en,omitempty"`
	School     string            `json:"school"`
	SchoolName string            `json:"school_name,omitempty"`
	Region     string            `json:"region"`
	Graduates  int32             `json:"graduates" doc:"those already hired (outcome records) left out"`
	Bound      int32             `json:"hired_already,omitempty"`
	Placed     int32             `json:"placed"`
	Price      *float64          `json:"price,omitempty" doc:"what one more graduate would add to the value, at most"`
	Why        *AllocationReason `json:"why,omitempty"`
}

// AllocatedSeat is graduates of a cohort at an opening.
type AllocatedSeat struct {
	Demand    string  `json:"demand"`
	Program   string  `json:"program"`
	Year      int     `json:"year"`
	Units     int32   `json:"units"`
	Value     float64 `json:"value" doc:"of one unit: the score for this cohort, weighed by priority"`
	Agreement string  `json:"agreement,omitempty" doc:"whose reserved seats they take"`
}

// AllocationReason says why heads or graduates stay over.
type AllocationReason struct {
	Cause string `json:"cause" enum:"none-eligible,at-limit,reserved,none-left,worth-more-elsewhere,needed-first-elsewhere,prefer-elsewhere"`
	Short int32  `json:"short" doc:"heads or graduates that stay over"`
	// the best counterpart, and where its graduates, or the opening's heads, went
	Program string   `json:"program,omitempty"`
	Year    int      `json:"year,omitempty"`
	Demand  string   `json:"demand,omitempty"`
	Value   *float64 `json:"value,omitempty" doc:"of a unit of the counterpart here"`
	There   *float64 `json:"value_there,omitempty" doc:"of its least valued unit, where it is instead"`
	// where it is instead
	AtDemand  string         `json:"at_demand,omitempty"`
	AtProgram string         `json:"at_program,omitempty"`
	AtYear    int            `json:"at_year,omitempty"`
	Bound     *int           `json:"bound,omitempty" doc:"place in bounds of the one that is reached"`
	Gates     map[string]int `json:"gates,omitempty" doc:"for openings without an eligible program: programs stopped, by reason"`
	Repair    string         `json:"repair" doc:"the smallest change that would help"`
}

// AllocatedReserve is what came of an agreement's seats with one cohort.
type AllocatedReserve struct {
	Agreement string   `json:"agreement"`
	Program   string   `json:"program,omitempty"`
	Year      int      `json:"year,omitempty"`
	Seats     int32    `json:"seats"`
	Taken     int32    `json:"taken"`
	Price     *float64 `json:"price,omitempty" doc:"what one more reserved seat would add, the bonus for it included"`
	Why       string   `json:"why,omitempty" doc:"why seats could not be kept or were not taken"`
	Openings  []int32  `json:"openings,omitempty" doc:"for which they are kept: places in openings"`
}

// AllocatedBound is a bound and what it came to.
type AllocatedBound struct {
	AllocationBound
	Units    int64    `json:"units"`
	Short    int64    `json:"short,omitempty" doc:"units below min: not to be had beside the other bounds and seats"`
	Price    *float64 `json:"price,omitempty" doc:"what raising max by one would add to the value, at most"`
	Cohorts  []int32  `json:"of_cohorts,omitempty"`
	Openings []int32  `json:"of_openings,omitempty"`
	// of a bound that is short: the fewest others with which min cannot be kept; none when
	// what it is about cannot have so many by itself
	ConflictBounds     []int    `json:"conflict_bounds,omitempty" doc:"places in bounds"`
	ConflictAgreements []string `json:"conflict_agreements,omitempty" doc:"agreements whose reserved seats are in the way"`
	Repair             string   `json:"repair,omitempty" doc:"the smallest changes that would help, each by itself"`
}

// AllocatedGroup is openings among which a fair seating is even.
type AllocatedGroup struct {
	Group     string  `json:"group" doc:"what they have in common; - when nothing is said"`
	Headcount int64   `json:"headcount"`
	Filled    int64   `json:"filled"`
	Share     float64 `json:"share"`
	Openings  []int32 `json:"of_openings"`
}

// AllocationProof is the dual solution, in ten-thousandths, in the order of the lists.
type AllocationProof struct {
	FilledBonus int64            `json:"filled_bonus"`
	FirstBonus  int64            `json:"first_bonus"`
	Seat        []int64          `json:"seat"`
	Reserved    []int64          `json:"reserved,omitempty"`
	Head        []int64          `json:"head"`
	More        []int64          `json:"more,omitempty"`
	Less        []int64          `json:"less,omitempty"`
	Counts      *AllocationProof `json:"counts,omitempty"`
}

// AllocationMeta says what an allocation was computed from.
type AllocationMeta struct {
	Policy   string             `json:"policy"`
	FairBy   string             `json:"fair_by,omitempty"`
	Region   []string           `json:"region,omitempty"`
	Alliance string             `json:"alliance,omitempty"`
	Years    []int              `json:"years,omitempty"`
	Top      int                `json:"top"`
	MinScore float64            `json:"min_score"`
	WaitCost float64            `json:"wait_cost,omitempty"`
	Weights  map[string]float64 `json:"weights"`
	Problem  string             `json:"problem" doc:"SHA-256 of what was to be seated: openings, cohorts, pairs, reservations and bounds"`
	Versions Versions           `json:"versions"`
}

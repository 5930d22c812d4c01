package market

// GapRequest asks for the gap report.
type GapRequest struct {
	By         []string  `json:"by"`          // dimensions: skill, occupation, region, education, year, industry, employer_kind; at least one, at most 3
	RegionAt   string    `json:"region_at"`   // "province" (default), "prefecture", "region": how far regions are rolled up
	IndustryAt string    `json:"industry_at"` // "section" (default), "division": how far GB/T 4754 codes are rolled up
	Level      string    `json:"level"`       // "any" (default), "asked": of whom supply, gap and ratio are
	Sort       string    `json:"sort"`        // "gap" (default), "gap_at_level", "effective_gap", "demand", "no_eligible": the largest first
	Filter     GapFilter `json:"filter"`
	Limit      int       `json:"limit"`     // cells; 1..1000
	Cursor     string    `json:"cursor"`    // from the last answer
	DrillDown  int       `json:"drill"`     // ids listed per cell and side, 0..100
	Bootstrap  int       `json:"bootstrap"` // replicates from which intervals are made, 0..1000; 0 for none
	Seed       uint64    `json:"seed"`      // of the replicates; 0 without
}

// GapFilter narrows what is counted; "-" keeps records that say nothing of it. Industry and EmployerKind
// leave no supply: programs say nothing of them.
type GapFilter struct {
	Skill        []string `json:"skill,omitempty"`
	Occupation   []string `json:"occupation,omitempty"`
	Region       []string `json:"region,omitempty" doc:"regions; what lies inside counts"`
	Education    []string `json:"education,omitempty"`
	Year         []string `json:"year,omitempty"`
	Industry     []string `json:"industry,omitempty" doc:"GB/T 4754 section or division by code or name, or another code"`
	EmployerKind []string `json:"employer_kind,omitempty"`
}

// GapAnswer is a page of the gap report.
type GapAnswer struct {
	Items      []GapCell `json:"items"`
	NextCursor string    `json:"next_cursor"`
	Meta       GapMeta   `json:"meta"`
}

// GapCell is one cell. Null is "no data", which is not 0. GapDefinitions has the whole
// story of each number.
type GapCell struct {
	Keys    map[string]string `json:"keys" doc:"dimension -> id or word; - where records say nothing"`
	Names   map[string]string `json:"names" doc:"dimension -> label"`
	NamesEN map[string]string `json:"names_en" doc:"dimension -> label in English, where there is one"`
	Demand  *float64          `json:"demand" doc:"headcount of open demands"`
	Supply  *float64          `json:"supply" doc:"graduates; with level=asked those who count at the levels asked"`
	Gap     *float64          `json:"gap" doc:"demand - supply"`
	Ratio   *float64          `json:"ratio" doc:"supply / demand; null without demand"`

	SupplyAtLevel *float64 `json:"supply_at_level" doc:"graduates who count at the levels asked; null where skill is neither dimension nor a filter of one"`
	GapAtLevel    *float64 `json:"gap_at_level" doc:"demand - supply_at_level: above 0, heads that cannot be filled at their level"`

	FurtherStudy    *float64 `json:"further_study" doc:"graduates who go on to study"`
	Outflow         *float64 `json:"outflow" doc:"graduates who leave their region; null where region is neither dimension nor filter, or a whole country"`
	InMigration     *float64 `json:"in_migration" doc:"people who come into the region; below 0 who go, as far as there are any"`
	BelowLevel      *float64 `json:"below_level" doc:"of those who are left: who do not count at the levels asked"`
	EffectiveSupply *float64 `json:"effective_supply" doc:"graduates - further_study - outflow + in_migration - below_level; where supply is null, of in_migration alone"`
	EffectiveGap    *float64 `json:"effective_gap" doc:"demand - effective_supply"`

	NoEligible      *float64 `json:"no_eligible" doc:"share of the demand's heads with no eligible program anywhere; null without heads"`
	NoEligibleHeads int64    `json:"no_eligible_heads"`

	// with bootstrap, where the gap has data
	GapLo80           *float64 `json:"gap_lo80,omitempty" doc:"from here to gap_hi80 the gap lies with 80 %"`
	GapHi80           *float64 `json:"gap_hi80,omitempty"`
	GapLo95           *float64 `json:"gap_lo95,omitempty" doc:"from here to gap_hi95 the gap lies with 95 %"`
	GapHi95           *float64 `json:"gap_hi95,omitempty"`
	Shortage          *float64 `json:"p_shortage,omitempty" doc:"P(gap > 0)"`
	EffectiveGapLo80  *float64 `json:"effective_gap_lo80,omitempty"`
	EffectiveGapHi80  *float64 `json:"effective_gap_hi80,omitempty"`
	EffectiveGapLo95  *float64 `json:"effective_gap_lo95,omitempty"`
	EffectiveGapHi95  *float64 `json:"effective_gap_hi95,omitempty"`
	EffectiveShortage *float64 `json:"p_effective_shortage,omitempty" doc:"P(effective_gap > 0)"`

	Demands            int        `json:"demands" doc:"records behind the demand"`
	Programs           int        `json:"programs" doc:"records behind the supply"`
	NoFurtherStudyRate int        `json:"no_further_study_rate" doc:"of these programs: do not say how many go on to study, and count in full"`
	NoRetention        int        `json:"no_retention" doc:"of these programs: do not say how many stay, and count in full"`
	NoCohorts          int        `json:"programs_without_cohorts" doc:"of these programs: say of no year how many graduate; supply is null where all do"`
	OtherYears         int        `json:"programs_other_years" doc:"of these programs: say it of other years only; supply is null where none says it of a year that counts"`
	Levels             []GapLevel `json:"levels,omitempty" doc:"with drill, the levels asked"`
	DemandIDs          []string   `json:"demand_ids,omitempty"`
	ProgramIDs         []string   `json:"program_ids,omitempty"`
}

// GapLevel is one level that is asked of a skill.
type GapLevel struct {
	Level  int      `json:"level" doc:"1..5"`
	Demand float64  `json:"demand" doc:"heads that ask just this level"`
	Supply *float64 `json:"supply" doc:"graduates who have it or more"`
}

// GapMeta says what the report counts.
type GapMeta struct {
	By                 []string      `json:"by"`
	RegionAt           string        `json:"region_at,omitempty"`
	IndustryAt         string        `json:"industry_at,omitempty"`
	Level              string        `json:"level"`
	Sort               string        `json:"sort"`
	Filter             GapFilter     `json:"filter"`
	Cells              int           `json:"cells"`
	Demand             float64       `json:"demand" doc:"headcount of all open demands that pass the filter, each counted once"`
	Supply             float64       `json:"supply" doc:"graduates of all programs that pass the filter, each counted once, at any level"`
	Demands            int           `json:"demands" doc:"records"`
	Programs           int           `json:"programs" doc:"records"`
	NoCohorts          int           `json:"programs_without_cohorts" doc:"of these programs: without any cohort"`
	OtherYears         int           `json:"programs_other_years" doc:"of these programs: with cohorts in other years only"`
	Years              []int         `json:"years_counted,omitempty" doc:"whose cohorts count: those in which counted demands with heads start, or of the filter; absent where each program's newest cohort counts, or year is a dimension"`
	NoFurtherStudyRate GapUnsaid     `json:"no_further_study_rate" doc:"programs that do not say how many go on to study, and count in full"`
	NoRetention        GapUnsaid     `json:"no_retention" doc:"programs that do not say how many stay, where that counts"`
	InMigration        GapArrivals   `json:"in_migration" doc:"what came of the series of in-migration"`
	Counting           Definition    `json:"counting" doc:"how supply is attributed to a cell"`
	Caveats            []Caveat      `json:"caveats" doc:"what to know before the numbers are used"`
	Bootstrap          *GapBootstrap `json:"bootstrap,omitempty" doc:"what the intervals were drawn from"`
	Definitions        []Definition  `json:"definitions" doc:"what each number means"`
	Versions           Versions      `json:"versions"`
}

// GapBootstrap says how intervals were drawn.
type GapBootstrap struct {
	Replicates int    `json:"replicates"`
	Seed       uint64 `json:"seed"`
}

// Caveat is a reason to doubt a number.
type Caveat struct {
	Code  string `json:"code"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
	Years []int  `json:"years,omitempty"`
}

// GapUnsaid counts what a record does not say.
type GapUnsaid struct {
	Programs  int     `json:"programs"`
	Graduates float64 `json:"graduates"`
}

// GapArrivals is what came of the series of in-migration.
type GapArrivals struct {
	Series          int   `json:"series" doc:"with measure in_migration"`
	Counted         int   `json:"counted"`
	NotAttributable int   `json:"not_attributable" doc:"say nothing of just these cells"`
	CellsWithout    int   `json:"cells_without_records,omitempty" doc:"that people come into, and that no demand or program is in: left out"`
	YearsWithout    []int `json:"years_without,omitempty" doc:"that count and for which some series has no value"`
}

// AlignRequest asks how a program is aligned with demand.
type AlignRequest struct {
	ProgramID string
	MinSkills float64 // an opening is reached when eligible and its skills component is at least this; default 0.5
	Filter    MatchFilter
	Top       int // openings listed, 1..1000
}

// AlignAnswer is a program's alignment: items are the openings it reaches.
type AlignAnswer struct {
	Items []AlignOpening `json:"items"`
	Meta  AlignMeta      `json:"meta"`
}

// AlignOpening is one opening that the program reaches.
type AlignOpening struct {
	ID        string  `json:"id"`
	Rank      int     `json:"rank"`
	Name      string  `json:"name"`
	Owner     string  `json:"owner"`
	OwnerName string  `json:"owner_name"`
	Headcount int     `json:"headcount"`
	Score     float64 `json:"score"`
	Coverage  float64 `json:"coverage" doc:"the skills component: share of what is asked that is taught"`
}

// AlignMeta is the alignment itself.
type AlignMeta struct {
	Program           string         `json:"program"`
	Name              string         `json:"name"`
	Graduates         int            `json:"graduates" doc:"of the newest cohort"`
	MinSkills         float64        `json:"min_skills"`
	Eligible          int            `json:"eligible" doc:"openings that pass the gates"`
	EligibleHeadcount int            `json:"eligible_headcount"`
	Reached           int            `json:"reached"`
	ReachedHeadcount  int            `json:"reached_headcount"`
	Coverage          *float64       `json:"coverage" doc:"mean coverage of eligible openings with skills, weighted by headcount; null without any"`
	Missing           []AlignSkill   `json:"missing" doc:"asked for by openings within reach of education and timing, and not taught; the greatest loss first"`
	Below             []AlignSkill   `json:"below" doc:"taught below the level asked for"`
	Surplus           []AlignSkill   `json:"surplus" doc:"taught, and no opening within reach of education and timing asks for it or for anything close"`
	Gates             map[string]int `json:"gates"`
	Versions          Versions       `json:"versions"`
}

// AlignSkill is a skill in an alignment.
type AlignSkill struct {
	Skill     string  `json:"skill,omitempty"`
	Name      string  `json:"name"`
	NameEN    string  `json:"name_en,omitempty"`
	Headcount int     `json:"headcount,omitempty" doc:"heads of the openings that ask for it"`
	Openings  int     `json:"openings,omitempty"`
	Asked     float64 `json:"asked_level,omitempty" doc:"mean level asked, weighted by headcount"`
	Taught    int     `json:"taught_level,omitempty"`
	Course    string  `json:"course,omitempty"`
	Lost      float64 `json:"lost,omitempty" doc:"sum over openings of headcount, share of importance, credit not earned and coverage: what a course would gain where the program nearly fits"`
}

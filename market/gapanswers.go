package market

// GapRequest asks for the gap report.
type GapRequest struct {
	By        []string // dimensions: skill, occupation, region, education, year; at least one, at most 3
	RegionAt  string   // "province" (default), "prefecture", "region": how far regions are rolled up
	Filter    GapFilter
	Limit     int    // cells, largest gap first; 1..1000
	Cursor    string // from the last answer
	DrillDown int    // ids listed per cell and side, 0..100
}

// GapFilter narrows what is counted.
type GapFilter struct {
	Skill, Occupation, Region, Education, Year []string
}

// GapAnswer is a page of the gap report.
type GapAnswer struct {
	Items      []GapCell `json:"items"`
	NextCursor string    `json:"next_cursor"`
	Meta       GapMeta   `json:"meta"`
}

// GapCell is one cell. Null is "no data", which is not 0.
type GapCell struct {
	Keys       map[string]string `json:"keys" doc:"dimension -> id or word; - where records say nothing"`
	Names      map[string]string `json:"names" doc:"dimension -> label"`
	Demand     *float64          `json:"demand" doc:"headcount of open demands"`
	Supply     *float64          `json:"supply" doc:"graduates"`
	Gap        *float64          `json:"gap" doc:"demand - supply"`
	Ratio      *float64          `json:"ratio" doc:"supply / demand; null without demand"`
	Demands    int               `json:"demands" doc:"records behind the demand"`
	Programs   int               `json:"programs" doc:"records behind the supply"`
	DemandIDs  []string          `json:"demand_ids,omitempty"`
	ProgramIDs []string          `json:"program_ids,omitempty"`
}

// GapMeta says what the report counts.
type GapMeta struct {
	By       []string `json:"by"`
	RegionAt string   `json:"region_at,omitempty"`
	Cells    int      `json:"cells"`
	Demand   float64  `json:"demand" doc:"headcount of all open demands that pass the filter, each counted once"`
	Supply   float64  `json:"supply" doc:"graduates of all programs that pass the filter, each counted once"`
	Counting string   `json:"counting" doc:"how supply is attributed to a cell"`
	Versions Versions `json:"versions"`
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

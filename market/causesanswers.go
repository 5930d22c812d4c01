package market

// CausesAnswer is a page of groups of openings: what stays empty of each, and why.
type CausesAnswer struct {
	Items      []CausesGroup `json:"items"`
	NextCursor string        `json:"next_cursor"`
	Meta       CausesMeta    `json:"meta"`
}

// CausesGroup is openings that have something in common. CausesDefinitions says what its
// numbers mean.
type CausesGroup struct {
	Key     string `json:"key" doc:"id or word; - where records say nothing"`
	Name    string `json:"name"`
	NameEN  string `json:"name_en"`
	Demands int    `json:"demands" doc:"open demands"`

	Heads    int64       `json:"heads" doc:"headcount, less those who are hired"`
	Unfilled int64       `json:"unfilled" doc:"heads that stay empty in the greatest placement"`
	Shares   CauseShares `json:"shares" doc:"of the unfilled heads, by cause; adds up to them exactly"`
	Exact    CauseParts  `json:"shares_120" doc:"the same in 120ths of a head, not rounded"`

	CertainShortage  int64 `json:"certain_shortage" doc:"heads that stay empty in every greatest placement"`
	PossibleShortage int64 `json:"possible_shortage" doc:"heads that stay empty in some greatest placement"`

	Cures []CausesCure `json:"cures" doc:"what would fill its heads, the least change first"`
}

// CauseShares is heads by cause, in hundredths of a head.
type CauseShares struct {
	Numbers      float64 `json:"numbers" doc:"nobody is left for them whatever limit is lifted"`
	Education    float64 `json:"education"`
	Timing       float64 `json:"timing"`
	Skills       float64 `json:"skills"`
	Place        float64 `json:"place"`
	Reservations float64 `json:"reservations"`
}

// CauseParts is the same in 120ths of a head.
type CauseParts struct {
	Numbers      int64 `json:"numbers"`
	Education    int64 `json:"education"`
	Timing       int64 `json:"timing"`
	Skills       int64 `json:"skills"`
	Place        int64 `json:"place"`
	Reservations int64 `json:"reservations"`
}

// CauseHeads is heads by limit: whole ones of a whole market, halves where openings outside the
// filter compete.
type CauseHeads struct {
	Education    float64 `json:"education"`
	Timing       float64 `json:"timing"`
	Skills       float64 `json:"skills"`
	Place        float64 `json:"place"`
	Reservations float64 `json:"reservations"`
}

// CausesCure is one change that would help a group.
type CausesCure struct {
	Limits       []string `json:"limits" doc:"what is in the way: education, timing, skills, place, reservations; numbers: more graduates are needed"`
	Program      string   `json:"program"`
	Name         string   `json:"name"`
	NameEN       string   `json:"name_en"`
	School       string   `json:"school"`
	SchoolName   string   `json:"school_name"`
	SchoolNameEN string   `json:"school_name_en"`
	Year         int      `json:"year" doc:"of the cohort"`
	Heads        int64    `json:"heads" doc:"of the unfilled heads of the openings looked at it fills at most: they are unfilled, and so many of the cohort are free (or are to be enrolled)"`
	Openings     int      `json:"openings" doc:"of those looked at, so many it helps"`
	Unverified   bool     `json:"unverified" doc:"the program has no skill that a taxonomy knows"`
	InUse        bool     `json:"in_use,omitempty" doc:"nobody near is free: its graduates would do after the change, but are all in use, so more are needed"`
	Demand       string   `json:"demand" doc:"the one with most unfilled heads, which the rest is about"`
	Title        string   `json:"title"`
	TitleEN      string   `json:"title_en"`

	Education *CureEducation `json:"education,omitempty"`
	Timing    *CureTiming    `json:"timing,omitempty"`
	Skills    []CureSkill    `json:"skills,omitempty" doc:"fewest that would do"`
	FromText  bool           `json:"from_text,omitempty" doc:"the skills it has are found in its text: they must be entered with the lacking ones, since a text is not read once skills are entered"`
	Place     *CurePlace     `json:"place,omitempty"`
	Reserved  *CureReserved  `json:"reserved,omitempty"`

	Text   string `json:"text" doc:"the cure as a sentence, in Chinese"`
	TextEN string `json:"text_en"`
}

// CureEducation is a step between levels.
type CureEducation struct {
	Asked string `json:"asked"`
	Award string `json:"award"`
}

// CureTiming is how far a cohort leaves outside -24..36 months of the start.
type CureTiming struct {
	Start  string `json:"start"`
	Leaves string `json:"leaves"`
	Months int    `json:"months" doc:"too early when above 0, too late when below"`
}

// CureSkill is a skill to teach, or to teach further.
type CureSkill struct {
	Skill    string `json:"skill,omitempty"`
	Name     string `json:"name"`
	NameEN   string `json:"name_en,omitempty"`
	Asked    int    `json:"asked_level"`
	Taught   int    `json:"taught_level,omitempty" doc:"of the skill itself, or of the one nearest to it; none: nothing near is taught"`
	By       string `json:"by,omitempty" doc:"the one nearest to it, where that is taught instead"`
	ByEN     string `json:"by_en,omitempty"`
	Course   string `json:"course,omitempty"`
	Required bool   `json:"required,omitempty"`
}

// CurePlace is where graduates stay, and where they are wanted.
type CurePlace struct {
	From       string `json:"from"`
	FromName   string `json:"from_name"`
	FromNameEN string `json:"from_name_en"`
	To         string `json:"to"`
	ToName     string `json:"to_name"`
	ToNameEN   string `json:"to_name_en"`
}

// CureReserved is whom seats are reserved for.
type CureReserved struct {
	Enterprise string `json:"enterprise"`
	Name       string `json:"name"`
	NameEN     string `json:"name_en"`
	Seats      int64  `json:"seats"`
}

// CausesMeta says what the answer is of.
type CausesMeta struct {
	By         string       `json:"by"`
	RegionAt   string       `json:"region_at,omitempty"`
	IndustryAt string       `json:"industry_at,omitempty"`
	Filter     CausesFilter `json:"filter"`
	Programs   string       `json:"programs"`
	Cohorts    []int        `json:"cohorts"`
	Reach      string       `json:"reach"`
	MinSkills  float64      `json:"min_skills"`
	Candidates int          `json:"candidates"`
	Listed     string       `json:"listed" doc:"all: every able program was looked at; candidates: so many an opening, so that unfilled heads and the share of skills are upper bounds"`
	Order      string       `json:"order" doc:"in which openings are filled, which decides between groups"`

	Groups    int             `json:"groups"`
	Total     CausesTotal     `json:"total" doc:"of the filter's openings, every one once"`
	Competing CausesCompeting `json:"competing" doc:"openings outside the filter, which compete for the graduates"`
	Supply    CausesSupply    `json:"supply" doc:"of all graduates that take part, whoever uses them"`
	Surplus   []CausesSurplus `json:"surplus" doc:"graduates whom no opening can use, the most certain surplus first"`

	SurplusBy     string       `json:"surplus_by"`
	SurplusGroups int          `json:"surplus_groups" doc:"how many there are; surplus lists the first of them, as many as limit"`
	Definitions   []Definition `json:"definitions"`
	Versions      Versions     `json:"versions"`
}

// CausesCompeting is openings that are not shown.
type CausesCompeting struct {
	Demands int   `json:"demands"`
	Heads   int64 `json:"heads"`
	Filled  int64 `json:"filled"`
}

// CausesTotal is all openings of the filter together.
type CausesTotal struct {
	Demands  int   `json:"demands"`
	Heads    int64 `json:"heads"`
	Filled   int64 `json:"filled"`
	Unfilled int64 `json:"unfilled"`

	CertainShortage  int64 `json:"certain_shortage" doc:"heads that stay empty in every greatest placement: all unfilled ones, unless others compete"`
	PossibleShortage int64 `json:"possible_shortage" doc:"heads that stay empty in some greatest placement"`

	Shares CauseShares `json:"shares"`
	Exact  CauseParts  `json:"shares_120"`
	First  CauseHeads  `json:"lifted_first" doc:"heads that lifting this limit alone fills"`
	Last   CauseHeads  `json:"lifted_last" doc:"heads that it still keeps empty when all others are lifted"`
}

// CausesSupply is what became of the graduates.
type CausesSupply struct {
	Programs     int   `json:"programs"`
	Cohorts      int   `json:"cohorts"`
	Graduates    int64 `json:"graduates"`
	FurtherStudy int64 `json:"further_study" doc:"of them, go on to study"`
	Hired        int64 `json:"hired" doc:"of the others, are hired already"`
	Available    int64 `json:"available" doc:"are left"`
	Reserved     int64 `json:"reserved" doc:"of these, are reserved for an enterprise"`
	Moving       int64 `json:"moving" doc:"of these, take work anywhere; reserved ones not counted"`
	Used         int64 `json:"used" doc:"of these, fill a head in the greatest placement"`
	Surplus      int64 `json:"surplus" doc:"are left over in every greatest placement"`

	NoFurtherStudyRate CausesUnsaid `json:"no_further_study_rate" doc:"do not say how many study on, and count in full"`
	NoRetention        CausesUnsaid `json:"no_retention" doc:"do not say how many stay: all do"`
	Unverified         CausesUnsaid `json:"unverified" doc:"have no skill that a taxonomy knows: able for every opening"`
	NoCohorts          int          `json:"no_cohorts" doc:"programs that list no cohorts, and so no graduates"`
	NoSkills           int          `json:"no_skills" doc:"openings that ask no skills: every program is able"`
	NotReserved        int64        `json:"not_reserved" doc:"seats of agreements that no opening of the enterprise can use now; they are anyone's"`
}

// CausesUnsaid is programs that do not say something, and their available graduates.
type CausesUnsaid struct {
	Programs  int   `json:"programs"`
	Graduates int64 `json:"graduates"`
}

// CausesSurplus is graduates that have something in common.
type CausesSurplus struct {
	Key       string `json:"key"`
	Name      string `json:"name"`
	NameEN    string `json:"name_en"`
	Programs  int    `json:"programs"`
	Available int64  `json:"available"`
	Certain   int64  `json:"certain_surplus" doc:"are left over in every greatest placement"`
	Possible  int64  `json:"possible_surplus" doc:"are left over in some greatest placement"`
}

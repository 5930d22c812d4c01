package market

// Sources of a future gap's demand.
const (
	FromKnown      = "known"      // demands that are posted already, by start; nothing that is yet to be posted
	FromEmployment = "employment" // expansion and replacement, from series of employment by age group
)

// FutureGapRequest asks for the gap in the years to come: demand less what is in the pipeline.
type FutureGapRequest struct {
	By       string         `json:"by"`        // skill, occupation, region, education, industry; "" for all together
	Source   string         `json:"source"`    // FromDemands (default), FromKnown, FromSeries, FromEmployment
	Measure  string         `json:"measure"`   // of FromSeries: openings (default), postings ...
	RegionAt string         `json:"region_at"` // province (default), prefecture, region
	AsOf     int            `json:"as_of"`     // the last year that is known; 0: the last with posted demands, or with values
	Years    int            `json:"years"`     // how many years after it, 1..10; 0 for 3
	Filter   ForecastFilter `json:"filter"`
	// Scenarios are held against the answer without them.
	Scenarios []Scenario `json:"scenarios"`
	Sort      string     `json:"sort"`   // effective_gap (default), gap, demand, change: the largest of any year first
	Limit     int        `json:"limit"`  // cells, 1..1000; 0 for 50
	Cursor    string     `json:"cursor"` // from the last answer
}

// FutureGapAnswer is a page of cells, each with its years.
type FutureGapAnswer struct {
	Items      []FutureCell  `json:"items"`
	NextCursor string        `json:"next_cursor"`
	Meta       FutureGapMeta `json:"meta"`
}

// FutureCell is one cell.
type FutureCell struct {
	Key    string       `json:"key" doc:"id or word; - where records say nothing; total"`
	Name   string       `json:"name"`
	NameEN string       `json:"name_en,omitempty"`
	Years  []FutureYear `json:"years"`
}

// FutureYear is one cell in one year. Null is "no data", which is not 0.
type FutureYear struct {
	Year int `json:"year"`
	FutureFigures
	Scenarios []FutureScenario `json:"scenarios,omitempty" doc:"in the order of the request"`
}

// FutureScenario is the same year under a scenario.
type FutureScenario struct {
	Name   string `json:"name"`
	NameEN string `json:"name_en,omitempty"`
	FutureFigures
	DemandChange *float64 `json:"demand_change" doc:"demand less demand without the scenario"`
	SupplyChange *float64 `json:"supply_change" doc:"effective supply less the same without the scenario"`
	GapChange    *float64 `json:"gap_change" doc:"effective gap less the same without the scenario; of demand where supply has no data"`
}

// FutureFigures are the numbers of a year. FutureGapDefinitions has the whole story of each.
type FutureFigures struct {
	Demand     *float64 `json:"demand" doc:"heads wanted in the year"`
	DemandLo80 *float64 `json:"demand_lo80"`
	DemandHi80 *float64 `json:"demand_hi80"`
	DemandLo95 *float64 `json:"demand_lo95"`
	DemandHi95 *float64 `json:"demand_hi95"`

	Known       *float64 `json:"known" doc:"of the demand: posted already; null with other sources"`
	Foreseen    *float64 `json:"foreseen" doc:"of the demand: yet to be posted; null where nothing is forecast"`
	Expansion   *float64 `json:"expansion" doc:"source employment: change of the total"`
	Replacement *float64 `json:"replacement" doc:"source employment: who leaves"`

	Supply          *float64 `json:"supply" doc:"graduates of the year"`
	Assumed         *float64 `json:"assumed" doc:"of the supply: not enrolled as far as is known; the last intake is repeated"`
	FurtherStudy    *float64 `json:"further_study" doc:"who go on to study"`
	Outflow         *float64 `json:"outflow" doc:"who leave the region; null where region is neither dimension nor filter"`
	InMigration     *float64 `json:"in_migration" doc:"people who come into the region"`
	EffectiveSupply *float64 `json:"effective_supply" doc:"supply - further_study - outflow + in_migration"`

	Gap               *float64 `json:"gap" doc:"demand - supply"`
	GapLo80           *float64 `json:"gap_lo80"`
	GapHi80           *float64 `json:"gap_hi80"`
	GapLo95           *float64 `json:"gap_lo95"`
	GapHi95           *float64 `json:"gap_hi95"`
	Shortage          *float64 `json:"p_shortage" doc:"probability that a head is missing"`
	EffectiveGap      *float64 `json:"effective_gap" doc:"demand - effective_supply"`
	EffectiveGapLo80  *float64 `json:"effective_gap_lo80"`
	EffectiveGapHi80  *float64 `json:"effective_gap_hi80"`
	EffectiveGapLo95  *float64 `json:"effective_gap_lo95"`
	EffectiveGapHi95  *float64 `json:"effective_gap_hi95"`
	EffectiveShortage *float64 `json:"p_effective_shortage" doc:"the same of the effective gap"`
	Ratio             *float64 `json:"ratio" doc:"supply / demand; null without demand"`
}

// FutureGapMeta says what the report counts.
type FutureGapMeta struct {
	By         string          `json:"by"`
	Source     string          `json:"source"`
	Measure    string          `json:"measure,omitempty"`
	RegionAt   string          `json:"region_at,omitempty"`
	AsOf       int             `json:"as_of" doc:"the last year that is known"`
	Years      []int           `json:"years"`
	Sort       string          `json:"sort"`
	Filter     ForecastFilter  `json:"filter"`
	Cells      int             `json:"cells"`
	Demands    *FutureDemands  `json:"demands,omitempty" doc:"with source demands or known"`
	Series     *FutureSeries   `json:"series,omitempty" doc:"with source series or employment"`
	Pipeline   FuturePipeline  `json:"pipeline"`
	Scenarios  []FutureApplied `json:"scenarios,omitempty"`
	Failed     []ForecastFault `json:"failed" doc:"cells that could not be forecast"`
	Counting   string          `json:"counting" doc:"what belongs to a cell"`
	CountingZH string          `json:"counting_zh" doc:"the same in Chinese"`
	Notes      []FutureNote    `json:"notes"`

	Definitions []Definition `json:"definitions"`
	Versions    Versions     `json:"versions"`
}

// FutureDemands says which demands stand behind the report.
type FutureDemands struct {
	Records  int       `json:"records" doc:"known as of the year, whatever became of them"`
	Heads    float64   `json:"heads"`
	Until    string    `json:"until,omitempty" doc:"the last month of posting that is counted"`
	Undated  int       `json:"undated" doc:"records without a date of posting: known, and no part of the forecast"`
	Without  int       `json:"without_start" doc:"records that say neither when they were posted nor when they start: left out"`
	Later    float64   `json:"later_heads" doc:"known heads that are wanted after the last year"`
	Starting []float64 `json:"starting" doc:"shares of posted heads that are wanted so many whole years after the posting, from 0; what is missing to 1 was closed"`
}

// FutureSeries says which series stand behind the report.
type FutureSeries struct {
	Found           int `json:"found" doc:"of the measure"`
	Counted         int `json:"counted"`
	NotAttributable int `json:"not_attributable" doc:"say nothing of just these cells, or are by another age group"`
}

// FuturePipeline says which programs stand behind the supply.
type FuturePipeline struct {
	Programs       int     `json:"programs"`
	NoCohorts      int     `json:"no_cohorts" doc:"programs that list no cohort: left out"`
	NoCompletion   int     `json:"no_completion" doc:"programs that nothing says the completion of: that of the others is taken"`
	Completion     float64 `json:"completion" doc:"of all programs that say it, together; 1 when none does"`
	OneCohort      int     `json:"one_cohort" doc:"programs of one cohort: how their intake varies is not known, and counts 0"`
	NoStudyRate    int     `json:"no_further_study_rate" doc:"programs that do not say how many go on to study, and count in full"`
	NoRetention    int     `json:"no_retention" doc:"programs that do not say how many stay, where that counts"`
	AssumedHeads   float64 `json:"assumed" doc:"graduates of all years who are a repeated intake, each once"`
	PipelineHeads  float64 `json:"graduates" doc:"graduates of all years, each once"`
	LastKnownYears [2]int  `json:"last_known_years" doc:"the earliest and the latest of the programs' last cohorts; 0 without any"`
}

// FutureApplied says what a scenario did.
type FutureApplied struct {
	Name    string       `json:"name"`
	NameEN  string       `json:"name_en,omitempty"`
	Note    string       `json:"note,omitempty"`
	Changes []FutureNote `json:"changes" doc:"what each change touched, in their order"`
}

// FutureNote says something in both languages.
type FutureNote struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

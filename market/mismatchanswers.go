package market

// MismatchRequest asks for mismatch indices. DefaultMismatchRequest has what is usual.
type MismatchRequest struct {
	By         []string  `json:"by"`          // one or two dimensions of the gap report; not industry, employer_kind: programs carry none
	RegionAt   string    `json:"region_at"`   // as in GapRequest
	IndustryAt string    `json:"industry_at"` // as in GapRequest
	Index      []string  `json:"index"`       // of MismatchIndices; none: all that apply
	Supply     string    `json:"supply"`      // "graduates" (default), "effective": what is held against demand
	Alpha      float64   `json:"alpha"`       // demand's weight in the matching function, between 0 and 1, both excluded
	Trend      bool      `json:"trend"`       // the indices by year too
	Filter     GapFilter `json:"filter"`
	Limit      int       `json:"limit"` // contributions listed an index, groups a margin, 0..1000; the rest is one sum
}

// DefaultMismatchRequest asks for all indices that apply, over occupations.
func DefaultMismatchRequest() MismatchRequest {
	return MismatchRequest{By: []string{"occupation"}, Alpha: 0.5, Limit: 10}
}

// MismatchAnswer has an item for each index.
type MismatchAnswer struct {
	Items      []MismatchIndex `json:"items"`
	NextCursor string          `json:"next_cursor" doc:"always empty"`
	Meta       MismatchMeta    `json:"meta"`
}

// MismatchIndex is one index with what makes it up. Null is "no data", which is not 0.
type MismatchIndex struct {
	Index         string                 `json:"index" enum:"duncan,jackman-roper,jackman-roper-geometric,sahin,sahin-efficiency,jensen-shannon"`
	Alpha         *float64               `json:"alpha,omitempty" doc:"of sahin and sahin-efficiency"`
	Value         *float64               `json:"value" doc:"0..1; null when there is none"`
	None          string                 `json:"none,omitempty" enum:"no_cells,no_demand,no_supply,no_matching,no_outcomes" doc:"why there is no value"`
	Distance      *float64               `json:"distance,omitempty" doc:"root of jensen-shannon: a metric"`
	Structural    *float64               `json:"structural,omitempty" doc:"jackman-roper: people of supply beyond their cells' part"`
	Chance        *MismatchChance        `json:"chance,omitempty" doc:"duncan: what chance alone would give"`
	Demand        float64                `json:"demand" doc:"heads over the cells used"`
	Supply        float64                `json:"supply" doc:"people over the cells used"`
	Cells         int                    `json:"cells" doc:"used"`
	NoEfficiency  int                    `json:"no_efficiency" doc:"cells left out because no outcome says how well they match (sahin-efficiency)"`
	Contributions []MismatchContribution `json:"contributions" doc:"the largest first; with rest they add up to value"`
	Rest          *MismatchRest          `json:"rest,omitempty" doc:"cells that are not listed"`
	Margins       []MismatchMargin       `json:"margins,omitempty" doc:"of two dimensions, one after the other"`
	Trend         *MismatchTrend         `json:"trend,omitempty"`
}

// MismatchChance is the dissimilarity of random allocation.
type MismatchChance struct {
	Expected   float64 `json:"expected" doc:"by chance alone"`
	Systematic float64 `json:"systematic" doc:"what is left beyond chance, -1..1"`
	Smallest   float64 `json:"smallest" doc:"smallest expected number of people of either side in a cell; below 5 cells are small"`
	Method     string  `json:"method" enum:"hypergeometric,normal"`
}

// MismatchContribution is what one cell adds to an index.
type MismatchContribution struct {
	Keys        map[string]string `json:"keys" doc:"dimension -> id or word"`
	Names       map[string]string `json:"names" doc:"dimension -> label"`
	NamesEN     map[string]string `json:"names_en" doc:"dimension -> label in English, where there is one"`
	Demand      float64           `json:"demand"`
	Supply      float64           `json:"supply"`
	DemandShare float64           `json:"demand_share" doc:"of all demand, as the index takes it"`
	SupplyShare float64           `json:"supply_share"`
	Value       float64           `json:"value" doc:"part of the index"`
	Part        *float64          `json:"part" doc:"value as a share of the index; null where that is 0"`
	Side        string            `json:"side" enum:"short,surplus,balanced" doc:"short: demand has the larger share"`
	Heads       float64           `json:"heads" doc:"people of supply beyond (below 0: short of) the cell's part"`
}

// MismatchRest is the cells that are not listed, as one sum.
type MismatchRest struct {
	Cells       int      `json:"cells"`
	Demand      float64  `json:"demand"`
	Supply      float64  `json:"supply"`
	DemandShare float64  `json:"demand_share"`
	SupplyShare float64  `json:"supply_share"`
	Value       float64  `json:"value"`
	Part        *float64 `json:"part"`
	Heads       float64  `json:"heads"`
}

// MismatchMargin is the index over one of two dimensions, and what it leaves within.
type MismatchMargin struct {
	By      string          `json:"by"`
	Value   *float64        `json:"value" doc:"index over this dimension alone, of the same people; never above the joint index"`
	Between *float64        `json:"between,omitempty" doc:"jensen-shannon: part of the index between the groups of this dimension"`
	Within  *float64        `json:"within,omitempty" doc:"jensen-shannon: part of the index within them; between + within = value of the index"`
	Groups  []MismatchGroup `json:"groups,omitempty" doc:"jensen-shannon: the largest first"`
	Rest    *MismatchGroups `json:"rest,omitempty" doc:"groups that are not listed"`
}

// MismatchGroup is a value of a dimension.
type MismatchGroup struct {
	Key         string  `json:"key"`
	Name        string  `json:"name"`
	NameEN      string  `json:"name_en"`
	DemandShare float64 `json:"demand_share"`
	SupplyShare float64 `json:"supply_share"`
	Between     float64 `json:"between"`
	Within      float64 `json:"within"`
}

// MismatchGroups are the groups that are not listed, as one sum.
type MismatchGroups struct {
	Groups  int     `json:"groups"`
	Between float64 `json:"between"`
	Within  float64 `json:"within"`
}

// MismatchTrend is an index by year.
type MismatchTrend struct {
	Points  []MismatchPoint `json:"points"`
	Index   *MismatchSlope  `json:"index,omitempty" doc:"trend of the index; absent for fewer than two years with one"`
	Demand  *MismatchSlope  `json:"demand,omitempty" doc:"trend of total demand over the same years"`
	Supply  *MismatchSlope  `json:"supply,omitempty"`
	Caveats []Caveat        `json:"caveats"`
}

// MismatchPoint is one year: demand that starts and cohorts that graduate in it.
type MismatchPoint struct {
	Year   int      `json:"year"`
	Value  *float64 `json:"value"`
	None   string   `json:"none,omitempty" enum:"no_cells,no_demand,no_supply,no_matching,no_outcomes"`
	Demand float64  `json:"demand"`
	Supply float64  `json:"supply"`
	Cells  int      `json:"cells"`
	Chance *float64 `json:"chance" doc:"dissimilarity that chance alone would give over the same cells"`
}

// MismatchSlope is the trend of a series of years.
type MismatchSlope struct {
	Years   int     `json:"years"`
	PerYear float64 `json:"per_year" doc:"median of the slopes between all pairs of years (Theil-Sen)"`
	Tau     float64 `json:"tau" doc:"Kendall's, -1..1"`
	P       float64 `json:"p" doc:"Mann-Kendall, two-sided"`
	Exact   bool    `json:"exact" doc:"p by counting orders; else normal"`
}

// MismatchMeta says what the indices are of.
type MismatchMeta struct {
	By          []string           `json:"by"`
	RegionAt    string             `json:"region_at,omitempty"`
	IndustryAt  string             `json:"industry_at,omitempty"`
	SupplyOf    string             `json:"supply_of" enum:"graduates,effective"`
	Filter      GapFilter          `json:"filter"`
	Parameters  MismatchParameters `json:"parameters"`
	Demand      float64            `json:"demand" doc:"headcount of all open demands that pass the filter, each counted once"`
	Supply      float64            `json:"supply" doc:"graduates of all programs that pass the filter, each counted once"`
	Demands     int                `json:"demands" doc:"records"`
	Programs    int                `json:"programs" doc:"records"`
	Cells       MismatchCells      `json:"cells"`
	Hires       *MismatchHires     `json:"hires,omitempty" doc:"what came of the outcomes, where sahin-efficiency was looked for"`
	WithoutYear *MismatchLeft      `json:"without_year,omitempty" doc:"of a trend: what says no year and is in no point"`
	Counting    Definition         `json:"counting" doc:"how the gap report counts a cell"`
	Caveats     []Caveat           `json:"caveats"`
	Definitions []Definition       `json:"definitions"`
	Versions    Versions           `json:"versions"`
}

// MismatchParameters are what the formulas took.
type MismatchParameters struct {
	Alpha  float64 `json:"alpha"`
	Trend  bool    `json:"trend"`
	Limit  int     `json:"limit"`
	Level  float64 `json:"level" doc:"p below which a trend counts as one"`
	Change float64 `json:"change" doc:"drift of a total, as a share of its median, from which the trend of an index is doubted"`
	Chance float64 `json:"chance" doc:"dissimilarity by chance, as a share of the one found, from which cells count as small"`
}

// MismatchCells says what became of the gap report's cells. Sums are as counted in cells: of
// skills and occupations people count in several.
type MismatchCells struct {
	All        int          `json:"all"`
	Compared   int          `json:"compared"`
	Unlabelled MismatchLeft `json:"unlabelled" doc:"left out: records say nothing in some dimension"`
	Unresolved MismatchLeft `json:"unresolved" doc:"left out: skill names that no taxonomy knows, each written in its own way"`
	NoDemand   int          `json:"no_demand" doc:"left out: no data of demand"`
	NoSupply   int          `json:"no_supply" doc:"left out: no data of supply"`
	Neither    int          `json:"neither" doc:"left out: no data of either"`
}

// MismatchLeft is cells that were left out.
type MismatchLeft struct {
	Cells  int     `json:"cells"`
	Demand float64 `json:"demand"`
	Supply float64 `json:"supply"`
}

// MismatchHires is what came of the outcome records.
type MismatchHires struct {
	Outcomes int     `json:"outcomes" doc:"records"`
	Counted  int     `json:"counted" doc:"in some cell that is compared, of a year with heads posted and graduates there"`
	Hired    float64 `json:"hired" doc:"people hired of these, each once"`
	Cells    int     `json:"cells" doc:"for which hires say how well they match"`
}

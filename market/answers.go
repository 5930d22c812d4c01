package market

import (
	"talentmatch/index"
	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// Versions says what an answer was computed from.
type Versions struct {
	Data     int64  `json:"data" doc:"version of the store's newest change"`
	Taxonomy string `json:"taxonomy" doc:"fingerprint of the skills, occupations and regions, and of the crosswalks between them"`
	// what statistics say about skills was worked out from this (skillspace); it follows a
	// change of the taxonomy, or of a tenth of the demands and programs, some time later
	SkillSpace string `json:"skill_space,omitempty" doc:"version of the statistics of which skills are alike"`
	Software   string `json:"software"`
}

// A Page is a stretch of one collection in the order of ids.
type Page struct {
	Items []store.Item
	Next  string // cursor of the next page, "" at the end
	Total int    // records of the type
}

// MatchRequest asks for the best counterparts of one record.
type MatchRequest struct {
	// Exactly one is set: the id of a stored record, or an unsaved one.
	DemandID, ProgramID string
	Demand              *talent.Demand
	Program             *talent.Program

	Top      int             // 1..1000 for the API, more for files
	Weights  matcher.Weights // zero means zero; see matcher.DefaultWeights
	Filter   MatchFilter
	MinScore float64 // leaves out matches below, 0 keeps all
	// MinProbability leaves out matches below, 0 keeps all; when none is left the answer
	// says what the nearest one lacks.
	MinProbability float64
	Learned        *Learned // ranks by a model instead of Weights; nil
	Explain        bool     // fill Skills and Surplus
}

// MatchFilter narrows the candidates. Empty lists do not filter.
type MatchFilter struct {
	Region     []string `json:"region,omitempty" doc:"regions; what lies inside counts"`
	Education  []string `json:"education,omitempty"`
	Owner      []string `json:"owner,omitempty" doc:"ids of schools (programs) or employers (demands)"`
	Industry   []string `json:"industry,omitempty" doc:"demands only: GB/T 4754 section or division, or another code"`
	Occupation []string `json:"occupation,omitempty" doc:"demands only"`
	Mode       []string `json:"mode,omitempty" doc:"demands only"`
	Exclude    []string `json:"exclude,omitempty" doc:"ids to leave out"`
}

// MatchAnswer is the ranked counterparts of one record.
type MatchAnswer struct {
	Items []MatchItem `json:"items"`
	Meta  MatchMeta   `json:"meta"`
}

// MatchItem is one counterpart. Where nothing was learned, its probability is that of
// learn.DefaultCalibration, which says what it was measured on.
type MatchItem struct {
	ID          string             `json:"id"`
	Rank        int                `json:"rank" doc:"from 1"`
	Score       float64            `json:"score" doc:"0..1"`
	Probability *float64           `json:"probability" doc:"calibrated probability of a real match"`
	Components  map[string]float64 `json:"components" doc:"the parts that count, each 0..1"`
	NoData      []string           `json:"no_data,omitempty" doc:"components for which the program has no data and which count 0.5"`
	Unverified  bool               `json:"unverified,omitempty" doc:"required skills could not be checked: the program lists no known skill"`
	Name        string             `json:"name"`
	NameEN      string             `json:"name_en,omitempty"`
	Owner       string             `json:"owner" doc:"school or employer"`
	OwnerName   string             `json:"owner_name"`
	Region      string             `json:"region"`
	RegionName  string             `json:"region_name,omitempty"`
	Seats       int                `json:"seats" doc:"demand: headcount; program: graduates of the cohort that fits best, or of the newest"`
	Skills      []SkillMatch       `json:"skills" doc:"per skill asked for: what met it"`
	Surplus     []SurplusSkill     `json:"surplus,omitempty" doc:"taught and not asked for"`
}

// SkillMatch explains one skill that the demand asks for.
type SkillMatch struct {
	Skill      string  `json:"skill,omitempty" doc:"id; empty when no taxonomy knows the name"`
	Name       string  `json:"name"`
	NameEN     string  `json:"name_en,omitempty"`
	Importance float64 `json:"importance"`
	Level      int     `json:"level" doc:"asked for"`
	Required   bool    `json:"required,omitempty"`
	Extracted  bool    `json:"extracted,omitempty" doc:"found in the text, not entered"`
	Status     string  `json:"status" enum:"met,partly,below,missing"`
	Credit     float64 `json:"credit" doc:"similarity * min(1, taught level / level) * confidence"`
	Similarity float64 `json:"similarity,omitempty"`
	Why        string  `json:"why,omitempty" enum:"crosswalk,narrower,broader,related,together,text" doc:"where another skill earned the credit: how it is like the one asked for, as in the skill's neighbours"`
	ByID       string  `json:"by_skill,omitempty" doc:"the taught skill that earned the credit"`
	ByName     string  `json:"by_name,omitempty"`
	ByLevel    int     `json:"by_level,omitempty"`
	Course     string  `json:"course,omitempty" doc:"the course that teaches it"`
}

// SurplusSkill is a skill taught that nobody asks for here.
type SurplusSkill struct {
	Skill  string `json:"skill,omitempty"`
	Name   string `json:"name"`
	Level  int    `json:"level"`
	Course string `json:"course,omitempty"`
}

// MatchMeta says how the ranking came about.
type MatchMeta struct {
	Query      string             `json:"query" doc:"id of the record matched, empty for an unsaved one"`
	Side       string             `json:"side" enum:"programs,demands" doc:"what is ranked"`
	Considered int                `json:"considered"`
	Filtered   int                `json:"filtered"`
	Eligible   int                `json:"eligible"`
	Gates      map[string]int     `json:"gates" doc:"rejected, by the first gate that stopped the pair"`
	Weights    map[string]float64 `json:"weights"`
	Unresolved []string           `json:"unresolved,omitempty" doc:"skill names of the query that no taxonomy knows"`
	Fits       *float64           `json:"fits" doc:"calibrated probability that anything fits"`
	Nearest    *MatchItem         `json:"nearest,omitempty" doc:"when min_score or min_probability leaves nothing: the best match, with what it lacks"`
	Learned    *LearnedMeta       `json:"learned,omitempty" doc:"the model that ranked, when one was asked for"`
	Versions   Versions           `json:"versions"`
}

// SearchRequest asks for records by text and filters.
type SearchRequest struct {
	Text      string
	Types     []talent.Type       // none = all searchable types
	Filters   map[string][]string // see index.FilterFields
	Exclude   map[string][]string
	Facets    []string // see index.FacetFields
	Limit     int      // 1..1000
	Cursor    string
	Highlight bool
	Sort      string // "" by relevance, "id"
}

// SearchAnswer is a page of search results.
type SearchAnswer struct {
	Items      []SearchItem `json:"items"`
	NextCursor string       `json:"next_cursor"`
	Meta       SearchMeta   `json:"meta"`
}

// SearchItem is one found record.
type SearchItem struct {
	Type       talent.Type         `json:"type"`
	ID         string              `json:"id"`
	Score      float64             `json:"score" doc:"bleve's relevance: comparable within this answer only"`
	Name       string              `json:"name"`
	NameEN     string              `json:"name_en,omitempty"`
	Highlights map[string][]string `json:"highlights,omitempty" doc:"HTML fragments with <mark>"`
}

// SearchMeta says what was found in all.
type SearchMeta struct {
	Total    int                           `json:"total"`
	Facets   map[string][]index.FacetCount `json:"facets,omitempty"`
	Concepts []string                      `json:"concepts,omitempty" doc:"skills, occupations and regions that the query names"`
	Versions Versions                      `json:"versions"`
}

// ImportOptions says how files are imported.
type ImportOptions struct {
	DryRun   bool
	SkipBad  bool
	Type     talent.Type             // when the file does not say
	Encoding string                  // "", "utf-8", "gb18030"
	Progress func(done, total int64) // bytes of input, may be nil
}

// ImportReport is what an import did, or would do.
type ImportReport struct {
	DryRun     bool                        `json:"dry_run"`
	Committed  bool                        `json:"committed"`
	Types      map[talent.Type]ImportTally `json:"types"`
	Packs      []PackReport                `json:"packs,omitempty" doc:"the taxonomies that were given as folders"`
	Errors     []ImportError               `json:"errors" doc:"the first 1000"`
	Errored    int                         `json:"errored" doc:"all of them"`
	Skipped    int                         `json:"skipped" doc:"bad records left out with --skip-bad"`
	Warnings   []string                    `json:"warnings,omitempty"`
	Notes      []string                    `json:"notes,omitempty"`
	Unresolved map[string]int              `json:"unresolved,omitempty" doc:"skill names that no taxonomy knows, with how often they occur"`
	Version    int64                       `json:"version"`
}

// ImportTally counts the records of one type.
type ImportTally struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Kept      int `json:"kept,omitempty" doc:"of a taxonomy: users have their own, which stays"`
}

// ImportError is one thing wrong at one place.
type ImportError struct {
	File    string `json:"file"`
	Sheet   string `json:"sheet,omitempty"`
	Line    int    `json:"line"`
	Column  string `json:"column,omitempty"`
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"`
	Message string `json:"message"`
}

// BulkLine answers one line of a bulk stream.
type BulkLine struct {
	Line    int         `json:"line"`
	Type    talent.Type `json:"type,omitempty"`
	ID      string      `json:"id,omitempty"`
	Status  string      `json:"status" enum:"added,changed,unchanged,error"`
	Version int64       `json:"version,omitempty"`
	Errors  []BulkError `json:"errors,omitempty"`
}

// BulkError is one thing wrong with a line.
type BulkError struct {
	Field   string `json:"field,omitempty"`
	Value   string `json:"value,omitempty"`
	Message string `json:"message"`

	to talent.Type // of what a reference points at in vain
}

// VerifyReport compares the index with the store.
type VerifyReport struct {
	Version      int64          `json:"version"`
	IndexVersion int64          `json:"index_version"`
	Records      map[string]int `json:"records" doc:"searchable records in the store, by type"`
	Packs        []PackInfo     `json:"packs" doc:"the taxonomies in the store, by name"`
	Missing      []string       `json:"missing" doc:"in the store, not in the index (first 100)"`
	Stale        []string       `json:"stale" doc:"indexed in an older state (first 100)"`
	Extra        []string       `json:"extra" doc:"in the index, not in the store (first 100)"`
	Differences  int            `json:"differences" doc:"all of them"`
	StoreOK      bool           `json:"store_ok"`
	StoreError   string         `json:"store_error,omitempty"`
}

// OK reports whether nothing was found wrong.
func (r *VerifyReport) OK() bool { return r.StoreOK && r.Differences == 0 }

// UnresolvedName is a skill name that no taxonomy knows, and where it occurs.
type UnresolvedName struct {
	Name    string   `json:"name"`
	Count   int      `json:"count"`
	Records []string `json:"records" doc:"type:id of the first 20"`
}

// Key is an API key as far as it may be shown.
type Key struct {
	ID      string `json:"id" doc:"first characters of the key's hash"`
	Label   string `json:"label"`
	Created string `json:"created" doc:"RFC 3339"`
}

package talent

// Type is the name of a record type, the value of its "type" field.
type Type string

// The record types, in the order in which an import or export writes them so
// that a reference always points backwards.
const (
	TypeRegion       Type = "region"
	TypeSkill        Type = "skill"
	TypeOccupation   Type = "occupation"
	TypeOrganization Type = "organization"
	TypeAlliance     Type = "alliance"
	TypeProgram      Type = "program"
	TypeDemand       Type = "demand"
	TypeAgreement    Type = "agreement"
	TypeCrosswalk    Type = "crosswalk"
	TypeOutcome      Type = "outcome"
	TypeSeries       Type = "series"
)

// Types lists every record type, referred-to before referring.
var Types = []Type{
	TypeRegion, TypeSkill, TypeOccupation, TypeOrganization, TypeAlliance, TypeProgram,
	TypeDemand, TypeAgreement, TypeCrosswalk, TypeOutcome, TypeSeries,
}

// Plural is the name of the type's collection, as in /v1/demands.
func (t Type) Plural() string {
	if t == TypeSeries {
		return "series"
	}
	return string(t) + "s"
}

// Record is any of the record types, always handled by pointer.
type Record interface {
	RecordType() Type
	// RecordID is the id under which the record is stored. Types without an id
	// field (crosswalk, outcome) derive it from their key fields, joined by "~".
	RecordID() string
	// check adds what the field tags cannot express.
	check(*fieldErrors)
	setType()
}

// New returns an empty record of type t, or nil if there is no such type.
func New(t Type) Record {
	switch t {
	case TypeRegion:
		return &Region{}
	case TypeSkill:
		return &Skill{}
	case TypeOccupation:
		return &Occupation{}
	case TypeOrganization:
		return &Organization{}
	case TypeAlliance:
		return &Alliance{}
	case TypeProgram:
		return &Program{}
	case TypeDemand:
		return &Demand{}
	case TypeAgreement:
		return &Agreement{}
	case TypeCrosswalk:
		return &Crosswalk{}
	case TypeOutcome:
		return &Outcome{}
	case TypeSeries:
		return &Series{}
	}
	return nil
}

// A Ref is one reference from a record to another.
type Ref struct {
	Path string // the field that holds it, e.g. "skills[2].skill"
	Type Type   // what it points at
	ID   string
}

// The field tags below are read by three readers: this package's validation, the
// import help, and the OpenAPI document (whose generator knows the same names):
// json, doc, required, enum, minimum, maximum, maxLength, maxItems, format
// (id, year-month, date), and ref (the type that the id points at).

// Organization is a member of the market: who employs, teaches, hosts or governs.
type Organization struct {
	Type     Type   `json:"type" enum:"organization" required:"false"`
	ID       string `json:"id" format:"id" required:"true" doc:"1-128 characters of A-Za-z0-9._:-"`
	Name     string `json:"name" required:"true" maxLength:"500"`
	NameEN   string `json:"name_en,omitempty" maxLength:"500"`
	Kind     string `json:"kind" required:"true" enum:"enterprise,university,college,secondary-school,research-institute,association,park,platform,government"`
	Size     string `json:"size,omitempty" enum:"micro,small,medium,large"`
	Region   string `json:"region" required:"true" format:"id" ref:"region" doc:"GB/T 2260 code or an imported region"`
	Industry string `json:"industry,omitempty" maxLength:"64" doc:"GB/T 4754 section or division, or another code"`
	Note     string `json:"note,omitempty" maxLength:"2000"`
}

// Alliance is an industry-education alliance with its members and targets.
type Alliance struct {
	Type       Type             `json:"type" enum:"alliance" required:"false"`
	ID         string           `json:"id" format:"id" required:"true"`
	Name       string           `json:"name" required:"true" maxLength:"500"`
	NameEN     string           `json:"name_en,omitempty" maxLength:"500"`
	Kind       string           `json:"kind" required:"true" enum:"industry-community,regional-consortium,school-enterprise"`
	Regions    []string         `json:"regions,omitempty" format:"id" ref:"region" maxItems:"1000"`
	Industries []string         `json:"industries,omitempty" maxItems:"200" maxLength:"64"`
	Members    []AllianceMember `json:"members,omitempty" maxItems:"20000"`
	Targets    []AllianceTarget `json:"targets,omitempty" maxItems:"1000"`
	Note       string           `json:"note,omitempty" maxLength:"2000"`
}

// AllianceMember is one organization's part in an alliance.
type AllianceMember struct {
	Organization string `json:"organization" required:"true" format:"id" ref:"organization"`
	Role         string `json:"role" required:"true" enum:"chair,executive-vice-chair,vice-chair,council,member,secretariat"`
	Since        string `json:"since,omitempty" format:"date"`
}

// AllianceTarget is what an alliance said it would reach, and by when.
type AllianceTarget struct {
	Metric string  `json:"metric" required:"true" maxLength:"200"`
	Value  float64 `json:"value" required:"true"`
	By     string  `json:"by" required:"true" format:"date"`
	Note   string  `json:"note,omitempty" maxLength:"2000"`
}

// Region is a place. GB/T 2260 codes are built in (see Regions); any other id may
// be imported, hung below a built-in or imported parent.
type Region struct {
	Type   Type     `json:"type" enum:"region" required:"false"`
	ID     string   `json:"id" format:"id" required:"true"`
	Name   string   `json:"name" required:"true" maxLength:"500"`
	NameEN string   `json:"name_en,omitempty" maxLength:"500"`
	Parent string   `json:"parent,omitempty" format:"id" ref:"region"`
	Lat    *float64 `json:"lat,omitempty" minimum:"-90" maximum:"90" doc:"degrees north"`
	Lon    *float64 `json:"lon,omitempty" minimum:"-180" maximum:"180" doc:"degrees east"`
	Note   string   `json:"note,omitempty" maxLength:"2000"`
}

// Occupation is a job in a classification, with the skills that it needs.
type Occupation struct {
	Type    Type              `json:"type" enum:"occupation" required:"false"`
	ID      string            `json:"id" format:"id" required:"true"`
	Name    string            `json:"name" required:"true" maxLength:"500"`
	NameEN  string            `json:"name_en,omitempty" maxLength:"500"`
	Text    string            `json:"text,omitempty" maxLength:"200000"`
	TextEN  string            `json:"text_en,omitempty" maxLength:"200000"`
	Parent  string            `json:"parent,omitempty" format:"id" ref:"occupation"`
	Aliases []string          `json:"aliases,omitempty" maxItems:"2000" maxLength:"500"`
	Skills  []OccupationSkill `json:"skills,omitempty" maxItems:"1000"`
	Note    string            `json:"note,omitempty" maxLength:"2000"`
}

// OccupationSkill is one skill that an occupation needs.
type OccupationSkill struct {
	Skill      string   `json:"skill" required:"true" format:"id" ref:"skill"`
	Importance *float64 `json:"importance,omitempty" minimum:"0" maximum:"1" doc:"default 1"`
	Level      *int     `json:"level,omitempty" minimum:"1" maximum:"5" doc:"1 aware .. 5 expert, default 3"`
}

// Skill is something a person can know, do, use, hold or be.
type Skill struct {
	Type    Type     `json:"type" enum:"skill" required:"false"`
	ID      string   `json:"id" format:"id" required:"true"`
	Name    string   `json:"name" required:"true" maxLength:"500"`
	NameEN  string   `json:"name_en,omitempty" maxLength:"500"`
	Text    string   `json:"text,omitempty" maxLength:"200000"`
	TextEN  string   `json:"text_en,omitempty" maxLength:"200000"`
	Kind    string   `json:"kind,omitempty" enum:"knowledge,skill,tool,certificate,attitude,group" doc:"group: a heading of a taxonomy, which texts do not mean"`
	Broader []string `json:"broader,omitempty" format:"id" ref:"skill" maxItems:"200"`
	Related []string `json:"related,omitempty" format:"id" ref:"skill" maxItems:"1000"`
	Aliases []string `json:"aliases,omitempty" maxItems:"2000" maxLength:"500"`
	Note    string   `json:"note,omitempty" maxLength:"2000"`
}

// SkillGroup is the kind of a skill that is a heading of its taxonomy: it stands above
// others and can be named, but a text that uses its words does not mean it.
const SkillGroup = "group"

// Demand is what an enterprise needs: a position, how many, when, where, with
// which skills.
type Demand struct {
	Type       Type          `json:"type" enum:"demand" required:"false"`
	ID         string        `json:"id" format:"id" required:"true"`
	Employer   string        `json:"employer" required:"true" format:"id" ref:"organization"`
	Title      string        `json:"title" required:"true" maxLength:"500"`
	TitleEN    string        `json:"title_en,omitempty" maxLength:"500"`
	Text       string        `json:"text,omitempty" maxLength:"200000" doc:"the advertisement as people wrote it"`
	Occupation string        `json:"occupation,omitempty" format:"id" ref:"occupation"`
	Industry   string        `json:"industry,omitempty" maxLength:"64"`
	Region     string        `json:"region" required:"true" format:"id" ref:"region"`
	Headcount  int           `json:"headcount" required:"true" minimum:"0" maximum:"1000000000" doc:"people wanted"`
	Start      string        `json:"start,omitempty" format:"year-month" doc:"YYYY-MM"`
	Education  Education     `json:"education,omitempty" enum:"secondary,postsecondary,associate,bachelor,master,doctorate" doc:"the minimum, ISCED 2011; absent = no minimum"`
	Mode       string        `json:"mode,omitempty" enum:"hire,internship,order-class,apprenticeship"`
	Salary     *Salary       `json:"salary,omitempty"`
	Priority   *int          `json:"priority,omitempty" minimum:"1" maximum:"5" doc:"default 3"`
	Status     string        `json:"status,omitempty" enum:"open,filled,closed" doc:"default open"`
	Posted     string        `json:"posted,omitempty" format:"date"`
	Until      string        `json:"until,omitempty" format:"date"`
	Skills     []DemandSkill `json:"skills,omitempty" maxItems:"1000"`
	Note       string        `json:"note,omitempty" maxLength:"2000"`
}

// Salary is a pay range.
type Salary struct {
	Min      *float64 `json:"min,omitempty" minimum:"0" maximum:"1000000000000"`
	Max      *float64 `json:"max,omitempty" minimum:"0" maximum:"1000000000000"`
	Currency string   `json:"currency,omitempty" maxLength:"8" doc:"ISO 4217, e.g. CNY"`
	Per      string   `json:"per,omitempty" enum:"hour,day,month,year"`
}

// DemandSkill is one skill that a demand asks for, by id or by name.
type DemandSkill struct {
	Skill      string   `json:"skill,omitempty" format:"id" ref:"skill" doc:"a skill's id; or give name"`
	Name       string   `json:"name,omitempty" maxLength:"500" doc:"resolved through names and aliases; kept as written"`
	Importance *float64 `json:"importance,omitempty" minimum:"0" maximum:"1" doc:"default 1"`
	Level      *int     `json:"level,omitempty" minimum:"1" maximum:"5" doc:"1 aware .. 5 expert, default 3"`
	Required   bool     `json:"required,omitempty"`
}

// Program is what a school puts out: a course of study with its skills, courses
// and graduates.
type Program struct {
	Type             Type           `json:"type" enum:"program" required:"false"`
	ID               string         `json:"id" format:"id" required:"true"`
	School           string         `json:"school" required:"true" format:"id" ref:"organization"`
	Name             string         `json:"name" required:"true" maxLength:"500"`
	NameEN           string         `json:"name_en,omitempty" maxLength:"500"`
	Text             string         `json:"text,omitempty" maxLength:"200000"`
	Code             string         `json:"code,omitempty" maxLength:"64" doc:"the program's code in its catalogue"`
	Region           string         `json:"region" required:"true" format:"id" ref:"region"`
	Education        Education      `json:"education" required:"true" enum:"secondary,postsecondary,associate,bachelor,master,doctorate" doc:"the award, ISCED 2011"`
	Skills           []ProgramSkill `json:"skills,omitempty" maxItems:"1000"`
	Courses          []Course       `json:"courses,omitempty" maxItems:"1000"`
	Cohorts          []Cohort       `json:"cohorts,omitempty" maxItems:"200"`
	EmploymentRate   *float64       `json:"employment_rate,omitempty" minimum:"0" maximum:"1"`
	FurtherStudyRate *float64       `json:"further_study_rate,omitempty" minimum:"0" maximum:"1"`
	Retention        *float64       `json:"retention,omitempty" minimum:"0" maximum:"1" doc:"share of graduates staying in the region"`
	Note             string         `json:"note,omitempty" maxLength:"2000"`
}

// ProgramSkill is one skill that a program teaches, by id or by name.
type ProgramSkill struct {
	Skill  string `json:"skill,omitempty" format:"id" ref:"skill" doc:"a skill's id; or give name"`
	Name   string `json:"name,omitempty" maxLength:"500"`
	Level  *int   `json:"level,omitempty" minimum:"1" maximum:"5" doc:"1 aware .. 5 expert, default 3"`
	Course string `json:"course,omitempty" maxLength:"500" doc:"id or name of the course that teaches it"`
}

// Course is one course of a program. Its id is unique within the program only.
type Course struct {
	ID     string        `json:"id,omitempty" format:"id"`
	Name   string        `json:"name" required:"true" maxLength:"500"`
	Hours  *float64      `json:"hours,omitempty" minimum:"0" maximum:"100000"`
	Skills []CourseSkill `json:"skills,omitempty" maxItems:"1000"`
}

// CourseSkill is one skill that a course teaches, by id or by name.
type CourseSkill struct {
	Skill string `json:"skill,omitempty" format:"id" ref:"skill"`
	Name  string `json:"name,omitempty" maxLength:"500"`
	Level *int   `json:"level,omitempty" minimum:"1" maximum:"5" doc:"1 aware .. 5 expert, default 3"`
}

// Cohort is one year's students of a program; they leave in July of Year.
type Cohort struct {
	Year           int      `json:"year" required:"true" minimum:"1950" maximum:"2200"`
	Graduates      int      `json:"graduates" required:"true" minimum:"0" maximum:"1000000000"`
	Enrolled       *int     `json:"enrolled,omitempty" minimum:"0" maximum:"1000000000"`
	CompletionRate *float64 `json:"completion_rate,omitempty" minimum:"0" maximum:"1"`
}

// Agreement binds a program or school and an enterprise.
type Agreement struct {
	Type       Type   `json:"type" enum:"agreement" required:"false"`
	ID         string `json:"id" format:"id" required:"true"`
	Program    string `json:"program,omitempty" format:"id" ref:"program" doc:"program or school is required"`
	School     string `json:"school,omitempty" format:"id" ref:"organization"`
	Enterprise string `json:"enterprise" required:"true" format:"id" ref:"organization"`
	Demand     string `json:"demand,omitempty" format:"id" ref:"demand"`
	Kind       string `json:"kind,omitempty" enum:"order-class,internship,training-base,practice-centre,innovation-centre,mentor,apprenticeship,industry-college,joint-research"`
	Seats      *int   `json:"seats,omitempty" minimum:"0" maximum:"1000000000"`
	From       string `json:"from,omitempty" format:"date"`
	Until      string `json:"until,omitempty" format:"date"`
	Note       string `json:"note,omitempty" maxLength:"2000"`
}

// Crosswalk links ids (occupations, skills or program codes) of two packs. Its
// ends are not checked: program codes are no records.
type Crosswalk struct {
	Type   Type    `json:"type" enum:"crosswalk" required:"false"`
	From   string  `json:"from" required:"true" format:"id"`
	To     string  `json:"to" required:"true" format:"id"`
	Weight float64 `json:"weight" required:"true" minimum:"0" maximum:"1"`
	Source string  `json:"source,omitempty" maxLength:"500"`
	Note   string  `json:"note,omitempty" maxLength:"2000"`
}

// Outcome is what came of a match: how many of a program were hired for a demand.
type Outcome struct {
	Type    Type   `json:"type" enum:"outcome" required:"false"`
	Demand  string `json:"demand" required:"true" format:"id" ref:"demand"`
	Program string `json:"program" required:"true" format:"id" ref:"program"`
	Year    int    `json:"year" required:"true" minimum:"1950" maximum:"2200"`
	Hired   int    `json:"hired" required:"true" minimum:"0" maximum:"1000000000"`
	Rating  *int   `json:"rating,omitempty" minimum:"1" maximum:"5"`
	Note    string `json:"note,omitempty" maxLength:"2000"`
}

// Series is a time series of a labour-market measure.
type Series struct {
	Type     Type       `json:"type" enum:"series" required:"false"`
	ID       string     `json:"id" format:"id" required:"true"`
	Measure  string     `json:"measure,omitempty" maxLength:"64" doc:"openings, employment, postings ...; in_migration: people a year who come into keys.region"`
	AgeGroup string     `json:"age_group,omitempty" maxLength:"64"`
	Keys     SeriesKeys `json:"keys,omitzero"`
	Period   string     `json:"period,omitempty" enum:"year,quarter,month"`
	Start    string     `json:"start" required:"true" maxLength:"10" doc:"YYYY, YYYY-Qn or YYYY-MM"`
	Values   []float64  `json:"values" required:"true" maxItems:"100000"`
	Note     string     `json:"note,omitempty" maxLength:"2000"`
}

// SeriesKeys says what a series is about.
type SeriesKeys struct {
	Skill      string `json:"skill,omitempty" format:"id" ref:"skill"`
	Occupation string `json:"occupation,omitempty" format:"id" ref:"occupation"`
	Region     string `json:"region,omitempty" format:"id" ref:"region"`
	Industry   string `json:"industry,omitempty" maxLength:"64"`
}

func (r *Organization) RecordType() Type { return TypeOrganization }
func (r *Alliance) RecordType() Type     { return TypeAlliance }
func (r *Region) RecordType() Type       { return TypeRegion }
func (r *Occupation) RecordType() Type   { return TypeOccupation }
func (r *Skill) RecordType() Type        { return TypeSkill }
func (r *Demand) RecordType() Type       { return TypeDemand }
func (r *Program) RecordType() Type      { return TypeProgram }
func (r *Agreement) RecordType() Type    { return TypeAgreement }
func (r *Crosswalk) RecordType() Type    { return TypeCrosswalk }
func (r *Outcome) RecordType() Type      { return TypeOutcome }
func (r *Series) RecordType() Type       { return TypeSeries }

func (r *Organization) RecordID() string { return r.ID }
func (r *Alliance) RecordID() string     { return r.ID }
func (r *Region) RecordID() string       { return r.ID }
func (r *Occupation) RecordID() string   { return r.ID }
func (r *Skill) RecordID() string        { return r.ID }
func (r *Demand) RecordID() string       { return r.ID }
func (r *Program) RecordID() string      { return r.ID }
func (r *Agreement) RecordID() string    { return r.ID }
func (r *Crosswalk) RecordID() string    { return r.From + "~" + r.To }
func (r *Outcome) RecordID() string      { return r.Demand + "~" + r.Program + "~" + itoa(r.Year) }
func (r *Series) RecordID() string       { return r.ID }

func (r *Organization) setType() { r.Type = TypeOrganization }
func (r *Alliance) setType()     { r.Type = TypeAlliance }
func (r *Region) setType()       { r.Type = TypeRegion }
func (r *Occupation) setType()   { r.Type = TypeOccupation }
func (r *Skill) setType()        { r.Type = TypeSkill }
func (r *Demand) setType()       { r.Type = TypeDemand }
func (r *Program) setType()      { r.Type = TypeProgram }
func (r *Agreement) setType()    { r.Type = TypeAgreement }
func (r *Crosswalk) setType()    { r.Type = TypeCrosswalk }
func (r *Outcome) setType()      { r.Type = TypeOutcome }
func (r *Series) setType()       { r.Type = TypeSeries }

// DefaultLevel is the level of a skill for which none is given.
const DefaultLevel = 3

// LevelOf is a skill level in 1..5, the default when missing.
func LevelOf(level *int) int {
	if level == nil {
		return DefaultLevel
	}
	return *level
}

// ImportanceOf is an importance in [0,1], 1 when missing.
func ImportanceOf(v *float64) float64 {
	switch {
	case v == nil:
		return 1
	case *v < leastImportance:
		return 0
	}
	return *v
}

// leastImportance is the least importance that counts: sums of much smaller numbers
// have few digits left.
const leastImportance = 1e-6

// Open reports whether the demand may be matched.
func (r *Demand) Open() bool { return r.Status == "" || r.Status == "open" }

package market

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"talentmatch/talent"
)

// A Scenario says what would be different: a small file (JSON) that people write, or part
// of a request.
//
//	{"name": "物流园晚一年开园", "name_en": "The logistics park opens a year late",
//	 "changes": [{"delay": {"employer": "e.org.park", "months": 12}}]}
//
// Changes of one scenario apply together. Two that want the same thing otherwise, and what cannot be, are
// errors that name the change and the field, and then nothing of the scenario applies.
type Scenario struct {
	Name    string           `json:"name" required:"true" maxLength:"200" doc:"in Chinese, say"`
	NameEN  string           `json:"name_en,omitempty" maxLength:"200" doc:"in English"`
	Note    string           `json:"note,omitempty" maxLength:"2000"`
	Changes []ScenarioChange `json:"changes" required:"true" maxItems:"100" nullable:"false" doc:"at least one"`
}

// A ScenarioChange is one change, of one kind.
type ScenarioChange struct {
	Delay      *ScenarioDelay      `json:"delay,omitempty" doc:"people are needed later, or earlier"`
	Headcount  *ScenarioHeadcount  `json:"headcount,omitempty" doc:"more or fewer people are needed"`
	Postings   *ScenarioPostings   `json:"postings,omitempty" doc:"more or less is posted than is foreseen"`
	Intake     *ScenarioIntake     `json:"intake,omitempty" doc:"a program takes in more or fewer students"`
	Completion *ScenarioCompletion `json:"completion,omitempty" doc:"more or fewer students complete"`
	Growth     *ScenarioGrowth     `json:"employment_growth,omitempty" doc:"employment grows faster or slower than is foreseen"`
}

// ScenarioTarget names known demands that begin after the as-of year: one by id, or all that
// match everything else that is said.
type ScenarioTarget struct {
	Demand     string `json:"demand,omitempty" maxLength:"128" doc:"this one alone"`
	Employer   string `json:"employer,omitempty" maxLength:"128" doc:"all of this organization"`
	Region     string `json:"region,omitempty" maxLength:"500" doc:"all inside this region"`
	Occupation string `json:"occupation,omitempty" maxLength:"500" doc:"all of this occupation"`
}

// ScenarioYears are the future years of a change; several changes of the same thing, one after the
// other, make a ramp.
type ScenarioYears struct {
	FromYear  int `json:"from_year,omitempty" doc:"default: the first future year"`
	UntilYear int `json:"until_year,omitempty" doc:"last one; none: it stays so"`
}

// ScenarioDelay moves the start of known demands.
type ScenarioDelay struct {
	ScenarioTarget
	Months int `json:"months" required:"true" minimum:"-120" maximum:"120" doc:"later; below 0 earlier, but not before the first future year"`
}

// ScenarioHeadcount changes how many people known demands want: by a factor, or one demand by a number.
type ScenarioHeadcount struct {
	ScenarioTarget
	Factor *float64 `json:"factor,omitempty" minimum:"0" maximum:"1000" doc:"heads are multiplied by it and rounded, halves up"`
	Add    *int     `json:"add,omitempty" doc:"with demand alone: so many more, or fewer"`
}

// ScenarioPostings multiplies what is foreseen to be posted, for people wanted in a year or later.
type ScenarioPostings struct {
	Factor *float64 `json:"factor" required:"true" minimum:"0" maximum:"1000"`
	ScenarioYears
}

// ScenarioIntake changes a program's intake. Who is taken in graduates as many years later as the
// program takes: the years of an intake are not those of its graduates.
type ScenarioIntake struct {
	Program   string `json:"program" required:"true" maxLength:"128"`
	Add       int    `json:"add" required:"true" doc:"students a year; below 0 fewer"`
	FromYear  int    `json:"from_year" required:"true" doc:"first year of the changed intake, after the as-of year"`
	UntilYear int    `json:"until_year,omitempty" doc:"last one; none: it stays so"`
	Length    int    `json:"length,omitempty" minimum:"1" maximum:"10" doc:"years from intake to graduation; default by the award: 3 secondary, 2 postsecondary, 3 associate, 4 bachelor, 3 master, 4 doctorate"`
}

// ScenarioCompletion sets the share of students who complete.
type ScenarioCompletion struct {
	Program string   `json:"program,omitempty" maxLength:"128" doc:"this program"`
	School  string   `json:"school,omitempty" maxLength:"128" doc:"or all programs of this school that are counted"`
	Rate    *float64 `json:"rate" required:"true" minimum:"0" maximum:"1" doc:"of those who graduate in these years"`
	ScenarioYears
}

// ScenarioGrowth changes how fast employment grows, with source employment.
type ScenarioGrowth struct {
	Key string   `json:"key,omitempty" maxLength:"500" doc:"the cell; none: all"`
	Add *float64 `json:"add" required:"true" minimum:"-0.5" maximum:"0.5" doc:"to the yearly growth: 0.02 is two percentage points more"`
	ScenarioYears
}

// Bounds of scenarios.
const (
	MostScenarios = 10
	mostChanges   = 100
)

// programYears is how long programs usually take in China, by award.
var programYears = map[talent.Education]int{"secondary": 3, "postsecondary": 2, "associate": 3, "bachelor": 4, "master": 3, "doctorate": 4}

// changeAt is the path of a change: its number counts from 0 in paths, as every place in a list does.
func changeAt(scenario, change int) string {
	return fmt.Sprintf("scenarios[%d].changes[%d]", scenario, change)
}

// checkScenarios refuses what no data is needed to refuse.
func checkScenarios(list []Scenario) error {
	if len(list) > MostScenarios {
		return talent.Invalid("scenarios", strconv.Itoa(len(list)), "must be at most %d", MostScenarios)
	}
	names := map[string]bool{}
	for i := range list {
		s := &list[i]
		at := fmt.Sprintf("scenarios[%d]", i)
		if err := lengths(at, reflect.ValueOf(*s)); err != nil {
			return err
		}
		switch {
		case s.Name == "":
			return talent.Invalid(at+".name", "", "is required")
		case names[s.Name]:
			return talent.Invalid(at+".name", s.Name, "is the name of another scenario too")
		case len(s.Changes) == 0:
			return talent.Invalid(at+".changes", "", "must have at least one change")
		case len(s.Changes) > mostChanges:
			return talent.Invalid(at+".changes", strconv.Itoa(len(s.Changes)), "must be at most %d", mostChanges)
		}
		names[s.Name] = true
		for k := range s.Changes {
			if err := s.Changes[k].check(changeAt(i, k)); err != nil {
				return err
			}
		}
	}
	return nil
}

// lengths refuses texts that are longer than the maxLength of their field, in characters as in
// JSON Schema, so that the code and the schema of the API say the same. Names are repeated in every cell and year.
func lengths(at string, v reflect.Value) error {
	for i := range v.NumField() {
		field, x := v.Type().Field(i), reflect.Indirect(v.Field(i))
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch x.Kind() {
		case reflect.Struct:
			inner := at
			if !field.Anonymous {
				inner += "." + name
			}
			if err := lengths(inner, x); err != nil {
				return err
			}
		case reflect.String:
			most, bounded := field.Tag.Lookup("maxLength")
			if n, err := strconv.Atoi(most); bounded && (err != nil || utf8.RuneCountInString(x.String()) > n) {
				return talent.Invalid(at+"."+name, x.String(), "must be at most %s characters", most)
			}
		}
	}
	return nil
}

// kind is the word of the change's kind; "" when it has none or several.
func (c *ScenarioChange) kind() string {
	kind := ""
	for word, given := range map[string]bool{
		"delay": c.Delay != nil, "headcount": c.Headcount != nil, "postings": c.Postings != nil, "intake": c.Intake != nil,
		"completion": c.Completion != nil, "employment_growth": c.Growth != nil,
	} {
		if given && kind != "" {
			return ""
		}
		if given {
			kind = word
		}
	}
	return kind
}

func (c *ScenarioChange) check(at string) error {
	if err := lengths(at, reflect.ValueOf(*c)); err != nil {
		return err
	}
	kind := c.kind()
	if kind == "" {
		return talent.Invalid(at, "", "must be one of delay, headcount, postings, intake, completion, employment_growth, and just one")
	}
	at += "." + kind
	switch {
	case c.Delay != nil:
		return c.Delay.check(at)
	case c.Headcount != nil:
		return c.Headcount.check(at)
	case c.Postings != nil:
		return firstOf(numberIn(at+".factor", c.Postings.Factor, 0, 1000), c.Postings.ScenarioYears.check(at))
	case c.Intake != nil:
		return c.Intake.check(at)
	case c.Completion != nil:
		return c.Completion.check(at)
	}
	return firstOf(numberIn(at+".add", c.Growth.Add, -0.5, 0.5), c.Growth.ScenarioYears.check(at))
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func numberIn(at string, v *float64, least, most float64) error {
	if v == nil {
		return talent.Invalid(at, "", "is required")
	}
	if math.IsNaN(*v) || *v < least || *v > most {
		return talent.Invalid(at, fmt.Sprint(*v), "must be from %g to %g", least, most)
	}
	return nil
}

func yearOrNone(at string, year int) error {
	if year != 0 && (year < 1950 || year > 2200) {
		return talent.Invalid(at, strconv.Itoa(year), "must be a year from 1950 to 2200")
	}
	return nil
}

func (y *ScenarioYears) check(at string) error {
	if err := firstOf(yearOrNone(at+".from_year", y.FromYear), yearOrNone(at+".until_year", y.UntilYear)); err != nil {
		return err
	}
	if y.UntilYear != 0 && y.UntilYear < y.FromYear {
		return talent.Invalid(at+".until_year", strconv.Itoa(y.UntilYear), "must not be before from_year, %d", y.FromYear)
	}
	return nil
}

func (t *ScenarioTarget) check(at string) error {
	others := t.Employer != "" || t.Region != "" || t.Occupation != ""
	if t.Demand == "" && !others {
		return talent.Invalid(at, "", "must name a demand, or an employer, region or occupation")
	}
	if t.Demand != "" && others {
		return talent.Invalid(at+".demand", t.Demand, "stands alone: employer, region and occupation say which of several")
	}
	return nil
}

func (c *ScenarioDelay) check(at string) error {
	if err := c.ScenarioTarget.check(at); err != nil {
		return err
	}
	if c.Months == 0 || c.Months < -120 || c.Months > 120 {
		return talent.Invalid(at+".months", strconv.Itoa(c.Months), "must be from -120 to 120 and not 0")
	}
	return nil
}

func (c *ScenarioHeadcount) check(at string) error {
	if err := c.ScenarioTarget.check(at); err != nil {
		return err
	}
	switch {
	case c.Factor == nil && c.Add == nil:
		return talent.Invalid(at, "", "must have a factor or a number to add")
	case c.Factor != nil && c.Add != nil:
		return talent.Invalid(at+".add", strconv.Itoa(*c.Add), "excludes a factor")
	case c.Add != nil && c.Demand == "":
		return talent.Invalid(at+".add", strconv.Itoa(*c.Add), "needs one demand: how several would share it is not said")
	case c.Add != nil && (*c.Add == 0 || *c.Add > mostHeads || *c.Add < -mostHeads):
		return talent.Invalid(at+".add", strconv.Itoa(*c.Add), "must be up to %d, and not 0", mostHeads)
	case c.Factor != nil:
		return numberIn(at+".factor", c.Factor, 0, 1000)
	}
	return nil
}

const mostHeads = 1_000_000_000 // talent's bound

func (c *ScenarioIntake) check(at string) error {
	switch {
	case c.Program == "":
		return talent.Invalid(at+".program", "", "is required")
	case c.Add == 0 || c.Add > mostHeads || c.Add < -mostHeads:
		return talent.Invalid(at+".add", strconv.Itoa(c.Add), "must be up to %d, and not 0", mostHeads)
	case c.FromYear == 0:
		return talent.Invalid(at+".from_year", "", "is required")
	case c.UntilYear != 0 && c.UntilYear < c.FromYear:
		return talent.Invalid(at+".until_year", strconv.Itoa(c.UntilYear), "must not be before from_year, %d", c.FromYear)
	case c.Length < 0 || c.Length > 10:
		return talent.Invalid(at+".length", strconv.Itoa(c.Length), "must be from 1 to 10 years")
	}
	return firstOf(yearOrNone(at+".from_year", c.FromYear), yearOrNone(at+".until_year", c.UntilYear))
}

func (c *ScenarioCompletion) check(at string) error {
	if (c.Program == "") == (c.School == "") {
		return talent.Invalid(at, "", "must name a program or a school, and just one")
	}
	return firstOf(numberIn(at+".rate", c.Rate, 0, 1), c.ScenarioYears.check(at))
}

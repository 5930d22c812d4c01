package talent

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
)

func ptr[T any](v T) *T { return &v }

// TestValidate: records made in Go, and what the tags cannot express.
func TestValidate(t *testing.T) {
	demand := func(change func(*Demand)) *Demand {
		d := &Demand{ID: "d", Employer: "o", Title: "焊工", Region: "440605"}
		change(d)
		return d
	}
	program := func(change func(*Program)) *Program {
		p := &Program{ID: "p", School: "o", Name: "焊接", Region: "440605", Education: Associate}
		change(p)
		return p
	}
	for _, tc := range []struct {
		name string
		rec  Record
		want string // "" is valid
	}{
		{"organization", &Organization{ID: "o", Name: "某校", Kind: "college", Region: "440600"}, ``},
		{"organization empty", &Organization{}, `organization: id: must not be empty; name: must not be empty; kind: must not be empty; region: must not be empty`},
		{"wrong type is set right", &Skill{Type: TypeDemand, ID: "s", Name: "焊接"}, ``},
		{"invalid UTF-8", &Skill{ID: "s", Name: "焊\xff", Aliases: []string{"\xc0"}}, `skill s: name: is not valid UTF-8; aliases[0]: is not valid UTF-8`},
		{"space around", &Skill{ID: " s\n", Name: "\t焊接"}, ``},

		{"member twice", &Alliance{ID: "a", Name: "共同体", Kind: "industry-community", Members: []AllianceMember{{Organization: "o", Role: "chair"}, {Organization: "o", Role: "member"}, {Organization: "o", Role: "chair"}}},
			`alliance a: members[2].organization: has the same role already in members[0] (got o)`},
		{"target infinite", &Alliance{ID: "a", Name: "共同体", Kind: "industry-community", Targets: []AllianceTarget{{Metric: "m", Value: math.Inf(1), By: "2027-01-01"}}},
			`alliance a: targets[0].value: must be a finite number (got +Inf)`},

		{"region", &Region{ID: "r", Name: "园区", Lat: ptr(23.0), Lon: ptr(113.0)}, ``},
		{"region in itself", &Region{ID: "r", Name: "园区", Parent: "r"}, `region r: parent: must not be the region itself (got r)`},
		{"region half located", &Region{ID: "r", Name: "园区", Lon: ptr(113.0)}, `region r: lat: lat and lon must be given together`},
		{"region off the globe", &Region{ID: "r", Name: "园区", Lat: ptr(90.5), Lon: ptr(math.NaN())}, `region r: lat: must be from -90 to 90 (got 90.5); lon: must be from -180 to 180 (got NaN)`},

		{"occupation in itself", &Occupation{ID: "o", Name: "焊工", Parent: "o"}, `occupation o: parent: must not be the occupation itself (got o)`},
		{"skill around itself", &Skill{ID: "s", Name: "焊接", Broader: []string{"x", "s"}, Related: []string{"s"}},
			`skill s: broader[1]: must not be the skill itself (got s); related[0]: must not be the skill itself (got s)`},

		{"demand", demand(func(d *Demand) {}), ``},
		{"headcount below", demand(func(d *Demand) { d.Headcount = -1 }), `demand d: headcount: must be from 0 to 1000000000 (got -1)`},
		{"skill of neither id nor name", demand(func(d *Demand) { d.Skills = []DemandSkill{{Name: "焊接"}, {Name: " "}} }), `demand d: skills[1]: needs skill (an id) or name`},
		{"skill of neither, and a bad level", demand(func(d *Demand) { d.Skills = []DemandSkill{{Level: ptr(9)}} }),
			`demand d: skills[0].level: must be from 1 to 5 (got 9); skills[0]: needs skill (an id) or name`},
		{"until before posted", demand(func(d *Demand) { d.Posted, d.Until = "2026-02-01", "2026-01-31" }), `demand d: until: must not be before posted 2026-02-01 (got 2026-01-31)`},
		{"until bad", demand(func(d *Demand) { d.Posted, d.Until = "2026-02-01", "2026" }), `demand d: until: must be a date written YYYY-MM-DD (got 2026)`},
		{"salary upside down", demand(func(d *Demand) { d.Salary = &Salary{Min: ptr(9000.0), Max: ptr(8000.0)} }), `demand d: salary.max: must not be below salary.min 9000 (got 8000)`},
		{"salary upside down, per bad", demand(func(d *Demand) { d.Salary = &Salary{Min: ptr(9000.0), Max: ptr(8000.0), Per: "月"} }),
			`demand d: salary.per: must be one of day, hour, month, year (got 月); salary.max: must not be below salary.min 9000 (got 8000)`},
		{"salary below zero", demand(func(d *Demand) { d.Salary = &Salary{Min: ptr(0.0), Max: ptr(-1.0)} }), `demand d: salary.max: must be from 0 to 1000000000000 (got -1)`},

		{"program", program(func(p *Program) {}), ``},
		{"program without award", program(func(p *Program) { p.Education = "" }), `program p: education: must not be empty`},
		{"program's skills", program(func(p *Program) { p.Skills = []ProgramSkill{{}} }), `program p: skills[0]: needs skill (an id) or name`},
		{"course's skills", program(func(p *Program) {
			p.Courses = []Course{{Name: "焊接"}, {Name: "电工", Skills: []CourseSkill{{Skill: "s"}, {}}}}
		}), `program p: courses[1].skills[1]: needs skill (an id) or name`},
		{"course twice", program(func(p *Program) {
			p.Courses = []Course{{Name: "a"}, {Name: "b"}, {ID: "c", Name: "c"}, {ID: "c", Name: "d"}}
		}), `program p: courses[3].id: is the id of courses[2] too (got c)`},
		{"year twice", program(func(p *Program) { p.Cohorts = []Cohort{{Year: 2026}, {Year: 2027}, {Year: 2026}} }), `program p: cohorts[2].year: is the year of cohorts[0] too (got 2026)`},
		{"year zero", program(func(p *Program) { p.Cohorts = []Cohort{{}, {}} }),
			`program p: cohorts[0].year: must be from 1950 to 2200 (got 0); cohorts[1].year: must be from 1950 to 2200 (got 0)`},

		{"agreement of a school", &Agreement{ID: "g", School: "o", Enterprise: "e"}, ``},
		{"agreement of nobody", &Agreement{ID: "g", Enterprise: "e"}, `agreement g: program: program or school is required`},
		{"agreement backwards", &Agreement{ID: "g", Program: "p", Enterprise: "e", From: "2026-02-01", Until: "2026-01-31"}, `agreement g: until: must not be before from 2026-02-01 (got 2026-01-31)`},

		{"crosswalk", &Crosswalk{From: "a", To: "b", Weight: 1}, ``},
		{"crosswalk too heavy", &Crosswalk{From: "a", To: "b", Weight: 1.5}, `crosswalk a~b: weight: must be from 0 to 1 (got 1.5)`},
		{"outcome", &Outcome{Demand: "d", Program: "p", Year: 2026}, ``},
		{"outcome empty", &Outcome{}, `outcome ~~0: demand: must not be empty; program: must not be empty; year: must be from 1950 to 2200 (got 0)`},

		{"series", &Series{ID: "s", Start: "2026Q4", Values: []float64{0}}, ``},
		{"series empty", &Series{ID: "s", Start: "2026"}, `series s: values: must not be empty`},
		{"series with NaN", &Series{ID: "s", Start: "2026", Values: []float64{1, math.NaN()}}, `series s: values[1]: must be a finite number (got NaN)`},
		{"series' start", &Series{ID: "s", Start: "2026-Q5", Values: []float64{1}}, `series s: start: must be written YYYY, YYYY-Qn or YYYY-MM (got 2026-Q5)`},
		{"series' period", &Series{ID: "s", Period: "month", Start: "2026-Q1", Values: []float64{1}}, `series s: start: must fit period month (got 2026-Q1)`},
		{"series' period bad", &Series{ID: "s", Period: "week", Start: "2026-Q1", Values: []float64{1}}, `series s: period: must be one of month, quarter, year (got week)`},
		{"series' keys", &Series{ID: "s", Start: "2026", Values: []float64{1}, Keys: SeriesKeys{Skill: "焊接", Region: "a b"}},
			`series s: keys.skill: must be 1-128 characters of A-Za-z0-9._:- (got 焊接); keys.region: must be 1-128 characters of A-Za-z0-9._:- (got a b)`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := Validate(tc.rec)
			switch {
			case tc.want == "" && err != nil:
				t.Error(err)
			case tc.want != "" && (err == nil || err.Error() != tc.want || !errors.Is(err, ErrInvalid)):
				t.Errorf("\n got %v\nwant %s", err, tc.want)
			case err == nil: // what is valid can be written and read
				b, err := Encode(tc.rec)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := Decode(b, ""); err != nil {
					t.Errorf("%s: %v", b, err)
				}
			}
		})
	}
}

func TestValidateDropsEmptySalary(t *testing.T) {
	d := &Demand{ID: "d", Employer: "o", Title: "焊工", Region: "440605", Salary: &Salary{Currency: " "}}
	if err := Validate(d); err != nil || d.Salary != nil {
		t.Errorf("%v, salary %v", err, d.Salary)
	}
}

// TestRefs: the paths of all references of all types, in field order.
func TestRefs(t *testing.T) {
	want := map[Type]string{
		TypeOrganization: "region=region:440605",
		TypeAlliance:     "regions[0]=region:440600 regions[1]=region:CN members[0].organization=organization:o1 members[1].organization=organization:o1",
		TypeRegion:       "parent=region:440605",
		TypeOccupation:   "parent=occupation:6-18-04 skills[0].skill=skill:sk.weld skills[1].skill=skill:sk.cad",
		TypeSkill:        "broader[0]=skill:sk.auto related[0]=skill:sk.scada related[1]=skill:sk.hmi",
		TypeDemand:       "employer=organization:o1 occupation=occupation:6-31 region=region:440605 skills[0].skill=skill:sk.plc",
		TypeProgram:      "school=organization:o2 region=region:440604 skills[0].skill=skill:sk.plc courses[0].skills[0].skill=skill:sk.plc",
		TypeAgreement:    "program=program:p1 school=organization:o2 enterprise=organization:o1 demand=demand:d1",
		TypeCrosswalk:    "",
		TypeOutcome:      "demand=demand:d1 program=program:p1",
		TypeSeries:       "keys.skill=skill:sk.plc keys.occupation=occupation:6-31 keys.region=region:440600",
	}
	for _, typ := range Types {
		rec, err := Decode([]byte(full[typ]), typ)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, r := range Refs(rec) {
			got = append(got, fmt.Sprintf("%s=%s:%s", r.Path, r.Type, r.ID))
		}
		if s := strings.Join(got, " "); s != want[typ] {
			t.Errorf("%s:\n got %s\nwant %s", typ, s, want[typ])
		}
		if refs := Refs(New(typ)); len(refs) != 0 {
			t.Errorf("an empty %s refers to %v", typ, refs)
		}
	}
}

// TestTypesInOrder: a type refers only to types before it, or to itself, so that a
// file in this order never refers forwards but inside a type.
func TestTypesInOrder(t *testing.T) {
	before := map[Type]bool{}
	var check func(Type, []Field)
	check = func(typ Type, fields []Field) {
		for _, f := range fields {
			if f.Ref != "" && !before[f.Ref] {
				t.Errorf("%s.%s refers forward to %s", typ, f.Name, f.Ref)
			}
			check(typ, f.Fields)
		}
	}
	for _, typ := range Types {
		before[typ] = true
		check(typ, FieldsOf(typ))
	}
	if New("job") != nil || FieldsOf("job") != nil {
		t.Error("there is no type job")
	}
}

func TestRecordIDs(t *testing.T) {
	for _, tc := range []struct {
		typ          Type
		id, inPlural string
	}{
		{TypeDemand, "d:1", "demands"}, {TypeSeries, "s1", "series"}, {TypeAgreement, "g1", "agreements"},
		{TypeCrosswalk, "460305~6-31", "crosswalks"}, {TypeOutcome, "d1~p1~2026", "outcomes"},
	} {
		rec, err := Decode([]byte(full[tc.typ]), "")
		if err != nil {
			t.Fatal(err)
		}
		if rec.RecordID() != tc.id || tc.typ.Plural() != tc.inPlural {
			t.Errorf("%s, %s; want %s, %s", rec.RecordID(), tc.typ.Plural(), tc.id, tc.inPlural)
		}
	}
}

func TestDefaults(t *testing.T) {
	if LevelOf(nil) != 3 || LevelOf(ptr(1)) != 1 || ImportanceOf(nil) != 1 || ImportanceOf(ptr(0.0)) != 0 {
		t.Error("a missing level is 3, a missing importance 1, zero is zero")
	}
	for status, open := range map[string]bool{"": true, "open": true, "filled": false, "closed": false} {
		if d := (&Demand{Status: status}); d.Open() != open {
			t.Errorf("status %q: open %v", status, d.Open())
		}
	}
}

func TestParseMonth(t *testing.T) {
	for s, want := range map[string]int{"2026-09": 2026*12 + 8, "2026-01": 2026 * 12, "2025-12": 2026*12 - 1, "": -1, "2026": -1, "2026-00": -1, "2026-09-01": -1, "２０２６-09": -1} {
		n, ok := ParseMonth(s)
		if ok != (want >= 0) || ok && n != want {
			t.Errorf("%q: %d, %v", s, n, ok)
		}
	}
}

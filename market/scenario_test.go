package market

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
)

func scenarioOf(t testing.TB, changes string) Scenario {
	t.Helper()
	s, err := ReadScenario([]byte(`{"name":"假如","changes":[`+changes+`]}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	return *s
}

// TestScenarios: what each change does to demand and effective supply of 2027 to 2031, by hand. Known heads
// are 16 and 5; of the graduates .9 do not study on.
func TestScenarios(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket))
	for _, tt := range []struct{ changes, demand, supply, note string }{
		{`{"delay":{"demand":"d1","months":12}}`, "-10 10 0 0 0", "0 0 0 0 0", "demands that move by +12 months: 1, of 10 heads"},
		{`{"delay":{"employer":"e2","months":-10}}`, "5 -5 0 0 0", "0 0 0 0 0", "demands that move by -10 months: 1, of 5 heads"},
		{`{"delay":{"region":"南海区","months":120}}`, "-16 0 0 0 0", "0 0 0 0 0", "demands that move by +120 months: 3, of 16 heads; 16 heads are then wanted after 2031"},
		{`{"delay":{"region":"440000","occupation":"手焊工","months":24}}`, "-12 -5 12 5 0", "0 0 0 0 0", "demands that move by +24 months: 3, of 17 heads"},
		{`{"headcount":{"demand":"d2","add":-5}}`, "0 -5 0 0 0", "0 0 0 0 0", "demands that change: 1, from 5 to 0 heads"},
		{`{"headcount":{"employer":"e1","factor":1.25}}`, "5 0 0 0 0", "0 0 0 0 0", "demands that change: 3, from 16 to 21 heads"}, // 12.5, 2.5, 5
		{`{"delay":{"demand":"d1","months":12}},{"headcount":{"demand":"d1","factor":2}}`, "-10 20 0 0 0", "0 0 0 0 0", "demands that move by +12 months: 1, of 10 heads|demands that change: 1, from 10 to 20 heads"},
		// Taken in from 2027 on for three years: 40 more from 2030, .9 of them complete as the last cohort does, .9 stay.
		{`{"intake":{"program":"p1","add":40,"from_year":2027}}`, "0 0 0 0 0", "0 0 0 32.4 32.4", "p1 takes in +40 from 2027 on; graduates change from 2030 on, by 72 in all"},
		{`{"intake":{"program":"p1","add":40,"from_year":2027,"until_year":2027,"length":2}}`, "0 0 0 0 0", "0 0 32.4 0 0", "p1 takes in +40 from 2027 until 2027; graduates change from 2029 until 2029, by 36 in all"},
		{`{"intake":{"program":"p1","add":-20,"from_year":2028}}`, "0 0 0 0 0", "0 0 0 0 -16.2", "p1 takes in -20 from 2028 on; graduates change from 2031 on, by -18 in all"},
		{`{"intake":{"program":"p1","add":40,"from_year":2029}}`, "0 0 0 0 0", "0 0 0 0 0", "p1 takes in +40 from 2029 on; its first graduates leave in 2032, after the last year of the report"},
		{`{"completion":{"program":"p1","rate":1}}`, "0 0 0 0 0", "3.6 1.8 1.8 1.8 1.8", "programs that complete with 1 from 2027 on: 1; graduates change by 12 in all"},
		// New students complete as the scenario says, in whichever order it says it.
		{`{"intake":{"program":"p1","add":40,"from_year":2027}},{"completion":{"school":"s1","rate":1,"from_year":2029}}`, "0 0 0 0 0", "0 0 1.8 37.8 37.8", "p1 takes in +40 from 2027 on; graduates change from 2030 on, by 80 in all|programs that complete with 1 from 2029 on: 1; graduates change by 6 in all"},
	} {
		a := futureGap(t, m, FutureGapRequest{Source: FromKnown, Years: 5, Scenarios: []Scenario{scenarioOf(t, tt.changes)}})
		var demand, supply, notes []string
		for _, c := range a.Meta.Scenarios[0].Changes {
			notes = append(notes, c.EN)
			if c.ZH == "" {
				t.Errorf("%s: no note in Chinese", tt.changes)
			}
		}
		for y := range a.Items[0].Years {
			f := &a.Items[0].Years[y]
			s := &f.Scenarios[0]
			demand, supply = append(demand, fmt.Sprint(*s.DemandChange)), append(supply, fmt.Sprint(*s.SupplyChange))
			if math.Abs(*s.GapChange-(*s.DemandChange-*s.SupplyChange)) > 1e-5 || math.Abs(*s.EffectiveGap-*f.EffectiveGap-*s.GapChange) > 1e-5 {
				t.Errorf("%s: %+v does not add up", tt.changes, s)
			}
		}
		if d, s, n := strings.Join(demand, " "), strings.Join(supply, " "), strings.Join(notes, "|"); d != tt.demand || s != tt.supply || n != tt.note {
			t.Errorf("%s:\n got %s; %s; %s\nwant %s; %s; %s", tt.changes, d, s, n, tt.demand, tt.supply, tt.note)
		}
	}
	// Several side by side do not touch each other, nor what is without them.
	a := futureGap(t, m, FutureGapRequest{Source: FromKnown, Sort: "change", Scenarios: []Scenario{
		{Name: "一", Changes: scenarioOf(t, `{"delay":{"demand":"d1","months":12}}`).Changes}, {Name: "二", Changes: scenarioOf(t, `{"headcount":{"demand":"d1","factor":0}}`).Changes}}})
	if f := a.Items[0].Years; *f[0].Demand != 16 || *f[0].Scenarios[0].Demand != 6 || *f[1].Scenarios[0].Demand != 15 || *f[0].Scenarios[1].Demand != 6 || *f[1].Scenarios[1].Demand != 5 || f[0].Scenarios[1].Name != "二" {
		t.Errorf("%+v", f)
	}
}

// TestBadScenarios: each is refused with the file, the number of the change and the field.
func TestBadScenarios(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket))
	change := func(c string) string { return `{"name":"假如","changes":[` + c + `]}` }
	for _, tt := range []struct{ file, source, says string }{
		{`{"name":"假如"`, "", "x.json: is not JSON"},
		{`[]`, "", "x.json: must be a JSON object"},
		{change(`{"delay":{"demand":"d1","months":12}}`) + "{}", "", "x.json: has something behind the end"},
		{`{"nmae":"假如"}`, "", "x.json: nmae: is not a field here"},
		{`{"name":"假如","name":"假如"}`, "", "x.json: name: stands there twice"},
		{`{"Name":"假如"}`, "", "x.json: Name: is not a field here"},
		{`{"name":7}`, "", "x.json: name: must be a string"},
		{`{"name":"假如","changes":{}}`, "", "x.json: changes: must be a list"},
		{`{"name":"假如","changes":[]}`, "", "x.json: changes: must have at least one change"},
		{`{"changes":[]}`, "", "x.json: name: is required"},
		{change(`7`), "", "x.json: change 1: must be a JSON object"},
		{change(`{}`), "", "x.json: change 1: must be one of delay"},
		{change(`{"delay":{"demand":"d1","months":12},"headcount":{"demand":"d1","factor":1}}`), "", "x.json: change 1: must be one of delay"},
		{change(`{"dealy":{}}`), "", "x.json: change 1: dealy: is no kind of change"},
		{change(`{"delay":{"demand":"d1","months":12}},{"delay":{"demand":"d2","moths":12}}`), "", "x.json: change 2: delay.moths: is not a field here"},
		{change(`{"delay":{"demand":"d1","months":"12"}}`), "", "x.json: change 1: delay.months: must be a whole number"},
		{change(`{"delay":{"demand":"d1","months":1.5}}`), "", "x.json: change 1: delay.months: must be a whole number"},
		{change(`{"delay":{"demand":"d1"}}`), "", "x.json: change 1: delay.months: must be from -120 to 120"},
		{change(`{"delay":{"months":12}}`), "", "x.json: change 1: delay: must name a demand, or an employer"},
		{change(`{"delay":{"demand":"d1","employer":"e1","months":12}}`), "", "x.json: change 1: delay.demand: stands alone"},
		{change(`{"delay":{"demand":"d99","months":12}}`), "", "x.json: change 1: delay.demand: there is no such demand (got d99)"},
		{change(`{"delay":{"employer":"e99","months":12}}`), "", "x.json: change 1: delay.employer: there is no such organization"},
		{change(`{"delay":{"region":"亚特兰蒂斯","months":12}}`), "", "x.json: change 1: delay.region: there is no such region"},
		{change(`{"delay":{"occupation":"海盗","months":12}}`), "", "x.json: change 1: delay.occupation: there is no such occupation"},
		{change(`{"delay":{"region":"110000","months":12}}`), "", "x.json: change 1: delay: matches no demand"},
		{change(`{"delay":{"demand":"d3","months":12}}`), "", "change 1: delay.demand: cannot be changed: it is closed"},
		{change(`{"delay":{"demand":"d6","months":12}}`), "", "change 1: delay.demand: cannot be changed: it starts in 2026-09, before the first future year 2027"},
		{change(`{"delay":{"demand":"d7","months":12}}`), "", "cannot be changed: it says neither when"},
		{change(`{"delay":{"demand":"d1","months":-12}}`), "", "change 1: delay.months: moves demand d1 to 2026-09, before the first future year"},
		{change(`{"delay":{"demand":"d1","months":12}},{"delay":{"employer":"e1","months":6}}`), "", "change 2: delay: excludes change 1, which changes the start of demand d1 already"},
		{change(`{"headcount":{"demand":"d1"}}`), "", "change 1: headcount: must have a factor or a number"},
		{change(`{"headcount":{"demand":"d1","factor":2,"add":3}}`), "", "change 1: headcount.add: excludes a factor"},
		{change(`{"headcount":{"employer":"e1","add":3}}`), "", "change 1: headcount.add: needs one demand"},
		{change(`{"headcount":{"demand":"d1","add":-11}}`), "", "change 1: headcount.add: leaves demand d1 with -1 heads"},
		{change(`{"headcount":{"demand":"d1","factor":-1}}`), "", "change 1: headcount.factor: must be from 0"},
		{change(`{"headcount":{"demand":"d1","factor":2}},{"headcount":{"region":"440605","factor":3}}`), "", "change 2: headcount: excludes change 1, which changes the heads of demand d1"},
		{change(`{"intake":{"program":"p99","add":1,"from_year":2027}}`), "", "change 1: intake.program: there is no such program"},
		{change(`{"intake":{"program":"p2","add":1,"from_year":2027}}`), "", "change 1: intake.program: lists no cohorts"},
		{change(`{"intake":{"program":"p1","add":1,"from_year":2026}}`), "", "change 1: intake.from_year: lies before the first future year, 2027"},
		{change(`{"intake":{"program":"p1","add":1}}`), "", "change 1: intake.from_year: is required"},
		{change(`{"intake":{"program":"p1","add":0,"from_year":2027}}`), "", "change 1: intake.add: must be"},
		{change(`{"intake":{"program":"p1","add":1,"from_year":2028,"until_year":2027}}`), "", "change 1: intake.until_year: must not be before"},
		{change(`{"intake":{"program":"p1","add":-21,"from_year":2027,"length":1}}`), "", "change 1: intake.add: leaves program p1 with -0.9 graduates in 2028"},
		{change(`{"intake":{"program":"p1","add":1,"from_year":2027}},{"intake":{"program":"p1","add":2,"from_year":2028}}`), "", "change 2: intake: excludes change 1, which changes program p1's intake of 2028"},
		{change(`{"completion":{"program":"p1","school":"s1","rate":1}}`), "", "change 1: completion: must name a program or a school"},
		{change(`{"completion":{"program":"p1"}}`), "", "change 1: completion.rate: is required"},
		{change(`{"completion":{"program":"p1","rate":1.1}}`), "", "change 1: completion.rate: must be from 0 to 1"},
		{change(`{"completion":{"school":"e1","rate":1}}`), "", "change 1: completion.school: has no program"},
		{change(`{"completion":{"program":"p1","rate":1,"from_year":2026}}`), "", "change 1: completion.from_year: lies before"},
		{change(`{"completion":{"program":"p1","rate":1,"from_year":2035}}`), "", "change 1: completion.from_year: lies after"},
		{change(`{"completion":{"program":"p1","rate":1}},{"completion":{"school":"s1","rate":0.9}}`), "", "change 2: completion: excludes change 1, which changes the completion rate of program p1"},
		{change(`{"postings":{"factor":2}}`), "", "change 1: postings: needs source demands or series"},
		{change(`{"employment_growth":{"add":0.1}}`), "", "change 1: employment_growth: needs source employment"},
		{change(`{"postings":{"factor":2}},{"postings":{"factor":3}}`), FromDemands, "change 2: postings: excludes change 1"},
	} {
		err := func() error {
			s, err := ReadScenario([]byte(tt.file), 0)
			if err != nil {
				return err
			}
			source := FromKnown
			if tt.source != "" {
				source = tt.source
			}
			_, err = m.FutureGap(context.Background(), FutureGapRequest{Source: source, Scenarios: []Scenario{*s}})
			return err
		}()
		if err = NameScenarioFiles(err, []string{"x.json"}); err == nil || !strings.Contains(err.Error(), tt.says) || !strings.HasPrefix(err.Error(), "x.json: ") {
			t.Errorf("%s\n got %v\nwant %q", tt.file, err, tt.says)
		}
	}
	intake := scenarioOf(t, `{"intake":{"program":"p1","add":1,"from_year":2027}}`)
	for says, r := range map[string]FutureGapRequest{
		"scenarios[1].name: is the name of another": {Source: FromKnown, Scenarios: []Scenario{intake, intake}},
		"programs say nothing of industry":          {Source: FromKnown, By: "industry", Scenarios: []Scenario{intake}},
		"scenarios: must be at most 10":             {Source: FromKnown, Scenarios: make([]Scenario, 11)},
	} {
		if _, err := m.FutureGap(context.Background(), r); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}

// TestScenarioAlone: a cell that only a scenario has is shown, with 0 where it is not there. d8, of
// another occupation, begins after the last year, 2029, until a scenario wants its 6 heads a year earlier.
func TestScenarioAlone(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket+`{"type":"occupation","id":"o.new","name":"新职业"}
{"type":"demand","id":"d8","employer":"e1","title":"新","region":"440605","occupation":"o.new","headcount":6,"posted":"2026-01-05","start":"2030-02"}`))
	late := scenarioOf(t, `{"delay":{"demand":"d8","months":3}}`)
	late.Name = "更晚"
	a := futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromKnown, Scenarios: []Scenario{late, scenarioOf(t, `{"delay":{"demand":"d8","months":-12}}`)}})
	f := futureCellOf(t, a, "o.new").Years[2]
	if *f.Demand != 0 || *f.Known != 0 || *f.Scenarios[0].Demand != 0 || *f.Scenarios[1].Demand != 6 || *f.Scenarios[1].DemandChange != 6 || *f.Scenarios[1].GapChange != 6 {
		t.Errorf("%+v", f)
	}
}

// TestScenarioIntakeBetweenCohorts: a year without a cohort has no graduates, and still a completion: p3's
// last one is .5 of those who are enrolled, so that 40 more in 2027 are 20 graduates in 2028.
func TestScenarioIntakeBetweenCohorts(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket+`{"type":"program","id":"p3","school":"s1","name":"隔年","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":8,"enrolled":10},{"year":2029,"graduates":5,"enrolled":10}],"skills":[{"skill":"t.weld"}]}`))
	a := futureGap(t, m, FutureGapRequest{Source: FromKnown, Scenarios: []Scenario{scenarioOf(t, `{"intake":{"program":"p3","add":40,"from_year":2027,"until_year":2027,"length":1}}`)}})
	if s := a.Items[0].Years[1].Scenarios[0]; *s.SupplyChange != 20 || a.Meta.Scenarios[0].Changes[0].EN != "p3 takes in +40 from 2027 until 2027; graduates change from 2028 until 2028, by 20 in all" {
		t.Errorf("%g, %+v", *s.SupplyChange, a.Meta.Scenarios[0].Changes)
	}
}

// TestScenarioRamps: a change may end, so that others of the same kind go on from there.
func TestScenarioRamps(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "steady.ndjson", steadyMarket()))
	for _, tt := range []struct{ changes, demand, supply, note string }{
		// Foreseen are 0, 60, 60, 60 heads; supply is .9 of the graduates, who are .8 of 20, then 18 of 20 each year.
		{`{"postings":{"factor":0.5,"until_year":2028}},{"postings":{"factor":2,"from_year":2029,"until_year":2029}}`, "0 -30 60 0", "0 0 0 0",
			"what is foreseen to be posted is multiplied by 0.5 from 2027 until 2028|what is foreseen to be posted is multiplied by 2 from 2029 until 2029"},
		{`{"completion":{"program":"p1","rate":1,"until_year":2028}},{"completion":{"program":"p1","rate":0.45,"from_year":2030}}`, "0 0 0 0", "3.6 1.8 0 -8.1",
			"programs that complete with 1 from 2027 until 2028: 1; graduates change by 6 in all|programs that complete with 0.45 from 2030 on: 1; graduates change by -9 in all"},
	} {
		a := futureGap(t, m, FutureGapRequest{Years: 4, Scenarios: []Scenario{scenarioOf(t, tt.changes)}})
		var demand, supply, notes []string
		for y := range a.Items[0].Years {
			s := &a.Items[0].Years[y].Scenarios[0]
			demand, supply = append(demand, fmt.Sprintf("%.4g", *s.DemandChange)), append(supply, fmt.Sprint(*s.SupplyChange))
		}
		for _, c := range a.Meta.Scenarios[0].Changes {
			notes = append(notes, c.EN)
		}
		if d, s, n := strings.Join(demand, " "), strings.Join(supply, " "), strings.Join(notes, "|"); d != tt.demand || s != tt.supply || n != tt.note {
			t.Errorf("%s:\n got %s; %s; %s\nwant %s; %s; %s", tt.changes, d, s, n, tt.demand, tt.supply, tt.note)
		}
	}
	for changes, says := range map[string]string{
		`{"postings":{"factor":2,"until_year":2028}},{"postings":{"factor":3,"from_year":2028}}`:                               "changes[1].postings: excludes changes[0], which changes the postings foreseen for 2028",
		`{"postings":{"factor":2,"from_year":2029,"until_year":2028}}`:                                                         "changes[0].postings.until_year: must not be before from_year, 2029",
		`{"postings":{"factor":2,"until_year":2026}}`:                                                                          "changes[0].postings.until_year: lies before the first future year, 2027",
		`{"completion":{"program":"p1","rate":1,"from_year":2028}},{"completion":{"school":"s1","rate":0.9,"from_year":2029}}`: "changes[1].completion: excludes changes[0], which changes the completion rate of program p1 in 2029",
		// Of two that take away, the one that takes most is to blame.
		`{"intake":{"program":"p1","add":-1,"from_year":2028,"until_year":2028,"length":1}},{"intake":{"program":"p1","add":-90,"from_year":2029,"length":1}}`: "changes[1].intake.add: leaves program p1 with -63 graduates in 2030 (got -90)",
		`{"intake":{"program":"p1","add":5,"from_year":2027,"until_year":2027,"length":1}},{"intake":{"program":"p1","add":-90,"from_year":2028,"length":1}}`:  "changes[1].intake.add: leaves",
	} {
		_, err := m.FutureGap(context.Background(), FutureGapRequest{Years: 4, Scenarios: []Scenario{scenarioOf(t, changes)}})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s\n got %v\nwant %q", changes, err, says)
		}
	}
}

// TestScenarioLengths: what the schema bounds is bounded in code, in characters; names stand in every
// cell and year of the answer.
func TestScenarioLengths(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket))
	long := func(n int) string { return strings.Repeat("长", n) }
	whole := func(name, en, note string) Scenario {
		return Scenario{name, en, note, scenarioOf(t, `{"delay":{"demand":"d1","months":12}}`).Changes}
	}
	for _, tt := range []struct {
		s    Scenario
		says string
	}{
		{whole(long(200), long(200), long(2000)), ""},
		{whole(long(201), "", ""), "scenarios[0].name: must be at most 200 characters"},
		{whole("一", long(201), ""), "scenarios[0].name_en: must be at most 200 characters"},
		{whole("一", "", long(2001)), "scenarios[0].note: must be at most 2000 characters"},
		{scenarioOf(t, `{"delay":{"demand":"d1","months":12}},{"delay":{"demand":"`+long(129)+`","months":12}}`), "scenarios[0].changes[1].delay.demand: must be at most 128 characters"},
		{scenarioOf(t, `{"headcount":{"region":"`+long(501)+`","factor":2}}`), "scenarios[0].changes[0].headcount.region: must be at most 500 characters"},
		{scenarioOf(t, `{"intake":{"program":"`+long(129)+`","add":1,"from_year":2027}}`), "scenarios[0].changes[0].intake.program: must be at most 128 characters"},
		{scenarioOf(t, `{"completion":{"school":"`+long(129)+`","rate":1}}`), "scenarios[0].changes[0].completion.school: must be at most 128 characters"},
		{scenarioOf(t, `{"employment_growth":{"key":"`+long(501)+`","add":0.1}}`), "scenarios[0].changes[0].employment_growth.key: must be at most 500 characters"},
	} {
		_, err := m.FutureGap(context.Background(), FutureGapRequest{Source: FromKnown, Scenarios: []Scenario{tt.s}})
		if tt.says == "" && err != nil || tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("want %q, got %v", tt.says, err)
		}
	}
}

// FuzzReadScenario: whatever a file holds, it is a scenario or an error, and what is read reads again.
func FuzzReadScenario(f *testing.F) {
	f.Add(`{"name":"物流园晚一年","changes":[{"delay":{"employer":"e","months":12}},{"intake":{"program":"p","add":40,"from_year":2027}}]}`)
	f.Add(`{"name":"x","changes":[{"employment_growth":{"add":1e400}}]}`)
	f.Add("\ufeff{}")
	f.Fuzz(func(_ *testing.T, file string) {
		if s, err := ReadScenario([]byte(file), 0); err == nil {
			_ = checkScenarios([]Scenario{*s})
		}
	})
}

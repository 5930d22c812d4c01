package market

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talentmatch/talent"
)

// d4 is filled, d5 asks nobody; p2 has no cohorts, p3 one that no demand starts in. Nobody teaches glue.
const dataMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605","industry":"C33"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.cut","name":"手切"}
{"type":"skill","id":"t.dive","name":"潜水焊"}
{"type":"skill","id":"t.glue","name":"粘接"}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":10,"start":"2027-09","education":"associate","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d2","employer":"e1","title":"切工","region":"440605","headcount":5,"start":"2027-09","skills":[{"skill":"t.cut"}]}
{"type":"demand","id":"d3","employer":"e1","title":"潜水","region":"440605","headcount":4,"start":"2028-03","education":"associate","skills":[{"skill":"t.dive"},{"name":"看海"}]}
{"type":"demand","id":"d4","employer":"e1","title":"焊工","region":"440605","headcount":7,"start":"2029-03","status":"filled","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d5","employer":"e1","title":"粘工","region":"440605","headcount":0,"start":"2031-01","skills":[{"skill":"t.glue"}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":20},{"year":2031,"graduates":100}],"skills":[{"skill":"t.weld"}],"retention":0.5}
{"type":"program","id":"p2","school":"s1","name":"切割","region":"440605","education":"associate","cohorts":[],"skills":[{"skill":"t.cut"}]}
{"type":"program","id":"p3","school":"s1","name":"潜水","region":"440605","education":"associate","cohorts":[{"year":2026,"graduates":9}],"skills":[{"skill":"t.dive"}]}
`

// TestGapsNoDataIsNot0: what is null is so whatever else is counted, and what is 0 too.
func TestGapsNoDataIsNot0(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "data.ndjson", dataMarket))
	for _, tt := range []struct {
		name string
		r    GapRequest
		want string
	}{
		// Heads are asked for 2027 and 2028: p1's 100 of 2031 do not count for the sake of no head.
		{"skill", GapRequest{By: []string{"skill"}, DrillDown: 5}, `t.cut: 5 - - = -, ratio -, [d2] [p2]
t.dive: 4 - - = -, ratio -, [d3] [p3]
~看海: 4 - 0 = 4, ratio 0, [d3] []
t.glue: 0 - 0 = 0, ratio -, [d5] []
t.weld: 10 - 20 = -10, ratio 2, [d1] [p1]
in all 19 - 20`},
		{"one skill", GapRequest{By: []string{"skill"}, Filter: GapFilter{Skill: []string{"t.glue"}}}, `t.glue: 0 - 0 = 0, ratio -, [] []
in all 0 - 0`},
		{"an unknown name", GapRequest{By: []string{"skill"}, Filter: GapFilter{Skill: []string{"~看海"}}}, `~看海: 4 - 0 = 4, ratio 0, [] []
in all 4 - 0`},
		// p2 says no year. Nobody finishes in 2028, so nobody knows of it; no demand is for 2026.
		{"year", GapRequest{By: []string{"year"}, DrillDown: 5}, `2028: 4 - - = -, ratio -, [d3] [p1 p2 p3]
-: - - - = -, ratio -, [] [p2]
2027: 15 - 20 = -5, ratio 1.3333333333333333, [d1 d2] [p1]
2026: - - 9 = -, ratio -, [] [p3]
2031: 0 - 100 = -100, ratio -, [d5] [p1]
in all 19 - 129`},
		{"skill and year", GapRequest{By: []string{"skill", "year"}, DrillDown: 5, Filter: GapFilter{Skill: []string{"t.cut", "t.dive"}}}, `t.cut/2027: 5 - - = -, ratio -, [d2] [p2]
t.dive/2028: 4 - - = -, ratio -, [d3] [p3]
t.cut/-: - - - = -, ratio -, [] [p2]
t.dive/2026: - - 9 = -, ratio -, [] [p3]
in all 9 - 9`},
		{"year filtered", GapRequest{By: []string{"skill"}, Filter: GapFilter{Year: []string{"02027"}}}, `t.cut: 5 - - = -, ratio -, [] []
t.weld: 10 - 20 = -10, ratio 2, [] []
in all 15 - 20`},
		{"a year of which nobody speaks", GapRequest{By: []string{"skill"}, Filter: GapFilter{Year: []string{"2028"}}}, `t.dive: 4 - - = -, ratio -, [] []
~看海: 4 - - = -, ratio -, [] []
in all 4 - 0`},
		{"education", GapRequest{By: []string{"education"}}, `-: 5 - - = -, ratio -, [] []
associate: 14 - 20 = -6, ratio 1.4285714285714286, [] []
in all 19 - 20`},
		{"education not said", GapRequest{By: []string{"skill"}, Filter: GapFilter{Education: []string{"-"}}}, `t.cut: 5 - - = -, ratio -, [] []
t.glue: 0 - - = -, ratio -, [] []
in all 5 - 0`},
		{"industry by name", GapRequest{By: []string{"skill"}, Filter: GapFilter{Industry: []string{"制造业"}, Skill: []string{"t.weld"}}}, `t.weld: 10 - - = -, ratio -, [] []
in all 10 - 0`},
	} {
		if got := gapLines(t, m, tt.r); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	a, err := m.Gaps(context.Background(), GapRequest{By: []string{"skill"}, Limit: 9, Filter: GapFilter{Education: []string{"高职专科", "-"}}})
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, c := range a.Meta.Caveats {
		codes = append(codes, c.Code)
		if c.ZH == "" || c.EN == "" {
			t.Errorf("%s lacks a language", c.Code)
		}
	}
	if m := a.Meta; fmt.Sprint(codes) != "[education no_cohorts other_years]" || m.Programs != 3 || m.NoCohorts != 1 || m.OtherYears != 1 || !slices.Equal(m.Years, []int{2027, 2028}) || m.Counting.ZH == "" {
		t.Errorf("%v, %+v", codes, m)
	}
	if c := a.Items[0]; c.Keys["skill"] != "t.cut" || c.Programs != 1 || c.NoCohorts != 1 || c.OtherYears != 0 {
		t.Errorf("%+v", c)
	}
}

// TestGapsArrivals: in-migration alone is an effective supply; who goes is taken off those who stay (10 of
// p1's 20), and no more than there are.
func TestGapsArrivals(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "data.ndjson", dataMarket+`{"type":"series","id":"m1","measure":"in_migration","keys":{"region":"440000","skill":"t.glue"},"start":"2027","values":[3]}
{"type":"series","id":"m2","measure":"in_migration","keys":{"region":"440000","skill":"t.cut"},"start":"2027","values":[7]}
{"type":"series","id":"m3","measure":"in_migration","keys":{"region":"440000","skill":"t.weld"},"start":"2027","values":[-30]}
{"type":"series","id":"m4","measure":"in_migration","keys":{"region":"440000","skill":"t.dive"},"start":"2027","values":[-1]}
`))
	for skill, want := range map[string]string{
		"t.glue": "0 - - - - + 3 - 0 = 3; gap 0, at level 0, effective -3; none for -",
		"t.cut":  "- - - - - + 7 - 0 = 7; gap -, at level -, effective -2; none for 0",
		"t.weld": "20 - - - 10 + -10 - 0 = 0; gap -10, at level -10, effective 10; none for 0",
		"t.dive": "- - - - - + -1 - - = -; gap -, at level -, effective -; none for 0",
	} {
		if got := factors(oneCell(t, m, GapRequest{By: []string{"skill", "region"}}, skill, "440000")); got != want {
			t.Errorf("%s:\n got %s\nwant %s", skill, got, want)
		}
	}
	a, err := m.Gaps(context.Background(), GapRequest{By: []string{"skill", "region"}, Limit: 9, Bootstrap: 50})
	if err != nil {
		t.Fatal(err)
	}
	if last := a.Meta.Caveats[len(a.Meta.Caveats)-1]; last.Code != "overdrawn" || !strings.HasPrefix(last.EN, "In 1 cells") {
		t.Errorf("%+v", a.Meta.Caveats)
	}
	for _, c := range a.Items {
		if (c.EffectiveGap == nil) != (c.EffectiveGapLo80 == nil) || (c.Gap == nil) != (c.GapLo80 == nil) {
			t.Errorf("an interval without its gap, or the other way: %+v", c)
		}
	}
}

// TestGapsOutflow: half of p1's 20 leave their region, but nobody leaves the whole country.
func TestGapsOutflow(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "data.ndjson", dataMarket))
	for region, want := range map[string]string{"": "-", "CN": "-", "440000": "10", "440605": "10"} {
		r := GapRequest{By: []string{"skill"}}
		if region != "" {
			r.Filter.Region = []string{region}
		}
		got := "-"
		if c := oneCell(t, m, r, "t.weld"); c.Outflow != nil {
			got = fmt.Sprint(*c.Outflow)
		}
		if got != want {
			t.Errorf("%q: outflow %s, want %s", region, got, want)
		}
	}
}

// TestGapsLevels: levels are of one skill, told apart or filtered; without, what needs them is refused.
func TestGapsLevels(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "factors.ndjson", factorMarket))
	one := GapFilter{Skill: []string{"手焊"}}
	want := "12 - 2 - - + - - 12 = 12; gap 4, at level 4, effective 4; none for 0.0625" // as by skill, in TestGapFactorsByHand
	if got := factors(oneCell(t, m, GapRequest{By: []string{"year"}, Level: "asked", Sort: "gap_at_level", Filter: one}, "2027")); got != want {
		t.Errorf(" got %s\nwant %s", got, want)
	}
	for field, r := range map[string]GapRequest{
		"level": {By: []string{"region"}, Level: "asked"},
		"sort":  {By: []string{"region"}, Sort: "gap_at_level", Filter: GapFilter{Skill: []string{"t.weld", "t.dive"}}},
	} {
		refusedFor(t, m, field, r)
	}
}

func refusedFor(t *testing.T, m *Market, field string, r GapRequest) {
	t.Helper()
	r.Limit = 1
	_, err := m.Gaps(context.Background(), r)
	var bad *talent.InvalidError
	if !errors.As(err, &bad) || bad.Fields[0].Path != field {
		t.Errorf("%+v: %v, want a refusal of %s", r, err, field)
	}
}

// TestGapsRefuseUnknownValues: a slip of the pen is no empty market.
func TestGapsRefuseUnknownValues(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "data.ndjson", dataMarket+`{"type":"demand","id":"d6","employer":"e1","title":"焊工","region":"440605","industry":"NACE-28","headcount":1}
{"type":"demand","id":"d7","employer":"e1","title":"焊工","region":"440605","industry":"金属制品业","headcount":2,"start":"2027-01"}
`))
	for _, tt := range []struct {
		field string
		f     GapFilter
	}{
		{"skill", GapFilter{Skill: []string{"t.wled"}}}, {"skill", GapFilter{Skill: []string{"看山"}}}, {"skill", GapFilter{Skill: []string{""}}},
		{"occupation", GapFilter{Occupation: []string{"o.typo"}}}, {"occupation", GapFilter{Occupation: []string{""}}}, {"industry", GapFilter{Industry: []string{"NACE-29"}}},
		{"industry", GapFilter{Industry: []string{"2740"}}}, {"industry", GapFilter{Industry: []string{"C2740"}}}, {"year", GapFilter{Year: []string{"20270"}}},
		{"year", GapFilter{Year: []string{"soon"}}}, {"education", GapFilter{Education: []string{"phd"}}}, {"region", GapFilter{Region: []string{"亚特兰蒂斯"}}},
	} {
		refusedFor(t, m, tt.field, GapRequest{By: []string{"region"}, Filter: tt.f})
	}
	if c := oneCell(t, m, GapRequest{By: []string{"industry"}, IndustryAt: "division"}, "33"); *c.Demand != 21 {
		t.Errorf("%+v", c)
	}
	for want, f := range map[string]GapFilter{ // heads that pass
		"21": {Industry: []string{"C33"}}, "21 ": {Industry: []string{"33"}}, "21  ": {Industry: []string{"金属制品业"}}, "21   ": {Industry: []string{"Manufacturing"}}, "1": {Industry: []string{"NACE-28"}}, "1 ": {Year: []string{"-"}},
		"4": {Skill: []string{"看海"}}, "22": {Occupation: []string{"-"}}, "0": {Industry: []string{"A"}},
	} {
		a, err := m.Gaps(context.Background(), GapRequest{By: []string{"region"}, Limit: 1, Filter: f})
		if err != nil || fmt.Sprint(a.Meta.Demand) != strings.TrimSpace(want) {
			t.Errorf("%+v: %+v, %v, want %s", f, a, err, want)
		}
	}
}

// TestGapWorkbookCaveats: the summary says what was counted and what to know, in both languages.
func TestGapWorkbookCaveats(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "data.ndjson", dataMarket))
	a, err := m.Gaps(context.Background(), GapRequest{By: []string{"education"}, Limit: 9})
	if err != nil {
		t.Fatal(err)
	}
	var rows bytes.Buffer
	for _, row := range a.summarySheet().Rows {
		fmt.Fprintln(&rows, row...)
	}
	for _, want := range []string{gapCounting.ZH, gapCounting.EN, educationCaveat.ZH, educationCaveat.EN, "years counted 2027, 2028"} {
		if !strings.Contains(rows.String(), want) {
			t.Errorf("the summary lacks %s", want)
		}
	}
}

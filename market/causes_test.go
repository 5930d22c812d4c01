package market

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// Who offers and who asks in the little markets: e1 and e2 are enterprises in 广东 and 贵州, s1
// and s2 schools there.
const causesOrgs = `{"type":"organization","id":"e1","name":"甲厂","name_en":"Works A","kind":"enterprise","region":"440605","industry":"C33"}
{"type":"organization","id":"e2","name":"乙厂","kind":"enterprise","region":"520100"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"organization","id":"s2","name":"丁校","kind":"college","region":"520100"}
{"type":"skill","id":"t.weld","name":"手焊","name_en":"hand welding"}
{"type":"skill","id":"t.dive","name":"潜水焊"}
{"type":"occupation","id":"o.weld","name":"焊工","name_en":"welder"}
`

// causesDemand and causesProgram write a record with the usual fields and some more.
func causesDemand(id, employer string, heads int, more string) string {
	region := map[string]string{"e1": "440605", "e2": "520100"}[employer]
	return fmt.Sprintf(`{"type":"demand","id":%q,"employer":%q,"title":"焊工","occupation":"o.weld","region":%q,"headcount":%d%s}`+"\n", id, employer, region, heads, more)
}

func causesProgram(id, school string, graduates int, more string) string {
	region := map[string]string{"s1": "440605", "s2": "520100"}[school]
	return fmt.Sprintf(`{"type":"program","id":%q,"school":%q,"name":"焊接","region":%q,"education":"associate","cohorts":[{"year":2027,"graduates":%d}]%s}`+"\n", id, school, region, graduates, more)
}

const (
	asksWeld    = `,"start":"2027-09","skills":[{"skill":"t.weld"}]`
	asksDive    = `,"start":"2027-09","skills":[{"skill":"t.dive","required":true}]`
	teachesWeld = `,"skills":[{"skill":"t.weld"}]`
	teachesDive = `,"skills":[{"skill":"t.dive"}]`
	teachesBoth = `,"skills":[{"skill":"t.weld"},{"skill":"t.dive"}]`
)

// causesMarket opens a market of these records and no others.
func causesMarket(t *testing.T, records string) *Market {
	t.Helper()
	m, err := Open(context.Background(), Options{Dir: t.TempDir(), Software: "test", NoBuiltin: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	importFiles(t, m, writeFile(t, "market.ndjson", records))
	return m
}

func causesOf(t *testing.T, m *Market, change func(*CausesRequest)) *CausesAnswer {
	t.Helper()
	r := DefaultCausesRequest()
	if change != nil {
		change(&r)
	}
	a, err := m.Causes(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	checkCausesSums(t, a)
	return a
}

// checkCausesSums: shares add up to the unfilled heads, as decimals and in 120ths.
func checkCausesSums(t *testing.T, a *CausesAnswer) {
	t.Helper()
	check := func(what string, unfilled int64, s CauseShares, x CauseParts) {
		hundredths := int64(0)
		for _, v := range []float64{s.Numbers, s.Education, s.Timing, s.Skills, s.Place, s.Reservations} {
			var whole, part int64
			text := strings.Replace(fmt.Sprintf("%.2f", v), "-", "", 1)
			if fmt.Sprint(v) != strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.2f", v), "0"), ".") {
				t.Errorf("%s: share %v is no hundredth", what, v)
			}
			if _, err := fmt.Sscanf(text, "%d.%d", &whole, &part); err != nil {
				t.Fatal(err)
			}
			if n := 100*whole + part; v < 0 {
				hundredths -= n
			} else {
				hundredths += n
			}
		}
		parts := x.Numbers + x.Education + x.Timing + x.Skills + x.Place + x.Reservations
		if hundredths != 100*unfilled || parts != 120*unfilled {
			t.Errorf("%s: shares of %d add up to %d/100 and %d/120", what, unfilled, hundredths, parts)
		}
	}
	check("total", a.Meta.Total.Unfilled, a.Meta.Total.Shares, a.Meta.Total.Exact)
	for i := range a.Items {
		g := &a.Items[i]
		check(g.Key, g.Unfilled, g.Shares, g.Exact)
		if g.CertainShortage > g.Unfilled || g.Unfilled > g.PossibleShortage || g.PossibleShortage > g.Heads {
			t.Errorf("%s: %d certainly short, %d unfilled, %d possibly, of %d", g.Key, g.CertainShortage, g.Unfilled, g.PossibleShortage, g.Heads)
		}
	}
}

// summary is the total in a line.
func (s CauseShares) summary() string {
	return fmt.Sprintf("n %v e %v t %v s %v p %v r %v", s.Numbers, s.Education, s.Timing, s.Skills, s.Place, s.Reservations)
}

func TestCausesByHand(t *testing.T) {
	for _, tt := range []struct {
		name, records  string
		heads          int64
		unfilled       int64
		shares         string
		available      int64
		certain, cures string
	}{
		{
			name: "numbers", records: causesDemand("d1", "e1", 10, asksWeld) + causesProgram("p1", "s1", 6, teachesWeld),
			heads: 10, unfilled: 4, shares: "n 4 e 0 t 0 s 0 p 0 r 0", available: 6, certain: "4..4",
			cures: "焊接（丙校，2027 届）任焊工：扩大招生：合格的毕业生都已用上；至多补 4 人",
		},
		{
			name: "education", records: causesDemand("d1", "e1", 5, asksWeld+`,"education":"bachelor"`) + causesProgram("p1", "s1", 8, teachesWeld),
			heads: 5, unfilled: 5, shares: "n 0 e 5 t 0 s 0 p 0 r 0", available: 8, certain: "5..5",
			cures: "焊接（丙校，2027 届）任焊工：需求由本科放宽到高职专科，或提高授予学历；至多补 5 人",
		},
		{ // 2030-09 is 38 months after July 2027.
			name: "timing", records: causesDemand("d1", "e1", 5, `,"start":"2030-09","skills":[{"skill":"t.weld"}]`) + causesProgram("p1", "s1", 8, teachesWeld),
			heads: 5, unfilled: 5, shares: "n 0 e 0 t 5 s 0 p 0 r 0", available: 8, certain: "5..5",
			cures: "焊接（丙校，2027 届）任焊工：2027-07毕业，2030-09到岗，早了 2 个月；至多补 5 人",
		},
		{
			name: "a required skill", records: causesDemand("d1", "e1", 5, asksDive) + causesProgram("p1", "s1", 8, teachesWeld),
			heads: 5, unfilled: 5, shares: "n 0 e 0 t 0 s 5 p 0 r 0", available: 8, certain: "5..5",
			cures: "焊接（丙校，2027 届）任焊工：开设“潜水焊”（3 级）；至多补 5 人",
		},
		{ // t.weld is covered to 1/4 only: level 1 of 4.
			name: "covered too little", records: causesDemand("d1", "e1", 5, `,"skills":[{"skill":"t.weld","level":4}]`) + causesProgram("p1", "s1", 8, `,"skills":[{"skill":"t.weld","level":1}]`),
			heads: 5, unfilled: 5, shares: "n 0 e 0 t 0 s 5 p 0 r 0", available: 8, certain: "5..5",
			cures: "焊接（丙校，2027 届）任焊工：“手焊”由 1 级提到 4 级；至多补 5 人",
		},
		{
			name: "place", records: causesDemand("d1", "e1", 5, asksWeld) + causesProgram("p1", "s2", 8, teachesWeld),
			heads: 5, unfilled: 5, shares: "n 0 e 0 t 0 s 0 p 5 r 0", available: 8, certain: "5..5",
			cures: "焊接（丁校，2027 届）任焊工：毕业生留在贵州省，岗位在广东省；至多补 5 人",
		},
		{ // 10 graduates, of whom 60 % stay in 贵州: 4 come.
			name: "some move", records: causesDemand("d1", "e1", 5, asksWeld) + causesProgram("p1", "s2", 10, teachesWeld+`,"retention":0.6`),
			heads: 5, unfilled: 1, shares: "n 0 e 0 t 0 s 0 p 1 r 0", available: 10, certain: "1..1",
			cures: "焊接（丁校，2027 届）任焊工：毕业生留在贵州省，岗位在广东省；至多补 1 人",
		},
		{ // 6 of p1's 8 are kept for e2, whose d2 p2 could fill too. d1 gets 2. Its other 4 are filled once
			// reservations are lifted, or both skills and place: in 2/3, 1/6 and 1/6 of the orders.
			// In hundredths 2.666.. + .666.. + .666.. are 2.66 + .67 + .67.
			name: "reservations",
			records: causesDemand("d1", "e1", 6, asksWeld) + causesDemand("d2", "e2", 6, asksDive) + causesProgram("p1", "s1", 8, teachesBoth) + causesProgram("p2", "s2", 6, teachesDive) +
				`{"type":"agreement","id":"a1","program":"p1","enterprise":"e2","kind":"order-class","seats":6}`,
			heads: 12, unfilled: 4, shares: "n 0 e 0 t 0 s 0.67 p 0.67 r 2.66", available: 14, certain: "4..4",
			cures: "焊接（丙校，2027 届）任焊工：6 席为乙厂预留；至多补 4 人",
		},
		{ // p1's 10 are kept for e1 and p2's 10 are free; all of them are in 广东 and d1 in 贵州, so lifting reservations fills nothing.
			name: "a reservation is not to blame for place",
			records: causesDemand("d1", "e2", 10, asksWeld) + causesDemand("d2", "e1", 10, asksWeld) + causesProgram("p1", "s1", 10, teachesWeld) + causesProgram("p2", "s1", 10, teachesWeld) +
				`{"type":"agreement","id":"a1","program":"p1","enterprise":"e1","kind":"order-class","seats":10}`,
			heads: 20, unfilled: 10, shares: "n 0 e 0 t 0 s 0 p 10 r 0", available: 20, certain: "10..10",
			cures: "焊接（丙校，2027 届）任焊工：毕业生留在广东省，岗位在贵州省；至多补 10 人",
		},
		{ // 8 of p1's 10 are kept for e1's d2. Half of 10 move, of the other 2 as well: 1 of the 2 and 4 of the 8. d1 gets 1.
			// Lifting place (p), skills (s) and reservations (r) fills: p 1, r 4, s 0, pr 9, ps 9 (p2's), sr 4, all 9. Then
			// p: 1/3*1 + 1/6*(9-0) + 1/6*(9-4) + 1/3*(9-4) = 4.33, r: 4/3 + 8/6 + 4/6 + 0 = 3.33, s: 0 + 8/6 + 0 + 0 = 1.33.
			name: "half of those who are reserved would move",
			records: causesDemand("d1", "e2", 10, asksWeld) + causesDemand("d2", "e1", 8, asksDive) + causesProgram("p1", "s1", 10, teachesBoth+`,"retention":0.5`) + causesProgram("p2", "s1", 8, teachesDive+`,"retention":1`) +
				`{"type":"agreement","id":"a1","program":"p1","enterprise":"e1","kind":"order-class","seats":8}`,
			heads: 18, unfilled: 9, shares: "n 0 e 0 t 0 s 1.34 p 4.33 r 3.33", available: 18, certain: "9..9",
			cures: "焊接（丙校，2027 届）任焊工：4 席为甲厂预留；至多补 4 人",
		},
		{ // As many as p1 has that d2's heads do not ask for are nobody's.
			name: "no more is reserved than heads",
			records: causesDemand("d1", "e1", 6, asksWeld) + causesDemand("d2", "e2", 1, asksDive) + causesProgram("p1", "s1", 8, teachesBoth) +
				`{"type":"agreement","id":"a1","program":"p1","enterprise":"e2","kind":"apprenticeship","seats":8}`,
			heads: 7, shares: "n 0 e 0 t 0 s 0 p 0 r 0", available: 8, certain: "0..0",
		},
		{ // 3 of 10 heads and of 6 graduates are gone.
			name: "hired", records: causesDemand("d1", "e1", 10, asksWeld) + causesProgram("p1", "s1", 6, teachesWeld) + `{"type":"outcome","demand":"d1","program":"p1","year":2027,"hired":3}`,
			heads: 7, unfilled: 4, shares: "n 4 e 0 t 0 s 0 p 0 r 0", available: 3, certain: "4..4",
			cures: "焊接（丙校，2027 届）任焊工：扩大招生：合格的毕业生都已用上；至多补 4 人",
		},
		{ // Half of 9 study on: 4.5 are left, 5 in whole people.
			name: "further study", records: causesDemand("d1", "e1", 9, asksWeld) + causesProgram("p1", "s1", 9, teachesWeld+`,"further_study_rate":0.5`),
			heads: 9, unfilled: 4, shares: "n 4 e 0 t 0 s 0 p 0 r 0", available: 5, certain: "4..4",
			cures: "焊接（丙校，2027 届）任焊工：扩大招生：合格的毕业生都已用上；至多补 4 人",
		},
		{ // Nobody can tell what p1 teaches, and d2 asks nothing: both pass.
			name: "nothing to go by", records: causesDemand("d1", "e1", 3, asksDive) + causesDemand("d2", "e1", 3, "") + causesProgram("p1", "s1", 6, ""),
			heads: 6, shares: "n 0 e 0 t 0 s 0 p 0 r 0", available: 6, certain: "0..0",
		},
		{ // p1 is known to teach 手焊 and comes first, though p0 is as near.
			name: "known skills first", records: causesDemand("d1", "e1", 3, asksWeld+`,"education":"bachelor"`) + causesProgram("p0", "s1", 9, "") + causesProgram("p1", "s1", 2, teachesWeld),
			heads: 3, unfilled: 3, shares: "n 0 e 3 t 0 s 0 p 0 r 0", available: 11, certain: "3..3",
			cures: "焊接（丙校，2027 届）任焊工：需求由本科放宽到高职专科，或提高授予学历；至多补 2 人",
		},
		{
			name: "unverified", records: causesDemand("d1", "e1", 3, asksWeld+`,"education":"bachelor"`) + causesProgram("p0", "s1", 9, ""),
			heads: 3, unfilled: 3, shares: "n 0 e 3 t 0 s 0 p 0 r 0", available: 9, certain: "3..3",
			cures: "焊接（丙校，2027 届）任焊工：需求由本科放宽到高职专科，或提高授予学历；其技能不详，须核实；至多补 3 人",
		},
		{name: "zero heads", records: causesDemand("d1", "e1", 0, asksDive) + causesProgram("p1", "s1", 0, teachesWeld), shares: "n 0 e 0 t 0 s 0 p 0 r 0", certain: "0..0"},
		{name: "no programs", records: causesDemand("d1", "e1", 3, asksWeld), heads: 3, unfilled: 3, shares: "n 3 e 0 t 0 s 0 p 0 r 0", certain: "3..3"},
		{name: "no demands", records: causesProgram("p1", "s1", 6, teachesWeld), shares: "n 0 e 0 t 0 s 0 p 0 r 0", available: 6},
		{name: "nothing at all", shares: "n 0 e 0 t 0 s 0 p 0 r 0"},
		{ // Short by education and place: both must be lifted, each is to blame for half.
			name: "two limits", records: causesDemand("d1", "e1", 3, asksWeld+`,"education":"bachelor"`) + causesProgram("p1", "s2", 8, teachesWeld),
			heads: 3, unfilled: 3, shares: "n 0 e 1.5 t 0 s 0 p 1.5 r 0", available: 8, certain: "3..3",
			cures: "焊接（丁校，2027 届）任焊工：需求由本科放宽到高职专科，或提高授予学历；毕业生留在贵州省，岗位在广东省；至多补 3 人",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := causesMarket(t, causesOrgs+tt.records)
			a := causesOf(t, m, nil)
			total := &a.Meta.Total
			if total.Heads != tt.heads || total.Unfilled != tt.unfilled || total.Shares.summary() != tt.shares || a.Meta.Supply.Available != tt.available {
				t.Errorf("%d of %d unfilled: %s; %d available", total.Unfilled, total.Heads, total.Shares.summary(), a.Meta.Supply.Available)
			}
			certain, cures := "", ""
			if len(a.Items) > 0 {
				g := &a.Items[0]
				certain = fmt.Sprintf("%d..%d", g.CertainShortage, g.PossibleShortage)
				if g.Key != "o.weld" || g.Name != "焊工" || g.NameEN != "welder" {
					t.Errorf("group %s %s %s", g.Key, g.Name, g.NameEN)
				}
				if len(g.Cures) > 0 {
					cures = g.Cures[0].Text
				}
			}
			if certain != tt.certain || cures != tt.cures {
				t.Errorf("shortage %q, cure %q", certain, cures)
			}
		})
	}
}

// A market with two occupations' worth of groups: the filters and the groups of each dimension.
const causesGroupsMarket = causesOrgs + `{"type":"alliance","id":"al","name":"联盟","kind":"school-enterprise","members":[{"organization":"e1","role":"chair"},{"organization":"s2","role":"member"}]}
`

func groupsOf(a *CausesAnswer) string {
	var out []string
	for i := range a.Items {
		g := &a.Items[i]
		out = append(out, fmt.Sprintf("%s %d/%d", g.Name, g.Unfilled, g.Heads))
	}
	return strings.Join(out, ", ")
}

func TestCausesGroupsAndFilters(t *testing.T) {
	m := causesMarket(t, causesGroupsMarket+
		causesDemand("d1", "e1", 6, asksWeld)+ // p1's 4 stay in 广东
		causesDemand("d2", "e2", 5, `,"start":"2028-09","education":"bachelor","priority":5,"skills":[{"skill":"t.weld"},{"skill":"t.dive"}]`)+ // nobody is a bachelor
		causesDemand("d3", "e2", 3, `,"status":"closed"`)+
		causesProgram("p1", "s1", 4, teachesWeld)+causesProgram("p2", "s2", 8, teachesBoth))
	for _, tt := range []struct {
		name   string
		change func(*CausesRequest)
		want   string
	}{
		{"occupation", nil, "焊工 7/11"},
		{"skill", func(r *CausesRequest) { r.By = "skill" }, "手焊 7/11, 潜水焊 5/5"},
		{"region", func(r *CausesRequest) { r.By = "region" }, "贵州省 5/5, 广东省 2/6"},
		{"prefecture", func(r *CausesRequest) { r.By, r.RegionAt = "region", "prefecture" }, "贵阳市 5/5, 佛山市 2/6"},
		{"education", func(r *CausesRequest) { r.By = "education" }, "本科 5/5, - 2/6"},
		{"year", func(r *CausesRequest) { r.By = "year" }, "2028 5/5, 2027 2/6"},
		{"industry", func(r *CausesRequest) { r.By = "industry" }, "- 5/5, 制造业 2/6"},
		{"employer", func(r *CausesRequest) { r.By = "employer_kind" }, "企业 7/11"},
		{"in a region", func(r *CausesRequest) { r.By, r.Filter.Region = "region", []string{"广东"} }, "广东省 2/6"},
		{"of an alliance", func(r *CausesRequest) { r.By, r.Filter.Alliance = "region", "al" }, "广东省 2/6"},
		{"its schools alone", func(r *CausesRequest) { r.Filter.Alliance, r.Programs = "al", "inside" }, "焊工 6/6"}, // s1 is no member
		{"programs of the region", func(r *CausesRequest) { r.Filter.Region, r.Programs, r.Reach = []string{"440000"}, "inside", "country" }, "焊工 2/6"},
		{"graduates go anywhere", func(r *CausesRequest) { r.Reach = "country" }, "焊工 5/11"},
		{"a skill", func(r *CausesRequest) { r.Filter.Skill = []string{"潜水焊"} }, "焊工 5/5"},
		{"an education", func(r *CausesRequest) { r.Filter.Education = []string{"本科"} }, "焊工 5/5"},
		{"a year", func(r *CausesRequest) { r.Filter.Year = []string{"2027"} }, "焊工 2/6"},
		{"an industry", func(r *CausesRequest) { r.Filter.Industry = []string{"C"} }, "焊工 2/6"},
		{"a year of no openings", func(r *CausesRequest) { r.Filter.Year = []string{"2199"} }, ""},
		{"no such cohort", func(r *CausesRequest) { r.Cohorts = []int{2026} }, "焊工 11/11"},
		{"all skills asked", func(r *CausesRequest) { r.MinSkills = 1 }, "焊工 7/11"},
		{"the second page", func(r *CausesRequest) { r.By, r.Limit = "region", 1 }, "贵州省 5/5"},
	} {
		a := causesOf(t, m, tt.change)
		if got := groupsOf(a); got != tt.want {
			t.Errorf("%s: %s", tt.name, got)
		}
		if a.NextCursor != "" {
			next := causesOf(t, m, func(r *CausesRequest) { tt.change(r); r.Cursor = a.NextCursor })
			if got := groupsOf(next); got != "广东省 2/6" || next.NextCursor != "" {
				t.Errorf("%s: then %s", tt.name, got)
			}
		}
	}
	a := causesOf(t, m, func(r *CausesRequest) { r.SurplusBy = "program" })
	if s := a.Meta.Surplus; len(s) != 2 || s[0].Key != "p2" || s[0].Name != "焊接" || s[0].Available != 8 || s[0].Certain != 8 || s[1].Possible != 0 {
		t.Errorf("surplus %+v", s)
	}
	if s := causesOf(t, m, func(r *CausesRequest) { r.SurplusBy = "education" }).Meta.Surplus; len(s) != 1 || s[0].Name != "高职专科" || s[0].Programs != 2 || s[0].Certain != 8 {
		t.Errorf("surplus %+v", s)
	}
}

// TestCausesPriority: of openings that compete the one of higher priority is filled, of equal ones
// one of the two whatever their ids are; what all may lack is possible and not certain.
func TestCausesPriority(t *testing.T) {
	first := ""
	for _, id := range []string{"d1", "z1"} {
		m := causesMarket(t, causesOrgs+
			causesDemand(id, "e1", 4, asksWeld+`,"education":"associate"`)+causesDemand("d2", "e1", 4, asksWeld)+causesDemand("d3", "e1", 2, asksWeld+`,"priority":5,"education":"secondary"`)+
			causesProgram("p1", "s1", 6, teachesWeld))
		a := causesOf(t, m, func(r *CausesRequest) { r.By = "education" })
		got := ""
		for i := range a.Items {
			g := &a.Items[i]
			got += fmt.Sprintf("%s %d (%d..%d), ", g.Key, g.Unfilled, g.CertainShortage, g.PossibleShortage)
		}
		if want := []string{"- 4 (0..4), associate 0 (0..4), secondary 0 (0..2), ", "associate 4 (0..4), - 0 (0..4), secondary 0 (0..2), "}; !slices.Contains(want, got) {
			t.Errorf("%s: %s", id, got)
		}
		if first == "" {
			first = got
		} else if got != first {
			t.Errorf("with %s %s, but %s", id, got, first)
		}
	}
}

// TestCausesRenamed: 10 graduates of an associate degree, an opening of 10 heads that asks for a
// bachelor's and one that asks nothing. The second has them whatever is lifted: the first's 10 are numbers.
// Two openings of 4 heads in 2036 compete for 4 graduates of 2035 of an associate degree: education and
// numbers are to blame for half of each. None of it depends on ids.
func TestCausesRenamed(t *testing.T) {
	for _, ids := range [][4]string{{"a1", "m", "a2", "a3"}, {"z1", "m", "a2", "a3"}, {"a1", "m", "z2", "a3"}, {"z1", "a", "a3", "z2"}} {
		m := causesMarket(t, causesOrgs+
			causesDemand(ids[0], "e1", 10, asksWeld+`,"education":"bachelor"`)+causesDemand(ids[1], "e1", 10, asksWeld)+causesProgram("p1", "s1", 10, teachesWeld)+
			causesDemand(ids[2], "e2", 4, `,"start":"2036-09","education":"bachelor","industry":"A","skills":[{"skill":"t.weld"}]`)+
			causesDemand(ids[3], "e2", 4, `,"start":"2036-09","education":"bachelor","industry":"B","skills":[{"skill":"t.weld"}]`)+
			`{"type":"program","id":"p2","school":"s2","name":"焊接","region":"520100","education":"associate","cohorts":[{"year":2035,"graduates":4}]`+teachesWeld+"}\n")
		for _, tt := range []struct{ by, want string }{
			{"year", "2027 10 n 10 e 0 t 0 s 0 p 0 r 0; 2036 8 n 4 e 4 t 0 s 0 p 0 r 0"},
			{"industry", "制造业 10 n 10 e 0 t 0 s 0 p 0 r 0; 农、林、牧、渔业 4 n 2 e 2 t 0 s 0 p 0 r 0; 采矿业 4 n 2 e 2 t 0 s 0 p 0 r 0"},
		} {
			a := causesOf(t, m, func(r *CausesRequest) { r.By = tt.by })
			var got []string
			for i := range a.Items {
				got = append(got, fmt.Sprintf("%s %d %s", a.Items[i].Name, a.Items[i].Unfilled, a.Items[i].Shares.summary()))
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("%v by %s: %s", ids, tt.by, text)
			}
		}
	}
}

// TestCausesReservedOutside: of 8 graduates 5 are kept for e2's d2, which competes though it is not
// shown: d1 lacks 3, and would whatever is lifted. In a market of its own region the seats stay kept, and lifting
// reservations would fill d1.
func TestCausesReservedOutside(t *testing.T) {
	m := causesMarket(t, causesOrgs+
		causesDemand("d1", "e1", 6, asksWeld)+causesDemand("d2", "e2", 5, asksWeld)+causesProgram("p1", "s1", 8, teachesWeld)+
		`{"type":"agreement","id":"a1","school":"s1","enterprise":"e2","demand":"d2","kind":"order-class","seats":5}`)
	for programs, want := range map[string]string{"all": "n 3 e 0 t 0 s 0 p 0 r 0", "inside": "n 0 e 0 t 0 s 0 p 0 r 3"} {
		a := causesOf(t, m, func(r *CausesRequest) { r.Filter.Region, r.Programs = []string{"广东"}, programs })
		if got := a.Meta.Total.Shares.summary(); got != want || a.Meta.Supply.Reserved != 5 || a.Meta.Supply.NotReserved != 0 {
			t.Errorf("%s: %s, %+v", programs, got, a.Meta.Supply)
		}
	}
}

// TestCausesFilterIsARow: a filter shows a row of the whole answer, and what it leaves out competes. 6
// graduates go anywhere; d1 in 广东 and d2 in 贵州 have 6 heads each and d3 is not for them: 10 of 16 stay
// empty, and of d1 and d2 each may lack 0 to 6.
func TestCausesFilterIsARow(t *testing.T) {
	m := causesMarket(t, causesOrgs+
		causesDemand("d1", "e1", 6, asksWeld)+causesDemand("d2", "e2", 6, asksWeld)+causesDemand("d3", "e2", 4, asksDive)+
		causesProgram("p1", "s1", 6, teachesWeld+`,"retention":0`))
	all := causesOf(t, m, func(r *CausesRequest) { r.By = "region" })
	unfilled := int64(0)
	for i := range all.Items {
		row := &all.Items[i]
		one := causesOf(t, m, func(r *CausesRequest) { r.By, r.Filter.Region = "region", []string{row.Key} })
		total, others := &one.Meta.Total, &one.Meta.Competing
		unfilled += total.Unfilled
		if got, want := fmt.Sprintf("%+v", one.Items), fmt.Sprintf("%+v", all.Items[i:i+1]); got != want {
			t.Errorf("alone %s, as a row %s", got, want)
		}
		if total.Unfilled != row.Unfilled || total.Exact != row.Exact || total.CertainShortage != row.CertainShortage || total.PossibleShortage != row.PossibleShortage ||
			total.Heads+others.Heads != 16 || total.Filled+others.Filled != 6 || total.Demands+others.Demands != 3 || one.Meta.Supply.Used != 6 {
			t.Errorf("%s: %+v, %+v", row.Key, total, others)
		}
		if want := map[string]string{"440000": "0..6", "520000": "4..10"}[row.Key]; fmt.Sprintf("%d..%d", total.CertainShortage, total.PossibleShortage) != want {
			t.Errorf("%s: %d..%d, not %s", row.Key, total.CertainShortage, total.PossibleShortage, want)
		}
	}
	if total := all.Meta.Total; unfilled != 10 || total.CertainShortage != 10 || total.PossibleShortage != 10 || all.Meta.Competing != (CausesCompeting{}) {
		t.Errorf("%d, %+v", unfilled, total)
	}
}

func TestBadCauses(t *testing.T) {
	m := causesMarket(t, causesOrgs)
	for _, tt := range []struct {
		change func(*CausesRequest)
		path   string
	}{
		{func(r *CausesRequest) { r.By = "colour" }, "by"},
		{func(r *CausesRequest) { r.Reach = "village" }, "reach"},
		{func(r *CausesRequest) { r.RegionAt = "village" }, "region_at"},
		{func(r *CausesRequest) { r.IndustryAt = "shop" }, "industry_at"},
		{func(r *CausesRequest) { r.Programs = "none" }, "programs"},
		{func(r *CausesRequest) { r.SurplusBy = "skill" }, "surplus_by"},
		{func(r *CausesRequest) { r.MinSkills = 1.5 }, "min_skills"},
		{func(r *CausesRequest) { r.Candidates = 0 }, "candidates"},
		{func(r *CausesRequest) { r.Cures = 21 }, "cures"},
		{func(r *CausesRequest) { r.Cures, r.Limit = 20, 151 }, "cures"},
		{func(r *CausesRequest) { r.Cohorts = []int{2027, 1899} }, "cohort"},
		{func(r *CausesRequest) { r.Cohorts = []int{2201} }, "cohort"},
		{func(r *CausesRequest) { r.Limit = 0 }, "limit"},
		{func(r *CausesRequest) { r.Cursor = "x" }, "cursor"},
		{func(r *CausesRequest) { r.Filter.Region = []string{"火星"} }, "region"},
		{func(r *CausesRequest) { r.Filter.Year = []string{"明年"} }, "year"},
		{func(r *CausesRequest) { r.Filter.Education = []string{"phd?"} }, "education"},
		{func(r *CausesRequest) { r.Filter.EmployerKind = []string{"shop"} }, "employer_kind"},
		{func(r *CausesRequest) { r.Filter.Alliance = "none" }, "alliance"},
		{func(r *CausesRequest) { r.Filter.Skill = []string{"打字错误"} }, "skill"},
		{func(r *CausesRequest) { r.Filter.Occupation = []string{"打字错误"} }, "occupation"},
		{func(r *CausesRequest) { r.Filter.Industry = []string{"打字错误"} }, "industry"},
	} {
		r := DefaultCausesRequest()
		tt.change(&r)
		_, err := m.Causes(context.Background(), r)
		bad, ok := errors.AsType[*talent.InvalidError](err)
		if !ok || bad.Fields[0].Path != tt.path {
			t.Errorf("%s: %v", tt.path, err)
		}
	}
}

// TestCausesSameBytes: the same again, in another process, and on an index that is built anew; the
// kept report replays, and names what changed.
func TestCausesSameBytes(t *testing.T) {
	dir := t.TempDir()
	open := func() *Market {
		m, err := Open(context.Background(), Options{Dir: dir, Software: "test"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	importFiles(t, m, scenarioFiles(t, "d")...)
	r := DefaultCausesRequest()
	r.By, r.SurplusBy = "skill", "program"
	report, answer, err := m.ReportCauses(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	checkCausesSums(t, answer)
	var file strings.Builder
	if err := report.Write(&file); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"", indexFolder} {
		if gone != "" {
			if err := os.RemoveAll(filepath.Join(dir, gone)); err != nil {
				t.Fatal(err)
			}
		}
		m := open()
		again, err := m.Replay(context.Background(), []byte(file.String()))
		if err != nil || !again.Same {
			t.Errorf("without %q: %+v, %v", gone, again, err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCausesSameInAnyOrder: the same records in any order of import give the same bytes where
// candidates are drawn. Each market has met regions, skills and records in an order of its own.
func TestCausesSameInAnyOrder(t *testing.T) {
	causesSampled = true
	defer func() { causesSampled = false }()
	r := rand.New(rand.NewPCG(1, 1))
	regions := []string{"440300", "440100", "110100", "310000", "510100", "330100", "420100", "610100", "500000", "370200", "210100", "340100"}
	var records []string
	for i := range 120 {
		records = append(records, fmt.Sprintf(`{"type":"program","id":"p%03d","school":"s1","name":"焊接","region":%q,"education":%q,"cohorts":[{"year":%d,"graduates":%d}],"retention":%g%s}`+"\n",
			i, regions[r.IntN(12)], []string{"associate", "bachelor"}[r.IntN(2)], 2023+3*r.IntN(2), 1+r.IntN(5), []float64{.3, .7, 1}[r.IntN(3)], teachesWeld))
	}
	for i := range 40 {
		records = append(records, fmt.Sprintf(`{"type":"demand","id":"d%02d","employer":"e%d","title":"焊工","region":%q,"headcount":%d,"education":%q,"start":%q,"skills":[{"skill":"t.weld"}]}`+"\n",
			i, 1+r.IntN(2), regions[r.IntN(12)], 1+r.IntN(9), []string{"associate", "bachelor", "master"}[r.IntN(3)], []string{"2026-07", "2028-01", "2024-01"}[r.IntN(3)]))
	}
	first := ""
	for i := range 4 {
		m := causesMarket(t, causesOrgs)
		for part := range slices.Chunk(records, 40) {
			importFiles(t, m, writeFile(t, "part.ndjson", strings.Join(part, "")))
		}
		a := causesOf(t, m, func(r *CausesRequest) { r.By, r.SurplusBy, r.Candidates = "region", "program", 2 })
		if a.Meta.Listed != "candidates" || a.Meta.Total.Unfilled == 0 {
			t.Fatalf("%s listed, %d unfilled", a.Meta.Listed, a.Meta.Total.Unfilled)
		}
		a.Meta.Versions = Versions{}
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = string(text)
		} else if string(text) != first {
			t.Errorf("order %d: another answer", i)
		}
		r.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
	}
}

// TestCausesWorkbook: every sheet has its rows.
func TestCausesWorkbook(t *testing.T) {
	m := openMarket(t, "c")
	a := causesOf(t, m, func(r *CausesRequest) { r.Cohorts, r.Limit = []int{2027, 2026}, 1 })
	if a.Meta.SurplusGroups != 2 || len(a.Meta.Surplus) != 1 {
		t.Errorf("%d of %d groups left over", len(a.Meta.Surplus), a.Meta.SurplusGroups)
	}
	cures := 0
	for i := range a.Items {
		cures += len(a.Items[i].Cures)
	}
	path := filepath.Join(t.TempDir(), "causes.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(WriteCausesWorkbook(f, a), f.Close()); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for name, want := range map[string]int{"原因 Causes": len(a.Items), "对策 Cures": cures, "剩余毕业生 Surplus": len(a.Meta.Surplus)} {
		if rows, err := book.GetRows(name); err != nil || len(rows) != want+2 {
			t.Errorf("%s has %d rows for %d: %v", name, len(rows), want, err)
		}
	}
	summary := map[string]string{}
	rows, err := book.GetRows("概要 Summary")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row) > 2 {
			summary[row[1]] = row[2]
		}
	}
	for field, want := range map[string]string{"cohorts": "2026, 2027", "region_at": "province", "surplus_by": "region", "candidates": "20", "programs without cohorts": fmt.Sprint(a.Meta.Supply.NoCohorts),
		"groups of graduates left over": fmt.Sprint(a.Meta.SurplusGroups)} {
		if summary[field] != want {
			t.Errorf("%s is %q, not %q: %q", field, summary[field], want, summary)
		}
	}
	if rows, err = book.GetRows("对策 Cures"); err != nil || rows[2][1] == "" || strings.ContainsAny(rows[2][1], "abcdefghijklmnopqrstuvwxyz") {
		t.Errorf("%q: %v", rows[2], err)
	}
	var csv, lines strings.Builder
	if err := errors.Join(WriteCausesCSV(&csv, a), WriteCausesNDJSON(&lines, a)); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(lines.String(), "\n"); n != len(a.Items) || !json.Valid([]byte(strings.SplitN(lines.String(), "\n", 2)[0])) {
		t.Errorf("%d lines for %d groups", n, len(a.Items))
	}
	if !strings.HasPrefix(csv.String(), "key,name,name_en,demands,heads,unfilled,") {
		t.Errorf("%.200s", csv.String())
	}
}

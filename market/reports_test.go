package market

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// A market whose numbers can be added up by hand. Two demands for 焊接 (10 + 5 heads,
// one of them closed is not counted), one program with 12 graduates in 2027 and 8
// in 2028.
const handMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"s1","name":"乙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.cut","name":"手切"}
{"type":"skill","id":"t.sing","name":"唱歌"}
{"type":"occupation","id":"o.welder","name":"手焊工","skills":[{"skill":"t.weld"},{"skill":"t.cut","importance":0.5}]}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":10,"start":"2027-09","education":"secondary","occupation":"o.welder","skills":[{"skill":"t.weld","level":4},{"skill":"t.cut","level":3,"importance":0.5}]}
{"type":"demand","id":"d2","employer":"e1","title":"焊工","region":"110105","headcount":5,"start":"2028-03","skills":[{"skill":"t.weld","level":2,"required":true}]}
{"type":"demand","id":"d3","employer":"e1","title":"焊工","region":"440605","headcount":99,"status":"closed","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d4","employer":"e1","title":"切割工","region":"440605","headcount":4,"start":"2027-09","skills":[{"skill":"t.cut","level":3,"required":true}]}
{"type":"demand","id":"d5","employer":"e1","title":"博士","region":"440605","headcount":1,"start":"2027-09","education":"doctorate","skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":12},{"year":2028,"graduates":8}],"skills":[{"skill":"t.weld","level":2},{"skill":"t.sing","level":3}]}
`

func gapLines(t *testing.T, m *Market, r GapRequest) string {
	t.Helper()
	r.Limit = 100
	a, err := m.Gaps(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	show := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprint(*v)
	}
	var b strings.Builder
	for _, c := range a.Items {
		var keys []string
		for _, d := range r.By {
			keys = append(keys, c.Keys[d])
		}
		fmt.Fprintf(&b, "%s: %s - %s = %s, ratio %s, %v %v\n", strings.Join(keys, "/"), show(c.Demand), show(c.Supply), show(c.Gap), show(c.Ratio), c.DemandIDs, c.ProgramIDs)
	}
	fmt.Fprintf(&b, "in all %v - %v", a.Meta.Demand, a.Meta.Supply)
	return b.String()
}

func TestGapsByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "hand.ndjson", handMarket))
	tests := []struct {
		name string
		r    GapRequest
		want string
	}{
		// Demands start in 2027 and 2028, so both cohorts count: 12 + 8 = 20.
		{"skill", GapRequest{By: []string{"skill"}, DrillDown: 9}, `t.cut: 14 - 0 = 14, ratio 0, [d1 d4] []
t.weld: 16 - 20 = -4, ratio 1.25, [d1 d2 d5] [p1]
t.sing: 0 - 20 = -20, ratio -, [] [p1]
in all 20 - 20`},
		{"region at province", GapRequest{By: []string{"region"}}, `110000: 5 - 0 = 5, ratio 0, [] []
440000: 15 - 20 = -5, ratio 1.3333333333333333, [] []
in all 20 - 20`},
		{"year", GapRequest{By: []string{"year"}}, `2027: 15 - 12 = 3, ratio 0.8, [] []
2028: 5 - 8 = -3, ratio 1.6, [] []
in all 20 - 20`},
		{"education", GapRequest{By: []string{"education"}}, `secondary: 10 - 0 = 10, ratio 0, [] []
-: 9 - - = -, ratio -, [] []
doctorate: 1 - 0 = 1, ratio 0, [] []
associate: 0 - 20 = -20, ratio -, [] []
in all 20 - 20`},
		// p1 covers weld of the welder's weld 1 and cut 0.5: 1/1.5 = 0.67, enough.
		{"occupation, one region", GapRequest{By: []string{"occupation"}, Filter: GapFilter{Region: []string{"440600"}}}, `-: 5 - 0 = 5, ratio 0, [] []
o.welder: 10 - 12 = -2, ratio 1.2, [] []
in all 15 - 12`},
		{"skill and year, filtered", GapRequest{By: []string{"skill", "year"}, Filter: GapFilter{Skill: []string{"t.weld"}, Year: []string{"2028"}}}, `t.weld/2028: 5 - 8 = -3, ratio 1.6, [] []
in all 5 - 8`},
		{"no supply there", GapRequest{By: []string{"skill"}, Filter: GapFilter{Region: []string{"110000"}}}, `t.weld: 5 - 0 = 5, ratio 0, [] []
in all 5 - 0`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := gapLines(t, m, tt.r); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestGapsPages(t *testing.T) {
	m := openMarket(t, "e")
	ctx := context.Background()
	whole, err := m.Gaps(ctx, GapRequest{By: []string{"skill", "region"}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var got []GapCell
	for cursor := ""; ; {
		a, err := m.Gaps(ctx, GapRequest{By: []string{"skill", "region"}, Limit: 7, Cursor: cursor})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, a.Items...)
		if cursor = a.NextCursor; cursor == "" {
			break
		}
	}
	if len(got) != whole.Meta.Cells || fmt.Sprint(keysOf(got)) != fmt.Sprint(keysOf(whole.Items)) {
		t.Errorf("%d cells by pages, %d in all", len(got), whole.Meta.Cells)
	}
	for _, bad := range []GapRequest{{By: nil, Limit: 1}, {By: []string{"mood"}, Limit: 1}, {By: []string{"skill", "skill"}, Limit: 1}, {By: []string{"skill"}, Limit: 0},
		{By: []string{"skill"}, Limit: 1, Cursor: "x"}, {By: []string{"skill"}, Limit: 1, Cursor: encodeOffset(1, (&GapRequest{By: []string{"region"}}).fingerprint())}, {By: []string{"skill"}, Limit: 1, RegionAt: "village"}, {By: []string{"year"}, Limit: 1, Filter: GapFilter{Year: []string{"soon"}}},
		{By: []string{"region"}, Limit: 1, Filter: GapFilter{Region: []string{"nowhere"}}}} {
		if _, err := m.Gaps(ctx, bad); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%+v: %v, want invalid", bad, err)
		}
	}
}

func keysOf(cells []GapCell) (out []map[string]string) {
	for _, c := range cells {
		out = append(out, c.Keys)
	}
	return out
}

// TestAlignByHand: p1 teaches 手焊 at 2 and 唱歌. Of the open demands d5 falls to
// education and d4 to its required skill. Coverage: d1 asks 手焊 4 (credit 2/4) and
// 手切 (0): 0.5/1.5 = 1/3; d2 asks 手焊 2: 1; d4: 0. d4 is not eligible.
// By heads (10/3 + 5)/15.
func TestAlignByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "hand.ndjson", handMarket))
	a, err := m.Align(context.Background(), AlignRequest{ProgramID: "p1", MinSkills: 0.5, Top: 10})
	if err != nil {
		t.Fatal(err)
	}
	mt := a.Meta
	if mt.Eligible != 2 || mt.EligibleHeadcount != 15 || mt.Reached != 1 || mt.ReachedHeadcount != 5 || len(a.Items) != 1 || a.Items[0].ID != "d2" {
		t.Errorf("openings: %+v %+v", mt, a.Items)
	}
	if mt.Coverage == nil || round6(*mt.Coverage) != round6((10.0/3+5)/15) {
		t.Errorf("coverage %v", mt.Coverage)
	}
	if mt.Gates["education"] != 1 || mt.Gates["required_skill"] != 1 || mt.Gates["status"] != 1 {
		t.Errorf("gates %v", mt.Gates)
	}
	if len(mt.Missing) != 1 || mt.Missing[0].Skill != "t.cut" || mt.Missing[0].Headcount != 14 || mt.Missing[0].Openings != 2 {
		t.Errorf("missing %+v", mt.Missing)
	}
	// Asked of 手焊: (10*4 + 5*2)/15.
	if len(mt.Below) != 1 || mt.Below[0].Skill != "t.weld" || mt.Below[0].Taught != 2 || mt.Below[0].Asked != round6(50.0/15) {
		t.Errorf("below %+v", mt.Below)
	}
	if len(mt.Surplus) != 1 || mt.Surplus[0].Skill != "t.sing" {
		t.Errorf("surplus %+v", mt.Surplus)
	}
	if _, err := m.Align(context.Background(), AlignRequest{ProgramID: "nobody", Top: 1}); !errors.Is(err, talent.ErrNotFound) {
		t.Errorf("unknown program: %v", err)
	}
}

// TestMatchRequests: filters, minimum score, unsaved records, and what is refused.
func TestMatchRequests(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "c")
	base := MatchRequest{DemandID: "c.dem.weld-robot", Top: 50, Weights: defaultWeights}
	all, err := m.Match(ctx, base)
	if err != nil {
		t.Fatal(err)
	}
	near := base
	near.Filter.Region = []string{"440605"}
	a, err := m.Match(ctx, near)
	if err != nil {
		t.Fatal(err)
	}
	if a.Meta.Filtered == 0 || len(a.Items) == 0 || len(a.Items) >= len(all.Items) {
		t.Errorf("region filter: %+v", a.Meta)
	}
	for _, it := range a.Items {
		if it.Region != "440605" {
			t.Errorf("%s is in %s", it.ID, it.Region)
		}
	}
	high := base
	high.MinScore = all.Items[1].Score
	if a, err := m.Match(ctx, high); err != nil || len(a.Items) != 2 {
		t.Errorf("minimum score: %d items, %v", len(a.Items), err)
	}
	it, err := m.Get(ctx, talent.TypeDemand, base.DemandID)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := it.Record()
	if err != nil {
		t.Fatal(err)
	}
	unsaved := base
	unsaved.DemandID, unsaved.Demand = "", rec.(*talent.Demand)
	if a, err := m.Match(ctx, unsaved); err != nil || a.Items[0].ID != all.Items[0].ID || a.Items[0].Score != all.Items[0].Score {
		t.Errorf("the same demand unsaved: %+v, %v", a, err)
	}
	bad := []func(*MatchRequest){
		func(r *MatchRequest) { r.Top = 0 },
		func(r *MatchRequest) { r.Weights = matcher.Weights{} },
		func(r *MatchRequest) { r.Weights.Text = -1 },
		func(r *MatchRequest) { r.Filter.Region = []string{"nowhere"} },
		func(r *MatchRequest) { r.Filter.Education = []string{"kindergarten"} },
		func(r *MatchRequest) { r.ProgramID = "c.prog.granule" },
		func(r *MatchRequest) { r.DemandID = "" },
	}
	for i, change := range bad {
		r := base
		change(&r)
		if _, err := m.Match(ctx, r); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("bad request %d: %v, want invalid", i, err)
		}
	}
}

// TestUnsavedRecords: a region that no stored record uses has its place all the same,
// what an unsaved record brings is forgotten, and what it refers to must exist.
func TestUnsavedRecords(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "e")
	ask := func(d *talent.Demand) (*MatchAnswer, error) {
		return m.Match(ctx, MatchRequest{Demand: d, Top: 1000, Weights: defaultWeights, Explain: true})
	}
	d := &talent.Demand{ID: "unsaved", Employer: "nobody", Title: "从未见过的词鼯鼱", Region: "542500", Headcount: 1,
		Skills: []talent.DemandSkill{{Name: "饲养鼯鼱"}, {Skill: "sk.plc-programming"}}}
	terms, skills, regions := len(m.lex.terms.all()), len(m.lex.skills.all()), len(m.lex.regions.all())
	a, err := ask(d)
	if err != nil {
		t.Fatal(err)
	}
	if terms == 0 { // the snapshot came with the first question
		terms, skills, regions = len(m.lex.terms.all()), len(m.lex.skills.all()), len(m.lex.regions.all())
		if a, err = ask(d); err != nil {
			t.Fatal(err)
		}
	}
	for _, it := range a.Items {
		if it.Components["place"] != 0.4 { // Ngari, and every program is elsewhere in China
			t.Errorf("%s in %s: place %v", it.ID, it.Region, it.Components["place"])
		}
		if s := it.Skills[0]; s.Skill != "" || s.Name != "饲养鼯鼱" || s.Status != "missing" {
			t.Errorf("%s: unknown skill %+v", it.ID, s)
		}
	}
	if len(a.Items) == 0 || len(a.Meta.Unresolved) != 1 {
		t.Errorf("%d items, unresolved %v", len(a.Items), a.Meta.Unresolved)
	}
	if len(m.lex.terms.all()) != terms || len(m.lex.skills.all()) != skills || len(m.lex.regions.all()) != regions {
		t.Error("an unsaved record left something behind")
	}
	d.Region, d.Occupation, d.Skills = "atlantis", "oc.nobody", []talent.DemandSkill{{Skill: "sk.nothing"}}
	var invalid *talent.InvalidError
	if _, err := ask(d); !errors.As(err, &invalid) || len(invalid.Fields) != 3 || invalid.Fields[2].Path != "skills[0].skill" {
		t.Errorf("dangling references: %v", err)
	}
	d.Region, d.Occupation, d.Skills, d.Status = "360000", "", nil, "closed"
	if a, err := ask(d); err != nil || a.Meta.Eligible != 0 || a.Meta.Gates["status"] == 0 {
		t.Errorf("a closed demand: %+v, %v", a, err)
	}
}

// TestInheritedIndustry: a demand without an industry has its employer's, also after
// that changes.
func TestInheritedIndustry(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "small.ndjson", smallMarket))
	count := func(industry string) int {
		a, err := m.Match(ctx, MatchRequest{ProgramID: "p1", Top: 10, Weights: defaultWeights, Filter: MatchFilter{Industry: []string{industry}}})
		if err != nil {
			t.Fatal(err)
		}
		return len(a.Items)
	}
	if count("C39") != 0 {
		t.Fatal("the employer has no industry yet")
	}
	for _, step := range []struct {
		industry string
		c39, f   int
	}{{"C39", 1, 0}, {"F51", 0, 1}, {"391", 1, 0}} {
		org := decode[*talent.Organization](t, `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605","industry":"`+step.industry+`"}`)
		if _, _, err := m.Put(ctx, org, store.Any); err != nil {
			t.Fatal(err)
		}
		if a, b := count("39"), count("F"); a != step.c39 || b != step.f {
			t.Errorf("industry %s: %d in 39 and %d in F", step.industry, a, b)
		}
	}
}

func TestKeys(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	if has, err := m.HasKeys(ctx); err != nil || has {
		t.Fatalf("a new store has keys: %v, %v", has, err)
	}
	secret, k, err := m.AddKey(ctx, "教务处")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok, err := m.CheckKey(ctx, secret); err != nil || !ok || got != k {
		t.Errorf("the key itself: %+v %v %v", got, ok, err)
	}
	for _, wrong := range []string{"", secret + "x", secret[:len(secret)-1], k.ID} {
		if _, ok, _ := m.CheckKey(ctx, wrong); ok {
			t.Errorf("%q passes", wrong)
		}
	}
	list, err := m.Keys(ctx)
	if err != nil || len(list) != 1 || strings.Contains(fmt.Sprint(list), secret) {
		t.Errorf("keys: %+v, %v", list, err)
	}
	if err := m.RemoveKey(ctx, k.ID); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := m.CheckKey(ctx, secret); ok {
		t.Error("a removed key passes")
	}
	if err := m.RemoveKey(ctx, k.ID); !errors.Is(err, talent.ErrNotFound) {
		t.Errorf("removing twice: %v", err)
	}
}

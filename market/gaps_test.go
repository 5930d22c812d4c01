package market

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/store"
	"talentmatch/talent"
)

// A market for the factors of supply. d1 asks 焊接 at level 4 for 10, d2 at level 2 for 5; d3
// asks a skill that is required and that nobody teaches. p1 has 20 graduates at level 2, of
// whom 10 % study on and 75 % of the rest stay; p2 has 6 of level 5 and says neither.
const factorMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605","industry":"C33"}
{"type":"organization","id":"e2","name":"乙园","kind":"park","region":"440300"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.dive","name":"潜水焊"}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":10,"start":"2027-09","skills":[{"skill":"t.weld","level":4}]}
{"type":"demand","id":"d2","employer":"e2","title":"焊工","region":"440300","headcount":5,"start":"2027-09","industry":"K70","skills":[{"skill":"t.weld","level":2}]}
{"type":"demand","id":"d3","employer":"e2","title":"潜水焊工","region":"440300","headcount":1,"start":"2027-09","skills":[{"skill":"t.dive","required":true},{"skill":"t.weld","level":2}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","further_study_rate":0.1,"retention":0.75,"cohorts":[{"year":2027,"graduates":20}],"skills":[{"skill":"t.weld","level":2}]}
{"type":"program","id":"p2","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":6}],"skills":[{"skill":"t.weld","level":5}]}
{"type":"series","id":"m1","measure":"in_migration","keys":{"region":"440000","skill":"t.weld"},"start":"2026","values":[1,3]}
{"type":"series","id":"m2","measure":"in_migration","keys":{"region":"440605","skill":"t.weld"},"period":"quarter","start":"2027-Q1","values":[1,0,1,0]}
{"type":"series","id":"m3","measure":"in_migration","keys":{"region":"440000"},"start":"2027","values":[50]}
{"type":"series","id":"m4","measure":"openings","keys":{"region":"440000","skill":"t.weld"},"start":"2027","values":[999]}
`

func oneCell(t *testing.T, m *Market, r GapRequest, keys ...string) *GapCell {
	t.Helper()
	r.Limit = 100
	a, err := m.Gaps(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	for i := range a.Items {
		var have []string
		for _, by := range r.By {
			have = append(have, a.Items[i].Keys[by])
		}
		if strings.Join(have, "/") == strings.Join(keys, "/") {
			return &a.Items[i]
		}
	}
	t.Fatalf("no cell %v in %+v", keys, a.Items)
	return nil
}

// factors shows what becomes of supply: graduates - study - outflow + in - below = effective.
func factors(c *GapCell) string {
	show := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprint(*v)
	}
	return fmt.Sprintf("%s - %s - %s + %s - %s = %s; gap %s, at level %s, effective %s; none for %s", show(c.Supply), show(c.FurtherStudy), show(c.Outflow), show(c.InMigration),
		show(c.BelowLevel), show(c.EffectiveSupply), show(c.Gap), show(c.GapAtLevel), show(c.EffectiveGap), show(c.NoEligible))
}

func TestGapFactorsByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "factors.ndjson", factorMarket))
	for _, tt := range []struct {
		name string
		cell *GapCell
		want string
	}{
		// Of 16 heads 10 ask level 4 and 6 level 2. At level: 6 of level 5 and 6 heads below: 12,
		// so 4 stay short. 2 study on; nobody leaves the country's report, nobody comes in.
		// Then 18 of level 2 and 6 of level 5: least(24, 6 + 6) = 12, 12 do not count.
		{"skill", oneCell(t, m, GapRequest{By: []string{"skill"}}, "t.weld"), "26 - 2 - - + - - 12 = 12; gap -10, at level 4, effective 4; none for 0.0625"},
		// By province: 18 * 0.25 = 4.5 leave; m1 brings 3 in 2027 (m2 is part of it, m3 says no skill).
		// least(13.5 + 6 + 3, 9 + 6) = 15.
		{"skill by province", oneCell(t, m, GapRequest{By: []string{"skill", "region"}}, "t.weld", "440000"), "26 - 2 - 4.5 + 3 - 7.5 = 15; gap -10, at level 4, effective 1; none for 0.0625"},
		// In the county m2 says 2 and m1 nothing. 10 heads of level 4: 6 + 2 count.
		{"skill by county", oneCell(t, m, GapRequest{By: []string{"skill", "region"}, RegionAt: "region"}, "t.weld", "440605"), "26 - 2 - 4.5 + 2 - 13.5 = 8; gap -16, at level 4, effective 2; none for 0"},
		// All skills together: m3 alone.
		{"province", oneCell(t, m, GapRequest{By: []string{"region"}}, "440000"), "26 - 2 - 4.5 + 50 - - = 69.5; gap -10, at level -, effective -53.5; none for 0.0625"},
		{"level asked", oneCell(t, m, GapRequest{By: []string{"skill"}, Level: "asked"}, "t.weld"), "12 - 2 - - + - - 12 = 12; gap 4, at level 4, effective 4; none for 0.0625"},
		{"a skill that nobody teaches", oneCell(t, m, GapRequest{By: []string{"skill"}}, "t.dive"), "0 - - - - + - - 0 = 0; gap 1, at level 1, effective 1; none for 1"},
		{"industry", oneCell(t, m, GapRequest{By: []string{"industry"}}, "C"), "- - - - - + - - - = -; gap -, at level -, effective -; none for 0"},
		{"division", oneCell(t, m, GapRequest{By: []string{"industry", "employer_kind"}, IndustryAt: "division"}, "70", "park"), "- - - - - + - - - = -; gap -, at level -, effective -; none for 0"},
		{"no industry", oneCell(t, m, GapRequest{By: []string{"industry"}}, "-"), "- - - - - + - - - = -; gap -, at level -, effective -; none for 1"},
	} {
		if got := factors(tt.cell); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
	a, err := m.Gaps(context.Background(), GapRequest{By: []string{"skill", "region"}, Limit: 1, DrillDown: 1})
	if err != nil {
		t.Fatal(err)
	}
	if in := a.Meta.InMigration; in.Series != 3 || in.Counted != 2 || in.NotAttributable != 1 || a.Meta.NoRetention != (GapUnsaid{1, 6}) || a.Meta.NoFurtherStudyRate != (GapUnsaid{1, 6}) {
		t.Errorf("%+v", a.Meta)
	}
	if c := a.Items[0]; c.NoRetention > 1 || c.Keys["skill"] == "t.weld" && len(c.Levels) != 2 {
		t.Errorf("%+v", c)
	}
	for _, filter := range []GapFilter{{EmployerKind: []string{"园区"}}, {Industry: []string{"K"}}} {
		if c := oneCell(t, m, GapRequest{By: []string{"skill"}, Filter: filter}, "t.weld"); *c.Demand < 5 || *c.Demand > 6 || c.Supply != nil {
			t.Errorf("filter %+v: %+v", filter, c)
		}
	}
	if _, err := m.Gaps(context.Background(), GapRequest{By: []string{"skill"}, Limit: 1, Filter: GapFilter{EmployerKind: []string{"circus"}}}); err == nil || !strings.Contains(err.Error(), "employer_kind") {
		t.Errorf("an unknown kind: %v", err)
	}
}

// TestGapsFollowEmployer: the kind of a demand's employer is the present one.
func TestGapsFollowEmployer(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "factors.ndjson", factorMarket))
	oneCell(t, m, GapRequest{By: []string{"employer_kind"}}, "park")
	org := decode[*talent.Organization](t, `{"type":"organization","id":"e2","name":"乙园","kind":"platform","region":"440300"}`)
	if _, _, err := m.Put(context.Background(), org, store.Any); err != nil {
		t.Fatal(err)
	}
	if c := oneCell(t, m, GapRequest{By: []string{"employer_kind"}}, "platform"); *c.Demand != 6 {
		t.Errorf("%+v", c)
	}
}

// TestReplay: a report is the same bytes after a restart, on an index that was built anew
// and in another process's lexicon; a change of the data is named.
func TestReplay(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	open := func() *Market {
		m, err := Open(ctx, Options{Dir: dir, Software: "1"})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	files, err := filepath.Glob(filepath.Join("..", "testdata", "scenarios", "e", "*.ndjson"))
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	if _, err := m.Import(ctx, files, ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	var kept [][]byte
	for _, r := range []GapRequest{
		{By: []string{"skill", "region"}, Limit: 40, DrillDown: 3, Sort: "effective_gap"},
		{By: []string{"occupation", "year"}, Limit: 1000},
		{By: []string{"industry", "employer_kind"}, Limit: 5, IndustryAt: "division"},
		{By: []string{"skill"}, Limit: 20, Bootstrap: 200, Seed: 11},
		{By: []string{"occupation"}, Limit: 20, Bootstrap: 100, Seed: 1<<64 - 1},
	} {
		report, _, err := m.ReportGaps(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := report.Write(&b); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, b.Bytes())
	}
	check := func(what string) {
		t.Helper()
		for i, file := range kept {
			r, err := m.Replay(ctx, file)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Same {
				t.Errorf("%s: report %d differs: %+v %+v", what, i, r.Versions, r.Differences)
			}
		}
	}
	check("the same process")
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m = open()
	check("after a restart")
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, indexFolder)); err != nil {
		t.Fatal(err)
	}
	m = open()
	defer m.Close()
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	check("on an index that was built anew")

	var answer GapAnswer
	if r, err := ReadReport(kept[0]); err != nil || json.Unmarshal(r.Answer, &answer) != nil {
		t.Fatal(err)
	}
	it, err := m.Get(ctx, talent.TypeDemand, answer.Items[0].DemandIDs[0])
	if err != nil {
		t.Fatal(err)
	}
	rec, err := it.Record()
	if err != nil {
		t.Fatal(err)
	}
	d := rec.(*talent.Demand)
	d.Headcount += 7
	if _, _, err := m.Put(ctx, d, store.Any); err != nil {
		t.Fatal(err)
	}
	r, err := m.Replay(ctx, kept[0])
	if err != nil {
		t.Fatal(err)
	}
	if r.Same || len(r.Versions) != 1 || r.Versions[0].Path != "data" || len(r.Differences) == 0 || r.Differ < len(r.Differences) || !strings.HasPrefix(r.Differences[0].Path, "answer.") {
		t.Errorf("a changed demand: %+v", r)
	}
	for name, file := range map[string]string{
		"no JSON": "x", "another format": `{"format":2,"kind":"gaps"}`, "another kind": `{"format":1,"kind":"weather"}`, "an unknown field": `{"format":1,"kind":"gaps","colour":1}`,
		"a bad request": `{"format":1,"kind":"gaps","request":{"by":["mood"]},"answer":{}}`, "more behind it": string(kept[0]) + "{}",
	} {
		if _, err := m.Replay(ctx, []byte(file)); err == nil {
			t.Errorf("%s is taken for a report", name)
		}
	}
}

// TestGapWorkbook: a row for each cell, charts, definitions in both languages, and the same
// bytes every time.
func TestGapWorkbook(t *testing.T) {
	m := openMarket(t, "e")
	a, err := m.Gaps(context.Background(), GapRequest{By: []string{"skill", "year"}, Limit: 30, Bootstrap: 50})
	if err != nil {
		t.Fatal(err)
	}
	var books [2]bytes.Buffer
	for i := range books {
		if err := WriteGapWorkbook(&books[i], a); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(books[0].Bytes(), books[1].Bytes()) {
		t.Error("the same report makes other bytes")
	}
	f, err := excelize.OpenReader(&books[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ", "); got != "概要 Summary, 缺口 Gaps, 图表 Charts, 说明 Definitions" {
		t.Errorf("sheets %s", got)
	}
	if rows, err := f.GetRows("缺口 Gaps"); err != nil || len(rows) != len(a.Items)+2 || rows[0][7] != "需求" || rows[1][7] != "demand" {
		t.Errorf("%d rows, %v, %v", len(rows), rows[:2], err)
	}
	for _, d := range GapDefinitions {
		if d.ZH == "" || d.EN == "" {
			t.Errorf("%s has no definition in some language", d.Field)
		}
	}
	for _, n := range gapSheetNumbers {
		if zh, _ := gapMeaning(n.field); zh == "" || gapHeadings[n.field] == "" {
			t.Errorf("column %s has no heading or meaning", n.field)
		}
	}
}

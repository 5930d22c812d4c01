package market

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"talentmatch/index/taxonomy/pack"
	"talentmatch/store"
	"talentmatch/talent"
)

// packFolder writes a folder of our own format; header is pack.json without braces.
func packFolder(t testing.TB, header string, lines ...string) string {
	t.Helper()
	return taxonomyFolder(t, map[string]string{"pack.json": "{" + header + "}", "records.ndjson": strings.Join(lines, "\n") + "\n"})
}

func taxonomyFolder(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const clayV1, clayV2 = `"name":"clay","version":"1","source":"the guild","licence":"CC0"`, `"name":"clay","version":"2"`

// packOf is whose a record is: "-" when there is none.
func packOf(t *testing.T, m *Market, typ talent.Type, id string) string {
	t.Helper()
	it, err := m.Get(context.Background(), typ, id)
	if errors.Is(err, talent.ErrNotFound) {
		return "-"
	}
	if err != nil {
		t.Fatal(err)
	}
	return it.Pack
}

// TestPackVersions: what becomes of the records of a pack when a newer version comes.
func TestPackVersions(t *testing.T) {
	ctx := context.Background()
	m := openPlain(t, t.TempDir())
	importFiles(t, m, writeFile(t, "mine.ndjson", `{"type":"skill","id":"clay.own","name":"我的"}
{"type":"skill","id":"clay.same","name":"同样"}
`))
	first := []string{`{"type":"skill","id":"clay.glaze","name":"施釉"}`, `{"type":"skill","id":"clay.kiln","name":"窑炉"}`,
		`{"type":"skill","id":"clay.own","name":"行会的"}`, `{"type":"skill","id":"clay.same","name":"同样"}`,
		`{"type":"occupation","id":"clay.potter","name":"陶工","skills":[{"skill":"clay.glaze"}]}`,
		`{"type":"crosswalk","from":"clay.glaze","to":"clay.kiln","weight":0.5}`}
	v1, v2 := packFolder(t, clayV1, first...), packFolder(t, clayV2,
		`{"type":"skill","id":"clay.glaze","name":"上釉"}`, first[2], first[3], `{"type":"skill","id":"clay.wheel","name":"拉坯"}`)

	dry, err := m.Import(ctx, []string{v1}, ImportOptions{DryRun: true})
	if err != nil || packOf(t, m, talent.TypeSkill, "clay.glaze") != "-" {
		t.Fatalf("dry run: %v", err)
	}
	if got, err := m.Packs(ctx); err != nil || len(got) != 0 {
		t.Errorf("a dry run left packs %+v, %v", got, err)
	}
	r := importFiles(t, m, v1)
	want := map[talent.Type]ImportTally{talent.TypeSkill: {Added: 2, Unchanged: 1, Kept: 1}, talent.TypeOccupation: {Added: 1}, talent.TypeCrosswalk: {Added: 1}}
	wantPacks := []PackReport{{Pack: pack.Pack{Name: "clay", Version: "1", Source: "the guild", Licence: "CC0"}}}
	for _, r := range []*ImportReport{dry, r} {
		if !reflect.DeepEqual(r.Types, want) || !reflect.DeepEqual(r.Packs, wantPacks) {
			t.Errorf("first version, dry run %v: %+v %+v", r.DryRun, r.Types, r.Packs)
		}
	}
	for id, want := range map[string]string{"clay.glaze": "clay", "clay.own": "", "clay.same": ""} {
		if got := packOf(t, m, talent.TypeSkill, id); got != want {
			t.Errorf("%s is of pack %q, want %q", id, got, want)
		}
	}
	packs, err := m.Packs(ctx)
	if want := []PackInfo{{Pack: wantPacks[0].Pack, Records: map[talent.Type]int{talent.TypeSkill: 2, talent.TypeOccupation: 1, talent.TypeCrosswalk: 1}}}; err != nil || !reflect.DeepEqual(packs, want) {
		t.Errorf("packs %+v, %v", packs, err)
	}
	before := version(t, m)
	if r := importFiles(t, m, v1); version(t, m) != before || r.Packs[0].Before != "1" || r.Packs[0].Lacking != 0 {
		t.Errorf("the same again: version %d after %d, %+v", version(t, m), before, r.Packs)
	}

	// A user writes over one record; of the others one changes, one comes, three go.
	if _, _, err := m.Put(ctx, &talent.Occupation{ID: "clay.potter", Name: "陶艺师"}, store.Any); err != nil {
		t.Fatal(err)
	}
	r = importFiles(t, m, v2)
	if want := (map[talent.Type]ImportTally{talent.TypeSkill: {Added: 1, Changed: 1, Unchanged: 1, Kept: 1}}); !reflect.DeepEqual(r.Types, want) {
		t.Errorf("second version: %+v", r.Types)
	}
	p := r.Packs[0]
	if p.Before != "1" || p.Version != "2" || p.Lacking != 2 || !slices.Equal(p.LackingIDs, []string{"crosswalk:clay.glaze~clay.kiln", "skill:clay.kiln"}) {
		t.Errorf("second version: %+v", p)
	}
	for id, want := range map[string]string{"clay.kiln": "clay", "clay.wheel": "clay", "clay.own": ""} {
		if got := packOf(t, m, talent.TypeSkill, id); got != want {
			t.Errorf("%s is of pack %q, want %q", id, got, want)
		}
	}
	packs, err = m.Packs(ctx)
	if err != nil || packs[0].Version != "2" || packs[0].Source != "" || packs[0].Records[talent.TypeSkill] != 3 || packs[0].Records[talent.TypeOccupation] != 0 {
		t.Errorf("packs %+v, %v", packs, err)
	}
}

// TestPackAgainstPack: no pack writes over another's records.
func TestPackAgainstPack(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	importFiles(t, m, packFolder(t, clayV1, `{"type":"skill","id":"clay.glaze","name":"施釉"}`, `{"type":"skill","id":"clay.kiln","name":"窑炉"}`))
	other := packFolder(t, `"name":"porcelain"`, `{"type":"skill","id":"clay.kiln","name":"窑炉"}`,
		`{"type":"skill","id":"clay.glaze","name":"瓷釉"}`, `{"type":"skill","id":"sk.plc-programming","name":"别的"}`, `{"type":"skill","id":"por.slip","name":"泥浆"}`)
	before := version(t, m)
	for _, dry := range []bool{true, false} {
		r, err := m.Import(ctx, []string{other}, ImportOptions{DryRun: dry})
		if !errors.Is(err, talent.ErrInvalid) || r.Errored != 2 || r.Errors[0].Line != 2 || r.Errors[1].Line != 3 || version(t, m) != before {
			t.Fatalf("dry run %v: %+v, %v", dry, r, err)
		}
		for i, owner := range []string{"clay", "builtin"} {
			if e := r.Errors[i]; e.File != filepath.Join(other, "records.ndjson") || e.Field != "id" || !strings.Contains(e.Message, fmt.Sprintf("belongs to pack %q", owner)) {
				t.Errorf("dry run %v: %+v", dry, e)
			}
		}
	}
	if packs, err := m.Packs(ctx); err != nil || len(packs) != 2 || packs[0].Name != "builtin" || packs[0].Records[talent.TypeSkill] < 1000 || packs[1].Name != "clay" {
		t.Errorf("packs %+v, %v", packs, err)
	}
	r, err := m.Import(ctx, []string{other}, ImportOptions{SkipBad: true})
	if err != nil || r.Errored != 2 || r.Skipped != 2 || r.Types[talent.TypeSkill] != (ImportTally{Added: 1, Unchanged: 1}) || r.Packs[0].Lacking != 0 {
		t.Errorf("skip bad: %+v, %v", r, err)
	}
	for id, want := range map[string]string{"clay.glaze": "clay", "clay.kiln": "clay", "por.slip": "porcelain", "sk.plc-programming": "builtin"} {
		if got := packOf(t, m, talent.TypeSkill, id); got != want {
			t.Errorf("%s is of pack %q, want %q", id, got, want)
		}
	}
}

// TestRefusedFolders: what is said of folders that cannot be imported, and that nothing
// of what stands beside them is.
func TestRefusedFolders(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	before := version(t, m)
	good := writeFile(t, "good.ndjson", smallMarket)
	skill := `{"type":"skill","id":"clay.glaze","name":"施釉"}`
	clay := packFolder(t, clayV1, skill)
	for name, c := range map[string]struct {
		paths []string
		kind  error
		says  []string
	}{
		"no taxonomy":      {[]string{good, taxonomyFolder(t, map[string]string{"demands.csv": "id\n"})}, talent.ErrUnsupported, []string{"holds no taxonomy"}},
		"name of built-in": {[]string{good, packFolder(t, `"name":"builtin"`, skill)}, talent.ErrInvalid, []string{`"builtin"`, "pack.json"}},
		"one pack twice":   {[]string{good, clay, packFolder(t, clayV2, skill)}, talent.ErrInvalid, []string{clay, `both pack "clay"`}},
		"bad record":       {[]string{good, packFolder(t, clayV1, skill, `{"type":"skill","id":"clay.x"}`)}, talent.ErrInvalid, []string{"1 problem"}},
		"dangling":         {[]string{good, packFolder(t, clayV1, `{"type":"skill","id":"clay.x","name":"x","broader":["clay.no"]}`)}, talent.ErrInvalid, []string{"1 problem"}},
		"cut off":          {[]string{good, taxonomyFolder(t, map[string]string{"skills_en.csv": "conceptUri,preferredLabel\nhttp://x/esco/skill/a,\"a"})}, talent.ErrInvalid, []string{"skills_en.csv:2"}},
	} {
		for _, dry := range []bool{true, false} {
			r, err := m.Import(ctx, c.paths, ImportOptions{DryRun: dry})
			if !errors.Is(err, c.kind) {
				t.Fatalf("%s, dry run %v: %v, want %v", name, dry, err, c.kind)
			}
			for _, w := range c.says {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%s: %q lacks %q", name, err, w)
				}
			}
			if r != nil && r.Committed || version(t, m) != before {
				t.Errorf("%s, dry run %v: something was kept", name, dry)
			}
		}
	}
	// Left out with what refers to it; the rest comes.
	r, err := m.Import(ctx, []string{good, packFolder(t, clayV1, skill, `{"type":"skill","id":"clay.x","name":"x","broader":["clay.no"]}`, `{"type":"skill","id":"clay.y"}`)}, ImportOptions{SkipBad: true})
	if err != nil || r.Skipped != 2 || r.Errored != 2 || r.Types[talent.TypeSkill].Added != 1 || r.Types[talent.TypeDemand].Added != 1 || r.Packs[0].Lacking != 0 {
		t.Errorf("skip bad: %+v, %v", r, err)
	}
}

// escoMini, onetMini and their crosswalk are invented rows in the publishers' formats.
var (
	escoMini = map[string]string{
		"skills_en.csv":      "conceptUri,skillType,preferredLabel,altLabels,description\nhttp://x/esco/skill/glaze,skill/competence,glaze pots,,\nhttp://x/esco/skill/fire,knowledge,kiln firing,,\n",
		"skillGroups_en.csv": "conceptUri,preferredLabel,code\nhttp://x/esco/skill/S9,pottery,S9\nhttp://x/esco/skill/S8,kiln firing,S8\n",
		"occupations_en.csv": "conceptUri,iscoGroup,preferredLabel\nhttp://x/esco/occupation/potter,7,potter\n",
		"occupationSkillRelations_en.csv": "occupationUri,relationType,skillUri\nhttp://x/esco/occupation/potter,essential,http://x/esco/skill/glaze\n" +
			"http://x/esco/occupation/potter,optional,http://x/esco/skill/fire\n",
		"broaderRelationsSkillPillar_en.csv": "conceptUri,broaderUri\nhttp://x/esco/skill/glaze,http://x/esco/skill/S9\n",
		"onet crosswalk.csv":                 "O*NET Id,ESCO or ISCO URI,Type of Match\n99-2222.00,http://x/esco/occupation/potter,closeMatch\n99-1111.00,http://x/esco/occupation/potter,exactMatch\n",
	}
	onetMini = map[string]string{
		"Read Me.txt":                 "O*NET 99.1 Database\n",
		"Occupation Data.txt":         "O*NET-SOC Code\tTitle\tDescription\n99-1111.00\tPotters\tMake pots.\n99-2222.00\tClay Hands\tKnead.\n",
		"Content Model Reference.txt": "Element ID\tElement Name\tDescription\n2.B.9\tClay Skills\t\n2.B.9.a\tThrowing\tForming clay on a wheel.\n2.B.9.b\tBaking\tHeat.\n",
		"Skills.txt": "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\n99-1111.00\t2.B.9.a\tThrowing\tIM\t5\n99-1111.00\t2.B.9.a\tThrowing\tLV\t7\n" +
			"99-1111.00\t2.B.9.b\tBaking\tIM\t3\n99-1111.00\t2.B.9.b\tBaking\tLV\t1.5\n",
	}
)

// TestPublishersFolders imports both taxonomies with a market in one go: levels of
// O*NET become the demand's, an occupation without skills has its counterpart's,
// headings are no skills, and a crosswalk of skills makes two skills alike.
func TestPublishersFolders(t *testing.T) {
	ctx := context.Background()
	m := openPlain(t, t.TempDir())
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	market := writeFile(t, "market.ndjson", `{"type":"organization","id":"e1","name":"陶瓷厂","kind":"enterprise","region":"440605"}
{"type":"demand","id":"d1","employer":"e1","title":"陶工","occupation":"onet.occ.99-1111.00","region":"440605","headcount":1}
{"type":"demand","id":"d2","employer":"e1","title":"泥工","occupation":"onet.occ.99-2222.00","region":"440605","headcount":1}
{"type":"demand","id":"d3","employer":"e1","title":"窑工","region":"440605","headcount":1,"skills":[{"name":"kiln firing"}]}
{"type":"demand","id":"d4","employer":"e1","title":"窑工","region":"440605","headcount":1,"skills":[{"name":"Pottery"}]}
{"type":"program","id":"p1","school":"e1","name":"陶艺","region":"440605","education":"associate","skills":[{"skill":"onet.skill.2.B.9.b","level":3}]}
`)
	r := importFiles(t, m, market, taxonomyFolder(t, escoMini), taxonomyFolder(t, onetMini))
	if r.Types[talent.TypeSkill].Added != 7 || r.Types[talent.TypeOccupation].Added != 3 || r.Types[talent.TypeCrosswalk].Added != 2 ||
		len(r.Packs) != 2 || r.Packs[0].Name != "esco" || r.Packs[1].Name != "onet" || r.Packs[1].Version != "99.1" || len(r.Warnings) == 0 {
		t.Fatalf("%+v", r)
	}
	needs := func(demand string) string {
		d, _ := m.current.Load().snap.Demand(demand)
		var out []string
		for _, n := range d.Needs {
			out = append(out, fmt.Sprintf("%s:%d:%g", m.lex.skills.name(n.Skill), n.Level, n.Weight))
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	for demand, want := range map[string]string{
		"d1": "onet.skill.2.B.9.a:5:1 onet.skill.2.B.9.b:2:0.5",
		"d2": "esco.skill.fire:3:0.5 esco.skill.glaze:3:1",
		"d3": "esco.skill.fire:3:1", // not the heading of that name
		"d4": "esco.skill.S9:3:1",   // a heading that is named
	} {
		if got := needs(demand); got != want {
			t.Errorf("%s needs %s, want %s", demand, got, want)
		}
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := w.extractor.Extract("pottery: kiln firing, Clay Skills"); len(got) != 1 || got[0].Skill != "esco.skill.fire" {
		t.Errorf("extracted %+v", got)
	}
	var linked []string
	err = m.Link(ctx, LinkRequest{To: talent.TypeSkill, Top: 100, Texts: []LinkText{{"1", "pottery"}}}, nil, func(a LinkAnswer) error {
		for _, i := range a.Items {
			linked = append(linked, i.ID)
		}
		return nil
	})
	slices.Sort(linked)
	if want := []string{"esco.skill.fire", "esco.skill.glaze", "onet.skill.2.B.9.a", "onet.skill.2.B.9.b"}; err != nil || !slices.Equal(linked, want) {
		t.Errorf("linked %q, %v", linked, err)
	}

	credit := func() float64 {
		a, err := m.Match(ctx, MatchRequest{DemandID: "d3", Top: 1, Weights: defaultWeights, Explain: true})
		if err != nil || len(a.Items) != 1 || len(a.Items[0].Skills) != 1 {
			t.Fatalf("%+v, %v", a, err)
		}
		return a.Items[0].Skills[0].Credit
	}
	if got := credit(); got != 0 {
		t.Errorf("credit %g without a crosswalk", got)
	}
	for i, x := range []*talent.Crosswalk{
		{From: "onet.skill.2.B.9.b", To: "esco.skill.fire", Weight: 0.6},
		{From: "esco.skill.fire", To: "onet.skill.2.B.9.b", Weight: 1, Source: "the guild"},
	} {
		if _, _, err := m.Put(ctx, x, store.Any); err != nil {
			t.Fatal(err)
		}
		if got := credit(); got != x.Weight {
			t.Errorf("crosswalk %d: credit %g, want %g", i, got, x.Weight)
		}
	}
	basis := m.world.Load().basis
	for _, x := range []*talent.Crosswalk{{From: "460305", To: "esco.skill.fire", Weight: 1}, {From: "esco.skill.fire", To: "onet.skill.2.B.9.b", Weight: 1, Source: "another"}} {
		if _, _, err := m.Put(ctx, x, store.Any); err != nil || m.world.Load().basis != basis {
			t.Errorf("a crosswalk that changes nothing else is in the basis, %v", err)
		}
	}
	if err := m.Delete(ctx, talent.TypeCrosswalk, "esco.skill.fire~onet.skill.2.B.9.b", store.Any); err != nil || credit() != 0.6 {
		t.Errorf("after deleting the better crosswalk: %g, %v", credit(), err)
	}
	if r, err := m.Verify(ctx); err != nil || !r.OK() || len(r.Packs) != 2 || r.Packs[1].Records[talent.TypeSkill] != 3 {
		t.Errorf("verify: %+v, %v", r, err)
	}
}

// TestCrosswalkDelta: after each write of a crosswalk, the live snapshot is the one that
// would be built from the store, and another than before.
func TestCrosswalkDelta(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	m := openPlain(t, filepath.Join(dir, "live"))
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	importFiles(t, m, writeFile(t, "base.ndjson", `{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}
{"type":"skill","id":"a.weld","name":"焊接"}
{"type":"skill","id":"b.weld","name":"熔接"}
{"type":"occupation","id":"a.welder","name":"焊工"}
{"type":"occupation","id":"b.welder","name":"熔接工","skills":[{"skill":"b.weld","level":4}]}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":1,"occupation":"a.welder"}
{"type":"demand","id":"d2","employer":"e1","title":"焊工","region":"440605","headcount":1,"skills":[{"skill":"b.weld"}]}
{"type":"program","id":"p1","school":"e1","name":"制造","region":"440605","education":"bachelor","skills":[{"skill":"a.weld"}]}
`))
	for i, write := range []func() error{
		func() error { return putCrosswalk(m, "a.weld", "b.weld", 0.6) },
		func() error { return putCrosswalk(m, "b.welder", "a.welder", 0.8) },
		func() error { return putCrosswalk(m, "b.weld", "a.weld", 1) },
		func() error { return putCrosswalk(m, "b.welder", "a.welder", 0.6) },
		func() error { return m.Delete(ctx, talent.TypeCrosswalk, "b.weld~a.weld", store.Any) },
	} {
		before := derivedState(t, m)
		if err := write(); err != nil {
			t.Fatal(err)
		}
		if r, err := m.Verify(ctx); err != nil || !r.OK() {
			t.Fatalf("write %d: verify: %+v, %v", i, r, err)
		}
		other := filepath.Join(dir, fmt.Sprint("rebuilt", i))
		if err := openPlain(t, other).Close(); err != nil {
			t.Fatal(err)
		}
		replaceStore(t, m, other)
		got, want := derivedState(t, m), derivedState(t, openPlain(t, other))
		if got != want {
			t.Errorf("write %d: live:\n%s\nrebuilt:\n%s", i, got, want)
		}
		if _, a, _ := strings.Cut(before, "\n"); strings.HasSuffix(got, "\n"+a) {
			t.Errorf("write %d changed nothing:\n%s", i, got)
		}
	}
}

func putCrosswalk(m *Market, from, to string, weight float64) error {
	_, _, err := m.Put(context.Background(), &talent.Crosswalk{From: from, To: to, Weight: weight}, store.Any)
	return err
}

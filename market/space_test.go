package market

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// settle waits for what runs in the background.
func settle(m *Market) { m.merging.Wait() }

// TestSpaceFollowsTaxonomy: a changed taxonomy changes what statistics say once the
// background is done, the answer names the version, and a market that is opened
// afterwards, with the file or without, says the same.
func TestSpaceFollowsTaxonomy(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	open := func() *Market {
		m, err := Open(ctx, Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	m := open()
	importFiles(t, m, scenarioFiles(t, "c")...)
	ask := func(m *Market) *MatchAnswer {
		a, err := m.Match(ctx, MatchRequest{DemandID: "c.dem.weld-robot", Top: 50, Weights: defaultWeights, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	before := ask(m).Meta.Versions.SkillSpace
	if before == "" {
		t.Fatal("no version of the skill space")
	}
	for i := range 3 { // changes while the statistics of the last one are worked out
		importFiles(t, m, writeFile(t, "occ.ndjson", `{"type":"occupation","id":"o.new","name":"新岗位","note":"`+string(rune('a'+i))+`","skills":[{"skill":"sk.plc-programming"},{"skill":"sk.teamwork"},{"skill":"sk.python"}]}
`))
	}
	settle(m)
	want := ask(m)
	s := m.current.Load()
	if want.Meta.Versions.SkillSpace == before || s.stats.World != s.world.fingerprint {
		t.Fatalf("the space did not follow: %s, of world %s, now %s", want.Meta.Versions.SkillSpace, s.stats.World, s.world.fingerprint)
	}
	for _, tt := range []struct {
		name string
		do   func(file string) error
	}{
		{"with the file", func(string) error { return nil }},
		{"without it", os.Remove},
		{"with a broken one", func(f string) error { return os.WriteFile(f, []byte("broken"), 0o600) }},
	} {
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		recentStats.Lock()
		recentStats.list = nil
		recentStats.Unlock()
		if err := tt.do(filepath.Join(dir, spaceFile)); err != nil {
			t.Fatal(err)
		}
		m = open()
		if got := ask(m); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", tt.name, got.Meta, want.Meta)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestStatisticsMeetNoRequiredSkill: what only statistics call alike earns less than a
// required skill takes, and structure is never lowered.
func TestStatisticsMeetNoRequiredSkill(t *testing.T) {
	m := openMarket(t)
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	structure := s.world.space(m.lex, nil)
	more := 0
	for _, a := range s.world.catalogue.Skills() {
		need := m.lex.skills.of(a.ID)
		for _, b := range s.world.catalogue.Skills() {
			held := m.lex.skills.of(b.ID)
			was, is := structure.Sim(need, held), s.snap.Space().Sim(need, held)
			if is < was || is > was && is >= 500 {
				t.Fatalf("%s for %s: %d, by structure %d", b.ID, a.ID, is, was)
			}
			if is > was {
				more++
			}
		}
	}
	if more < 1000 {
		t.Errorf("statistics say something of %d pairs only", more)
	}
}

func TestStatsFileRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	s := &skillStats{
		Format: spaceFormat, Version: "v", World: "w", IDs: []string{"a", "b"}, Words: []string{"焊接"},
		Baskets: basketMark{Looked: 7, Changes: 100, Count: 1000, Sum: "s", Sketch: []uint64{1, 1<<64 - 1}},
		Near:    [][]statNeighbour{{{Skill: 1, Company: 200, Text: 300, Together: 4, With: [3]int32{2}, Words: [3]int32{1}}}, nil},
	}
	if err := writeStats(path, s); err != nil {
		t.Fatal(err)
	}
	got, err := readStats(path)
	if err != nil || !reflect.DeepEqual(got, s) {
		t.Errorf("%+v, %v", got, err)
	}
	one := func(n statNeighbour) *skillStats {
		return &skillStats{Format: spaceFormat, IDs: []string{"a"}, Words: []string{"w"}, Near: [][]statNeighbour{{n}}}
	}
	for _, bad := range []*skillStats{{Format: 9}, {Format: spaceFormat, IDs: []string{"a"}},
		one(statNeighbour{Skill: 7}), one(statNeighbour{Skill: -1}), one(statNeighbour{With: [3]int32{2}}), one(statNeighbour{Words: [3]int32{0, 2}})} {
		if err := writeStats(path, bad); err != nil {
			t.Fatal(err)
		}
		if _, err := readStats(path); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	left, err := filepath.Glob(path + ".*")
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

package market

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/index/taxonomy"
	"talentmatch/matcher/skillspace"
	"talentmatch/talent"
)

// TestBasketOfRecords: what people entered, by id or by name in either language, each
// skill once with its greatest importance; no headings, no unknown names, nothing of no
// importance.
func TestBasketOfRecords(t *testing.T) {
	w := &world{catalogue: taxonomy.NewCatalogue([]*talent.Skill{
		{ID: "a", Name: "焊接", NameEN: "welding"}, {ID: "b", Name: "PLC编程"}, {ID: "c", Name: "电工"}, {ID: "g", Name: "技能", Kind: talent.SkillGroup},
	}, nil)}
	at := w.skillNumbers().at
	num := func(v float64) *float64 { return &v }
	item := func(skill int32, weight float64) skillspace.Item {
		return skillspace.Item{Skill: skill, Weight: weight}
	}
	for _, c := range []struct {
		rec   talent.Record
		owner string
		want  []skillspace.Item
	}{
		{&talent.Demand{Employer: "e", Text: "焊接 电工", Skills: []talent.DemandSkill{{Name: "plc编程", Importance: num(.5)}, {Skill: "a"}, {Skill: "b", Importance: num(.75)}, {Name: "会看苗"}, {Skill: "g"}, {Skill: "c", Importance: num(0)}}},
			"e", []skillspace.Item{item(0, 1), item(1, .75)}},
		{&talent.Program{School: "s", Skills: []talent.ProgramSkill{{Skill: "c"}}, Courses: []talent.Course{{Skills: []talent.CourseSkill{{Name: "Welding"}, {Skill: "c"}}}, {Skills: []talent.CourseSkill{{Skill: "b"}}}}},
			"s", []skillspace.Item{item(0, 1), item(1, 1), item(2, 1)}},
		{&talent.Demand{Employer: "e", Text: "焊接 电工"}, "e", nil},
	} {
		got := w.basket(at, c.rec)
		if got.owner != c.owner || !slices.Equal(got.items, c.want) {
			t.Errorf("%+v: %+v, want %+v", c.rec, got, c.want)
		}
	}
	key := func(d *talent.Demand) uint64 { return w.basket(at, d).key }
	base := key(&talent.Demand{Employer: "e", Skills: []talent.DemandSkill{{Skill: "a"}, {Skill: "b"}}})
	if other := key(&talent.Demand{ID: "x", Title: "别的", Employer: "e", Skills: []talent.DemandSkill{{Name: "PLC编程"}, {Name: "welding"}}}); other != base {
		t.Error("the same skills of the same owner are another basket")
	}
	for _, d := range []*talent.Demand{
		{Employer: "f", Skills: []talent.DemandSkill{{Skill: "a"}, {Skill: "b"}}},
		{Employer: "e", Skills: []talent.DemandSkill{{Skill: "a"}, {Skill: "c"}}},
		{Employer: "e", Skills: []talent.DemandSkill{{Skill: "a"}, {Skill: "b", Importance: num(.5)}}},
	} {
		if key(d) == base {
			t.Errorf("%+v is the same basket", d)
		}
	}
}

// TestBasketWeights by hand. Employer e has {0,1} and {0,2}, one of them twice, f and g
// have {0,1} too, h has {0,3} and {4,5}, which have nothing in common.
//
//	e    skill 0 is in 2 baskets: log2(3)/2 = .79248; 1 and 2 in one: 1; each basket (.79248+1)/2 = .89624
//	{0,1} of e, f and g  log2(1 + .89624 + 1 + 1) = log2(3.89624)
//	{0,2}                log2(1.89624)
//	h    log2(2) = 1 each
func TestBasketWeights(t *testing.T) {
	sample := basketSample{most: 100}
	key := uint64(0)
	add := func(owner string, skills ...int32) {
		key += 1000
		b := ownedBasket{key: key, owner: owner}
		for _, s := range skills {
			b.items = append(b.items, skillspace.Item{Skill: s, Weight: 1})
		}
		sample.add(b)
	}
	add("e", 0, 2)
	add("e", 0, 1)
	key -= 1000
	add("e", 0, 1)
	add("g", 0, 1)
	add("f", 0, 1)
	add("h", 4, 5)
	add("h", 0, 3)
	add("h", 0)
	got := sample.weighed()
	e := (math.Log2(3)/2 + 1) / 2
	want := []struct {
		a, b   int32
		weight float64
	}{{0, 1, math.Log2(3 + e)}, {0, 2, math.Log2(1 + e)}, {0, 3, 1}, {4, 5, 1}}
	if len(got) != len(want) || sample.records != 7 {
		t.Fatalf("%d records, %+v, want %+v", sample.records, got, want)
	}
	for i, w := range want {
		if b := got[i]; b.Items[0].Skill != w.a || b.Items[1].Skill != w.b || math.Abs(b.Weight-w.weight) > 1e-12 {
			t.Errorf("%+v, want %+v", b, w)
		}
	}
}

// TestCopiesWeighLittle: a thousand demands of one employer that hardly differ weigh as
// much as a few occupations.
func TestCopiesWeighLittle(t *testing.T) {
	var ids []string
	var skills []*talent.Skill
	for i := range 40 {
		ids = append(ids, fmt.Sprint(100+i))
		skills = append(skills, &talent.Skill{ID: ids[i], Name: ids[i]})
	}
	w := &world{catalogue: taxonomy.NewCatalogue(skills, nil)}
	at := w.skillNumbers().at
	weigh := func(demands []*talent.Demand) (n int, sum float64) {
		sample := basketSample{most: mostBaskets}
		for _, d := range demands {
			sample.add(w.basket(at, d))
		}
		for _, b := range sample.weighed() {
			n, sum = n+1, sum+b.Weight
		}
		return n, sum
	}
	near := nearCopies("e", ids, 1000)
	if n, sum := weigh(near); n < 500 || sum > 20 {
		t.Errorf("%d near copies weigh %v", n, sum)
	}
	same := nearCopies("e", ids, 1)
	for range 999 {
		same = append(same, same[0])
	}
	if n, sum := weigh(same); n != 1 || sum != 1 {
		t.Errorf("copies: %d baskets of %v", n, sum)
	}
	for i, d := range same[1:] {
		c := *d
		c.Employer = fmt.Sprint(i)
		same[i+1] = &c
	}
	if n, sum := weigh(same); n != 1 || math.Abs(sum-math.Log2(1001)) > 1e-9 {
		t.Errorf("copies of a thousand employers: %d baskets of %v", n, sum)
	}
}

// TestBasketSampleIsBounded: whatever the order and the repeats, those of the smallest
// keys are kept, and no more than a quarter too many on the way.
func TestBasketSampleIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfN(rapid.Uint64Range(0, 60), 1, 200).Draw(t, "keys")
		most := rapid.IntRange(1, 40).Draw(t, "most")
		s := basketSample{most: most}
		for _, k := range keys {
			s.add(ownedBasket{key: k, owner: fmt.Sprint(k % 3), items: []skillspace.Item{{Skill: int32(k), Weight: 1}, {Skill: int32(k + 1), Weight: 1}}})
			if len(s.list) > most+most/4 {
				t.Fatalf("%d kept, %d are to be", len(s.list), most)
			}
		}
		s.trim()
		var got []uint64
		for _, b := range s.list {
			got = append(got, b.key)
		}
		slices.Sort(keys)
		want := slices.Compact(keys)
		if want = want[:min(len(want), most)]; !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
	})
}

// TestBasketsMoved: exactly for few, nearly for many.
func TestBasketsMoved(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := make([]uint64, 40_000)
	for i := range keys {
		keys[i] = r.Uint64()
	}
	mark := func(keys []uint64) *basketMark {
		s := slices.Clone(keys)
		slices.Sort(s)
		return &basketMark{Sketch: s[:min(len(s), sketchBaskets)]}
	}
	for _, c := range []struct {
		name     string
		old, now []uint64
		want     bool
	}{
		{"none", nil, nil, false},
		{"from none", nil, keys[:1], true},
		{"to none", keys[:1], nil, true},
		{"the same", keys[:1000], keys[:1000], false},
		{"100 of 1000 gone", keys[:1000], keys[:900], false},
		{"101 of 1000 gone", keys[:1000], keys[:899], true},
		{"112 more than 1000", keys[:1000], keys[:1112], true},
		{"111 more than 1000", keys[:1000], keys[:1111], false},
		{"52 of 1000 others", keys[:1000], keys[52:1052], false},
		{"53 of 1000 others", keys[:1000], keys[53:1053], true},
		{"a twentieth more of many", keys[:20_000], keys[:21_000], false},
		{"a sixth more of many", keys[:20_000], keys[:23_400], true},
	} {
		if got := mark(c.old).moved(mark(c.now)); got != c.want {
			t.Errorf("%s: moved %v", c.name, got)
		}
		if got := mark(c.now).moved(mark(c.old)); got != c.want {
			t.Errorf("%s, the other way: moved %v", c.name, got)
		}
	}
}

// basketDemands are demands from..to-1 as a file: each asks for four of the built-in
// skills, which follow from its number and the round.
func basketDemands(t *testing.T, m *Market, from, to, round int) string {
	t.Helper()
	w, err := m.readWorld(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString(`{"type":"organization","id":"o.baskets","name":"篮子","kind":"enterprise","region":"110000"}` + "\n")
	for i := from; i < to; i++ {
		d := &talent.Demand{ID: fmt.Sprint("d.basket.", i), Employer: "o.baskets", Title: "岗位", Region: "110000", Headcount: 1}
		r := rand.New(rand.NewPCG(uint64(i), uint64(round)))
		all := w.catalogue.Skills()
		for range 4 {
			d.Skills = append(d.Skills, talent.DemandSkill{Skill: all[r.IntN(len(all))].ID})
		}
		line, err := talent.Encode(d)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return writeFile(t, "demands.ndjson", b.String())
}

// TestSpaceFollowsBaskets: few demands say nothing; from enough on, and when a tenth is new
// or gone, the space is made anew in the background; copies and changes of other fields
// do not matter; a process that opens the folder afterwards, with the file or without,
// says the same.
func TestSpaceFollowsBaskets(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	open := func() *Market {
		m, err := Open(ctx, Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		m.spacing.rest = 0
		return m
	}
	m := open()
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	version := func() string {
		t.Helper()
		settle(m)
		s, err := m.state(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return s.stats.Version
	}
	bare := version()
	importFiles(t, m, basketDemands(t, m, 0, leastBaskets-1, 0))
	if got := version(); got != bare {
		t.Fatalf("%d demands: %s, without them %s", leastBaskets-1, got, bare)
	}
	importFiles(t, m, basketDemands(t, m, leastBaskets-1, 1100, 0))
	made := version()
	if n := m.current.Load().stats.Baskets.Count; made == bare || n != 1100 {
		t.Fatalf("1100 demands: %s, without them %s; %d count", made, bare, n)
	}
	structure := m.current.Load().world.space(m.lex, nil)
	if reflect.DeepEqual(structure, m.current.Load().snap.Space()) {
		t.Error("the snapshot has no statistics")
	}

	importFiles(t, m, basketDemands(t, m, 0, 50, 1)) // 50 of 1100 others: less than a twentieth
	if got := version(); got != made {
		t.Errorf("50 others: %s, before %s", got, made)
	}
	if looked := m.current.Load().stats.Baskets.Looked; looked >= m.current.Load().version {
		t.Error("50 changes of 1100 are not worth a look")
	}
	importFiles(t, m, basketDemands(t, m, 0, 200, 1)) // 200 of 1100 others
	moved := version()
	if moved == made {
		t.Error("200 others of 1100: the same space")
	}

	restart := func(file func(string) error) string {
		t.Helper()
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		recentStats.Lock()
		recentStats.list = nil
		recentStats.Unlock()
		if err := file(filepath.Join(dir, spaceFile)); err != nil {
			t.Fatal(err)
		}
		m = open()
		return version()
	}
	keep := func(string) error { return nil }
	looked := m.current.Load().stats.Baskets.Looked
	if got := restart(keep); got != moved || m.current.Load().stats.Baskets.Looked != looked {
		t.Errorf("opened with the file: %s, want %s without another look", got, moved)
	}
	if got := restart(os.Remove); got != moved {
		t.Errorf("opened without the file: %s, want %s", got, moved)
	}

	// Other fields of every demand change: a look, and nothing more.
	items, err := m.store.List(ctx, talent.TypeDemand, "", 2000)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, it := range items {
		rec, err := it.Record()
		if err != nil {
			t.Fatal(err)
		}
		rec.(*talent.Demand).Headcount = 2
		line, err := talent.Encode(rec)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	importFiles(t, m, writeFile(t, "again.ndjson", b.String()))
	if got := version(); got != moved {
		t.Errorf("other headcounts: %s, before %s", got, moved)
	}
	if got := m.current.Load().stats.Baskets.Looked; got <= looked {
		t.Errorf("all demands changed, and nobody looked: %d, before %d", got, looked)
	}

	// Changed while nobody had the snapshot: the next process sees that the file is behind.
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m = open()
	importFiles(t, m, basketDemands(t, m, 200, 600, 1))
	if got := restart(keep); got == moved {
		t.Error("400 others of 1100 while closed: the file's space is used")
	}

	// A store put back to an older state: what the file says of a later one is not believed.
	stats := *m.current.Load().stats
	made = stats.Version
	stats.Baskets.Looked += 1_000_000
	ahead := func(file string) error { return writeStats(file, &stats) }
	if got := restart(ahead); got != made || m.current.Load().stats.Baskets.Looked >= stats.Baskets.Looked {
		t.Errorf("a file from the future: %s, want %s after a look", got, made)
	}
}

// TestRestEnds: after a look the next one rests, but neither a change of the taxonomy nor
// closing the market waits for it. Where they did, the test would not end.
func TestRestEnds(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t)
	m.spacing.rest = 1_000_000
	if _, err := m.state(ctx); err != nil {
		t.Fatal(err)
	}
	importFiles(t, m, basketDemands(t, m, 0, 1100, 0))
	settle(m)
	made := m.current.Load().stats
	if made.Baskets.Count != 1100 {
		t.Fatalf("%d baskets count", made.Baskets.Count)
	}
	importFiles(t, m, basketDemands(t, m, 0, 300, 1))
	if !m.spacing.running.Load() || m.current.Load().stats != made {
		t.Fatal("there was no rest")
	}
	importFiles(t, m, writeFile(t, "occ.ndjson", `{"type":"occupation","id":"o.new","name":"新岗位","skills":[{"skill":"sk.python"},{"skill":"sk.teamwork"}]}`+"\n"))
	settle(m)
	s := m.current.Load()
	if s.stats.World != s.world.fingerprint || s.stats.Version == made.Version || s.stats.Baskets.Looked <= made.Baskets.Looked {
		t.Errorf("the space did not follow the taxonomy: %+v", s.stats.Baskets)
	}
	importFiles(t, m, basketDemands(t, m, 300, 600, 1)) // rests until the market closes
}

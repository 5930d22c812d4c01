package bench

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"
)

func newNational(t testing.TB, seed uint64, fields int) *National {
	t.Helper()
	n, err := NewNational(seed, fields)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// imported is a market with the records of a national one, and how many they are.
func imported(t *testing.T, n *National, programs, demands int) *market.Market {
	t.Helper()
	path := filepath.Join(t.TempDir(), "market.ndjson")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := n.Write(t.Context(), f, programs, demands, nil); err != nil {
		t.Fatal(err)
	}
	m, err := market.Open(t.Context(), market.Options{Dir: t.TempDir(), NoBuiltin: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	r, err := m.Import(t.Context(), []string{path}, market.ImportOptions{})
	if err != nil {
		t.Fatal(err, r.Errors[:min(3, len(r.Errors))])
	}
	return m
}

// marketSpace is which skills count for which according to a market, by our numbers. What
// its taxonomy says must be our likenesses, neither more nor less; statistics add theirs.
func marketSpace(t *testing.T, m *market.Market, n *National) *matcher.Space {
	t.Helper()
	number := map[string]int32{}
	for i := range n.skills.names {
		number[skillID(int32(i))] = int32(i)
	}
	lists := make([][]matcher.Neighbour, len(n.skills.names))
	for i := range lists {
		a, err := m.Neighbours(t.Context(), market.NeighbourRequest{Skill: skillID(int32(i)), Limit: market.MaxPage})
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, it := range a.Items {
			other := number[it.ID]
			lists[i] = append(lists[i], matcher.Neighbour{Skill: other, Sim: uint16(math.Round(it.Sim * 1000))})
			if it.Structure == nil {
				continue
			}
			said++
			if ours := n.space.Sim(int32(i), other); math.Round(it.Structure.Sim*1000) != float64(ours) {
				t.Fatalf("%s and %s: %v in the market, %d here", skillID(int32(i)), it.ID, it.Structure.Sim, ours)
			}
		}
		if said != len(n.skills.neighbour[i]) {
			t.Fatalf("%s: the market knows %d related skills of %d", skillID(int32(i)), said, len(n.skills.neighbour[i]))
		}
	}
	return matcher.NewSpace(lists)
}

// TestRecordsMatchLikeRows: importing the records and asking the market gives the same
// ids and the same scores, to the last digit and with all components, as the rows through
// the matcher alone.
func TestRecordsMatchLikeRows(t *testing.T) {
	const programs, demands, top = 240, 160, 40
	n := newNational(t, 7, 3)
	m := imported(t, n, programs, demands)
	ask := func(r market.MatchRequest) []market.MatchItem {
		r.Top, r.Weights = top, matcher.DefaultWeights()
		a, err := m.Match(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return a.Items
	}
	ask(market.MatchRequest{DemandID: demandID(0)}) // the first question settles the space

	c := matcher.Change{}
	for i := range programs {
		c.PutPrograms = append(c.PutPrograms, n.Program(i))
	}
	for i := range demands {
		c.PutDemands = append(c.PutDemands, n.Demand(i))
	}
	snap := matcher.Empty(marketSpace(t, m, n), matcher.NewAtlas(talent.NewGazetteer(nil), n.Regions())).With(c)
	compared := 0
	compare := func(what string, got []market.MatchItem, want *matcher.Result, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want.Matches) {
			t.Fatalf("%s: %d matches in the market, %d here", what, len(got), len(want.Matches))
		}
		for k, w := range want.Matches {
			if got[k].ID != w.ID || got[k].Score != w.Score.Total {
				t.Fatalf("%s: match %d is %s with %v in the market, %s with %v here", what, k+1, got[k].ID, got[k].Score, w.ID, w.Score.Total)
			}
			if w.Score.Parts[matcher.Text] > 0 {
				compared++
			}
		}
	}
	q := matcher.Query{Top: top, Weights: matcher.DefaultWeights()}
	for i := 0; i < demands; i += 3 {
		d := n.Demand(i)
		res, err := snap.MatchPrograms(t.Context(), &d, q)
		compare(d.ID, ask(market.MatchRequest{DemandID: d.ID}), res, err)
	}
	for i := 0; i < programs; i += 5 {
		p := n.Program(i)
		res, err := snap.MatchDemands(t.Context(), &p, q)
		compare(p.ID, ask(market.MatchRequest{ProgramID: p.ID}), res, err)
	}
	if compared < 500 {
		t.Errorf("only %d matches with texts in common were compared", compared)
	}
}

// TestSmallerMarketBeginsLarger: a record does not depend on how many there are, nor on
// what was made before it.
func TestSmallerMarketBeginsLarger(t *testing.T) {
	lines := func(programs, demands int) map[string]bool {
		var b bytes.Buffer
		if err := newNational(t, 3, 2).Write(context.Background(), &b, programs, demands, nil); err != nil {
			t.Fatal(err)
		}
		out := map[string]bool{}
		for line := range strings.Lines(b.String()) {
			out[line] = true
		}
		return out
	}
	large, small := lines(150, 90), lines(61, 17)
	for line := range small {
		if !large[line] {
			t.Fatalf("the larger market lacks %s", line)
		}
	}
	if len(large)-len(small) < 89+73 {
		t.Errorf("%d and %d records", len(small), len(large))
	}
	n, other := newNational(t, 3, 2), newNational(t, 4, 2)
	if a, b := fmt.Sprint(n.Program(77)), fmt.Sprint(newNational(t, 3, 2).Program(77)); a != b {
		t.Errorf("one number, two programs:\n%s\n%s", a, b)
	}
	if a, b := n.Demand(5), other.Demand(5); fmt.Sprint(a.Needs) == fmt.Sprint(b.Needs) {
		t.Error("two seeds, one demand")
	}
}

// TestShape: the national market is what its constants and the issue say.
func TestShape(t *testing.T) {
	n := newNational(t, 1, Fields)
	names := map[string]bool{}
	pairs, most := 0, 0
	for i, name := range n.skills.names {
		names[name.zh], names[name.en] = true, true
		pairs += len(n.skills.neighbour[i])
		most = max(most, len(n.skills.neighbour[i]))
	}
	if len(n.skills.names) != 15_000 || len(names) != 30_000 {
		t.Errorf("%d skills with %d names", len(n.skills.names), len(names))
	}
	// The market keeps 64 neighbours, the skill itself among them.
	if mean := float64(pairs) / 15_000; mean < 17 || mean > 21 || most > 63 {
		t.Errorf("%.1f related skills on average, %d at most", mean, most)
	}
	for _, d := range domains {
		if _, ok := talent.IndustryOf(d.industry); !ok {
			t.Errorf("%s: GB/T 4754 has no division %s", d.zh, d.industry)
		}
	}
	words := map[string]bool{}
	for w := range wordCount() {
		words[word(w).zh], words[word(w).en] = true, true
	}
	if len(words) != 2*wordCount() {
		t.Errorf("%d different words of %d", len(words), 2*wordCount())
	}

	const records = 4000
	var programTerms, demandTerms, required, empty, shared int
	levels, regions, held := map[uint8]int{}, map[string]int{}, map[int32]int{}
	sharedSkill := map[int32]bool{}
	for _, number := range n.skills.number[Fields*perField:] {
		sharedSkill[number] = true
	}
	for i := range records {
		p, d := n.Program(i), n.Demand(i)
		if k := len(p.Held); k < leastTaught || k > mostTaught {
			t.Fatalf("%s has %d skills", p.ID, k)
		}
		if k := len(d.Needs); k < leastNeeds || k > mostNeeds {
			t.Fatalf("%s has %d needs", d.ID, k)
		}
		for _, h := range p.Held {
			levels[h.Level]++
			held[h.Skill]++
			if sharedSkill[h.Skill] {
				shared++
			}
		}
		regions[n.Regions()[p.Region][:2]]++
		programTerms += len(p.Text[0]) + len(p.Text[1])
		demandTerms += len(d.Text[0]) + len(d.Text[1])
		if slices.ContainsFunc(d.Needs, func(need matcher.Need) bool { return need.Required }) {
			required++
		}
		if slices.ContainsFunc(p.Cohorts, func(c matcher.CohortSize) bool { return c.Graduates == 0 }) {
			empty++
		}
	}
	within := func(what string, got, low, high float64) {
		t.Helper()
		t.Logf("%s: %.3f", what, got)
		if !(got >= low && got <= high) {
			t.Errorf("%s: %.3f, want %v to %v", what, got, low, high)
		}
	}
	total := 0
	for _, k := range levels {
		total += k
	}
	within("terms a program", float64(programTerms)/records, 30, 75)
	within("terms a demand", float64(demandTerms)/records, 30, 75)
	within("demands with a required skill", float64(required)/records, .08, .12)
	within("programs with a year without graduates", float64(empty)/records, .15, .35)
	within("shared skills", float64(shared)/float64(total), .13, .2)
	within("largest province", float64(regions["44"])/records, .07, .12)
	within("provinces", float64(len(regions)), 31, 31)
	for l := uint8(1); l <= 5; l++ {
		within(fmt.Sprintf("level %d", l), float64(levels[l])/float64(total), .03, .5)
	}
	counts := make([]int, 0, len(held))
	for _, k := range held {
		counts = append(counts, k)
	}
	slices.Sort(counts)
	// Zipf over fields and within them: the most frequent skill stands far above the median.
	within("most frequent skill over the median one", float64(counts[len(counts)-1])/float64(counts[len(counts)/2]), 50, 5000)
}

func TestNationalRefuses(t *testing.T) {
	for _, fields := range []int{0, Fields + 1} {
		if _, err := NewNational(1, fields); err == nil {
			t.Errorf("%d fields: no error", fields)
		}
	}
	for _, size := range [][2]int{{-1, 0}, {0, MostRecords + 1}} {
		if err := newNational(t, 1, 1).Write(t.Context(), &bytes.Buffer{}, size[0], size[1], nil); err == nil {
			t.Errorf("%v: no error", size)
		}
	}
}

package market

import (
	"context"
	"math"
	"strings"
	"testing"

	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/matcher/learn"
	"talentmatch/store"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// A matchTask is programs with the demands that suit them, as records of a market.
type matchTask struct {
	market   *Market
	state    *state
	stored   bool // programs and demands are the market's own; else only demands are matched
	programs []*talent.Program
	demands  []*talent.Demand
	gains    map[string]map[string]float64 // program -> demand, above 0
}

// matchTasks are the columns, all nDCG@10: the public crosswalk, the programs of
// testdata/labelled against the built-in occupations, and these programs without the
// skills that somebody entered.
var matchTasks = []struct {
	name string
	task func(*testing.T) *matchTask
}{
	{"cip-soc dev", cipSOCTask},
	{"labelled", labelledMatches},
	{"labelled, texts only", func(t *testing.T) *matchTask {
		k := labelledMatches(t)
		for _, p := range k.programs {
			p.Skills = nil
			for i := range p.Courses {
				p.Courses[i].Skills = nil
			}
		}
		return k
	}},
}

func newMatchTask(t *testing.T, m *Market) *matchTask {
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return &matchTask{market: m, state: s, gains: map[string]map[string]float64{}}
}

// recordsOf reads all records of a type.
func recordsOf[T talent.Record](t *testing.T, m *Market, kind talent.Type) (out []T) {
	t.Helper()
	if err := eachRecord(context.Background(), m.store, kind, func(_ store.Item, rec talent.Record) error {
		out = append(out, rec.(T))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func cipSOCTask(t *testing.T) *matchTask {
	file, qrels := cipSOC(t)
	m := openMarket(t)
	importFiles(t, m, file)
	k := newMatchTask(t, m)
	k.stored = true
	k.programs, k.demands = recordsOf[*talent.Program](t, m, talent.TypeProgram), recordsOf[*talent.Demand](t, m, talent.TypeDemand)
	for program, right := range qrels {
		k.gains[program] = map[string]float64{}
		for demand := range right {
			k.gains[program][demand] = 1
		}
	}
	return k
}

// labelledMatches is TestLabelledMatches' setting.
func labelledMatches(t *testing.T) *matchTask {
	m := openMarket(t, "a", "b", "c", "d", "e")
	k := newMatchTask(t, m)
	judgements, err := testdata.Judgements()
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range judgements {
		if k.gains[j.Program] == nil {
			k.gains[j.Program] = map[string]float64{}
		}
		if j.Grade > 0 {
			k.gains[j.Program][j.Occupation] = float64(j.Grade)
		}
	}
	for _, p := range recordsOf[*talent.Program](t, m, talent.TypeProgram) {
		if k.gains[p.ID] != nil {
			k.programs = append(k.programs, p)
		}
	}
	for _, o := range k.state.world.catalogue.Occupations() {
		k.demands = append(k.demands, &talent.Demand{ID: o.ID, Title: o.Name, TitleEN: o.NameEN, Occupation: o.ID, Region: "CN", Headcount: 1})
	}
	return k
}

// A matchVariant is a row: what a market without one part would work with.
type matchVariant struct {
	row     string
	weights func(*matcher.Weights)
	text    func(m *Market, text *matcher.TextVector)
	blind   bool // no skills are found in texts
	space   func(k *matchTask) *matcher.Space
}

// statistics is the space with what some statistics say left out.
func statistics(drop func(*statNeighbour)) func(k *matchTask) *matcher.Space {
	return func(k *matchTask) *matcher.Space {
		stats := *k.state.stats
		stats.Near = make([][]statNeighbour, len(k.state.stats.Near))
		for i, list := range k.state.stats.Near {
			for _, n := range list {
				drop(&n)
				stats.Near[i] = append(stats.Near[i], n)
			}
		}
		return k.state.world.space(k.market.lex, &stats)
	}
}

var matchVariants = []matchVariant{
	{row: wholeRow},
	{row: "- skills: company", space: statistics(func(n *statNeighbour) { n.Company = 0 })},
	{row: "- skills: labels and texts", space: statistics(func(n *statNeighbour) { n.Text = 0 })},
	{row: "- skills: all statistics", space: func(k *matchTask) *matcher.Space { return k.state.world.space(k.market.lex, nil) }},
	{row: "- skills: structure and statistics", space: func(*matchTask) *matcher.Space { return matcher.NewSpace(nil) }},
	{row: "- extraction", blind: true},
	{row: "- text: names", text: func(_ *Market, text *matcher.TextVector) { text[matcher.NamesSpace] = nil }},
	{row: "- text: body", text: func(_ *Market, text *matcher.TextVector) { text[matcher.BodySpace] = nil }},
	{row: "- text: pairs of names' words", text: func(m *Market, text *matcher.TextVector) {
		var words []matcher.Term
		for _, term := range text[matcher.BodySpace] {
			if !strings.Contains(m.lex.terms.name(term.ID), " ") {
				words = append(words, term)
			}
		}
		text[matcher.BodySpace] = words
	}},
	{row: "- component skills", weights: func(w *matcher.Weights) { w.Skills = 0 }},
	{row: "- component focus", weights: func(w *matcher.Weights) { w.Focus = 0 }},
	{row: "- component text", weights: func(w *matcher.Weights) { w.Text = 0 }},
}

// measure is the programs' nDCG@10, in the order of programs that have any match.
func (k *matchTask) measure(t *testing.T, v *matchVariant) []float64 {
	ctx, s := context.Background(), k.state
	w := s.world
	if v.blind {
		w = &world{catalogue: w.catalogue, gazetteer: w.gazetteer, places: w.places, extractor: extract.New(taxonomy.NewCatalogue(nil, nil))}
	}
	conv := k.market.converter(ctx, w)
	conv.noDocs = true
	if !k.stored {
		conv.org = func(string) *talent.Organization { return nil }
	}
	var change matcher.Change
	programs := map[string]*matcher.Program{}
	for _, r := range k.programs {
		p := conv.record(r).program
		if v.text != nil {
			v.text(k.market, &p.Text)
		}
		if programs[p.ID] = p; k.stored {
			change.PutPrograms = append(change.PutPrograms, *p)
		}
	}
	for _, r := range k.demands {
		d := conv.record(r).demand
		if v.text != nil {
			v.text(k.market, &d.Text)
		}
		change.PutDemands = append(change.PutDemands, *d)
	}
	space, weights := s.snap.Space(), matcher.DefaultWeights()
	if v.space != nil {
		space = v.space(k)
	}
	if v.weights != nil {
		v.weights(&weights)
	}
	snap := matcher.Empty(space, s.snap.Atlas().Extend(w.gazetteer, k.market.lex.regions.all())).With(change)
	var out []float64
	for _, r := range k.programs {
		gains := k.gains[r.ID]
		if len(gains) == 0 {
			continue
		}
		res, err := snap.MatchDemands(ctx, programs[r.ID], matcher.Query{Top: 10, Weights: weights})
		if err != nil {
			t.Fatal(err)
		}
		ranks := map[string]int{}
		for i, match := range res.Matches {
			ranks[match.ID] = i + 1
		}
		var places []place
		for id, gain := range gains {
			places = append(places, place{ranks[id], gain})
		}
		out = append(out, ndcg10(places))
	}
	return out
}

// ablateMatching ranks demands for programs with parts of the score left out.
func ablateMatching(t *testing.T) *ablation {
	a := newAblation("matching programs to demands, nDCG@10")
	for _, column := range matchTasks {
		t.Run("matching "+column.name, func(t *testing.T) {
			k := column.task(t)
			for i := range matchVariants {
				a.set(matchVariants[i].row, column.name, meanOf(k.measure(t, &matchVariants[i])))
			}
			if !k.stored {
				return
			}
			qrels := map[string]map[string]bool{}
			for program, gains := range k.gains {
				qrels[program] = map[string]bool{}
				for demand := range gains {
					qrels[program][demand] = true
				}
			}
			want := measure(qrels, runPrograms(t, k.market, matcher.DefaultWeights(), 10)).NDCG10
			if got := a.figures[[2]string{wholeRow, column.name}].value; math.Abs(got-want) > 1e-9 {
				t.Errorf("%v, the market reaches %v: the matching that is taken apart is not the market's", got, want)
			}
		})
	}
	return a
}

// cipSOCQueries is a market with the programmes that lead somewhere and those that do
// not.
func cipSOCQueries(t *testing.T) (m *Market, qrels map[string]map[string]bool, unmatched []string) {
	file, qrels := cipSOC(t)
	more, unmatched := cipSOCUnmatched(t)
	m = openMarket(t)
	importFiles(t, m, file, more)
	return m, qrels, unmatched
}

// probabilityTop is how many of a query's best matches have their probabilities measured.
const probabilityTop = 20

// ablateProbability leaves signals of the default calibration out: how well the first
// match's probability tells queries with a match from those without, and how well the
// probabilities fit.
func ablateProbability(t *testing.T) *ablation {
	a := newAblation("probability without labels, cip-soc dev: AUROC of the first match's; mean log-likelihood of the first 20")
	t.Run("probability", func(t *testing.T) {
		m, qrels, unmatched := cipSOCQueries(t)
		s, err := m.state(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		type query struct {
			outlook learn.Outlook
			words   float64 // Explained by words alone
			behind  []float64
			right   []bool
		}
		look := func(id string) (q query) {
			side, ok := m.sideOf(s, "programs", id)
			if !ok {
				t.Fatalf("no program %s", id)
			}
			mq := matcher.Query{Top: probabilityTop, Weights: matcher.DefaultWeights(), Background: backgroundSize}
			res, err := side.match(context.Background(), mq)
			if err != nil {
				t.Fatal(err)
			}
			o := s.oddsOf(&side, res)
			q.outlook = o.outlook
			probe := side.snap.Probe(side.text())
			defer probe.Close()
			for i, match := range res.Matches {
				if i < learn.BestOf {
					text, _ := s.counterpart(&side, match.ID)
					q.words = max(q.words, probe.Explained(matcher.BodySpace, text[matcher.BodySpace]))
				}
				q.behind = append(q.behind, learn.Behind(o.best, match.Score.Total, o.deviation))
				q.right = append(q.right, qrels[id][match.ID])
			}
			return q
		}
		var with, without []query
		for _, id := range m.current.Load().snap.ProgramIDs() {
			if qrels[id] != nil {
				with = append(with, look(id))
			}
		}
		for _, id := range unmatched {
			without = append(without, look(id))
		}
		for _, part := range []struct {
			row  string
			drop string // a term of the calibration
			as   func(q *query)
		}{
			{wholeRow, "", nil},
			{"- explained", learn.TermExplained, nil},
			{"-   by skills", "", func(q *query) { q.outlook.Explained = q.words }},
			{"- company", learn.TermCompany, nil},
			{"- rank", learn.TermRank, nil},
			{"- behind", learn.TermBehind, nil},
		} {
			c := learn.DefaultCalibration()
			for _, l := range []*learn.Logit{&c.Fits, &c.Item} {
				for i := range l.Terms {
					if l.Terms[i].Name == part.drop {
						l.Terms[i].Scale = 0
					}
				}
			}
			var first [2][]float64
			var likely []float64
			for side, queries := range [][]query{with, without} {
				for _, q := range queries {
					if part.as != nil {
						part.as(&q)
					}
					sum := 0.0
					for i, behind := range q.behind {
						p := c.Probability(q.outlook, i+1, behind)
						if i == 0 {
							first[side] = append(first[side], p)
						}
						if !q.right[i] {
							p = 1 - p
						}
						sum += math.Log(p)
					}
					likely = append(likely, sum/float64(len(q.behind)))
				}
			}
			a.set(part.row, "AUROC", aurocOf(first[0], first[1]))
			a.set(part.row, "log p", meanOf(likely))
		}
	})
	return a
}

// ablateLearning trains without some of what is known, each time anew. The figures are
// held out; their errors are not known.
func ablateLearning(t *testing.T) *ablation {
	a := newAblation("learned from cip-soc dev, held out by 4-digit group (errors not known); log p: mean log-likelihood of the first 20")
	t.Run("learning", func(t *testing.T) {
		m, qrels, unmatched := cipSOCQueries(t)
		ctx := context.Background()
		s, err := m.state(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r := LearnRequest{For: "programs", Labels: labelsOf(qrels), Unmatched: unmatched, Weights: matcher.DefaultWeights()}
		grouping, err := groupOf(r.For, "code:4")
		if err != nil {
			t.Fatal(err)
		}
		known, _, err := m.known(ctx, s, r.For, r.Labels, r.Unmatched, grouping)
		if err != nil {
			t.Fatal(err)
		}
		noFeature := func(names ...string) func(p *learn.Problem) {
			return func(p *learn.Problem) {
				for _, name := range names {
					for k := range p.Features {
						if p.Features[k] != name {
							continue
						}
						for i := range p.Queries {
							for j := range p.Queries[i].Candidates {
								p.Queries[i].Candidates[j].Features[k] = 0
							}
						}
					}
				}
			}
		}
		noLikeness := func(p *learn.Problem) { p.Alike = func(int, int) float64 { return 0 } }
		noField := func(p *learn.Problem) {
			for i := range p.Queries {
				p.Queries[i].Class = ""
			}
		}
		for _, part := range []struct {
			row  string
			drop func(p *learn.Problem)
		}{
			{wholeRow, func(*learn.Problem) {}},
			{"- names", noFeature("names")},
			{"- body", noFeature("body")},
			{"- likeness to known queries", noLikeness},
			{"- field of known queries", noField},
			{"- known queries", func(p *learn.Problem) { noLikeness(p); noField(p) }},
			{"- explained", func(p *learn.Problem) {
				for i := range p.Queries {
					for j := range p.Queries[i].Candidates {
						p.Queries[i].Candidates[j].Mass = 0
					}
				}
			}},
			{"- company", func(p *learn.Problem) {
				for i := range p.Queries {
					p.Queries[i].Company = math.NaN()
				}
			}},
		} {
			p, err := m.problem(ctx, s, r, known)
			if err != nil {
				t.Fatal(err)
			}
			part.drop(p)
			model, err := learn.Train(ctx, p, learn.Options{Folds: 5, Seed: 1, Asked: weightsByName(r.Weights)})
			if err != nil {
				t.Fatal(err)
			}
			h := &model.HeldOut
			a.set(part.row, "nDCG@10", figure{value: h.Learned["ndcg_10"]})
			if part.row == wholeRow {
				a.set("- all but weights", "nDCG@10", figure{value: h.Suggested["ndcg_10"]})
				a.set("- all: the defaults", "nDCG@10", figure{value: h.Defaults["ndcg_10"]})
			}
			a.set(part.row, "AUROC", figure{value: *h.AUROC})
			a.set(part.row, "log p", figure{value: -h.LogLoss})
		}
	})
	return a
}

package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// trades are what the small market below trains and hires for. What a title says and what
// a program is called have nothing in common: only hires tell that they belong together.
var trades = []struct{ program, code, demand, text string }{
	{"机电一体化", "460301", "产线值守", "车间里的设备要有人看"},
	{"护理", "520201", "病区助手", "夜班照看老人"},
	{"茶艺与茶文化", "540107", "门店接待", "给客人倒水"},
	{"大数据技术", "510205", "报表专员", "每天出一份表"},
	{"汽车检测", "500211", "修理厂学徒", "跟师傅干活"},
	{"园林工程", "440104", "绿植养护", "修剪草木"},
}

// hiringMarket has ten programs and ten demands of each trade. With hires, each demand of
// a trade has hired from one of the trade's first three programs.
func hiringMarket(hires bool) []talent.Record {
	recs := []talent.Record{
		&talent.Organization{ID: "e", Name: "企业", Kind: "enterprise", Region: "440600"},
		&talent.Organization{ID: "s", Name: "学校", Kind: "college", Region: "440600"},
	}
	for i, tr := range trades {
		for k := range 10 {
			recs = append(recs,
				&talent.Program{ID: fmt.Sprintf("p%d.%d", i, k), School: "s", Name: tr.program + []string{"", "（订单班）"}[k%2], Text: tr.program + "专业", Code: tr.code,
					Region: "440600", Education: talent.Associate, Cohorts: []talent.Cohort{{Year: 2027, Graduates: 30 + k}}},
				&talent.Demand{ID: fmt.Sprintf("d%d.%d", i, k), Employer: "e", Title: tr.demand, Text: fmt.Sprintf("%s，第%d组", tr.text, k), Region: "440600", Headcount: 2, Start: "2027-08"})
			if hires {
				rating := 3 + k%3
				recs = append(recs, &talent.Outcome{Demand: fmt.Sprintf("d%d.%d", i, k), Program: fmt.Sprintf("p%d.%d", i, k%3), Year: 2026, Hired: 1 + k, Rating: &rating},
					&talent.Outcome{Demand: fmt.Sprintf("d%d.%d", i, k), Program: fmt.Sprintf("p%d.%d", (i+1)%len(trades), k), Year: 2026})
			}
		}
	}
	return recs
}

func fileOf(t testing.TB, name string, recs []talent.Record) string {
	t.Helper()
	var b strings.Builder
	for _, r := range recs {
		line, err := talent.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return writeFile(t, name, b.String())
}

func learnSmall(t testing.TB, m *Market, change func(*LearnRequest)) (*LearnReport, error) {
	t.Helper()
	r := LearnRequest{For: "demands", Folds: 5, Seed: 1, AsOf: "2026-07-01", Weights: matcher.DefaultWeights()}
	if change != nil {
		change(&r)
	}
	return m.Learn(context.Background(), r)
}

// TestLearnFromOutcomes: the model finds who hires whom where words do not say it, and
// ranks by it only when told to.
func TestLearnFromOutcomes(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, fileOf(t, "small.ndjson", hiringMarket(true)))
	report, err := learnSmall(t, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	model := report.Model
	if !model.Applicable || model.Labels != "outcomes" || model.Queries != 60 || model.Pairs != 60 || report.Unknown != 0 {
		t.Fatalf("applicable %v (gain %v), %d queries, %d pairs, %d unknown", model.Applicable, model.HeldOut.Gain, model.Queries, model.Pairs, report.Unknown)
	}
	var file bytes.Buffer
	if err := model.Encode(&file); err != nil {
		t.Fatal(err)
	}
	again, err := learnSmall(t, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	var twice bytes.Buffer
	if err := again.Model.Encode(&twice); err != nil || twice.String() != file.String() {
		t.Error("learning twice gives two models")
	}
	read, err := ReadModel(&file)
	if err != nil {
		t.Fatal(err)
	}
	learned, err := m.Learned(context.Background(), read, nil)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(l *Learned) *MatchAnswer {
		a, err := m.Match(context.Background(), MatchRequest{DemandID: "d2.4", Top: 3, Weights: matcher.DefaultWeights(), Learned: l})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ours := func(a *MatchAnswer) (n int) {
		for _, item := range a.Items {
			if slices.Contains([]string{"p2.0", "p2.1", "p2.2"}, item.ID) {
				n++
			}
		}
		return n
	}
	plain, ranked := ask(nil), ask(learned)
	if got := ours(ranked); got != 3 || ours(plain) > 1 {
		t.Errorf("%d of the first three are those that the trade hires, by the defaults %d", got, ours(plain))
	}
	if plain.Meta.Learned != nil || ranked.Meta.Learned == nil || ranked.Meta.Learned.Known != 60 || ranked.Meta.Learned.Applied["known_alike"] <= 0 {
		t.Errorf("meta %+v and %+v", plain.Meta.Learned, ranked.Meta.Learned)
	}
	falls(t, plain)
	falls(t, ranked)
	if _, err := m.Match(context.Background(), MatchRequest{ProgramID: "p1.1", Top: 3, Weights: matcher.DefaultWeights(), Learned: learned}); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("a model for demands ranked for a program: %v", err)
	}
	read.Applicable = false
	if _, err := m.Learned(context.Background(), read, nil); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("a model that does not beat the defaults was accepted: %v", err)
	}
}

// falls checks that scores and probabilities are there and never rise.
func falls(t *testing.T, a *MatchAnswer) {
	t.Helper()
	for i, item := range a.Items {
		if item.Probability == nil || !(*item.Probability >= 0 && *item.Probability <= *a.Meta.Fits+1e-6) || item.Score < 0 || item.Score > 1 {
			t.Fatalf("%s: score %v, probability %v, anything fits %v", item.ID, item.Score, item.Probability, *a.Meta.Fits)
		}
		if i > 0 && (*item.Probability > *a.Items[i-1].Probability || item.Score > a.Items[i-1].Score) {
			t.Errorf("%s at rank %d is above the one before", item.ID, item.Rank)
		}
	}
}

// TestOwnHiresDoNotVote: what a demand itself has hired is no evidence for it.
func TestOwnHiresDoNotVote(t *testing.T) {
	recs := hiringMarket(true)
	m := openMarket(t)
	importFiles(t, m, fileOf(t, "small.ndjson", recs))
	report, err := learnSmall(t, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	rank := func(labels []Label) []MatchItem {
		l, err := m.Learned(context.Background(), report.Model, labels)
		if err != nil {
			t.Fatal(err)
		}
		a, err := m.Match(context.Background(), MatchRequest{DemandID: "d2.4", Top: 60, Weights: matcher.DefaultWeights(), Learned: l})
		if err != nil {
			t.Fatal(err)
		}
		return a.Items
	}
	others := []Label{{"d2.5", "p2.1", 1}, {"d3.1", "p3.1", 1}}
	without, with := rank(others), rank(append(slices.Clone(others), Label{"d2.4", "p5.5", 9}))
	if !slices.EqualFunc(without, with, func(a, b MatchItem) bool { return a.ID == b.ID && a.Score == b.Score }) {
		t.Error("a demand's own hire changed its ranking")
	}
}

// TestRandomHiresAreNotLearned: hires that nothing explains give no model that is used.
func TestRandomHiresAreNotLearned(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, fileOf(t, "small.ndjson", hiringMarket(false)))
	var labels []Label
	for i := range trades {
		for k := range 10 {
			labels = append(labels, Label{fmt.Sprintf("d%d.%d", i, k), fmt.Sprintf("p%d.%d", (i*7+k*5+k*k)%len(trades), (k*k*k+i)%10), 1})
		}
	}
	report, err := learnSmall(t, m, func(r *LearnRequest) { r.Labels = labels })
	if err != nil {
		t.Fatal(err)
	}
	if report.Model.HeldOut.Gain > 0.1 {
		t.Errorf("gain %v from hires that follow no rule", report.Model.HeldOut.Gain)
	}
}

func TestLearnRefuses(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, fileOf(t, "small.ndjson", hiringMarket(false)))
	for _, tt := range []struct {
		says   string
		change func(*LearnRequest)
	}{
		{"need at least 20", nil}, // no outcomes
		{"must be a date", func(r *LearnRequest) { r.AsOf = "昨天" }},
		{"must be programs or demands", func(r *LearnRequest) { r.For = "skills" }},
		{"must be a number from 0", func(r *LearnRequest) { r.Labels = []Label{{"d1.1", "p1.1", math.NaN()}} }},
		{"has a match among the labels", func(r *LearnRequest) {
			r.Labels, r.Unmatched = []Label{{"d1.1", "p1.1", 1}}, []string{"d1.1"}
		}},
		{"code:N", func(r *LearnRequest) { r.Group = "code" }},
		{"code:N", func(r *LearnRequest) { r.Group = "code:0" }},
		{"go with programs", func(r *LearnRequest) { r.Group = "code:2" }},
		{"go with programs", func(r *LearnRequest) { r.For, r.Group = "programs", "employer" }},
		{"too many queries", func(r *LearnRequest) { r.Labels, r.MaxQueries = []Label{{"d1.1", "p1.1", 1}, {"d1.2", "p1.1", 1}}, 1 }},
	} {
		if _, err := learnSmall(t, m, tt.change); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("got %v, want a refusal that says %q", err, tt.says)
		}
	}
	report := []Label{{"d1.1", "nobody", 1}}
	known, unknown, err := m.known(context.Background(), m.current.Load(), "demands", report, []string{"nobody"}, func(talent.Record) string { return "" })
	if err != nil || len(known) != 0 || unknown != 2 {
		t.Errorf("unknown records: %v, %d, %v", known, unknown, err)
	}
}

func TestGroupsOfRecords(t *testing.T) {
	p := &talent.Program{ID: "p", Code: "01.0301-a", School: "s"}
	d := &talent.Demand{ID: "d", Employer: "e", Industry: "C36"}
	for _, tt := range []struct {
		queries, group, want string
		rec                  talent.Record
	}{
		{"programs", "", "id p", p}, {"programs", "code:4", "code 0103", p}, {"programs", "code:20", "code 010301a", p}, {"programs", "school", "school s", p},
		{"programs", "code:4", "id x", &talent.Program{ID: "x"}},
		{"demands", "employer", "employer e", d}, {"demands", "occupation", "id d", d}, {"demands", "industry", "industry " + industryCode("C36"), d},
	} {
		group, err := groupOf(tt.queries, tt.group)
		if err != nil {
			t.Fatal(err)
		}
		if got := group(tt.rec); got != tt.want {
			t.Errorf("%s of %s: %q, want %q", tt.group, tt.rec.RecordID(), got, tt.want)
		}
	}
	for code, want := range map[string]string{"01.0301": "01", "５１０２０５": "５１", "Ab1": "ab", "-": ""} {
		if got := classOf(&talent.Program{Code: code}); got != want {
			t.Errorf("class of %q is %q, want %q", code, got, want)
		}
	}
}

// TestNoFit: a demand that nobody trains for is less probable than one of the market's
// own trades, and a cut says so and names the nearest.
func TestNoFit(t *testing.T) {
	m := openMarket(t, "a")
	ask := func(d *talent.Demand, least float64) *MatchAnswer {
		d.ID, d.Employer, d.Headcount = "unsaved", "unsaved", 1
		a, err := m.Match(context.Background(), MatchRequest{Demand: d, Top: 5, Weights: matcher.DefaultWeights(), MinProbability: least})
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	near := func(a *MatchAnswer) float64 { return *a.Items[0].Probability }
	own := &talent.Demand{Title: "集成电路封装测试工程师", Text: "芯片封装与测试，集成电路工艺，熟悉半导体设备", Region: "440600"}
	alien := &talent.Demand{Title: "芭蕾舞演员", Text: "古典芭蕾，舞台演出", Region: "440600"}
	fits, none := ask(own, 0), ask(alien, 0)
	t.Logf("own trade: anything fits %.3f, first %.3f; ballet: %.3f, %.3f", *fits.Meta.Fits, near(fits), *none.Meta.Fits, near(none))
	if near(none) >= near(fits) {
		t.Errorf("ballet %.3f, the market's own trade %.3f", near(none), near(fits))
	}
	cut := ask(alien, near(none)+1e-6)
	if len(cut.Items) != 0 || cut.Meta.Nearest == nil || cut.Meta.Nearest.ID != none.Items[0].ID || *cut.Meta.Nearest.Probability != near(none) {
		t.Errorf("after the cut: %d items, nearest %+v", len(cut.Items), cut.Meta.Nearest)
	}
	if fits.Meta.Nearest != nil {
		t.Error("the nearest is named although there are matches")
	}
	body, err := json.Marshal(cut)
	if err != nil || !strings.Contains(string(body), `"items":[]`) {
		t.Errorf("%s, %v", body, err)
	}
}

// TestProbabilityOfRecordsAlone: the order of import, the number of segments and records
// that came and went do not change a probability.
func TestProbabilityOfRecordsAlone(t *testing.T) {
	recs := hiringMarket(false)
	one := openMarket(t)
	importFiles(t, one, fileOf(t, "one.ndjson", recs))
	two := openMarket(t)
	orgs, rest := recs[:2], slices.Clone(recs[2:])
	slices.Reverse(rest)
	importFiles(t, two, fileOf(t, "orgs.ndjson", orgs))
	importFiles(t, two, fileOf(t, "gone.ndjson", []talent.Record{&talent.Program{ID: "gone", School: "s", Name: "已撤销", Region: "440600", Education: talent.Associate}}))
	for i := 0; i < len(rest); i += 17 {
		importFiles(t, two, fileOf(t, fmt.Sprintf("part%d.ndjson", i), rest[i:min(len(rest), i+17)]))
	}
	if err := two.Delete(context.Background(), talent.TypeProgram, "gone", -1); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"d0.0", "d3.7", "d5.9"} {
		var got [2]string
		for i, m := range []*Market{one, two} {
			a, err := m.Match(context.Background(), MatchRequest{DemandID: id, Top: 20, Weights: matcher.DefaultWeights()})
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range a.Items {
				got[i] += fmt.Sprintf("%s %v %v\n", item.ID, item.Score, *item.Probability)
			}
		}
		if got[0] != got[1] {
			t.Errorf("%s:\n%s\nand\n%s", id, got[0], got[1])
		}
	}
}

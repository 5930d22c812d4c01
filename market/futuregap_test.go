package market

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/matcher/forecast"
)

// A market for the pipeline. As of 2026: d1 and the filled d4 begin in 2027, d5 too, which says
// no date of posting; d2 begins in 2028. d3 is closed, d6 begins in 2026, d7 says nothing.
// p1 puts out 10 in 2026, 80 % of 20 in 2027 and 18 of 20 in 2028; p2 lists no cohort.
const pipelineMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"e2","name":"乙园","kind":"park","region":"440300"}
{"type":"organization","id":"s1","name":"丙校","kind":"college","region":"440605"}
{"type":"skill","id":"t.weld","name":"手焊","name_en":"hand welding"}
{"type":"occupation","id":"o.welder","name":"手焊工","name_en":"hand welder","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","occupation":"o.welder","headcount":10,"posted":"2026-01-05","start":"2027-09","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d2","employer":"e2","title":"焊工","region":"440300","occupation":"o.welder","headcount":5,"posted":"2026-06-30","start":"2028-03","skills":[{"skill":"t.weld"}]}
{"type":"demand","id":"d3","employer":"e1","title":"焊工","region":"440605","headcount":99,"posted":"2026-06-30","start":"2027-09","status":"closed"}
{"type":"demand","id":"d4","employer":"e1","title":"焊工","region":"440605","occupation":"o.welder","headcount":2,"posted":"2025-03-01","start":"2027-03","status":"filled"}
{"type":"demand","id":"d5","employer":"e1","title":"焊工","region":"440605","headcount":4,"start":"2027-09"}
{"type":"demand","id":"d6","employer":"e1","title":"焊工","region":"440605","headcount":7,"posted":"2026-05-01","start":"2026-09"}
{"type":"demand","id":"d7","employer":"e1","title":"焊工","region":"440605","headcount":7}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","further_study_rate":0.1,"retention":0.5,"cohorts":[{"year":2026,"graduates":10},{"year":2027,"graduates":0,"enrolled":20,"completion_rate":0.8},{"year":2028,"graduates":18,"enrolled":20}],"skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p2","school":"s1","name":"焊接","region":"440605","education":"associate","skills":[{"skill":"t.weld"}]}
`

func futureGap(t testing.TB, m *Market, r FutureGapRequest) *FutureGapAnswer {
	t.Helper()
	a, err := m.FutureGap(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func futureCellOf(t testing.TB, a *FutureGapAnswer, key string) *FutureCell {
	t.Helper()
	for i := range a.Items {
		if a.Items[i].Key == key {
			return &a.Items[i]
		}
	}
	t.Fatalf("no cell %s in %+v", key, a.Items)
	return nil
}

// futureLine shows a year: demand - supply (assumed) = gap; what becomes of the supply.
func futureLine(f *FutureFigures) string {
	show := func(v *float64) string {
		if v == nil {
			return "-"
		}
		return fmt.Sprint(*v)
	}
	return fmt.Sprintf("%s (%s + %s) - %s (%s) = %s; - %s - %s + %s: %s, gap %s", show(f.Demand), show(f.Known), show(f.Foreseen), show(f.Supply), show(f.Assumed), show(f.Gap),
		show(f.FurtherStudy), show(f.Outflow), show(f.InMigration), show(f.EffectiveSupply), show(f.EffectiveGap))
}

func TestFutureGapByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket+`{"type":"series","id":"i1","measure":"in_migration","keys":{"region":"440000"},"start":"2026","values":[1,3]}`))
	for _, tt := range []struct {
		by, key string
		want    []string
	}{
		// Heads of 2027: 10 + 2 + 4. Graduates: .8 of 20, 18, 18 again. A tenth studies on.
		{"", "total", []string{"16 (16 + -) - 16 (0) = 0; - 1.6 - - + -: 14.4, gap 1.6", "5 (5 + -) - 18 (0) = -13; - 1.8 - - + -: 16.2, gap -11.2", "0 (0 + -) - 18 (18) = -18; - 1.8 - - + -: 16.2, gap -16.2"}},
		{"occupation", "o.welder", []string{"12 (12 + -) - 16 (0) = -4; - 1.6 - - + -: 14.4, gap -2.4", "5 (5 + -) - 18 (0) = -13; - 1.8 - - + -: 16.2, gap -11.2", "0 (0 + -) - 18 (18) = -18; - 1.8 - - + -: 16.2, gap -16.2"}},
		{"occupation", "-", []string{"4 (4 + -) - 0 (0) = 4; - - - - + -: 0, gap 4", "", ""}},
		{"skill", "t.weld", []string{"10 (10 + -) - 16 (0) = -6; - 1.6 - - + -: 14.4, gap -4.4", "", ""}},
		{"education", "associate", []string{"0 (0 + -) - 16 (0) = -16; - 1.6 - - + -: 14.4, gap -14.4", "", ""}},
		// Half of those who do not study on leave the province; three come in 2027, and of 2028 nothing is said.
		{"region", "440000", []string{"16 (16 + -) - 16 (0) = 0; - 1.6 - 7.2 + 3: 10.2, gap 5.8", "5 (5 + -) - 18 (0) = -13; - 1.8 - 8.1 + -: 8.1, gap -3.1", ""}},
		{"industry", "-", []string{"16 (16 + -) - - (-) = -; - - - - + -: -, gap -", "", ""}},
	} {
		c := futureCellOf(t, futureGap(t, m, FutureGapRequest{By: tt.by, Source: FromKnown}), tt.key)
		for y, want := range tt.want {
			if got := futureLine(&c.Years[y].FutureFigures); want != "" && got != want {
				t.Errorf("%s %s %d:\n got %s\nwant %s", tt.by, tt.key, c.Years[y].Year, got, want)
			}
		}
	}
	a := futureGap(t, m, FutureGapRequest{Source: FromKnown})
	d, p := a.Meta.Demands, a.Meta.Pipeline
	if a.Meta.AsOf != 2026 || !slices.Equal(a.Meta.Years, []int{2027, 2028, 2029}) || d.Records != 6 || d.Heads != 127 || d.Until != "2026-06" || d.Undated != 1 || d.Without != 1 || d.Later != 0 {
		t.Errorf("%+v", d)
	}
	if p.Programs != 1 || p.NoCohorts != 1 || p.PipelineHeads != 52 || p.AssumedHeads != 18 || p.LastKnownYears != [2]int{2028, 2028} || p.Completion != 0.85 || p.NoCompletion != 0 {
		t.Errorf("%+v", p)
	}
	// Nobody else's errors are in it: 16 graduates of 20 vary by 3.2; who is left, .72 of the 20, by 4.032.
	f := &a.Items[0].Years[0]
	if sd := math.Sqrt(3.2); *f.GapLo80 != millionth(-1.2815515655446004*sd) || *f.GapHi95 != millionth(1.959963984540054*sd) || *f.Shortage != millionth(0.5*math.Erfc(0.5/sd/math.Sqrt2)) || *f.DemandLo95 != 16 {
		t.Errorf("%+v", f)
	}
	if p := 0.5 * math.Erfc(-1.1/math.Sqrt(4.032)/math.Sqrt2); math.Abs(*f.EffectiveShortage-p) > 1e-6 {
		t.Errorf("P %g, want %g", *f.EffectiveShortage, p)
	}
	// A repeated intake: 1.8 of 18 at .9, and (36 + 4)/2 for a year ahead.
	if f := &a.Items[0].Years[2]; *f.GapHi80 != millionth(-18+1.2815515655446004*math.Sqrt(1.8+20)) {
		t.Errorf("%+v", f)
	}
	// Known as of 2025: d4 alone, and d5.
	if f := &futureGap(t, m, FutureGapRequest{Source: FromKnown, AsOf: 2025, Years: 2}).Items[0]; *f.Years[1].Demand != 6 || *f.Years[0].Demand != 0 || *f.Years[0].Supply != 10 {
		t.Errorf("as of 2025: %+v", f)
	}
}

// steadyMarket posts five heads every month of two years, for a start twelve months later.
func steadyMarket() string {
	var b strings.Builder
	b.WriteString(strings.Join(strings.SplitAfter(pipelineMarket, "\n")[:5], ""))
	for n := range 24 {
		y, mo := 2025+n/12, n%12+1
		fmt.Fprintf(&b, `{"type":"demand","id":"m%02d","employer":"e%d","title":"焊工","region":"440605","occupation":"o.welder","headcount":5,"posted":"%d-%02d-15","start":"%d-%02d","skills":[{"skill":"t.weld"}]}`+"\n", n, n%2+1, y, mo, y+1, mo)
	}
	b.WriteString(strings.Join(strings.SplitAfter(pipelineMarket, "\n")[12:], ""))
	return b.String()
}

// TestFutureGapForeseen: what is posted in 2026 begins in 2027, what will be posted in 2027
// in 2028: 60 heads a year, known the first year and foreseen the others.
func TestFutureGapForeseen(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "steady.ndjson", steadyMarket()))
	for _, by := range []string{"", "occupation", "skill", "region", "industry", "education"} {
		a := futureGap(t, m, FutureGapRequest{By: by, Sort: "demand", Limit: 1})
		for y, want := range []string{"60 60 0", "60 0 60", "60 0 60"} {
			f := &a.Items[0].Years[y]
			if got := fmt.Sprintf("%.4g %.4g %.4g", *f.Demand, *f.Known, *f.Foreseen); got != want || *f.DemandLo80 > *f.Demand || *f.DemandHi95 < *f.DemandHi80 {
				t.Errorf("by %q %d: %s, want %s (%+v)", by, f.Year, got, want, f)
			}
		}
	}
	a := futureGap(t, m, FutureGapRequest{Scenarios: []Scenario{{Name: "少发一半", Changes: []ScenarioChange{{Postings: &ScenarioPostings{Factor: new(float64), ScenarioYears: ScenarioYears{FromYear: 2029}}}}}}})
	if s := a.Items[0].Years[1].Scenarios[0]; *s.DemandChange != 0 {
		t.Errorf("%+v", s)
	}
	if s := a.Items[0].Years[2].Scenarios[0]; *s.Demand != 0 || math.Abs(*s.DemandChange+60) > 1e-3 || *s.SupplyChange != 0 {
		t.Errorf("%+v", s)
	}
	if d := a.Meta.Demands; len(d.Starting) != 2 || d.Starting[1] != 1 {
		t.Errorf("%+v", d)
	}
}

// TestFutureGapUnfinishedMonth: the store ends on the third of a month. Of its 5 heads 1 is posted, so
// that 56 are known for 2027 and 4 foreseen; 2028 is foreseen as if nothing were. The 5 heads of a month that
// is over are all there are.
func TestFutureGapUnfinishedMonth(t *testing.T) {
	for day, want := range map[string]string{"2026-12-03": "56 4 60", "2026-12-28": "56 0", "2026-12-24": "56 4 60"} {
		m := openMarket(t)
		last := strings.Replace(steadyMarket(), `"headcount":5,"posted":"2026-12-15"`, `"headcount":1,"posted":"`+day+`"`, 1)
		importFiles(t, m, writeFile(t, "steady.ndjson", last))
		for _, by := range []string{"", "occupation"} {
			a := futureGap(t, m, FutureGapRequest{By: by, Sort: "demand", Limit: 1})
			f := a.Items[0].Years
			if got := fmt.Sprintf("%.4g %.4g %.4g", *f[0].Known, *f[0].Foreseen, *f[1].Foreseen); !strings.HasPrefix(got, want) || *f[0].DemandLo95 < 56 {
				t.Errorf("%s by %q: %s, want %s (%+v)", day, by, got, want, f[0])
			}
			noted := slices.ContainsFunc(a.Meta.Notes, func(n FutureNote) bool {
				return n.EN == "2026-12 is not over by the newest demand ("+day+"): it is foreseen as a whole month, less the 1 heads that are posted already" && strings.Contains(n.ZH, day)
			})
			if noted != (day != "2026-12-28") || a.Meta.Demands.Until != "2026-12" {
				t.Errorf("%s: %+v", day, a.Meta.Notes)
			}
		}
		// As of 2025 the last month is over, whatever came after it.
		if a := futureGap(t, m, FutureGapRequest{AsOf: 2025}); slices.ContainsFunc(a.Meta.Notes, func(n FutureNote) bool { return strings.Contains(n.EN, "not over") }) {
			t.Errorf("%+v", a.Meta.Notes)
		}
	}
}

// TestSumsOf: of a random walk the second step has both steps' errors, so a sum of two has 2 e1 + e2
// and the variance 5; of plain noise it is 2.
func TestSumsOf(t *testing.T) {
	make2 := func(second float64) *forecast.Forecast {
		return &forecast.Forecast{Mean: []float64{10, 10}, Lo80: []float64{9, 10 - second}, Hi80: []float64{11, 10 + second}, Lo95: []float64{8, 10 - 2*second}, Hi95: []float64{12, 10 + 2*second}}
	}
	for second, want := range map[float64]float64{1: math.Sqrt2, math.Sqrt2: math.Sqrt(5)} {
		s := sumsOf(make2(second), [][]float64{{1, 1}, {0, 0.5}})
		if math.Abs(s[0].up80-want) > 1e-12 || math.Abs(s[0].down95-2*want) > 1e-12 || s[0].mean != 20 || math.Abs(s[1].up80-second/2) > 1e-12 || s[1].mean != 5 {
			t.Errorf("%+v, want %g", s, want)
		}
	}
	for _, tt := range []struct {
		s    spread
		want float64
	}{{spread{mean: 1}, 1}, {spread{mean: 0}, 0}, {spread{mean: -1}, 0}, {spread{mean: normal80 + 0.5, down80: normal80}, 0.9}, {spread{mean: 0.5 - normal80, up80: normal80, down80: 9}, 0.1}} {
		if got := tt.s.shortage(); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%+v: %g, want %g", tt.s, got, tt.want)
		}
	}
}

// TestSmoothing: where squares are 1, 1.25, 1.5 and so on, alpha² is a quarter, however far is looked;
// what lies behind the first 24 steps says nothing. Of 1, 1, 2 the line has (0 + 2 (2²-1)) / (1 + 4), cut at 1.
func TestSmoothing(t *testing.T) {
	var half []float64
	for h := range 60 {
		half = append(half, 3*math.Sqrt(1+0.25*float64(h)))
	}
	for _, n := range []int{2, 12, 24, 60} {
		if got := smoothing(half[:n]); math.Abs(got-0.5) > 1e-12 {
			t.Errorf("%d steps: %g", n, got)
		}
	}
	half[24], half[59] = 1e9, 0
	if got := smoothing(half); math.Abs(got-0.5) > 1e-12 {
		t.Errorf("%g", got)
	}
	for want, half := range map[float64][]float64{0: {0, 1}, 1: {1, 1, 2}} {
		if got := smoothing(half); got != want {
			t.Errorf("%v: %g, want %g", half, got, want)
		}
	}
}

// TestFutureGapYears: with each source a year has the same numbers however many are asked for.
func TestFutureGapYears(t *testing.T) {
	m := openMarket(t)
	var b strings.Builder
	b.WriteString(steadyMarket())
	for n := range 24 {
		fmt.Fprintf(&b, `{"type":"demand","id":"v%02d","employer":"e1","title":"焊工","region":"440300","occupation":"o.welder","headcount":%d,"posted":"%d-%02d-28","start":"%d-%02d"}`+"\n", n, 1+n*n*7%11, 2025+n/12, n%12+1, 2025+(n+3)/12, (n+3)%12+1)
	}
	months := ""
	for n := range 40 {
		months += fmt.Sprint(",", 50+n*n*13%17)
	}
	fmt.Fprintf(&b, `{"type":"series","id":"q","measure":"openings","period":"month","start":"2023-01","values":[%s]}`+"\n", months[1:])
	for i, age := range []string{"25-34", "35-44", "45-54", "55-64"} {
		fmt.Fprintf(&b, `{"type":"series","id":"w%d","measure":"employment","age_group":"%s","start":"2016","values":[100,104,99,107,110,105,%d,112,109,118]}`+"\n", i, age, 108+i)
	}
	importFiles(t, m, writeFile(t, "noisy.ndjson", b.String()))
	for _, r := range []FutureGapRequest{{}, {By: "region"}, {Source: FromSeries}, {Source: FromEmployment}} {
		r.Years = 10
		all := futureGap(t, m, r).Items[0]
		if f := &all.Years[0]; *f.DemandHi80-*f.Demand < 1 {
			t.Errorf("no interval: %+v", f)
		}
		for _, years := range []int{1, 3, 5} {
			r.Years = years
			c := futureCellOf(t, futureGap(t, m, r), all.Key)
			for y := range c.Years {
				f, of := &c.Years[y], &all.Years[y]
				if *f.DemandHi80 != *of.DemandHi80 || *f.DemandLo95 != *of.DemandLo95 || *f.Demand != *of.Demand {
					t.Errorf("%+v: %d of %d years: %g (%g..%g), of ten %g (%g..%g)", r, f.Year, years, *f.Demand, *f.DemandLo95, *f.DemandHi80, *of.Demand, *of.DemandLo95, *of.DemandHi80)
				}
			}
		}
	}
}

// TestFutureGapFromSeries: 100 openings a year, and ten a month, for ever.
func TestFutureGapFromSeries(t *testing.T) {
	m := openMarket(t)
	months := strings.TrimSuffix(strings.Repeat("10,", 30), ",")
	importFiles(t, m, writeFile(t, "series.ndjson", pipelineMarket+`{"type":"series","id":"o1","measure":"openings","keys":{"occupation":"o.welder"},"start":"2020","values":[100,100,100,100,100,100]}
{"type":"series","id":"o2","measure":"openings","keys":{"occupation":"o.welder"},"start":"2020","values":[7,7,7,7,7]}
{"type":"series","id":"o3","measure":"openings","keys":{"occupation":"o.welder","region":"440000"},"period":"month","start":"2024-01","values":[`+months+`]}
{"type":"series","id":"o4","measure":"postings","keys":{"occupation":"o.welder"},"start":"2020","values":[1,2]}
`))
	a := futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromSeries, AsOf: 2025, Years: 2})
	// o2 ends before o1 does; o3 says nothing of the whole country.
	if f := a.Items[0].Years[1]; len(a.Items) != 1 || a.Meta.AsOf != 2025 || math.Abs(*f.Demand-100) > 1e-6 || *f.Supply != 16 || f.Known != nil || f.Foreseen == nil {
		t.Errorf("%s", futureLine(&f.FutureFigures))
	}
	if s := a.Meta.Series; s.Found != 3 || s.Counted != 1 || s.NotAttributable != 2 {
		t.Errorf("%+v", s)
	}
	a = futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromSeries, Filter: ForecastFilter{Region: []string{"广东省"}}})
	if f := a.Items[0].Years[0]; a.Meta.AsOf != 2026 || math.Abs(*f.Demand-120) > 1e-6 || *f.Outflow != 7.2 {
		t.Errorf("%s", futureLine(&f.FutureFigures))
	}
	if a = futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromSeries, Measure: "postings"}); len(a.Items) != 0 || len(a.Meta.Failed) != 1 || !strings.Contains(a.Meta.Failed[0].Message, "has 2 values") {
		t.Errorf("%+v", a)
	}
}

// TestFutureGapFromEmployment: a stock that never changes replaces one in forty; one that is
// broken says why.
func TestFutureGapFromEmployment(t *testing.T) {
	m := openMarket(t)
	var b strings.Builder
	b.WriteString(pipelineMarket)
	for i, age := range []string{"25-34", "35-44岁", "45至54岁", "55-64"} {
		fmt.Fprintf(&b, `{"type":"series","id":"w%d","measure":"employment","age_group":"%s","keys":{"occupation":"o.welder"},"start":"2021","values":[100,100,100,100,100]}`+"\n", i, age)
	}
	b.WriteString(`{"type":"occupation","id":"o.x","name":"缺组"}
{"type":"series","id":"x1","measure":"employment","age_group":"15-24","keys":{"occupation":"o.x"},"start":"2021","values":[1,1,1]}
{"type":"series","id":"x2","measure":"employment","age_group":"35+","keys":{"occupation":"o.x"},"start":"2021","values":[1,1,1]}
{"type":"series","id":"x3","measure":"employment","keys":{"occupation":"o.x"},"start":"2021","values":[2,2,2]}
`)
	importFiles(t, m, writeFile(t, "employment.ndjson", b.String()))
	add := 0.1
	r := FutureGapRequest{By: "occupation", Source: FromEmployment, Scenarios: []Scenario{{Name: "快一成", Changes: []ScenarioChange{{Growth: &ScenarioGrowth{Key: "o.welder", Add: &add, ScenarioYears: ScenarioYears{FromYear: 2027}}}}}}}
	a := futureGap(t, m, r)
	c := futureCellOf(t, a, "o.welder")
	for y := range c.Years {
		if f := &c.Years[y]; math.Abs(*f.Demand-10) > 1e-6 || math.Abs(*f.Replacement-10) > 1e-6 || math.Abs(*f.Expansion) > 1e-6 || f.Known != nil {
			t.Errorf("%d: %s", f.Year, futureLine(&f.FutureFigures))
		}
	}
	// From 2027 on a tenth more each year: 40, then 44 of 440; who leaves follows from the ages.
	if s := c.Years[0].Scenarios[0]; *s.GapChange != 0 {
		t.Errorf("%+v", s)
	}
	if s := c.Years[1].Scenarios[0]; math.Abs(*s.Expansion-40) > 1e-6 || math.Abs(*s.Replacement-10) > 1e-6 || math.Abs(*s.GapChange-40) > 1e-6 {
		t.Errorf("%+v", s)
	}
	if s := c.Years[2].Scenarios[0]; math.Abs(*s.Expansion-44) > 1e-6 {
		t.Errorf("%+v", s)
	}
	if len(a.Items) != 1 || len(a.Meta.Failed) != 1 || a.Meta.Failed[0].ID != "o.x" || !strings.Contains(a.Meta.Failed[0].Message, "25-34 are missing") || a.Meta.Series.NotAttributable != 3 {
		t.Errorf("%+v", a.Meta)
	}
}

// TestFutureGapEmploymentIsSmooth: years are subtracted from each other, so all must be of one forecast.
// Stocks grow by a steady number of people with little noise; so must what is foreseen of them.
func TestFutureGapEmploymentIsSmooth(t *testing.T) {
	m := openMarket(t)
	rng := rand.New(rand.NewPCG(6, 6))
	var b strings.Builder
	for o := range 12 {
		fmt.Fprintf(&b, `{"type":"occupation","id":"o.%d","name":"职业%d"}`+"\n", o, o)
		values := make([]string, 20)
		for y := range values {
			values[y] = strconv.Itoa(5000 + 150*y + rng.IntN(61) - 30)
		}
		for i, age := range []string{"25-39", "40-59"} {
			fmt.Fprintf(&b, `{"type":"series","id":"w%d.%d","measure":"employment","age_group":"%s","keys":{"occupation":"o.%d"},"start":"2006","values":[%s]}`+"\n", o, i, age, o, strings.Join(values, ","))
		}
	}
	importFiles(t, m, writeFile(t, "employment.ndjson", b.String()))
	a := futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromEmployment, Years: 10})
	if len(a.Items) != 12 {
		t.Fatalf("%d cells, %+v", len(a.Items), a.Meta.Failed)
	}
	for _, c := range a.Items {
		for y := 1; y < len(c.Years); y++ {
			if was, is := *c.Years[y-1].Expansion, *c.Years[y].Expansion; y > 1 && math.Abs(is-was) > 40 {
				t.Errorf("%v: expansion of %d is %v, of %d %v", c.Key, c.Years[y-1].Year, was, c.Years[y].Year, is)
			}
		}
	}
	short := futureGap(t, m, FutureGapRequest{By: "occupation", Source: FromEmployment, Years: 2})
	for _, c := range short.Items {
		long := futureCellOf(t, a, c.Key)
		if *c.Years[1].Expansion != *long.Years[1].Expansion {
			t.Errorf("%v: %v of two years, %v of ten", c.Key, *c.Years[1].Expansion, *long.Years[1].Expansion)
		}
	}
}

// TestFutureGapFilters: filters look at what demands say and not at what it is rolled up to, however
// far regions are. In Foshan's Nanhai 16 heads are wanted in 2027, in Shenzhen 5 in 2028.
func TestFutureGapFilters(t *testing.T) {
	m := openMarket(t)
	division := strings.ReplaceAll(pipelineMarket, `"occupation":"o.welder","headcount":10,`, `"occupation":"o.welder","industry":"C34","headcount":10,`)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", division))
	for _, at := range []string{"province", "prefecture", "region"} {
		for _, tt := range []struct {
			filter ForecastFilter
			want   string
		}{
			{ForecastFilter{Region: []string{"440605"}}, "16 0"},
			{ForecastFilter{Region: []string{"440600"}}, "16 0"},
			{ForecastFilter{Region: []string{"440300"}}, "0 5"},
			{ForecastFilter{Region: []string{"440000"}}, "16 5"},
			{ForecastFilter{Industry: []string{"C34"}}, "10 0"},
			{ForecastFilter{Industry: []string{"C"}}, "10 0"},
		} {
			for _, by := range []string{"", "region"} {
				a := futureGap(t, m, FutureGapRequest{By: by, Source: FromKnown, RegionAt: at, AsOf: 2026, Filter: tt.filter})
				d := [2]float64{}
				for i := range a.Items {
					for y := range d {
						d[y] += *a.Items[i].Years[y].Demand
					}
				}
				if got := fmt.Sprint(d[0], d[1]); got != tt.want {
					t.Errorf("%s by %q, %s: %s, want %s", at, by, tt.filter.text(), got, tt.want)
				}
			}
		}
	}
	_, err := m.FutureGap(context.Background(), FutureGapRequest{Filter: ForecastFilter{Region: []string{"110000"}}})
	if err == nil || !strings.Contains(err.Error(), "filter: leaves nothing to go by: no demand passes the filter (got region=110000)") {
		t.Errorf("%v", err)
	}
}

// TestFutureGapFailingEmployment: a cell that outgrows what can be a number of people fails alone; a
// scenario that makes one do so is refused at its change.
func TestFutureGapFailingEmployment(t *testing.T) {
	m := openMarket(t)
	var b strings.Builder
	b.WriteString(pipelineMarket + `{"type":"occupation","id":"o.big","name":"巨"}` + "\n")
	for i, age := range []string{"25-34", "35-44", "45-54", "55-64"} {
		fmt.Fprintf(&b, `{"type":"series","id":"w%d","measure":"employment","age_group":"%s","keys":{"occupation":"o.welder"},"start":"2021","values":[2e11,2e11,2e11,2e11,2e11]}`+"\n", i, age)
		fmt.Fprintf(&b, `{"type":"series","id":"b%d","measure":"employment","age_group":"%s","keys":{"occupation":"o.big"},"start":"2021","values":[1e10,6e10,12e10,18e10,24e10]}`+"\n", i, age)
	}
	importFiles(t, m, writeFile(t, "employment.ndjson", b.String()))
	r := FutureGapRequest{By: "occupation", Source: FromEmployment}
	a := futureGap(t, m, r)
	if len(a.Items) != 1 || len(a.Meta.Failed) != 1 || a.Meta.Failed[0].ID != "o.big" || !strings.Contains(a.Meta.Failed[0].Message, "is no number of people") || a.Meta.Series.Counted != 4 {
		t.Errorf("%+v", a.Meta)
	}
	for _, key := range []string{"", "o.welder"} {
		add := 0.3 // 8e11 people, more than 1e12 in a year
		r.Scenarios = []Scenario{{Name: "快", Changes: []ScenarioChange{{Growth: &ScenarioGrowth{Key: key, Add: &add}}}}}
		if _, err := m.FutureGap(context.Background(), r); err == nil || !strings.Contains(err.Error(), "scenarios[0].changes[0].employment_growth.add: cannot be: employment of o.welder: total employment 1 years ahead is") {
			t.Errorf("%q: %v", key, err)
		}
	}
}

// TestFutureGapFiles: the same bytes twice and after a restart, pages that join, and a
// workbook that opens.
func TestFutureGapFiles(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "steady.ndjson", steadyMarket()))
	r := FutureGapRequest{By: "skill", Scenarios: []Scenario{{Name: "晚一年", NameEN: "a year late", Changes: []ScenarioChange{{Delay: &ScenarioDelay{ScenarioTarget{Employer: "e2"}, 12}}}}}}
	report, a, err := m.ReportFutureGap(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := report.Write(&file); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		replayed, err := m.Replay(context.Background(), file.Bytes())
		if err != nil || !replayed.Same || replayed.Kind != "future-gap" {
			t.Fatalf("%+v (%v)", replayed, err)
		}
	}
	var book, again, rows bytes.Buffer
	if err := firstOf(WriteFutureGapWorkbook(&book, a), WriteFutureGapWorkbook(&again, a), WriteFutureGapCSV(&rows, a)); err != nil || !bytes.Equal(book.Bytes(), again.Bytes()) {
		t.Fatalf("two workbooks of one answer differ (%v)", err)
	}
	x, err := excelize.OpenReader(&book)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if got, err := x.GetRows("未来缺口 Future gaps"); err != nil || len(got) != 2+6*len(a.Items) || got[0][1] != "名称" || got[3][4] != "晚一年" || got[3][5] != "a year late" {
		t.Errorf("%v (%v)", got, err)
	}
	if n := strings.Count(rows.String(), "\n"); n != 1+6*len(a.Items) || !strings.Contains(rows.String(), "\nt.weld,手焊,2027,晚一年,30,") {
		t.Errorf("%s", rows.String())
	}
	all := futureGap(t, m, FutureGapRequest{By: "region", RegionAt: "region", Source: FromKnown})
	one := futureGap(t, m, FutureGapRequest{By: "region", RegionAt: "region", Source: FromKnown, Limit: 1})
	if len(all.Items) != 1 || one.NextCursor != "" || one.Meta.Cells != 1 {
		t.Errorf("%+v", one.Meta)
	}
}

func TestFutureGapRefuses(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "pipeline.ndjson", pipelineMarket))
	for says, r := range map[string]FutureGapRequest{
		"by: must be one of":                      {By: "colour"},
		"source: must be one of":                  {Source: "stars"},
		"region_at":                               {RegionAt: "street"},
		"sort: must be one of":                    {Sort: "colour"},
		"sort: needs a scenario":                  {Sort: "change"},
		"years: must be from 1 to 10":             {Years: 11},
		"as_of: must be a year":                   {AsOf: 26},
		"as_of: lies before the data: the oldest": {AsOf: 2020},
		"as_of: lies after the data":              {AsOf: 2030},
		"limit: must be from 1 to 1000":           {Limit: -1},
		"measure: belongs to source series":       {Measure: "openings"},
		"by: cannot be told of series":            {By: "education", Source: FromSeries},
		"source: has nothing to go by: there are no series of measure openings": {Source: FromSeries},
		"source: has nothing to go by: there are no series of employment":       {Source: FromEmployment},
		"filter.region: there is no such region":                                {Filter: ForecastFilter{Region: []string{"亚特兰蒂斯"}}},
		"cursor: is not one":                                                    {Cursor: "x"},
	} {
		if _, err := m.FutureGap(context.Background(), r); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("want %q, got %v", says, err)
		}
	}
}

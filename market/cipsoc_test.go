package market

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// evalFolder finds the shared evaluation data beside the repository, or skips, as it
// does with -short: what measures quality has nothing to gain from the race detector.
func evalFolder(t testing.TB, name string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("measures on public data")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "eval", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("no shared/eval/%s above the repository: nothing to measure on", name)
	return ""
}

func eachLine(t testing.TB, path string, yield func([]byte)) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 16<<20)
	for sc.Scan() {
		yield(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
}

// cipSOC converts the data as its README says: occupations become occupations and
// demands, programmes become programs.
func cipSOC(t testing.TB) (file string, qrels map[string]map[string]bool) {
	dir := evalFolder(t, "cip-soc")
	var recs []talent.Record
	recs = append(recs,
		&talent.Region{ID: "US", Name: "United States"},
		&talent.Organization{ID: "employer", Name: "Employers", Kind: "enterprise", Region: "US"},
		&talent.Organization{ID: "school", Name: "Schools", Kind: "college", Region: "US"})
	type named struct {
		Name       string  `json:"name"`
		Importance float64 `json:"importance"`
	}
	skills := map[string]string{}
	skillID := func(name string) string {
		if id, ok := skills[name]; ok {
			return id
		}
		id := fmt.Sprintf("onet.%d", len(skills)+1)
		skills[name] = id
		recs = append(recs, &talent.Skill{ID: id, Name: name, NameEN: name})
		return id
	}
	eachLine(t, filepath.Join(dir, "occupations.jsonl"), func(line []byte) {
		var o struct {
			SOC, Title, Description string
			AlternateTitles         []string `json:"alternate_titles"`
			Tasks                   []string
			Skills, Knowledge       []named
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		text := o.Description + ". " + strings.Join(o.Tasks, ". ")
		occ := &talent.Occupation{ID: "soc." + o.SOC, Name: o.Title, Text: text, Aliases: o.AlternateTitles}
		dem := &talent.Demand{ID: "soc." + o.SOC, Employer: "employer", Title: o.Title, Text: text, Occupation: occ.ID, Region: "US", Headcount: 1, Start: "2027-07"}
		for _, s := range append(o.Skills, o.Knowledge...) {
			w := math.Min(1, math.Max(0, (s.Importance-1)/4))
			occ.Skills = append(occ.Skills, talent.OccupationSkill{Skill: skillID(s.Name), Importance: &w})
			dem.Skills = append(dem.Skills, talent.DemandSkill{Skill: skillID(s.Name), Importance: &w})
		}
		recs = append(recs, occ, dem)
	})
	eachLine(t, filepath.Join(dir, "programmes.jsonl"), func(line []byte) {
		var p struct{ CIP, Title, Definition, Examples string }
		if err := json.Unmarshal(line, &p); err != nil {
			t.Fatal(err)
		}
		recs = append(recs, &talent.Program{
			ID: "cip." + p.CIP, School: "school", Name: p.Title, Text: p.Definition + " " + p.Examples, Code: p.CIP, Region: "US",
			Education: talent.Bachelor, Cohorts: []talent.Cohort{{Year: 2027, Graduates: 100}},
		})
	})
	var b strings.Builder
	for _, r := range recs {
		line, err := talent.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(line)
		b.WriteByte('\n')
	}
	qrels = map[string]map[string]bool{}
	first := true
	eachLine(t, filepath.Join(dir, "qrels.dev.tsv"), func(line []byte) {
		f := strings.Split(string(line), "\t")
		if first {
			first = false
			return
		}
		q := "cip." + f[0]
		if qrels[q] == nil {
			qrels[q] = map[string]bool{}
		}
		qrels[q]["soc."+f[1]] = true
	})
	return writeFile(t, "cipsoc.ndjson", b.String()), qrels
}

// rankMetrics are means over the queries of a run, as trec_eval defines them.
type rankMetrics struct{ NDCG10, MAP, MRR, Hit10 float64 }

func measure(qrels map[string]map[string]bool, run map[string][]string) rankMetrics {
	var m rankMetrics
	for q, rel := range qrels {
		dcg, ideal, ap, rr, hits := 0.0, 0.0, 0.0, 0.0, 0
		for i := range min(10, len(rel)) {
			ideal += 1 / math.Log2(float64(i)+2)
		}
		hit10 := 0.0
		for i, doc := range run[q] {
			if !rel[doc] {
				continue
			}
			hits++
			ap += float64(hits) / float64(i+1)
			if rr == 0 {
				rr = 1 / float64(i+1)
			}
			if i < 10 {
				dcg += 1 / math.Log2(float64(i)+2)
				hit10 = 1
			}
		}
		m.NDCG10 += dcg / ideal
		m.MAP += ap / float64(len(rel))
		m.MRR += rr
		m.Hit10 += hit10
	}
	n := float64(len(qrels))
	return rankMetrics{m.NDCG10 / n, m.MAP / n, m.MRR / n, m.Hit10 / n}
}

func runPrograms(t testing.TB, m *Market, w matcher.Weights, top int) map[string][]string {
	run := map[string][]string{}
	err := m.MatchAll(context.Background(), "programs", top, w, nil, func(q string, matches []matcher.Match) error {
		for _, mt := range matches {
			run[q] = append(run[q], mt.ID)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// TestCipSOC measures programs against occupations on the expert crosswalk, with
// the defaults. The best lexical baseline there is 0.56 (nDCG@10, dev).
func TestCipSOC(t *testing.T) {
	file, qrels := cipSOC(t)
	m := openMarket(t)
	importFiles(t, m, file)
	got := measure(qrels, runPrograms(t, m, matcher.DefaultWeights(), 100))
	t.Logf("cip-soc dev, %d queries: nDCG@10 %.4f MAP %.4f MRR %.4f Hit@10 %.4f", len(qrels), got.NDCG10, got.MAP, got.MRR, got.Hit10)
	if got.NDCG10 < 0.56 {
		t.Errorf("nDCG@10 %.4f is below the best lexical baseline, 0.56", got.NDCG10)
	}
}

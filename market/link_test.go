package market

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/talent"
)

// A linkSet is labelled data for linking: records, texts, and which records are right.
type linkSet struct {
	to      talent.Type
	records []talent.Record
	texts   []LinkText
	right   map[string]map[string]bool
}

func (s *linkSet) label(text, record string) {
	if s.right[text] == nil {
		s.right[text] = map[string]bool{}
	}
	s.right[text][record] = true
}

// linkMetrics are means over the texts.
type linkMetrics struct{ MAP, MRR, RP5, Hit10 float64 }

func (s *linkSet) measure(t testing.TB) linkMetrics {
	m := openMarket(t)
	var b strings.Builder
	for _, r := range s.records {
		line, err := talent.Encode(r)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	importFiles(t, m, writeFile(t, "records.ndjson", b.String()))
	var sum linkMetrics
	n := 0.0
	err := m.Link(context.Background(), LinkRequest{To: s.to, Top: MaxLinks, Texts: s.texts}, nil, func(a LinkAnswer) error {
		right := s.right[a.ID]
		hits, ap, rr, in5, hit10 := 0, 0.0, 0.0, 0, 0.0
		for _, it := range a.Items {
			if !right[it.ID] {
				continue
			}
			hits++
			ap += float64(hits) / float64(it.Rank)
			if rr == 0 {
				rr = 1 / float64(it.Rank)
			}
			if it.Rank <= 5 {
				in5++
			}
			if it.Rank <= 10 {
				hit10 = 1
			}
		}
		n++
		sum.MAP += ap / float64(len(right))
		sum.MRR += rr
		sum.RP5 += float64(in5) / math.Min(5, float64(len(right)))
		sum.Hit10 += hit10
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return linkMetrics{sum.MAP / n, sum.MRR / n, sum.RP5 / n, sum.Hit10 / n}
}

// tsvRows calls yield with the fields of each line below the header.
func tsvRows(t testing.TB, path string, yield func(f []string)) {
	first := true
	eachLine(t, path, func(line []byte) {
		if !first {
			yield(strings.Split(string(line), "\t"))
		}
		first = false
	})
}

func jsonLines[T any](t testing.TB, path string, yield func(T)) {
	eachLine(t, path, func(line []byte) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatal(err)
		}
		yield(v)
	})
}

func talentCLEF(t testing.TB, lang string) *linkSet {
	dir := evalFolder(t, "jobtitle-talentclef25")
	s := &linkSet{to: talent.TypeOccupation, right: map[string]map[string]bool{}}
	tsvRows(t, filepath.Join(dir, lang+".corpus.tsv"), func(f []string) {
		s.records = append(s.records, &talent.Occupation{ID: "c" + f[0], Name: f[1]})
	})
	tsvRows(t, filepath.Join(dir, lang+".queries.tsv"), func(f []string) { s.texts = append(s.texts, LinkText{f[0], f[1]}) })
	tsvRows(t, filepath.Join(dir, lang+".qrels.tsv"), func(f []string) { s.label(f[0], "c"+f[1]) })
	return s
}

func csco(t testing.TB) *linkSet {
	dir := evalFolder(t, "csco-zh")
	s := &linkSet{to: talent.TypeOccupation, right: map[string]map[string]bool{}}
	jsonLines(t, filepath.Join(dir, "occupations.jsonl"), func(o struct {
		Code, Name, Definition string
		Aliases, Tasks         []string
	}) {
		s.records = append(s.records, &talent.Occupation{ID: o.Code, Name: o.Name, Aliases: o.Aliases, Text: o.Definition + strings.Join(o.Tasks, "。")})
	})
	jsonLines(t, filepath.Join(dir, "task_queries.dev.jsonl"), func(q struct {
		ID          string `json:"q_id"`
		Query, Code string
	}) {
		s.texts = append(s.texts, LinkText{q.ID, q.Query})
		s.label(q.ID, q.Code)
	})
	return s
}

// vacancyTitles takes every n-th text only: there are 15,000.
func vacancyTitles(t testing.TB, n int) *linkSet {
	dir := evalFolder(t, "title-norm-esco")
	s := &linkSet{to: talent.TypeOccupation, right: map[string]map[string]bool{}}
	jsonLines(t, filepath.Join(dir, "occupations.jsonl"), func(o struct {
		ID, Title, Description string
		Alternates             []string `json:"alternate_titles"`
	}) {
		s.records = append(s.records, &talent.Occupation{ID: o.ID, Name: o.Title, Aliases: o.Alternates, Text: o.Description})
	})
	i := 0
	tsvRows(t, filepath.Join(dir, "val.tsv"), func(f []string) {
		if i++; i%n == 0 {
			s.texts = append(s.texts, LinkText{f[0], f[1]})
			s.label(f[0], f[2])
		}
	})
	return s
}

func skillSentences(t testing.TB, which string) *linkSet {
	dir := evalFolder(t, "skill-extraction-esco")
	s := &linkSet{to: talent.TypeSkill, right: map[string]map[string]bool{}}
	tsvRows(t, filepath.Join(dir, "skills.tsv"), func(f []string) {
		s.records = append(s.records, &talent.Skill{ID: f[0], Name: f[1]})
	})
	jsonLines(t, filepath.Join(dir, which+".validation.jsonl"), func(q struct {
		ID, Sentence string
		Skills       []string
	}) {
		if len(q.Skills) == 0 {
			return
		}
		s.texts = append(s.texts, LinkText{q.ID, q.Sentence})
		for _, k := range q.Skills {
			s.label(q.ID, k)
		}
	})
	return s
}

// TestLinkQuality measures linking on public labelled data. The least values are a
// little below what it reaches, and above the plain methods' figures there.
func TestLinkQuality(t *testing.T) {
	if testing.Short() {
		t.Skip("ranks thousands of texts")
	}
	for _, tt := range []struct {
		name  string
		set   func(testing.TB) *linkSet
		value func(linkMetrics) float64
		least float64
	}{
		{"TalentCLEF en MAP", func(t testing.TB) *linkSet { return talentCLEF(t, "en") }, func(m linkMetrics) float64 { return m.MAP }, .35},
		{"TalentCLEF es MAP", func(t testing.TB) *linkSet { return talentCLEF(t, "es") }, func(m linkMetrics) float64 { return m.MAP }, .25},
		{"TalentCLEF de MAP", func(t testing.TB) *linkSet { return talentCLEF(t, "de") }, func(m linkMetrics) float64 { return m.MAP }, .22},
		{"csco-zh dev MRR", func(t testing.TB) *linkSet { return csco(t) }, func(m linkMetrics) float64 { return m.MRR }, .656},
		{"title-norm val MRR", func(t testing.TB) *linkSet { return vacancyTitles(t, 10) }, func(m linkMetrics) float64 { return m.MRR }, .33},
		{"skills TECH RP@5", func(t testing.TB) *linkSet { return skillSentences(t, "tech") }, func(m linkMetrics) float64 { return m.RP5 }, .58},
		{"skills HOUSE RP@5", func(t testing.TB) *linkSet { return skillSentences(t, "house") }, func(m linkMetrics) float64 { return m.RP5 }, .43},
	} {
		t.Run(strings.ReplaceAll(tt.name, " ", "-"), func(t *testing.T) {
			set := tt.set(t)
			m := set.measure(t)
			t.Logf("%s: %d texts, %d records: %s", tt.name, len(set.texts), len(set.records), fmt.Sprintf("MAP %.4f MRR %.4f RP@5 %.4f Hit@10 %.4f", m.MAP, m.MRR, m.RP5, m.Hit10))
			if tt.value(m) < tt.least {
				t.Errorf("%.4f, at least %.4f wanted", tt.value(m), tt.least)
			}
		})
	}
}

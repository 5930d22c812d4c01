package index

import (
	"context"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"testing"
	"time"

	"talentmatch/talent"
)

// benchDocs is how many records the benchmarks search: 20,000, or what
// TALENTMATCH_BENCH_DOCS says. The figures of the notes were taken with
//
//	TALENTMATCH_BENCH_DOCS=200000 go test ./index -run '^$' -bench 200k -benchtime 1000x
func benchDocs(b *testing.B) int {
	s := os.Getenv("TALENTMATCH_BENCH_DOCS")
	if s == "" {
		return 20_000
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		b.Fatalf("TALENTMATCH_BENCH_DOCS=%q is no number of records", s)
	}
	return n
}

// benchMarket makes docs as a market would: demands and programs with titles in both
// languages, a text of some 300 bytes, 8-16 of 2,000 skills (the frequent ones much
// more so), a prefecture in one of 31 provinces.
type benchMarket struct {
	r             *rand.Rand
	skills, words *rand.Zipf
	vocabulary    []string // of texts: 3,000 made-up words beside the real ones
}

func newBenchMarket() *benchMarket {
	r := rand.New(rand.NewSource(1))
	m := &benchMarket{r: r, skills: rand.NewZipf(r, 1.2, 8, 1999), words: rand.NewZipf(r, 1.1, 10, 2999)}
	for range 3000 {
		word := ""
		for range 2 + r.Intn(3) {
			word += string(rune(0x4E00 + r.Intn(1500)))
		}
		m.vocabulary = append(m.vocabulary, word)
	}
	for i, w := range benchWords { // among the frequent ones
		m.vocabulary[5+3*i] = w
	}
	return m
}

var (
	benchTrades = []string{"数控车床", "工业机器人", "电气自动化", "新能源汽车", "动力电池", "激光加工", "集成电路", "中药制剂", "电子商务", "跨境直播", "智慧物流", "无人机", "物联网", "大数据", "畜牧养殖"}
	benchRoles  = []string{"工程师", "技术员", "操作工", "运维", "测试", "主管", "编程", "装调", "质检", "设计"}
	benchEN     = []string{"CNC lathe", "Industrial robot", "Electrical automation", "New energy vehicle", "Power battery", "Laser processing", "Integrated circuit", "Chinese medicine", "E-commerce", "Cross-border live streaming", "Smart logistics", "Drone", "IoT", "Big data", "Animal husbandry"}
	benchWords  = []string{"负责", "设备", "调试", "维护", "熟悉", "PLC编程", "现场", "安全生产", "质量管理", "团队合作", "数据分析", "Python", "图纸", "工艺", "能够独立完成", "programming", "项目", "经验", "优先", "检测"}
)

func (m *benchMarket) doc(i int) Doc {
	trade, role := m.r.Intn(len(benchTrades)), m.r.Intn(len(benchRoles))
	province := strconv.Itoa(110000 + 10000*m.r.Intn(31))
	d := Doc{
		Type: talent.TypeDemand, ID: fmt.Sprintf("d-%07d", i),
		Title:   benchTrades[trade] + benchRoles[role],
		TitleEN: benchEN[trade] + " engineer",
		Names:   []string{fmt.Sprintf("第%d科技有限公司", m.r.Intn(5000))},
		Region:  province[:2] + fmt.Sprintf("%02d00", 1+m.r.Intn(12)), Province: province,
		Education: []string{"secondary", "associate", "bachelor", "master"}[m.r.Intn(4)],
		Industry:  string(rune('A'+m.r.Intn(20))) + strconv.Itoa(10+m.r.Intn(80)),
		Kind:      []string{"hire", "internship", "order-class", "apprenticeship"}[m.r.Intn(4)],
		Years:     []int{2024 + m.r.Intn(5)}, Status: "open",
		Organization: fmt.Sprintf("o-%d", m.r.Intn(5000)),
	}
	if i%3 == 0 {
		d.Type, d.ID = talent.TypeProgram, fmt.Sprintf("p-%07d", i)
	}
	d.Regions = []string{d.Region, province, "CN"}
	for range 24 {
		d.Text += m.vocabulary[m.words.Uint64()] + "，"
	}
	for range 8 + m.r.Intn(9) {
		d.Skills = append(d.Skills, fmt.Sprintf("s-%d", m.skills.Uint64()))
	}
	return d
}

// fill applies n docs in batches.
func (m *benchMarket) fill(tb testing.TB, x *Index, n, batch int) {
	tb.Helper()
	for at := 0; at < n; at += batch {
		var docs []Doc
		for i := at; i < min(n, at+batch); i++ {
			docs = append(docs, m.doc(i))
		}
		if err := x.Apply(context.Background(), docs, nil, int64(at+len(docs))); err != nil {
			tb.Fatal(err)
		}
	}
}

func BenchmarkSearch200kFiltersThreeFacets(b *testing.B) {
	x, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	n := benchDocs(b)
	newBenchMarket().fill(b, x, n, 4000)
	for _, bb := range []struct {
		name string
		q    func(i int) Query
	}{
		{"text", func(i int) Query {
			return Query{Text: benchTrades[i%15] + " " + benchRoles[i%10], Filters: map[string][]string{"region": {strconv.Itoa(110000 + 10000*(i%31))}}}
		}},
		{"textAllRegions", func(i int) Query {
			return Query{Text: benchTrades[i%15], Filters: map[string][]string{"education": {"associate", "bachelor"}}}
		}},
		{"concept", func(i int) Query {
			return Query{Text: "PLC编程 " + benchRoles[i%10], Concepts: []Concept{{Text: "PLC编程", Skills: []string{"s-3"}, Labels: []string{"PLC编程", "PLC programming", "可编程控制器"}}},
				Filters: map[string][]string{"education": {"associate", "bachelor"}}}
		}},
		{"long", func(i int) Query {
			return Query{Text: "熟悉" + benchTrades[i%15] + "设备调试维护 PLC编程 质量管理 团队合作 经验优先", Filters: map[string][]string{"year": {"2026"}}}
		}},
		{"browse", func(i int) Query {
			return Query{Type: []talent.Type{talent.TypeDemand}, Filters: map[string][]string{"education": {"associate", "bachelor"}, "year": {"2025", "2026"}}}
		}},
		{"browseAll", func(i int) Query { return Query{} }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			var took []time.Duration
			hits := 0
			for i := 0; b.Loop(); i++ {
				q := bb.q(i)
				q.Limit, q.Facets = 20, []string{"region", "education", "year"}
				start := time.Now()
				res, err := x.Search(context.Background(), q)
				took = append(took, time.Since(start))
				if err != nil || res.Total == 0 {
					b.Fatalf("%d hits, %v", res.Total, err)
				}
				hits += res.Total
			}
			sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
			b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(float64(hits)/float64(len(took)), "hits")
			b.ReportMetric(float64(n), "docs")
		})
	}
}

func BenchmarkIndexing(b *testing.B) {
	for _, batch := range []int{500, 2000, 5000} {
		b.Run(fmt.Sprintf("batch%d", batch), func(b *testing.B) {
			n := benchDocs(b)
			for b.Loop() {
				x, err := Open(b.TempDir())
				if err != nil {
					b.Fatal(err)
				}
				newBenchMarket().fill(b, x, n, batch)
				if c, err := x.Count(); err != nil || c != uint64(n) {
					b.Fatalf("%d docs, %v", c, err)
				}
				x.Close()
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "docs/s")
		})
	}
}

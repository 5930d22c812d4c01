package extract

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// labels15k makes 3,000 skills with 5 labels each in both languages, by a fixed
// seed.
func labels15k() *taxonomy.Catalogue {
	rng := rand.New(rand.NewPCG(1, 2))
	zh := []rune("工业机器人控制数据网络设备维修检测编程设计制造电气液压焊接装配质量管理物流仓储直播运营药物分析激光半导体封装养殖饲料汽车电池驱动系统集成软件开发测试安全")
	en := strings.Fields("industrial robot control data network equipment maintenance testing programming design manufacturing electrical hydraulic welding assembly quality management logistics warehouse live operation drug analysis laser semiconductor packaging breeding feed vehicle battery drive system integration software development safety vision planning cost supply chain")
	seen := map[string]bool{}
	fresh := func(label func() string) string {
		for {
			if s := label(); !seen[s] {
				seen[s] = true
				return s
			}
		}
	}
	chinese := func() string {
		s := make([]rune, 3+rng.IntN(5))
		for i := range s {
			s[i] = zh[rng.IntN(len(zh))]
		}
		return string(s)
	}
	english := func() string {
		s := make([]string, 2+rng.IntN(2))
		for i := range s {
			s[i] = en[rng.IntN(len(en))]
		}
		return strings.Join(s, " ")
	}
	skills := make([]*talent.Skill, 3000)
	for i := range skills {
		skills[i] = &talent.Skill{ID: fmt.Sprintf("sk.%04d", i), Name: fresh(chinese), NameEN: fresh(english),
			Aliases: []string{fresh(chinese), fresh(chinese), fresh(english)}}
	}
	return taxonomy.NewCatalogue(skills, nil)
}

// advertisement is 2 KB of mixed text that names some of the catalogue's skills.
func advertisement(c *taxonomy.Catalogue, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 3))
	var b strings.Builder
	for b.Len() < 2048 {
		s := c.Skills()[rng.IntN(len(c.Skills()))]
		fmt.Fprintf(&b, "%d、负责产线%s及日常点检，熟悉%s，有两年以上相关工作经验者优先；\n", rng.IntN(9)+1, s.Name, s.Aliases[0])
		fmt.Fprintf(&b, "You will plan and document %s for our customers in the region, together with the team.\n", s.NameEN)
	}
	return b.String()
}

// BenchmarkExtract15kLabels extracts from 2 KB advertisements, half Chinese and
// half English, against 15,000 labels. heap-MB is what the Extractor keeps.
func BenchmarkExtract15kLabels(b *testing.B) {
	c := labels15k()
	before := heap()
	x := New(c)
	kept := heap() - before
	docs := make([]string, 64)
	var size, finds int
	for i := range docs {
		docs[i] = advertisement(c, uint64(i))
		size += len(docs[i])
		finds += len(x.Extract(docs[i]))
	}
	if finds < 10*len(docs) {
		b.Fatalf("only %d finds in %d documents", finds, len(docs))
	}
	b.SetBytes(int64(size / len(docs)))
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		x.Extract(docs[i%len(docs)])
		i++
	}
	b.ReportMetric(float64(kept)/(1<<20), "heap-MB")
}

// heap is how many bytes are in use after a collection.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkExtractBuiltin10MB extracts from the labelled sentences, over and over,
// with the embedded pack: real labels, cues and misspellings.
func BenchmarkExtractBuiltin10MB(b *testing.B) {
	x := New(builtinCatalogue(b))
	var text strings.Builder
	for sentences := labelledSentences(b); text.Len() < 10<<20; {
		for _, s := range sentences {
			text.WriteString(s.Text)
			text.WriteByte('\n')
		}
	}
	if n := len(x.Extract(text.String())); n < text.Len()/1000 {
		b.Fatalf("only %d finds", n)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		x.Extract(text.String())
	}
}

// BenchmarkNew15kLabels builds an Extractor of 15,000 labels.
func BenchmarkNew15kLabels(b *testing.B) {
	c := labels15k()
	b.ReportAllocs()
	for b.Loop() {
		New(c)
	}
}

package skillspace

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// A synthetic national vocabulary: skills in fields and some that all share, Zipf
// inside a field; baskets of 12-40 skills of one field, a sixth of them shared; 40
// terms a skill, half of them of its field; a tree of broader skills in each field.
const (
	synthShared   = 300
	synthPerField = 98
	synthWords    = 60_000
)

func synthetic(skills, baskets int) Input {
	r := rand.New(rand.NewPCG(3, 4))
	zipf := func(n int) int { return int(math.Pow(float64(n), r.Float64())) - 1 }
	fields := (skills - synthShared) / synthPerField
	in := Input{Skills: skills, Terms: make([][]Term, skills)}
	for range baskets {
		field := zipf(fields)
		b := Basket{Weight: 1}
		for range 12 + r.IntN(29) {
			s := fields*synthPerField + zipf(skills-fields*synthPerField)
			if r.IntN(6) != 0 {
				s = field*synthPerField + zipf(synthPerField)
			}
			b.Items = append(b.Items, Item{int32(s), .2 + .8*r.Float64()})
		}
		in.Baskets = append(in.Baskets, b)
	}
	for s := range skills {
		field := s / synthPerField
		for range 40 {
			w := zipf(synthWords)
			if r.IntN(2) == 0 {
				w = field*synthWords/fields%synthWords + zipf(synthWords/fields)
			}
			in.Terms[s] = append(in.Terms[s], Term{int32(w), 1})
		}
		if at := s % synthPerField; at > 0 && field < fields {
			in.Broader = append(in.Broader, Edge{int32(s), int32(field*synthPerField + (at-1)/8), 1})
			in.Related = append(in.Related, Edge{int32(s), int32(field*synthPerField + r.IntN(synthPerField)), 1})
		}
	}
	in.Terms = ByRarity(in.Terms)
	return in
}

// BenchmarkBuild15kSkills builds the space of 15,000 skills from 60,000 baskets and 40
// terms a skill: the target is 10 s on two cores. It reports what the space says of
// itself beside the time.
//
//	go test ./matcher/skillspace -run '^$' -bench Build15kSkills -benchtime 3x
func BenchmarkBuild15kSkills60kBaskets(b *testing.B) { benchmarkBuild(b, 15_000, 60_000) }

func BenchmarkBuild1kSkills2kBaskets(b *testing.B) { benchmarkBuild(b, 1_000, 2_000) }

func benchmarkBuild(b *testing.B, skills, baskets int) {
	in := synthetic(skills, baskets)
	b.ReportAllocs()
	var r Report
	for b.Loop() {
		s, err := Build(context.Background(), in, DefaultOptions())
		if err != nil {
			b.Fatal(err)
		}
		if r = s.Report(); r.Dims != r.Options.Dimensions || r.Listed < 10*skills {
			b.Fatalf("an unlikely space: %+v", r)
		}
	}
	b.ReportMetric(float64(r.Pairs), "pairs")
	b.ReportMetric(r.Residual, "residual")
	b.ReportMetric(r.Explained, "explained")
	b.ReportMetric(float64(r.Products), "products")
	b.Logf("%+v", r)
}

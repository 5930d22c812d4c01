package stable

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
)

// market makes a random problem, always the same for the same arguments: every student
// lists so many hospitals, popular ones sooner, in an order of its own; hospitals like
// good students, each with an error of its own. Students have one unit to most, and 95 %
// of the units have a place. There are no ties to speak of.
func market(students, hospitals, list, most int) *Problem {
	rng := rand.New(rand.NewPCG(1962, uint64(students)))
	p := &Problem{StudentQuota: make([]int32, students), HospitalQuota: make([]int32, hospitals), Off: make([]int, 1, students+1)}
	units := 0
	used := make([]int, hospitals)
	for s := range students {
		p.StudentQuota[s] = int32(1 + rng.IntN(most))
		units += int(p.StudentQuota[s])
		good := rng.NormFloat64()
		for r := 0; r < list; {
			// The lesser of two is popular; later ones are any that is left.
			h := rng.IntN(hospitals)
			if r < list/2 {
				h = min(h, rng.IntN(hospitals))
			}
			for used[h] == s+1 {
				h = (h + 1) % hospitals
			}
			used[h] = s + 1
			p.Hospital = append(p.Hospital, int32(h))
			p.StudentRank = append(p.StudentRank, int32(r))
			p.HospitalRank = append(p.HospitalRank, int32(1e8*(good+rng.NormFloat64()/2)))
			r++
		}
		p.Off = append(p.Off, len(p.Hospital))
	}
	for h := range hospitals {
		p.HospitalQuota[h] = int32((units*95/100 + h) / hospitals)
	}
	// Places in the hospitals' lists, as programmes write them.
	off, order, err := hospitalLists(context.Background(), p)
	if err != nil {
		panic(err)
	}
	for h := range hospitals {
		for i, e := range order[off[h]:off[h+1]] {
			p.HospitalRank[e] = int32(i)
		}
	}
	return p
}

// The largest market is 20 million edges, for which
//
//	TALENTMATCH_BENCH_STABLE=1 go test ./matcher/allocate/stable -run '^$' -bench . -benchtime 3x
func BenchmarkOptimal(b *testing.B) {
	for _, size := range []struct{ students, hospitals, list, most int }{
		{4_000, 35, 35, 1},
		{50_000, 35, 35, 1},
		{50_000, 35, 8, 1},
		{50_000, 3_000, 20, 40},
		{1_000_000, 60_000, 20, 40},
	} {
		if size.students > 50_000 && os.Getenv("TALENTMATCH_BENCH_STABLE") == "" {
			continue
		}
		name := fmt.Sprintf("students=%d/hospitals=%d/edges=%d/quota=%d", size.students, size.hospitals, size.students*size.list, size.most)
		var p *Problem
		for _, side := range []struct {
			name string
			best func(context.Context, *Problem) (*Matching, error)
		}{{"students", StudentOptimal}, {"hospitals", HospitalOptimal}} {
			b.Run(name+"/best="+side.name, func(b *testing.B) {
				if p == nil {
					p = market(size.students, size.hospitals, size.list, size.most)
				}
				m, err := side.best(context.Background(), p)
				if err != nil {
					b.Fatal(err)
				}
				if n, some := BlockingPairs(p, m); n > 0 {
					b.Fatalf("%d pairs block, such as %v", n, some)
				}
				b.ReportAllocs()
				for b.Loop() {
					if _, err := side.best(context.Background(), p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

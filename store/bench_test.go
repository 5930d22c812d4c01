package store

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"talentmatch/talent"
)

// BenchmarkPut100kDemands14Refs imports 100,000 new demands of about 1.3 kB with
// 14 references each (employer, region, 12 of 1,000 skills) into a file, in one
// Update with synchronous=FULL.
//
//	go test ./store -run ^$ -bench 100k -benchtime 1x
func BenchmarkPut100kDemands14Refs(b *testing.B) {
	const demands, skills, employers = 100_000, 1000, 2000
	for range b.N {
		b.StopTimer()
		s, err := OpenSQLite(filepath.Join(b.TempDir(), "store.db"))
		if err != nil {
			b.Fatal(err)
		}
		update(b, s, func(tx Tx) {
			for i := range skills {
				put(b, tx, &talent.Skill{ID: fmt.Sprintf("sk.%04d", i), Name: fmt.Sprintf("技能%d", i)})
			}
			for i := range employers {
				put(b, tx, &talent.Organization{ID: fmt.Sprintf("org.%04d", i), Name: "企业", Kind: "enterprise", Region: "440600"})
			}
		})
		recs := make([]*talent.Demand, demands)
		for i := range recs {
			recs[i] = benchDemand(i, skills, employers)
		}
		b.StartTimer()
		update(b, s, func(tx Tx) {
			for _, d := range recs {
				put(b, tx, d)
			}
		})
		b.StopTimer()
		n, err := s.Counts(context.Background())
		if err != nil || n[talent.TypeDemand] != demands {
			b.Fatalf("counts %v, %v", n, err)
		}
		if err := s.Check(context.Background()); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
	b.ReportMetric(demands*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func benchDemand(i, skills, employers int) *talent.Demand {
	level := i%5 + 1
	d := &talent.Demand{
		ID: fmt.Sprintf("dem.%06d", i), Employer: fmt.Sprintf("org.%04d", i%employers), Title: "电气装配技术员",
		Text:   "负责产线电气装配、PLC 程序调试与日常点检，能读电气图，服从倒班安排，有低压电工证者优先。",
		Region: "440600", Headcount: i % 20, Start: "2026-09", Education: "associate",
	}
	for j := range 12 {
		d.Skills = append(d.Skills, talent.DemandSkill{Skill: fmt.Sprintf("sk.%04d", (i*7+j*j*13)%skills), Level: &level, Required: j < 2})
	}
	return d
}

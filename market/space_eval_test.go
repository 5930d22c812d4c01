package market

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// ictJob is a job title with the skills that it needs.
type ictJob struct {
	title  string
	skills []string // ids
}

// ictJobs is the set job-skill-esco-ict: digital skills, and ICT jobs that need them.
func ictJobs(t testing.TB) (skills []*talent.Skill, jobs []ictJob) {
	dir := evalFolder(t, "job-skill-esco-ict")
	byLabel := map[string]string{}
	eachLine(t, filepath.Join(dir, "skills.jsonl"), func(line []byte) {
		var s struct {
			ID, Label, Description string
			Alt                    []string
		}
		if err := json.Unmarshal(line, &s); err != nil {
			t.Fatal(err)
		}
		skills = append(skills, &talent.Skill{ID: s.ID, Name: s.Label, Aliases: s.Alt, TextEN: s.Description})
		byLabel[s.Label] = s.ID
	})
	eachLine(t, filepath.Join(dir, "occupations.jsonl"), func(line []byte) {
		var o struct {
			Title  string
			Labels []string `json:"skill_labels"`
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		j := ictJob{title: o.Title}
		for _, label := range o.Labels {
			j.skills = append(j.skills, byLabel[label])
		}
		jobs = append(jobs, j)
	})
	return skills, jobs
}

// hiddenSkills hides each skill of the held-out jobs in turn and ranks all others by the
// sum of their likeness to the job's remaining ones. A skill that is like none of them is
// not found; of equal sums the hidden one comes last.
func hiddenSkills(space func(need, held string) int, skills []*talent.Skill, jobs []ictJob) (reciprocal, hits float64, n int) {
	for _, j := range jobs {
		sum := map[string]int{}
		for _, s := range skills {
			for _, held := range j.skills {
				if held != s.ID {
					sum[s.ID] += space(s.ID, held)
				}
			}
		}
		for _, hidden := range j.skills {
			n++
			if sum[hidden] == 0 {
				continue
			}
			rank := 1
			for _, s := range skills {
				if slices.Contains(j.skills, s.ID) {
					continue
				}
				if sum[s.ID]-space(s.ID, hidden) >= sum[hidden] {
					rank++
				}
			}
			reciprocal += 1 / float64(rank)
			if rank <= 10 {
				hits++
			}
		}
	}
	return reciprocal, hits, n
}

// nearCopies are demands of one employer that hardly differ: each asks for all but one to
// three skills of a job.
func nearCopies(employer string, skills []string, n int) (out []*talent.Demand) {
	for i := range n {
		d := &talent.Demand{Employer: employer}
		for k, s := range skills {
			if k != i%len(skills) && k != i/7%len(skills) && k != i/len(skills)*3%len(skills) {
				d.Skills = append(d.Skills, talent.DemandSkill{Skill: s})
			}
		}
		out = append(out, d)
	}
	return out
}

// TestBasketsOfDemandsFindHiddenSkills measures what the baskets of demands add to a space:
// in five parts, jobs are held out, the others are occupations of the taxonomy, demands of
// employers of their own, or neither. In the last line the employers of every tenth of
// the others post each 600 near copies of their demand: with weights of 1 they would bring
// the MRR down to 0.212.
func TestBasketsOfDemandsFindHiddenSkills(t *testing.T) {
	skills, jobs := ictJobs(t)
	const parts = 5
	measure := func(occupation, demand func(i int) bool, employer func(i int) string, copies int) (mrr, hit10 float64) {
		queries := 0
		for part := range parts {
			var held []ictJob
			var occupations []*talent.Occupation
			var demands []*talent.Demand
			for i, j := range jobs {
				if i%parts == part {
					held = append(held, j)
					continue
				}
				if occupation(i) {
					o := &talent.Occupation{ID: fmt.Sprint(i), Name: j.title}
					for _, s := range j.skills {
						o.Skills = append(o.Skills, talent.OccupationSkill{Skill: s})
					}
					occupations = append(occupations, o)
				}
				if demand(i) {
					d := &talent.Demand{ID: fmt.Sprint(i), Employer: employer(i)}
					for _, s := range j.skills {
						d.Skills = append(d.Skills, talent.DemandSkill{Skill: s})
					}
					demands = append(demands, d)
					if i%10 == 0 {
						demands = append(demands, nearCopies(d.Employer, j.skills, copies)...)
					}
				}
			}
			w := &world{catalogue: taxonomy.NewCatalogue(skills, occupations)}
			sample, at := basketSample{most: mostBaskets}, w.skillNumbers().at
			for _, d := range demands {
				sample.add(w.basket(at, d))
			}
			stats, err := newSkillStats(context.Background(), w, &skillBaskets{list: sample.weighed()})
			if err != nil {
				t.Fatal(err)
			}
			sims := map[string]map[string]int{}
			for _, s := range skills {
				sims[s.ID] = map[string]int{}
				for _, l := range w.alike(stats, s.ID) {
					sims[s.ID][l.skill] = int(l.sim)
				}
			}
			r, h, n := hiddenSkills(func(need, held string) int { return sims[need][held] }, skills, held)
			mrr, hit10, queries = mrr+r, hit10+h, queries+n
		}
		return mrr / float64(queries), hit10 / float64(queries)
	}
	none, all := func(int) bool { return false }, func(int) bool { return true }
	odd, even := func(i int) bool { return i/parts%2 == 1 }, func(i int) bool { return i/parts%2 == 0 }
	own, one := func(i int) string { return fmt.Sprint("e", i) }, func(int) string { return "e" }

	var before float64
	for _, tt := range []struct {
		name               string
		occupation, demand func(int) bool
		employer           func(int) string
		copies             int
		least, leastHit    float64
		ratio              float64 // least gain over the last line without demands; 0 for those lines
	}{
		{"texts alone", none, none, own, 0, 0, 0, 0},
		{"and the other jobs as demands", none, all, own, 0, .22, .41, 2.1},
		{"all of one employer", none, all, one, 0, .21, .39, 2},
		{"half the jobs as occupations", odd, none, own, 0, 0, 0, 0},
		{"and the other half as demands", odd, even, own, 0, .22, .41, 1.08},
		{"and near copies of some", odd, even, own, 600, .217, .4, 1.09},
	} {
		mrr, hit := measure(tt.occupation, tt.demand, tt.employer, tt.copies)
		if tt.ratio == 0 {
			before = mrr
		}
		t.Logf("%-30s MRR %.4f (x %.2f) Hit@10 %.4f", tt.name, mrr, mrr/before, hit)
		if mrr < tt.least || hit < tt.leastHit || mrr < tt.ratio*before {
			t.Errorf("%s: MRR %.4f, Hit@10 %.4f, want at least %v and %v, and a gain of %v", tt.name, mrr, hit, tt.least, tt.leastHit, tt.ratio)
		}
	}
}

package market

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"talentmatch/index/extract"
	"talentmatch/index/taxonomy"
	"talentmatch/index/taxonomy/pack"
	"talentmatch/talent"
)

// escoLike writes a folder in ESCO's format with invented words, by a fixed seed: of
// each concept 5 further labels and a description, 42 skills an occupation, 640 groups.
func escoLike(tb testing.TB, skills, occupations int) string {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba ce di fo gu ha ki lo mu na pe ri so tu va we xi yo za bra cle dri flo gru pla ste tri")
	words := make([]string, 6000)
	for i := range words {
		for range 2 + rng.IntN(3) {
			words[i] += syllables[rng.IntN(len(syllables))]
		}
	}
	phrase := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = words[int(float64(len(words))*rng.Float64()*rng.Float64())] // few are frequent
		}
		return strings.Join(out, " ")
	}
	labels := func() string {
		var out []string
		for range 5 {
			out = append(out, phrase(2+rng.IntN(3)))
		}
		return `"` + strings.Join(out, "\n") + `"`
	}
	dir := filepath.Join(tb.TempDir(), "ESCO like v9.9.0")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		tb.Fatal(err)
	}
	file := func(name, header string, rows int, row func(i int) string) {
		f, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			tb.Fatal(err)
		}
		w := bufio.NewWriter(f)
		fmt.Fprintln(w, header)
		for i := range rows {
			fmt.Fprintln(w, row(i))
		}
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	const base, groups, iscoGroups = "http://data.europa.eu/esco/", 640, 600
	skill := func(i int) string { return fmt.Sprintf("%sskill/%08d-0000-4000-8000-000000000000", base, i) }
	occupation := func(i int) string { return fmt.Sprintf("%soccupation/%08d-0000-4000-8000-000000000000", base, i) }
	group := func(i int) string { return fmt.Sprintf("%sskill/S%d", base, i) }
	file("skillGroups_en.csv", "conceptType,conceptUri,preferredLabel,altLabels,description,code", groups,
		func(i int) string { return fmt.Sprintf("SkillGroup,%s,%s,,%s,S%d", group(i), phrase(2), phrase(15), i) })
	file("skills_en.csv", "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description", skills, func(i int) string {
		return fmt.Sprintf("KnowledgeSkillCompetence,%s,skill/competence,cross-sector,%s,%s,%s", skill(i), phrase(2+rng.IntN(3)), labels(), phrase(25))
	})
	file("ISCOGroups_en.csv", "conceptType,conceptUri,code,preferredLabel,description", iscoGroups,
		func(i int) string {
			return fmt.Sprintf("ISCOGroup,%sisco/C%d,%d,%s,%s", base, i, i, phrase(3), phrase(30))
		})
	file("occupations_en.csv", "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,description,code", occupations, func(i int) string {
		return fmt.Sprintf("Occupation,%s,%d,%s,%s,%s,%d", occupation(i), rng.IntN(iscoGroups), phrase(2), labels(), phrase(40), i)
	})
	file("occupationSkillRelations_en.csv", "occupationUri,relationType,skillType,skillUri", 42*occupations, func(i int) string {
		return occupation(i/42) + "," + []string{"essential", "optional"}[i%2] + ",," + skill(rng.IntN(skills))
	})
	file("broaderRelationsSkillPillar_en.csv", "conceptType,conceptUri,broaderType,broaderUri", skills,
		func(i int) string { return "," + skill(i) + ",," + group(rng.IntN(groups)) })
	file("skillSkillRelations_en.csv", "originalSkillUri,originalSkillType,relationType,relatedSkillType,relatedSkillUri", skills/3,
		func(int) string { return skill(rng.IntN(skills)) + ",,optional,," + skill(rng.IntN(skills)) })
	return dir
}

// BenchmarkImportPack14kSkills3kOccupations imports a taxonomy of ESCO's size into a new
// store with the built-in one, as the command does: the index is open and follows.
func BenchmarkImportPack14kSkills3kOccupations(b *testing.B) {
	if testing.Short() {
		b.Skip("long")
	}
	ctx := context.Background()
	dir := escoLike(b, 14_000, 3_000)
	for b.Loop() {
		b.StopTimer()
		m, err := Open(ctx, Options{Dir: b.TempDir()})
		if err == nil {
			err = m.OpenIndex(ctx)
		}
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		r, err := m.Import(ctx, []string{dir}, ImportOptions{})
		if err != nil || r.Types[talent.TypeSkill].Added != 14_640 || r.Types[talent.TypeOccupation].Added != 3_600 {
			b.Fatal(r, err)
		}
		b.StopTimer()
		if err := m.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkTaxonomy14kSkills3kOccupations takes the same taxonomy step by step: reading
// the folder, the catalogue, the extractor. heap-MB is what catalogue and extractor keep.
func BenchmarkTaxonomy14kSkills3kOccupations(b *testing.B) {
	dir := escoLike(b, 14_000, 3_000)
	var skills []*talent.Skill
	var occupations []*talent.Occupation
	read := func() {
		f, err := pack.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		skills, occupations = nil, nil
		for row, err := range f.Records() {
			if err != nil || row.Record == nil {
				b.Fatal(row, err)
			}
			switch r := row.Record.(type) {
			case *talent.Skill:
				skills = append(skills, r)
			case *talent.Occupation:
				occupations = append(occupations, r)
			}
		}
	}
	read()
	catalogue := taxonomy.NewCatalogue(skills, occupations)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			read()
		}
	})
	b.Run("catalogue", func(b *testing.B) {
		for b.Loop() {
			catalogue = taxonomy.NewCatalogue(skills, occupations)
		}
	})
	b.Run("extractor", func(b *testing.B) {
		before := float64(heapInUse())
		x := extract.New(catalogue)
		kept := float64(heapInUse()) - before
		for b.Loop() {
			x = extract.New(catalogue)
		}
		runtime.KeepAlive(x)
		b.ReportMetric(kept/(1<<20), "heap-MB")
	})
}

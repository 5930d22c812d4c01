package pack

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/talent"
)

// checkFolder reads a folder of anything: what comes out are valid records, each
// once, and problems that name a file; errors are of the kinds that Open documents.
func checkFolder(t *testing.T, dir string) {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		checkError(t, err)
		return
	}
	if f.Version == "" || !talent.ValidID(f.Name) {
		t.Fatalf("pack %+v", f.Pack)
	}
	seen := map[string]bool{}
	for row, err := range f.Records() {
		if err != nil {
			checkError(t, err)
			return
		}
		if row.Record == nil {
			if len(row.Problems) == 0 || row.Problems[0].File == "" || row.Problems[0].Field.Message == "" {
				t.Fatalf("a row without record and reason: %+v", row)
			}
			continue
		}
		if len(row.Problems) > 0 {
			t.Fatalf("a record with problems: %+v", row)
		}
		if err := talent.Validate(row.Record); err != nil {
			t.Fatalf("%s:%d: %v", row.File, row.Line, err)
		}
		key := string(row.Type) + " " + row.ID
		if seen[key] {
			t.Fatalf("%s twice", key)
		}
		seen[key] = true
	}
	f.Warnings()
}

func checkError(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, talent.ErrInvalid) && !errors.Is(err, talent.ErrUnsupported) {
		t.Fatalf("an error of another kind: %v", err)
	}
}

// FuzzESCO: any bytes as skills and as relations.
// Longer: go test ./index/taxonomy/pack -run - -fuzz FuzzESCO
func FuzzESCO(f *testing.F) {
	f.Add([]byte(escoV11["skills_en.csv"]), []byte(escoV11["occupationSkillRelations.csv"]))
	f.Add([]byte("conceptUri;preferredLabel\nhttp://a/esco/skill/x;\"a\nb\"\n"), []byte("occupationUri\trelationType\tskillUri\n"))
	f.Add([]byte("\"conceptUri\",preferredLabel\n://,x\nhttp://,x\nhttp://a,x\nx://a/esco/occupation/,x\nx://y/../é,\x00"), []byte("\xef\xbb\xbf"))
	f.Add([]byte("conceptUri,preferredLabel,altLabels\nx://y/z,\u202e🏺,\"\xe7\n\x1b | | a\""), []byte("\xff\xfe"))
	f.Fuzz(func(t *testing.T, skills, relations []byte) {
		checkFolder(t, folder(t, "f", map[string]string{
			"skills_en.csv": string(skills), "skills_de.csv": string(skills), "occupations_en.csv": escoV11["occupations_en.csv"],
			"occupationSkillRelations.csv": string(relations),
		}))
	})
}

// FuzzONET: any bytes as occupations and as ratings.
// Longer: go test ./index/taxonomy/pack -run - -fuzz FuzzONET
func FuzzONET(f *testing.F) {
	f.Add([]byte(onetOld["Occupation Data.txt"]), []byte(onetOld["Skills.txt"]), []byte(onetOld["Technology Skills.txt"]))
	f.Add([]byte("O*NET-SOC Code\tTitle\n99-1111.00\t\"\r\n"), []byte(onetRatingHead+"99-1111.00\t2.A\tx\tIM\t1e0\n"), []byte("\x00"))
	f.Add([]byte("title\to*net-soc code\n\x93x\x94\t99-1111.01\n\n"), []byte(onetRatingHead+"99-1111.01\t2.A.1.b\t\tLV\t0x1p-2\n"), []byte(""))
	f.Fuzz(func(t *testing.T, titles, ratings, products []byte) {
		checkFolder(t, folder(t, "f", map[string]string{
			"Occupation Data.txt": string(titles), "Skills.txt": string(ratings), "Technology Skills.txt": string(products),
		}))
	})
}

// FuzzCrosswalk: any bytes as a crosswalk, with rows of ours in front.
// Longer: go test ./index/taxonomy/pack -run - -fuzz FuzzCrosswalk
func FuzzCrosswalk(f *testing.F) {
	f.Add([]byte(escoV12()["ONET_(Occupations)_0_updated.csv"]), []byte(ownFolder["a.ndjson"]))
	f.Add([]byte("O*NET Id,ESCO URI,Type of Match\n2.A.1.b,x://y/esco/skill/z,exactMatch\n"), []byte("{}\n[]\n\n\xff"))
	f.Fuzz(func(t *testing.T, table, records []byte) {
		checkFolder(t, folder(t, "f", map[string]string{"crosswalk.csv": string(table)}))
		if bytes.Count(records, []byte("\n")) < 2 { // our own files may name a record twice: the importer warns of it
			checkFolder(t, folder(t, "f", map[string]string{"a.ndjson": string(records)}))
		}
	})
}

// writeESCO makes an ESCO folder of the published one's size and shape: five labels
// and a description a concept, 42 skills an occupation.
func writeESCO(tb testing.TB, skills, occupations, perOccupation int) string {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("glaze fire throw turn cast mould press dry trim wedge paint seal kiln clay slip pot bowl tile brick wheel oven ash salt wax oxide")
	phrase := func(n int) string {
		out := make([]string, n)
		for i := range out {
			out[i] = words[rng.IntN(len(words))]
		}
		return strings.Join(out, " ")
	}
	concept := func(b *strings.Builder, head, uri, tail string, i int) {
		fmt.Fprintf(b, "%s%s,%s %d,\"%s %d\n%s\n%s\n%s\",%s,\"%s.\"\n", head, uri, phrase(3), i, phrase(3), i, phrase(4), phrase(3), phrase(2), tail, phrase(40))
	}
	var s, o, rel, tree strings.Builder
	skill := func(i int) string { return fmt.Sprintf("%sskill/%08x-0000-4000-8000-000000000000", escoBase, i) }
	s.WriteString("conceptType,conceptUri,preferredLabel,altLabels,status,description\n")
	tree.WriteString("conceptUri,broaderUri\n")
	for i := range skills {
		concept(&s, "KnowledgeSkillCompetence,", skill(i), "released", i)
		if i > 0 {
			fmt.Fprintf(&tree, "%s,%s\n", skill(i), skill(i/8))
		}
	}
	o.WriteString("conceptType,conceptUri,preferredLabel,altLabels,iscoGroup,description\n")
	rel.WriteString("occupationUri,relationType,skillType,skillUri\n")
	for i := range occupations {
		uri := fmt.Sprintf("%soccupation/%08x-0000-4000-8000-000000000000", escoBase, i)
		concept(&o, "Occupation,", uri, "7999", i)
		for range perOccupation {
			fmt.Fprintf(&rel, "%s,%s,knowledge,%s\n", uri, []string{"essential", "optional"}[rng.IntN(2)], skill(rng.IntN(skills)))
		}
	}
	return folder(tb, "ESCO v9.9.9", map[string]string{
		"skills_en.csv": s.String(), "occupations_en.csv": o.String(), "occupationSkillRelations_en.csv": rel.String(),
		"broaderRelationsSkillPillar_en.csv": tree.String(),
	})
}

// BenchmarkRead14kSkills3kOccupations reads a folder of ESCO's size.
func BenchmarkRead14kSkills3kOccupations(b *testing.B) {
	dir := writeESCO(b, 14_000, 3_000, 42)
	for b.Loop() {
		f, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for row, err := range f.Records() {
			if err != nil || row.Record == nil {
				b.Fatal(err, row.Problems)
			}
			n++
		}
		if n != 17_000 {
			b.Fatalf("%d records", n)
		}
		b.SetBytes(f.Size())
	}
}

// TestHostileSizes: ten megabytes of one thing come to a clear end.
func TestHostileSizes(t *testing.T) {
	big := strings.Repeat("x", 10<<20)
	for name, files := range map[string]map[string]string{
		"one label":       {"skills_en.csv": "conceptUri,preferredLabel\n" + glazing + "," + big + "\n"},
		"an open quote":   {"skills_en.csv": "conceptUri,preferredLabel\n" + glazing + ",\"" + big},
		"one line":        {"Occupation Data.txt": big},
		"a header":        {"skills_en.csv": big},
		"commas":          {"skills_en.csv": "conceptUri,preferredLabel\n" + strings.Repeat(",", 10<<20)},
		"labels":          {"skills_en.csv": "conceptUri,preferredLabel,altLabels\n" + glazing + ",x,\"" + strings.Repeat("y\n", 5<<20) + "\"\n"},
		"one JSON string": {"a.ndjson": `{"type":"skill","id":"a","name":"` + big + `"}`},
	} {
		t.Run(name, func(t *testing.T) { checkFolder(t, folder(t, "f", files)) })
	}
	if _, err := os.Stat(filepath.Join("testdata", "fuzz")); err == nil {
		t.Log("testdata/fuzz holds finds of the fuzzer")
	}
}

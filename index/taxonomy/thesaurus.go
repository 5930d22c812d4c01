package taxonomy

import (
	"embed"
	"fmt"
	"path"
	"strings"
	"sync"
)

// thesaurusFiles are tables of job titles, written for this project: one cluster of
// interchangeable titles a line, as code (ISCO-08 unit group and a letter), English
// titles, Chinese titles, and words for the work in both languages, the last four as
// lists with |.
//
//go:embed thesaurus/*.tsv
var thesaurusFiles embed.FS

// TitleCluster is one kind of work with the titles that people give it.
type TitleCluster struct {
	Code   string   // ISCO-08 unit group and a letter: kin share a prefix
	Titles []string // interchangeable, English before Chinese, the usual one first
	About  []string // tasks, objects, tools and places of the work
}

// Thesaurus is the clusters in the order of their codes. The caller must not change
// them.
var Thesaurus = sync.OnceValue(func() []TitleCluster {
	entries, err := thesaurusFiles.ReadDir("thesaurus")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	var out []TitleCluster
	for _, e := range entries {
		data, err := thesaurusFiles.ReadFile(path.Join("thesaurus", e.Name()))
		if err != nil {
			panic(err)
		}
		clusters, err := parseThesaurus(e.Name(), string(data))
		if err != nil {
			panic(err) // a test reads every file
		}
		out = append(out, clusters...)
	}
	return out
})

func parseThesaurus(file, data string) ([]TitleCluster, error) {
	var out []TitleCluster
	for i, line := range strings.Split(strings.TrimSuffix(data, "\n"), "\n") {
		f := strings.Split(line, "\t")
		if len(f) != 5 || f[0] == "" || f[1]+f[2] == "" {
			return nil, fmt.Errorf("thesaurus: %s line %d: must have a code, titles in one language at least, and 5 columns", file, i+1)
		}
		out = append(out, TitleCluster{
			Code:   f[0],
			Titles: append(listOf(f[1]), listOf(f[2])...),
			About:  append(listOf(f[3]), listOf(f[4])...),
		})
	}
	return out, nil
}

func listOf(cell string) []string {
	var out []string
	for _, s := range strings.Split(cell, "|") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

package pack

import (
	"cmp"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"talentmatch/talent"
)

var crosswalkPack = Pack{
	Name:    "onet-esco",
	Source:  "crosswalk between O*NET and ESCO, European Commission and U.S. Department of Labor",
	Licence: "CC BY 4.0",
}

// matchWeights are the weights of ESCO's types of match, by their last word.
var matchWeights = map[string]float64{
	"exactmatch":  1,
	"closematch":  0.8,
	"broadmatch":  0.6,
	"narrowmatch": 0.6,
}

// A crosswalk is known by its name; one that ESCO names after O*NET, by its columns.
var (
	crosswalkFile = regexp.MustCompile(`(?i)crosswalk.*\.csv$`)
	perhapsFile   = regexp.MustCompile(`(?i)^o_?net.*\.csv$`)
)

// crosswalks are tables between O*NET and ESCO.
type crosswalks struct{ paths []string }

func findCrosswalk(dir string, names []string) part {
	c := &crosswalks{}
	for _, name := range names {
		path := filepath.Join(dir, name)
		if crosswalkFile.MatchString(name) || (perhapsFile.MatchString(name) && checkColumns(path, crosswalkFormat, crosswalkColumns) == nil) {
			c.paths = append(c.paths, path)
		}
	}
	if len(c.paths) == 0 {
		return nil
	}
	sort.Strings(c.paths)
	return c
}

// crosswalkFormat has lines about the project before its header.
var crosswalkFormat = format{header: func(cells []string) bool {
	for _, c := range cells {
		for _, name := range crosswalkFrom {
			if foldHead(c) == foldHead(name) {
				return true
			}
		}
	}
	return false
}}

// The columns of a crosswalk.
var (
	crosswalkFrom = []string{"O*NET Id", "O*NET-SOC Code", "O*NET Code"}
	crosswalkTo   = []string{"ESCO or ISCO URI", "ESCO URI", "ISCO URI"}
)

var crosswalkColumns = []string{strings.Join(crosswalkFrom, "|"), strings.Join(crosswalkTo, "|"), "Type of Match"}

func (c *crosswalks) files() []string          { return c.paths }
func (c *crosswalks) version() (string, error) { return "", nil }

func (c *crosswalks) check() error {
	for _, path := range c.paths {
		if err := checkColumns(path, crosswalkFormat, crosswalkColumns); err != nil {
			return fmt.Errorf("%w; a crosswalk has the columns O*NET Id, ESCO or ISCO URI, Type of Match", err)
		}
	}
	return nil
}

// link is one pair of a crosswalk.
type link struct {
	rec  *talent.Crosswalk
	file string
	line int
}

func (c *crosswalks) rows(r *reading) error {
	best := map[string]*link{}
	for _, path := range c.paths {
		if err := r.each(path, crosswalkFormat, func(t *table) error { return c.pair(r, t, best) }); err != nil {
			return err
		}
	}
	links := make([]*link, 0, len(best))
	for _, l := range best {
		links = append(links, l)
	}
	slices.SortFunc(links, func(a, b *link) int { return cmp.Compare(a.rec.RecordID(), b.rec.RecordID()) })
	for _, l := range links {
		if err := r.record(l.file, l.line, l.rec, noColumn); err != nil {
			return err
		}
	}
	return nil
}

// pair reads one row. Of several for a pair the closest match counts.
func (c *crosswalks) pair(r *reading, t *table, best map[string]*link) error {
	fromCol, toCol, typeCol := t.col(crosswalkFrom...), t.col(crosswalkTo...), t.col("Type of Match")
	from, to, match := crosswalkEnd(t.cell(fromCol)), escoID(t.cell(toCol)), t.cell(typeCol)
	switch {
	case from == "":
		return r.bad(t, fromCol, "is neither an O*NET-SOC code, such as 15-1252.00, nor an element of the content model")
	case to == "":
		return r.bad(t, toCol, "is no URI that makes an id")
	}
	match = match[strings.LastIndexAny(match, "#/:")+1:]
	weight, ok := matchWeights[strings.ToLower(match)]
	if !ok {
		r.warn(t, match, "the type of match is none of exactMatch, closeMatch, broadMatch, narrowMatch, the row is left out")
		return nil
	}
	rec := &talent.Crosswalk{From: from, To: to, Weight: weight, Source: cut(clean(t.name)+": "+match, maxLabel)}
	have := best[rec.RecordID()]
	if have != nil {
		r.warn(t, t.cell(fromCol), "the pair stands there already, the closest match counts")
	}
	if have == nil || weight > have.rec.Weight {
		best[rec.RecordID()] = &link{rec, t.name, t.line}
	}
	return nil
}

var shortSOC = regexp.MustCompile(`^\d{2}-\d{4}$`)

// crosswalkEnd is the record id of O*NET's end; "" if it is none.
func crosswalkEnd(id string) string {
	switch {
	case socPattern.MatchString(id):
		return onetOccupation(id)
	case shortSOC.MatchString(id):
		return onetOccupation(id + ".00")
	case elementPattern.MatchString(id):
		return onetElement(id)
	}
	return ""
}

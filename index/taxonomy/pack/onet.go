package pack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"talentmatch/talent"
)

var onetPack = Pack{
	Name:    "onet",
	Source:  "O*NET database, U.S. Department of Labor, Employment and Training Administration",
	Licence: "CC BY 4.0",
}

// onetTables are the files that are read, by what they hold, and the columns that
// each cannot do without. Newer names of the same thing stand beside older ones.
var onetTables = map[string][]string{
	"Occupation Data":           {"O*NET-SOC Code", "Title"},
	"Content Model Reference":   {"Element ID", "Element Name"},
	"Scales Reference":          {"Scale ID", "Minimum", "Maximum"},
	"Alternate Titles":          {"O*NET-SOC Code", "Alternate Title"},
	"Job Titles":                {"O*NET-SOC Code", "Job Title"},
	"Sample of Reported Titles": {"O*NET-SOC Code", "Reported Job Title"},
	"Skills":                    onetRating,
	"Essential Skills":          onetRating,
	"Transferable Skills":       onetRating,
	"Knowledge":                 onetRating,
	"Technology Skills":         {"O*NET-SOC Code", "Example|Workplace Example", "Commodity Code|Element ID", "Commodity Title|Element Name"},
	"Software Skills":           {"O*NET-SOC Code", "Example|Workplace Example", "Commodity Code|Element ID", "Commodity Title|Element Name"},
	"Task Statements":           {"O*NET-SOC Code", "Task"},
}

var onetRating = []string{"O*NET-SOC Code", "Element ID", "Element Name", "Scale ID", "Data Value"}

var onetTabs = format{tabs: true}

// onet is a folder of O*NET's text database.
type onet struct {
	dir    string
	paths  map[string]string // table -> path
	readme string

	scales   map[string]scale
	titles   map[string]bool // codes of the occupations
	elements map[string]*element
	tools    map[string]*tool // by name
	classes  map[string]string
	ratings  map[string]map[string]*rating // occupation -> element
	uses     map[string]map[string]float64 // occupation -> tool id -> importance
	names    map[string][]string           // occupation -> further titles
	tasks    map[string]*tasks
}

type scale struct{ least, most float64 }

// An element of the content model; only those that are rated, or stand above one
// that is, become records.
type element struct {
	name, text, kind string
	used             bool
}

// A tool is a product that a technology skill names.
type tool struct {
	name    string
	classes []string // ids
}

type rating struct {
	importance, level float64
	hasIM, hasLV      bool
	out               bool // suppressed or not relevant
}

type tasks struct{ core, other []string }

// findONET looks for O*NET's files; nil if there are no occupations among them.
func findONET(dir string, names []string) part {
	o := &onet{dir: dir, paths: map[string]string{}}
	for _, name := range names {
		base, ok := strings.CutSuffix(strings.ToLower(name), ".txt")
		if !ok {
			continue
		}
		base = strings.ReplaceAll(base, "_", " ")
		if strings.ReplaceAll(base, " ", "") == "readme" {
			o.readme = filepath.Join(dir, name)
		}
		for table := range onetTables {
			if base == strings.ToLower(table) {
				o.paths[table] = filepath.Join(dir, name)
			}
		}
	}
	if o.paths["Occupation Data"] == "" {
		return nil
	}
	return o
}

func (o *onet) files() []string { return slices.Sorted(maps.Values(o.paths)) }

func (o *onet) check() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(o.paths)) {
		errs = append(errs, checkColumns(o.paths[name], onetTabs, onetTables[name]))
	}
	return errors.Join(errs...)
}

var onetRelease = regexp.MustCompile(`O\*NET(?:®)?\s+(\d+(?:\.\d+)+)`)

// version is the release that Read Me names, else the folder.
func (o *onet) version() (string, error) {
	if o.readme != "" {
		f, err := os.Open(o.readme)
		if err != nil {
			return "", fmt.Errorf("taxonomy folder: %w", err)
		}
		defer f.Close()
		head, err := io.ReadAll(io.LimitReader(f, 4096))
		if err != nil {
			return "", fmt.Errorf("taxonomy folder: %w", err)
		}
		if m := onetRelease.FindSubmatch(head); m != nil {
			return string(m[1]), nil
		}
	}
	return folderVersion(o.dir), nil
}

var socPattern = regexp.MustCompile(`^\d{2}-\d{4}\.\d{2}$`)

func onetOccupation(code string) string { return "onet.occ." + code }

func onetElement(id string) string { return "onet.skill." + id }

var elementPattern = regexp.MustCompile(`^[0-9]+(\.[A-Za-z0-9]+)+$`)

// toolID is made of the name: readable, and one for every spelling.
func toolID(name string) string {
	sum := sha256.Sum256([]byte(name))
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	return "onet.tool." + strings.TrimSuffix(b.String(), "-") + "-" + hex.EncodeToString(sum[:4])
}

func (o *onet) rows(r *reading) error {
	if err := o.gather(r); err != nil {
		return err
	}
	if err := o.skills(r); err != nil {
		return err
	}
	return o.occupations(r)
}

// gather reads everything but the occupations themselves, which come last, one by
// one.
func (o *onet) gather(r *reading) error {
	o.scales = map[string]scale{"IM": {1, 5}, "LV": {0, 7}}
	o.titles, o.elements, o.tools, o.classes = map[string]bool{}, map[string]*element{}, map[string]*tool{}, map[string]string{}
	o.ratings, o.uses = map[string]map[string]*rating{}, map[string]map[string]float64{}
	o.names, o.tasks = map[string][]string{}, map[string]*tasks{}
	scan := &reading{folder: &Folder{}, yield: func(Row, error) bool { return true }} // comes again
	err := scan.each(o.paths["Occupation Data"], onetTabs, func(t *table) error {
		o.titles[t.cell(t.col("O*NET-SOC Code"))] = true
		return nil
	})
	if err != nil {
		return err
	}
	for _, step := range []struct {
		table string
		do    func(*reading, *table) error
	}{
		{"Scales Reference", o.scale},
		{"Content Model Reference", o.element},
		{"Alternate Titles", o.title("Alternate Title", "Short Title")},
		{"Job Titles", o.title("Job Title", "Short Title")},
		{"Sample of Reported Titles", o.title("Reported Job Title")},
		{"Skills", o.rating("skill")},
		{"Essential Skills", o.rating("skill")},
		{"Transferable Skills", o.rating("skill")},
		{"Knowledge", o.rating("knowledge")},
		{"Technology Skills", o.technology},
		{"Software Skills", o.technology},
		{"Task Statements", o.task},
	} {
		path := o.paths[step.table]
		if path == "" {
			continue
		}
		if err := r.each(path, onetTabs, func(t *table) error { return step.do(r, t) }); err != nil {
			return err
		}
	}
	if o.paths["Skills"] == "" && o.paths["Essential Skills"] == "" && o.paths["Transferable Skills"] == "" {
		r.folder.warnings.add(filepath.Base(o.dir), "there is no file Skills.txt or Essential Skills.txt: occupations have no rated skills but knowledge", 0, "")
	}
	return nil
}

// occupation is the code of the row's occupation; ok is false, and it is counted,
// when there is no such one.
func (o *onet) occupation(r *reading, t *table) (code string, ok bool) {
	code = t.cell(t.col("O*NET-SOC Code"))
	if !o.titles[code] {
		r.warn(t, code, "there is no such occupation in Occupation Data, the row is left out")
		return "", false
	}
	return code, true
}

func (o *onet) scale(r *reading, t *table) error {
	id := t.cell(t.col("Scale ID"))
	if _, ok := o.scales[id]; !ok {
		return nil
	}
	var ends [2]float64
	for i, name := range []string{"Minimum", "Maximum"} {
		v, err := strconv.ParseFloat(t.cell(t.col(name)), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return r.bad(t, t.col(name), "is no number")
		}
		ends[i] = v
	}
	if ends[0] >= ends[1] {
		return r.bad(t, t.col("Maximum"), "must be above the minimum %g", ends[0])
	}
	o.scales[id] = scale{ends[0], ends[1]}
	return nil
}

func (o *onet) element(r *reading, t *table) error {
	idCol, nameCol := t.col("Element ID"), t.col("Element Name")
	id, name := t.cell(idCol), clean(t.cell(nameCol))
	switch {
	case strings.IndexByte(id, '.') < 0:
		return nil // a domain: Worker Characteristics
	case !elementPattern.MatchString(id):
		return r.bad(t, idCol, "is no element of the content model, such as 2.B.3.e")
	case name == "":
		return r.bad(t, nameCol, "is empty")
	case o.elements[id] != nil:
		r.warn(t, id, "the element stands there already, the first counts")
		return nil
	}
	o.elements[id] = &element{name: name, text: cleanText(t.cell(t.col("Description")))}
	return nil
}

// title reads titles of occupations from columns.
func (o *onet) title(columns ...string) func(*reading, *table) error {
	return func(r *reading, t *table) error {
		code, ok := o.occupation(r, t)
		for _, c := range columns {
			if s := t.cell(t.col(c)); ok && !blank(s) {
				o.names[code] = append(o.names[code], s)
			}
		}
		return nil
	}
}

// blank reports a cell that says nothing.
func blank(s string) bool { return s == "" || strings.EqualFold(s, "n/a") }

// rating reads one rating of an element for an occupation. kind is what the table's
// elements are.
func (o *onet) rating(kind string) func(*reading, *table) error {
	return func(r *reading, t *table) error {
		code, ok := o.occupation(r, t)
		if !ok {
			return nil
		}
		name := t.cell(t.col("Scale ID"))
		sc, ok := o.scales[name]
		if !ok {
			return nil // a scale of another kind
		}
		id, idCol, col := t.cell(t.col("Element ID")), t.col("Element ID"), t.col("Data Value")
		if !elementPattern.MatchString(id) {
			return r.bad(t, idCol, "is no element of the content model, such as 2.B.3.e")
		}
		v, err := strconv.ParseFloat(t.cell(col), 64)
		if err != nil || !(v >= sc.least && v <= sc.most) {
			return r.bad(t, col, "must be a number from %g to %g on the scale %s", sc.least, sc.most, name)
		}
		el := o.elements[id]
		if el == nil {
			el = &element{name: clean(t.cell(t.col("Element Name")))}
			o.elements[id] = el
		}
		el.kind = kind
		of := o.ratings[code]
		if of == nil {
			of = map[string]*rating{}
			o.ratings[code] = of
		}
		x := of[id]
		if x == nil {
			x = &rating{}
			of[id] = x
		}
		suppressed := strings.EqualFold(t.cell(t.col("Recommend Suppress")), "Y")
		if strings.EqualFold(t.cell(t.col("Not Relevant")), "Y") || (suppressed && name == "IM") {
			x.out = true
		}
		has, to := &x.hasIM, &x.importance
		if name == "LV" {
			has, to = &x.hasLV, &x.level
		}
		switch {
		case suppressed:
			r.folder.warnings.add(t.name, "ratings that the publisher recommends to suppress are left out", t.line, id)
		case *has:
			r.warn(t, code+" "+id, "the rating stands there already, the first counts")
		default:
			*has, *to = true, (v-sc.least)/(sc.most-sc.least)
		}
		return nil
	}
}

// The importance of a product for an occupation.
const (
	toolInDemand = 0.75
	toolHot      = 0.5
	toolExample  = 0.25
)

// technology reads one product that an occupation uses.
func (o *onet) technology(r *reading, t *table) error {
	code, ok := o.occupation(r, t)
	if !ok {
		return nil
	}
	nameCol, classCol := t.col("Example", "Workplace Example"), t.col("Commodity Code", "Element ID")
	name, class, title := clean(t.cell(nameCol)), t.cell(classCol), clean(t.cell(t.col("Commodity Title", "Element Name")))
	if name == "" {
		return r.bad(t, nameCol, "is empty")
	}
	x := o.tools[name]
	if x == nil {
		x = &tool{name: name}
		o.tools[name] = x
	}
	switch {
	case blank(class):
	case elementPattern.MatchString(class):
		if o.elements[class] == nil {
			o.elements[class] = &element{name: title}
		}
		o.elements[class].kind = "tool"
		x.classes = append(x.classes, onetElement(class))
	case title == "" || idPart(class) != class:
		return r.bad(t, classCol, "is no class of products with a title")
	default:
		id := "onet.unspsc." + class
		if _, ok := o.classes[id]; !ok {
			o.classes[id] = title
		}
		x.classes = append(x.classes, id)
	}
	importance := toolExample
	switch {
	case strings.EqualFold(t.cell(t.col("In Demand")), "Y"):
		importance = toolInDemand
	case strings.EqualFold(t.cell(t.col("Hot Technology")), "Y"):
		importance = toolHot
	}
	of := o.uses[code]
	if of == nil {
		of = map[string]float64{}
		o.uses[code] = of
	}
	id := toolID(name)
	of[id] = max(of[id], importance)
	return nil
}

func (o *onet) task(r *reading, t *table) error {
	code, ok := o.occupation(r, t)
	text := cleanText(t.cell(t.col("Task")))
	if !ok || text == "" {
		return nil
	}
	of := o.tasks[code]
	if of == nil {
		of = &tasks{}
		o.tasks[code] = of
	}
	if strings.EqualFold(t.cell(t.col("Task Type")), "Core") {
		of.core = append(of.core, text)
	} else {
		of.other = append(of.other, text)
	}
	return nil
}

// branch is the element above; "" when that is a heading (Skills, Knowledge).
func branch(id string) string {
	id = id[:strings.LastIndexByte(id, '.')]
	if strings.Count(id, ".") < 2 {
		return ""
	}
	return id
}

// skills hands over elements, classes of products and products, each by id.
func (o *onet) skills(r *reading) error {
	for _, of := range o.ratings {
		for id, x := range of {
			if x.hasIM && !x.out {
				o.use(id)
			}
		}
	}
	for _, x := range o.tools {
		for _, class := range x.classes {
			if id, ok := strings.CutPrefix(class, onetElement("")); ok {
				o.use(id)
			}
		}
	}
	var recs []*talent.Skill
	for id, el := range o.elements {
		if !el.used {
			continue
		}
		s := &talent.Skill{ID: onetElement(id), Name: el.name, Text: el.text, Kind: cmp.Or(el.kind, talent.SkillGroup)}
		if up := branch(id); up != "" && o.elements[up] != nil {
			s.Broader = []string{onetElement(up)}
		}
		recs = append(recs, s)
	}
	for id, title := range o.classes {
		recs = append(recs, &talent.Skill{ID: id, Name: title, Kind: "tool"})
	}
	for name, x := range o.tools {
		id := toolID(name)
		recs = append(recs, &talent.Skill{ID: id, Name: name, Kind: "tool", Broader: unique(x.classes, id, maxBroader)})
	}
	slices.SortFunc(recs, func(a, b *talent.Skill) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Name, b.Name)) })
	for _, s := range recs {
		if err := r.record(o.fileOf(s.ID), 0, s, noColumn); err != nil {
			return err
		}
	}
	return nil
}

// use marks an element and what stands above it as records.
func (o *onet) use(id string) {
	for ; id != ""; id = branch(id) {
		el := o.elements[id]
		if el == nil || el.used {
			return
		}
		el.used = true
	}
}

func noColumn(string) string { return "" }

// fileOf is the file that a skill mainly comes from.
func (o *onet) fileOf(id string) string {
	if !strings.HasPrefix(id, onetElement("")) {
		return "Technology Skills.txt"
	}
	return "Content Model Reference.txt"
}

func (o *onet) occupations(r *reading) error {
	seen := map[string]bool{}
	return r.each(o.paths["Occupation Data"], onetTabs, func(t *table) error {
		codeCol, titleCol := t.col("O*NET-SOC Code"), t.col("Title")
		code, title := t.cell(codeCol), clean(t.cell(titleCol))
		switch {
		case !socPattern.MatchString(code):
			return r.bad(t, codeCol, "is no O*NET-SOC code, such as 15-1252.00")
		case title == "":
			return r.bad(t, titleCol, "is empty")
		case seen[code]:
			r.warn(t, code, "the occupation stands there already, the first counts")
			return nil
		}
		seen[code] = true
		rec := &talent.Occupation{ID: onetOccupation(code), Name: title, Note: "O*NET-SOC " + code}
		if base := code[:len(code)-2] + "00"; base != code && o.titles[base] {
			rec.Parent = onetOccupation(base)
		}
		l := newLabels(title)
		for _, name := range o.names[code] {
			l.add(name)
		}
		if l.long > 0 {
			r.warn(t, code, fmt.Sprintf("a title has more than %d characters and is left out", maxLabel))
		}
		rec.Aliases = l.aliases()
		texts := []string{t.cell(t.col("Description"))}
		if x := o.tasks[code]; x != nil {
			texts = append(append(texts, x.core...), x.other...)
		}
		rec.Text = cleanText(strings.Join(texts, "\n"))
		var dropped int
		rec.Skills, dropped = o.needs(code)
		if dropped > 0 {
			r.warn(t, code, fmt.Sprintf("the occupation has more than %d skills, the least important are left out", maxSkills))
		}
		return r.record(t.name, t.line, rec, onetColumn)
	})
}

func onetColumn(path string) string {
	name, _, _ := strings.Cut(path, "[")
	return map[string]string{"id": "O*NET-SOC Code", "name": "Title", "text": "Description"}[name]
}

// needs lists the skills of an occupation, the important ones first, and how many
// did not fit.
func (o *onet) needs(code string) (list []talent.OccupationSkill, dropped int) {
	for id, x := range o.ratings[code] {
		if x.out || !x.hasIM {
			continue
		}
		s := talent.OccupationSkill{Skill: onetElement(id), Importance: rounded(x.importance)}
		if x.hasLV {
			level := 1 + int(math.Floor(4*x.level+0.5))
			s.Level = &level
		}
		list = append(list, s)
	}
	for id, importance := range o.uses[code] {
		list = append(list, talent.OccupationSkill{Skill: id, Importance: rounded(importance)})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Skill < list[j].Skill })
	dropped = max(0, len(list)-maxSkills)
	return needsOf(list), dropped
}

// rounded drops what the arithmetic adds behind the published two decimals.
func rounded(v float64) *float64 {
	v = math.Round(v*1e4) / 1e4
	return &v
}

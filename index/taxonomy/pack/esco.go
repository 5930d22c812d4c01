package pack

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"talentmatch/talent"
)

var escoPack = Pack{
	Name:    "esco",
	Source:  "ESCO classification, European Commission",
	Licence: "reuse with acknowledgement of the source (Commission Decision 2011/833/EU)",
}

// The files of ESCO, by what they begin with.
const (
	escoSkillGroups = "skillgroups"
	escoSkills      = "skills"
	escoISCOGroups  = "iscogroups"
	escoOccupations = "occupations"
	escoOccSkills   = "occupationskillrelations"
	escoSkillSkills = "skillskillrelations"
	escoSkillTree   = "broaderrelationsskillpillar"
	escoOccTree     = "broaderrelationsoccpillar"
	escoCollection  = "collection"
)

var (
	escoFile       = regexp.MustCompile(`(?i)^(skillgroups|skills|iscogroups|occupations|occupationskillrelations|skillskillrelations|broaderrelationsskillpillar|broaderrelationsoccpillar|(\w+?)collection)(?:_([a-z]{2}))?\.csv$`)
	escoCollectOf  = regexp.MustCompile(`(?i)(skills|occupations)$`)
	escoSkillFiles = []string{escoSkillGroups, escoSkills}
	escoOccFiles   = []string{escoISCOGroups, escoOccupations}
)

// escoColumns are those that a file cannot do without.
var escoColumns = map[string][]string{
	escoSkillGroups: {"conceptUri", "preferredLabel"},
	escoSkills:      {"conceptUri", "preferredLabel"},
	escoISCOGroups:  {"conceptUri", "preferredLabel"},
	escoOccupations: {"conceptUri", "preferredLabel"},
	escoOccSkills:   {"occupationUri", "relationType", "skillUri"},
	escoSkillSkills: {"originalSkillUri", "relatedSkillUri"},
	escoSkillTree:   {"conceptUri", "broaderUri"},
	escoOccTree:     {"conceptUri", "broaderUri"},
	escoCollection:  {"conceptUri"},
}

// esco is a folder of ESCO's.
type esco struct {
	dir         string
	paths       map[string]map[string]string // file -> language ("" none) -> path
	collections []collection
	lang        string   // of name and text
	second      string   // "en" when lang is another and English is there
	others      []string // whose labels become aliases

	// What a reading has gathered before the first record.
	ids         map[string]map[string]string // file of concepts -> URI -> id
	known       map[string]string            // URI -> id, of every concept
	isco        map[string]string            // ISCO-08 code -> id
	broader     map[string][]string          // skill id -> ids
	related     map[string][]string
	parents     map[string][]parent // occupation id -> candidates
	needs       map[string][]talent.OccupationSkill
	memberships map[string][]string   // id -> names of collections
	translated  map[string]*escoTexts // id -> what other languages say
}

type collection struct{ name, path string }

type parent struct {
	id    string
	group bool // an ISCO group
}

// escoTexts are a concept's texts in further languages.
type escoTexts struct {
	nameEN, textEN string
	labels         []string // cells
}

// findESCO looks for ESCO's files; nil if there are no concepts among them.
func findESCO(dir string, names []string) part {
	e := &esco{dir: dir, paths: map[string]map[string]string{}}
	langs := map[string]bool{}
	for _, name := range names {
		m := escoFile.FindStringSubmatch(name)
		if m == nil {
			continue
		}
		kind, lang, path := strings.ToLower(m[1]), strings.ToLower(m[3]), filepath.Join(dir, name)
		if m[2] != "" {
			if short := strings.ToLower(escoCollectOf.ReplaceAllString(m[2], "")); lang == "" || lang == "en" {
				e.collections = append(e.collections, collection{short, path})
			}
			continue
		}
		if e.paths[kind] == nil {
			e.paths[kind] = map[string]string{}
		}
		e.paths[kind][lang] = path
		if kind == escoSkills || kind == escoOccupations {
			langs[lang] = true
		}
	}
	if len(langs) == 0 {
		return nil
	}
	e.languages(langs)
	return e
}

// languages decides which language is the record's own.
func (e *esco) languages(there map[string]bool) {
	var all []string
	for l := range there {
		all = append(all, l)
	}
	sort.Strings(all)
	switch {
	case there["zh"]:
		e.lang = "zh"
	case there["en"]:
		e.lang = "en"
	default:
		e.lang = all[0]
	}
	if e.lang == "zh" && there["en"] {
		e.second = "en"
	}
	for _, l := range all {
		if l != e.lang {
			e.others = append(e.others, l)
		}
	}
}

// path is the file of a kind in the record's language, or the only one of relations;
// "" if there is none.
func (e *esco) path(kind string) string {
	paths := e.paths[kind]
	for _, lang := range []string{e.lang, "en", ""} {
		if p := paths[lang]; p != "" {
			return p
		}
	}
	if isConcepts(kind) {
		return ""
	}
	return firstOf(paths)
}

func isConcepts(kind string) bool {
	return slices.Contains(escoSkillFiles, kind) || slices.Contains(escoOccFiles, kind)
}

func firstOf(paths map[string]string) string {
	first := ""
	for _, p := range paths {
		if first == "" || p < first {
			first = p
		}
	}
	return first
}

func (e *esco) files() []string {
	var out []string
	for kind := range escoColumns {
		if p := e.path(kind); p != "" {
			out = append(out, p)
		}
	}
	for _, lang := range e.others {
		for _, kind := range append(escoSkillFiles[:2:2], escoOccFiles...) {
			if p := e.paths[kind][lang]; p != "" && p != e.path(kind) {
				out = append(out, p)
			}
		}
	}
	for _, c := range e.collections {
		out = append(out, c.path)
	}
	sort.Strings(out)
	return out
}

func (e *esco) check() error {
	var errs []error
	for _, path := range e.files() {
		kind := strings.ToLower(escoFile.FindStringSubmatch(filepath.Base(path))[1])
		if strings.HasSuffix(kind, escoCollection) {
			kind = escoCollection
		}
		errs = append(errs, checkColumns(path, format{}, escoColumns[kind]))
	}
	return errors.Join(errs...)
}

// checkColumns opens a file and looks for the columns that it needs.
func checkColumns(path string, f format, columns []string) error {
	t, err := openTable(path, f)
	if err != nil {
		return err
	}
	return errors.Join(t.missing(columns...), t.close())
}

// version is the folder's, else that of the newest concept.
func (e *esco) version() (string, error) {
	if v := folderVersion(e.dir); v != "" {
		return v, nil
	}
	newest := ""
	for _, kind := range []string{escoSkills, escoOccupations} {
		path := e.path(kind)
		if path == "" {
			continue
		}
		scan := &reading{folder: &Folder{}, yield: func(Row, error) bool { return true }}
		err := scan.each(path, format{}, func(t *table) error {
			if d := dayPattern.FindString(t.cell(t.col("modifiedDate"))); d > newest {
				newest = d
			}
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	if newest == "" {
		return "", nil
	}
	return "modified-" + newest, nil
}

var dayPattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}`)

// escoID is the record id of a concept; "" for what is no URI.
func escoID(uri string) string {
	scheme, rest, ok := strings.Cut(uri, "://")
	if !ok || scheme == "" {
		return ""
	}
	if _, path, ok := strings.Cut(rest, "/esco/"); ok {
		rest = path
	} else if i := strings.IndexByte(rest, '/'); i >= 0 {
		rest = rest[i+1:]
	} else {
		return ""
	}
	rest = strings.Trim(rest, "/")
	if name, ok := strings.CutPrefix(rest, "occupation/"); ok {
		rest = "occ/" + name
	}
	id := "esco." + idPart(strings.ReplaceAll(rest, "/", "."))
	if rest == "" || !talent.ValidID(id) {
		return ""
	}
	return id
}

func (e *esco) rows(r *reading) error {
	for _, step := range []func(*reading) error{e.survey, e.relations, e.translations} {
		if err := step(r); err != nil {
			return err
		}
	}
	for _, kind := range escoSkillFiles {
		if err := e.concepts(r, kind, e.skill); err != nil {
			return err
		}
	}
	for _, kind := range escoOccFiles {
		if err := e.concepts(r, kind, e.occupation); err != nil {
			return err
		}
	}
	return nil
}

// survey notes which concepts there are, so that a relation to another is seen.
func (e *esco) survey(r *reading) error {
	e.ids, e.known, e.isco = map[string]map[string]string{}, map[string]string{}, map[string]string{}
	for _, kind := range append(escoSkillFiles[:2:2], escoOccFiles...) {
		path := e.path(kind)
		if path == "" {
			continue
		}
		ids := map[string]string{}
		e.ids[kind] = ids
		scan := &reading{folder: &Folder{}, yield: func(Row, error) bool { return true }} // says it again later
		err := scan.each(path, format{}, func(t *table) error {
			uri := t.cell(t.col("conceptUri"))
			id := escoID(uri)
			if id == "" || gone(t) {
				return nil
			}
			ids[uri], e.known[uri] = id, id
			if code := t.cell(t.col("code")); kind == escoISCOGroups && code != "" {
				e.isco[code] = id
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// gone reports whether a concept's status says that it is no longer one.
func gone(t *table) bool {
	switch strings.ToLower(t.cell(t.col("status"))) {
	case "obsolete", "deprecated", "replaced":
		return true
	}
	return false
}

// end is the id of one end of a relation. It may be any concept when the folder has no
// skills, or no occupations: then it is for the store to know it. ok is false when there is no such
// concept, which is counted.
func (e *esco) end(r *reading, t *table, column string, kinds []string) (id string, ok bool) {
	uri := t.cell(t.col(column))
	for _, kind := range kinds {
		if id, ok := e.ids[kind][uri]; ok {
			return id, true
		}
	}
	id = escoID(uri)
	if id == "" {
		r.warn(t, uri, column+" is no URI, the relation is left out")
		return "", false
	}
	if e.ids[kinds[len(kinds)-1]] == nil {
		return id, true
	}
	r.warn(t, uri, column+" is no concept of this folder, the relation is left out")
	return "", false
}

// relations reads everything that links concepts.
func (e *esco) relations(r *reading) error {
	e.broader, e.related, e.parents = map[string][]string{}, map[string][]string{}, map[string][]parent{}
	e.needs, e.memberships = map[string][]talent.OccupationSkill{}, map[string][]string{}
	for _, step := range []struct {
		kind string
		lack string
		do   func(*table) error
	}{
		{escoSkillTree, "skills have no broader ones", func(t *table) error {
			from, ok1 := e.end(r, t, "conceptUri", escoSkillFiles)
			to, ok2 := e.end(r, t, "broaderUri", escoSkillFiles)
			if ok1 && ok2 {
				e.broader[from] = append(e.broader[from], to)
			}
			return nil
		}},
		{escoOccTree, "occupations have no parents but their ISCO groups", func(t *table) error {
			from, ok1 := e.end(r, t, "conceptUri", escoOccFiles)
			to, ok2 := e.end(r, t, "broaderUri", escoOccFiles)
			if ok1 && ok2 && from != to {
				e.parents[from] = append(e.parents[from], parent{to, strings.HasPrefix(to, "esco.isco.")})
			}
			return nil
		}},
		{escoSkillSkills, "", func(t *table) error {
			from, ok1 := e.end(r, t, "originalSkillUri", escoSkillFiles)
			to, ok2 := e.end(r, t, "relatedSkillUri", escoSkillFiles)
			if ok1 && ok2 {
				e.related[from] = append(e.related[from], to)
			}
			return nil
		}},
		{escoOccSkills, "occupations have no skills", func(t *table) error { return e.need(r, t) }},
	} {
		path := e.path(step.kind)
		if path == "" {
			if step.lack != "" {
				r.folder.warnings.add(filepath.Base(e.dir), "there is no file "+escoNames[step.kind]+": "+step.lack, 0, "")
			}
			continue
		}
		if err := r.each(path, format{}, step.do); err != nil {
			return err
		}
	}
	for _, c := range e.collections {
		err := r.each(c.path, format{}, func(t *table) error {
			if id, ok := e.known[t.cell(t.col("conceptUri"))]; ok {
				e.memberships[id] = append(e.memberships[id], c.name)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// escoNames are the files as the portal spells them.
var escoNames = map[string]string{
	escoSkillTree: "broaderRelationsSkillPillar_en.csv",
	escoOccTree:   "broaderRelationsOccPillar_en.csv",
	escoOccSkills: "occupationSkillRelations_en.csv",
}

// The importance of a relation between an occupation and a skill.
const (
	escoEssential = 1.0
	escoOptional  = 0.5
)

// need reads one relation between an occupation and a skill.
func (e *esco) need(r *reading, t *table) error {
	occ, ok1 := e.end(r, t, "occupationUri", escoOccFiles)
	skill, ok2 := e.end(r, t, "skillUri", escoSkillFiles)
	if !ok1 || !ok2 {
		return nil
	}
	importance := escoOptional
	switch col := t.col("relationType"); strings.ToLower(t.cell(col)) {
	case "essential":
		importance = escoEssential
	case "optional":
	default:
		return r.bad(t, col, "must be essential or optional")
	}
	e.needs[occ] = append(e.needs[occ], talent.OccupationSkill{Skill: skill, Importance: &importance})
	return nil
}

// needsOf lists an occupation's skills: the important ones first, each once.
func needsOf(list []talent.OccupationSkill) []talent.OccupationSkill {
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i], list[j]
		if *a.Importance != *b.Importance {
			return *a.Importance > *b.Importance
		}
		return a.Skill < b.Skill
	})
	seen := make(map[string]bool, len(list))
	list = slices.DeleteFunc(list, func(s talent.OccupationSkill) bool {
		twice := seen[s.Skill]
		seen[s.Skill] = true
		return twice
	})
	return list[:min(len(list), maxSkills)]
}

// translations reads the concepts in further languages.
func (e *esco) translations(r *reading) error {
	e.translated = map[string]*escoTexts{}
	for _, lang := range e.others {
		for _, kind := range append(escoSkillFiles[:2:2], escoOccFiles...) {
			path := e.paths[kind][lang]
			if path == "" || path == e.path(kind) {
				continue
			}
			err := r.each(path, format{}, func(t *table) error {
				uri := t.cell(t.col("conceptUri"))
				id, ok := e.ids[kind][uri]
				if !ok {
					if !gone(t) {
						r.warn(t, uri, "the concept is not in "+filepath.Base(e.path(kind))+", it is left out")
					}
					return nil
				}
				x := e.translated[id]
				if x == nil {
					x = &escoTexts{}
					e.translated[id] = x
				}
				label := t.cell(t.col("preferredLabel"))
				if lang == e.second {
					x.nameEN, x.textEN = clean(label), escoText(t)
				} else {
					x.labels = append(x.labels, label)
				}
				x.labels = append(x.labels, t.cell(t.col("altLabels")), t.cell(t.col("hiddenLabels")))
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func escoText(t *table) string {
	if s := t.cell(t.col("description")); s != "" {
		return cleanText(s)
	}
	return cleanText(t.cell(t.col("definition")))
}

// concepts reads one file of concepts.
func (e *esco) concepts(r *reading, kind string, build func(kind, id string, t *table, x escoTexts) (talent.Record, *[]string)) error {
	path := e.path(kind)
	if path == "" {
		return nil
	}
	seen := map[string]string{} // id -> URI
	return r.each(path, format{}, func(t *table) error {
		uriCol, nameCol := t.col("conceptUri"), t.col("preferredLabel")
		uri := t.cell(uriCol)
		id := escoID(uri)
		switch {
		case uri == "":
			return r.bad(t, uriCol, "is empty")
		case id == "":
			return r.bad(t, uriCol, "is no URI that makes an id")
		case gone(t):
			r.warn(t, uri, "the concept is no longer in use and is left out")
			return nil
		case seen[id] == uri:
			r.warn(t, uri, "the concept stands there already, the first counts")
			return nil
		case seen[id] != "":
			return r.bad(t, uriCol, "makes the same id as %s", talent.Shorten(seen[id]))
		case t.cell(nameCol) == "":
			return r.bad(t, nameCol, "is empty")
		}
		seen[id] = uri
		var x escoTexts
		if have := e.translated[id]; have != nil {
			x = *have
		}
		rec, aliases := build(kind, id, t, x)
		l := newLabels(clean(t.cell(nameCol)), x.nameEN)
		l.addCell(t.cell(t.col("altLabels")))
		l.addCell(t.cell(t.col("hiddenLabels")))
		for _, cell := range x.labels {
			l.addCell(cell)
		}
		if l.long > 0 {
			r.warn(t, uri, fmt.Sprintf("a label has more than %d characters and is left out", maxLabel))
		}
		*aliases = l.aliases()
		return r.record(t.name, t.line, rec, escoColumn)
	})
}

// escoColumn is the header that a field comes from.
func escoColumn(path string) string {
	name, _, _ := strings.Cut(path, "[")
	return map[string]string{"id": "conceptUri", "name": "preferredLabel", "text": "description", "aliases": "altLabels"}[name]
}

func (e *esco) skill(kind, id string, t *table, x escoTexts) (talent.Record, *[]string) {
	s := &talent.Skill{
		ID: id, Name: clean(t.cell(t.col("preferredLabel"))), NameEN: x.nameEN, Text: escoText(t), TextEN: x.textEN,
		Broader: unique(e.broader[id], id, maxBroader), Related: unique(e.related[id], id, maxRelated),
	}
	var notes []string
	if kind == escoSkillGroups {
		s.Kind = talent.SkillGroup
		notes = append(notes, strings.TrimSpace("skill group "+clean(t.cell(t.col("code")))))
	}
	switch strings.ToLower(t.cell(t.col("skillType"))) {
	case "knowledge":
		s.Kind = "knowledge"
	case "skill/competence", "skill", "competence":
		s.Kind = "skill"
	}
	if level := clean(t.cell(t.col("reuseLevel"))); level != "" {
		notes = append(notes, "reuse level "+level)
	}
	s.Note = e.note(id, notes)
	return s, &s.Aliases
}

func (e *esco) occupation(kind, id string, t *table, x escoTexts) (talent.Record, *[]string) {
	o := &talent.Occupation{
		ID: id, Name: clean(t.cell(t.col("preferredLabel"))), NameEN: x.nameEN, Text: escoText(t), TextEN: x.textEN,
		Skills: needsOf(e.needs[id]),
	}
	code, group := clean(t.cell(t.col("code"))), clean(t.cell(t.col("iscoGroup")))
	o.Parent = e.parentOf(id, group)
	var notes []string
	if kind == escoISCOGroups {
		notes = append(notes, strings.TrimSpace("ISCO-08 group "+code))
		code = ""
	}
	if code != "" {
		notes = append(notes, "code "+code)
	}
	if group != "" {
		notes = append(notes, "ISCO-08 "+group)
	}
	o.Note = e.note(id, notes)
	return o, &o.Aliases
}

// note joins what has no field of its own.
func (e *esco) note(id string, notes []string) string {
	if in := unique(e.memberships[id], "", len(e.collections)); len(in) > 0 {
		notes = append(notes, "collections "+strings.Join(in, ", "))
	}
	return cut(strings.Join(notes, "; "), maxNote)
}

// parentOf is the one parent that an occupation can have.
func (e *esco) parentOf(id, iscoGroup string) string {
	best := parent{id: e.isco[iscoGroup]}
	for i, p := range e.parents[id] {
		if i == 0 || (best.group && !p.group) || (best.group == p.group && p.id < best.id) {
			best = p
		}
	}
	if best.id == id {
		return ""
	}
	return best.id
}

package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"talentmatch/talent"
)

// A Pack says where records come from.
type Pack struct {
	Name    string `json:"name"`              // which taxonomy: its records are stored under this name, by the rules of an id
	Version string `json:"version"`           // the publisher's, or one made from the content; never empty
	Source  string `json:"source,omitempty"`  // who publishes it
	Licence string `json:"licence,omitempty"` // under which it may be used
}

// A Row is one record of a folder, or what is wrong with one.
type Row struct {
	File   string // without the folder
	Line   int    // from 1, where it begins; 0 for records that stand in no line of their own
	Record talent.Record
	// Type and ID are those of the record; with Problems, as far as they are known.
	Type     talent.Type
	ID       string
	Problems []Problem // Record is nil when there are any
}

// A Problem is one thing that is wrong at one place.
type Problem struct {
	File   string
	Line   int    // 0 is the file as a whole
	Column string // the header as written; "" for a row as a whole
	Field  talent.FieldError
}

// String renders the problem as "skills_en.csv:7: column preferredLabel: is empty".
func (p Problem) String() string {
	at := p.File
	if p.Line > 0 {
		at = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Column != "" {
		at += ": column " + p.Column
	}
	return at + ": " + p.Field.String()
}

// The kinds of folder.
const (
	KindESCO      = "ESCO"
	KindONET      = "O*NET"
	KindOwn       = "NDJSON"
	KindCrosswalk = "crosswalk"
)

// A Folder is a taxonomy in files. It is not safe for concurrent use.
type Folder struct {
	Pack
	Kind string

	dir      string
	parts    []part // in the order in which they are read
	size     int64
	done     int64 // bytes read in this reading
	warnings warnings
}

// A part turns some of a folder's files into rows.
type part interface {
	// check opens every file once and refuses what can be refused by the header.
	check() error
	// version is what the files say themselves; "" if nothing.
	version() (string, error)
	// rows reads everything.
	rows(*reading) error
	// files lists the paths of what is read.
	files() []string
}

// Open finds out what a folder holds and checks the headers of its files. An error
// is talent.ErrUnsupported when there is no taxonomy in it, talent.ErrInvalid when
// there is one that cannot be read; it names file, line and column.
func Open(dir string) (*Folder, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("taxonomy folder: %w", err)
	}
	var names, folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		} else {
			names = append(names, e.Name())
		}
	}
	f := &Folder{dir: dir}
	if err := f.find(names); err != nil {
		return nil, err
	}
	if len(f.parts) == 0 {
		return nil, nothingIn(dir, folders)
	}
	var errs []error
	for _, p := range f.parts {
		errs = append(errs, p.check())
		for _, name := range p.files() {
			st, err := os.Stat(name)
			if err != nil {
				return nil, fmt.Errorf("taxonomy folder: %w", err)
			}
			f.size += st.Size()
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return f, f.describe()
}

// find makes the parts from the names of the files.
func (f *Folder) find(names []string) error {
	esco, onet, own, cross := findESCO(f.dir, names), findONET(f.dir, names), findOwn(f.dir, names), findCrosswalk(f.dir, names)
	kinds := 0
	for _, p := range []struct {
		kind  string
		there bool
		pack  Pack
		part  part
	}{{KindESCO, esco != nil, escoPack, esco}, {KindONET, onet != nil, onetPack, onet}, {KindOwn, own != nil, f.ownPack(), own}} {
		if p.there {
			kinds++
			f.Kind, f.Pack = p.kind, p.pack
			f.parts = append(f.parts, p.part)
		}
	}
	if kinds > 1 {
		return fmt.Errorf("%s holds files of several taxonomies (ESCO, O*NET, NDJSON): give each a folder of its own: %w", f.dir, talent.ErrInvalid)
	}
	if cross != nil {
		if kinds == 0 {
			f.Kind, f.Pack = KindCrosswalk, crosswalkPack
		}
		f.parts = append(f.parts, cross)
	}
	return nil
}

func nothingIn(dir string, folders []string) error {
	hint := ""
	for _, name := range folders {
		if inner, err := Open(filepath.Join(dir, name)); err == nil {
			hint = fmt.Sprintf("; its folder %q holds %s: give that one", name, inner.Kind)
			break
		}
	}
	return fmt.Errorf("%s holds no taxonomy (ESCO: skills_en.csv, occupations_en.csv; O*NET: Occupation Data.txt; or *.ndjson)%s: %w", dir, hint, talent.ErrUnsupported)
}

// ownPack names a pack of ours by its folder until pack.json says better.
func (f *Folder) ownPack() Pack {
	dir, err := filepath.Abs(f.dir)
	if err != nil {
		dir = f.dir
	}
	return Pack{Name: idPart(filepath.Base(dir))}
}

// versionPattern finds a release in a folder's name: "ESCO dataset - v1.2.0 - ...",
// "db_29_2_text", "1.2.1".
var versionPattern = regexp.MustCompile(`(?:^|[^0-9.])v?(\d{1,4}(?:[._]\d{1,3}){1,3})(?:[^0-9.]|$)`)

// describe completes the pack: pack.json, else the files, else the folder's name,
// else the content.
func (f *Folder) describe() error {
	if err := f.readHeader(); err != nil {
		return err
	}
	for _, p := range f.parts {
		if f.Version != "" {
			break
		}
		v, err := p.version()
		if err != nil {
			return err
		}
		f.Version = v
	}
	if f.Version == "" {
		v, err := f.contentVersion()
		if err != nil {
			return err
		}
		f.Version = v
	}
	return nil
}

// folderVersion is the release that a folder's name tells; "" if none.
func folderVersion(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	m := versionPattern.FindStringSubmatch(filepath.Base(dir))
	if m == nil {
		return ""
	}
	return strings.ReplaceAll(m[1], "_", ".")
}

// headerFile is where a pack says what it is.
const headerFile = "pack.json"

// readHeader lets pack.json override what is known of the pack.
func (f *Folder) readHeader() error {
	data, err := os.ReadFile(filepath.Join(f.dir, headerFile))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("taxonomy folder: %w", err)
	}
	var said Pack
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&said); err != nil {
		return fmt.Errorf("%s: %w: %v (it has name, version, source, licence)", headerFile, talent.ErrInvalid, err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return fmt.Errorf("%s: %w: has something behind the object", headerFile, talent.ErrInvalid)
	}
	for _, v := range []struct{ to, said *string }{{&f.Name, &said.Name}, {&f.Version, &said.Version}, {&f.Source, &said.Source}, {&f.Licence, &said.Licence}} {
		if s := clean(*v.said); s != "" {
			*v.to = s
		}
	}
	if !talent.ValidID(f.Name) {
		return fmt.Errorf("%s: %w: name must be 1-128 characters of A-Za-z0-9._:- (got %q)", headerFile, talent.ErrInvalid, talent.Shorten(f.Name))
	}
	return nil
}

// contentVersion names what is in the files: "content-" and 12 hex digits of a
// SHA-256 over their names and bytes.
func (f *Folder) contentVersion() (string, error) {
	h := sha256.New()
	for _, p := range f.parts {
		for _, path := range p.files() {
			if err := hashFile(h, path); err != nil {
				return "", fmt.Errorf("taxonomy folder: %w", err)
			}
		}
	}
	return "content-" + hex.EncodeToString(h.Sum(nil))[:12], nil
}

func hashFile(h io.Writer, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	st, err := in.Stat()
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "%s\x00%d\x00", filepath.Base(path), st.Size())
	_, err = io.Copy(h, in)
	return err
}

// Size is the bytes that a reading goes through.
func (f *Folder) Size() int64 { return f.size }

// Offset is the bytes that the present or last reading has gone through.
func (f *Folder) Offset() int64 { return f.done }

// Warnings lists, counted, what the last reading left out and why, in the order in
// which it was first met.
func (f *Folder) Warnings() []string { return f.warnings.list() }

// Records reads the folder: skills, then occupations, then crosswalks. An error ends
// the reading; it names the file. Every call reads anew.
func (f *Folder) Records() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		f.warnings, f.done = warnings{}, 0
		r := &reading{folder: f, yield: yield}
		for _, p := range f.parts {
			err := p.rows(r)
			if errors.Is(err, errStopped) {
				return
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
		}
	}
}

// errStopped ends a reading that nobody wants the rest of.
var errStopped = errors.New("stopped")

// A reading is one pass over a folder.
type reading struct {
	folder *Folder
	yield  func(Row, error) bool
}

func (r *reading) row(row Row) error {
	if row.Record != nil {
		row.Type, row.ID = row.Record.RecordType(), row.Record.RecordID()
	}
	if !r.yield(row, nil) {
		return errStopped
	}
	return nil
}

// record hands over a record that was made from a row, after checking it. column
// names the header for a field's path.
func (r *reading) record(file string, line int, rec talent.Record, column func(path string) string) error {
	row := Row{File: file, Line: line, Record: rec}
	var invalid *talent.InvalidError
	if err := talent.Validate(rec); errors.As(err, &invalid) {
		row.Type, row.ID, row.Record = rec.RecordType(), rec.RecordID(), nil
		for _, f := range invalid.Fields {
			row.Problems = append(row.Problems, Problem{File: file, Line: line, Column: column(f.Path), Field: f})
		}
	}
	return r.row(row)
}

// bad hands over a row that makes no record.
func (r *reading) bad(t *table, col int, message string, args ...any) error {
	return r.row(Row{File: t.name, Line: t.line, Problems: []Problem{t.problem(col, message, args...)}})
}

func (r *reading) warn(t *table, value, message string) {
	r.folder.warnings.add(t.name, message, t.line, value)
}

// each opens a file and calls do for every row.
func (r *reading) each(path string, f format, do func(*table) error) error {
	t, err := openTable(path, f)
	if err != nil {
		return err
	}
	defer t.close()
	before := r.folder.done
	for n := 1; ; n++ {
		if n%256 == 0 {
			r.folder.done = before + offset(t.file)
		}
		err := t.next()
		if err == io.EOF {
			r.folder.done = before + offset(t.file)
			return nil
		}
		if err != nil {
			return err
		}
		if t.bad >= 0 {
			err = r.bad(t, t.bad, "is not valid UTF-8")
		} else {
			err = do(t)
		}
		if err != nil {
			return err
		}
	}
}

func offset(f *os.File) int64 {
	n, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0
	}
	return n
}

// warnings counts what was left out.
type warnings struct {
	order []warningKey
	of    map[warningKey]*warning
}

type warningKey struct{ file, message string }

type warning struct {
	n, line int
	value   string
}

func (w *warnings) add(file, message string, line int, value string) {
	k := warningKey{file, message}
	if have := w.of[k]; have != nil {
		have.n++
		return
	}
	if w.of == nil {
		w.of = map[warningKey]*warning{}
	}
	w.of[k] = &warning{1, line, talent.Shorten(value)}
	w.order = append(w.order, k)
}

func (w *warnings) list() []string {
	out := make([]string, 0, len(w.order))
	for _, k := range w.order {
		v := w.of[k]
		s := fmt.Sprintf("%s: %s", k.file, k.message)
		switch {
		case v.line > 0 && v.n == 1:
			s = fmt.Sprintf("%s (line %d, %q)", s, v.line, v.value)
		case v.line > 0:
			s = fmt.Sprintf("%s: %d times (first in line %d, %q)", s, v.n, v.line, v.value)
		case v.n > 1:
			s = fmt.Sprintf("%s: %d times", s, v.n)
		}
		out = append(out, s)
	}
	return out
}

// idPart makes a text fit into an id: what may not stand there becomes "-".
func idPart(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '_', r == ':', r == '-':
			return r
		}
		return '-'
	}, strings.TrimSpace(s))
	return strings.Trim(s[:min(len(s), maxID)], "-")
}

// The longest id and label, and how much a record may list: talent's own limits.
const (
	maxID      = 128
	maxLabel   = 500
	maxAliases = 2000
	maxSkills  = 1000
	maxBroader = 200
	maxRelated = 1000
	maxText    = 200_000
	maxNote    = 2000
)

// unique sorts a list, drops repeats and self, and cuts it to most.
func unique(list []string, self string, most int) []string {
	list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == self })
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) == 0 {
		return nil
	}
	return list[:min(len(list), most)]
}

package market

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"sort"

	"talentmatch/index/taxonomy"
	"talentmatch/store"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// maxImportErrors is how many errors a report lists; all are counted.
const maxImportErrors = 1000

// errRollback ends a transaction that is not to be kept.
var errRollback = errors.New("roll back")

// Import reads files, and folders of taxonomies (see package pack), and upserts their
// records in one transaction: all or nothing. References may point anywhere in the
// files. How records of a folder meet those that are there, meet says. With SkipBad,
// bad records, and those that refer to what is missing, are left out and named. The
// report is returned also when bad records stop the import; the error is then a
// talent.ErrInvalid.
//
// The normal case reads each file once. Only when references lead nowhere are the
// files read again, to say where.
func (m *Market) Import(ctx context.Context, files []string, o ImportOptions) (*ImportReport, error) {
	sources, err := openSources(files)
	if err != nil {
		return nil, err
	}
	im := &importer{m: m, o: o, sources: sources, skip: map[recordKey]bool{}}
	m.write.Lock()
	defer m.write.Unlock()
	return im.run(ctx)
}

type recordKey struct {
	t  talent.Type
	id string
}

type importer struct {
	m       *Market
	o       ImportOptions
	sources []*source
	from    *source // of the row at hand
	packs   *packImport
	report  *ImportReport
	skip    map[recordKey]bool                 // records that refer to what is missing, with SkipBad
	bad     map[recordKey]interchange.Position // rows with errors whose id can be read
	located []ImportError                      // what was said about them
	checked bool                               // references were looked at inside the transaction
	names   map[string]int                     // skill names as written -> occurrences
	skills  []*talent.Skill                    // of the files, for resolving names
	lines   map[uint64]int32                   // record -> line, to warn of repeats
	seed    maphash.Seed
	warned  map[string]bool
	t       touched
}

func (im *importer) refuse() error {
	if !im.o.DryRun {
		im.report.Types, im.report.Packs = map[talent.Type]ImportTally{}, nil // what was counted is not kept
	}
	return fmt.Errorf("import: %d problems, nothing was changed: %w", im.report.Errored, talent.ErrInvalid)
}

func (im *importer) run(ctx context.Context) (*ImportReport, error) {
	im.report, im.bad = &ImportReport{}, map[recordKey]interchange.Position{}
	if im.o.DryRun && im.o.SkipBad { // nothing is committed, so the store will not find them
		if _, err := im.locateDangling(ctx); err != nil {
			return im.report, err
		}
	}
	err := im.attempt(ctx)
	var dangling *store.DanglingError
	for errors.As(err, &dangling) {
		found, scanErr := im.locateDangling(ctx)
		if scanErr != nil {
			return im.report, scanErr
		}
		if !im.o.SkipBad || found == 0 {
			return im.report, im.refuse()
		}
		err = im.attempt(ctx)
	}
	if errors.Is(err, errRollback) {
		err = nil
		if im.report.Errored > 0 && !im.o.SkipBad {
			if im.checked {
				return im.report, im.refuse()
			}
			if _, scanErr := im.locateDangling(ctx); scanErr != nil {
				return im.report, scanErr
			}
			err = im.refuse()
		}
	} else if err == nil {
		im.report.Committed = true
		if err := im.m.follow(ctx, &im.t); err != nil {
			return im.report, err
		}
	}
	if err != nil {
		return im.report, err
	}
	if im.report.Version, err = im.m.store.Version(ctx); err != nil {
		return im.report, err
	}
	return im.report, im.resolveNames(ctx)
}

// attempt reads every file into one transaction.
func (im *importer) attempt(ctx context.Context) error {
	im.report = &ImportReport{DryRun: im.o.DryRun, Types: map[talent.Type]ImportTally{}, Errors: []ImportError{}}
	im.report.Errors = append(im.report.Errors, im.located...)
	im.report.Errored = len(im.located)
	im.names, im.skills, im.lines, im.seed = map[string]int{}, nil, map[uint64]int32{}, maphash.MakeSeed()
	im.t, im.bad, im.warned = touched{}, map[recordKey]interchange.Position{}, map[string]bool{}
	var err error
	if im.packs, err = im.newPackImport(ctx); err != nil {
		return err
	}
	return im.m.store.Update(ctx, func(tx store.Tx) error {
		err := im.eachRow(ctx, true, func(row interchange.Row) error { return im.put(tx, row) })
		if err != nil {
			return err
		}
		im.report.Packs = im.packs.reports()
		if im.o.DryRun || (im.report.Errored > 0 && !im.o.SkipBad) {
			if im.o.DryRun && !im.o.SkipBad { // a dry run finds dangling references too
				im.checked = true
				if err := im.checkRefs(ctx, tx); err != nil {
					return err
				}
			}
			return errRollback
		}
		return im.packs.keep(tx)
	})
}

// checkRefs reports, inside a transaction that will not be committed, references
// that lead nowhere.
func (im *importer) checkRefs(ctx context.Context, tx store.Tx) error {
	return im.eachRow(ctx, false, func(row interchange.Row) error {
		if row.Record == nil || im.skip[recordKey{row.Record.RecordType(), row.Record.RecordID()}] {
			return nil
		}
		missing, err := missingRefs(tx, row.Record)
		for _, e := range missing {
			if _, isBad := im.bad[recordKey{e.to, e.Value}]; !isBad {
				im.fail(row, e)
			}
		}
		return err
	})
}

func (im *importer) fail(row interchange.Row, e BulkError) {
	im.report.Errored++
	if len(im.report.Errors) < maxImportErrors {
		id := ""
		if row.Record != nil {
			id = row.Record.RecordID() + ": "
		}
		located := ImportError{
			File: row.Pos.File, Sheet: row.Pos.Sheet, Line: row.Pos.Line, Field: e.Field, Value: e.Value, Message: id + e.Message,
		}
		im.report.Errors = append(im.report.Errors, located)
		im.located = append(im.located, located)
	}
}

// put writes one row, or reports what is wrong with it.
func (im *importer) put(tx store.Tx, row interchange.Row) error {
	r := im.report
	im.packs.seen(im.from, row)
	if row.Record == nil {
		for _, e := range row.Errors {
			im.problem(e.Pos, ImportError{Column: e.Pos.Column, Field: e.Field.Path, Value: e.Field.Value, Message: e.Field.Message})
		}
		r.Skipped++
		if row.ID != "" {
			im.bad[recordKey{row.Type, row.ID}] = row.Pos
		}
		return nil
	}
	rec := row.Record
	key := recordKey{rec.RecordType(), rec.RecordID()}
	if im.skip[key] {
		r.Skipped++
		return nil
	}
	im.note(rec, row.Pos)
	status, err := im.packs.meet(tx, row)
	if status == "" && err == nil {
		if r.Errored > 0 && !im.o.SkipBad && !im.o.DryRun {
			return nil // nothing will be kept: only look for more errors
		}
		status, _, err = tx.Put(rec, im.from.pack(), store.Any)
		im.packs.wrote(key, status)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", row.Pos, err)
	}
	t := r.Types[key.t]
	switch status {
	case refused:
		return nil
	case kept:
		t.Kept++
	case store.Unchanged:
		t.Unchanged++
	case store.Added:
		t.Added++
		im.t.note(key.t, key.id)
	default:
		t.Changed++
		im.t.note(key.t, key.id)
	}
	r.Types[key.t] = t
	return nil
}

// problem reports what is wrong at a position; e says the rest.
func (im *importer) problem(pos interchange.Position, e ImportError) {
	im.report.Errored++
	if len(im.report.Errors) < maxImportErrors {
		e.File, e.Sheet, e.Line = pos.File, pos.Sheet, pos.Line
		im.report.Errors = append(im.report.Errors, e)
	}
}

// note remembers what the report needs: repeats, skill names, skills.
func (im *importer) note(rec talent.Record, pos interchange.Position) {
	var h maphash.Hash
	h.SetSeed(im.seed)
	h.WriteString(im.from.pack()) // users' own record beside a pack's is no repeat: see meet
	h.WriteByte(0)
	h.WriteString(string(rec.RecordType()))
	h.WriteByte(0)
	h.WriteString(rec.RecordID())
	if line, ok := im.lines[h.Sum64()]; ok {
		im.warn(fmt.Sprintf("%s: %s %s stands already in line %d; the last one counts", pos, rec.RecordType(), rec.RecordID(), line))
	}
	im.lines[h.Sum64()] = int32(pos.Line)
	for _, name := range skillNames(rec) {
		if len(im.names) < maxNames || im.names[name] > 0 {
			im.names[name]++
		}
	}
	if s, ok := rec.(*talent.Skill); ok {
		im.skills = append(im.skills, s)
	}
}

// maxNames bounds the distinct skill names that an import remembers; maxWarnings
// the warnings of a report.
const (
	maxNames    = 200_000
	maxWarnings = 200
)

func (im *importer) warn(text string) {
	if len(im.report.Warnings) < maxWarnings && !im.warned[text] {
		im.warned[text] = true
		im.report.Warnings = append(im.report.Warnings, text)
	}
}

// skillNames lists the skills that a record gives by name.
func skillNames(rec talent.Record) []string {
	var out []string
	add := func(id, name string) {
		if id == "" && name != "" {
			out = append(out, name)
		}
	}
	switch r := rec.(type) {
	case *talent.Demand:
		for _, s := range r.Skills {
			add(s.Skill, s.Name)
		}
	case *talent.Program:
		for _, s := range r.Skills {
			add(s.Skill, s.Name)
		}
		for _, c := range r.Courses {
			for _, s := range c.Skills {
				add(s.Skill, s.Name)
			}
		}
	}
	return out
}

// resolveNames finds the skill names of the files that no taxonomy knows, and warns
// of those that several skills answer to.
func (im *importer) resolveNames(ctx context.Context) error {
	if len(im.names) == 0 {
		return nil
	}
	w, err := im.m.theWorld(ctx)
	if err != nil {
		return err
	}
	cat := w.catalogue
	if im.report.DryRun && len(im.skills) > 0 {
		cat = taxonomy.NewCatalogue(append(append([]*talent.Skill(nil), cat.Skills()...), im.skills...), nil)
	}
	names := make([]string, 0, len(im.names))
	for n := range im.names {
		names = append(names, n)
	}
	sort.Strings(names)
	im.report.Unresolved = map[string]int{}
	for _, n := range names {
		id, others, ok := cat.Resolve(n)
		switch {
		case !ok:
			im.report.Unresolved[n] = im.names[n]
		case len(others) > 0:
			im.warn(fmt.Sprintf("skill name %q means %s here; %d other skills have it too", n, id, len(others)))
		}
	}
	return nil
}

// locateDangling reads the files again to say where references lead nowhere, and
// returns how many records it found that do. With SkipBad those are skipped from
// now on; what referred to them is found by the next round.
func (im *importer) locateDangling(ctx context.Context) (int, error) {
	ids := map[recordKey]bool{}
	err := im.eachRow(ctx, false, func(row interchange.Row) error {
		if row.Record == nil && row.ID != "" {
			im.bad[recordKey{row.Type, row.ID}] = row.Pos
		}
		if row.Record != nil {
			if k := (recordKey{row.Record.RecordType(), row.Record.RecordID()}); !im.skip[k] {
				ids[k] = true
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	found := 0
	for more := true; more; {
		more = false
		err := im.eachRow(ctx, false, func(row interchange.Row) error {
			if row.Record == nil {
				return nil
			}
			k := recordKey{row.Record.RecordType(), row.Record.RecordID()}
			if im.skip[k] {
				return nil
			}
			bad := false
			for _, ref := range talent.Refs(row.Record) {
				k := recordKey{ref.Type, ref.ID}
				ok, err := im.refExists(ctx, ids, k)
				if err != nil {
					return err
				}
				if ok {
					continue
				}
				pos, isBad := im.bad[k]
				switch {
				case isBad && !im.o.SkipBad: // follows from what is wrong there, and goes with it
				case isBad:
					bad = true
					im.fail(row, BulkError{Field: ref.Path, Value: ref.ID, Message: fmt.Sprintf("%s %s has errors itself, at %s", ref.Type, ref.ID, pos)})
				default:
					bad = true
					im.fail(row, BulkError{Field: ref.Path, Value: ref.ID, Message: fmt.Sprintf("there is no %s %s", ref.Type, ref.ID), to: ref.Type})
				}
			}
			if bad {
				found++
				if im.o.SkipBad {
					im.skip[k], more = true, true
					delete(ids, k)
				}
			}
			return nil
		})
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

func (im *importer) refExists(ctx context.Context, ids map[recordKey]bool, k recordKey) (bool, error) {
	if ids[k] || (k.t == talent.TypeRegion && talent.IsBuiltinRegion(k.id)) {
		return true, nil
	}
	_, err := im.m.store.Get(ctx, k.t, k.id)
	if errors.Is(err, talent.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

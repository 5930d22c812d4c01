package market

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"talentmatch/index/taxonomy/pack"
	"talentmatch/store"
	"talentmatch/talent"
	"talentmatch/talent/interchange"
)

// metaPackPrefix and a pack's name are the key under which the store keeps what the
// pack says of itself.
const metaPackPrefix = "pack."

// PackInfo is a taxonomy in the store. Records that users have written over are theirs
// and not counted.
type PackInfo struct {
	pack.Pack
	Records map[talent.Type]int `json:"records" doc:"its records in the store, by type"`
}

// Packs lists the taxonomies in the store by name, the built-in one too unless the
// store was made without it.
func (m *Market) Packs(ctx context.Context) ([]PackInfo, error) {
	w, err := m.readWorld(ctx)
	if err != nil {
		return nil, err
	}
	return m.packsOf(ctx, w)
}

func (m *Market) packsOf(ctx context.Context, w *world) ([]PackInfo, error) {
	metas, err := m.store.MetaPrefix(ctx, metaPackPrefix)
	if err != nil {
		return nil, err
	}
	out := []PackInfo{}
	add := func(p pack.Pack) {
		records := w.packs[p.Name]
		if records == nil {
			records = map[talent.Type]int{}
		}
		out = append(out, PackInfo{Pack: p, Records: records})
	}
	for key, value := range metas {
		var p pack.Pack
		if err := json.Unmarshal([]byte(value), &p); err != nil {
			return nil, fmt.Errorf("what the store keeps as %s: %w", key, err)
		}
		add(p)
	}
	version, err := m.store.Meta(ctx, metaBuiltin)
	if err != nil {
		return nil, err
	}
	if version != "" && version != noBuiltin {
		add(pack.Pack{Name: builtinPack, Version: version, Source: "talentmatch"})
	}
	slices.SortFunc(out, func(a, b PackInfo) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// PackReport is what an import did with one taxonomy, or would do.
type PackReport struct {
	pack.Pack
	Before     string   `json:"before,omitempty" doc:"the version that was there before"`
	Lacking    int      `json:"lacking" doc:"records of the pack that this version does not have: they stay"`
	LackingIDs []string `json:"lacking_ids,omitempty" doc:"type:id of the first 100"`
}

// packTypes are the types of the records of taxonomies.
var packTypes = []talent.Type{talent.TypeSkill, talent.TypeOccupation, talent.TypeCrosswalk}

// A packImport watches how the records of taxonomies meet those that are there. Without
// folders it does nothing.
type packImport struct {
	im     *importer
	before map[string]string             // pack -> version in the store
	owners map[recordKey]string          // pack of every stored record of packTypes, this import's included
	came   map[string]map[recordKey]bool // pack -> what the folder holds, bad rows too
}

func (im *importer) newPackImport(ctx context.Context) (*packImport, error) {
	p := &packImport{im: im, before: map[string]string{}, owners: map[recordKey]string{}, came: map[string]map[recordKey]bool{}}
	for _, s := range im.sources {
		if s.folder == nil {
			continue
		}
		p.came[s.pack()] = map[recordKey]bool{}
		value, err := im.m.store.Meta(ctx, metaPackPrefix+s.pack())
		if err != nil {
			return nil, err
		}
		var old pack.Pack
		if value != "" {
			if err := json.Unmarshal([]byte(value), &old); err != nil {
				return nil, fmt.Errorf("what the store keeps of pack %s: %w", s.pack(), err)
			}
			p.before[s.pack()] = old.Version
		}
	}
	if len(p.came) == 0 {
		return p, nil
	}
	for _, t := range packTypes {
		err := eachPage(ctx, im.m.store, t, func(items []store.Item) error {
			for _, it := range items {
				p.owners[recordKey{t, it.ID}] = it.Pack
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// seen notes what a folder holds.
func (p *packImport) seen(from *source, row interchange.Row) {
	if from.folder != nil && row.ID != "" {
		p.came[from.pack()][recordKey{row.Type, row.ID}] = true
	}
}

// What an import does with a row beside what the store does.
const (
	kept    store.Status = "kept"    // users' own record stays
	refused store.Status = "refused" // reported as an error
)

// meet decides what becomes of a row of a folder; "" means that it is to be written.
//
// A pack adds its records, and changes those that it brought before. A record that is
// users' own, because they made it or wrote over a pack's, is kept, and counted. One
// that another pack brought is an error: overwriting it would silently change that
// pack, keeping it would mix two. A record that says the same is unchanged and stays
// whose it is. What users deleted comes back.
func (p *packImport) meet(tx store.Tx, row interchange.Row) (store.Status, error) {
	from := p.im.from
	if from.folder == nil {
		return "", nil
	}
	owner, stored := p.owners[recordKey{row.Type, row.ID}]
	if !stored || owner == from.pack() {
		return "", nil
	}
	it, err := tx.Get(row.Type, row.ID)
	if err != nil {
		return "", err
	}
	body, err := talent.Encode(row.Record)
	if err != nil {
		return "", err
	}
	switch {
	case bytes.Equal(it.Body, body):
		return store.Unchanged, nil
	case owner == "":
		return kept, nil
	}
	p.im.problem(row.Pos, ImportError{Field: "id", Value: row.ID,
		Message: fmt.Sprintf("the %s belongs to pack %q and would change; a newer version of a pack has its name (pack.json says it)", row.Type, owner)})
	p.im.report.Skipped++
	return refused, nil
}

// wrote notes whose a record is now.
func (p *packImport) wrote(key recordKey, status store.Status) {
	if len(p.came) > 0 && status != store.Unchanged {
		p.owners[key] = p.im.from.pack()
	}
}

// reports says, per folder, what its version lacks.
func (p *packImport) reports() []PackReport {
	var out []PackReport
	for _, s := range p.im.sources {
		if s.folder == nil {
			continue
		}
		r := PackReport{Pack: s.folder.Pack, Before: p.before[s.pack()]}
		for key, owner := range p.owners {
			if owner == s.pack() && !p.came[owner][key] {
				r.LackingIDs = append(r.LackingIDs, string(key.t)+":"+key.id)
			}
		}
		r.Lacking = len(r.LackingIDs)
		slices.Sort(r.LackingIDs)
		r.LackingIDs = r.LackingIDs[:min(len(r.LackingIDs), maxListed)]
		out = append(out, r)
	}
	return out
}

// keep stores what the packs say of themselves.
func (p *packImport) keep(tx store.Tx) error {
	for _, s := range p.im.sources {
		if s.folder == nil {
			continue
		}
		value, err := json.Marshal(s.folder.Pack)
		if err != nil {
			return err
		}
		if err := tx.SetMeta(metaPackPrefix+s.pack(), string(value)); err != nil {
			return err
		}
	}
	return nil
}

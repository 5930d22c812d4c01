package market

import (
	"context"
	"errors"
	"testing"

	"talentmatch/store"
)

// cutOff is a store that fails, as a crash would, when the index is to be marked as
// complete with a taxonomy.
type cutOff struct{ store.Store }

type cutOffTx struct{ store.Tx }

var errCutOff = errors.New("cut off")

func (s cutOff) Update(ctx context.Context, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, func(tx store.Tx) error { return fn(cutOffTx{tx}) })
}

func (tx cutOffTx) SetMeta(key, value string) error {
	if key == metaIndexTaxonomy && value != "" {
		return errCutOff
	}
	return tx.Tx.SetMeta(key, value)
}

// TestInterruptedTaxonomyChange: a change of the taxonomy is cut off when documents
// have been indexed with it, and is taken back while the index is closed. The taxonomy
// is then the one that the index was last complete with, and yet documents differ.
func TestInterruptedTaxonomyChange(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	const plain = `{"type":"skill","id":"k.nav","name":"导航"}`
	const changed = `{"type":"skill","id":"k.nav","name":"导航","aliases":["星际导航"]}`
	open := func() *Market {
		m, err := Open(ctx, Options{Dir: dir, NoBuiltin: true})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	closeMarket := func(m *Market) {
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}

	m := open()
	importFiles(t, m, writeFile(t, "all.ndjson", plain+`
{"type":"organization","id":"e1","name":"狮山机电","kind":"enterprise","region":"440605"}
{"type":"demand","id":"d1","employer":"e1","title":"技工","region":"440605","headcount":3,"skills":[{"name":"星际导航"}]}
`))
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	m.store = cutOff{m.store}
	if _, err := m.Import(ctx, []string{writeFile(t, "changed.ndjson", changed)}, ImportOptions{}); !errors.Is(err, errCutOff) {
		t.Fatalf("the change is not cut off: %v", err)
	}
	closeMarket(m)

	m = open()
	importFiles(t, m, writeFile(t, "plain.ndjson", plain))
	closeMarket(m)

	m = open()
	defer closeMarket(m)
	if r, err := m.Verify(ctx); err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}

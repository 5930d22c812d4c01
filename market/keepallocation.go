package market

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"talentmatch/talent"
)

// allocationsFolder, in the data folder, keeps allocations: ID.json is one, ID.head.json
// its summary and what it was computed from, written last.
const allocationsFolder = "allocations"

// KeptAllocation is the head of an allocation that was kept.
type KeptAllocation struct {
	ID      string            `json:"id" doc:"names the content: the same allocation has the same id"`
	Summary AllocationSummary `json:"summary"`
	Meta    AllocationMeta    `json:"meta"`
}

// KeepAllocation keeps an allocation in the data folder, under an id made from its content.
func (m *Market) KeepAllocation(a *Allocation) (*KeptAllocation, error) {
	var body bytes.Buffer
	if err := WriteAllocation(&body, a); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body.Bytes())
	head := &KeptAllocation{ID: hex.EncodeToString(sum[:8]), Summary: a.Summary, Meta: a.Meta}
	dir := filepath.Join(m.dir, allocationsFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	err := replaceFile(filepath.Join(dir, head.ID+".json"), func(w io.Writer) error {
		_, err := w.Write(body.Bytes())
		return err
	})
	if err != nil {
		return nil, err
	}
	err = replaceFile(filepath.Join(dir, head.ID+".head.json"), func(w io.Writer) error { return json.NewEncoder(w).Encode(head) })
	return head, err
}

// Allocations lists the heads of those that are kept, by id.
func (m *Market) Allocations(ctx context.Context) ([]KeptAllocation, error) {
	entries, err := os.ReadDir(filepath.Join(m.dir, allocationsFolder))
	if errors.Is(err, fs.ErrNotExist) {
		return []KeptAllocation{}, nil
	}
	if err != nil {
		return nil, err
	}
	out := []KeptAllocation{}
	for _, e := range entries {
		id, ok := strings.CutSuffix(e.Name(), ".head.json")
		if !ok || !allocationID(id) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		text, err := os.ReadFile(filepath.Join(m.dir, allocationsFolder, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		var head KeptAllocation
		if err := json.Unmarshal(text, &head); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		out = append(out, head)
	}
	slices.SortFunc(out, func(a, b KeptAllocation) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// readAllocation is the one that was read last: pages of one are asked for one after the
// other, and it takes long to read. An id names the content, so it does not change.
type readAllocation struct {
	mu   sync.Mutex
	id   string
	read *Allocation
}

// Allocation reads one that is kept; talent.ErrNotFound when there is none. It is shared:
// read only.
func (m *Market) Allocation(id string) (*Allocation, error) {
	f, err := m.openAllocation(id)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m.readLast.mu.Lock()
	defer m.readLast.mu.Unlock()
	if m.readLast.id == id {
		return m.readLast.read, nil
	}
	a, err := ReadAllocation(f)
	if err == nil {
		m.readLast.id, m.readLast.read = id, a
	}
	return a, err
}

func (m *Market) openAllocation(id string) (*os.File, error) {
	missing := fmt.Errorf("allocation %s: %w", talent.Shorten(id), talent.ErrNotFound)
	if !allocationID(id) {
		return nil, missing
	}
	f, err := os.Open(filepath.Join(m.dir, allocationsFolder, id+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, missing
	}
	return f, err
}

// DeleteAllocation removes one that is kept; talent.ErrNotFound when there is none.
func (m *Market) DeleteAllocation(id string) error {
	f, err := m.openAllocation(id)
	if err != nil {
		return err
	}
	f.Close()
	for _, ending := range []string{".head.json", ".json"} {
		if err := os.Remove(filepath.Join(m.dir, allocationsFolder, id+ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// allocationID reports whether a text can be an id: it becomes part of a file's name.
func allocationID(id string) bool {
	if len(id) != 16 {
		return false
	}
	for _, c := range id {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

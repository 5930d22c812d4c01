package market

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	text, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(m.dir, allocationsFolder)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for _, file := range []struct {
		name string
		data []byte
	}{{head.ID + ".json", body.Bytes()}, {head.ID + ".head.json", text}} {
		if err := replaceFile(filepath.Join(dir, file.name), file.data); err != nil {
			return nil, err
		}
	}
	return head, nil
}

// replaceFile writes a file that is there whole or not at all.
func replaceFile(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".partial-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // when it has not become path
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
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

// Allocation reads one that is kept; talent.ErrNotFound when there is none.
func (m *Market) Allocation(id string) (*Allocation, error) {
	f, err := m.openAllocation(id)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadAllocation(f)
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

package store

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// key is what a record is stored under.
type key struct {
	t  talent.Type
	id string
}

func (k key) String() string { return string(k.t) + " " + talent.Shorten(k.id) }

func (k key) notFound() error { return fmt.Errorf("%s: %w", k, talent.ErrNotFound) }

// builtin reports whether the key exists without being stored.
func (k key) builtin() bool { return k.t == talent.TypeRegion && talent.IsBuiltinRegion(k.id) }

// check refuses a key that no valid record has. The derived ids of crosswalks
// and outcomes are ids joined by "~", which no id contains.
func (k key) check() error {
	parts := 1
	switch k.t {
	case talent.TypeCrosswalk:
		parts = 2
	case talent.TypeOutcome:
		parts = 3
	}
	ids := strings.Split(k.id, "~")
	ok := len(ids) == parts
	for _, id := range ids {
		ok = ok && talent.ValidID(id)
	}
	if ok {
		return nil
	}
	return &talent.InvalidError{Type: k.t, ID: talent.Shorten(k.id), Fields: []talent.FieldError{{
		Path: "id", Value: talent.Shorten(k.id), Message: "must be 1-128 characters of A-Za-z0-9._:-"}}}
}

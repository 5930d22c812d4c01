package index

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"strings"

	"talentmatch/talent"
)

// Doc is what market hands over for one record. The order of lists is part of its
// Hash, so market writes them in one order always.
type Doc struct {
	Type           talent.Type
	ID             string
	Title, TitleEN string   // title or name in each language
	Names          []string // aliases, employer and school, occupation and region names, in both languages
	Text           string   // text, course names, skill names as written
	Skills         []string // skill ids: given, resolved or extracted
	Unresolved     []string // skill names that no skill answers to, as written
	Occupation     string   // id
	Organization   string   // id of the employer or school
	Region         string   // id; "" if the record has none
	Regions        []string // Region and all its ancestors
	Province       string   // province code, what the facet "region" counts
	Education      string
	Industry       string
	Kind           string // organization, skill, alliance or agreement kind; demand mode
	Years          []int
	Status         string
}

// Key names a record.
type Key struct {
	Type talent.Type
	ID   string
}

// String is the key under which the record is indexed, type:id.
func (k Key) String() string { return string(k.Type) + ":" + k.ID }

// parseKey is the inverse of String.
func parseKey(s string) Key {
	t, id, _ := strings.Cut(s, ":")
	return Key{talent.Type(t), id}
}

// Key is the doc's key.
func (d Doc) Key() Key { return Key{d.Type, d.ID} }

// Hash is a fingerprint of everything in the doc: equal docs have equal hashes, in
// every process. A nil list and an empty one are equal.
func (d Doc) Hash() uint64 {
	h := fnv.New64a()
	var n [8]byte
	number := func(v int) {
		binary.LittleEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	text := func(s string) {
		number(len(s))
		h.Write([]byte(s))
	}
	for _, s := range []string{
		string(d.Type), d.ID, d.Title, d.TitleEN, d.Text, d.Occupation, d.Organization,
		d.Region, d.Province, d.Education, d.Industry, d.Kind, d.Status,
	} {
		text(s)
	}
	for _, list := range [][]string{d.Names, d.Skills, d.Unresolved, d.Regions} {
		number(len(list))
		for _, s := range list {
			text(s)
		}
	}
	number(len(d.Years))
	for _, y := range d.Years {
		number(y)
	}
	return h.Sum64()
}

// Searchable reports whether records of type t can be indexed: those that have a
// title or name of their own, and agreements.
func Searchable(t talent.Type) bool {
	_, ok := fieldsByType[t]
	return ok
}

// check refuses a key that could not be told apart from others.
func (k Key) check() error {
	if !Searchable(k.Type) {
		return fmt.Errorf("index %s %s: %w: records of this type are not searchable", k.Type, k.ID, talent.ErrUnsupported)
	}
	if !talent.ValidID(k.ID) {
		return &talent.InvalidError{Type: k.Type, Fields: []talent.FieldError{{Path: "id", Value: talent.Shorten(k.ID), Message: "must be 1-128 characters of A-Za-z0-9._:-"}}}
	}
	return nil
}

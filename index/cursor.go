package index

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"math"
	"strings"

	"talentmatch/talent"
)

// A cursor is the place of the last hit of a page, bound to its query: 8 bytes of
// the query's hash, 8 of the score, 8 of a checksum over these and the key, then
// the key. It is no secret and grants nothing; the checksum catches cut and
// changed ones.
const cursorHead = 24

// cursor is the cursor behind a hit.
func (q Query) cursor(last ranked) string {
	b := make([]byte, cursorHead, cursorHead+len(last.key))
	binary.BigEndian.PutUint64(b, q.hash())
	binary.BigEndian.PutUint64(b[8:], math.Float64bits(last.score))
	b = append(b, last.key...)
	binary.BigEndian.PutUint64(b[16:], cursorSum(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

// after is where the query's cursor points; nil without one.
func (q Query) after() (*ranked, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(q.Cursor)
	if err != nil || len(b) <= cursorHead || binary.BigEndian.Uint64(b[16:]) != cursorSum(b) {
		return nil, talent.Invalid("cursor", q.Cursor, "is not a cursor of this search; start again without one")
	}
	if binary.BigEndian.Uint64(b) != q.hash() {
		return nil, talent.Invalid("cursor", q.Cursor, "belongs to another query; start again without one")
	}
	return &ranked{math.Float64frombits(binary.BigEndian.Uint64(b[8:])), string(b[cursorHead:])}, nil
}

func cursorSum(b []byte) uint64 {
	h := fnv.New64a()
	h.Write(b[:16])
	h.Write(b[cursorHead:])
	return h.Sum64()
}

// hash names everything that decides which records are hits and in which order,
// as the caller asked for it. Page size, facets, highlighting and concepts (which
// follow from text and taxonomy) may change between pages.
func (q Query) hash() uint64 {
	h := fnv.New64a()
	write := func(parts ...string) {
		h.Write([]byte(strings.Join(parts, "\x00") + "\x01"))
	}
	write(q.Text, q.Sort)
	write(typeNames(q.Type)...)
	for _, filters := range []map[string][]string{q.Filters, q.Exclude} {
		for _, f := range sortedKeys(filters) {
			write(f)
			write(filters[f]...)
		}
		write("\x02")
	}
	return h.Sum64()
}

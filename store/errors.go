package store

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// Referrer is a record that refers to another one, and the first field that does.
type Referrer struct {
	Type talent.Type
	ID   string
	Path string // e.g. "skills[2].skill"
}

func (r Referrer) String() string { return fmt.Sprintf("%s %s (%s)", r.Type, r.ID, r.Path) }

// maxReferrers is how many referrers a ReferencedError lists.
const maxReferrers = 20

// ReferencedError says why a record cannot be deleted. errors.Is(err,
// talent.ErrReferenced) holds for it.
type ReferencedError struct {
	Type      talent.Type
	ID        string
	Referrers []Referrer // the first 20
	Total     int
}

// Error names up to 20 referrers and counts the others.
func (e *ReferencedError) Error() string {
	names := make([]string, len(e.Referrers))
	for i, r := range e.Referrers {
		names[i] = r.String()
	}
	return fmt.Sprintf("%s %s is still referred to by %s%s", e.Type, e.ID, strings.Join(names, ", "),
		andMore(e.Total-len(names)))
}

// Is reports that a ReferencedError is an ErrReferenced.
func (e *ReferencedError) Is(target error) bool { return target == talent.ErrReferenced }

// Dangling is a reference whose end does not exist.
type Dangling struct {
	From   Referrer
	ToType talent.Type
	ToID   string
}

func (d Dangling) String() string {
	return fmt.Sprintf("%s %s: %s: there is no %s %s", d.From.Type, d.From.ID, d.From.Path, d.ToType, d.ToID)
}

// maxDangling is how many references a DanglingError lists; maxDanglingText how
// many its text names, since it may end up in one line.
const (
	maxDangling     = 100
	maxDanglingText = 10
)

// DanglingError says which references of an Update lead nowhere. errors.Is(err,
// talent.ErrInvalid) holds for it.
type DanglingError struct {
	List  []Dangling // the first 100, by what is missing in the order of first mention
	Total int        // pairs of a record and a missing record
}

// Error names up to 10 of the references, with both ends, and counts the others.
func (e *DanglingError) Error() string {
	list := e.List[:min(len(e.List), maxDanglingText)]
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.String()
	}
	return strings.Join(names, "; ") + andMore(e.Total-len(names))
}

// Is reports that a DanglingError is an ErrInvalid.
func (e *DanglingError) Is(target error) bool { return target == talent.ErrInvalid }

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

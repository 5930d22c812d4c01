package talent

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"unicode"
)

// The kinds of error that cross package borders. Packages wrap them with the
// operation and the identifiers; api and cmd translate them once, at the edge.
var (
	ErrInvalid     = errors.New("invalid")                 // the input itself is wrong: see InvalidError
	ErrNotFound    = errors.New("not found")               // no such record
	ErrConflict    = errors.New("changed meanwhile")       // an expected version is not the stored one
	ErrReferenced  = errors.New("still referred to")       // other records point at what would be deleted
	ErrTooLarge    = errors.New("too large")               // a stated limit is exceeded
	ErrUnsupported = errors.New("not supported")           // a format or type that nothing here reads
	ErrUnavailable = errors.New("temporarily unavailable") // starting, stopping, or locked by another process
)

// A FieldError is one thing wrong with one field.
type FieldError struct {
	Path    string // e.g. "skills[2].level"; "" is the record as a whole
	Value   string // the offending value as it was written, shortened; "" when it is missing
	Message string // what is wrong and what would be right, without the path
}

// String renders the error in one line: path, message, value, with spaces for
// control characters.
func (e FieldError) String() string {
	s := e.Message
	if e.Path != "" {
		s = e.Path + ": " + s
	}
	if e.Value != "" {
		s += fmt.Sprintf(" (got %s)", e.Value)
	}
	return oneLine(s)
}

// InvalidError says everything that is wrong with one input. errors.Is(err,
// ErrInvalid) holds for it.
type InvalidError struct {
	Type   Type   // the record's type, when known
	ID     string // the record's id, when known
	Fields []FieldError
}

// Error lists every field error, separated by "; ".
func (e *InvalidError) Error() string {
	var b strings.Builder
	if e.Type != "" {
		b.WriteString(string(e.Type))
		if e.ID != "" {
			b.WriteString(" " + oneLine(e.ID))
		}
		b.WriteString(": ")
	}
	for i, f := range e.Fields {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(f.String())
	}
	return b.String()
}

// Is reports that an InvalidError is an ErrInvalid.
func (e *InvalidError) Is(target error) bool { return target == ErrInvalid }

// Invalid makes an InvalidError about a single field.
func Invalid(path, value, format string, args ...any) *InvalidError {
	return &InvalidError{Fields: []FieldError{{Path: path, Value: Shorten(value), Message: fmt.Sprintf(format, args...)}}}
}

// maxFieldErrors bounds what one record can make us say: a record of 1,000 bad
// skills gets its first hundred problems and a count of the rest.
const maxFieldErrors = 100

// fieldErrors collects problems in the order in which they are met: the first
// maxFieldErrors in words, all of them as paths, so that looking one up takes the
// same time however many there are.
type fieldErrors struct {
	list []FieldError
	n    int             // how many were added
	bad  map[string]bool // paths that are bad themselves (true) or hold something bad (false)
}

func (f *fieldErrors) add(path, value, format string, args ...any) {
	f.n++
	f.mark(path)
	if len(f.list) < maxFieldErrors {
		f.list = append(f.list, FieldError{Path: path, Value: Shorten(value), Message: fmt.Sprintf(format, args...)})
	}
}

// mark remembers path as bad and everything around it as holding something bad.
func (f *fieldErrors) mark(path string) {
	if f.bad == nil {
		f.bad = map[string]bool{}
	}
	f.bad[path] = true
	for i := len(path) - 1; i > 0; i-- {
		if path[i] != '.' && path[i] != '[' {
			continue
		}
		if _, ok := f.bad[path[:i]]; ok {
			return // and so is what is around that
		}
		f.bad[path[:i]] = false
	}
}

// is reports whether path itself is already known to be bad.
func (f *fieldErrors) is(path string) bool { return f.bad[path] }

// has reports whether path, or something inside it, is already known to be bad.
func (f *fieldErrors) has(path string) bool {
	_, ok := f.bad[path]
	return ok
}

func (f *fieldErrors) err(t Type, id string) error {
	if f.n == 0 {
		return nil
	}
	list := f.list
	if rest := f.n - len(list); rest > 0 {
		list = append(list, FieldError{Message: fmt.Sprintf("and %d more problems", rest)})
	}
	return &InvalidError{Type: t, ID: id, Fields: list}
}

// Shorten cuts a value for display to 60 runes, so that an error never echoes a
// whole document.
func Shorten(s string) string {
	const limit = 60
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "…"
		}
		n++
	}
	return s
}

// oneLine puts spaces for control characters, so that an error stays on its line
// and a value in it does not speak to a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// oneOf renders a list of accepted words for messages, sorted.
func oneOf(words []string) string {
	w := append([]string(nil), words...)
	sort.Strings(w)
	return "must be one of " + strings.Join(w, ", ")
}

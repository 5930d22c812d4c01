package talent

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestErrorKinds: every kind is found through a wrapping, and is no other kind.
func TestErrorKinds(t *testing.T) {
	kinds := []error{ErrInvalid, ErrNotFound, ErrConflict, ErrReferenced, ErrTooLarge, ErrUnsupported, ErrUnavailable}
	for i, kind := range kinds {
		err := fmt.Errorf("import 需求.xlsx: %w", fmt.Errorf("demand d1: %w", kind))
		for j, other := range kinds {
			if errors.Is(err, other) != (i == j) {
				t.Errorf("%v is %v: %v", err, other, i != j)
			}
		}
	}
	err := fmt.Errorf("line 3: %w", Invalid("title", "", "is required"))
	var inv *InvalidError
	if !errors.Is(err, ErrInvalid) || errors.Is(err, ErrNotFound) || !errors.As(err, &inv) || inv.Fields[0].Path != "title" {
		t.Errorf("%v", err)
	}
}

func TestErrorText(t *testing.T) {
	for _, tc := range []struct {
		err  error
		want string
	}{
		{Invalid("", "", "is empty"), "is empty"},
		{Invalid("skills[2].level", "9", "must be from %d to %d", 1, 5), "skills[2].level: must be from 1 to 5 (got 9)"},
		{&InvalidError{Type: TypeDemand, Fields: []FieldError{{Path: "id", Message: "is required"}}}, "demand: id: is required"},
		{&InvalidError{Type: TypeDemand, ID: "d1", Fields: []FieldError{{Path: "a", Message: "x"}, {Path: "b", Message: "y", Value: "焊"}}}, "demand d1: a: x; b: y (got 焊)"},
		{&InvalidError{Type: TypeSkill, ID: "a\nb", Fields: []FieldError{{Path: "\x1b[31m", Message: "x", Value: "{\n\t1}\u009b"}}}, "skill a b:  [31m: x (got {  1} )"},
	} {
		if tc.err.Error() != tc.want {
			t.Errorf("%s, want %s", tc.err, tc.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, tc := range []struct{ in, want string }{
		{"", ""},
		{"工业机器人", "工业机器人"},
		{strings.Repeat("焊", 60), strings.Repeat("焊", 60)},
		{strings.Repeat("焊", 61), strings.Repeat("焊", 60) + "…"},
		{strings.Repeat("𠮷", 100), strings.Repeat("𠮷", 60) + "…"},
		{"a\nb\x1b", "a\nb\x1b"},
	} {
		if got := Shorten(tc.in); got != tc.want {
			t.Errorf("%q: %q, want %q", tc.in, got, tc.want)
		}
	}
}

func TestFieldErrorPaths(t *testing.T) {
	var e fieldErrors
	e.add("skills[1].level", "", "bad")
	e.add("skills[10]", "", "bad")
	for _, tc := range []struct {
		path    string
		is, has bool
	}{
		{"skills[1].level", true, true}, {"skills[1]", false, true}, {"skills", false, true}, {"skills[10]", true, true},
		{"skills[0]", false, false}, {"skills[1].lev", false, false}, {"skills[1", false, false}, {"skill", false, false},
	} {
		if e.is(tc.path) != tc.is || e.has(tc.path) != tc.has {
			t.Errorf("%s: is %v, has %v", tc.path, e.is(tc.path), e.has(tc.path))
		}
	}
}

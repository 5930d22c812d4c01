package index

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestGrams(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"", ""},
		{"—— / ·", ""},
		{"C++", " c++ "},
		{"R", " r "},
		{"Welder", " weld|welde|elder|lder "},
		{"ＰＬＣ编程", " plc |编|编程|程"},
		{"CNC  op", " cnc |cnc o|nc op|c op "},
		{"driver's", " driv|drive|river|ivers|vers "},
		{"焊工 welder", "焊|焊工|工| weld|welde|elder|lder "},
	} {
		if got := strings.Join(Grams(tt.name), "|"); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := strings.Join(Grams("ab c", 3, 5), "|"); got != " ab|ab |b c| c | ab c|ab c " {
		t.Errorf("two lengths: %q", got)
	}
}

// TestGramsAreShared: pieces are valid, bounded, and those of a word stand in any
// name that contains it.
func TestGramsAreShared(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.String().Draw(t, "a"), rapid.StringMatching(`[a-z]{5,12}`).Draw(t, "b")
		for _, g := range Grams(a) {
			if g == "" || !utf8.ValidString(g) || utf8.RuneCountInString(g) > GramLength {
				t.Fatalf("%q of %q", g, a)
			}
		}
		whole := Grams(a + " " + b + " x")
		for _, g := range Grams(b) {
			if g[len(g)-1] != ' ' && g[0] != ' ' && !slices.Contains(whole, g) {
				t.Fatalf("%q of %q is not in %q", g, b, whole)
			}
		}
	})
}

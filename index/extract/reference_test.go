package extract

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"talentmatch/index/taxonomy"
)

// A subject is an Extractor with what the reference needs.
type subject struct {
	*Extractor
	c *taxonomy.Catalogue
	builder
}

func newSubject(c *taxonomy.Catalogue) *subject {
	b := builder{catalogue: c, keys: map[string]int32{}}
	for _, s := range c.Skills() {
		b.addSkill(s)
	}
	b.addInflections()
	return &subject{New(c), c, b}
}

// reference finds the exact labels in the plainest way: at each place of the whole
// folded text it tries every length, longest first. Misspelt labels are given.
func (x *subject) reference(text string, near []Found) []Found {
	var w window
	w.reset(text)
	w.have(0, 4*len(text)+16)
	var out []Found
	for i := 0; i < len(w.runes); {
		if len(near) > 0 && near[0].Start == w.runes[i].Start {
			for out, near = append(out, near[0]), near[1:]; i < len(w.runes) && w.runes[i].Start < out[len(out)-1].End; i++ {
			}
			continue
		}
		end := i
		for j := min(len(w.runes), i+maxLabel); j > i && end == i; j-- {
			var key strings.Builder
			for _, r := range w.runes[i:j] {
				key.WriteRune(r.Rune)
			}
			at, ok := x.keys[key.String()]
			if !ok || !w.startsWord(i) || !w.endsWord(i, j) || !w.believed(i, j, &x.builder.labels[at]) {
				continue
			}
			l := &x.builder.labels[at]
			from, to := w.runes[i].Start, w.runes[j-1].End
			out = append(out, Found{Skill: l.skill, Start: from, End: to, Text: text[from:to], How: l.how, Confidence: l.confidence})
			end = j
		}
		i = max(end, i+1)
	}
	return out
}

// check holds what Read says of a text against what must hold for any text.
func (x *subject) check(t interface {
	Helper()
	Fatalf(string, ...any)
}, text string) {
	t.Helper()
	r := x.Read(text)
	all := slices.Concat(r.Found, r.Removed)
	slices.SortFunc(all, func(a, b Found) int { return a.Start - b.Start })
	for _, list := range [][]Found{r.Found, r.Removed, all} {
		end := 0
		for _, f := range list {
			if f.Start < end || f.End <= f.Start || f.End > len(text) || f.Text != text[f.Start:f.End] {
				t.Fatalf("%q: bad offsets %+v after %d", text, f, end)
			}
			if !boundary(text, f.Start) || !boundary(text, f.End) {
				t.Fatalf("%q: %+v cuts a character", text, f)
			}
			if f.Confidence <= 0 || f.Confidence > 1 || f.Level < 0 || f.Level > 5 || f.Required > Preferred || x.c.Skill(f.Skill) == nil {
				t.Fatalf("%q: %+v is out of range", text, f)
			}
			end = f.End
		}
	}
	for _, f := range r.Removed {
		if f.Level != 0 || f.Required != NotSaid {
			t.Fatalf("%q: %+v is removed and asked for", text, f)
		}
	}
	var near []Found
	for i := range all {
		all[i].Level, all[i].Required = 0, NotSaid
		if all[i].How == ByNear {
			near = append(near, all[i])
			if _, exact := x.lookup(taxonomy.Fold(all[i].Text)); exact {
				t.Fatalf("%q: %+v is a label as it stands", text, all[i])
			}
		}
	}
	if want := x.reference(text, near); !slices.Equal(all, want) {
		t.Fatalf("%q:\n got %+v\nwant %+v", text, all, want)
	}
}

// boundary reports whether offset i does not part a character.
func boundary(s string, i int) bool {
	if i == 0 || i == len(s) || utf8.RuneStart(s[i]) {
		return true
	}
	for j := i - 1; j >= max(0, i-utf8.UTFMax+1); j-- { // a stray continuation byte stands for itself
		if r, size := utf8.DecodeRuneInString(s[j:]); r != utf8.RuneError || size > 1 {
			return j+size <= i
		}
	}
	return true
}

// TestAgainstReference puts texts together from labels, cues, misspellings and
// rubbish.
func TestAgainstReference(t *testing.T) {
	x := newSubject(trade())
	pieces := []string{"，", "、", "。", "；", " ", "\n", "(", ")", "：", ": ", ", ", " and ", "/", "1.", "2、", "-", " - ", "【", "】", "的", "机", "经验", "x", "é", "\xe7\x94", "👩\u200d🔧", "\u200f", "\u0301", "①", "ﬁ"}
	for _, s := range x.c.Skills() {
		pieces = append(pieces, x.c.Labels(s.ID)...)
	}
	for _, c := range cues {
		pieces = append(pieces, strings.Split(c.words, "|")...)
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(0, 30).Draw(t, "pieces") {
			p := rapid.SampledFrom(pieces).Draw(t, "piece")
			if runes := []rune(p); len(runes) > 3 && rapid.IntRange(0, 3).Draw(t, "slip") == 0 {
				at := rapid.IntRange(1, len(runes)-2).Draw(t, "at")
				runes[at], runes[at+1] = runes[at+1], runes[at]
				p = string(runes)
			}
			b.WriteString(p)
			if rapid.Bool().Draw(t, "space") {
				b.WriteByte(' ')
			}
		}
		x.check(t, b.String())
	})
}

func FuzzExtract(f *testing.F) {
	x := newSubject(trade())
	for _, s := range []string{
		"熟悉PLC编程、C/C++/C#，Go语言", "ASP.NET Node.js R&D", "ﬁ①㎏\u0301\xff\xe7", "Python3 and PLCs, Databases ", "1.UG 《机械 制图》 👩\u200d🔧\u200f",
		"不要求会PLC编程，Pyhton优先；工业机器人操做", "任职要求：\n1、熟练掌握UG\n加分项：Java（了解）", "no C++ needed, Java is a plus", "שלום JavaScirpt עולם", "机械致图 数剧库",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 1<<9 { // the reference is slow
			x.check(t, text)
		}
	})
}

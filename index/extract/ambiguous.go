package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"talentmatch/index/taxonomy"
)

// commonWords are everyday English words that are also names of tools, languages,
// methods or instruments. As labels they count only where the text writes them as
// the label does: "Go" the language, not "go".
var commonWords = wordSet(`
	access act air ant apt arm as assembly at ate audition basic bash be beam bert blender bootstrap
	can case cat chef creo crystal dart delta doe dot eagle echo electron elm empower excel express fab fat
	fib fit flash flask flex flutter form fortify gate gem gin go harbor helm hive hub iceberg ide
	impala in ink iris is it java julia jump kettle keynote lark lean less lime lisp make map maven
	may maya nest net next nova nuke numbers off office on oracle or our outlook pages pascal pie pig
	pip premiere presto processing procreate project puppet rag rails react rest ruby runway rust safe
	salt sap sass sat scheme scratch shell six sketch snap snowflake so soap solid spark spice spring
	step storm swift tag teams tie to unity unreal us vision vue we word
`)

// ambiguous reports whether a folded label needs more than a word boundary to be
// believed: a single letter of a spaced script, or a common English word.
func ambiguous(key string) bool {
	r, size := utf8.DecodeRuneInString(key)
	if size == len(key) {
		return taxonomy.IsWord(r)
	}
	return commonWords[key]
}

// meant reports whether the ambiguous label that stands at [i, j) is meant there.
func (w *window) meant(i, j int, l *label) bool {
	start, end := w.runes[i].Start, w.runes[j-1].End
	if tied(w.byteAt(start-1)) || tied(w.byteAt(end)) {
		return false // R&D, C-level, Go-live, it's
	}
	letters := j - i
	if digit(w.at(j)) {
		return false
	}
	if letters == 1 {
		return w.writtenAs(start, end, l) && w.meantLetter(i, j)
	}
	if letters >= chineseAnyCase && w.amongChinese(i, j) {
		return true
	}
	return w.writtenAs(start, end, l) && !w.verb(i, j)
}

// tied reports whether a byte beside a name makes it a part of something longer.
func tied(b byte) bool { return b == '-' || b == '&' || b == '\'' || b == '_' }

// writtenAs reports whether the original has the label in one of its exact
// spellings; width does not matter.
func (w *window) writtenAs(start, end int, l *label) bool {
	return slices.Contains(l.written, norm.NFKC.String(w.text[start:end]))
}

// chineseAnyCase is the length from which a common English word that stands in a
// Chinese sentence counts in any case: nobody means the English word in
// "熟练使用excel、word".
const chineseAnyCase = 4

// amongChinese reports whether [i, j) has Chinese on one side at least, and
// Chinese, the text's end or a list's mark on the other.
func (w *window) amongChinese(i, j int) bool {
	before, after := w.at(i-1), w.at(j)
	return (taxonomy.IsCJK(before) || taxonomy.IsCJK(after)) && listMark(before) && listMark(after)
}

func listMark(r rune) bool {
	return r == 0 || taxonomy.IsCJK(r) || strings.ContainsRune(",/;:()", r)
}

// Characters that make a neighbouring single letter a class, a grade, a port or a
// vitamin: C类, A轮, B端, 维生素C, 方案C.
const (
	letterBefore = "素命案件项型类级图表组区座栋第"
	letterAfter  = "类级型区座班组轮端位照证楼栋股盘罩面站点口股"
)

// letterWords do the same in English: vitamin C, plan B.
var letterWords = wordSet(`
	appendix building category class exhibit factor figure gate grade group hepatitis level model
	option part phase plan schedule section series table team tier type unit usb vitamin
`)

// meantLetter reports whether a single letter stands for a name by its neighbours.
func (w *window) meantLetter(i, j int) bool {
	before, after := w.at(i-1), w.at(j)
	switch {
	case before != 0 && strings.ContainsRune(letterBefore+"+#.", before):
		return false
	case after != 0 && strings.ContainsRune(letterAfter+"&'", after):
		return false
	case after == ' ' && (w.at(j+1) == '+' || w.at(j+1) == '#'):
		return false // C ++
	case before == '&' || before == '\'':
		return false
	}
	return !letterWords[w.wordBefore(i)]
}

// verb reports whether a capitalized common word looks like the first word of an
// English sentence rather than a name: "Go to", "Excel in".
func (w *window) verb(i, j int) bool {
	next := w.wordAfter(j)
	if next == "" || !prepositions[next] {
		return false
	}
	if next == "to" && j-i == len("go") && w.at(i) == 'g' {
		return true
	}
	before := w.at(i - 1)
	return before == 0 || strings.ContainsRune(".!?:。", before) ||
		before == ' ' && (strings.ContainsRune(".!?:", w.at(i-2)) || w.newlineBefore(i))
}

var prepositions = wordSet("above ahead at back beyond big home in into of on out the through to up")

// newlineBefore reports whether the space before position i broke the line.
func (w *window) newlineBefore(i int) bool {
	space := w.runes[i-1]
	return strings.Contains(w.text[space.Start:space.End], "\n")
}

// wordBefore is the word before position i when only a space parts them, "" if
// there is none or it is longer than any that the rules know.
func (w *window) wordBefore(i int) string {
	if w.at(i-1) != ' ' {
		return ""
	}
	from := i - 1
	for from > 0 && from > i-lookBack && taxonomy.IsWord(w.runes[from-1].Rune) {
		from--
	}
	return w.word(from, i-1)
}

// wordAfter is the word after position j when only a space parts them, or "".
func (w *window) wordAfter(j int) string {
	if w.at(j) != ' ' {
		return ""
	}
	to := j + 1
	for to < j+lookAhead-1 && taxonomy.IsWord(w.at(to)) {
		to++
	}
	return w.word(j+1, to)
}

func (w *window) word(from, to int) string {
	var b [lookAhead * utf8.UTFMax]byte
	out := b[:0]
	for _, r := range w.runes[from:to] {
		out = utf8.AppendRune(out, r.Rune)
	}
	return string(out)
}

func wordSet(list string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

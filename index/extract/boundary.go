package extract

import "talentmatch/index/taxonomy"

// startsWord reports whether a label may begin at position i: not inside an
// indivisible piece of the original, not inside a word, and not behind a dot or @
// that ties it to what stands before ("net" in ASP.NET, "java" in me@java.example).
// Numbering is no tie ("1.PLC编程").
func (w *window) startsWord(i int) bool {
	if i == 0 {
		return true
	}
	if w.runes[i-1].Start == w.runes[i].Start {
		return false
	}
	first, prev := w.runes[i].Rune, w.runes[i-1].Rune
	switch {
	case first == '.':
		return prev != '.' && !taxonomy.IsWord(prev) // .NET, but not in ASP.NET
	case !taxonomy.IsWord(first):
		return true
	case taxonomy.IsWord(prev), prev == '@':
		return false
	case prev == '.':
		before := w.at(i - 2)
		if digit(before) {
			return !digit(first) // "1.PLC" is a list item, "1.5" a number
		}
		return !taxonomy.IsWord(before)
	}
	return true
}

// versionLetters is how long a name must be for digits right behind it to be taken
// as its version ("Python3", "AutoCAD2020"); shorter ones are other words ("MP3").
const versionLetters = 3

// endsWord reports whether a label that begins at i may end before position j.
func (w *window) endsWord(i, j int) bool {
	if j >= len(w.runes) {
		return true
	}
	next := w.runes[j].Rune
	last := w.runes[j-1]
	switch {
	case w.runes[j].Start == last.Start:
		return false // inside an indivisible piece
	case last.Rune == '+' || last.Rune == '#':
		return next != '+' && next != '#' && (digit(next) || !taxonomy.IsWord(next)) // C++11 is C++
	case !taxonomy.IsWord(last.Rune):
		return true
	case digit(next) && !digit(last.Rune):
		return w.lettersBefore(i, j) >= versionLetters && !taxonomy.IsWord(w.at(w.afterDigits(j)))
	case taxonomy.IsWord(next):
		return false
	case next == '.':
		return !taxonomy.IsWord(w.at(j+1)) || digit(w.at(j+1)) // "Node" is not in Node.js
	case next == '+' && w.at(j+1) == '+':
		return false // "Notepad" is not in Notepad++
	case next == '+' || next == '#':
		return w.lettersBefore(i, j) > 1 // "C" is not in C#, but "Java" is in Java+SQL
	}
	return true
}

// lettersBefore counts the word runes right before position j, from i on.
func (w *window) lettersBefore(i, j int) int {
	n := 0
	for j-n > i && taxonomy.IsWord(w.runes[j-n-1].Rune) {
		n++
	}
	return n
}

// afterDigits is the position behind a version number that begins at j, as far as
// the rules may look.
func (w *window) afterDigits(j int) int {
	for k := 0; k < lookAhead-2 && digit(w.at(j)); k++ {
		j++
	}
	return j
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

package extract

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

func spelled() *taxonomy.Catalogue {
	skill := func(id, name, en string, aliases ...string) *talent.Skill {
		return &talent.Skill{ID: id, Name: name, NameEN: en, Aliases: aliases}
	}
	return taxonomy.NewCatalogue([]*talent.Skill{
		skill("plc", "PLC编程", "PLC programming", "西门子PLC编程"),
		skill("ops", "工业机器人操作", "industrial robot operation", "industrial robots"),
		skill("robot", "工业机器人", "industrial robot"),
		skill("python", "Python", "Python", "Python开发"),
		skill("weld", "焊接技术", "welding"),
		skill("linux", "Linux", "Linux"),
		skill("market", "市场营销", "marketing"),
		skill("logging", "测井", "logging"),
		skill("premiere", "Premiere软件", "Premiere"),
		skill("spark", "Spark平台", "Spark"),
		skill("blood", "血液病学", "haematology"),
		skill("liver", "肝病学", "hepatology"),
		skill("a", "数据采集", "kappameter"),
		skill("b", "数剧采集", "kappamater"),
	}, nil)
}

func TestNear(t *testing.T) {
	x := New(spelled())
	for _, c := range []struct{ text, want string }{
		// One letter: exchanged, left out, added, replaced, moved.
		{"Pyhton, Pythn, Pyython, Phyton", "python:Pyhton|python:Pythn|python:Pyython|python:Phyton"},
		{"Marketing, Marketting, Markating", "market:Marketing|market:Marketting|market:Markating"},
		{"熟悉Pyhton开发、Pyhton3", "python:Pyhton开发|python:Pyhton"},
		{"Linxu but not Linus or Linex", "linux:Linxu"},
		{"ＰＹＨＴＯＮ", "python:ＰＹＨＴＯＮ"},
		// Inside a longer label, before and behind other words.
		{"PLC programing; industral robot; industrial robto; industrial robot opration", "plc:PLC programing|robot:industral robot|robot:industrial robto|robot:industrial robot"}, // the exact one counts
		{"indsutrial robots", "ops:indsutrial robots"},
		// Two letters in a long word.
		{"indutsral robot", "robot:indutsral robot"},
		// Other words: known ones, other endings, short ones, another first letter.
		{"wedding, weeding, wielding; lodging; markets and marketer; Bython; Pythons; Pytho", "python:Pythons"},
		{"hematology, hepathology", "blood:hematology|liver:hepathology"},
		{"heratology", ""},
		{"kappamiter", ""}, // it might be two skills
		// Labels that are English words, in Chinese only.
		{"会Permiere、Sprak，", "premiere:Permiere|spark:Sprak"},
		{"He will Permiere and Sprak", ""},
		// Chinese: one character that sounds or looks alike.
		{"西门子PLC编成，工业机器人操做，悍接技术，市厂营销", "plc:西门子PLC编成|ops:工业机器人操做|weld:悍接技术|market:市厂营销"},
		{"工叶机器人操作", "ops:工叶机器人操作"},
		{"工业机器人操机", "robot:工业机器人"}, // no likeness
		{"工叶机器仁", ""},              // two slips
		{"测景", ""},                 // too short
		{"数具采集，数据采集", "a:数据采集"},    // 具 sounds like 据 and 剧
		{"从市场营销毕业，市场营消", "market:市场营销|market:市场营消"},
		{"PLC编成本", ""}, // 成本 is a word
	} {
		if got := finds(x, c.text); got != c.want {
			t.Errorf("Extract(%q)\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestNearConfidence(t *testing.T) {
	x := New(spelled())
	for text, want := range map[string]float64{
		"Pyhton": 0.7, "industral robots": 0.7 * 0.95, "indutsral robot": 0.55, "PLC编成": 0.7, "西门子PLC编成": 0.7 * 0.95,
	} {
		got := x.Extract(text)
		if len(got) != 1 || got[0].How != ByNear || math.Abs(got[0].Confidence-want) > 1e-9 {
			t.Errorf("%s: %+v, want one near find of confidence %v", text, got, want)
		}
	}
	for text, want := range map[string]string{"PLC programming": ByLabel, "industrial robots": ByAlias, "PLC programmings": ByInflected} {
		if got := x.Extract(text); len(got) != 1 || got[0].How != want {
			t.Errorf("%s: %+v, want it found by %s", text, got, want)
		}
	}
}

// TestDistance compares with the textbook's recursion.
func TestDistance(t *testing.T) {
	var slow func(a, b string) int
	slow = func(a, b string) int {
		if a == "" || b == "" {
			return len(a) + len(b)
		}
		n, m := len(a), len(b)
		d := slow(a[:n-1], b[:m-1])
		if a[n-1] != b[m-1] {
			d++
		}
		d = min(d, slow(a[:n-1], b)+1, slow(a, b[:m-1])+1)
		if n > 1 && m > 1 && a[n-1] == b[m-2] && a[n-2] == b[m-1] {
			d = min(d, slow(a[:n-2], b[:m-2])+1)
		}
		return d
	}
	word := rapid.StringMatching(`[abc]{1,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d, replaced := distance(a, b)
		if want := slow(a, b); d != want || replaced > d {
			t.Fatalf("distance(%q, %q) = %d with %d replaced, want %d", a, b, d, replaced, want)
		}
	})
}

// TestCandidates: the neighbourhood gives every word of the list that edits calls
// near, and no other.
func TestCandidates(t *testing.T) {
	b := builder{catalogue: spelled(), keys: map[string]int32{}}
	for _, s := range b.catalogue.Skills() {
		b.addSkill(s)
	}
	s := newSpelling(&b)
	letter := rapid.SampledFrom([]byte("abeghilmnoprstu"))
	rapid.Check(t, func(t *rapid.T) {
		word := []byte(rapid.SampledFrom(s.words).Draw(t, "word"))
		for range rapid.IntRange(1, 3).Draw(t, "edits") {
			at := rapid.IntRange(0, len(word)-1).Draw(t, "at")
			switch rapid.IntRange(0, 2).Draw(t, "edit") {
			case 0:
				word = slices.Delete(word, at, at+1)
			case 1:
				word = slices.Insert(word, at, letter.Draw(t, "letter"))
			case 2:
				word[at] = letter.Draw(t, "letter")
			}
			if len(word) == 0 {
				return
			}
		}
		var p partHashes
		p.of(string(word))
		if s.known.has(p.whole()) {
			return
		}
		var want []string
		for _, w := range s.words {
			if edits(string(word), w) > 0 && (!s.inflected(string(word), &p) || undoubled(string(word), w)) {
				want = append(want, w)
			}
		}
		var got []string
		for _, c := range s.candidates(nil, string(word)) {
			got = append(got, c.word)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("%s: candidates %v, want %v", word, got, want)
		}
	})
}

// TestHashParts: the hash of a word without letters is that of the shorter word.
func TestHashParts(t *testing.T) {
	const word = "programming"
	var p partHashes
	p.of(word)
	for i := range word {
		if one := word[:i] + word[i+1:]; finish(p.without(i)) != hashWord(one) {
			t.Errorf("without %d: not the hash of %s", i, one)
		}
		for j := i + 1; j < len(word); j++ {
			if two := word[:i] + word[i+1:j] + word[j+1:]; finish(p.without2(i, j)) != hashWord(two) {
				t.Errorf("without %d and %d: not the hash of %s", i, j, two)
			}
		}
	}
}

// TestTables: the tables of cues and characters are as their readers assume.
func TestTables(t *testing.T) {
	seen := map[string]int{}
	for i, c := range cues {
		for words := range strings.SplitSeq(c.words, "|") {
			key := taxonomy.Fold(words)
			if _, ok := cueTrie.find(key); !ok || key == "" {
				t.Errorf("cue %q is not in the trie", words)
			}
			seen[key]++
		}
		if c.kind == cueLevel && (c.value < 1 || c.value > 5) || c.kind == cueNeed && (c.value < 1 || c.value > 2) {
			t.Errorf("cue row %d has the value %d", i, c.value)
		}
	}
	for key, n := range seen {
		if n > 1 {
			t.Errorf("cue %q stands in %d rows", key, n)
		}
	}
	for _, table := range []string{homophones, lookalikes} {
		for g := range strings.FieldsSeq(table) {
			for _, r := range g {
				if r < hanFirst || r > hanLast || taxonomy.Fold(string(r)) != string(r) {
					t.Errorf("%c in %s does not occur in folded text", r, g)
				}
			}
		}
	}
	if fmt.Sprint(NotSaid, Required, Preferred) != " required preferred" {
		t.Errorf("needs are %q, %q, %q", NotSaid, Required, Preferred)
	}
}

// find walks the trie for one whole key.
func (t *trie) find(key string) (at int32, ok bool) {
	node := int32(0)
	for _, r := range key {
		if node = t.child(node, r); node < 0 {
			return -1, false
		}
	}
	return t.label[node], t.label[node] >= 0
}

package taxonomy

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"PLC编程", "plc编程"},
		{"ＰＬＣ　编程", "plc编程"}, // full width
		{"可編程控制器", "可编程控制器"},
		{"電氣製圖與機械設計", "电气制图与机械设计"},
		{"著作", "著作"}, // 著 is simplified, too
		{"PLC 编程", "plc编程"},
		{"PLC-编程_调试", "plc编程调试"},
		{"数据 分析\t处理", "数据分析处理"},
		{"E-Commerce_site", "e commerce site"},
		{"E‑commerce — site", "e commerce site"}, // non-breaking hyphen, em dash
		{"  project \r\n\u00a0 management ", "project management"},
		{"C++", "c++"},
		{"C#", "c#"},
		{"use .NET", "use .net"},
		{"ASP.NET", "asp.net"},
		{"Node.js", "node.js"},
		{"CI / CD", "ci/cd"},
		{"TCP/IP", "tcp/ip"},
		{"１＋Ｘ证书", "1+x证书"},
		{"R & D", "r&d"},
		{"特种作业操作证（低压电工）", "特种作业操作证(低压电工)"},
		{"《机械制图》", "机械制图"},
		{"艾伦·布拉德利", "艾伦布拉德利"},
		{"AutoCAD® 软件", "autocad软件"},
		{"Java™ SE", "java se"},
		{"driver’s licence", "driver's licence"},
		{"熟悉PLC。", "熟悉plc"},
		{"Go, ", "go"},
		{"①ﬁeld", "1field"},
		{"Cafe\u0301", "café"},
		{"PLC\u200b编\u200f程\ufeff", "plc编程"},
		{"---", ""},
		{"half \xe7\x94", "half\ufffd\ufffd"},
		{"Ελλάδα ПЛК", "ελλάδα плк"},
	} {
		if got := Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestTraditionalPairs(t *testing.T) {
	pair := []rune(traditionalPairs)
	if len(pair)%2 != 0 || len(pair) < 2*250 {
		t.Fatalf("%d runes in the table", len(pair))
	}
	from := map[rune]bool{}
	for i := 0; i < len(pair); i += 2 {
		if from[pair[i]] || pair[i] == pair[i+1] {
			t.Errorf("%c is listed twice or maps to itself", pair[i])
		}
		from[pair[i]] = true
	}
	for i := 1; i < len(pair); i += 2 {
		if from[pair[i]] {
			t.Errorf("%c is a result and would be changed again", pair[i])
		}
	}
}

func TestFolderOffsets(t *testing.T) {
	const text = "用 ﬁ“PLC”  編程 e\u0301\xff!"
	want := []struct {
		r    rune
		from string
	}{
		{'用', "用"}, {'f', "ﬁ"}, {'i', "ﬁ"}, {' ', "“"}, {'p', "P"}, {'l', "L"}, {'c', "C"},
		{'编', "編"}, {'程', "程"}, {'é', "e\u0301"}, {utf8.RuneError, "\xff"}, {'!', "!"},
	}
	for _, chunk := range []int{1, 3, 100} { // the pieces do not matter
		var got []FoldedRune
		var f Folder
		f.Reset(text)
		for {
			before := len(got)
			if got = f.Append(got, chunk); len(got) == before {
				break
			}
		}
		if len(got) != len(want) {
			t.Fatalf("chunk %d: %d runes, want %d: %v", chunk, len(got), len(want), got)
		}
		for i, w := range want {
			if g := got[i]; g.Rune != w.r || text[g.Start:g.End] != w.from {
				t.Errorf("chunk %d: rune %d is %q from %q, want %q from %q", chunk, i, g.Rune, text[g.Start:g.End], w.r, w.from)
			}
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"PLC 编程", "C++ / .NET", "e\u0301ﬁ\xe7\x94", "J\u030c", "١٢ עברית 👩‍🔧", "\u1161가\u11a8"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if !utf8.ValidString(got) || strings.TrimSpace(got) != got || strings.Contains(got, "  ") {
			t.Fatalf("Fold(%q) = %q", s, got)
		}
		end := 0
		var fold Folder
		fold.Reset(s)
		for {
			runes := fold.Append(nil, 5)
			if len(runes) == 0 {
				break
			}
			for _, r := range runes {
				if r.Start < 0 || r.Start >= r.End || r.End > len(s) || r.End < end {
					t.Fatalf("Folder(%q): %+v after %d", s, r, end)
				}
				end = r.End
			}
		}
	})
}

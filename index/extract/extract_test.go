package extract

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// trade is a small catalogue with the difficult names.
func trade() *taxonomy.Catalogue {
	skill := func(id, name, en string, aliases ...string) *talent.Skill {
		return &talent.Skill{ID: id, Name: name, NameEN: en, Aliases: aliases}
	}
	return taxonomy.NewCatalogue([]*talent.Skill{
		skill("plc", "PLC编程", "PLC programming", "可编程控制器", "PLC", "梯形图"),
		skill("plc-dup", "梯形图语言", "ladder logic", "梯形图"),
		skill("robot", "工业机器人", "industrial robot", "机器人"),
		skill("robot-ops", "工业机器人操作", "industrial robot operation"),
		skill("c", "C语言", "C", "C programming"),
		skill("cpp", "C++", "C++", "CPP"),
		skill("csharp", "C#", "C#"),
		skill("go", "Go语言", "Go", "Golang"),
		skill("r", "R语言", "R"),
		skill("net", ".NET", ".NET", "dotnet"),
		skill("node", "Node.js", "Node.js"),
		skill("js", "JavaScript", "JavaScript", "JS"),
		skill("python", "Python", "Python"),
		skill("java", "Java", "Java"),
		skill("cicd", "持续集成", "CI/CD"),
		skill("tcp", "TCP/IP协议", "TCP/IP"),
		skill("excel", "Excel表格", "Excel"),
		skill("db", "数据库", "database", "operating databases"),
		skill("tech", "技术", "welding technology"),
		skill("service", "客户服务", "customer service", "客服"),
		skill("draw", "机械制图", "mechanical drawing"),
		skill("ug", "UG建模", "UG"),
	}, nil)
}

func finds(x *Extractor, text string) string {
	var out []string
	for _, f := range x.Extract(text) {
		out = append(out, f.Skill+":"+f.Text)
	}
	return strings.Join(out, "|")
}

func TestExtract(t *testing.T) {
	x := New(trade())
	for _, c := range []struct{ text, want string }{
		// Chinese, longest first, without segmentation.
		{"熟悉PLC编程和工业机器人操作", "plc:PLC编程|robot-ops:工业机器人操作"},
		{"精通可編程控制器；会《机械制图》", "plc:可編程控制器|draw:机械制图"},
		{"ＰＬＣ 编程，ｐｌｃ", "plc:ＰＬＣ 编程|plc:ｐｌｃ"},
		{"会梯形图", "plc:梯形图"}, // both have it as an alias: the smallest id
		{"做客服，负责顾客服务与客户服务", "service:客服|service:客户服务"},
		{"1.PLC编程 2.机器人", "plc:PLC编程|robot:机器人"},
		// The family of C.
		{"C/C++/C#", "c:C|cpp:C++|csharp:C#"},
		{"熟悉C、C++11，或Ｃ＃", "c:C|cpp:C++|csharp:Ｃ＃"},
		{"C语言程序", "c:C语言"},
		{"vitamin C, R&D, C-level, c, C类, 维生素C, USB C, C.E.O.", ""},
		{"C++Builder, C ++", ""},
		{"knows R.", "r:R"},
		{"ABC, Car", ""},
		// Words that are names.
		{"Go, Python3 and Java", "go:Go|python:Python|java:Java"},
		{"let us go; GO! Going. Go to market. Please Go to page 2. go-live", ""},
		{"会go语言", "go:go语言"},
		{"They excel in sports. Excel in your career!", ""},
		{"熟练使用excel、word；proficient in Excel", "excel:excel|excel:Excel"},
		// Marks inside names.
		{"ASP.NET", ""},
		{"用.NET 8, dotnet", "net:.NET|net:dotnet"},
		{"Node.js / JS", "node:Node.js|js:JS"},
		{"see java.com or me@java", ""},
		{"Java+Python;CI / CD,tcp/ip", "java:Java|python:Python|cicd:CI / CD|tcp:tcp/ip"},
		{"JavaScript Javanese", "js:JavaScript"},
		{"UG, UGA, UG2", "ug:UG"},
		// English number.
		{"PLCs and Industrial Robots", "plc:PLCs|robot:Industrial Robots"},
		{"welding technologies, operating  database", "tech:welding technologies|db:operating  database"},
		{"Databases\nladder-\nlogic", "db:Databases|plc-dup:ladder-\nlogic"},
		// Pieces that cannot be parted.
		{"①UG ㎏ Ja\u0301va plc\u0301", ""},
		{"P\u200bLC", "plc:P\u200bLC"},
		{"שלום PLC \u200fעולם 👩\u200d🔧机器人", "plc:PLC|robot:机器人"},
		{"\xff数据库\xe6\x95", "db:数据库"},
		{"", ""},
	} {
		if got := finds(x, c.text); got != c.want {
			t.Errorf("Extract(%q)\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestConfidence(t *testing.T) {
	x := New(trade())
	const text = "机器人 PLC 客服 Go PLC programming 工业机器人"
	want := []Found{
		{Skill: "robot", Start: 0, End: 9, Text: "机器人", How: ByAlias, Confidence: 0.95},
		{Skill: "plc", Start: 10, End: 13, Text: "PLC", How: ByAlias, Confidence: 0.95},
		{Skill: "service", Start: 14, End: 20, Text: "客服", How: ByAlias, Confidence: 0.6},
		{Skill: "go", Start: 21, End: 23, Text: "Go", How: ByLabel, Confidence: 0.6},
		{Skill: "plc", Start: 24, End: 39, Text: "PLC programming", How: ByLabel, Confidence: 1},
		{Skill: "robot", Start: 40, End: 55, Text: "工业机器人", How: ByLabel, Confidence: 1},
	}
	if got := x.Extract(text); !slices.Equal(got, want) {
		t.Errorf("Extract =\n%+v, want\n%+v", got, want)
	}
	best := []Found{want[3], want[4], want[5], want[2]}
	if got := x.Skills(text + "，工业机器人"); !slices.Equal(got, best) {
		t.Errorf("Skills =\n%+v, want\n%+v", got, best)
	}
}

// TestLongText compares a text of many windows with its lines one by one.
func TestLongText(t *testing.T) {
	x := New(trade())
	line := "负责工业机器人操作与PLC编程, knows C++ and databases; 做客服\n"
	per := x.Extract(line)
	if len(per) != 5 {
		t.Fatalf("%d finds in a line: %+v", len(per), per)
	}
	const lines = 2000
	got := x.Extract(strings.Repeat(line, lines))
	if len(got) != lines*len(per) {
		t.Fatalf("%d finds, want %d", len(got), lines*len(per))
	}
	for i, f := range got {
		want := per[i%len(per)]
		off := i / len(per) * len(line)
		want.Start, want.End = want.Start+off, want.End+off
		if f != want {
			t.Fatalf("find %d is %+v, want %+v", i, f, want)
		}
	}
}

// TestHardText: megabytes of what no one should send.
func TestHardText(t *testing.T) {
	x := New(trade())
	for name, piece := range map[string]string{
		"binary": "\x00\xff\xfe\x80PLC\xc3", "marks": "e\u0301\u0302\u0303", "spaces": " \t\u3000-", "letters": "aaaa", "emoji": "👩\u200d🔧",
	} {
		text := strings.Repeat(piece, 1<<18/len(piece)) + "机器人"
		got := x.Extract(text)
		if len(got) == 0 || got[len(got)-1].End != len(text) || got[len(got)-1].Skill != "robot" {
			t.Errorf("%s: the last word is not found", name)
		}
	}
	if got := x.Extract("e" + strings.Repeat("\u0301", 1<<19)); len(got) != 0 {
		t.Errorf("marks on one letter: %+v", got)
	}
	for _, piece := range []string{ // what makes the rules look far, in one clause and in many
		"机", "工业机器", "a", "industrial ", "熟练", "熟练，", "PLC优先，", "会", "不要求PLC、", "(", "PLC(", "Pyhton ", "工业机器人操做", "no PLC ", "1.", "PLC：",
	} {
		text := strings.Repeat(piece, 1<<18/len(piece))
		got := x.Read(text)
		if n := len(got.Found) + len(got.Removed); strings.Contains(piece, "PLC") != (n > 0) && piece != "Pyhton " && piece != "工业机器人操做" {
			t.Errorf("%q, repeated: %d finds", piece, n)
		}
	}
	long := strings.Repeat("无关的文字 and words；", 10<<20/28) + "PLC"
	if got := x.Extract(long); len(got) != 1 || got[0].End != len(long) {
		t.Errorf("ten megabytes: %+v", got)
	}
	if len(New(taxonomy.NewCatalogue(nil, nil)).Extract("PLC编程")) != 0 {
		t.Error("an empty catalogue finds something")
	}
}

func TestConcurrentUse(t *testing.T) {
	x := New(trade())
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			text := strings.Repeat("PLC编程 ", i*400+1)
			if got := x.Extract(text); len(got) != i*400+1 {
				t.Errorf("%d finds, want %d", len(got), i*400+1)
			}
		})
	}
	wg.Wait()
}

// TestExtractDoesNotAllocate: nothing is allocated for each character. The bound
// leaves room for a fresh window, which the race detector's pool often needs.
func TestExtractDoesNotAllocate(t *testing.T) {
	x := New(trade())
	text := strings.Repeat("无关的中文句子，with English words；①é ", 500)
	x.Extract(text)
	if n := testing.AllocsPerRun(20, func() { x.Extract(text) }); n > 20 {
		t.Errorf("%.0f allocations for %d bytes without a find", n, len(text))
	}
}

// TestEveryBuiltinLabel: each label of the embedded pack is found in a sentence.
func TestEveryBuiltinLabel(t *testing.T) {
	records, err := taxonomy.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var skills []*talent.Skill
	for _, r := range records {
		if s, ok := r.(*talent.Skill); ok {
			skills = append(skills, s)
		}
	}
	c := taxonomy.NewCatalogue(skills, nil)
	x := New(c)
	for _, s := range c.Skills() {
		for _, l := range c.Labels(s.ID) {
			id, _, _ := c.Resolve(l)
			text := fmt.Sprintf("要求：熟悉%s。", l)
			got := x.Extract(text)
			if len(got) != 1 || got[0].Skill != id || got[0].Text != l {
				t.Errorf("%s: %q is found as %+v", s.ID, text, got)
			}
		}
	}
}

// lookup walks the trie for one whole label.
func (x *Extractor) lookup(key string) (at int32, ok bool) { return x.trie.find(key) }

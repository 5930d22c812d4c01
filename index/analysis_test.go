package index

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	tests := []struct {
		name, text string
		want       []string
	}{
		{"empty", "", []string{}},
		{"one character", "焊", []string{"焊"}},
		{"Chinese as characters and pairs", "数控车", []string{"数", "数控", "控", "控车", "车"}},
		{"punctuation parts runs", "数控，车", []string{"数", "数控", "控", "车"}},
		{"mixed without spaces", "PLC编程", []string{"plc", "编", "编程", "程"}},
		{"stems", "Programs programming programmers PLCs", []string{"program", "program", "programm", "plc"}},
		{"short words keep their s", "ROS iOS GIS", []string{"ros", "ios", "gis"}},
		{"stop words", "the design of a machine", []string{"design", "machin"}},
		{"capitals mean the trade", "IT and CAN: is it?", []string{"it", "can"}},
		{"possessive", "master's nurse’s", []string{"master", "nurs"}},
		{"signs kept", "C++ C# .NET CI/CD TCP/IP Node.js", []string{"c++", "c#", ".net", "ci/cd", "tcp/ip", "node.js"}},
		{"signs beside Chinese", "熟悉C++编程", []string{"熟", "熟悉", "悉", "c++", "编", "编程", "程"}},
		{"signs beside each other", "C/C++/C#、ASP.NET", []string{"c", "c++", "c#", "asp", ".net"}},
		{"a host is no .NET", "www.example.net asp.net vb.Net", []string{"www", "exampl", "net", "asp", ".net", "vb", ".net"}},
		{"signs that mean nothing", "a+b 3# c+++ 1+1", []string{"b", "3", "c", "1", "1"}},
		{"digits", "S7-1200 2.4G 5轴 GB/T 4754", []string{"s7", "1200", "2.4g", "5", "轴", "gb/t", "4754"}},
		{"full width", "ＰＬＣ　Ｃ＋＋　ＩＴ　３．５", []string{"plc", "c++", "it", "3.5"}},
		{"sentence point", "Design.Build 3.", []string{"design", "build", "3"}},
		{"other scripts", "größe", []string{"größe"}},
		{"kana", "カメラ", []string{"カ", "カメ", "メ", "メラ", "ラ"}},
		{"bad bytes part", "PLC\xff编", []string{"plc", "编"}},
		{"repeats stay", "PLC plc", []string{"plc", "plc"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := Terms(tt.text); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("Terms(%q)\n got %q\nwant %q", tt.text, got, tt.want)
			}
		})
	}
}

// Positions must agree between titles (with single characters) and text (pairs
// only), or a phrase would be found in the one and not in the other.
func TestPositionsAgreeBetweenModes(t *testing.T) {
	const text = "机器学习 python 焊 PLC编程"
	at := func(singles bool) map[string]int {
		m := map[string]int{}
		scan(text, singles, func(tok token) {
			if utf8.RuneCountInString(tok.term) > 1 || !singles {
				m[tok.term] = tok.pos
			}
		})
		return m
	}
	long, short := at(false), at(true)
	delete(long, "焊")
	if !reflect.DeepEqual(long, short) {
		t.Errorf("pairs at %v, with singles at %v", long, short)
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"", "熟悉C++编程，ＰＬＣ", ".net", "a.js", "'s", "C#", "tcp/", "’’a’s", "\xff\xfe", "3.5.", "𠀀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		scan(text, true, func(tok token) {
			if tok.term == "" || tok.start < 0 || tok.end > len(text) || tok.start >= tok.end {
				t.Fatalf("%q: bad token %+v", text, tok)
			}
			if tok.pos < last || tok.pos > last+1 {
				t.Fatalf("%q: position %d after %d", text, tok.pos, last)
			}
			last = tok.pos
		})
	})
}

func BenchmarkTerms(b *testing.B) {
	for name, text := range map[string]string{
		"mixed":   "负责PLC编程与调试，熟悉西门子S7-1200，了解工业机器人；C++/C#优先。Experience with programming industrial controllers, TCP/IP networks and CI/CD pipelines. ",
		"chinese": "负责自动化产线的电气设计与调试，熟悉工业机器人与数控机床的日常维护，有良好的沟通能力和团队合作精神。",
		"english": "Plan, direct, or coordinate the operations of public or private organizations, overseeing multiple departments or locations. ",
	} {
		b.Run(name, func(b *testing.B) {
			text := strings.Repeat(text, 2048/len(text)+1)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				Terms(text)
			}
		})
	}
}

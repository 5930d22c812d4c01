package main

import (
	"bufio"
	"strings"
	"testing"
)

func TestDisplayWidth(t *testing.T) {
	for s, want := range map[string]int{
		"": 0, "PLC": 3, "编程": 4, "PLC编程": 7, "（样例）": 8, "ｱｲｳ": 3, "é": 1, "e\u0301": 1, "한국": 4, "a\u200bb": 2, "…": 1,
	} {
		if got := displayWidth(s); got != want {
			t.Errorf("displayWidth(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		s    string
		n    int
		want string
	}{
		{"工业机器人", 10, "工业机器人"}, {"工业机器人", 9, "工业机器…"}, {"工业机器人", 8, "工业机…"}, {"PLC编程", 6, "PLC编…"}, {"abc", 1, "…"},
	} {
		if got := cut(test.s, test.n); got != test.want || displayWidth(got) > test.n {
			t.Errorf("cut(%q, %d) = %q, want %q", test.s, test.n, got, test.want)
		}
	}
}

func TestTable(t *testing.T) {
	table := newTable("  ", ">#", "名称", "id")
	table.add("1", "中药制药", "p.1")
	table.add("10", "药学\x1b[31m\n", "p.2")
	var b strings.Builder
	w := bufio.NewWriter(&b)
	table.write(w)
	w.Flush()
	want := "   #  名称        id\n" +
		"   1  中药制药    p.1\n" +
		"  10  药学 [31m   p.2\n"
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

// TestCutMiddle: the end stays, and the width holds.
func TestCutMiddle(t *testing.T) {
	for in, want := range map[string]string{"short": "short", "职业 c.ser.formula-granule.month": "职业 c.ser.fo…e.month", "职业 c.ser.formula-granule.year": "职业 c.ser.fo…le.year"} {
		if got := cutMiddle(in, 21); got != want || displayWidth(got) > 21 {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"talentmatch/market"
	"talentmatch/talent/interchange"
)

// standardInput puts data in place of the process's standard input.
func standardInput(t *testing.T, data string) {
	t.Helper()
	file, err := os.Open(write(t, "stdin", data))
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdin
	os.Stdin = file
	t.Cleanup(func() {
		os.Stdin = old
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}

func gb18030(t *testing.T, text string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestParseTexts(t *testing.T) {
	const file = "q1\t\"干法制粒\r\nq2\t\n\n  \r\nمهندس-3\tשלום\t👩‍🔧 tail \n#4\tx\ry"
	want := []market.LinkText{{ID: "q1", Text: "\"干法制粒"}, {ID: "q2"}, {ID: "مهندس-3", Text: "שלום\t👩‍🔧 tail "}, {ID: "#4", Text: "x\ry"}}
	got, err := parseTexts(file, "x.tsv", 0)
	if err != nil || len(got) != len(want) {
		t.Fatalf("%q, %v", got, err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %q, want %q", i, got[i], want[i])
		}
	}
}

// TestParseTextsRoundTrip: what is written down as lines comes back.
func TestParseTextsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) market.LinkText {
			return market.LinkText{ID: rapid.StringMatching(`[!-~一-龥😀]{1,5}`).Draw(t, "id"), Text: rapid.StringMatching(`[ -~一-龥\t😀-🙏]*`).Draw(t, "text")}
		}), 1, 10, func(x market.LinkText) string { return x.ID }).Draw(t, "texts")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\n\n", "\r\n \r\n"}).Draw(t, "end")
		var b strings.Builder
		for _, x := range want {
			b.WriteString(x.ID + "\t" + x.Text + end)
		}
		got, err := parseTexts(b.String(), "x", 0)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%q: %q, %v", b.String(), got, err)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%q, want %q", got[i], want[i])
			}
		}
	})
}

// TestBadTexts: every bad input is named with file and line on standard error, and
// nothing is on standard output.
func TestBadTexts(t *testing.T) {
	data := granuleStore(t)
	for _, test := range []struct{ name, input, says string }{
		{"no tab", "a\t干法制粒\nb 提取\n", "FILE:2: has no tab between id and text: b 提取"},
		{"no id", "a\tx\n\ty\n", "FILE:2: the id before the tab is empty"},
		{"blank but for a tab", "a\tx\n \t \n", `FILE:2: the id must not hold white space (got " ")`},
		{"white space in the id", "a b\tx\n", `FILE:1: the id must not hold white space (got "a b")`},
		{"wide space in the id", "甲\u3000乙\tx\n", `FILE:1: the id must not hold white space (got "甲\u3000乙")`},
		{"id twice", "甲\tx\r\n\r\n乙\ty\r\n甲\tz\r\n", "FILE:4: the id 甲 stands there twice (first in line 1)"},
		{"empty", "", "FILE: has no texts"},
		{"blank", "\ufeff\r\n \n", "FILE: has no texts"},
		{"binary", "a\tx\nb\t\x00\x01\n", "FILE:2: invalid: looks like UTF-16 or a binary file: save it as UTF-8 text"},
		{"half a character", "a\t配方颗粒\nb\t制\xe7\xb2\n", "FILE:2: invalid: is not valid UTF-8 (byte 20 of the file)"},
		{"neither encoding", "a\tx\nb\tcaf\xe9 \n", "FILE:2: invalid: is neither valid UTF-8 nor valid GB18030: save it as UTF-8 text"},
	} {
		file := write(t, "texts.tsv", test.input)
		for _, command := range []string{"link --to skill", "extract"} {
			args := append(strings.Fields(command), "--data", data, "--input", file)
			status, out, errs := talentmatch(t, args...)
			if want := "talentmatch: " + strings.ReplaceAll(test.says, "FILE", file) + "\n"; status != exitFailed || out != "" || errs != want {
				t.Errorf("%s of %s: exit %d, %q\n says %s want %s", command, test.name, status, out, errs, want)
			}
		}
	}
	standardInput(t, "a\n")
	if status, _, errs := talentmatch(t, "link", "--to", "skill", "--data", data, "--input", "-"); status != exitFailed || errs != "talentmatch: standard input:1: has no tab between id and text: a\n" {
		t.Errorf("exit %d, %s", status, errs)
	}
	folder := filepath.Dir(data)
	for file, says := range map[string]string{folder: "talentmatch: read " + folder + ": is a directory\n", "/nowhere": "talentmatch: open /nowhere: no such file or directory\n"} {
		if status, _, errs := talentmatch(t, "extract", "--data", data, "--input", file); status != exitFailed || errs != says {
			t.Errorf("exit %d, %s", status, errs)
		}
	}
}

// TestLongTexts: a line of ten megabytes is too long to link, and says so; skills are
// found in it.
func TestLongTexts(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "long.tsv", "a\tx\nb\t"+strings.Repeat("制粒工艺", 10<<20/12)+"干法制粒\n")
	status, out, errs := talentmatch(t, "link", "--to", "skill", "--data", data, "--input", file)
	if want := "talentmatch: " + file + ":2: the text has 10485768 bytes, at most 1048576 are read\n"; status != exitFailed || out != "" || errs != want {
		t.Errorf("exit %d, %q\n says %s want %s", status, out, errs, want)
	}
	out = must(t, "extract", "--data", data, "--input", file, "--format", "csv", "--latent")
	if want := strings.Join(extractColumns, ",") + "\nb,10485756,10485768,干法制粒,sk.granulate,干法制粒,,,label,1,\n"; out != want {
		t.Errorf("%q, want %q", out, want)
	}
}

// FuzzTexts: any bytes are texts under different ids without white space, or an error
// that names the file.
func FuzzTexts(f *testing.F) {
	for _, seed := range []string{"q1\t工业机器人\n", "q1\t\xb9\xa4\xd2\xb5\n", "\ufeffq\t😀\r\n\r\nq\t\n", "a\t\xe4\xb8\n", "\xff\xfea\x00", "م\tשלום\u2028x\tb", "\t\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := interchange.ReadText(bytes.NewReader(data), "x.tsv", "")
		var texts []market.LinkText
		if err == nil {
			texts, err = parseTexts(text, "x.tsv", 1<<10)
		}
		if err != nil {
			if !strings.HasPrefix(err.Error(), "x.tsv:") || texts != nil {
				t.Fatalf("%q: %v", data, err)
			}
			return
		}
		seen := map[string]bool{}
		for _, x := range texts {
			if x.ID == "" || seen[x.ID] || strings.ContainsFunc(x.ID, unicode.IsSpace) || !utf8.ValidString(x.ID+x.Text) || len(x.Text) > 1<<10 {
				t.Fatalf("%q: %q", data, x)
			}
			seen[x.ID] = true
		}
	})
}

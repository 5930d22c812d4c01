package interchange

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"talentmatch/talent"
)

func TestReadText(t *testing.T) {
	gb := func(s string) string {
		out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	const text = "q1\t工业机器人 😀\r\nq2\tشحن\n"
	for _, tt := range []struct{ name, encoding, data, want string }{
		{"utf-8", "", text, text},
		{"byte order mark", "", "\ufeff" + text, text},
		{"gb18030", "", gb(text), text},
		{"gb18030 with a byte order mark", "", "\x84\x31\x95\x33" + gb(text), text},
		{"told", "GBK", gb("联通"), "联通"},
		{"empty", "", "", ""},
		{"byte order mark alone", "", "\ufeff", ""},
	} {
		if got, err := ReadText(strings.NewReader(tt.data), "x.tsv", tt.encoding); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
	for _, tt := range []struct{ name, encoding, data, want string }{
		{"half a character among many", "", "a\t工程师\nb\t机器\xe4\xba\n", "x.tsv:2: invalid: is not valid UTF-8 (byte 20 of the file)"},
		{"after a byte order mark", "", "\ufeffa\tx\nb\t\xff\n", "x.tsv:2: invalid: is not valid UTF-8 (byte 9 of the file)"},
		{"told otherwise", "utf-8", "a\t\xb9\xa4\n", "x.tsv:1: invalid: is not valid UTF-8 (byte 2 of the file)"},
		{"neither", "", "a\tx\nb\tcaf\xe9 \n", "x.tsv:2: invalid: is neither valid UTF-8 nor valid GB18030: save it as UTF-8 text"},
		{"NUL", "", "a\tx\nb\ty\nc\t\x00\n", "x.tsv:3: invalid: looks like UTF-16 or a binary file: save it as UTF-8 text"},
		{"UTF-16", "", "\xff\xfea\x00\t\x00", "x.tsv: invalid: looks like UTF-16 or a binary file: save it as UTF-8 text"},
		{"unknown encoding", "big5", "", `x.tsv: encoding "big5" (known: utf-8, gb18030): not supported`},
	} {
		got, err := ReadText(strings.NewReader(tt.data), "x.tsv", tt.encoding)
		if err == nil || err.Error() != tt.want || got != "" {
			t.Errorf("%s: %q, %v\nwant %s", tt.name, got, err, tt.want)
		}
		if tt.encoding != "big5" && !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%s: %v is not ErrInvalid", tt.name, err)
		}
	}
	broken := errors.New("pulled out")
	if _, err := ReadText(failing{broken}, "x.tsv", ""); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestReadTextRoundTrip: Chinese text of some length comes back from both encodings,
// whatever else it holds.
func TestReadTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat("负责设备的安装与调试。", 3) + rapid.StringMatching(`[ -~一-龥぀-ヿ😀-🙏\n]*`).Draw(t, "text")
		for _, encode := range []func(string) (string, error){
			func(s string) (string, error) { return s, nil },
			simplifiedchinese.GB18030.NewEncoder().String,
		} {
			data, err := encode(text)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := ReadText(bytes.NewReader([]byte(data)), "x", ""); err != nil || got != text {
				t.Fatalf("%q: %q, %v", text, got, err)
			}
		}
	})
}

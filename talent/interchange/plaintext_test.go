package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"talentmatch/talent"
)

func TestReadText(t *testing.T) {
	const text = "q1\t工业机器人 😀\r\nq2\tشحن\n"
	for _, tt := range []struct{ name, encoding, data, want string }{
		{"utf-8", "", text, text},
		{"byte order mark", "", "\ufeff" + text, text},
		{"gb18030", "", gb18030(t, text), text},
		{"gb18030 with a byte order mark", "", "\x84\x31\x95\x33" + gb18030(t, text), text},
		{"told", "GBK", gb18030(t, "联通"), "联通"},
		{"empty", "", "", ""},
		{"byte order mark alone", "", "\ufeff", ""},
	} {
		if got, err := ReadText(strings.NewReader(tt.data), "x.tsv", tt.encoding); err != nil || got != tt.want {
			t.Errorf("%s: %q, %v; want %q", tt.name, got, err, tt.want)
		}
		for kind, path := range map[string]string{"file": file(t, "x.tsv", tt.data), "pipe": pipe(t, tt.data)} {
			if got, err := openedText(path, tt.encoding); err != nil || got != tt.want {
				t.Errorf("%s, %s: %q, %v; want %q", tt.name, kind, got, err, tt.want)
			}
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
		for kind, path := range map[string]string{"file": file(t, "x.tsv", tt.data), "pipe": pipe(t, tt.data)} {
			got, err := openedText(path, tt.encoding)
			if want := strings.Replace(tt.want, "x.tsv", path, 1); err == nil || err.Error() != want || got != "" {
				t.Errorf("%s, %s: %q, %v\nwant %s", tt.name, kind, got, err, want)
			}
		}
	}
	broken := errors.New("pulled out")
	if _, err := ReadText(failing{broken}, "x.tsv", ""); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

// openedText is what OpenText reads of a file.
func openedText(path, encoding string) (string, error) {
	in, err := OpenText(path, encoding)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(in)
	return string(text), errors.Join(err, in.Close())
}

// pipe is the path of a pipe that holds data, which cannot be read twice.
func pipe(t *testing.T, data string) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := w.WriteString(data); err != nil { // less than a pipe holds
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/dev/fd/%d", r.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip("this system has no paths for pipes")
	}
	return path
}

// TestOpenTextStreams: a long file's text is all there, from both encodings, and what
// cannot be read is named once.
func TestOpenTextStreams(t *testing.T) {
	long := strings.Repeat("ascii only\n", 30_000) + strings.Repeat("负责设备的安装与调试😀\n", 3_000)
	for _, data := range []string{long, "\ufeff" + long, gb18030(t, long)} {
		if got, err := openedText(file(t, "long.txt", data), ""); err != nil || got != long {
			t.Errorf("%d of %d bytes, %v", len(got), len(long), err)
		}
	}
	folder := t.TempDir()
	for path, want := range map[string]string{folder: "read " + folder + ": is a directory", folder + "/none": "open " + folder + "/none: no such file or directory"} {
		if _, err := OpenText(path, ""); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
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

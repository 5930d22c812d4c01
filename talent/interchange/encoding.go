package interchange

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// A scan is what the bytes of a whole file look like as UTF-8. Chinese text in
// GB18030 is hardly ever valid UTF-8, but its first non-ASCII byte may come late,
// so all of the file is looked at.
type scan struct {
	bom       bool
	multi     int   // valid UTF-8 sequences of several bytes
	bad       int   // bytes that are not UTF-8
	badLine   int   // where the first of them is
	badOffset int64 // from 0
	binary    bool  // it is UTF-16, or holds a NUL byte
	nulLine   int   // where the first NUL byte is; 0 for UTF-16
}

// guess is the encoding of a text that is not binary. Chinese in GB18030 gives several
// bad bytes for each sequence that happens to be valid; mostly valid sequences mean
// UTF-8 with something broken in it.
func (s scan) guess() string {
	if s.bad > 0 && !s.bom && s.bad > s.multi {
		return "gb18030"
	}
	return "utf-8"
}

func scanBytes(r io.Reader) (scan, error) {
	var s scan
	buf := make([]byte, 0, 64<<10)
	line, offset := 1, int64(0)
	for first := true; ; first = false {
		n, err := io.ReadFull(r, buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		end := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !end {
			return s, err
		}
		if first {
			if bytes.HasPrefix(buf, []byte("\xff\xfe")) || bytes.HasPrefix(buf, []byte("\xfe\xff")) {
				s.binary = true
				return s, nil
			}
			s.bom = bytes.HasPrefix(buf, utf8BOM)
		}
		i := 0
		for i < len(buf) {
			c := buf[i]
			if c < utf8.RuneSelf {
				switch {
				case c == '\n':
					line++
				case c == 0 && !s.binary:
					s.binary, s.nulLine = true, line
				}
				i++
				continue
			}
			if !end && !utf8.FullRune(buf[i:]) {
				break
			}
			if _, size := utf8.DecodeRune(buf[i:]); size > 1 {
				s.multi++
				i += size
				continue
			}
			if s.bad == 0 {
				s.badLine, s.badOffset = line, offset+int64(i)
			}
			s.bad++
			i++
		}
		offset += int64(i)
		buf = buf[:copy(buf[:cap(buf)], buf[i:])]
		if end {
			return s, nil
		}
	}
}

// How a file that cannot be read should be saved.
const (
	saveAsCSV  = "save it as CSV UTF-8"
	saveAsText = "save it as UTF-8 text"
)

// detectEncoding tells UTF-8 and GB18030 apart, or checks that the file is what
// want says. save says how else a file that is neither should be saved. It leaves f at
// its start.
func detectEncoding(f io.ReadSeeker, path, want, save string) (enc string, bom bool, err error) {
	s, err := scanBytes(f)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return "", false, readError(path, err)
	}
	pos := Position{File: path}
	if s.binary {
		pos.Line = s.nulLine
		return "", false, unreadable(pos, "looks like UTF-16 or a binary file: %s", save)
	}
	if want == "" {
		want = s.guess()
	}
	if want == "utf-8" {
		if s.bad > 0 {
			pos.Line = s.badLine
			return "", false, unreadable(pos, "is not valid UTF-8 (byte %d of the file)", s.badOffset)
		}
		return want, s.bom, nil
	}
	return want, false, checkGB18030(f, path, save)
}

// checkGB18030 refuses a file whose bytes are not GB18030 throughout, and leaves f
// at its start.
func checkGB18030(f io.ReadSeeker, path, save string) error {
	text := simplifiedchinese.GB18030.NewDecoder().Reader(f)
	buf := make([]byte, 64<<10)
	replacement := []byte(string(utf8.RuneError))
	line, kept := 1, 0
	for {
		n, err := text.Read(buf[kept:])
		part := buf[:kept+n]
		if i := bytes.Index(part, replacement); i >= 0 {
			line += bytes.Count(part[:i], []byte("\n"))
			return unreadable(Position{File: path, Line: line}, "is neither valid UTF-8 nor valid GB18030: %s", save)
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return readError(path, err)
		}
		keep := min(len(part), len(replacement)-1) // a match may straddle two reads
		line += bytes.Count(part[:len(part)-keep], []byte("\n"))
		kept = copy(buf, part[len(part)-keep:])
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return readError(path, err)
	}
	return nil
}

// readError says which file cannot be read, unless the error does.
func readError(path string, err error) error {
	var named *fs.PathError
	if errors.As(err, &named) {
		return err
	}
	return fmt.Errorf("%s: read: %w", path, err)
}

// decoded is text of a known encoding as UTF-8, without a byte order mark.
func decoded(r io.Reader, enc string) *bufio.Reader {
	if enc == "gb18030" {
		r = simplifiedchinese.GB18030.NewDecoder().Reader(r)
	}
	br := bufio.NewReaderSize(r, sniff)
	if b, _ := br.Peek(len(utf8BOM)); bytes.Equal(b, utf8BOM) {
		_, _ = br.Discard(len(utf8BOM))
	}
	return br
}

// encodingName is the encoding for people.
func encodingName(enc string, bom bool) string {
	switch {
	case enc == "gb18030":
		return "GB18030"
	case bom:
		return "UTF-8 with BOM"
	}
	return "UTF-8"
}

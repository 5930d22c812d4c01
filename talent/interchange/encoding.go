package interchange

import (
	"bytes"
	"fmt"
	"io"
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
	nul       bool  // it holds a NUL byte, or is UTF-16
	utf16     bool
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
				s.nul, s.utf16 = true, true
				return s, nil
			}
			s.bom = bytes.HasPrefix(buf, utf8BOM)
		}
		i := 0
		for i < len(buf) {
			c := buf[i]
			if c < utf8.RuneSelf {
				if c == '\n' {
					line++
				}
				s.nul = s.nul || c == 0
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

// detectEncoding tells UTF-8 and GB18030 apart, or checks that the file is what
// want says. It leaves f at its start.
func detectEncoding(f io.ReadSeeker, path, want string) (enc string, bom bool, err error) {
	s, err := scanBytes(f)
	if err != nil {
		return "", false, fmt.Errorf("%s: read: %w", path, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return "", false, fmt.Errorf("%s: read: %w", path, err)
	}
	pos := Position{File: path}
	if s.nul {
		return "", false, unreadable(pos, "looks like UTF-16 or a binary file: save it as CSV UTF-8")
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
	return want, false, checkGB18030(f, path)
}

// checkGB18030 refuses a file whose bytes are not GB18030 throughout, and leaves f
// at its start.
func checkGB18030(f io.ReadSeeker, path string) error {
	text := simplifiedchinese.GB18030.NewDecoder().Reader(f)
	buf := make([]byte, 64<<10)
	replacement := []byte(string(utf8.RuneError))
	line, kept := 1, 0
	for {
		n, err := text.Read(buf[kept:])
		part := buf[:kept+n]
		if i := bytes.Index(part, replacement); i >= 0 {
			line += bytes.Count(part[:i], []byte("\n"))
			return unreadable(Position{File: path, Line: line}, "is neither valid UTF-8 nor valid GB18030: save it as CSV UTF-8")
		}
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: read: %w", path, err)
		}
		keep := min(len(part), len(replacement)-1) // a match may straddle two reads
		line += bytes.Count(part[:len(part)-keep], []byte("\n"))
		kept = copy(buf, part[len(part)-keep:])
	}
	_, err := f.Seek(0, io.SeekStart)
	if err != nil {
		return fmt.Errorf("%s: read: %w", path, err)
	}
	return nil
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

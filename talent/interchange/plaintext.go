package interchange

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadText reads all of r as text without a byte order mark; name stands for it in
// errors. encoding is "utf-8", "gb18030" or "" to find out, as for CSV. Bytes that are
// no text of that encoding, UTF-16 and NUL bytes are errors that name the line, as far
// as there is one.
func ReadText(r io.Reader, name, encoding string) (string, error) {
	o, err := Options{Encoding: encoding}.check()
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return "", fmt.Errorf("%s: read: %w", name, err)
	}
	pos := Position{File: name}
	s, err := scanBytes(bytes.NewReader(data))
	if err != nil {
		return "", fmt.Errorf("%s: read: %w", name, err)
	}
	if s.nul {
		if i := bytes.IndexByte(data, 0); i >= 0 && !s.utf16 {
			pos.Line = 1 + bytes.Count(data[:i], []byte("\n"))
		}
		return "", unreadable(pos, "looks like UTF-16 or a binary file: save it as UTF-8 text")
	}
	enc := o.Encoding
	if enc == "" {
		enc = s.guess()
	}
	if enc == "utf-8" {
		if s.bad > 0 {
			pos.Line = s.badLine
			return "", unreadable(pos, "is not valid UTF-8 (byte %d of the file)", s.badOffset)
		}
		return string(bytes.TrimPrefix(data, utf8BOM)), nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil {
		return "", fmt.Errorf("%s: read: %w", name, err)
	}
	if i := bytes.IndexRune(text, '\uFFFD'); i >= 0 {
		pos.Line = 1 + bytes.Count(text[:i], []byte("\n"))
		return "", unreadable(pos, "is neither valid UTF-8 nor valid GB18030: save it as UTF-8 text")
	}
	return strings.TrimPrefix(string(text), "\ufeff"), nil
}

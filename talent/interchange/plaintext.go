package interchange

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
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
		return "", readError(name, err)
	}
	enc, _, err := detectEncoding(bytes.NewReader(data), name, o.Encoding, saveAsText)
	if err != nil {
		return "", err
	}
	if enc == "utf-8" {
		return string(bytes.TrimPrefix(data, utf8BOM)), nil
	}
	text, err := io.ReadAll(decoded(bytes.NewReader(data), enc))
	if err != nil {
		return "", readError(name, err)
	}
	return string(text), nil
}

// OpenText opens a file whose text is what ReadText makes of it, with the same errors.
// The file is read twice and never held in memory; a pipe, which cannot be, is held.
func OpenText(path, encoding string) (io.ReadCloser, error) {
	o, err := Options{Encoding: encoding}.check()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
		enc, _, err := detectEncoding(f, path, o.Encoding, saveAsText)
		if err != nil {
			f.Close() // only read
			return nil, err
		}
		return textFile{decoded(f, enc), f}, nil
	}
	defer f.Close() // only read
	text, err := ReadText(f, path, encoding)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// textFile is a file's text and what closes the file.
type textFile struct {
	io.Reader
	io.Closer
}

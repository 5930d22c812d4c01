package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"talentmatch/talent"
)

// Limits of a workbook, in bytes after unpacking. Worksheets and shared strings
// beyond maxInMemory are unpacked to temporary files and read as a stream, of
// which one token and one row are in memory at a time; every other part is held in
// memory as a whole.
const (
	maxUnzipped = 4 << 30
	maxInMemory = 16 << 20
	maxOther    = 256 << 20 // all parts but cells, pictures for the most part
	maxToken    = 1 << 20   // a cell's 32,767 characters fit however they are escaped
	maxRowXML   = 32 << 20
)

// checkArchive looks at a workbook before excelize does: that it is one, that
// nothing in it is too large to read, and that its sheets are well-formed to the
// end, since excelize takes broken XML for the end of a sheet.
func checkArchive(name string) error {
	pos := Position{File: name}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	magic := make([]byte, 4)
	n, _ := io.ReadFull(f, magic)
	if bytes.HasPrefix(magic[:n], []byte("\xd0\xcf\x11\xe0")) {
		return unreadable(pos, "is an old .xls workbook or protected by a password: save it as .xlsx without one")
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return unreadable(pos, "is not an .xlsx workbook: %v", err)
	}
	if err := checkSizes(z); err != nil {
		return fmt.Errorf("%s: %w", pos, err)
	}
	for _, part := range z.File {
		if !holdsCells(part) {
			continue
		}
		err := checkXML(part)
		if errors.Is(err, talent.ErrTooLarge) {
			return fmt.Errorf("%s: %s in the workbook: %w", pos, part.Name, err)
		}
		if err != nil {
			return unreadable(pos, "%s in the workbook is damaged: %v", part.Name, err)
		}
	}
	return nil
}

// holdsCells reports whether a part is a worksheet or the shared strings.
func holdsCells(part *zip.File) bool {
	name := strings.ToLower(strings.ReplaceAll(part.Name, `\`, "/"))
	return name == "xl/sharedstrings.xml" || path.Dir(name) == "xl/worksheets" && path.Ext(name) == ".xml"
}

func checkSizes(z *zip.Reader) error {
	var all, other uint64
	for _, part := range z.File {
		size := part.UncompressedSize64
		name := strings.ToLower(path.Base(strings.ReplaceAll(part.Name, `\`, "/")))
		// excelize streams sheets by these names only.
		streamed := holdsCells(part) && (strings.HasPrefix(name, "sheet") || name == "sharedstrings.xml")
		if !streamed {
			other += min(size, maxUnzipped+1)
		}
		all += min(size, maxUnzipped+1)
		markup := strings.HasSuffix(name, ".xml") || strings.HasSuffix(name, ".rels")
		switch {
		case all > maxUnzipped:
			return fmt.Errorf("the workbook is %w: unpacked, more than %d MiB", talent.ErrTooLarge, maxUnzipped>>20)
		case other > maxOther, markup && !streamed && size > maxInMemory:
			return fmt.Errorf("the workbook is %w: unpacked, %s and the parts before it have %d MiB besides the cells", talent.ErrTooLarge, part.Name, other>>20)
		}
	}
	return nil
}

// meter counts what is read of an XML part since it was last reset.
type meter struct {
	io.Reader
	token, row int
	inRow      bool
}

func (m *meter) Read(b []byte) (int, error) {
	if m.token > maxToken || m.inRow && m.row > maxRowXML {
		return 0, fmt.Errorf("a cell or row is %w: more than %d KiB of text or %d MiB of XML", talent.ErrTooLarge, maxToken>>10, maxRowXML>>20)
	}
	n, err := m.Reader.Read(b)
	m.token += n
	m.row += n
	return n, err
}

// checkXML reads a part to its end.
func checkXML(part *zip.File) error {
	r, err := part.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	m := &meter{Reader: r}
	dec := xml.NewDecoder(m)
	dec.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("it is written in %s, not UTF-8", talent.Shorten(charset))
	}
	for depth := 0; ; {
		m.token = 0
		tok, err := dec.RawToken()
		if err == io.EOF {
			if depth != 0 {
				return errors.New("it ends too early")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch el := tok.(type) {
		case xml.StartElement:
			depth++
			if el.Name.Local == "row" || el.Name.Local == "si" {
				m.row, m.inRow = 0, true
			}
		case xml.EndElement:
			depth--
			if el.Name.Local == "row" || el.Name.Local == "si" {
				m.inRow = false
			}
		}
	}
}

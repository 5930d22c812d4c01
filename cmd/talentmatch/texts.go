package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"talentmatch/market"
	"talentmatch/talent/interchange"
)

// inputFlags say where texts come from.
type inputFlags struct {
	Input    string `placeholder:"FILE" help:"Texts, one a line: id, tab, text; no header; - is standard input."`
	Encoding string `enum:",utf-8,gb18030" default:"" placeholder:"ENC" help:"utf-8 or gb18030, where telling them apart goes wrong."`
}

// inputHelp is what the help of commands says about --input.
const inputHelp = `The input has no header and no quoting: a line is split at its first tab, further tabs belong to the text, blank
lines are left out. UTF-8 and GB18030 are told apart. An id has no white space and stands there once; what follows the
tab may be empty. All of the input is checked before anything is written.`

// readTexts reads a file of texts. maxBytes bounds each text, 0 does not. Errors name
// the file and the line.
func readTexts(f inputFlags, maxBytes int) ([]market.LinkText, error) {
	name, in := f.Input, io.Reader(os.Stdin)
	if name == "-" {
		name = "standard input"
	} else {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close() // only read
		in = file
	}
	text, err := interchange.ReadText(in, name, f.Encoding)
	if err != nil {
		return nil, err
	}
	return parseTexts(text, name, maxBytes)
}

// parseTexts takes lines of id, tab and text apart.
func parseTexts(text, name string, maxBytes int) ([]market.LinkText, error) {
	var out []market.LinkText
	seen := map[string]int{}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		id, rest, tab := strings.Cut(line, "\t")
		reason := ""
		switch {
		case !tab && strings.TrimSpace(line) == "":
			continue
		case !tab:
			reason = "has no tab between id and text: " + short(line)
		case id == "":
			reason = "the id before the tab is empty"
		case strings.ContainsFunc(id, unicode.IsSpace):
			reason = fmt.Sprintf("the id must not hold white space (got %q)", short(id))
		case seen[id] > 0:
			reason = fmt.Sprintf("the id %s stands there twice (first in line %d)", short(id), seen[id])
		case maxBytes > 0 && len(rest) > maxBytes:
			reason = fmt.Sprintf("the text has %d bytes, at most %d are read", len(rest), maxBytes)
		}
		if reason != "" {
			return nil, fmt.Errorf("%s:%d: %s", name, n, reason)
		}
		seen[id] = n
		out = append(out, market.LinkText{ID: id, Text: rest})
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: has no texts", name)
	}
	return out, nil
}

package market

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// plainNumber writes a number in the shortest form that reads back the same.
func plainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func optionalNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return plainNumber(*v)
}

// noFormula keeps a spreadsheet from taking a text of ours, a name or a key, for a formula. Some
// pass over a tab or an end of line that stands before one.
func noFormula(s string) string {
	if s != "" && s != unsaid && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

// writeLines writes each item as a line of JSON.
func writeLines[T any](w io.Writer, items []T) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range items {
		if err := e.Encode(&items[i]); err != nil {
			return err
		}
	}
	return nil
}

// A rowProvenance is what every row of a report says of where it comes from.
type rowProvenance struct {
	Data       int64           `json:"data_version"`
	Taxonomy   string          `json:"taxonomy"`
	SkillSpace string          `json:"skill_space"`
	Software   string          `json:"software"`
	Seed       *uint64         `json:"seed"`
	Parameters json.RawMessage `json:"parameters"`
}

// mostParameters is how long a request may be, in bytes of JSON, to stand in every row; of a longer one (with
// scenarios, or with the reports of a backtest) its length and SHA-256 stand there, and --save keeps it.
const mostParameters = 2000

// provenance is the report's. The request is compact JSON, defaults filled in.
func (r *Report) provenance() (*rowProvenance, error) {
	var b bytes.Buffer
	if err := json.Compact(&b, r.Request); err != nil {
		return nil, fmt.Errorf("report %s: request: %w", r.Kind, err)
	}
	p := &rowProvenance{r.Versions.Data, r.Versions.Taxonomy, r.Versions.SkillSpace, r.Versions.Software, r.Seed, b.Bytes()}
	if b.Len() > mostParameters {
		sum := sha256.Sum256(b.Bytes())
		p.Parameters = json.RawMessage(fmt.Sprintf(`{"bytes":%d,"sha256":"%s"}`, b.Len(), hex.EncodeToString(sum[:])))
	}
	return p, nil
}

// CSV writes the rows of the report's answer as a Write...CSV does, and behind each what it was computed
// from: data_version, taxonomy, skill_space, software, seed (empty when nothing is drawn) and
// parameters, the request as JSON (of more than 2,000 bytes its length and SHA-256).
func (r *Report) CSV(w io.Writer, rows func(w io.Writer) error) error {
	p, err := r.provenance()
	if err != nil {
		return err
	}
	seed := ""
	if p.Seed != nil {
		seed = strconv.FormatUint(*p.Seed, 10)
	}
	ends := [2]string{}
	for i, row := range [][]string{
		{"data_version", "taxonomy", "skill_space", "software", "seed", "parameters"},
		{strconv.FormatInt(p.Data, 10), noFormula(p.Taxonomy), noFormula(p.SkillSpace), noFormula(p.Software), seed, string(p.Parameters)},
	} {
		var b strings.Builder
		c := csv.NewWriter(&b)
		if err := c.Write(row); err != nil {
			return err
		}
		c.Flush()
		ends[i] = "," + strings.TrimSuffix(b.String(), "\n")
	}
	var all bytes.Buffer
	if err := rows(&all); err != nil {
		return err
	}
	quoted, from, n := false, 0, 0
	for i, c := range all.Bytes() {
		switch {
		case c == '"':
			quoted = !quoted // a quote inside is written twice
		case c == '\n' && !quoted:
			if _, err := io.WriteString(w, string(all.Bytes()[from:i])+ends[min(n, 1)]+"\n"); err != nil {
				return err
			}
			from, n = i+1, n+1
		}
	}
	return nil
}

// NDJSON writes the items of the report's answer as a Write...NDJSON does, each with what it was computed from in
// its last field, provenance: the columns of CSV by name.
func (r *Report) NDJSON(w io.Writer, items func(w io.Writer) error) error {
	p, err := r.provenance()
	if err != nil {
		return err
	}
	var b, all bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := firstOf(e.Encode(p), items(&all)); err != nil {
		return err
	}
	end := `,"provenance":` + strings.TrimSuffix(b.String(), "\n") + "}\n"
	for line := range bytes.Lines(all.Bytes()) {
		if _, err := io.WriteString(w, strings.TrimSuffix(string(line), "}\n")+end); err != nil {
			return err
		}
	}
	return nil
}

package interchange

import (
	"encoding/json"
	"strings"
)

// cohortEntry is one year of a program: year:graduates:enrolled:completion.
type cohortEntry struct {
	Year           json.Number  `json:"year"`
	Graduates      json.Number  `json:"graduates"`
	Enrolled       *json.Number `json:"enrolled,omitempty"`
	CompletionRate *json.Number `json:"completion_rate,omitempty"`
}

var cohortsCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		return parseList(splitItems(cell), func(i int, raw string) (cohortEntry, []problem) {
			c, path, message := parseCohort(raw)
			if message != "" {
				return c, []problem{{item: i, path: path, message: message}}
			}
			return c, nil
		})
	},
	format: func(raw json.RawMessage) string {
		var out []string
		for _, c := range value[[]cohortEntry](raw) {
			parts := []string{c.Year.String(), c.Graduates.String(), "", ""}
			if c.Enrolled != nil {
				parts[2] = c.Enrolled.String()
			}
			if c.CompletionRate != nil {
				parts[3] = c.CompletionRate.String()
			}
			out = append(out, strings.TrimRight(strings.Join(parts, ":"), ":"))
		}
		return joinItems(out)
	},
	syntax:  "list of year:graduates, year:graduates:enrolled or year:graduates:enrolled:completion rate",
	example: "2026:120:130:0.92; 2027:125",
}

func parseCohort(raw string) (c cohortEntry, path, message string) {
	c.Year, c.Graduates = "0", "0"
	parts := splitRaw(raw, partSeparators)
	if len(parts) < 2 || len(parts) > 4 {
		return c, "", "must be year:graduates, year:graduates:enrolled or year:graduates:enrolled:completion rate"
	}
	fields := []struct {
		path  string
		share bool
		units []string
		set   func(json.Number)
	}{
		{".year", false, []string{"年", "届"}, func(n json.Number) { c.Year = n }},
		{".graduates", false, []string{"人", "名"}, func(n json.Number) { c.Graduates = n }},
		{".enrolled", false, []string{"人", "名"}, func(n json.Number) { c.Enrolled = &n }},
		{".completion_rate", true, nil, func(n json.Number) { c.CompletionRate = &n }},
	}
	for i, part := range parts {
		f := fields[i]
		if part == "" && i >= 2 {
			continue
		}
		v, ok := parseNumber(part, f.units...)
		if f.share {
			v, ok = parseShare(part)
		}
		if !ok {
			return c, f.path, "must be a number"
		}
		f.set(json.Number(formatNumber(v)))
	}
	return c, "", ""
}

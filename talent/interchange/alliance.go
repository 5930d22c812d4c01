package interchange

import (
	"encoding/json"
)

// The lists of an alliance: members as organization:role:since, targets as
// metric=value@date:note.

type memberEntry struct {
	Organization string `json:"organization"`
	Role         string `json:"role"`
	Since        string `json:"since,omitempty"`
}

var membersCodec = &codec{
	parse: func(x reading, c *column, cell string) parsed {
		role := subField(c.field, "role")
		return parseList(splitItems(cell), func(i int, raw string) (m memberEntry, bad []problem) {
			parts := splitRaw(raw, partSeparators)
			m.Organization = unescape(parts[0])
			if len(parts) < 2 || len(parts) > 3 {
				return m, []problem{{item: i, message: `must be organization:role or organization:role:since; write \: for a colon in an id`}}
			}
			word, ok := enumWord(c.typ, role, unescape(parts[1]))
			if !ok {
				return m, []problem{{item: i, path: ".role", message: enumHelp(c.typ, role)}}
			}
			m.Role = word
			if len(parts) == 3 && parts[2] != "" {
				since, ok := parseCalendar(parts[2], x.date1904)
				if !ok || since.day == 0 {
					return m, []problem{{item: i, path: ".since", message: "must be a date, e.g. 2026-09-01"}}
				}
				m.Since = since.date()
			}
			return m, nil
		})
	},
	format: func(raw json.RawMessage) string {
		var out []string
		for _, m := range value[[]memberEntry](raw) {
			s := escape(m.Organization, skillEscapes) + ":" + m.Role
			if m.Since != "" {
				s += ":" + m.Since
			}
			out = append(out, s)
		}
		return joinItems(out)
	},
	syntax:  "list of organization:role or organization:role:since",
	example: "org.foxconn:理事长单位:2023-07-01; org.szpt:member",
}

const (
	metricEscapes = strongSeparators + "=＝"
	noteEscapes   = strongSeparators
)

type targetEntry struct {
	Metric string      `json:"metric"`
	Value  json.Number `json:"value"`
	By     string      `json:"by"`
	Note   string      `json:"note,omitempty"`
}

var targetsCodec = &codec{
	parse: func(x reading, _ *column, cell string) parsed {
		return parseList(splitItems(cell), func(i int, raw string) (targetEntry, []problem) {
			t, path, message := parseTarget(x, raw)
			if message != "" {
				return t, []problem{{item: i, path: path, message: message}}
			}
			return t, nil
		})
	},
	format: func(raw json.RawMessage) string {
		var out []string
		for _, t := range value[[]targetEntry](raw) {
			s := escape(t.Metric, metricEscapes) + "=" + t.Value.String() + "@" + t.By
			if t.Note != "" {
				s += ":" + escape(t.Note, noteEscapes)
			}
			out = append(out, s)
		}
		return joinItems(out)
	},
	syntax:  "list of metric=value@date, with :note behind it if wanted",
	example: "订单班学生=1200@2027-12-31; 产业学院=3@2026-12-31:含二期",
}

func parseTarget(x reading, raw string) (t targetEntry, path, message string) {
	t.Value = "0"
	metric, rest, ok1 := cutRaw(raw, "=＝")
	number, rest, ok2 := cutRaw(rest, "@")
	if !ok1 || !ok2 {
		return t, "", "must be metric=value@date"
	}
	t.Metric = unescape(metric)
	v, ok := parseNumber(number)
	if !ok {
		return t, ".value", "must be a number"
	}
	t.Value = json.Number(formatNumber(v))
	date, note, _ := cutRaw(rest, partSeparators)
	by, ok := parseCalendar(date, x.date1904)
	if !ok || by.day == 0 {
		return t, ".by", "must be a date, e.g. 2026-12-31"
	}
	t.By, t.Note = by.date(), unescape(note)
	return t, "", ""
}

package interchange

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"talentmatch/talent"
)

// A courses cell is entries separated by | (or ｜ or a line break outside of
// parentheses), each
//
//	name #id[hours](skills)
//
// with all but the name optional. Parentheses without brackets before them are
// skills only if they hold a : or ;, so that 高等数学(上) and 大学英语（一） are names.
const courseSeparators = "|｜"

const courseNameEscapes = courseSeparators + "[【\n\r"

type courseEntry struct {
	ID     string       `json:"id,omitempty"`
	Name   string       `json:"name"`
	Hours  *json.Number `json:"hours,omitempty"`
	Skills []skillEntry `json:"skills,omitempty"`
}

var coursesCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		return parseList(splitCourses(cell), func(i int, raw string) (courseEntry, []problem) {
			c, message := parseCourse(raw)
			if message != "" {
				return c, []problem{{item: i, message: message}}
			}
			return c, nil
		})
	},
	format: func(raw json.RawMessage) string {
		var out []string
		for _, c := range value[[]courseEntry](raw) {
			out = append(out, formatCourse(c))
		}
		return strings.Join(out, " | ")
	},
	syntax:  "list separated by |, each name #id[hours](skill:level; …); #id, [hours] and (…) optional",
	example: "电气控制 #c1[64](PLC编程:4; 电工:3) | 高等数学(上)[72]",
}

// splitCourses cuts a cell into courses.
func splitCourses(cell string) []string {
	var out []string
	start, depth := 0, 0
	scanRaw(cell, func(i int, r rune) bool {
		switch r {
		case '(', '（':
			depth++
		case ')', '）':
			depth = max(0, depth-1)
		}
		if strings.ContainsRune(courseSeparators, r) || depth == 0 && (r == '\n' || r == '\r') {
			out = append(out, strings.TrimSpace(cell[start:i]))
			start, depth = i+utf8.RuneLen(r), 0
		}
		return true
	})
	return nonEmpty(append(out, strings.TrimSpace(cell[start:])))
}

func parseCourse(raw string) (c courseEntry, message string) {
	head, tail := raw, ""
	open := indexRaw(raw, "[【")
	if open >= 0 {
		var hours string
		head, tail = strings.TrimSpace(raw[:open]), raw[open:]
		_, size := utf8.DecodeRuneInString(tail)
		inside, rest, closed := cutRaw(tail[size:], "]】")
		if !closed {
			return c, `has a [ without ]; write \[ for one that belongs to the name`
		}
		hours, tail = inside, rest
		if hours != "" {
			v, ok := parseNumber(hours, "学时", "课时", "小时", "节", "h")
			if !ok {
				return c, `must have a number of hours in [ ]; write \[ for one that belongs to the name`
			}
			n := json.Number(formatNumber(v))
			c.Hours = &n
		}
	}
	var group string
	switch {
	case open < 0:
		head, group = cutGroup(head)
		if indexRaw(group, skillEscapes) < 0 {
			head, group = raw, ""
		}
	case tail != "":
		first, size := utf8.DecodeRuneInString(tail)
		if first != '(' && first != '（' || !closes(tail) {
			return c, "must end after [hours] or the (skills) behind it"
		}
		_, last := utf8.DecodeLastRuneInString(tail)
		group = tail[size : len(tail)-last]
	}
	c.Name, c.ID = splitCourseID(head)
	for _, item := range splitItems(group) {
		e, message := parseSkill(item, courseSkills)
		if message != "" {
			return c, "skill " + strings.TrimSpace(talent.Shorten(item)) + " " + message
		}
		c.Skills = append(c.Skills, e)
	}
	return c, ""
}

// closes reports whether s ends in a closing parenthesis that is not escaped.
func closes(s string) bool {
	at := -1
	scanRaw(s, func(i int, r rune) bool {
		if r == ')' || r == '）' {
			at = i
		}
		return true
	})
	if at < 0 {
		return false
	}
	_, size := utf8.DecodeRuneInString(s[at:])
	return at+size == len(s)
}

// cutGroup cuts the balanced parentheses that end s, with what is in them, off s;
// inside is "" if there are none.
func cutGroup(s string) (before, inside string) {
	if !closes(s) {
		return s, ""
	}
	open, start, depth := -1, 0, 0
	scanRaw(s, func(i int, r rune) bool {
		switch r {
		case '(', '（':
			if depth == 0 {
				open, start = i, i+utf8.RuneLen(r)
			}
			depth++
		case ')', '）':
			depth--
		}
		return depth >= 0
	})
	if depth != 0 || open < 0 {
		return s, ""
	}
	_, last := utf8.DecodeLastRuneInString(s)
	return strings.TrimSpace(s[:open]), strings.TrimSpace(s[start : len(s)-last])
}

// splitCourseID takes " #id" off the end of a course's name; a # without space
// before it (C#) belongs to the name.
func splitCourseID(head string) (name, id string) {
	if before, after, ok := lastHash(head); ok {
		return unescape(before), after
	}
	return unescape(head), ""
}

// lastHash finds an id marked by a # at the end of s.
func lastHash(s string) (before, id string, ok bool) {
	i := strings.LastIndexByte(s, '#')
	if i <= 0 || !talent.ValidID(s[i+1:]) {
		return "", "", false
	}
	before = strings.TrimRightFunc(s[:i], unicode.IsSpace)
	if before == "" || len(before) == i {
		return "", "", false
	}
	return before, s[i+1:], true
}

func formatCourse(c courseEntry) string {
	s := escape(c.Name, courseNameEscapes)
	if c.ID != "" {
		s += " #" + c.ID
	} else if before, id, ok := lastHash(s); ok {
		s = before + s[len(before):len(s)-len(id)-1] + `\#` + id
	}
	if c.Hours == nil && len(c.Skills) == 0 && !strings.ContainsAny(s, ")）") {
		return s
	}
	s += "["
	if c.Hours != nil {
		s += c.Hours.String()
	}
	s += "]"
	if len(c.Skills) > 0 {
		var items []string
		for _, e := range c.Skills {
			items = append(items, formatSkill(e, courseSkills))
		}
		s += "(" + joinItems(items) + ")"
	}
	return s
}

package interchange

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"talentmatch/talent"
)

// An entry of a skills cell is a name, or id= and a skill's id (also bare when it
// starts with "sk."), and parts behind it in any order, separated by : or ：. What
// a part is shows by its form:
//
//	4 熟练     level 1..5, or its word
//	0.8 80%    importance, also 重要性0.8
//	必备 优先   required or not, with the synonyms of the vocabulary
//	id=sk.plc  the id, when both name and id are given
//
// A program's skill ends with @ and the course that teaches it.
const (
	partSeparators = ":："
	skillEscapes   = strongSeparators + partSeparators
	idMark         = "id="
	bareIDPrefix   = "sk."
)

// skillParts says which parts an entry may have.
type skillParts struct {
	level, importance, required, course bool
	levelMark                           bool // a bare number is an importance: a level is 4级 or its word
	idOnly                              bool // a skill without id has no place here
	inCourse                            bool // the entry stands inside a course
}

// skillEntry is the union of the skill entries of all types; its JSON is any of
// theirs.
type skillEntry struct {
	Skill      string       `json:"skill,omitempty"`
	Name       string       `json:"name,omitempty"`
	Importance *json.Number `json:"importance,omitempty"`
	Level      *json.Number `json:"level,omitempty"`
	Required   *bool        `json:"required,omitempty"`
	Course     string       `json:"course,omitempty"`
}

var (
	levelPattern      = regexp.MustCompile(`^(\d{1,9})级?$`)
	importancePattern = regexp.MustCompile(`^(重要性|重要度|importance)? *=? *(-?\d*\.\d+|\d+\.?|\d+(\.\d+)?%)$`)
	requiredField     = talent.Field{Name: "required", Enum: []string{"true", "false"}}
)

// levelMark stands behind the number of a level.
const levelMark = "级"

// levelWords are the words for levels, from 1 to 5.
var levelWords = []string{"了解", "熟悉", "掌握", "熟练", "精通"}

// levelOf reads a level: a number, which the validation judges, or a word.
// With marked, a number needs its mark 级.
func levelOf(word string, marked bool) (level int, ok bool) {
	if i := slices.Index(levelWords, word); i >= 0 {
		return i + 1, true
	}
	m := levelPattern.FindStringSubmatch(word)
	if m == nil || (marked && !strings.HasSuffix(word, levelMark)) {
		return 0, false
	}
	return atoi(m[1]), true
}

// skillsCodec makes the codec of a column of skills.
func skillsCodec(allow skillParts, syntax, example string) *codec {
	return &codec{
		parse: func(_ reading, _ *column, cell string) parsed {
			return parseList(splitItems(cell), func(i int, raw string) (skillEntry, []problem) {
				e, message := parseSkill(raw, allow)
				if message != "" {
					return e, []problem{{item: i, message: message}}
				}
				return e, nil
			})
		},
		format: func(raw json.RawMessage) string {
			var out []string
			for _, e := range value[[]skillEntry](raw) {
				out = append(out, formatSkill(e, allow))
			}
			return joinItems(out)
		},
		syntax:  syntax,
		example: example,
	}
}

var demandSkillsCodec = skillsCodec(skillParts{level: true, importance: true, required: true},
	"list of name:level:importance:必备, parts behind the name optional; level 1-5 or 了解 熟悉 掌握 熟练 精通, importance 0.8 or 80%, 必备 or 优先; id=… for a skill's id",
	"PLC编程:4:必备; 电气制图:3:0.8; id=sk.safety")

var programSkillsCodec = skillsCodec(skillParts{level: true, course: true},
	"list of name:level@course, level and course optional; level 1-5 or 了解 熟悉 掌握 熟练 精通", "PLC编程:4@电气控制; 电工:3")

var courseSkills = skillParts{level: true, inCourse: true}

var occupationSkillsCodec = skillsCodec(skillParts{level: true, levelMark: true, importance: true, idOnly: true},
	"list of id:level:importance, both optional; level 4级 or 了解 熟悉 掌握 熟练 精通, importance 0.9 or 90%", "sk.plc-programming:4级:0.9; sk.safety")

func parseSkill(raw string, allow skillParts) (e skillEntry, message string) {
	if allow.course {
		name, course, found := cutRaw(raw, "@")
		if found && indexRaw(course, "@") >= 0 {
			return e, `has two @: write \@ for one that belongs to a name`
		}
		raw, e.Course = name, unescape(course)
	}
	parts := splitRaw(raw, partSeparators)
	setSkill(&e, parts[0], allow)
	for _, part := range parts[1:] {
		if message := setPart(&e, part, allow); message != "" {
			return e, message
		}
	}
	return e, ""
}

// setSkill reads the first part of an entry, the name or the id.
func setSkill(e *skillEntry, part string, allow skillParts) {
	id, marked := strings.CutPrefix(part, idMark)
	switch {
	case marked:
		e.Skill = unescape(id)
	case allow.idOnly, strings.HasPrefix(part, bareIDPrefix) && talent.ValidID(part):
		e.Skill = unescape(part)
	default:
		e.Name = unescape(part)
	}
}

// setPart reads one part behind the name.
func setPart(e *skillEntry, part string, allow skillParts) (message string) {
	word := foldWord(part)
	if part == "" {
		return ""
	}
	if id, ok := strings.CutPrefix(part, idMark); ok && e.Skill == "" {
		e.Skill = unescape(id)
		return ""
	}
	if level, ok := levelOf(word, allow.levelMark); ok && allow.level {
		if e.Level != nil {
			return "has two levels"
		}
		n := json.Number(strconv.Itoa(level))
		e.Level = &n
		return ""
	}
	if m := importancePattern.FindStringSubmatch(word); m != nil && allow.importance {
		if e.Importance != nil {
			return "has two importances"
		}
		v, ok := parseShare(m[2])
		if !ok {
			return "has an importance that is no number"
		}
		n := json.Number(formatNumber(v))
		e.Importance = &n
		return ""
	}
	if w, ok := enumWord(talent.TypeDemand, requiredField, word); ok && allow.required {
		if e.Required != nil {
			return "says twice whether it is required"
		}
		required := w == "true"
		e.Required = &required
		return ""
	}
	return "has a part " + strconv.Quote(talent.Shorten(part)) + " that is none of " + allow.words() + `; write \: for a colon that belongs to a name`
}

// words names the parts that may stand behind a name.
func (a skillParts) words() string {
	var out []string
	switch words := " (" + strings.Join(levelWords, " ") + ")"; {
	case a.levelMark:
		out = append(out, "level 1级-5级"+words)
	case a.level:
		out = append(out, "level 1-5"+words)
	}
	if a.importance {
		out = append(out, "importance 0.8 or 80%")
	}
	if a.required {
		out = append(out, "必备/优先")
	}
	return strings.Join(append(out, "id="), ", ")
}

func formatSkill(e skillEntry, allow skillParts) string {
	special := skillEscapes
	if allow.course {
		special += "@"
	}
	if allow.inCourse {
		special += courseSeparators
	}
	var parts []string
	if e.Name != "" {
		parts = append(parts, escapeName(e.Name, special))
	}
	if e.Skill != "" {
		parts = append(parts, idMark+escape(e.Skill, special))
	}
	if e.Level != nil {
		level := e.Level.String()
		if allow.levelMark {
			level += levelMark
		}
		parts = append(parts, level)
	}
	if e.Importance != nil {
		v, _ := parseDecimal(e.Importance.String())
		parts = append(parts, formatFraction(v))
	}
	if e.Required != nil && *e.Required {
		parts = append(parts, "必备")
	}
	s := strings.Join(parts, ":")
	if e.Course != "" {
		s += "@" + escape(e.Course, special)
	}
	return s
}

// escapeName escapes a name, also where it looks like an id.
func escapeName(name, special string) string {
	s := escape(name, special)
	if strings.HasPrefix(s, idMark) {
		s = `id\=` + s[len(idMark):]
	}
	if strings.HasPrefix(s, bareIDPrefix) {
		s = `sk\.` + s[len(bareIDPrefix):]
	}
	return s
}

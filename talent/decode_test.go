package talent

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// full holds one record of each type with every field set, in canonical form.
var full = map[Type]string{
	TypeOrganization: `{"type":"organization","id":"o.midea","name":"佛山智造有限公司","name_en":"Foshan <Smart> & Co","kind":"enterprise","size":"large","region":"440605","industry":"C39","note":"链主\n企业"}`,
	TypeAlliance: `{"type":"alliance","id":"a1","name":"智能制造产教融合共同体","name_en":"Smart Manufacturing","kind":"industry-community","regions":["440600","CN"],"industries":["C39","I65"],` +
		`"members":[{"organization":"o1","role":"chair","since":"2024-02-29"},{"organization":"o1","role":"member"}],` +
		`"targets":[{"metric":"订单班","value":-1.5,"by":"2027-12-31","note":"每年"}],"note":"注"}`,
	TypeRegion:     `{"type":"region","id":"park-1","name":"三龙湾","name_en":"Sanlong Bay","parent":"440605","lat":-90,"lon":180,"note":"注"}`,
	TypeOccupation: `{"type":"occupation","id":"6-18-04-01","name":"焊工","name_en":"Welder","text":"焊接\t金属","text_en":"Welds","parent":"6-18-04","aliases":["电焊工","焊接工"],"skills":[{"skill":"sk.weld","importance":0,"level":4},{"skill":"sk.cad"}],"note":"注"}`,
	TypeSkill:      `{"type":"skill","id":"sk.plc","name":"PLC编程","name_en":"PLC","text":"可编程\r\n控制器","text_en":"logic","kind":"skill","broader":["sk.auto"],"related":["sk.scada","sk.hmi"],"aliases":["可编程逻辑控制器"],"note":"注"}`,
	TypeDemand: `{"type":"demand","id":"d:1","employer":"o1","title":"机器人运维员","title_en":"Robot technician","text":"五险一金","occupation":"6-31","industry":"C34","region":"440605","headcount":0,` +
		`"start":"2026-09","education":"associate","mode":"order-class","salary":{"min":0,"max":1000000000000,"currency":"CNY","per":"month"},"priority":5,"status":"open","posted":"2026-01-31","until":"2026-01-31",` +
		`"skills":[{"skill":"sk.plc","importance":0.5,"level":4,"required":true},{"name":"焊接"}],"note":"注"}`,
	TypeProgram: `{"type":"program","id":"p1","school":"o2","name":"工业机器人技术","name_en":"Industrial Robotics","text":"培养","code":"460305","region":"440604","education":"associate",` +
		`"skills":[{"skill":"sk.plc","level":3,"course":"c1"},{"name":"电工"}],"courses":[{"id":"c1","name":"PLC应用","hours":64.5,"skills":[{"skill":"sk.plc","level":1},{"name":"梯形图"}]},{"name":"体育"}],` +
		`"cohorts":[{"year":2026,"graduates":0,"enrolled":0,"completion_rate":0.95},{"year":2027,"graduates":80}],"employment_rate":1,"further_study_rate":0,"retention":0.7,"note":"注"}`,
	TypeAgreement: `{"type":"agreement","id":"g1","program":"p1","school":"o2","enterprise":"o1","demand":"d1","kind":"industry-college","seats":0,"from":"2025-01-01","until":"2028-01-01","note":"注"}`,
	TypeCrosswalk: `{"type":"crosswalk","from":"460305","to":"6-31","weight":0,"source":"专业目录","note":"注"}`,
	TypeOutcome:   `{"type":"outcome","demand":"d1","program":"p1","year":2026,"hired":0,"rating":5,"note":"注"}`,
	TypeSeries: `{"type":"series","id":"s1","measure":"openings","age_group":"16-24","keys":{"skill":"sk.plc","occupation":"6-31","region":"440600","industry":"C39"},` +
		`"period":"quarter","start":"2024-Q1","values":[0,-1.5,1e-7],"note":"注"}`,
}

// TestFullRecords: a record with every field set decodes and encodes to itself,
// with its type given or taken from it, and after a trip through the store.
func TestFullRecords(t *testing.T) {
	for _, typ := range Types {
		t.Run(string(typ), func(t *testing.T) {
			in := full[typ]
			for _, f := range leaves(FieldsOf(typ)) {
				if !strings.Contains(in, `"`+f+`":`) {
					t.Errorf("the test record lacks %s", f)
				}
			}
			for _, want := range []Type{"", typ} {
				rec, err := Decode([]byte(in), want)
				if err != nil {
					t.Fatal(err)
				}
				if rec.RecordType() != typ {
					t.Errorf("type %s", rec.RecordType())
				}
				mustEncode(t, rec, in)
				back, err := Parse(typ, []byte(in))
				if err != nil {
					t.Fatal(err)
				}
				mustEncode(t, back, in)
			}
		})
	}
}

// leaves is the names of all fields, those of inner objects too.
func leaves(fields []Field) []string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name)
		out = append(out, leaves(f.Fields)...)
	}
	return out
}

func mustEncode(t *testing.T, rec Record, want string) {
	t.Helper()
	got, err := Encode(rec)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("encoded\n got %s\nwant %s", got, want)
	}
}

// The least that a record of some types needs, without the closing brace.
const (
	skillHead   = `{"type":"skill","id":"s","name":"焊接"`
	demandHead  = `{"type":"demand","id":"d","employer":"o","title":"焊工","region":"440605","headcount":1`
	programHead = `{"type":"program","id":"p","school":"o","name":"焊接","region":"440605","education":"associate"`
	seriesHead  = `{"type":"series","id":"s","start":"2020"`
)

const typesWords = "must be one of agreement, alliance, crosswalk, demand, occupation, organization, outcome, program, region, series, skill"

func TestDecodeRefuses(t *testing.T) {
	skillFields := "type, id, name, name_en, text, text_en, kind, broader, related, aliases, note"
	educations := "must be one of associate, bachelor, doctorate, master, postsecondary, secondary"
	badID := "must be 1-128 characters of A-Za-z0-9._:-"
	for _, tc := range []struct{ name, in, want string }{
		{"empty", ``, `is empty, expected a JSON object`},
		{"blank", " \t\r\n", `is empty, expected a JSON object`},
		{"list", `[1]`, `must be a JSON object (got [1])`},
		{"null", `null`, `must be a JSON object (got null)`},
		{"text", `"技能"`, `must be a JSON object (got "技能")`},
		{"open brace", `{`, `is not complete JSON: it ends too early`},
		{"cut in a key", `{"id`, `is not complete JSON: it ends too early`},
		{"cut after a value", `{"id":"s"`, `is not complete JSON: it ends too early`},
		{"cut in a word", `{"id":tru`, `is not complete JSON: it ends too early`},
		{"no quotes", `{id:1}`, `is not JSON: invalid character 'i' looking for beginning of object key string at byte 2`},
		{"comma at the end", `{"id":"s",}`, `is not JSON: invalid character '}' looking for beginning of object key string at byte 11`},
		{"comma forgotten", `{"id":"s" "name":"n"}`, `is not JSON: invalid character '"' after object key:value pair at byte 11`},
		{"leading zero", `{"type":"demand","id":"d","headcount":01}`, `is not JSON: invalid character '1' after object key:value pair at byte 40`},
		{"bare control character", "{\"id\":\"a\nb\"}", `is not JSON: invalid character '\n' in string literal at byte 9`},
		{"byte order mark", "\ufeff{}", `is not JSON: invalid character 'ï' looking for beginning of value at byte 1`},
		{"two objects", `{} {}`, `has something after the end of the JSON object`},
		{"NUL after it", "{}\x00", `has something after the end of the JSON object`},
		{"invalid UTF-8", "{\"id\":\"\xff\"}", `is not valid UTF-8 at byte 7`},
		{"overlong UTF-8", "{\"id\":\"\xc0\x80\"}", `is not valid UTF-8 at byte 7`},
		{"deep list", strings.Repeat("[", 100000), `must be a JSON object (got ` + strings.Repeat("[", 60) + `…)`},
		{"deep list in a field", `{"aliases":` + strings.Repeat("[", 100000), `is not JSON: invalid character '[' exceeded max depth at byte 10011`},
		{"deep object", strings.Repeat(`{"a":`, 100000), `is not JSON: invalid character '{' exceeded max depth at byte 50001`},
		{"deep enough to read", skillHead + `,"aliases":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`, `skill s: aliases[0]: must be a string (got ` + strings.Repeat("[", 60) + `…)`},

		{"no type", `{"id":"s"}`, `type: is required: ` + typesWords},
		{"null type", `{"type":null}`, `type: is required: ` + typesWords},
		{"type a number", `{"type":1}`, `type: must be a string (got 1)`},
		{"unknown type", `{"type":"job"}`, `type: ` + typesWords + ` (got job)`},
		{"type in capitals", `{"type":"Skill"}`, `type: ` + typesWords + ` (got Skill)`},
		{"type twice", `{"type":"demand","type":"skill","id":"s","name":"n"}`, `skill s: type: is given twice`},

		{"unknown field", skillHead + `,"titel":"x"}`, `skill s: titel: is not a field here; known: ` + skillFields},
		{"field in capitals", skillHead + `,"Kind":"tool"}`, `skill s: Kind: is not a field here; known: ` + skillFields},
		{"unknown inner field", demandHead + `,"skills":[{"name":"焊接","lvl":1}]}`, `demand d: skills[0].lvl: is not a field here; known: skill, name, importance, level, required`},
		{"unknown field with an escape code", skillHead + `,"\u001b[31m":1}`, "skill s:  [31m: is not a field here; known: " + skillFields},
		{"given twice", skillHead + `,"id":"s2"}`, `skill s: id: is given twice`},
		{"given twice, escaped", skillHead + `,"\u0069d":"s2"}`, `skill s: id: is given twice`},
		{"given twice, once null", skillHead + `,"note":null,"note":"x"}`, `skill s: note: is given twice`},
		{"given twice inside", demandHead + `,"salary":{"min":1,"min":2}}`, `demand d: salary.min: is given twice`},

		{"missing", `{"type":"demand"}`, `demand: id: is required; employer: is required; title: is required; region: is required; headcount: is required`},
		{"null is missing", `{"type":"skill","id":null,"name":null}`, `skill: id: is required; name: is required`},
		{"empty", `{"type":"skill","id":"","name":""}`, `skill: id: must not be empty; name: must not be empty`},
		{"blank name", `{"type":"skill","id":"s","name":"  \u3000\n"}`, `skill s: name: must not be empty`},
		{"missing inside", programHead + `,"cohorts":[{}],"courses":[{"hours":1}]}`, `program p: cohorts[0].year: is required; cohorts[0].graduates: is required; courses[0].name: is required`},

		{"text a number", `{"type":"skill","id":5,"name":"n"}`, `skill: id: must be a string (got 5)`},
		{"text a list", skillHead + `,"note":["x"]}`, `skill s: note: must be a string (got ["x"])`},
		{"value on several lines", skillHead + ",\"note\":{\n\"a\":\t1}}", `skill s: note: must be a string (got { "a": 1})`},
		{"list a text", skillHead + `,"aliases":"电焊"}`, `skill s: aliases: must be a list (got "电焊")`},
		{"list an object", skillHead + `,"aliases":{}}`, `skill s: aliases: must be a list (got {})`},
		{"list of numbers", skillHead + `,"aliases":[1,"b",true]}`, `skill s: aliases[0]: must be a string (got 1); aliases[2]: must be a string (got true)`},
		{"null in a list", skillHead + `,"aliases":[null,""]}`, `skill s: aliases[0]: must not be null (got null); aliases[1]: must not be empty`},
		{"objects wrong", demandHead + `,"skills":[5,null,[]]}`, `demand d: skills[0]: must be an object (got 5); skills[1]: must not be null (got null); skills[2]: must be an object (got [])`},
		{"object a text", demandHead + `,"salary":"8000"}`, `demand d: salary: must be an object (got "8000")`},
		{"truth a word", demandHead + `,"skills":[{"name":"焊接","required":"yes"}]}`, `demand d: skills[0].required: must be true or false (got "yes")`},

		{"whole number a text", strings.Replace(demandHead, `:1`, `:"3"`, 1) + `}`, `demand d: headcount: must be a whole number (got "3")`},
		{"whole number with a fraction", strings.Replace(demandHead, `:1`, `:1.5`, 1) + `}`, `demand d: headcount: must be a whole number (got 1.5)`},
		{"whole number below", strings.Replace(demandHead, `:1`, `:-1`, 1) + `}`, `demand d: headcount: must be from 0 to 1000000000 (got -1)`},
		{"whole number above", strings.Replace(demandHead, `:1`, `:1000000001`, 1) + `}`, `demand d: headcount: must be from 0 to 1000000000 (got 1000000001)`},
		{"whole number beyond", strings.Replace(demandHead, `:1`, `:1e400`, 1) + `}`, `demand d: headcount: must be from 0 to 1000000000 (got 1e400)`},
		{"level 6", demandHead + `,"skills":[{"name":"焊接","level":6}]}`, `demand d: skills[0].level: must be from 1 to 5 (got 6)`},
		{"level 0", demandHead + `,"skills":[{"name":"焊接","level":0}]}`, `demand d: skills[0].level: must be from 1 to 5 (got 0)`},
		{"number a text", programHead + `,"retention":"0.7"}`, `program p: retention: must be a number (got "0.7")`},
		{"share above 1", programHead + `,"retention":70}`, `program p: retention: must be from 0 to 1 (got 70)`},
		{"share beyond", programHead + `,"retention":1e400}`, `program p: retention: must be from 0 to 1 (got 1e400)`},
		{"unbounded number beyond", seriesHead + `,"values":[1,-1e400]}`, `series s: values[1]: must be a finite number (got -1e400)`},

		{"enum unknown", strings.Replace(programHead, "associate", "大专", 1) + `}`, `program p: education: ` + educations + ` (got 大专)`},
		{"enum inside", demandHead + `,"salary":{"per":"decade"}}`, `demand d: salary.per: must be one of day, hour, month, year (got decade)`},
		{"id with a space", `{"type":"skill","id":"a b","name":"n"}`, `skill a b: id: ` + badID + ` (got a b)`},
		{"id in Chinese", `{"type":"skill","id":"焊接","name":"n"}`, `skill 焊接: id: ` + badID + ` (got 焊接)`},
		{"id with a tilde", `{"type":"skill","id":"a~b","name":"n"}`, `skill a~b: id: ` + badID + ` (got a~b)`},
		{"id too long", `{"type":"skill","id":"` + strings.Repeat("a", 129) + `","name":"n"}`, `skill ` + strings.Repeat("a", 60) + `…: id: ` + badID + ` (got ` + strings.Repeat("a", 60) + `…)`},
		{"reference no id", skillHead + `,"broader":["x","/"]}`, `skill s: broader[1]: ` + badID + ` (got /)`},
		{"month 13", demandHead + `,"start":"2026-13"}`, `demand d: start: must be a month written YYYY-MM (got 2026-13)`},
		{"month of one digit", demandHead + `,"start":"2026-9"}`, `demand d: start: must be a month written YYYY-MM (got 2026-9)`},
		{"month in Chinese", demandHead + `,"start":"2026年9月"}`, `demand d: start: must be a month written YYYY-MM (got 2026年9月)`},
		{"30 February", demandHead + `,"posted":"2024-02-30"}`, `demand d: posted: must be a date written YYYY-MM-DD (got 2024-02-30)`},
		{"date with a time", demandHead + `,"posted":"2024-02-03T00:00:00Z"}`, `demand d: posted: must be a date written YYYY-MM-DD (got 2024-02-03T00:00:00Z)`},

		{"control character", `{"type":"skill","id":"s","name":"a\u0000b"}`, `skill s: name: must not contain the control character U+0000 (got a b)`},
		{"line end in a name", `{"type":"skill","id":"s","name":"a\nb"}`, `skill s: name: must not contain the control character U+000A (got a b)`},
		{"C1 character in a text", skillHead + `,"text":"a\u009bb"}`, `skill s: text: must not contain the control character U+009B (got a b)`},
		{"name too long", `{"type":"skill","id":"s","name":"` + strings.Repeat("焊", 501) + `"}`, `skill s: name: has 501 characters, at most 500 are accepted`},
		{"text too long", skillHead + `,"text":"` + strings.Repeat("焊", 200001) + `"}`, `skill s: text: has 200001 characters, at most 200000 are accepted`},
		{"alias too long", skillHead + `,"aliases":["a","` + strings.Repeat("焊", 501) + `"]}`, `skill s: aliases[1]: has 501 characters, at most 500 are accepted`},
		{"too many", skillHead + `,"broader":[` + strings.TrimSuffix(strings.Repeat(`"x",`, 201), ",") + `]}`, `skill s: broader: has 201 entries, at most 200 are accepted`},
		{"too many objects", demandHead + `,"skills":[` + strings.TrimSuffix(strings.Repeat(`{},`, 1001), ",") + `]}`, `demand d: skills: has 1001 entries, at most 1000 are accepted`},

		{"all at once", `{"type":"demand","id":"d","employer":"某公司","titel":"焊工","region":"440605","headcount":"3","start":"soon","salary":{"min":"x","max":-1,"per":"decade","tax":1},"skills":[{"level":9},{"name":"焊接","importance":2},7],"id":"e"}`,
			`demand d: titel: is not a field here; known: type, id, employer, title, title_en, text, occupation, industry, region, headcount, start, education, mode, salary, priority, status, posted, until, skills, note; ` +
				`headcount: must be a whole number (got "3"); salary.min: must be a number (got "x"); salary.tax: is not a field here; known: min, max, currency, per; ` +
				`skills[0].level: must be from 1 to 5 (got 9); skills[2]: must be an object (got 7); id: is given twice; title: is required; ` +
				`employer: ` + badID + ` (got 某公司); start: must be a month written YYYY-MM (got soon); salary.max: must be from 0 to 1000000000000 (got -1); ` +
				`salary.per: must be one of day, hour, month, year (got decade); skills[1].importance: must be from 0 to 1 (got 2); skills[0]: needs skill (an id) or name`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec, err := Decode([]byte(tc.in), "")
			if rec != nil || !errors.Is(err, ErrInvalid) {
				t.Fatalf("%v, %v", rec, err)
			}
			if err.Error() != tc.want {
				t.Errorf("\n got %s\nwant %s", err, tc.want)
			}
		})
	}
}

func TestDecodeWant(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want Type
		err  string
	}{
		{`{"id":"s","name":"焊接"}`, TypeSkill, ""},
		{`{"type":null,"id":"s","name":"焊接"}`, TypeSkill, ""},
		{`{"type":"skill","id":"s","name":"焊接"}`, TypeSkill, ""},
		{`{"type":"demand","id":"s","name":"焊接"}`, TypeSkill, "type: must be skill here (got demand)"},
		{`{"type":"","id":"s","name":"焊接"}`, TypeSkill, "type: must be skill here"},
		{`{"id":"s"}`, "job", "type: " + typesWords + " (got job)"},
	} {
		rec, err := Decode([]byte(tc.in), tc.want)
		if tc.err != "" {
			if err == nil || err.Error() != tc.err {
				t.Errorf("%s: %v, want %s", tc.in, err, tc.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tc.in, err)
			continue
		}
		mustEncode(t, rec, `{"type":"skill","id":"s","name":"焊接"}`)
	}
}

// TestDecodeNormal: what is accepted in several ways is kept in one.
func TestDecodeNormal(t *testing.T) {
	headcount := func(n string) string { return strings.Replace(demandHead, `:1`, `:`+n, 1) + `}` }
	for _, tc := range []struct{ name, in, want string }{
		{"layout and order", " {\n\"name\" : \"焊接\",\t\"id\":\"s\",\"type\":\"skill\" }\r\n", skillHead + `}`},
		{"escapes", `{"type":"skill","id":"\u0073","name":"\u710a\u63a5"}`, skillHead + `}`},
		{"space around", `{"type":"skill","id":" s ","name":"\t焊接\u3000","aliases":[" 电焊 工 "],"note":"  "}`, skillHead + `,"aliases":["电焊 工"]}`},
		{"nulls", skillHead + `,"kind":null,"aliases":null,"note":null}`, skillHead + `}`},
		{"null object and numbers", demandHead + `,"salary":null,"priority":null,"skills":[{"name":"焊接","level":null,"required":null}]}`, demandHead + `,"skills":[{"name":"焊接"}]}`},
		{"empty lists", demandHead + `,"skills":[]}`, demandHead + `}`},
		{"empty salary", demandHead + `,"salary":{}}`, demandHead + `}`},
		{"salary of blanks", demandHead + `,"salary":{"min":null,"currency":"  "}}`, demandHead + `}`},
		{"salary of zero", demandHead + `,"salary":{"min":0}}`, demandHead + `,"salary":{"min":0}}`},
		{"required false", demandHead + `,"skills":[{"name":"焊接","required":false}]}`, demandHead + `,"skills":[{"name":"焊接"}]}`},
		{"empty keys", seriesHead + `,"keys":{},"values":[1]}`, seriesHead + `,"values":[1]}`},
		{"3.0", headcount("3.0"), headcount("3")},
		{"1e2", headcount("1e2"), headcount("100")},
		{"-0", headcount("-0"), headcount("0")},
		{"0e999", headcount("0e999"), headcount("0")},
		{"number -0", seriesHead + `,"values":[-0,1e-400,100e-2]}`, seriesHead + `,"values":[-0,0,1]}`},
		{"HTML", skillHead + `,"note":"\u003cb\u003e&"}`, skillHead + `,"note":"<b>&"}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec, err := Decode([]byte(tc.in), "")
			if err != nil {
				t.Fatal(err)
			}
			mustEncode(t, rec, tc.want)
		})
	}
}

// TestManyProblems: the first hundred in words, the rest as an exact number, and
// in a time that does not grow with their square.
func TestManyProblems(t *testing.T) {
	list := func(n int, item string) string { return strings.TrimSuffix(strings.Repeat(item+",", n), ",") }
	for _, tc := range []struct {
		name, in, first, last string
		fields                int
	}{
		{"100", skillHead + `,"aliases":[` + list(100, "1") + `]}`, "aliases[0]: must be a string (got 1)", "aliases[99]: must be a string (got 1)", 100},
		{"101", skillHead + `,"aliases":[` + list(101, "1") + `]}`, "aliases[0]: must be a string (got 1)", "and 1 more problems", 101},
		{"skills", demandHead + `,"skills":[` + list(1000, `{"level":9}`) + `]}`, "skills[0].level: must be from 1 to 5 (got 9)", "and 1900 more problems", 101},
		{"found by Validate", demandHead + `,"skills":[` + list(1000, `{"name":"焊接","importance":2}`) + `]}`, "skills[0].importance: must be from 0 to 1 (got 2)", "and 900 more problems", 101},
		{"values", seriesHead + `,"values":[` + list(100000, `"x"`) + `]}`, `values[0]: must be a number (got "x")`, "and 99900 more problems", 101},
		{"members", `{"type":"alliance","id":"a","name":"共同体","kind":"industry-community","members":[` + list(20000, `{"organization":5,"role":"boss"}`) + `]}`,
			"members[0].organization: must be a string (got 5)", "and 39900 more problems", 101},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Decode([]byte(tc.in), "")
			var inv *InvalidError
			if !errors.As(err, &inv) {
				t.Fatal(err)
			}
			if len(inv.Fields) != tc.fields {
				t.Fatalf("%d fields, want %d", len(inv.Fields), tc.fields)
			}
			if got := inv.Fields[0].String(); got != tc.first {
				t.Errorf("first %s, want %s", got, tc.first)
			}
			if got := inv.Fields[len(inv.Fields)-1].String(); got != tc.last {
				t.Errorf("last %s, want %s", got, tc.last)
			}
		})
	}
}

// TestLimits: what DESIGN section 3 promises to accept is accepted, up to the
// limits of the fields themselves.
func TestLimits(t *testing.T) {
	var skills, aliases []string
	for i := range 1000 {
		skills = append(skills, fmt.Sprintf(`{"skill":"sk.%d"}`, i))
	}
	for i := range 2000 {
		aliases = append(aliases, fmt.Sprintf(`"别名%d"`, i))
	}
	text := strings.Repeat("焊", 100000)
	occupation := `{"type":"occupation","id":"o","name":"焊工"`
	for _, tc := range []struct{ name, in string }{
		{"200 skills of a demand", demandHead + `,"skills":[` + strings.Join(skills[:200], ",") + `]}`},
		{"1000 skills of a demand", demandHead + `,"skills":[` + strings.Join(skills, ",") + `]}`},
		{"200 skills of a program", programHead + `,"skills":[` + strings.Join(skills[:200], ",") + `]}`},
		{"200 skills of a course", programHead + `,"courses":[{"name":"焊接","skills":[` + strings.Join(skills[:200], ",") + `]}]}`},
		{"200 skills of an occupation", occupation + `,"skills":[` + strings.Join(skills[:200], ",") + `]}`},
		{"500 aliases of a skill", skillHead + `,"aliases":[` + strings.Join(aliases[:500], ",") + `]}`},
		{"2000 aliases of an occupation", occupation + `,"aliases":[` + strings.Join(aliases, ",") + `]}`},
		{"100,000 characters of a demand", strings.Replace(demandHead, `,"region"`, `,"text":"`+text+`","region"`, 1) + `}`},
		{"100,000 characters of a program", strings.Replace(programHead, `,"region"`, `,"text":"`+text+`","region"`, 1) + `}`},
		{"200,000 characters of a skill", skillHead + `,"text":"` + text + text + `"}`},
		{"100,000 characters in two languages", occupation + `,"text":"` + text + `","text_en":"` + text + `"}`},
		{"name of 500", `{"type":"skill","id":"s","name":"` + text[:500*len("焊")] + `"}`},
		{"id of 128", `{"type":"skill","id":"` + strings.Repeat("a", 128) + `","name":"焊接"}`},
		{"139 members", `{"type":"alliance","id":"a","name":"共同体","kind":"industry-community","members":[` + strings.Join(members(139), ",") + `]}`},
		{"zero everywhere", programHead + `,"cohorts":[{"year":2026,"graduates":0,"enrolled":0,"completion_rate":0}],"employment_rate":0}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec, err := Decode([]byte(tc.in), "")
			if err != nil {
				t.Fatal(err)
			}
			mustEncode(t, rec, tc.in)
		})
	}
}

func members(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf(`{"organization":"o%d","role":"member"}`, i)
	}
	return out
}

func TestParse(t *testing.T) {
	if _, err := Parse("job", []byte(`{}`)); !errors.Is(err, ErrUnsupported) || err.Error() != `record type "job": not supported` {
		t.Error(err)
	}
	if _, err := Parse(TypeSkill, []byte(`{"id":`)); err == nil || err.Error() != "parse stored skill: unexpected end of JSON input" {
		t.Error(err)
	}
}

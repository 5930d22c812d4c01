package scenariotest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"talentmatch/talent"
	"talentmatch/testdata"
)

// builtinIDs are the ids of one Go type in the built-in taxonomy.
func builtinIDs[T talent.Record](t *testing.T) map[string]bool {
	t.Helper()
	ids := map[string]bool{}
	for _, r := range builtin(t) {
		if r, ok := r.(T); ok {
			ids[r.RecordID()] = true
		}
	}
	return ids
}

func TestJudgements(t *testing.T) {
	judgements, err := testdata.Judgements()
	if err != nil {
		t.Fatal(err)
	}
	occupations := builtinIDs[*talent.Occupation](t)
	programs := map[string]*talent.Program{}
	for _, s := range testdata.Scenarios {
		for _, p := range of[*talent.Program](scenario(t, s.Letter)) {
			programs[p.ID] = p
		}
	}
	rules, err := os.ReadFile(filepath.Join("..", "..", "testdata", "labelled", "README.md"))
	if err != nil {
		t.Fatal(err)
	}

	grades, each := map[string]int{}, map[string]map[int]int{}
	splitOf := map[string]string{}
	for _, j := range judgements {
		if !occupations[j.Occupation] {
			t.Errorf("%s: there is no occupation %s", j.Program, j.Occupation)
		}
		p := programs[j.Program]
		if p == nil {
			t.Fatalf("there is no program %s", j.Program)
		}
		if each[j.Program] == nil {
			each[j.Program] = map[int]int{}
			// A generated id may name another program after the generator has changed.
			if row := "`" + p.ID + "` " + p.Name + "\n"; !strings.Contains(string(rules), row) {
				t.Errorf("labelled/README.md does not list %q: was another program judged?", strings.TrimSpace(row))
			}
		}
		each[j.Program][j.Grade]++
		grades[j.Split+string(rune('0'+j.Grade))]++
		splitOf[j.Program] = j.Split
	}
	if len(judgements) < 360 || len(each) < 36 {
		t.Errorf("%d judgements of %d programs, want at least 360 of 36", len(judgements), len(each))
	}
	for _, key := range []string{"dev0", "dev1", "dev2", "test0", "test1", "test2"} {
		if grades[key] < 30 {
			t.Errorf("%d judgements in %s, want at least 30", grades[key], key)
		}
	}
	perSplit := map[string]int{}
	for id, byGrade := range each {
		if n := byGrade[0] + byGrade[1] + byGrade[2]; n < 10 || byGrade[2] == 0 || byGrade[1] == 0 || byGrade[0] == 0 {
			t.Errorf("%s has %v judgements by grade, want at least 10 and every grade", id, byGrade)
		}
		perSplit[id[:1]+splitOf[id]]++
	}
	for _, s := range testdata.Scenarios {
		if dev, test := perSplit[s.Letter+testdata.Dev], perSplit[s.Letter+testdata.Test]; dev < 3 || dev != test {
			t.Errorf("%s: %d programs in dev and %d in test, want as many in both, at least 3", s.Letter, dev, test)
		}
	}
}

func TestSentences(t *testing.T) {
	sentences, err := testdata.Sentences()
	if err != nil {
		t.Fatal(err)
	}
	skills := builtinIDs[*talent.Skill](t)
	han := regexp.MustCompile(`\p{Han}`)
	count := map[string]int{}
	for _, s := range sentences {
		if !strings.HasPrefix(s.ID, s.Scenario+".sent.") {
			t.Errorf("%s: the id does not begin with its scenario %s", s.ID, s.Scenario)
		}
		for what, is := range map[string]bool{"all": true, s.Scenario: true, "without skill": len(s.Skills) == 0, "without Chinese": !han.MatchString(s.Text)} {
			if is {
				count[what]++
				count[what+" "+s.Split]++
			}
		}
		meant := 0
		for _, m := range s.Skills {
			if !skills[m.Skill] {
				t.Errorf("%s: there is no skill %s", s.ID, m.Skill)
			}
			switch {
			case m.Text == "":
				meant++
			case meant > 0:
				t.Errorf("%s: %s stands behind a skill that is not named", s.ID, m.Skill)
			case strings.TrimSpace(m.Text) != m.Text:
				t.Errorf("%s: spaces around %q", s.ID, m.Text)
			}
			count["mentions"]++
			switch {
			case m.Required == nil:
			case *m.Required:
				count["required"]++
			default:
				count["preferred"]++
			}
			if m.Level != 0 {
				count["level"]++
			}
		}
		if meant > 0 {
			count["meant"]++
			count["meant "+s.Split]++
		}
	}
	for what, least := range map[string]int{
		"all": 180, "all dev": 75, "all test": 75, "without skill": 25, "without skill dev": 12, "without skill test": 12,
		"meant": 30, "meant dev": 15, "meant test": 15, "without Chinese": 15, "required": 30, "preferred": 30, "level": 100,
	} {
		if count[what] < least {
			t.Errorf("%s: %d, want at least %d", what, count[what], least)
		}
	}
	for _, s := range testdata.Scenarios {
		dev, test := count[s.Letter+" "+testdata.Dev], count[s.Letter+" "+testdata.Test]
		if dev < 20 || test < 20 || dev-test > 5 || test-dev > 5 {
			t.Errorf("%s: %d sentences in dev and %d in test, want at least 20 each and about as many", s.Letter, dev, test)
		}
	}
	t.Logf("%d sentences with %d mentions, %d without a skill, %d that mean one without naming it", len(sentences), count["mentions"], count["without skill"], count["meant"])
}

func TestLabelledErrorsNameFileAndLine(t *testing.T) {
	const header = "program\toccupation\tgrade\tsplit\n"
	for _, tt := range []struct{ data, want string }{
		{"", "x:1: the header is missing"},
		{"program\toccupation\n", "x:1: the header is"},
		{header + "p\to\t2\n", "x:2: 3 columns, want 4"},
		{header + "p\t\t2\tdev\n", "x:2: program or occupation is empty"},
		{header + "p\to\t3\tdev\n", `x:2: grade "3", want 0, 1 or 2`},
		{header + "p\to\t2\ttrain\n", `x:2: split "train", want dev or test`},
		{header + "p\to\t2\tdev\r\np\to\t1\tdev\n", "x:3: p and o are judged twice"},
		{header + "p\to\t2\tdev\np\tq\t1\ttest\n", "x:3: p is in both splits"},
	} {
		if _, err := testdata.ParseJudgements("x", []byte(tt.data)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("ParseJudgements(%q): %v, want %s", tt.data, err, tt.want)
		}
	}
	const good = `{"id":"a.sent.001","scenario":"a","split":"dev","text":"会PLC","skills":[{"skill":"s","text":"PLC","level":3}]}`
	for _, tt := range []struct{ old, with, want string }{
		{"PLC\",\"level\"", "plc\",\"level\"", `y:1: a.sent.001: s: "plc" is not in the text`},
		{`"level":3`, `"level":6`, "y:1: a.sent.001: s: level 6"},
		{`"level":3`, `"grade":3`, "y:1: not a sentence: "},
		{`"scenario":"a"`, `"scenario":"f"`, `y:1: a.sent.001: scenario "f", want a to e`},
		{`"split":"dev"`, `"split":""`, `y:1: split ""`},
		{`a.sent.001`, ``, "y:1: id or text is empty"},
		{`[{"skill":"s","text":"PLC","level":3}]`, `null`, "y:1: a.sent.001: skills are missing"},
		{`}]}`, `},{"skill":"s","text":""}]}`, `y:1: a.sent.001: skill "s" is empty or stands there twice`},
		{`}]}`, `}]}{}`, "y:1: more than one JSON value"},
		{`}]}`, "}]}\n" + good, "y:2: a.sent.001: id or text stands there twice"},
		{`}]}`, "}]}\n\n", "y:2: not a sentence: "},
	} {
		data := strings.Replace(good, tt.old, tt.with, 1)
		if _, err := testdata.ParseSentences("y", []byte(data)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("ParseSentences(%s): %v, want %s", data, err, tt.want)
		}
	}
	if got, err := testdata.ParseSentences("y", []byte(good)); err != nil || len(got) != 1 || got[0].Skills[0].Required != nil || got[0].Skills[0].Level != 3 {
		t.Errorf("ParseSentences(good) = %+v, %v", got, err)
	}
}

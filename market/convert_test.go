package market

import (
	"context"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
)

func testConverter(t *testing.T, m *Market) *converter {
	t.Helper()
	ctx := context.Background()
	w, err := m.readWorld(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return m.converter(ctx, w)
}

func decode[T talent.Record](t *testing.T, line string) T {
	t.Helper()
	rec, err := talent.Decode([]byte(line), "")
	if err != nil {
		t.Fatal(err)
	}
	return rec.(T)
}

// TestProgramSkills: a program inherits its courses' skills, each at its best level,
// with the hours of its courses split equally as its value, or else its level.
func TestProgramSkills(t *testing.T) {
	m := openMarket(t)
	c := testConverter(t, m)
	p := decode[*talent.Program](t, `{"type":"program","id":"p","school":"s","name":"电气","region":"440605","education":"associate",
		"skills":[{"skill":"sk.plc-programming","level":2,"course":"k2"},{"skill":"sk.teamwork"},{"name":"星际导航","level":5,"course":"讲座"}],
		"courses":[{"id":"k1","name":"PLC技术","hours":60,"skills":[{"name":"PLC编程","level":4},{"skill":"sk.electrical-drawing","level":3}]},
		           {"id":"k2","name":"综合实训","hours":30},{"id":"k3","name":"班会","skills":[{"skill":"sk.electrical-drawing","level":3}]}]}`)
	got := c.program(p).program
	want := map[string]struct {
		level  uint8
		value  float32
		course string
		known  bool
	}{
		"sk.plc-programming":    {4, 30 + 30, "PLC技术", true}, // half of 60, all of 30
		"sk.electrical-drawing": {3, 30, "PLC技术", true},      // half of 60; k3 has no hours
		"sk.teamwork":           {3, 3, "", true},            // no course: its level
		"~星际导航":                 {5, 5, "讲座", false},         // a course without hours
	}
	if len(got.Held) != len(want) || got.Doubt != 0 {
		t.Fatalf("%d skills, doubt %v", len(got.Held), got.Doubt)
	}
	for _, h := range got.Held {
		name := m.lex.skills.name(h.Skill)
		w, ok := want[name]
		if !ok || h.Level != w.level || h.Value != w.value || courseName(got, h) != w.course || h.Known != w.known || h.Confidence != 100 {
			t.Errorf("%s: %+v in %q, want %+v", name, h, courseName(got, h), w)
		}
	}
}

// TestDemandSkills: entered skills first, then the occupation's, then those that the
// text names.
func TestDemandSkills(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "o.ndjson", `{"type":"occupation","id":"o.x","name":"测试工","aliases":["验证员"],"text":"负责测试","skills":[{"skill":"sk.teamwork","importance":0.25}]}
{"type":"occupation","id":"o.empty","name":"空岗"}
`))
	c := testConverter(t, m)
	base := `{"type":"demand","id":"d","employer":"e","title":"工程师","region":"440605","headcount":1`
	tests := []struct {
		name, rest string
		want       []matcher.Need // Skill is left out
		skills     []string
	}{
		{"entered", `,"occupation":"o.x","text":"精通PLC编程、电气制图、团队协作","skills":[{"skill":"sk.plc-programming","importance":0.5,"level":4,"required":true}]}`,
			[]matcher.Need{{Level: 4, Required: true, Weight: 0.5}}, []string{"sk.plc-programming"}},
		{"occupation", `,"occupation":"o.x","text":"精通PLC编程、电气制图、团队协作"}`,
			[]matcher.Need{{Level: 3, Weight: 0.25}}, []string{"sk.teamwork"}},
		{"text", `,"occupation":"o.empty","text":"要求：PLC编程、电气制图、焊接技术"}`,
			[]matcher.Need{{Level: 3, Extracted: true}, {Level: 3, Extracted: true}, {Level: 3, Extracted: true}}, nil},
		{"too little text", `,"text":"会PLC编程"}`, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := c.demand(decode[*talent.Demand](t, base+tt.rest)).demand
			if len(got.Needs) != len(tt.want) {
				t.Fatalf("needs %+v, want %+v", got.Needs, tt.want)
			}
			for i, n := range got.Needs {
				name := m.lex.skills.name(n.Skill)
				if tt.skills != nil && name != tt.skills[i] {
					t.Errorf("skill %s, want %s", name, tt.skills[i])
				}
				if n.Extracted && (n.Weight <= 0 || n.Weight > 1) {
					t.Errorf("%s weighs %v", name, n.Weight)
				}
				if w := tt.want[i]; n.Level != w.Level || n.Required != w.Required || n.Extracted != w.Extracted || (!n.Extracted && n.Weight != w.Weight) {
					t.Errorf("%s: %+v, want %+v", name, n, w)
				}
			}
		})
	}
}

// TestExtractedPrograms: a list of skills in a text counts as far as it is a list;
// prose counts as no data; neither is held against a required skill.
func TestExtractedPrograms(t *testing.T) {
	m := openMarket(t)
	c := testConverter(t, m)
	base := `{"type":"program","id":"p","school":"s","region":"440605","education":"associate","name":"专业","text":`
	list := c.program(decode[*talent.Program](t, base+`"PLC编程、电气制图、焊接技术、数控编程、团队协作"}`)).program
	if len(list.Held) < 4 || list.Doubt > 0.2 || known(list.Held) {
		t.Errorf("a list: %d skills, doubt %v", len(list.Held), list.Doubt)
	}
	prose := c.program(decode[*talent.Program](t, base+`"本专业面向珠江三角洲地区制造业的转型升级，培养热爱祖国、身心健康、具有良好职业道德和人文素养的毕业生，他们毕业之后应当懂一点PLC编程和电气制图，也听说过焊接技术，能够在生产一线从事设备的看护和一般性的管理工作，并且愿意终身学习。"}`)).program
	if len(prose.Held) != 0 {
		t.Errorf("prose: %d skills, doubt %v", len(prose.Held), prose.Doubt)
	}
}

func known(held []matcher.Held) bool {
	for _, h := range held {
		if h.Known {
			return true
		}
	}
	return false
}

// TestTextsAreFielded: a word of the title weighs more in the body than one of the
// text, and only names stand in the names' space.
func TestTextsAreFielded(t *testing.T) {
	m := openMarket(t)
	c := testConverter(t, m)
	weight := func(tx texts, space matcher.TextSpace, term string) float64 {
		v := c.vector(tx)
		n, ok := m.lex.terms.find(term)
		if !ok {
			return 0
		}
		for _, x := range v[space] {
			if x.ID == n {
				return float64(x.Weight)
			}
		}
		return 0
	}
	inTitle, inText := texts{titles: []string{"焊工"}}, texts{bodies: []string{"焊工"}}
	if a, b := weight(inTitle, matcher.BodySpace, "焊工"), weight(inText, matcher.BodySpace, "焊工"); !(a > b && b > 0) {
		t.Errorf("title %v, text %v", a, b)
	}
	if a, b := weight(inTitle, matcher.NamesSpace, "#焊工"), weight(inText, matcher.NamesSpace, "#焊工"); a != 1 || b != 0 {
		t.Errorf("names: title %v, text %v", a, b)
	}
}

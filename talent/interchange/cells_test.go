package interchange

import (
	"encoding/json"
	"strings"
	"testing"

	"talentmatch/talent"
)

// cellOf reads a cell of a column: its JSON, or its problems.
func cellOf(t *testing.T, typ talent.Type, name, cell string) string {
	t.Helper()
	c := columnsOf(typ).find(name)
	if c == nil {
		t.Fatalf("no column %s", name)
	}
	p := c.codec.parse(reading{}, c, cell)
	var out []string
	for _, b := range p.bad {
		out = append(out, b.at()+" "+b.message)
	}
	if len(out) > 0 {
		return strings.Join(out, "; ")
	}
	return string(p.json)
}

func TestCells(t *testing.T) {
	for _, tc := range []struct {
		typ                talent.Type
		column, cell, want string
	}{
		{"demand", "headcount", "1,200", `1200`},
		{"demand", "headcount", "１２０名", `120`},
		{"demand", "headcount", "12,00", " must be one whole number, without other text"},
		{"demand", "headcount", "30%", " must be one whole number, without other text"},
		{"demand", "headcount", "10-15", " must be one whole number, without other text"},
		{"demand", "headcount", "0x10", " must be one whole number, without other text"},
		{"demand", "start", "46266", `"2026-09"`},
		{"demand", "start", "2026.10", `"2026-10"`},
		{"demand", "start", "2026.1", " must be a month, e.g. 2026-09, 2026/9 or 2026年9月"},
		{"demand", "start", "202609", `"2026-09"`},
		{"demand", "start", "2026年9月1日", `"2026-09"`},
		{"demand", "start", "2026", " must be a month, e.g. 2026-09, 2026/9 or 2026年9月"},
		{"demand", "posted", "2026-09-01T08:30:00Z", `"2026-09-01"`},
		{"demand", "posted", "20260901", `"2026-09-01"`},
		{"demand", "posted", "46266.75", `"2026-09-01"`},
		{"demand", "posted", "2026-02-30", " must be a date, e.g. 2026-09-01, 2026/9/1 or 2026年9月1日"},
		{"demand", "posted", "9/1/2026", " must be a date, e.g. 2026-09-01, 2026/9/1 or 2026年9月1日"},
		{"demand", "education", "Bachelor", `"bachelor"`},
		{"demand", "education", "大专", `"associate"`},
		{"demand", "education", "不限", `""`},
		{"demand", "mode", "订单班", `"order-class"`},
		{"demand", "mode", "order  class", `"order-class"`},
		{"program", "就业率", "97.5%", `0.975`},
		{"program", "就业率", "33.3％", `0.333`},
		{"organization", "kind", "高职", `"college"`},
		{"organization", "kind", "中职", `"secondary-school"`},
		{"organization", "kind", "民营企业", `"enterprise"`},
		{"organization", "kind", "国企", `"enterprise"`},
		{"organization", "kind", "有限公司", `"enterprise"`},
		{"demand", "education", "大专以上", `"associate"`},
		{"demand", "education", "本科以上", `"bachelor"`},
		{"demand", "education", "硕士以上", `"master"`},
		{"demand", "education", "中专以上", `"secondary"`},
		{"demand", "education", "高中以上", `"secondary"`},
		{"demand", "mode", "校招", `"hire"`},
		{"demand", "mode", "社招", `"hire"`},
		{"outcome", "year", "2026届", `2026`},
		{"series", "start", "2020年", `"2020"`},
		{"series", "start", "2020年第三季度", `"2020-Q3"`},
		{"series", "start", "43831", `"2020-01"`},
		{"series", "values", "1; 2.5；-3", `[1,2.5,-3]`},
		{"series", "values", "1,2,3", "[0] must be a number; separate numbers by ;"},
		{"skill", "aliases", "可编程控制器、PLC", `["可编程控制器","PLC"]`},
		{"skill", "aliases", "听、说、读、写;", `["听、说、读、写"]`},
		{"skill", "aliases", `a\;b; c\d; \\e`, `["a;b","c\\d","\\e"]`},
		{"skill", "broader", "sk.a, sk.b；sk.c", `["sk.a","sk.b","sk.c"]`},
		{"alliance", "regions", "佛山市、广州; 440300", `["440600","440100","440300"]`},
		{"alliance", "regions", "佛山市; 月球", "[1] is no region's id or name"},

		{"demand", "skills", "PLC编程:4:必备; 电气制图:3", `[{"name":"PLC编程","level":4,"required":true},{"name":"电气制图","level":3}]`},
		{"demand", "skills", "PLC编程：４：必备；电气制图\n焊接:80%:优先", `[{"name":"PLC编程","level":4,"required":true},{"name":"电气制图"},{"name":"焊接","importance":0.8,"required":false}]`},
		{"demand", "skills", "sk.plc-programming:重要性0.8:3级; id=x.y:1.0; Node.js:2", `[{"skill":"sk.plc-programming","importance":0.8,"level":3},{"skill":"x.y","importance":1},{"name":"Node.js","level":2}]`},
		{"demand", "skills", "PLC编程:id=sk.plc", `[{"skill":"sk.plc","name":"PLC编程"}]`},
		{"demand", "skills", `a\:b:2; sk\.x; id\=y`, `[{"name":"a:b","level":2},{"name":"sk.x"},{"name":"id=y"}]`},
		{"demand", "skills", "PLC:S7-1200:4", `[0] has a part "S7-1200" that is none of level 1-5 (了解 熟悉 掌握 熟练 精通), importance 0.8 or 80%, 必备/优先, id=; write \: for a colon that belongs to a name`},
		{"demand", "skills", "PLC编程:熟悉; 电工：精通：必备；焊接:了解:0.5; 钳工:熟练; CAD:掌握", `[{"name":"PLC编程","level":2},{"name":"电工","level":5,"required":true},{"name":"焊接","importance":0.5,"level":1},{"name":"钳工","level":4},{"name":"CAD","level":3}]`},
		{"demand", "skills", "PLC:4:熟练", "[0] has two levels"},
		{"program", "skills", "PLC:熟练@电气控制", `[{"name":"PLC","level":4,"course":"电气控制"}]`},
		{"demand", "skills", "PLC:4:5", "[0] has two levels"},
		{"program", "skills", "PLC编程:4@电气控制；电工", `[{"name":"PLC编程","level":4,"course":"电气控制"},{"name":"电工"}]`},
		{"program", "skills", "a@b@c", `[0] has two @: write \@ for one that belongs to a name`},
		{"program", "skills", "PLC:必备", `[0] has a part "必备" that is none of level 1-5 (了解 熟悉 掌握 熟练 精通), id=; write \: for a colon that belongs to a name`},
		{"occupation", "skills", "sk.a:4级:0.9; b.c:精通; d:80%:２级", `[{"skill":"sk.a","importance":0.9,"level":4},{"skill":"b.c","level":5},{"skill":"d","importance":0.8,"level":2}]`},
		{"occupation", "skills", "sk.a:0.9; b.c:1; d", `[{"skill":"sk.a","importance":0.9},{"skill":"b.c","importance":1},{"skill":"d"}]`},
		{"program", "courses", "电气控制 #c1[64](PLC编程:4; 电工:3) | 高等数学(上)[72学时]｜大学英语（一）\nC#程序设计", `[{"id":"c1","name":"电气控制","hours":64,"skills":[{"name":"PLC编程","level":4},{"name":"电工","level":3}]},{"name":"高等数学(上)","hours":72},{"name":"大学英语（一）"},{"name":"C#程序设计"}]`},
		{"program", "courses", "电气(PLC:4)", `[{"name":"电气","skills":[{"name":"PLC","level":4}]}]`},
		{"program", "courses", "电气【64】（PLC）", `[{"name":"电气","hours":64,"skills":[{"name":"PLC"}]}]`},
		{"program", "courses", "Python[基础]", `[0] must have a number of hours in [ ]; write \[ for one that belongs to the name`},
		{"program", "courses", "Python[64", `[0] has a [ without ]; write \[ for one that belongs to the name`},
		{"program", "courses", "Python[64]x", "[0] must end after [hours] or the (skills) behind it"},
		{"program", "cohorts", "2026届:120人; 2027:130:140:92%; 2028:5::0.5", `[{"year":2026,"graduates":120},{"year":2027,"graduates":130,"enrolled":140,"completion_rate":0.92},{"year":2028,"graduates":5,"completion_rate":0.5}]`},
		{"program", "cohorts", "2026", "[0] must be year:graduates, year:graduates:enrolled or year:graduates:enrolled:completion rate"},
		{"program", "cohorts", "2026:约100", "[0].graduates must be a number"},
		{"alliance", "members", "o1:理事长单位:2023/7/1; o2:member", `[{"organization":"o1","role":"chair","since":"2023-07-01"},{"organization":"o2","role":"member"}]`},
		{"alliance", "members", "o1", `[0] must be organization:role or organization:role:since; write \: for a colon in an id`},
		{"alliance", "targets", "订单班学生=1,200@2027-12-31; 产业学院=3@2026/12/31:含二期：新建", `[{"metric":"订单班学生","value":1200,"by":"2027-12-31"},{"metric":"产业学院","value":3,"by":"2026-12-31","note":"含二期：新建"}]`},
		{"alliance", "targets", "订单班学生1200", "[0] must be metric=value@date"},
	} {
		if got := cellOf(t, tc.typ, tc.column, tc.cell); got != tc.want {
			t.Errorf("%s %s %q:\n got %s\nwant %s", tc.typ, tc.column, tc.cell, got, tc.want)
		}
	}
}

func TestRegionNames(t *testing.T) {
	for cell, want := range map[string]string{
		"440600": "440600", "佛山市": "440600", "佛山": "440600", "南海区": "440605", "广东省佛山市": "440600", "广东佛山": "440600",
		"广东省-佛山市-南海区": "440605", "佛山 南海": "440605", "中国广东": "440000", "北京": "110000", "北京市朝阳区": "110105",
		"黔东南": "522600", "黔东南州": "522600", "黔东南苗族侗族自治州": "522600", "广西": "450000", "内蒙古": "150000", "新疆": "650000",
		"伊犁": "654000", "香港": "810000", "park.nanhai-1": "park.nanhai-1", "重庆市": "500000", "４４０６００": "440600",
	} {
		if id, message := regionID(cell); id != want {
			t.Errorf("%s: %s %s, want %s", cell, id, message, want)
		}
	}
	for cell, want := range map[string]string{
		"鼓楼区":    "is the name of several regions: 320106 江苏省南京市鼓楼区, 320302 江苏省徐州市鼓楼区, 350102 福建省福州市鼓楼区, 410204 河南省开封市鼓楼区; give the code or the city before it",
		"广州市南海区": "is no region's id or name; similar: 440100 广东省广州市, 440605 广东省佛山市南海区",
		"火星":     "is no region's id or name",
		"三水曲":    "is no region's id or name; did you mean 440607 广东省佛山市三水区?",
		"广东三睡区":  "is no region's id or name; did you mean 440607 广东省佛山市三水区?",
		"佛山三山水区": "is no region's id or name; did you mean 440607 广东省佛山市三水区?",
		"佛山市蝉城区": "is no region's id or name; did you mean 440604 广东省佛山市禅城区?",
	} {
		if id, message := regionID(cell); id != "" || message != want {
			t.Errorf("%s: %s %q", cell, id, message)
		}
	}
	_, message := regionID("蝉城区")
	if !strings.Contains(message, "; did you mean 440604 广东省佛山市禅城区, ") || strings.Count(message, ",") != maxMisspelt-1 {
		t.Errorf("蝉城区 %s", message)
	}
	_, message = regionID("城区县")
	if strings.Count(message, ",") > 5 {
		t.Errorf("more than five candidates: %s", message)
	}
	// Every region is found by its own full path.
	for _, r := range talent.BuiltinRegions() {
		path := r.Name
		for a := places().byID[r.Parent]; a != nil; a = places().byID[a.Parent] {
			path = a.Name + path
		}
		id, message := regionID(path)
		if id != r.ID && !strings.Contains(message, r.ID) {
			t.Errorf("%s: %s %s, want %s", path, id, message, r.ID)
		}
	}
}

func TestPositions(t *testing.T) {
	for want, p := range map[string]Position{
		"demands.csv:7 column 人数 (F)":    {File: "demands.csv", Line: 7, Column: "人数 (F)"},
		"book.xlsx[需求]!F7":               {File: "book.xlsx", Sheet: "需求", Line: 7, Column: "人数 (F)"},
		"book.xlsx[需求]!7":                {File: "book.xlsx", Sheet: "需求", Line: 7},
		"book.xlsx[需求]!7 column program": {File: "book.xlsx", Sheet: "需求", Line: 7, Column: "program"},
		"book.xlsx[需求]":                  {File: "book.xlsx", Sheet: "需求"},
		"x.ndjson:3":                     {File: "x.ndjson", Line: 3},
		"x.csv":                          {File: "x.csv"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA"} {
		if got := columnLetter(i); got != want {
			t.Errorf("column %d is %s, want %s", i, got, want)
		}
	}
}

// TestHeaderTable: every field of every type has a column, no header names two,
// and every header is documented.
func TestHeaderTable(t *testing.T) {
	help := Help("")
	for _, typ := range talent.Types {
		set := columnsOf(typ)
		named := map[string]*column{}
		for _, c := range set.all {
			names := append([]string{c.en, c.zh}, strings.Fields(c.also)...)
			for i, n := range names {
				folded := foldHeader(n)
				if other := named[folded]; other != nil && (other != c || i > 1) {
					t.Errorf("%s: %q names %s and %s", typ, n, other.name, c.name)
				}
				named[folded] = c
				if c.name != "type" && !strings.Contains(Help(typ), n) {
					t.Errorf("%s: %q is not in the help", typ, n)
				}
				if ignored()[folded] {
					t.Errorf("%s: %q is ignored", typ, n)
				}
			}
			if !strings.Contains(help, "\n"+string(typ)+" (") {
				t.Errorf("%s is not in the help", typ)
			}
			if c.codec.syntax == "" {
				t.Errorf("%s %s has no syntax", typ, c.name)
			}
			if c.example() == "" && c.codec != enumCodec && c.codec != typeCodec {
				t.Errorf("%s %s has no example", typ, c.name)
			}
			for _, e := range strings.Split(c.example(), ", ") {
				p := c.codec.parse(reading{}, c, e)
				if e != "" && (len(p.bad) > 0 || !json.Valid(p.json)) {
					t.Errorf("%s %s: the example %q is wrong: %v", typ, c.name, e, p.bad)
				}
			}
		}
		for path, f := range fieldPaths(typ) {
			if f.Kind == talent.Object && path != "salary" {
				continue
			}
			found := false
			for _, c := range set.all {
				found = found || c.name == path
			}
			if !found {
				t.Errorf("%s has no column for %s", typ, path)
			}
		}
		for _, c := range set.all {
			if _, ok := fieldPaths(typ)[c.name]; !ok {
				t.Errorf("%s: column %s is no field", typ, c.name)
			}
		}
		if got := typeInName(typ.Plural()); got != typ {
			t.Errorf("file %s is taken for %s", typ.Plural(), got)
		}
		for _, n := range typeNames[typ] {
			if got := typeInName("2026年" + n + "表"); got != typ {
				t.Errorf("sheet %s is taken for %s, want %s", n, got, typ)
			}
		}
	}
	for name, want := range map[string]talent.Type{
		"企业需求": "demand", "demands-foshan": "demand", "Sheet1": "", "说明": "", "院校专业表（2026）": "program", "skills2": "skill", "demanding": "",
	} {
		if got := typeInName(name); got != want {
			t.Errorf("%s is taken for %q, want %q", name, got, want)
		}
	}
}

func TestGuard(t *testing.T) {
	for text, want := range map[string]string{
		"=1": "'=1", "+x": "'+x", "-5": "-5", "-5; 2": "'-5; 2", "@a": "'@a", "'=x": "''=x", "'x": "'x", "#N/A": "'#N/A", "#x": "#x", "": "", "''": "''", "required": "'required", "'Optional": "''Optional", "必填": "'必填", "optionally": "optionally",
	} {
		if got := guard(text); got != want || unguard(got) != text {
			t.Errorf("%q is guarded as %q, want %q; back %q", text, got, want, unguard(got))
		}
	}
}

package interchange

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"talentmatch/talent"
)

const demandHead = "需求编号,用人单位编号,岗位名称,工作地点,招聘人数"

func TestCSVAsPeopleWriteIt(t *testing.T) {
	const want = `{"type":"demand","id":"d1","employer":"o1","title":"电工","region":"440605","headcount":3}`
	for name, content := range map[string]string{
		"plain":          demandHead + "\nd1,o1,电工,440605,3\n",
		"bom and crlf":   "\ufeff" + demandHead + "\r\nd1,o1,电工,440605,3\r\n",
		"old mac":        demandHead + "\rd1,o1,电工,440605,3",
		"semicolons":     strings.ReplaceAll(demandHead+"\nd1,o1,电工,440605,3", ",", ";"),
		"tabs":           strings.ReplaceAll(demandHead+"\nd1,o1,电工,440605,3", ",", "\t"),
		"title rows":     "佛山市2026年用工需求表,,,,\n,,,,\n" + demandHead + "\nd1,o1,电工,440605,3\n",
		"blank rows":     "\n" + demandHead + "\n,,,,\n\nd1,o1,电工,440605,3\n,,,,\n",
		"place by name":  demandHead + "\nd1,o1,电工,广东省佛山市南海区,3\n",
		"number as text": demandHead + "\nd1,o1,电工,440605,\"３人\"\n",
		"marks":          "需求编号*,用人单位编号（必填）,岗位名称(必填),工作地点 ,招聘人数（人）\nd1,o1,电工,440605,3\n",
		"english":        "ID,Employer,TITLE,region,headcount\nd1,o1,电工,440605,3\n",
		"row numbers":    "序号," + demandHead + "\n1,d1,o1,电工,440605,3\n",
		"empty columns":  demandHead + ",,\nd1,o1,电工,440605,3,,\n",
		"type column":    "记录类型," + demandHead + "\n需求,d1,o1,电工,440605,3\n",
		"quotes":         "\"需求编号\",用人单位编号,岗位名称,工作地点,招聘人数\n\"d1\" ,\"o1\",\"电工\",\"440605\",\"3\"\n",
		"other words":    "编号,企业编号,职位,地区代码,人数\nd1,o1,电工,440605,3\n",
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, "data.csv", content)
			rows, _, err := readAll(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := report(t, path, rows); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestCSVRowErrors(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"every bad cell is named", demandHead + ",学历要求,到岗时间,技能要求,截止日期\n" +
			"d1,o1,电工,440605,约10,本科x,2026年13月,PLC编程:9:必备; 电工:3,2026-9\n",
			`data.csv:2 column 招聘人数 (E): headcount: must be one whole number, without other text (got 约10)
data.csv:2 column 学历要求 (F): education: must be one of secondary (中职), postsecondary (中专后非高等), associate (高职专科), bachelor (本科), master (硕士), doctorate (博士) (got 本科x)
data.csv:2 column 到岗时间 (G): start: must be a month, e.g. 2026-09, 2026/9 or 2026年9月 (got 2026年13月)
data.csv:2 column 技能要求 (H): skills[0].level: must be from 1 to 5 (got PLC编程:9:必备)
data.csv:2 column 截止日期 (I): until: must be a date with its day, e.g. 2026-09-01 (got 2026-9)`},
		{"missing", demandHead + "\n,o1,,440605,3\n", `data.csv:2 column 需求编号 (A): id: is required
data.csv:2 column 岗位名称 (C): title: is required`},
		{"lines are physical", demandHead + ",备注\nd1,o1,电工,440605,3,\"两\n行\"\n\nd2,o1,电工,440605,-3,\n",
			`{"type":"demand","id":"d1","employer":"o1","title":"电工","region":"440605","headcount":3,"note":"两\n行"}
data.csv:5 column 招聘人数 (E): headcount: must be from 0 to 1000000000 (got -3)`},
		{"short", demandHead + "\nd1,o1\nd2,o1,电工,440605,3\n", `data.csv:2: has 2 cells, the header has 5 columns
{"type":"demand","id":"d2","employer":"o1","title":"电工","region":"440605","headcount":3}`},
		{"long", demandHead + "\nd1,o1,电工,440605,3,多余\n", `data.csv:2 column (F): stands in a column without a header (got 多余)`},
		{"column without header", "需求编号,,用人单位编号,岗位名称,工作地点,招聘人数\nd1,x,o1,电工,440605,3\n",
			`data.csv:2 column (B): stands in a column without a header (got x)`},
		{"text after a quote", demandHead + "\n\"d\"1,o1,电工,440605,3\n",
			`data.csv:2: has text after the closing quote of "d": double the quotes inside a quoted cell`},
		{"formula error", demandHead + "\nd1,o1,电工,440605,#N/A\n",
			`data.csv:2 column 招聘人数 (E): headcount: is the result of a formula that failed (got #N/A)`},
		{"ambiguous place", demandHead + "\nd1,o1,电工,朝阳区,3\n",
			`data.csv:2 column 工作地点 (D): region: is the name of several regions: 110105 北京市朝阳区, 220104 吉林省长春市朝阳区; give the code or the city before it (got 朝阳区)`},
		{"unknown place", demandHead + "\nd1,o1,电工,佛山市桂城,3\n",
			`data.csv:2 column 工作地点 (D): region: is no region's id or name; similar: 440600 广东省佛山市 (got 佛山市桂城)`},
		{"other type", "type,id,name,kind\nskill,s1,PLC,工具\nprogram,s2,x,\n",
			`{"type":"skill","id":"s1","name":"PLC","kind":"tool"}
data.csv:3 column type (A): type: must be skill here (got program)`},
		{"contradiction", demandHead + ",发布日期,截止日期\nd1,o1,电工,440605,3,2026/9/2,2026/9/1\n",
			`data.csv:2 column 截止日期 (G): until: must not be before posted 2026-09-02 (got 2026/9/1)`},
		{"no such column", "id,enterprise\na1,o1\n", `data.csv:2 column program: program: program or school is required`},
		{"salary", demandHead + ",薪资\nd1,o1,电工,440605,3,8000-12000元/月\nd2,o1,电工,440605,3,面议\nd3,o1,电工,440605,3,12000-8000\nd4,o1,电工,440605,3,8000左右\n",
			`{"type":"demand","id":"d1","employer":"o1","title":"电工","region":"440605","headcount":3,"salary":{"min":8000,"max":12000,"currency":"CNY","per":"month"}}
{"type":"demand","id":"d2","employer":"o1","title":"电工","region":"440605","headcount":3}
data.csv:4 column 薪资 (F): salary.max: must not be below salary.min 12000 (got 12000-8000)
data.csv:5 column 薪资 (F): salary: ` + salaryHelp + ` (got 8000左右)`},
		{"names for ids", demandHead + ",职业\nd1,佛山机器人有限公司,电工,440605,3,电工\n", `data.csv:2 column 用人单位编号 (B): employer: is a name: give the organization's id (got 佛山机器人有限公司)
data.csv:2 column 职业 (F): occupation: is a name: give the occupation's id (got 电工)`},
		{"names for ids in lists", "联盟编号,联盟名称,联盟类型,成员单位\na1,联盟,校企合作,佛山机器人:理事; o1:成员\n",
			`data.csv:2 column 成员单位 (D): members[0].organization: is a name: give the organization's id (got 佛山机器人:理事)`},
		{"misspelt place", demandHead + "\nd1,o1,电工,佛山市三水曲,3\n",
			`data.csv:2 column 工作地点 (D): region: is no region's id or name; did you mean 440607 广东省佛山市三水区? (got 佛山市三水曲)`},
		{"apostrophes", demandHead + "\nd1,o1,'=HYPERLINK(1),440605,3\nd2,o1,''=x,440605,3\nd3,o1,'quoted',440605,3\n",
			`{"type":"demand","id":"d1","employer":"o1","title":"=HYPERLINK(1)","region":"440605","headcount":3}
{"type":"demand","id":"d2","employer":"o1","title":"'=x","region":"440605","headcount":3}
{"type":"demand","id":"d3","employer":"o1","title":"'quoted'","region":"440605","headcount":3}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := file(t, "data.csv", tc.content)
			rows, _, err := readAll(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := report(t, path, rows); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
			for _, row := range rows {
				if (row.Record == nil) != (len(row.Errors) > 0) {
					t.Errorf("row has record %v and errors %v", row.Record, row.Errors)
				}
			}
		})
	}
}

func TestCSVRefused(t *testing.T) {
	for _, tc := range []struct{ name, content, want string }{
		{"unknown header", demandHead + ",薪水级别\n", "data.csv:1 column 薪水级别 (F): is no column of a demand (columns: id 需求编号, employer 用人单位编号,"},
		{"misspelt header", demandHead + ",技能需求\n", "data.csv:1 column 技能需求 (F): is no column of a demand: did you mean 技能要求? (columns: id 需求编号, "},
		{"misspelt English header", demandHead + ",eductaion\n", "data.csv:1 column eductaion (F): is no column of a demand: did you mean education? (columns: id 需求编号, "},
		{"field twice", demandHead + ",title\n", "data.csv:1 column title (F): title: means the same field as column 岗位名称 (C) (got title)"},
		{"salary twice", demandHead + ",薪资,salary_min\n", "data.csv:1 column salary_min (G): salary.min: means the same field as column 薪资 (F) (got salary_min)"},
		{"no id", "用人单位编号,岗位名称,工作地点,招聘人数,学历要求\n", "data.csv:1: id: there is no column id (需求编号), which every demand needs"},
		{"several at once", "岗位名称,招聘人数,工作地点,工资水平\n", "data.csv:1 column 工资水平 (D): is no column of a demand (columns: "},
		{"no header", "a,b,c\n1,2,3\n", `data.csv:1: invalid: no header row: none of the first 2 rows names columns of any record type; the first begins "a b c"`},
		{"empty", " \n", "data.csv: invalid: the file is empty, expected a header row"},
		{"blank rows only", ",,\n,,\n", "data.csv: invalid: has no rows, expected a header row"},
		{"several types", "id,name\nx,y\n", "data.csv:1: invalid: the headers fit several record types (region, skill, occupation): say which"},
		{"utf-16", "\xff\xfei\x00d\x00", "data.csv: invalid: looks like UTF-16 or a binary file: save it as CSV UTF-8"},
		{"NUL", demandHead + "\nd1,o1,\x00,440605,3\n", "data.csv:2: invalid: looks like UTF-16 or a binary file: save it as CSV UTF-8"},
		{"broken utf-8", demandHead + "\nd1,o1,电工\xff,440605,3\n", "data.csv:2: invalid: is not valid UTF-8 (byte 83 of the file)"},
		{"neither", "id,name,kind\nx,\xff\xff\xff,\n", "data.csv:2: invalid: is neither valid UTF-8 nor valid GB18030: save it as CSV UTF-8"},
		{"open quote", demandHead + "\nd1,o1,\"电工,440605,3\nd2,o1,x,440605,3\n", "data.csv:2: invalid: the quote that opens in this line is never closed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := file(t, "data.csv", tc.content)
			_, _, err := readAll(path, Options{})
			if !errors.Is(err, talent.ErrInvalid) {
				t.Fatalf("got %v, want an ErrInvalid", err)
			}
			if got := strings.ReplaceAll(err.Error(), filepath.Dir(path)+"/", ""); !strings.HasPrefix(got, tc.want) {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
}

func gb18030(t *testing.T, s string) string {
	t.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCSVEncodings(t *testing.T) {
	// The first byte that is not ASCII comes after 300 kB.
	late := "id,employer,title,region,headcount\n" + strings.Repeat("d,o,"+strings.Repeat("welder ", 60)+",440605,1\n", 700) + "d,o,焊工㐀𠮷,440605,1\n"
	for _, tc := range []struct{ name, content, encoding, note, last string }{
		{"utf-8", late, "", "encoding UTF-8", "焊工㐀𠮷"},
		{"utf-8 with bom", "\ufeff" + late, "", "encoding UTF-8 with BOM", "焊工㐀𠮷"},
		{"gb18030", gb18030(t, late), "", "encoding GB18030", "焊工㐀𠮷"},
		{"as asked", gb18030(t, late), "GBK", "encoding GB18030", "焊工㐀𠮷"},
		{"ascii", strings.ReplaceAll(late, "焊工㐀𠮷", "x"), "", "encoding UTF-8", "x"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := file(t, "data.csv", tc.content)
			rows, notes, err := readAll(path, Options{Encoding: tc.encoding})
			if err != nil {
				t.Fatal(err)
			}
			if notes[0] != tc.note {
				t.Errorf("notes %q, want %q", notes, tc.note)
			}
			last := rows[len(rows)-1].Record.(*talent.Demand)
			if last.Title != tc.last || len(rows) != 701 {
				t.Errorf("%d rows, the last is %q", len(rows), last.Title)
			}
		})
	}
	path := file(t, "data.csv", gb18030(t, demandHead+"\nd1,o1,电工,440605,3\n"))
	if _, err := Open(path, Options{Encoding: "utf-8"}); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("GB18030 read as UTF-8: %v", err)
	}
	if _, err := Open(path, Options{Encoding: "latin1"}); !errors.Is(err, talent.ErrUnsupported) {
		t.Errorf("unknown encoding: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, tc := range []struct {
		path string
		want error
	}{
		{file(t, "a.txt", "x"), talent.ErrUnsupported},
		{file(t, "a.xls", "x"), talent.ErrUnsupported},
		{file(t, "a", "x"), talent.ErrUnsupported},
		{t.TempDir(), talent.ErrInvalid},
		{filepath.Join(t.TempDir(), "none.csv"), os.ErrNotExist},
		{file(t, "a.xlsx", "no zip"), talent.ErrInvalid},
		{file(t, "b.xlsx", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), talent.ErrInvalid},
		{file(t, "c.xlsx", ""), talent.ErrInvalid},
	} {
		r, err := Open(tc.path, Options{})
		if !errors.Is(err, tc.want) || r != nil {
			t.Errorf("%s: %v, want %v", tc.path, err, tc.want)
		}
	}
}

func TestReaderAfterTheEnd(t *testing.T) {
	r, err := Open(file(t, "demands.csv", demandHead+"\n"), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("%v, want EOF", err)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, err := r.Next(); !errors.Is(err, os.ErrClosed) {
		t.Errorf("%v, want ErrClosed", err)
	}
}

package interchange

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"talentmatch/talent"
)

func TestRowsThatAreNoRecords(t *testing.T) {
	const d1 = `{"type":"demand","id":"d1","employer":"o1","title":"电工","region":"440605","headcount":3}`
	for _, tc := range []struct{ name, content, want, note string }{
		{"total", demandHead + "\nd1,o1,电工,440605,3\n合计,,,,3\n", d1, "row 3 passed over: 合计"},
		{"total behind other columns", "序号," + demandHead + "\n1,d1,o1,电工,440605,3\n,,,小 计：,,3\n总计\n", d1, "row 3 passed over: 小计|row 4 passed over: 总计"},
		{"a record of that name", "岗位名称,需求编号,用人单位编号,工作地点,招聘人数\n合计,d1,o1,440605,3\n", strings.Replace(d1, "电工", "合计", 1), ""},
		{"marks", demandHead + "\n必填,必填,（必填）,required,选填\nd1,o1,电工,440605,3\n", d1, "row 2 passed over: it says what is required"},
		{"marks before the type column", "记录类型," + demandHead + "\n可选,必填,,必填,*必填,Optional\n\n需求,d1,o1,电工,440605,3\n", d1, "row 2 passed over: it says what is required"},
		{"marks further below", demandHead + "\nd1,o1,电工,440605,3\n,,必填,,\n", d1 + `
data.csv:3 column 需求编号 (A): id: is required
data.csv:3 column 用人单位编号 (B): employer: is required
data.csv:3 column 工作地点 (D): region: is required
data.csv:3 column 招聘人数 (E): headcount: is required`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := file(t, "data.csv", tc.content)
			rows, notes, err := readAll(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := report(t, path, rows); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
			notes = slices.DeleteFunc(notes, func(s string) bool { return !strings.Contains(s, "passed over") })
			if got := strings.Join(notes, "|"); got != tc.note {
				t.Errorf("notes %s", got)
			}
		})
	}
}

func TestTotalsInWorkbook(t *testing.T) {
	rows := [][]any{{"需求编号", "企业编号", "岗位名称", "工作地点", "招聘人数"}, {"必填", "必填", "必填", "必填", "必填"}, {"d1", "o1", "电工", "440605", 3}}
	for range maxTotalNotes + 5 {
		rows = append(rows, []any{"小计", nil, nil, nil, 3})
	}
	path := book(t, []string{"需求"}, map[string][][]any{"需求": rows}, nil)
	got, notes, err := readAll(path, Options{})
	if err != nil || len(got) != 1 || got[0].ID != "d1" || got[0].Pos.Line != 3 {
		t.Fatal(got, err)
	}
	want := []string{"sheet 需求: row 2 passed over: it says what is required", "sheet 需求: records are demands, by the name"}
	for i := range maxTotalNotes {
		want = append(want, fmt.Sprintf("sheet 需求: row %d passed over: 小计", i+4))
	}
	if want = append(want, "sheet 需求: further rows of totals passed over"); !slices.Equal(notes, want) {
		t.Errorf("notes %q", notes)
	}
}

// TestMarksRoundTrip: a record whose words are those of a row of marks is kept.
func TestMarksRoundTrip(t *testing.T) {
	for _, format := range []string{"ndjson", "csv", "xlsx"} {
		mustRoundTrip(t, t.TempDir(), format, "zh", []talent.Record{
			&talent.Skill{ID: "required", Name: "必填"}, &talent.Skill{ID: "Optional", Name: "'required"}})
	}
}

// TestBadRowsKeepTheirNames: type and id of a row are told also when it is bad.
func TestBadRowsKeepTheirNames(t *testing.T) {
	type name struct {
		typ talent.Type
		id  string
		ok  bool
	}
	names := func(rows []Row) (out []name) {
		for _, r := range rows {
			out = append(out, name{r.Type, r.ID, r.Record != nil})
		}
		return out
	}
	long := strings.Repeat("x", 128)
	rows, _, err := readAll(file(t, "data.csv", demandHead+"\nd1,o1,电工,440605,3\n d2 ,o1,电工,440605,若干\nd3,o1\n需求4,o1,电工,440605,3\n"+long+",,,,\n"), Options{})
	want := []name{{"demand", "d1", true}, {"demand", "d2", false}, {"demand", "d3", false}, {"demand", "", false}, {"demand", long, false}}
	if got := names(rows); err != nil || !slices.Equal(got, want) {
		t.Errorf("csv: %v %v", got, err)
	}
	rows, _, err = readAll(file(t, "outcomes.csv", "需求编号,专业编号,年份,录用人数\nd1,p1,2026,3\nd1,p1,2026,若干\n"), Options{})
	want = []name{{"outcome", "d1~p1~2026", true}, {"outcome", "", false}}
	if got := names(rows); err != nil || !slices.Equal(got, want) {
		t.Errorf("outcomes: %v %v", got, err)
	}
	rows, err = readLines(t, `{"type":"skill","id":"s1","name":"电工"}
{"type":"skill","id":" s2 "}
{"type":"person","id":"x"}
{"type":7,"id":7}
{"type":"skill","ID":"s3"}
{"type":"skill","id":"s4"`, Options{})
	want = []name{{"skill", "s1", true}, {"skill", "s2", false}, {"", "x", false}, {"", "", false}, {"skill", "", false}, {"", "", false}}
	if got := names(rows); err != nil || !slices.Equal(got, want) {
		t.Errorf("ndjson: %v %v", got, err)
	}
	rows, err = readLines(t, `{"id":"s2"}`+"\n{", Options{Type: talent.TypeSkill})
	want = []name{{"skill", "s2", false}, {"skill", "", false}}
	if got := names(rows); err != nil || !slices.Equal(got, want) {
		t.Errorf("ndjson of a type: %v %v", got, err)
	}
}

package interchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

// book writes a workbook of the given sheets, rows of cells, in order.
func book(t testing.TB, sheets []string, cells map[string][][]any, more func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, name := range sheets {
		if i == 0 {
			check(f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			check(err)
		}
		for r, row := range cells[name] {
			at, _ := excelize.CoordinatesToCellName(1, r+1)
			check(f.SetSheetRow(name, at, &row))
		}
	}
	if more != nil {
		more(f)
	}
	path := filepath.Join(t.TempDir(), "book.xlsx")
	check(f.SaveAs(path))
	return path
}

func TestXLSXAsPeopleMakeIt(t *testing.T) {
	path := book(t, []string{"说明", "岗位需求", "企业", "Sheet3", "隐藏的专业"}, map[string][][]any{
		"说明":     {{"填表说明"}, {"一、请勿改动表头"}, {"二、人数填整数", "谢谢"}},
		"Sheet3": {},
		"岗位需求": {
			{"佛山市重点企业2026年用工需求汇总表"},
			{"填报单位：产教联盟秘书处", nil, nil, "日期：2026年3月"},
			{},
			{"序号", "需求编号", "企业编号", "岗位名称", "招聘人数（人）", "工作地点", "到岗时间", "发布日期", "学历要求", "技能要求"},
			{},
			{1, "d1", "o1", "自动化工程师", "1,200人", "佛山市", time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC), 46082, "大专及以上", "PLC编程:4:必备；电气制图：3"},
			{2, "d2", "o1", "电工", 20, 440605, "2026年9月", "2026/3/1", "不限", "电工、焊工"},
		},
		"企业":    {{"企业名称", "企业编号", "单位类型", "所在地区", "规模"}, {"佛山某某机器人有限公司", "o1", "企业", "南海区", "大型"}},
		"隐藏的专业": {{"专业编号", "学校", "专业名称", "学历层次", "所在地区", "就业率"}, {"p1", "o2", "机电一体化", "高职", "佛山", 0.97}},
	}, func(f *excelize.File) {
		if err := f.MergeCell("岗位需求", "A1", "J1"); err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetVisible("隐藏的专业", false); err != nil {
			t.Fatal(err)
		}
	})
	rows, notes, err := readAll(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"demand","id":"d1","employer":"o1","title":"自动化工程师","region":"440600","headcount":1200,"start":"2026-09","education":"associate","posted":"2026-03-01","skills":[{"name":"PLC编程","level":4,"required":true},{"name":"电气制图","level":3}]}
{"type":"demand","id":"d2","employer":"o1","title":"电工","region":"440605","headcount":20,"start":"2026-09","posted":"2026-03-01","skills":[{"name":"电工"},{"name":"焊工"}]}
{"type":"organization","id":"o1","name":"佛山某某机器人有限公司","kind":"enterprise","size":"large","region":"440605"}
{"type":"program","id":"p1","school":"o2","name":"机电一体化","region":"440600","education":"associate","employment_rate":0.97}`
	if got := report(t, path, rows); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	if rows[0].Pos.Sheet != "岗位需求" || rows[0].Pos.Line != 6 || rows[2].Pos.Line != 2 {
		t.Errorf("positions %v, %v", rows[0].Pos, rows[2].Pos)
	}
	wantNotes := []string{
		"sheet 说明 skipped: no header",
		"sheet 岗位需求: records are demands, by the name",
		"sheet 岗位需求: column 序号 (A) only numbers the rows: not read",
		"sheet 企业: records are organizations, by the name",
		"sheet Sheet3 skipped: it is empty",
		"sheet 隐藏的专业: records are programs, by the name",
	}
	if !slices.Equal(notes, wantNotes) {
		t.Errorf("notes %q", notes)
	}
	// Asked for one type, the other sheets are passed over.
	rows, notes, err = readAll(path, Options{Type: talent.TypeDemand})
	if err != nil || len(rows) != 2 {
		t.Errorf("only demands: %d rows, %v, %q", len(rows), err, notes)
	}
}

func TestXLSXErrors(t *testing.T) {
	head := []any{"需求编号", "企业编号", "岗位名称", "工作地点", "招聘人数", "技能要求"}
	path := book(t, []string{"需求"}, map[string][][]any{"需求": {head, {"d1", "o1", "电工", "440605", "若干", "PLC:7"}}}, func(f *excelize.File) {
		for cell, formula := range map[string]string{"E3": "1/0", "E4": "1+1"} {
			if err := f.SetCellFormula("需求", cell, formula); err != nil {
				t.Fatal(err)
			}
		}
		for _, row := range []string{"3", "4"} {
			for col, v := range map[string]string{"A": "d" + row, "B": "o1", "C": "电工", "D": "CN"} {
				if err := f.SetCellStr("需求", col+row, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	// excelize writes no cached values; Excel does.
	path = rewrite(t, path, "xl/worksheets/sheet1.xml", func(s string) string {
		s = strings.Replace(s, "<f>1/0</f>", "<f>1/0</f><v>#DIV/0!</v>", 1)
		return strings.Replace(s, "<f>1+1</f>", "<f>1+1</f><v>2</v>", 1)
	})
	rows, _, err := readAll(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `book.xlsx[需求]!E2: headcount: must be one whole number, without other text (got 若干)
book.xlsx[需求]!F2: skills[0].level: must be from 1 to 5 (got PLC:7)
book.xlsx[需求]!E3: headcount: is the result of a formula that failed (got #DIV/0!)
{"type":"demand","id":"d4","employer":"o1","title":"电工","region":"CN","headcount":2}`
	if got := report(t, path, rows); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
	for _, tc := range []struct {
		name   string
		sheets []string
		cells  map[string][][]any
		want   string
	}{
		{"header problems of all sheets", []string{"需求", "专业", "Sheet1"}, map[string][][]any{
			"需求": {{"需求编号", "企业编号", "岗位名称", "工作地点", "人头"}}, "专业": {{"专业编号", "专业名称", "专业名称"}}, "Sheet1": {{"x"}}},
			"book.xlsx[需求]!E1: is no column of a demand|book.xlsx[需求]!1: headcount: there is no column headcount (招聘人数), which every demand needs|" +
				"book.xlsx[专业]!C1: name: means the same field as column 专业名称 (B) (got 专业名称)|book.xlsx[专业]!1: school: there"},
		{"records under a name without header", []string{"需求", "专业"}, map[string][][]any{
			"需求": {{"d1", "o1"}}, "专业": {{"专业编号", "学校", "专业名称", "学历", "地区"}}}, `book.xlsx[需求]!1: no header row: none of the first 1 rows names columns of any record type; the first begins "d1 o1"`},
		{"nothing to read", []string{"说明"}, map[string][][]any{"说明": {{"你好"}}}, "book.xlsx: invalid: no sheet has a header row"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := book(t, tc.sheets, tc.cells, nil)
			_, err := Open(path, Options{})
			if !errors.Is(err, talent.ErrInvalid) {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(err.Error(), filepath.Dir(path)+"/", "")
			for _, want := range strings.Split(tc.want, "|") {
				if !strings.Contains(got, want) {
					t.Errorf("%s\n does not say %s", got, want)
				}
			}
		})
	}
}

// rewrite changes one part of a workbook.
func rewrite(t testing.TB, path, part string, change func(string) string) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			changed := change(string(content))
			if changed == string(content) {
				t.Fatalf("%s is as before", part)
			}
			content = []byte(changed)
		}
		out, err := w.Create(f.Name)
		if err == nil {
			_, err = out.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestXLSXDamaged: a workbook that is not whole is refused, not read in part.
func TestXLSXDamaged(t *testing.T) {
	make := func() string {
		return book(t, []string{"需求"}, map[string][][]any{"需求": {{"需求编号", "企业编号", "岗位名称", "工作地点", "招聘人数"}, {"d1", "o1", "电工", "CN", 1}, {"d2", "o1", "电工", "CN", 1}}}, nil)
	}
	for name, change := range map[string]func(string) string{
		"cut":     func(s string) string { return s[:strings.Index(s, `<row r="3"`)] },
		"syntax":  func(s string) string { return strings.Replace(s, `<row r="3"`, `<row r="3`, 1) },
		"charset": func(s string) string { return strings.Replace(s, `UTF-8`, `ebcdic`, 1) },
	} {
		_, err := Open(rewrite(t, make(), "xl/worksheets/sheet1.xml", change), Options{})
		if !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, cells := range map[string]string{
		"cell": `<row r="1"><c r="A1" t="inlineStr"><is><t>` + strings.Repeat("x", 2*maxToken) + `</t></is></c></row>`,
		"row":  `<row r="1">` + strings.Repeat(`<c t="str"><v>`+strings.Repeat("x", 1<<10)+`</v></c>`, maxRowXML>>10+8) + `</row>`,
	} {
		path := rewrite(t, make(), "xl/worksheets/sheet1.xml", func(string) string { return "<worksheet><sheetData>" + cells + "</sheetData></worksheet>" })
		if _, err := Open(path, Options{}); !errors.Is(err, talent.ErrTooLarge) {
			t.Errorf("large %s: %v", name, err)
		}
	}
	wide := rewrite(t, make(), "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, `<row r="3">`, `<row r="3"><c r="XFD3"><v>1</v></c></row><row r="4">`, 1)
	})
	if _, _, err := readAll(wide, Options{}); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "[需求]!3: invalid: the row has 16384 columns") {
		t.Errorf("wide row: %v", err)
	}
	path := make()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"truncated": b[:len(b)/2], "flipped": flip(b)} {
		if _, _, err := readAll(file(t, "x.xlsx", string(data)), Options{}); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// flip changes a byte inside the first part of a zip.
func flip(b []byte) []byte {
	out := slices.Clone(b)
	out[100] ^= 0xff
	return out
}

func TestXLSX1904(t *testing.T) {
	path := book(t, []string{"协议"}, map[string][][]any{"协议": {{"协议编号", "专业", "企业", "开始日期"}, {"a1", "p1", "o1", 46082 - 1462}}}, func(f *excelize.File) {
		yes := true
		if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
	})
	rows, _, err := readAll(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := report(t, path, rows); got != `{"type":"agreement","id":"a1","program":"p1","enterprise":"o1","from":"2026-03-01"}` {
		t.Error(got)
	}
}

// TestXLSXLeavesNothing: what excelize unpacks is gone after Close.
func TestXLSXLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := book(t, []string{"技能"}, map[string][][]any{"技能": {{"技能编号", "技能名称"}, {"s1", "电工"}}}, nil)
	for range 2 {
		if _, _, err := readAll(path, Options{}); err != nil {
			t.Fatal(err)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "talentmatch-xlsx-*"))
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

package sheet

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"talentmatch/talent"
)

func TestWrite(t *testing.T) {
	sheets := []Sheet{
		{ZH: "岗位", EN: "Openings", Columns: []Column{{ZH: "名称", EN: "title", MeaningZH: "岗位名称", MeaningEN: "what it is called"}, {ZH: "值", EN: "value", Format: "0.0000"}},
			Rows: [][]any{{"=1+1", 0.5}, {"中药\x00", nil}, {strings.Repeat("长", 40_000), 3}}},
		{ZH: "空", EN: "Empty", Columns: []Column{{ZH: "列", EN: "column"}}},
	}
	var a, b bytes.Buffer
	if err := Write(&a, sheets); err != nil {
		t.Fatal(err)
	}
	if err := Write(&b, sheets); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Errorf("the same sheets make other bytes (%v)", err)
	}
	f, err := excelize.OpenReader(&a)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ", "); got != "岗位 Openings, 空 Empty, 说明 Definitions" {
		t.Errorf("sheets %s", got)
	}
	rows, err := f.GetRows("岗位 Openings")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 5 || rows[0][0] != "名称" || rows[1][0] != "title" || rows[2][0] != "=1+1" || rows[2][1] != "0.5000" || len(rows[3]) != 1 {
		t.Errorf("rows %.200q", rows)
	}
	if formula, err := f.GetCellFormula("岗位 Openings", "A3"); err != nil || formula != "" {
		t.Errorf("a text has become the formula %q (%v)", formula, err)
	}
	if n := len([]rune(rows[4][0])); n != mostCell {
		t.Errorf("%d characters in a cell", n)
	}
	meanings, err := f.GetRows("说明 Definitions")
	if err != nil || len(meanings) != 5 || meanings[2][3] != "岗位名称" || meanings[2][4] != "what it is called" {
		t.Errorf("definitions %q (%v)", meanings, err)
	}
}

func TestTooManyRows(t *testing.T) {
	err := Write(&bytes.Buffer{}, []Sheet{{ZH: "多", EN: "Many", Columns: []Column{{ZH: "列", EN: "column"}}, Rows: make([][]any, MostRows+1)}})
	if !errors.Is(err, talent.ErrTooLarge) {
		t.Errorf("%v", err)
	}
}

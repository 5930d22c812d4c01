package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestCharts: charts refer to their columns, the workbook opens, and its bytes do not depend
// on the order of maps.
func TestCharts(t *testing.T) {
	s := Sheet{ZH: "缺口", EN: "Gaps", Columns: []Column{{ZH: "单元格", EN: "cell"}, {ZH: "需求", EN: "demand"}, {ZH: "供给", EN: "supply"}}}
	for i := range 30 {
		s.Rows = append(s.Rows, []any{fmt.Sprint("技能", i), i, 2 * i})
	}
	charts := []Chart{{ZH: "供需", EN: "Demand and supply", Label: 0, Values: []int{1, 2}, Rows: 10}, {ZH: "走势", EN: "Trend", Label: 0, Values: []int{2}, Lines: true}}
	var first []byte
	for range 20 {
		var b bytes.Buffer
		if err := Write(&b, []Sheet{s}, charts...); err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = b.Bytes()
		}
		if !bytes.Equal(first, b.Bytes()) {
			t.Fatal("the same charts make other bytes")
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := strings.Join(f.GetSheetList(), ", "); got != "缺口 Gaps, 图表 Charts, 说明 Definitions" {
		t.Errorf("sheets %s", got)
	}
	for part, want := range map[string][]string{
		"xl/charts/chart1.xml": {"供需 Demand and supply", "'缺口 Gaps'!$A$3:$A$12", "'缺口 Gaps'!$B$3:$B$12", "'缺口 Gaps'!$C$1", "<barChart>"},
		"xl/charts/chart2.xml": {"'缺口 Gaps'!$C$3:$C$32", "<lineChart>"},
	} {
		text := partOf(t, first, part)
		for _, w := range want {
			if !strings.Contains(strings.ReplaceAll(text, "&#39;", "'"), w) {
				t.Errorf("%s does not say %s", part, w)
			}
		}
	}
	if err := Write(&bytes.Buffer{}, []Sheet{{ZH: "空", EN: "Empty", Columns: s.Columns}}, charts...); err != nil {
		t.Errorf("no rows: %v", err)
	}
}

// partOf is the text of a part of a workbook.
func partOf(t *testing.T, book []byte, name string) string {
	t.Helper()
	r, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := r.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

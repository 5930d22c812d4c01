package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"

	"talentmatch/market"

	"github.com/xuri/excelize/v2"
)

// TestMismatch: 15 heads ask plc 12, draw 12 and weld 3; 120 graduates have plc 80, draw 80 and
// weld 40. Shares 4/9, 4/9, 1/9 against .4, .4, .2: Duncan's index is 4/45, half of it from weld.
func TestMismatch(t *testing.T) {
	c := newClient(t, Options{})
	var a market.MismatchAnswer
	c.get("/v1/mismatch?by=skill&index=duncan&limit=1").want(t, 200, &a)
	if len(a.Items) != 1 || *a.Items[0].Value != 0.088888888889 || a.Items[0].Contributions[0].Keys["skill"] != "weld" || a.Items[0].Contributions[0].Value != 0.044444444444 ||
		a.Items[0].Rest.Cells != 2 || a.Meta.Cells.Unresolved.Cells != 1 || len(a.Meta.Definitions) == 0 || len(a.Meta.Caveats) == 0 {
		t.Errorf("%+v", a)
	}
	c.get("/v1/mismatch?by=skill&trend=true").want(t, 200, &a)
	if len(a.Items) != 6 || a.Items[0].Trend == nil { // d1 has an outcome
		t.Errorf("%+v", a.Items)
	}
}

// TestMismatchFiles: the workbook opens, and the report that is kept holds the answer.
func TestMismatchFiles(t *testing.T) {
	c := newClient(t, Options{})
	var answer market.MismatchAnswer
	c.get("/v1/mismatch?by=skill,region&index=jensen-shannon").want(t, 200, &answer)
	book, err := excelize.OpenReader(bytes.NewReader(c.get("/v1/mismatch/workbook?by=skill,region&index=jensen-shannon").want(t, 200, nil).body))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if rows, err := book.GetRows("贡献 Contributions"); err != nil || len(rows) != len(answer.Items[0].Contributions)+2 || len(rows) < 4 {
		t.Errorf("%d rows (%v)", len(rows), err)
	}
	if body := c.get("/v1/mismatch/ndjson?by=skill,region").want(t, 200, nil).body; bytes.Count(body, []byte("\n")) != 5 { // nobody was hired where both sides are
		t.Errorf("%s", body)
	}
	if body := c.get("/v1/mismatch/csv?by=skill,region&index=duncan").want(t, 200, nil).body; !bytes.HasPrefix(body, []byte("index,part,year,skill,skill_name,region,region_name,cells,")) {
		t.Errorf("%s", body)
	}
	report, err := market.ReadReport(c.get("/v1/mismatch/report?by=skill,region&index=jensen-shannon").want(t, 200, nil).body)
	if err != nil {
		t.Fatal(err)
	}
	var kept market.MismatchAnswer
	if err := json.Unmarshal(report.Answer, &kept); err != nil || !reflect.DeepEqual(kept, answer) || report.Kind != "mismatch" || report.Seed != nil {
		t.Errorf("the report holds another answer (%v)", err)
	}
}

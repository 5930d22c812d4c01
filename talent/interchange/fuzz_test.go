package interchange

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"talentmatch/talent"
)

// fuzzRows is how many rows of an input are looked at.
const fuzzRows = 200

// survives reads r to its end: nothing panics or hangs, each row is either a valid
// record or its errors, and records read back the same from what is written.
func survives(t *testing.T, r *Reader, formats ...string) {
	t.Helper()
	start := time.Now()
	byType := map[talent.Type][]talent.Record{}
	for range fuzzRows {
		row, err := r.Next()
		if err != nil {
			break
		}
		if (row.Record == nil) == (len(row.Errors) == 0) {
			t.Fatalf("record %v and errors %v", row.Record, row.Errors)
		}
		for _, e := range row.Errors {
			_ = e.String()
		}
		if row.Record != nil {
			if err := talent.Validate(row.Record); err != nil {
				t.Fatalf("accepted, but %v", err)
			}
			byType[row.Record.RecordType()] = append(byType[row.Record.RecordType()], row.Record)
		}
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Fatalf("took %v", took)
	}
	dir := t.TempDir()
	for _, recs := range byType {
		for _, format := range formats {
			mustRoundTrip(t, dir, format, "zh", recs)
		}
	}
}

func FuzzNDJSON(f *testing.F) {
	f.Add([]byte("\ufeff{\"type\":\"skill\",\"id\":\"s1\",\"name\":\"电工；=1\"}\r\n\n{\"type\":\"x\"}"))
	f.Add([]byte(`{"type":"demand","id":"d","employer":"o","title":"t","region":"CN","headcount":1,"salary":{},"skills":[{"name":"a:b"},{"skill":"sk.x","importance":1e-7}]}`))
	f.Add([]byte(`{"type":"program","id":"p","school":"o","name":"n","region":"CN","education":"associate","courses":[{"id":"c","name":"高等数学(上)","hours":64,"skills":[{"name":"a)"}]}],"cohorts":[{"year":2026,"graduates":1,"completion_rate":0.5}]}`))
	f.Add([]byte(`{"type":"alliance","id":"a","name":"n","kind":"school-enterprise","members":[{"organization":"o:1","role":"chair","since":"2026-01-01"}],"targets":[{"metric":"m=","value":-0,"by":"2026-01-01","note":"a\nb;"}]}`))
	f.Add([]byte(`{"type":"series","id":"s","start":"2020Q1","values":[1e300,-0,5e-324],"keys":{"region":"CN"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		survives(t, NewNDJSON(bytes.NewReader(data), "f", Options{MaxLine: 1 << 16}), "ndjson", "csv")
	})
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("\ufeff" + demandHead + ",技能要求,薪资\nd1,o1,电工,佛山,3人,\"PLC:4:必备; x\",8000-9000元/月\n"))
	f.Add([]byte("id;name;kind;aliases\ns1;\"a\"\"b\r\nc\";工具;'=x\n\"open"))
	f.Add([]byte("标题\n\nid\tfrom\tto\tweight\nx\ta\tb\t30%\n"))
	f.Add([]byte("from,to,weight\na,b,30%\nc,d,1e-3\n"))
	f.Add([]byte("\xb1\xe0\xba\xc5,\xc3\xfb\xb3\xc6,\xc0\xe0\xd0\xcd\ns1,\xb5\xe7\xb9\xa4,\xb9\xa4\xbe\xdf\n")) // 编号,名称,类型 in GB18030
	f.Add([]byte("专业编号,学校,专业名称,学历,地区,课程,毕业生\np1,o1,机电,高职,佛山,\"电气 #c[64](PLC:4) | 数学(上)\",2026:120:130:92%\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "f.csv")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		r, err := Open(path, Options{MaxLine: 1 << 16})
		if err != nil {
			return
		}
		defer r.Close()
		survives(t, r, "ndjson", "csv")
	})
}

func FuzzXLSX(f *testing.F) {
	add := func(sheet string, rows [][]any) {
		b, err := os.ReadFile(book(f, []string{sheet}, map[string][][]any{sheet: rows}, nil))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, "")
	}
	add("需求", [][]any{{"标题"}, {"需求编号", "企业编号", "岗位名称", "工作地点", "招聘人数"}, {"d1", "o1", "电工", "佛山", 3}})
	add("技能", [][]any{{"技能编号", "技能名称", "别名"}, {"s1", "_x0041_", "a;b"}})
	f.Add([]byte("PK\x05\x06"), "")
	// The second argument replaces the sheet of a sound workbook, which the mutation
	// of compressed bytes hardly ever reaches.
	f.Add([]byte(nil), `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>技能编号</t></is></c><c r="B1" t="inlineStr"><is><t>name</t></is></c><c r="C1" t="str"><v>kind</v></c></row>`+
		`<row r="5"><c r="A5"><v>1</v></c><c r="B5" t="s"><v>0</v></c><c r="C5" t="e"><v>#N/A</v></c></row><row r="3"><c r="XFD3"><v>1</v></c></row></sheetData></worksheet>`)
	sound, err := os.ReadFile(book(f, []string{"技能"}, map[string][][]any{"技能": {{"x"}}}, nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, sheet string) {
		path := filepath.Join(t.TempDir(), "f.xlsx")
		if sheet != "" {
			data = sound
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if sheet != "" {
			rewrite(t, path, "xl/worksheets/sheet1.xml", func(string) string { return sheet })
		}
		r, err := Open(path, Options{})
		if err != nil {
			return
		}
		defer r.Close()
		survives(t, r, "xlsx")
	})
}

// FuzzSkillsCell: reading a skills cell never panics, and what was read is written
// in a form that reads the same.
func FuzzSkillsCell(f *testing.F) {
	for _, s := range []string{"PLC编程:4:必备; 电气制图:3", "id=sk.a:重要性80%；Node.js", `a\:b:1.0:3@c`, "电气[64](PLC:4) | 数学(上) #x", "sk.x、sk.y"} {
		f.Add(s)
	}
	columns := []*column{
		columnsOf(talent.TypeDemand).find("skills"), columnsOf(talent.TypeProgram).find("skills"),
		columnsOf(talent.TypeOccupation).find("skills"), columnsOf(talent.TypeProgram).find("courses"),
	}
	records := []string{
		`{"type":"demand","id":"d","employer":"o","title":"t","region":"CN","headcount":1,"skills":`,
		`{"type":"program","id":"p","school":"o","name":"n","region":"CN","education":"associate","skills":`,
		`{"type":"occupation","id":"o","name":"n","skills":`,
		`{"type":"program","id":"p","school":"o","name":"n","region":"CN","education":"associate","courses":`,
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for i, c := range columns {
			p := c.codec.parse(reading{}, c, cell)
			if len(p.bad) > 0 || p.json == nil {
				continue
			}
			rec, err := talent.Decode([]byte(records[i]+string(p.json)+"}"), "")
			if err != nil {
				continue
			}
			want := encode(t, rec)
			var fields map[string]json.RawMessage
			if err := json.Unmarshal([]byte(want), &fields); err != nil {
				t.Fatal(err)
			}
			raw := fields[c.name]
			if raw == nil {
				continue
			}
			written := c.codec.format(raw)
			again, err := talent.Decode([]byte(records[i]+string(c.codec.parse(reading{}, c, written).json)+"}"), "")
			if err != nil {
				t.Fatalf("%s %q is written as %q: %v", c.name, cell, written, err)
			}
			if got := encode(t, again); got != want {
				t.Fatalf("%s %q is written as %q:\n got %s\nwant %s", c.name, cell, written, got, want)
			}
		}
	})
}

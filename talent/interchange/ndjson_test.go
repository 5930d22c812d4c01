package interchange

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"talentmatch/talent"
)

func readLines(t *testing.T, input string, o Options) ([]Row, error) {
	t.Helper()
	r := NewNDJSON(strings.NewReader(input), "x.ndjson", o)
	defer r.Close()
	var rows []Row
	for {
		row, err := r.Next()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func TestNDJSON(t *testing.T) {
	const s1, s2 = `{"type":"skill","id":"s1","name":"电工"}`, `{"type":"skill","id":"s2","name":"焊工"}`
	for _, tc := range []struct {
		name, input string
		o           Options
		want        string
	}{
		{"bom, crlf, blank lines, no end", "\ufeff" + s1 + "\r\n\r\n  \n" + s2, Options{}, s1 + "\n" + s2},
		{"bad lines do not end it", "{\n" + s1 + "\n[1]\n{}\n", Options{}, "x.ndjson:1: is not complete JSON: it ends too early\n" + s1 +
			"\nx.ndjson:3: must be a JSON object (got [1])\n" +
			"x.ndjson:4: type: is required: must be one of agreement, alliance, crosswalk, demand, occupation, organization, outcome, program, region, series, skill"},
		{"every field is named", `{"type":"skill","nme":"x","kind":"zauber"}`, Options{},
			"x.ndjson:1: nme: is not a field here; known: type, id, name, name_en, text, text_en, kind, broader, related, aliases, note\n" +
				"x.ndjson:1: id: is required\nx.ndjson:1: name: is required\n" +
				"x.ndjson:1: kind: must be one of attitude, certificate, group, knowledge, skill, tool (got zauber)"},
		{"type from outside", `{"id":"s1","name":"电工"}`, Options{Type: talent.TypeSkill}, s1},
		{"too long", strings.Repeat("x", 200<<10) + "\n" + s1 + "\n" + strings.Repeat("y", 101), Options{MaxLine: 100},
			"x.ndjson:1: is longer than 100 bytes\n" + s1 + "\nx.ndjson:3: is longer than 100 bytes"},
		{"just not too long", s1 + "\r\n" + s2 + "\n", Options{MaxLine: len(s1)}, s1 + "\n" + s2},
		{"longer than the buffer", `{"type":"skill","id":"s1","name":"电工"` + strings.Repeat(" ", 200<<10) + "}\n" + s2, Options{}, s1 + "\n" + s2},
		{"not UTF-8", "{\"type\":\"skill\",\"id\":\"s1\",\"name\":\"\xff\"}\n", Options{}, "x.ndjson:1: is not valid UTF-8 at byte 34"},
		{"gb18030 when asked", gb18030(t, s1), Options{Encoding: "gb18030"}, s1},
		{"empty salary", `{"type":"demand","id":"d","employer":"o","title":"t","region":"CN","headcount":1,"salary":{}}`, Options{},
			`{"type":"demand","id":"d","employer":"o","title":"t","region":"CN","headcount":1}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows, err := readLines(t, tc.input, tc.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := report(t, "./x", rows); got != tc.want {
				t.Errorf("\n got %s\nwant %s", got, tc.want)
			}
		})
	}
	if _, err := readLines(t, "", Options{Type: "person"}); !errors.Is(err, talent.ErrUnsupported) {
		t.Errorf("bad option: %v", err)
	}
	broken := NewNDJSON(io.MultiReader(strings.NewReader(s1+"\n{"), brokenReader{}), "x.ndjson", Options{})
	if row, err := broken.Next(); err != nil || row.Record == nil {
		t.Fatal(row, err)
	}
	for range 2 {
		if _, err := broken.Next(); err == nil || err == io.EOF || !strings.HasPrefix(err.Error(), "x.ndjson:2: read: ") {
			t.Errorf("broken stream: %v", err)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// TestNDJSONStreams: a line is answered before the next one has been sent.
func TestNDJSONStreams(t *testing.T) {
	in, out := io.Pipe()
	r := NewNDJSON(in, "stream", Options{})
	answered := make(chan Row)
	go func() {
		for {
			row, err := r.Next()
			if err != nil {
				close(answered)
				return
			}
			answered <- row
		}
	}()
	for i := range 3 {
		fmt.Fprintf(out, `{"type":"skill","id":"s%d","name":"x"}`+"\n", i)
		select {
		case row := <-answered:
			if row.Pos.Line != i+1 || row.Record == nil {
				t.Fatal(row)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the line is held back")
		}
	}
	out.Close()
	if _, open := <-answered; open {
		t.Error("a row after the end")
	}
}

// TestMemory reads 200,000 rows from a pipe and looks at the heap on the way: it
// must not grow with the rows read.
func TestMemory(t *testing.T) {
	const rows = 200_000
	for name, open := range map[string]func(r io.ReadCloser) (*Reader, error){
		"ndjson": func(r io.ReadCloser) (*Reader, error) { return NewNDJSON(r, "x", Options{}), nil },
		"csv": func(r io.ReadCloser) (*Reader, error) {
			return newCSV(r, "demands.csv", "utf-8", false, Options{MaxLine: DefaultMaxLine})
		},
	} {
		t.Run(name, func(t *testing.T) {
			in, out := io.Pipe()
			go func() {
				defer out.Close()
				head, line := pattern(t, name)
				_, err := io.WriteString(out, head)
				for i := 0; err == nil && i < rows; i++ {
					_, err = io.WriteString(out, strings.Replace(line, "ID", fmt.Sprint("d", i), 1))
				}
				if err != nil {
					t.Error(err)
				}
			}()
			r, err := open(in)
			if err != nil {
				t.Fatal(err)
			}
			var before, peak uint64
			n := 0
			for ; ; n++ {
				row, err := r.Next()
				if err == io.EOF {
					break
				}
				if err != nil || len(row.Errors) > 0 {
					t.Fatal(err, row.Errors)
				}
				if n%50_000 == 10 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					if before == 0 {
						before = m.HeapAlloc
					}
					peak = max(peak, m.HeapAlloc)
				}
			}
			if n != rows {
				t.Errorf("%d rows, want %d", n, rows)
			}
			if peak > before+8<<20 {
				t.Errorf("the live heap grew from %d to %d bytes", before, peak)
			}
		})
	}
}

// pattern is an export's header and one line of it with the id ID.
func pattern(t *testing.T, format string) (head, line string) {
	t.Helper()
	var b strings.Builder
	w, err := NewWriter(&b, format, talent.TypeDemand, "")
	if err == nil {
		err = w.Write(&talent.Demand{ID: "ID", Employer: "o1", Title: "电工", Region: "440605", Headcount: 3,
			Text: strings.Repeat("负责设备维护。", 10), Skills: []talent.DemandSkill{{Name: "PLC编程"}, {Skill: "sk.safety", Required: true}}})
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Error(err)
	}
	i := 0
	if format == "csv" {
		i = strings.Index(b.String(), "\n") + 1
	}
	return b.String()[:i], b.String()[i:]
}

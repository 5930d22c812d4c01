package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"talentmatch/market"
)

// weldingTrade has two skills that structure joins and two that occupations list together.
const weldingTrade = `{"type":"skill","id":"sk.weld","name":"焊接","name_en":"welding"}
{"type":"skill","id":"sk.tig","name":"氩弧焊","name_en":"TIG","broader":["sk.weld"]}
{"type":"skill","id":"sk.cut","name":"热切割","name_en":"=cutting"}
{"type":"skill","id":"sk.bend","name":"弯管"}
{"type":"skill","id":"sk.cook","name":"面点制作"}
{"type":"skill","id":"sk.serve","name":"摆盘"}
`

func weldingStore(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(weldingTrade)
	for i := range 4 {
		fmt.Fprintf(&b, `{"type":"occupation","id":"oc.%d","name":"第%d工种","skills":[{"skill":"sk.weld"},{"skill":"sk.cut"},{"skill":"sk.bend"}]}`+"\n", i, i)
	}
	b.WriteString(`{"type":"occupation","id":"oc.cook","name":"厨师","skills":[{"skill":"sk.cook"},{"skill":"sk.serve"}]}` + "\n")
	data := t.TempDir() + "/data"
	must(t, "import", "--no-builtin", "--data", data, write(t, "welding.ndjson", b.String()))
	return data
}

func TestSkills(t *testing.T) {
	data := weldingStore(t)
	args := []string{"skills", "--data", data, "--id", "焊接"}
	want := `skill sk.weld  焊接 · welding
  #   sim  id       name               taxonomy  together  text  because
  1  0.80  sk.tig   氩弧焊 / TIG           0.80         -     -  narrower
  2  0.26  sk.bend  弯管                      -      0.26     -  lists with both: 4, such as 第0工种; found with 热切割
  3  0.26  sk.cut   热切割 / =cutting         -      0.26     -  lists with both: 4, such as 第0工种; found with 弯管
`
	if got := must(t, args...); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := must(t, "skills", "--data", data, "--id", "sk.cook", "--top", "1"); !strings.HasPrefix(got, "skill sk.cook  面点制作\n") {
		t.Errorf("%s", got)
	}

	rows, err := csv.NewReader(strings.NewReader(must(t, append(args, "--format", "csv")...))).ReadAll()
	if err != nil || len(rows) != 4 || strings.Join(rows[0], ",") != "id,name,name_en,sim,structure,why,together,lists,occupations,with,text,words" {
		t.Fatalf("%v, %v", rows, err)
	}
	if got, want := strings.Join(rows[1], "|"), "sk.tig|氩弧焊|TIG|0.8|0.8|narrower||||||"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got, want := strings.Join(rows[3], "|"), "sk.cut|热切割|'=cutting|0.257|||0.257|4|oc.0 oc.1 oc.2|sk.bend||"; got != want {
		t.Errorf("%s, want %s", got, want)
	}

	lines := strings.Split(strings.TrimSuffix(must(t, append(args, "--format", "ndjson", "--top", "2")...), "\n"), "\n")
	var item market.NeighbourItem
	if len(lines) != 2 || json.Unmarshal([]byte(lines[1]), &item) != nil || item.ID != "sk.bend" || item.Together == nil || item.Together.OccupationCount != 4 {
		t.Errorf("%q", lines)
	}
}

func TestSkillsRefuses(t *testing.T) {
	data := weldingStore(t)
	for _, tt := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"--id", "nobody"}, exitFailed, "skill nobody: not found"},
		{[]string{"--id", "sk.weld", "--top", "0"}, exitUsage, "--top must be 1..1000"},
		{[]string{"--id", "sk.weld", "--top", "1001"}, exitUsage, "--top must be 1..1000"},
		{[]string{"--id", "sk.weld", "--format", "trec"}, exitUsage, "trec"},
		{nil, exitUsage, "--id"},
	} {
		status, out, errs := talentmatch(t, append([]string{"skills", "--data", data}, tt.args...)...)
		if status != tt.status || out != "" || !strings.Contains(errs, tt.says) {
			t.Errorf("%v: exit %d, %q, %q", tt.args, status, out, errs)
		}
	}
}

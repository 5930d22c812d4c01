package api

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"talentmatch/market"
)

// trades is a taxonomy in which each source has something to say: the boiler makers and
// the pipe fitters need the same, structure joins two skills, words join two.
const trades = `{"type":"skill","id":"weld","name":"焊接","name_en":"welding"}
{"type":"skill","id":"tig","name":"氩弧焊","name_en":"TIG","broader":["weld"]}
{"type":"skill","id":"cut","name":"热切割"}
{"type":"skill","id":"bend","name":"弯管"}
{"type":"skill","id":"cook","name":"面点制作"}
{"type":"skill","id":"inspect","name":"焊接检验","name_en":"welding inspection"}
{"type":"occupation","id":"o1","name":"锅炉工","skills":[{"skill":"weld"},{"skill":"cut"},{"skill":"bend"}]}
{"type":"occupation","id":"o2","name":"管道工","skills":[{"skill":"weld"},{"skill":"cut"},{"skill":"bend"}]}
{"type":"occupation","id":"o3","name":"船体工","skills":[{"skill":"weld"},{"skill":"cut"}]}
{"type":"occupation","id":"o4","name":"钢构工","skills":[{"skill":"weld"},{"skill":"cut"},{"skill":"bend"}]}
{"type":"occupation","id":"o5","name":"厨师","skills":[{"skill":"cook"},{"skill":"inspect"}]}
`

// TestSkillNeighbours answers what each source says, in the documented form.
func TestSkillNeighbours(t *testing.T) {
	ctx := context.Background()
	m, err := market.Open(ctx, market.Options{Dir: t.TempDir(), NoBuiltin: true, Software: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	file := filepath.Join(t.TempDir(), "trades.ndjson")
	if err := os.WriteFile(file, []byte(trades), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Import(ctx, []string{file}, market.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := m.Prepare(ctx); err != nil {
		t.Fatal(err)
	}
	c := serveMarket(t, m, m, Options{})
	var a neighbourAnswer
	r := c.get("/v1/skills/weld/neighbours").want(t, 200, &a)
	if got := ids(t, r.body); !slices.Equal(got, []string{"tig", "inspect", "cut", "bend"}) {
		t.Fatalf("neighbours of welding: %v\n%s", got, r.body)
	}
	tig, inspect, cut := a.Items[0], a.Items[1], a.Items[2]
	if tig.Sim != .8 || tig.Structure == nil || tig.Structure.Why != "narrower" || tig.Structure.Sim != .8 || tig.NameEN != "TIG" {
		t.Errorf("a special case: %+v", tig)
	}
	if inspect.Structure != nil || inspect.Text == nil || !slices.Contains(inspect.Text.Words, "焊接") || inspect.Together != nil {
		t.Errorf("the same words: %+v", inspect)
	}
	if cut.Text != nil || cut.Together == nil || cut.Together.Lists != 4 || cut.Together.OccupationCount != 4 ||
		!slices.Equal(cut.Together.Occupations, []market.NamedRecord{{ID: "o1", Name: "锅炉工"}, {ID: "o2", Name: "管道工"}, {ID: "o3", Name: "船体工"}}) ||
		!slices.Equal(cut.Together.With, []market.NamedRecord{{ID: "bend", Name: "弯管"}}) {
		t.Errorf("the same company: %+v, %+v", cut, cut.Together)
	}
	if a.NextCursor != "" || a.Meta.Total != 4 || a.Meta.Skill.Name != "焊接" || a.Meta.Versions.SkillSpace == "" || a.Meta.Versions.Data == 0 {
		t.Errorf("meta %+v", a.Meta)
	}
	s := newServer(m, Options{Listen: "127.0.0.1:1"})
	op := operations(s.api.OpenAPI().Paths["/v1/skills/{id}/neighbours"])["GET"]
	validate(t, s, op.Responses["200"].Content["application/json"].Schema, r.body, "answer of GET /v1/skills/{id}/neighbours")

	if got := ids(t, c.get("/v1/skills/"+url.PathEscape("焊接")+"/neighbours?limit=2").want(t, 200, nil).body); !slices.Equal(got, []string{"tig", "inspect"}) {
		t.Errorf("by name, the first 2: %v", got)
	}
	if r := c.get("/v1/skills/tig/neighbours").want(t, 200, &a); a.Items[0].ID != "weld" || a.Items[0].Structure.Why != "broader" {
		t.Errorf("the general skill: %s", r.body)
	}
	c.get("/v1/skills/nobody/neighbours").problem(t, 404)
	c.get("/v1/skills/weld/neighbours?limit=0").problem(t, 422)
	c.get("/v1/skills/weld/neighbours?limit=1001").problem(t, 422)
}

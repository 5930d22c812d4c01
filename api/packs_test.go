package api

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"talentmatch/market"
)

// TestPacks lists a taxonomy that was imported, in the documented form.
func TestPacks(t *testing.T) {
	m := openMarket(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"pack.json": `{"name":"clay","version":"2026.1","source":"行会","licence":"CC0"}`,
		"a.ndjson":  `{"type":"skill","id":"clay.glaze","name":"施釉"}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Import(context.Background(), []string{dir}, market.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	r := serveMarket(t, m, m, Options{}).get("/v1/packs").want(t, 200, nil)
	want := `{"items":[{"name":"clay","version":"2026.1","source":"行会","licence":"CC0","records":{"skill":1}}],"next_cursor":"","meta":{"versions":{`
	if !strings.HasPrefix(r.text(), want) {
		t.Errorf("got %s, want %s", r.text(), want)
	}
	s := newServer(m, Options{Listen: "127.0.0.1:1"})
	op := operations(s.api.OpenAPI().Paths["/v1/packs"])["GET"]
	validate(t, s, op.Responses["200"].Content["application/json"].Schema, r.body, "answer of GET /v1/packs")
}

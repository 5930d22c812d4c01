package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// packFolder writes a taxonomy in our own format.
func packFolder(t *testing.T, header, records string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"pack.json": header, "records.ndjson": records} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const clay = `{"type":"skill","id":"clay.glaze","name":"施釉"}
{"type":"skill","id":"clay.kiln","name":"窑炉"}
{"type":"skill","id":"clay.craft","name":"陶艺","kind":"group"}
{"type":"occupation","id":"clay.potter","name":"陶工","skills":[{"skill":"clay.glaze","level":4}]}
`

// TestImportFolder: what the command says of a taxonomy, of its next version, and of
// what it holds.
func TestImportFolder(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	mine := write(t, "mine.ndjson", `{"type":"skill","id":"clay.kiln","name":"窑"}`)
	v1 := packFolder(t, `{"name":"clay","version":"1","licence":"CC0"}`, clay)
	v2 := packFolder(t, `{"name":"clay","version":"2"}`, `{"type":"skill","id":"clay.glaze","name":"上釉"}`)

	says := func(want string, args ...string) {
		t.Helper()
		status, out, errs := talentmatch(t, append([]string{"import", "--no-builtin", "--data", data}, args...)...)
		if status != exitDone || out != "" || errs != want {
			t.Errorf("%q: exit %d, standard output %q, standard error\n%swant\n%s", args, status, out, errs, want)
		}
	}
	says("dry run: skills: 3 added, 0 changed, 0 unchanged\ndry run: occupations: 1 added, 0 changed, 0 unchanged\n"+
		"taxonomy clay: version 1; licence: CC0\n", "--dry-run", v1)
	if _, err := os.Stat(data); err == nil {
		t.Error("a dry run made the data folder")
	}
	says("imported skills: 3 added, 0 changed, 0 unchanged, 1 kept as users have them\nimported occupations: 1 added, 0 changed, 0 unchanged\n"+
		"taxonomy clay: version 1; licence: CC0\n", mine, v1)
	second := "skills: 0 added, 1 changed, 0 unchanged\ntaxonomy clay: version 2, before 1\n" +
		"  2 records not in this version and left in the store: occupation:clay.potter skill:clay.craft\n"
	says("dry run: "+second, "--dry-run", v2)
	says("imported "+second, v2)

	out := must(t, "verify", "--data", data)
	if !strings.Contains(out, "\ntaxonomy clay 2: 2 skills, 1 occupation\nstore version ") || !strings.HasSuffix(out, "\nno differences\n") {
		t.Errorf("verify prints\n%s", out)
	}
	if got := must(t, "export", "--data", data, "--type", "skill", "--format", "csv"); !strings.Contains(got, "clay.craft,陶艺,,,,group,") {
		t.Errorf("exported\n%s", got)
	}

	status, out, errs := talentmatch(t, "import", "--data", data, t.TempDir())
	if status != exitFailed || out != "" || !strings.Contains(errs, "holds no taxonomy") {
		t.Errorf("an empty folder: exit %d, %q, %q", status, out, errs)
	}
	other := packFolder(t, `{"name":"other"}`, clay)
	status, _, errs = talentmatch(t, "import", "--no-builtin", "--data", data, other)
	if status != exitFailed || !strings.Contains(errs, filepath.Join(other, "records.ndjson")+`:1: id: the skill belongs to pack "clay"`) ||
		!strings.Contains(errs, "nothing was imported: 1 error (--skip-bad imports the rest)") || strings.Contains(errs, "taxonomy other") {
		t.Errorf("a pack against another: exit %d, %s", status, errs)
	}
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReplayOfEditedFiles: what was changed by hand is named, be it in the envelope alone; an
// allocation is sent to the command that verifies it.
func TestReplayOfEditedFiles(t *testing.T) {
	data := granuleStore(t)
	saved, allocated := filepath.Join(t.TempDir(), "report.json"), filepath.Join(t.TempDir(), "allocation.json")
	must(t, "gaps", "--data", data, "--bootstrap", "10", "--seed", "4", "--save", saved)
	must(t, "allocate", "--data", data, "--save", allocated)
	raw, err := os.ReadFile(saved)
	if err != nil {
		t.Fatal(err)
	}
	file := string(raw)
	last := strings.LastIndex(file, `"software": "`)
	for _, tt := range []struct{ name, file, out, errs string }{
		{"seed", strings.ReplaceAll(file, `"seed": 4`, `"seed": 5`), "differs  answer.", "values differ with the same versions"},
		{"envelope", regexp.MustCompile(`(?m)^ "seed": 4,`).ReplaceAllString(file, ` "seed": 5,`), "differs  seed  5 -> 4\n", "1 values differ with the same versions"},
		{"answer", file[:last] + strings.Replace(file[last:], `"software": "`, `"software": "v9`, 1), "edited   answer.meta.versions.software  \"v9", "the file was edited: its answer and its envelope say other versions"},
		{"written", strings.Replace(file, "\n", "\n\n", 1), "", "the content is the same, the file is written otherwise"},
	} {
		if tt.file == file {
			t.Fatalf("%s: nothing was edited in\n%s", tt.name, file)
		}
		status, out, errs := talentmatch(t, "replay", "--data", data, write(t, tt.name+".json", tt.file))
		if status != exitFailed || !strings.Contains(out, tt.out) || (tt.out == "") != (out == "") || !strings.Contains(errs, tt.errs) {
			t.Errorf("%s: exit %d\n%s\n%s", tt.name, status, out, errs)
		}
	}
	status, out, errs := talentmatch(t, "replay", "--data", data, allocated)
	if status != exitFailed || out != "" || !strings.Contains(errs, "no report, but an allocation, which talentmatch allocate --verify FILE holds against the data") {
		t.Errorf("allocation: exit %d, %q, %q", status, out, errs)
	}
	if out := must(t, "replay", "--data", data, "--lang", "zh", saved); out != saved+"：字节相同\n" {
		t.Errorf("in Chinese: %s", out)
	}
}

// TestSoftwareVersion: a build without a version says which file it is.
func TestSoftwareVersion(t *testing.T) {
	if name := softwareName(); name == "(devel)" && !regexp.MustCompile(`^\(devel\) sha256:[0-9a-f]{12}$`).MatchString(softwareVersion()) {
		t.Errorf("%q", softwareVersion())
	}
	if out := must(t, "version"); !strings.HasPrefix(out, "talentmatch "+softwareVersion()+"\n") {
		t.Errorf("%s", out)
	}
}

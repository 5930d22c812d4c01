package main

import (
	"os/exec"
	"sort"
	"strings"
	"testing"
)

// mayImport is the arrows of DESIGN section 2: a package (or a folder of them, the
// longest entry counts) and what of ours it may import. "x/..." means x and
// everything below it.
var mayImport = map[string][]string{
	"talent":             {},
	"talent/interchange": {"talent"},
	"store":              {"talent"},
	"index":              {"talent", "index/..."},
	"matcher":            {"talent", "matcher/..."},
	"market":             {"talent/...", "store", "index/...", "matcher/...", "market/sheet"},
	"market/sheet":       {"talent"},
	"market/bench":       {"talent/...", "index", "matcher", "matcher/allocate", "matcher/forecast", "matcher/gap/..."},
	"api":                {"talent/...", "store", "index/...", "matcher/...", "market"},
	"cmd":                {"talent/...", "index/taxonomy", "matcher", "market", "market/bench", "api", "testdata"},
	"testdata":           {"talent"},
	"testdata/generate":  {"talent/...", "index/taxonomy", "testdata/..."},
}

const module = "talentmatch"

func TestImportsPointOneWay(t *testing.T) {
	list := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`,
		"./...", "./testdata", "./testdata/generate", "./testdata/generate/cmd") // wildcards pass testdata over
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		from := strings.TrimPrefix(words[0], module+"/")
		if from == module { // the root holds no code
			continue
		}
		seen++
		allowed, known := rule(from)
		if !known {
			if strings.HasPrefix(from, "talent/") && len(ours(words[1:])) == 0 {
				continue // a package of tests only
			}
			t.Errorf("%s: which of our packages it may import is not written down", from)
			continue
		}
		for _, to := range ours(words[1:]) {
			if !matches(to, allowed) {
				t.Errorf("%s imports %s: it may import %v", from, to, allowed)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages were looked at", seen)
	}
}

// ours picks our packages from a list of imports.
func ours(imports []string) []string {
	var out []string
	for _, p := range imports {
		if rest, ok := strings.CutPrefix(p, module+"/"); ok {
			out = append(out, rest)
		}
	}
	sort.Strings(out)
	return out
}

// rule is what the longest entry for the package says. talent's own entry is for
// itself alone: what lies below it has to be named.
func rule(pkg string) ([]string, bool) {
	for p := pkg; ; {
		if allowed, ok := mayImport[p]; ok && (p != "talent" || p == pkg) {
			return allowed, true
		}
		i := strings.LastIndexByte(p, '/')
		if i < 0 {
			return nil, false
		}
		p = p[:i]
	}
}

func matches(pkg string, patterns []string) bool {
	for _, p := range patterns {
		if dir, below := strings.CutSuffix(p, "/..."); pkg == dir || (below && strings.HasPrefix(pkg, dir+"/")) {
			return true
		}
	}
	return false
}

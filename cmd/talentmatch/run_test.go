package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// talentmatch runs one command line and returns what a shell would see.
func talentmatch(t *testing.T, args ...string) (status int, out, errs string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, &stdout, &stderr)
	return status, stdout.String(), stderr.String()
}

// must runs a command that has to succeed and returns its standard output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	status, out, errs := talentmatch(t, args...)
	if status != exitDone {
		t.Fatalf("talentmatch %s: exit %d\n%s", strings.Join(args, " "), status, errs)
	}
	return out
}

// granules is a market small enough to work out by hand: one demand, a program that
// meets it, one in another province that meets it in part, and one whose award is
// too low.
const granules = `{"type":"organization","id":"o.yf","name":"一方制药","kind":"enterprise","region":"440605"}
{"type":"organization","id":"o.nh","name":"南海职业学院","kind":"college","region":"440605"}
{"type":"organization","id":"o.gz","name":"黔东南职业学院","kind":"college","region":"522600"}
{"type":"skill","id":"sk.extract","name":"中药提取","name_en":"extraction"}
{"type":"skill","id":"sk.granulate","name":"干法制粒"}
{"type":"demand","id":"d.1","employer":"o.yf","title":"配方颗粒工艺员","region":"440605","headcount":3,"start":"2027-09","education":"associate","skills":[{"skill":"sk.extract","level":4,"required":true},{"skill":"sk.granulate"},{"name":"会看苗"}]}
{"type":"demand","id":"d.2","employer":"o.yf","title":"仓库管理员","region":"440605","headcount":1,"status":"filled"}
{"type":"program","id":"p.1","school":"o.nh","name":"中药制药","region":"440605","education":"associate","courses":[{"name":"提取技术","hours":64,"skills":[{"skill":"sk.extract","level":4}]},{"name":"制粒技术","hours":64,"skills":[{"skill":"sk.granulate","level":3}]}],"cohorts":[{"year":2027,"graduates":40}]}
{"type":"program","id":"p.2","school":"o.gz","name":"药学","region":"522600","education":"associate","skills":[{"skill":"sk.extract","level":3}],"cohorts":[{"year":2027,"graduates":10}]}
{"type":"program","id":"p.3","school":"o.gz","name":"药剂","region":"522600","education":"secondary","cohorts":[{"year":2027,"graduates":80}]}
`

// write puts a file into the test's folder.
func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// granuleStore is a data folder with granules in it and no built-in taxonomy.
func granuleStore(t *testing.T) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	must(t, "import", "--no-builtin", "--data", data, write(t, "granules.ndjson", granules))
	return data
}

func TestExitStatus(t *testing.T) {
	t.Setenv("TALENTMATCH_DATA", "")
	data := granuleStore(t)
	empty := t.TempDir()
	none := filepath.Join(empty, "none")
	tests := []struct {
		args   string
		status int
		says   string // on standard error, "" for whatever
	}{
		{"--help", 0, ""},
		{"match --help", 0, ""},
		{"version", 0, ""},
		{"match --data DATA --demand d.1", 0, "3 programs considered, 2 eligible; rejected: education 1; skill names that no taxonomy knows: 会看苗; weights: skills 0.5, text 0.2, focus 0.1, place 0.1, timing 0.1\n"},
		{"match --data DATA --demand d.2", 0, "3 programs considered, 0 eligible; rejected: status 3; weights: skills 0.5, text 0.2, focus 0.1, place 0.1, timing 0.1\n"},
		{"verify --data DATA", 0, ""},

		{"match --data DATA --demand 没有", 1, "talentmatch: demand 没有: not found\n"},
		{"match --data DATA --program d.1", 1, "talentmatch: program d.1: not found\n"},
		{"align --data DATA p.9", 1, "talentmatch: program p.9: not found\n"},
		{"match --data NONE --demand d.1", 1, "talentmatch: there is no store in NONE: talentmatch import --data NONE FILE... makes one\n"},
		{"search --data EMPTY 提取", 1, "talentmatch: there is no store in EMPTY: talentmatch import --data EMPTY FILE... makes one\n"},
		{"verify --data DATA/talentmatch.db", 1, "talentmatch: data folder DATA/talentmatch.db: is a file\n"},
		{"import --data DATA NONE", 1, "talentmatch: import: stat NONE: no such file or directory\n"},
		{"key remove --data DATA 0123", 1, ""},

		{"", 2, `talentmatch: expected one of "demo", "serve", "import", "export", "match", ... (see talentmatch --help)` + "\n"},
		{"招聘", 2, "talentmatch: unexpected argument 招聘 (see talentmatch --help)\n"},
		{"match --demand d.1", 2, "talentmatch: --data must name a folder (see talentmatch match --help)\n"},
		{"match --data DATA", 2, "talentmatch: missing flags: --demand=ID or --program=ID or --for=demands|programs (see talentmatch match --help)\n"},
		{"match --data DATA --demand d.1 --program p.1", 2, "talentmatch: --demand and --program can't be used together (see talentmatch match --help)\n"},
		{"match --data DATA --for schools", 2, `talentmatch: --for must be one of "demands","programs" but got "schools" (see talentmatch match --help)` + "\n"},
		{"match --data DATA --demand d.1 --top 0", 2, "talentmatch: --top must be 1..100000 (see talentmatch match --help)\n"},
		{"match --data DATA --demand d.1 --top ten", 2, ""},
		{"match --data DATA --demand d.1 --format pdf", 2, ""},
		{"match --data DATA --demand d.1 --weights fame=1", 2, `talentmatch: --weights: unknown part "fame" (there are skills, text, focus, place, timing) (see talentmatch match --help)` + "\n"},
		{"match --data DATA --demand d.1 --weights skills=-1", 2, ""},
		{"match --data DATA --demand d.1 --weights skills=0,text=0,focus=0,place=0,timing=0", 2, ""},
		{"match --data DATA --demand d.1 --region 999999", 2, "talentmatch: region: there is no such region (got 999999) (see talentmatch match --help)\n"},
		{"match --data DATA --demand d.1 --education phd", 2, ""},
		{"match --data DATA --demand d.1 --mode hire", 2, "talentmatch: --mode filters demands, and --demand ranks programs (see talentmatch match --help)\n"},
		{"match --data DATA --demand d.1 --industry C27", 2, "talentmatch: --industry filters demands, and --demand ranks programs (see talentmatch match --help)\n"},
		{"match --data DATA --for demands --occupation 6-12-01-01", 2, "talentmatch: --occupation filters demands, and --for demands ranks programs (see talentmatch match --help)\n"},
		{"match --data DATA --program p.1 --mode hire --format csv", 0, ""},
		{"match --data DATA --for programs --mode hire --format csv", 0, ""},
		{"match --data DATA --demand d.1 --colour red", 2, "talentmatch: unknown flag --colour (see talentmatch match --help)\n"},
		{"import --data DATA", 2, `talentmatch: expected "<file> ..." (see talentmatch import --help)` + "\n"},
		{"import --data DATA --type person x.csv", 2, ""},
		{"export --data DATA --type all --format csv", 2, "talentmatch: --type all needs --format ndjson: a table holds one type (see talentmatch export --help)\n"},
		{"export --data DATA", 2, ""},
		{"export --data DATA --type all -o 全部.XLSX", 2, "talentmatch: --type all needs --format ndjson: a table holds one type (see talentmatch export --help)\n"},
		{"export --data DATA --type skill --format csv -o 技能.xlsx", 2, "talentmatch: --format csv contradicts the ending of --output 技能.xlsx (see talentmatch export --help)\n"},
		{"export --data DATA --type skill --format ndjson -o 技能.tsv", 2, "talentmatch: --format ndjson contradicts the ending of --output 技能.tsv (see talentmatch export --help)\n"},
		{"export --data DATA --type skill -o 技能.xls", 2, "talentmatch: --output 技能.xls: xls is not written: use .ndjson, .csv or .xlsx (see talentmatch export --help)\n"},
		{"search --data DATA --filter colour=red 提取", 2, ""},
		{"search --data DATA --filter region 提取", 2, `talentmatch: --filter: expected FIELD=VALUE, got "region" (see talentmatch search --help)` + "\n"},
		{"search --data DATA --limit 0 提取", 2, ""},
		{"gaps --data DATA --by colour", 2, ""},
		{"gaps --data DATA --filter colour=red", 2, `talentmatch: --filter: there is no field "colour" (there are skill, occupation, region, education, year, industry, employer_kind) (see talentmatch gaps --help)` + "\n"},
		{"align --data DATA p.1 --min-skills 2", 2, ""},
		{"demo --scenario Z", 2, ""},
		{"key add --data DATA", 2, ""},
		{"key", 2, ""},
	}
	for _, test := range tests {
		fill := strings.NewReplacer("DATA", data, "NONE", none, "EMPTY", empty)
		status, out, errs := talentmatch(t, strings.Fields(fill.Replace(test.args))...)
		if status != test.status {
			t.Errorf("%s: exit %d, want %d; %s", test.args, status, test.status, errs)
		}
		if says := fill.Replace(test.says); says != "" && errs != says {
			t.Errorf("%s:\n says %s want %s", test.args, errs, says)
		}
		if test.status != 0 && (out != "" || strings.Count(errs, "\n") != 1) {
			t.Errorf("%s: a failure says one line on standard error and nothing on standard output, got %q and %q", test.args, errs, out)
		}
	}
	if _, err := os.Stat(none); err == nil {
		t.Error("a reading command made a data folder")
	}
	if names, _ := os.ReadDir(empty); len(names) > 0 {
		t.Errorf("a reading command made %s in an empty folder", names[0].Name())
	}
}

// TestOnlyData holds every command to a standard output that a program can read.
func TestOnlyData(t *testing.T) {
	data := granuleStore(t)
	for _, args := range []string{
		"match --data DATA --demand d.1 --format ndjson",
		"match --data DATA --for demands --format ndjson",
		"search --data DATA --format ndjson --type program",
		"search --data DATA --format ndjson --type program --facets region",
		"gaps --data DATA --format ndjson",
		"align --data DATA p.1 --format ndjson",
		"verify --data DATA --format ndjson",
		"export --data DATA --type all",
		"key list --data DATA --format ndjson",
	} {
		out := must(t, strings.Fields(strings.ReplaceAll(args, "DATA", data))...)
		for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
			if out != "" && !json.Valid([]byte(line)) {
				t.Errorf("%s writes a line that is no JSON: %s", args, line)
			}
		}
	}
}

func TestInterrupted(t *testing.T) {
	data := granuleStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, args := range [][]string{
		{"match", "--data", data, "--for", "programs", "--format", "trec"},
		{"import", "--data", data, write(t, "granules.ndjson", granules)},
		{"gaps", "--data", data},
	} {
		var out, errs bytes.Buffer
		if status := run(ctx, args, &out, &errs); status != exitFailed || errs.String() != "talentmatch: interrupted\n" {
			t.Errorf("%s: exit %d, %q", args[0], status, errs.String())
		}
	}
}

// brokenPipe is a reader that went away.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestOutputCannotBeWritten(t *testing.T) {
	var errs bytes.Buffer
	if status := run(t.Context(), []string{"version"}, brokenPipe{}, &errs); status != exitFailed {
		t.Errorf("exit %d when standard output is closed", status)
	}
}

func TestVersion(t *testing.T) {
	out := must(t, "version")
	lines := strings.Split(out, "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "talentmatch ") || !strings.HasPrefix(lines[1], "go go1.") || !strings.HasPrefix(lines[2], "taxonomy builtin-") {
		t.Errorf("version prints %q", out)
	}
}

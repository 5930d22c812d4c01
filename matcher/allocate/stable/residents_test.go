package stable

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// residentsFile finds a file of shared/eval/allocation/hospital-residents beside the
// repository, or skips.
func residentsFile(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "eval", "allocation", "hospital-residents", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Skipf("no shared/eval/allocation/hospital-residents/%s above the repository", name)
	return ""
}

// named is a problem whose sides have names: residents of one unit, programs with quotas.
type named struct {
	residents, programs []string
	quota               map[string]int32
	lists               map[string][]string // of residents
	ranked              map[string][]string // of programs
}

// numbered makes the problem. Names that are not there, and those that a list repeats,
// are left out of lists.
func (n *named) numbered(t *testing.T) *Problem {
	t.Helper()
	lists := func(names []string, all map[string][]string, others []string) [][]int32 {
		index := map[string]int32{}
		for i, name := range others {
			index[name] = int32(i)
		}
		out := make([][]int32, len(names))
		for i, name := range names {
			seen := map[int32]bool{}
			for _, other := range all[name] {
				if k, ok := index[other]; ok && !seen[k] {
					seen[k] = true
					out[i] = append(out[i], k)
				}
			}
		}
		return out
	}
	ones, quota := make([]int32, len(n.residents)), make([]int32, len(n.programs))
	for i := range ones {
		ones[i] = 1
	}
	for i, name := range n.programs {
		quota[i] = n.quota[name]
	}
	p, err := FromLists(ones, quota, lists(n.residents, n.lists, n.programs), lists(n.programs, n.ranked, n.residents))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSmallCases(t *testing.T) {
	data, err := os.ReadFile(residentsFile(t, "small_cases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name      string
		Residents map[string][]string
		Hospitals map[string][]string
		Capacity  map[string]int32
		Expected  map[string][]string
	}
	if err := json.Unmarshal(data, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) == 0 {
		t.Error("no cases")
	}
	for _, c := range cases {
		n := &named{
			residents: slices.Sorted(maps.Keys(c.Residents)), programs: slices.Sorted(maps.Keys(c.Hospitals)),
			quota: c.Capacity, lists: c.Residents, ranked: c.Hospitals,
		}
		p := n.numbered(t)
		m, _ := both(t, p)
		got := map[string][]string{}
		for _, u := range m.Pairs(p) {
			h := n.programs[u.Hospital]
			got[h] = append(got[h], n.residents[u.Student]) // sorted, as indices are
		}
		for _, h := range n.programs {
			want := slices.Sorted(slices.Values(c.Expected[h]))
			if !slices.Equal(got[h], want) {
				t.Errorf("%s: %s has %q, want %q", c.Name, h, got[h], want)
			}
		}
	}
}

// The residents' table has id, first name, last name and list; the programs' id, name,
// quota and list. Lists are written [a,b,c], in quotes or not. The expected file has a
// resident and a program a line; residents without a program are left out or have a word
// that is no program, so fields are told apart by what they name.
//
// Should a table have a resident more than once, nothing says which of the rows counts,
// nor which place in a program's list: the first or the last of either must give what is
// expected, for all residents at once.
func TestResidentsAndPrograms(t *testing.T) {
	for _, size := range []string{"4000", "Large"} {
		t.Run(size, func(t *testing.T) {
			residents := csvRows(t, residentsFile(t, "residents"+size+".csv"), ',')
			programs := csvRows(t, residentsFile(t, "programs"+size+".csv"), ',')
			expected := csvRows(t, residentsFile(t, expectedName(t, size)), '\t')
			var problems []string
			for _, last := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
				n := tables(residents, programs, last[0], last[1])
				problem := n.compare(t, expected)
				if problem == "" {
					t.Logf("as expected; of what is there twice the last counts: row %v, place %v", last[0], last[1])
					return
				}
				problems = append(problems, problem)
			}
			t.Error(strings.Join(problems, "\n"))
		})
	}
}

// tables reads the tables. lastRow and lastPlace say which counts of a resident's rows,
// and of the places in a program's list.
func tables(residents, programs [][]string, lastRow, lastPlace bool) *named {
	n := &named{quota: map[string]int32{}, lists: map[string][]string{}, ranked: map[string][]string{}}
	for _, row := range programs {
		quota, err := strconv.ParseInt(field(row, 2), 10, 32)
		if err != nil {
			continue // the header
		}
		id, list := field(row, 0), listed(row)
		if lastPlace { // numbered keeps the first
			slices.Reverse(list)
			seen := map[string]bool{}
			list = slices.DeleteFunc(list, func(name string) bool {
				again := seen[name]
				seen[name] = true
				return again
			})
			slices.Reverse(list)
		}
		n.programs = append(n.programs, id)
		n.quota[id], n.ranked[id] = int32(quota), list
	}
	for _, row := range residents {
		id := field(row, 0)
		if _, err := strconv.Atoi(id); err != nil {
			continue
		}
		_, again := n.lists[id]
		if !again {
			n.residents = append(n.residents, id)
		}
		if !again || lastRow {
			n.lists[id] = listed(row)
		}
	}
	return n
}

// compare solves the problem for residents and says what differs from the expected
// programs.
func (n *named) compare(t *testing.T, expected [][]string) string {
	t.Helper()
	p := n.numbered(t)
	start := time.Now()
	m, err := StudentOptimal(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	both(t, p)
	got, want := map[string]string{}, map[string]string{}
	for _, u := range m.Pairs(p) {
		got[n.residents[u.Student]] = n.programs[u.Hospital]
	}
	t.Logf("%d residents, %d programs, %d edges, %d matched, %v", len(n.residents), len(n.programs), len(p.Hospital), len(got), took)
	for _, row := range expected {
		resident, program := "", ""
		for i := range row {
			name := field(row, i)
			if _, ok := n.lists[name]; ok {
				resident = name
			} else if slices.Contains(n.programs, name) {
				program = name
			}
		}
		if resident != "" && program != "" {
			want[resident] = program
		}
	}
	if len(want) == 0 {
		return "nothing is expected: is the file as described?"
	}
	wrong, example := 0, ""
	for _, id := range n.residents {
		if got[id] != want[id] {
			wrong++
			example = fmt.Sprintf("resident %s has program %q, want %q", id, got[id], want[id])
		}
	}
	if wrong == 0 {
		return ""
	}
	return fmt.Sprintf("%d residents differ: %s", wrong, example)
}

// expectedName finds the expected file of a size, whichever table it is named after.
func expectedName(t *testing.T, size string) string {
	dir := filepath.Dir(residentsFile(t, "residents"+size+".csv"))
	found, err := filepath.Glob(filepath.Join(dir, "*"+size+"*.expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Skipf("no *%s*.expected.tsv beside the tables", size)
	}
	return filepath.Base(found[0])
}

func csvRows(t *testing.T, path string, comma rune) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, true
	var rows [][]string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return rows
		}
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
}

// field is a field without spaces and the mark that some tables begin with; "" when the
// row has no such field.
func field(row []string, i int) string {
	if i >= len(row) {
		return ""
	}
	return strings.Trim(row[i], " \t\r\ufeff\"")
}

// listed reads the list that begins in the fourth field.
func listed(row []string) []string {
	if len(row) < 4 {
		return nil
	}
	return strings.FieldsFunc(strings.Join(row[3:], ","), func(r rune) bool { return strings.ContainsRune("[],;\"' \t", r) })
}

package taxonomy

import (
	"regexp"
	"strings"
	"testing"
)

// TestThesaurus: every file can be read, codes are ordered and unique within it, all
// ISCO-08 major groups are there, and titles stand in both languages.
func TestThesaurus(t *testing.T) {
	code := regexp.MustCompile(`^[0-9]{4}[a-z]$`)
	entries, err := thesaurusFiles.ReadDir("thesaurus")
	if err != nil {
		t.Fatal(err)
	}
	seen, majors, titles := map[string]string{}, map[byte]int{}, 0
	for _, e := range entries {
		data, err := thesaurusFiles.ReadFile("thesaurus/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		clusters, err := parseThesaurus(e.Name(), string(data))
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for _, c := range clusters {
			if !code.MatchString(c.Code) || c.Code <= last || seen[c.Code] != "" {
				t.Errorf("%s: code %q after %q (also in %q)", e.Name(), c.Code, last, seen[c.Code])
			}
			last, seen[c.Code] = c.Code, e.Name()
			majors[c.Code[0]]++
			titles += len(c.Titles)
			latin, chinese := 0, 0
			for _, title := range c.Titles {
				if strings.IndexFunc(title, IsCJK) >= 0 {
					chinese++
				} else {
					latin++
				}
			}
			if latin < 3 || chinese < 3 || len(c.About) < 10 {
				t.Errorf("%s: %s has %d English and %d Chinese titles and %d words", e.Name(), c.Code, latin, chinese, len(c.About))
			}
		}
	}
	if len(Thesaurus()) != len(seen) || len(seen) < 1500 || len(majors) != 10 || titles < 31_000 {
		t.Errorf("%d clusters of %d major groups with %d titles", len(seen), len(majors), titles)
	}
}

func TestThesaurusRefuses(t *testing.T) {
	for _, bad := range []string{"", "1111a\tx", "\tboss\t老板\ta\tb", "1111a\t\t\ta\tb", "1111a\tboss\t老板\ta\tb\tc"} {
		if c, err := parseThesaurus("f", "1111a\tboss|chief\t老板\tlead\t领导\n"+bad+"\n"); err == nil || !strings.Contains(err.Error(), "f line 2") {
			t.Errorf("%q: %v, %v", bad, c, err)
		}
	}
}

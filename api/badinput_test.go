package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// badInput is one bad request and the exact answer that it gets: the status, the
// detail, and every error but the first, which the detail says already.
type badInput struct {
	name, method, path, body string
	header                   []string
	want                     string
}

const d1 = `"employer":"plant","title":"电工","region":"110000","headcount":1`

// TestBadInput sends every bad request: each is answered as the table says, none
// with a 5xx, and none changes the store.
func TestBadInput(t *testing.T) {
	c := newClient(t, Options{MaxBody: 20_000})
	before := c.dataVersion()
	if len(badInputs) < 60 {
		t.Errorf("only %d bad inputs", len(badInputs))
	}
	for _, b := range badInputs {
		t.Run(b.name, func(t *testing.T) {
			c.t = t
			r := c.do(b.method, b.path, b.body, b.header...)
			if r.StatusCode < 400 || r.StatusCode >= 500 {
				t.Fatalf("%s, want a refusal: %s", r.Status, r.body)
			}
			if got := render(r.problem(t, r.StatusCode)); got != b.want {
				t.Errorf("got\n%s\nwant\n%s", got, b.want)
			}
			if after := c.dataVersion(); after != before {
				t.Errorf("the store changed: version %d, was %d", after, before)
			}
		})
	}
}

func render(p Problem) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", p.Status, p.Detail)
	if p.Status == 409 {
		for _, e := range p.Errors {
			b.WriteString("\n" + e.text())
		}
		return b.String()
	}
	for _, e := range p.Errors[min(1, len(p.Errors)):] {
		b.WriteString("\n" + e.text())
	}
	return b.String()
}

func nested(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func longList(n int) string { return strings.TrimSuffix(strings.Repeat("a,", n), ",") }

func quoted(s string) string { b, _ := json.Marshal(s); return string(b) }

package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"talentmatch/market"
)

// extracted posts a text and returns the answer.
func (c *client) extracted(body string) extractAnswer {
	c.t.Helper()
	var out extractAnswer
	c.do("POST", "/v1/skills/extract", body).want(c.t, 200, &out)
	return out
}

func TestExtractSkills(t *testing.T) {
	c := newClient(t, Options{})
	got := c.extracted(`{"text":"😀要求：精通PLC编程，ＷＥＬＤＩＮＧ者优先；不要求电气制图。","removed":true}`)
	want := []market.ExtractItem{
		{Start: 19, End: 28, StartChar: 6, EndChar: 11, Text: "PLC编程", Skill: "plc", Name: "PLC编程", NameEN: "PLC programming", Level: 5, How: "label", Confidence: 1},
		{Start: 31, End: 52, StartChar: 12, EndChar: 19, Text: "ＷＥＬＤＩＮＧ", Skill: "weld", Name: "焊接", NameEN: "welding", How: "label", Confidence: 1},
		{Start: 73, End: 85, StartChar: 26, EndChar: 30, Text: "电气制图", Skill: "draw", Name: "电气制图", NameEN: "electrical drawing", How: "label", Confidence: 1, Removed: true},
	}
	for i := range got.Items {
		if i == 1 && (got.Items[i].Required == nil || *got.Items[i].Required) {
			t.Errorf("welding is not preferred: %+v", got.Items[i])
		}
		got.Items[i].Required = nil
	}
	if fmt.Sprintf("%+v", got.Items) != fmt.Sprintf("%+v", want) {
		t.Errorf("got\n%+v\nwant\n%+v", got.Items, want)
	}
	if m := got.Meta; !m.Removed || m.Latent || m.Versions.Data != c.dataVersion() || m.Versions.Taxonomy == "" || m.Versions.Software != "test" {
		t.Errorf("meta %+v", m)
	}
	if kept := c.extracted(`{"text":"不要求电气制图","removed":false}`); kept.Items == nil || len(kept.Items) != 0 {
		t.Errorf("removed finds come unasked: %+v", kept.Items)
	}
}

// TestExtractOffsets: whatever the text, the offsets in bytes and in characters name
// the same words.
func TestExtractOffsets(t *testing.T) {
	c := newClient(t, Options{})
	for _, text := range []string{
		"שלום PLC编程 مرحبا welding",          // right to left
		"👩‍🔧👩‍🔧 PLC编程 👩‍🔧 电气制图\n\n焊接",       // emoji of several characters
		"e\u0301quipe PLC编程\u200b焊接",        // combining marks
		strings.Repeat("求PLC编程，会焊接。", 2000), // long
		"PLC\n编程", // over a line's end
		strings.Repeat("点位示教。", 3000) + "焊接\t", // more sentences than are searched
	} {
		body, err := json.Marshal(map[string]any{"text": text, "latent": true, "removed": true})
		if err != nil {
			t.Fatal(err)
		}
		got := c.extracted(string(body))
		if len(got.Items) == 0 {
			t.Errorf("%.40q: nothing found", text)
		}
		runes, end := []rune(text), 0
		for _, it := range got.Items {
			if it.Start < end || text[it.Start:it.End] != it.Text || string(runes[it.StartChar:it.EndChar]) != it.Text {
				t.Fatalf("%.40q: %+v", text, it)
			}
			end = it.End
		}
	}
}

// TestExtractHalfCharacter: JSON replaces what is no UTF-8, and offsets are those of
// what it becomes.
func TestExtractHalfCharacter(t *testing.T) {
	c := newClient(t, Options{})
	got := c.extracted("{\"text\":\"\xe4\xb8PLC编程\xff\"}")
	if text := "\ufffd\ufffdPLC编程\ufffd"; len(got.Items) != 1 || text[got.Items[0].Start:got.Items[0].End] != "PLC编程" || !utf8.ValidString(got.Items[0].Text) {
		t.Errorf("%+v", got.Items)
	}
}

func TestLinkTexts(t *testing.T) {
	c := newClient(t, Options{})
	var got linkAnswer
	ask := func(body string) {
		t.Helper()
		got = linkAnswer{}
		c.do("POST", "/v1/link", body).want(t, 200, &got)
	}
	ask(`{"to":"skill","texts":[{"id":"乙 2","text":"会焊接"},{"id":"甲","text":"PLC programming 😀"},{"id":"x","text":"，。"}]}`)
	if len(got.Items) != 3 || got.Items[0].ID != "乙 2" || got.Items[1].ID != "甲" || got.Meta.To != "skill" || got.Meta.Limit != 50 || got.Meta.Versions.Data != c.dataVersion() {
		t.Fatalf("%+v", got)
	}
	for i, best := range []string{"weld", "plc", "draw"} { // the last text says nothing: all 0, by id
		list := got.Items[i].Candidates
		if len(list) != 3 || list[0].ID != best || list[0].Name == "" {
			t.Fatalf("%s: %+v", got.Items[i].ID, list)
		}
		last := math.Inf(1)
		for k, it := range list {
			if it.Rank != k+1 || it.Score > last || it.Score < 0 || it.Score > 1 || i == 2 && it.Score != 0 {
				t.Errorf("%s: %+v", got.Items[i].ID, it)
			}
			last = it.Score
		}
	}
	ask(`{"to":"occupation","limit":1,"pack":"builtin","texts":[{"id":"a","text":"自动化"}]}`)
	if len(got.Items) != 1 || len(got.Items[0].Candidates) != 1 || got.Items[0].Candidates[0].ID != "tech" || got.Meta.Pack != "builtin" {
		t.Errorf("%+v", got)
	}
	many := make([]string, maxLinkTexts)
	for i := range many {
		many[i] = fmt.Sprintf(`{"id":"%d","text":"焊接"}`, i)
	}
	ask(`{"to":"skill","texts":[` + strings.Join(many, ",") + `]}`)
	if len(got.Items) != maxLinkTexts || got.Items[999].ID != "999" {
		t.Errorf("%d items", len(got.Items))
	}
	r := c.do("POST", "/v1/link", `{"to":"skill","texts":[`+strings.Join(many, ",")+`,{"id":"more","text":"焊接"}]}`)
	if p := r.problem(t, http.StatusUnprocessableEntity); p.Detail != "body.texts has 1001 texts, at most 1000 are accepted" {
		t.Errorf("%s", p.Detail)
	}
	r = c.do("POST", "/v1/link", `{"to":"skill","limit":51,"texts":[`+strings.Join(many, ",")+`]}`)
	if p := r.problem(t, http.StatusUnprocessableEntity); p.Detail != "body.limit asks for 51 candidates of 1000 texts, at most 50000 in all are accepted" {
		t.Errorf("%s", p.Detail)
	}
}

// TestTextsAreNotStored: both only read, and say the same twice.
func TestTextsAreNotStored(t *testing.T) {
	c := newClient(t, Options{})
	before := c.dataVersion()
	for path, body := range map[string]string{
		"/v1/skills/extract": `{"text":"会PLC编程。写好自动、手动、急停几套程序","latent":true}`,
		"/v1/link":           `{"to":"occupation","texts":[{"id":"a","text":"电气自动化"}]}`,
	} {
		first, again := c.do("POST", path, body).want(t, 200, nil), c.do("POST", path, body).want(t, 200, nil)
		if first.text() != again.text() || !strings.Contains(first.text(), `"next_cursor":""`) {
			t.Errorf("%s: %s and %s", path, first.body, again.body)
		}
	}
	if after := c.dataVersion(); after != before {
		t.Errorf("version %d, was %d", after, before)
	}
}

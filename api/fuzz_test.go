package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// inProcess asks the handler without a connection, as fuzzing wants it.
func inProcess(h http.Handler, method, target string, rawQuery, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost"+target, strings.NewReader(body))
	r.URL.RawQuery = rawQuery
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func checkAnswer(t *testing.T, w *httptest.ResponseRecorder, what string) {
	t.Helper()
	if w.Code >= 500 {
		t.Fatalf("%s: %d %s", what, w.Code, w.Body)
	}
	if !json.Valid(w.Body.Bytes()) {
		t.Fatalf("%s: the answer is not JSON: %s", what, w.Body)
	}
	if w.Code >= 400 && w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("%s: %d without a problem", what, w.Code)
	}
}

// FuzzJSONBody: no body makes a 5xx, and what is not accepted is explained.
func FuzzJSONBody(f *testing.F) {
	m := openMarket(f)
	h := New(m, Options{Listen: "127.0.0.1:0", MaxBody: 1 << 16})
	for _, b := range badInputs {
		f.Add(b.body)
	}
	f.Add(`{"id":"f","employer":"plant","title":"电工","region":"110000","headcount":1,"skills":[{"skill":"plc","level":2}]}`)
	f.Add(`{"demand":{"title":"电工","region":"110000","text":"会PLC编程","start":"2026-09","skills":[{"name":"焊接"}]},"limit":3,"weights":{"text":0}}`)
	f.Add(`{"program":{"name":"电气","region":"130000","education":"associate","skills":[{"skill":"plc"}],"cohorts":[{"year":2026,"graduates":3}]}}`)
	f.Add("{\"text\":\"精通PLC编程，不要求焊接。写好自动、手动几套程序！👩‍🔧 שלום \\ud83d \xe4\xb8\",\"latent\":true,\"removed\":true}")
	f.Add(`{"to":"skill","pack":"builtin","limit":3,"texts":[{"id":"a","text":"会焊接"},{"id":"b","text":"C++ \u0001"},{"id":"a","text":" "}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, target := range []string{"/v1/demands", "/v1/match", "/v1/skills/extract", "/v1/link"} {
			checkAnswer(t, inProcess(h, "POST", target, "", body), target)
		}
		checkAnswer(t, inProcess(h, "PUT", "/v1/programs/fuzz", "", body), "PUT")
	})
}

// FuzzQueryString: no query string makes a 5xx.
func FuzzQueryString(f *testing.F) {
	m := openMarket(f)
	h := New(m, Options{Listen: "127.0.0.1:0"})
	for _, b := range badInputs {
		if _, query, ok := strings.Cut(b.path, "?"); ok {
			f.Add(query)
		}
	}
	f.Add("q=PLC&type=demand&facets=region,kind&highlight=true&not.region=110000&year=2026")
	f.Add("by=skill,region&region_at=prefecture&drill=3&limit=2")
	f.Add("w.text=0&min_score=.5&region=130000&explain=false&cursor=" + url.QueryEscape("中"))
	f.Add(`q="数控 加工" -焊接 C%2B%2B`)
	f.Fuzz(func(t *testing.T, query string) {
		for _, target := range []string{"/v1/search", "/v1/demands/d1/matches", "/v1/programs/auto/matches", "/v1/gaps", "/v1/mismatch", "/v1/programs/auto/alignment", "/v1/demands"} {
			checkAnswer(t, inProcess(h, "GET", target, query, ""), target+"?"+query)
		}
	})
}

package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"talentmatch/market"
	"talentmatch/store"
	"talentmatch/talent"
)

func TestRecordLife(t *testing.T) {
	c := newClient(t, Options{})
	const path = "/v1/demands/需-1"
	const id = "/v1/demands/x-1"
	body := `{"employer":"plant","title":"数控操作工 <高级> & 更多","region":"110000","headcount":0}`

	r := c.do("PUT", id, body).want(t, 201, nil)
	tag := r.Header.Get("ETag")
	if r.Header.Get("Location") != id || tag == "" {
		t.Errorf("headers %v", r.Header)
	}
	const canonical = `{"type":"demand","id":"x-1","employer":"plant","title":"数控操作工 <高级> & 更多","region":"110000","headcount":0}` + "\n"
	if r.text() != canonical {
		t.Errorf("answered %s", r.body)
	}
	if r := c.do("PUT", id, body).want(t, 200, nil); r.Header.Get("ETag") != tag {
		t.Errorf("the same again has another ETag: %s, was %s", r.Header.Get("ETag"), tag)
	}
	if r := c.get(id).want(t, 200, nil); r.text() != canonical || r.Header.Get("ETag") != tag {
		t.Errorf("got %v %s", r.Header, r.body)
	}
	for _, given := range []string{tag, "W/" + tag, `"v1", ` + tag, "*"} {
		if r := c.do("GET", id, "", "If-None-Match", given).want(t, 304, nil); len(r.body) > 0 || r.Header.Get("ETag") != tag {
			t.Errorf("If-None-Match %s: %v %q", given, r.Header, r.body)
		}
	}
	c.do("GET", id, "", "If-None-Match", `"v1"`).want(t, 200, nil)

	changed := strings.Replace(body, `"headcount":0`, `"headcount":7`, 1)
	r = c.do("PUT", id, changed, "If-Match", `"v0", `+tag).want(t, 200, nil)
	c.do("PUT", id, body, "If-Match", tag).problem(t, 412)
	c.do("DELETE", id, "", "If-Match", tag).problem(t, 412)
	if r := c.do("DELETE", id, "", "If-Match", r.Header.Get("ETag")).want(t, 204, nil); len(r.body) > 0 {
		t.Errorf("DELETE answered %q", r.body)
	}
	c.get(id).problem(t, 404)
	c.do("PUT", id, body, "If-None-Match", "*").want(t, 201, nil)
	c.do("POST", "/v1/demands", canonical).want(t, 200, nil)
	c.get(path).problem(t, 404)
}

// TestEveryCollection writes, reads and lists each type by its own canonical JSON.
func TestEveryCollection(t *testing.T) {
	c := newClient(t, Options{})
	for _, line := range strings.Split(strings.TrimSpace(records), "\n") {
		rec, err := talent.Decode([]byte(line), "")
		if err != nil {
			t.Fatal(err)
		}
		coll, id := "/v1/"+rec.RecordType().Plural(), rec.RecordID()
		one := coll + "/" + url.PathEscape(id)
		want := mustEncode(t, rec) + "\n"
		if got := c.get(one).want(t, 200, nil); got.text() != want {
			t.Errorf("%s: %s", one, got.body)
		}
		for _, r := range []*response{c.do("PUT", one, line), c.do("POST", coll, line)} {
			if r.want(t, 200, nil); r.text() != want || r.Header.Get("Location") != coll+"/"+id {
				t.Errorf("%s: %v %s", one, r.Header, r.body)
			}
		}
		var page struct {
			Items []json.RawMessage
			Meta  struct{ Total int }
		}
		c.get(coll).want(t, 200, &page)
		if page.Meta.Total != len(page.Items) || !slices.ContainsFunc(page.Items, func(raw json.RawMessage) bool { return string(raw)+"\n" == want }) {
			t.Errorf("%s does not list %s", coll, id)
		}
	}
}

func TestRegions(t *testing.T) {
	c := newClient(t, Options{})
	r := c.get("/v1/regions/110000").want(t, 200, nil)
	if !strings.Contains(r.text(), "北京") || r.Header.Get("ETag") != `"v0"` {
		t.Errorf("%v %s", r.Header, r.body)
	}
	c.do("PUT", "/v1/regions/cbd", `{"name":"北京商务中心区","parent":"110000"}`).want(t, 201, nil)
	if got := ids(t, c.get("/v1/regions").body); !slices.Equal(got, []string{"cbd"}) {
		t.Errorf("listed %v, want the imported one alone", got)
	}
	// A built-in region can be written over, guarded by the tag it is read with.
	c.do("PUT", "/v1/regions/110000", `{"name":"首都","parent":"CN"}`, "If-Match", `"v0"`).want(t, 201, nil)
	c.do("PUT", "/v1/regions/110000", `{"name":"北京","parent":"CN"}`, "If-Match", `"v0"`).problem(t, 412)
	c.do("DELETE", "/v1/regions/110000", "").want(t, 204, nil)
}

func TestPaging(t *testing.T) {
	c := newClient(t, Options{})
	want := []string{}
	for i := range 7 {
		id := fmt.Sprintf("o%d", i)
		want = append(want, id)
		c.do("PUT", "/v1/organizations/"+id, `{"name":"机构","kind":"park","region":"110000"}`).want(t, 201, nil)
	}
	want = append(want, "plant", "school")
	var got []string
	cursor, pages := "", 0
	for {
		var page struct {
			Next string `json:"next_cursor"`
			Meta struct{ Total int }
		}
		r := c.get("/v1/organizations?limit=4&cursor="+cursor).want(t, 200, &page)
		if page.Meta.Total != 9 {
			t.Errorf("total %d", page.Meta.Total)
		}
		got = append(got, ids(t, r.body)...)
		pages++
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if !slices.Equal(got, want) || pages != 3 {
		t.Errorf("%d pages of %v, want 3 of %v", pages, got, want)
	}
	if r := c.get("/v1/agreements?limit=1"); !strings.Contains(r.text(), `"next_cursor":""`) {
		t.Errorf("a full last page has a cursor: %s", r.body)
	}
}

// TestPostGuards: POST honours the preconditions that PUT does, by the body's id.
func TestPostGuards(t *testing.T) {
	c := newClient(t, Options{})
	body := `{"id":"p-1","employer":"plant","title":"装配工","region":"110000","headcount":%d}`
	post := func(headcount int, header ...string) *response {
		return c.do("POST", "/v1/demands", fmt.Sprintf(body, headcount), header...)
	}
	tag := post(1, "If-None-Match", "*").want(t, 201, nil).Header.Get("ETag")
	post(2, "If-None-Match", "*").problem(t, 412)
	newer := post(2, "If-Match", tag).want(t, 200, nil).Header.Get("ETag")
	post(3, "If-Match", tag).problem(t, 412)
	if r := c.get("/v1/demands/p-1"); r.Header.Get("ETag") != newer || !strings.Contains(r.text(), `"headcount":2`) {
		t.Errorf("a refused POST wrote: %v %s", r.Header, r.body)
	}
	// Outcomes are named by what they link.
	c.do("POST", "/v1/outcomes", `{"demand":"d1","program":"auto","year":2026,"hired":9}`, "If-None-Match", "*").problem(t, 412)
	c.do("POST", "/v1/outcomes", `{"demand":"d1","program":"auto","year":2025,"hired":9}`, "If-None-Match", "*").want(t, 201, nil)
}

// busyMarket is written to whenever a page is read.
type busyMarket struct{ Market }

func (m busyMarket) List(ctx context.Context, typ talent.Type, after string, limit int) (market.Page, error) {
	p, err := m.Market.List(ctx, typ, after, limit)
	if err != nil {
		return p, err
	}
	_, _, err = m.Put(ctx, &talent.Skill{ID: "late", Name: "迟到"}, store.Any)
	return p, err
}

// TestListVersions: the versions of a page are not newer than what is on it.
func TestListVersions(t *testing.T) {
	m := openMarket(t)
	c := serveMarket(t, m, busyMarket{m}, Options{})
	before := c.dataVersion()
	var page struct {
		Meta struct{ Versions struct{ Data int64 } }
	}
	r := c.get("/v1/skills").want(t, 200, &page)
	if page.Meta.Versions.Data != before || strings.Contains(r.text(), "迟到") || c.dataVersion() == before {
		t.Errorf("version %d before and %d after %s", before, c.dataVersion(), r.body)
	}
}

// TestConcurrentWrites: of writers who read the same version, one wins.
func TestConcurrentWrites(t *testing.T) {
	c := newClient(t, Options{})
	tag := c.get("/v1/demands/d2").Header.Get("ETag")
	codes := make(chan int)
	for i := range 8 {
		go func() {
			r := c.do("PUT", "/v1/demands/d2", fmt.Sprintf(`{"employer":"plant","title":"焊工%d","region":"110000","headcount":3}`, i), "If-Match", tag)
			codes <- r.StatusCode
		}()
	}
	count := map[int]int{}
	for range 8 {
		count[<-codes]++
	}
	if count[200] != 1 || count[412] != 7 {
		t.Errorf("statuses %v, want one 200 and seven 412", count)
	}
}

package market

import (
	"context"
	"fmt"
	"math"
	"sync"
	"testing"

	"talentmatch/store"
	"talentmatch/talent"
)

// companies asks for a record's company as matching does, and works it out anew.
func companies(s *state, side *querySide) (asked, anew float64) {
	probe := side.snap.Probe(side.text())
	defer probe.Close()
	return s.company(probe, side), s.companyAmongPeers(probe, side)
}

// same compares bit by bit, so that NaN equals itself.
func same(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) }

// TestCompanyIsRemembered: what is remembered of every stored record, by several askers at
// once, is what is worked out anew, and later askers get it from memory.
func TestCompanyIsRemembered(t *testing.T) {
	m := openMarket(t, "c")
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, queries := range []string{"programs", "demands"} {
		ids := s.snap.ProgramIDs()
		if queries == "demands" {
			ids = s.snap.DemandIDs()
		}
		var askers sync.WaitGroup
		for a := range 3 {
			askers.Go(func() {
				for i := range ids {
					side, ok := m.sideOf(s, queries, ids[(i+a*len(ids)/3)%len(ids)])
					if !ok {
						t.Errorf("no %s", side.id())
						return
					}
					if asked, anew := companies(s, &side); !same(asked, anew) || math.IsNaN(asked) {
						t.Errorf("%s: %v, worked out anew %v", side.id(), asked, anew)
					}
				}
			})
		}
		askers.Wait()
		cache, distinct := s.peers.of(queries == "programs"), map[float64]bool{}
		for _, id := range ids {
			v, ok := cache.remembered(id)
			if !ok {
				t.Fatalf("%s is not remembered", id)
			}
			distinct[v] = true
		}
		if len(distinct) < 10 {
			t.Errorf("%d values for %d %s", len(distinct), len(ids), queries)
		}
		// What is remembered answers: it would be seen if it were wrong.
		side, _ := m.sideOf(s, queries, ids[0])
		cache.remember(ids[0], -1)
		if asked, _ := companies(s, &side); asked != -1 {
			t.Errorf("%s was worked out again", ids[0])
		}
	}
}

// TestCompanyOfItsOwn: an unsaved record that bears a stored one's id, and a record that
// has changed since, have companies of their own; where there are too few peers, that is
// remembered too.
func TestCompanyOfItsOwn(t *testing.T) {
	ctx := context.Background()
	m := openMarket(t, "c")
	s, err := m.state(ctx)
	if err != nil {
		t.Fatal(err)
	}
	const id = "c.dem.weld-robot"
	side, _ := m.sideOf(s, "demands", id)
	before, _ := companies(s, &side)
	changed := &talent.Demand{ID: id, Employer: "c.org.sample-weld", Title: "星际导航员", Region: "440600", Headcount: 1}
	unsaved, _, err := m.matchSide(ctx, s, MatchRequest{Demand: changed})
	if err != nil {
		t.Fatal(err)
	}
	other, anew := companies(s, &unsaved)
	if !same(other, anew) || same(other, before) {
		t.Errorf("unsaved: %v, worked out anew %v, the stored one %v", other, anew, before)
	}
	if again, anew := companies(s, &side); !same(again, before) || !same(anew, before) {
		t.Errorf("stored: %v, before %v", again, before)
	}
	if _, _, err := m.Put(ctx, changed, store.Any); err != nil {
		t.Fatal(err)
	}
	if s, err = m.state(ctx); err != nil {
		t.Fatal(err)
	}
	side, _ = m.sideOf(s, "demands", id)
	if after, anew := companies(s, &side); !same(after, anew) || same(after, before) {
		t.Errorf("after the change: %v, worked out anew %v, before %v", after, anew, before)
	}

	few := openMarket(t)
	importFiles(t, few, writeFile(t, "few.ndjson", `{"type":"organization","id":"o","name":"厂","kind":"enterprise","region":"440600"}
{"type":"demand","id":"d","employer":"o","title":"焊工","headcount":1,"region":"440600"}
`))
	if s, err = few.state(ctx); err != nil {
		t.Fatal(err)
	}
	side, _ = few.sideOf(s, "demands", "d")
	for range 2 {
		if asked, _ := companies(s, &side); !math.IsNaN(asked) {
			t.Errorf("alone: %v", asked)
		}
	}
}

// TestCompanyKeepsABound: however many records are asked for.
func TestCompanyKeepsABound(t *testing.T) {
	var c kindCache
	for i := range companyKept + 100 {
		c.remember(fmt.Sprint(i), float64(i))
		if v, ok := c.remembered(fmt.Sprint(i)); !ok || v != float64(i) {
			t.Fatalf("%d: %v, %v", i, v, ok)
		}
	}
	if len(c.company) != 100 {
		t.Errorf("%d are kept", len(c.company))
	}
}

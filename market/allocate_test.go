package market

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// seatMarket: two programs, four openings of two enterprises, an order class of 3 seats
// that e2 would not get for what its opening is worth, and two graduates who are hired already.
const seatMarket = `{"type":"organization","id":"e1","name":"甲厂","kind":"enterprise","region":"440605"}
{"type":"organization","id":"e2","name":"丙厂","kind":"enterprise","region":"110105"}
{"type":"organization","id":"s1","name":"乙校","kind":"college","region":"440605"}
{"type":"alliance","id":"al","name":"联合体","kind":"regional-consortium","members":[{"organization":"e1","role":"chair"},{"organization":"s1","role":"member"}]}
{"type":"skill","id":"t.weld","name":"手焊"}
{"type":"skill","id":"t.cut","name":"手切"}
{"type":"demand","id":"d1","employer":"e1","title":"焊工","region":"440605","headcount":10,"start":"2027-09","skills":[{"skill":"t.weld","level":3}]}
{"type":"demand","id":"d2","employer":"e2","title":"焊工","region":"110105","headcount":5,"start":"2027-09","skills":[{"skill":"t.weld","level":5},{"skill":"t.cut","level":5}]}
{"type":"demand","id":"d3","employer":"e1","title":"切割工","region":"440605","headcount":4,"start":"2027-09","priority":5,"skills":[{"skill":"t.cut","level":3,"required":true}]}
{"type":"demand","id":"d4","employer":"e1","title":"博士","region":"440605","headcount":1,"start":"2027-09","education":"doctorate","skills":[{"skill":"t.weld"}]}
{"type":"program","id":"p1","school":"s1","name":"焊接","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":12},{"year":2023,"graduates":50}],"skills":[{"skill":"t.weld","level":3}]}
{"type":"program","id":"p2","school":"s1","name":"切割","region":"440605","education":"associate","cohorts":[{"year":2027,"graduates":3}],"skills":[{"skill":"t.cut","level":3}]}
{"type":"agreement","id":"g1","program":"p1","enterprise":"e2","kind":"order-class","seats":3}
{"type":"agreement","id":"g2","program":"p2","enterprise":"e1","kind":"training-base","seats":3}
{"type":"agreement","id":"g3","program":"p2","enterprise":"e2","demand":"d2","kind":"order-class","seats":2,"until":"2026-01-01"}
{"type":"outcome","demand":"d1","program":"p1","year":2027,"hired":2}
`

func seat(t *testing.T, m *Market, change func(*AllocationRequest)) *Allocation {
	t.Helper()
	r := AllocationRequest{Policy: "max-total", Top: 20, Weights: matcher.DefaultWeights()}
	if change != nil {
		change(&r)
	}
	a, err := m.Allocate(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := VerifyAllocation(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	return a
}

func seatLines(a *Allocation) string {
	var out []string
	for _, s := range a.Seats {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s<-%s/%d:%d %s", s.Demand, s.Program, s.Year, s.Units, s.Agreement)))
	}
	return strings.Join(out, ", ")
}

func TestAllocateByHand(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "seats.ndjson", seatMarket))
	a := seat(t, m, nil)
	if got, want := seatLines(a), "d1<-p1/2027:7, d2<-p1/2027:3 g1, d3<-p2/2027:3"; got != want {
		t.Errorf("seats %s, want %s", got, want)
	}
	if s := a.Summary; s.Filled != 13 || s.Headcount != 18 || s.Graduates != 63 || s.OnReserved != 3 || s.NotReserved != 2 {
		t.Errorf("%+v", s)
	}
	for demand, want := range map[string]string{"d1": "needed-first-elsewhere 1", "d2": "worth-more-elsewhere 2", "d3": "none-left 1", "d4": "none-eligible 1"} {
		for _, o := range a.Openings {
			if o.Demand == demand && (o.Why == nil || fmt.Sprint(o.Why.Cause, " ", o.Why.Short) != want) {
				t.Errorf("%s: %+v, want %s", demand, o.Why, want)
			}
			if o.Demand == "d4" && o.Why.Gates["education"] != 2 {
				t.Errorf("d4: gates %v", o.Why.Gates)
			}
		}
	}
	// The value of a seat is the score of the pair, and a priority of 5 counts half as much again.
	for _, s := range a.Seats {
		match, err := m.Match(context.Background(), MatchRequest{DemandID: s.Demand, Top: 10, Weights: matcher.DefaultWeights()})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range match.Items {
			want := item.Score
			if s.Demand == "d3" {
				want *= 1.5
			}
			if item.ID == s.Program && (s.Value-want > .00005+1e-9 || want-s.Value > .00005+1e-9) {
				t.Errorf("%s at %s is worth %v, its score is %v", s.Program, s.Demand, s.Value, item.Score)
			}
		}
	}
	if len(a.Reserved) != 2 || a.Reserved[0].Taken != 3 || a.Reserved[1].Agreement != "g3" || a.Reserved[1].Why != "no cohort leaves within its dates" {
		t.Errorf("reserved %+v", a.Reserved)
	}
	again, _ := json.Marshal(seat(t, m, nil))
	if first, _ := json.Marshal(a); !bytes.Equal(first, again) {
		t.Error("the same question has another answer")
	}
}

func TestAllocateBounds(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "seats.ndjson", seatMarket))
	n := func(v int64) *int64 { return &v }
	for name, test := range map[string]struct {
		bounds []AllocationBound
		seats  string
		short  int64
	}{
		"enterprise at most":  {[]AllocationBound{{Enterprise: "e1", Max: n(4)}}, "d1<-p1/2027:1, d2<-p1/2027:5 g1, d3<-p2/2027:3", 0},
		"region at least":     {[]AllocationBound{{Region: "110000", Min: n(9)}}, "d1<-p1/2027:5, d2<-p1/2027:2, d2<-p1/2027:3 g1, d3<-p2/2027:3", 4},
		"pair at most":        {[]AllocationBound{{Program: "p2", Demand: "d3", Max: n(1)}}, "d1<-p1/2027:7, d2<-p1/2027:3 g1, d2<-p2/2027:2, d3<-p2/2027:1", 0},
		"school at most":      {[]AllocationBound{{School: "s1", Max: n(5)}}, "d1<-p1/2027:0", 0},
		"programs' region":    {[]AllocationBound{{Region: "440600", Of: "programs", Max: n(3)}}, "d2<-p1/2027:3 g1", 0},
		"nested, both bounds": {[]AllocationBound{{Enterprise: "e1", Max: n(8)}, {Demand: "d1", Min: n(6), Max: n(6)}}, "", 0},
	} {
		a := seat(t, m, func(r *AllocationRequest) { r.Bounds = test.bounds })
		for i, b := range a.Bounds {
			if b.Max != nil && b.Units > *b.Max || b.Min != nil && b.Units+b.Short < *b.Min {
				t.Errorf("%s: bound %d: %+v", name, i, b)
			}
		}
		if a.Summary.BelowMin != test.short {
			t.Errorf("%s: %d units short, want %d", name, a.Summary.BelowMin, test.short)
		}
		if got := mergedSeats(a); test.seats != "" && !strings.Contains(test.seats, ":0") && got != mergedText(test.seats) {
			t.Errorf("%s: %s, want %s", name, got, mergedText(test.seats))
		}
	}
	// What openings ask for is more than there is: who is short says who else is in the way.
	a := seat(t, m, func(r *AllocationRequest) {
		r.Bounds = []AllocationBound{{Demand: "d1", Min: n(8)}, {Demand: "d2", Min: n(5)}, {Demand: "d3", Min: n(3)}, {Demand: "d4", Min: n(1)}}
	})
	short := int64(0) // of 16 that are asked for, 13 graduates
	for i, b := range a.Bounds[:3] {
		if b.Short == 0 {
			continue
		}
		short += b.Short
		if len(b.ConflictBounds) == 0 || slices.Contains(b.ConflictBounds, i) || !strings.Contains(b.Repair, fmt.Sprintf("lower its min by %d; or lower the min of bounds[", b.Short)) {
			t.Errorf("bound %d: %+v", i, b)
		}
	}
	if b := a.Bounds[3]; short != 3 || b.Short != 1 || len(b.ConflictBounds) != 0 || !strings.Contains(b.Repair, "more graduates who are eligible") {
		t.Errorf("%d short, the last %+v", short, b)
	}
	for _, bad := range [][]AllocationBound{
		{{Min: n(1)}}, {{Enterprise: "e1"}}, {{Enterprise: "e1", School: "s1", Max: n(1)}}, {{Enterprise: "e9", Max: n(1)}}, {{Region: "nowhere", Max: n(1)}},
		{{Enterprise: "e1", Min: n(3), Max: n(2)}}, {{Enterprise: "e1", Max: n(-1)}}, {{Enterprise: "e1", Of: "programs", Max: n(1)}},
	} {
		if _, err := m.Allocate(context.Background(), AllocationRequest{Policy: "max-total", Top: 5, Weights: matcher.DefaultWeights(), Bounds: bad}); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// mergedSeats are units by demand and program, whosesoever seats they take.
func mergedSeats(a *Allocation) string {
	units, order := map[string]int32{}, []string{}
	for _, s := range a.Seats {
		k := s.Demand + "<-" + s.Program
		if units[k] == 0 {
			order = append(order, k)
		}
		units[k] += s.Units
	}
	for i, k := range order {
		order[i] = fmt.Sprintf("%s:%d", k, units[k])
	}
	return strings.Join(order, ", ")
}

func mergedText(text string) string {
	a := &Allocation{}
	for part := range strings.SplitSeq(text, ", ") {
		var s AllocatedSeat
		part = strings.NewReplacer("<-", " ", "/", " ", ":", " ").Replace(part)
		fmt.Sscan(part, &s.Demand, &s.Program, &s.Year, &s.Units)
		a.Seats = append(a.Seats, s)
	}
	return mergedSeats(a)
}

func TestAllocateParts(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "seats.ndjson", seatMarket))
	if a := seat(t, m, func(r *AllocationRequest) { r.Alliance = "al" }); a.Summary.Openings != 3 || a.Summary.Filled != 11 {
		t.Errorf("the alliance alone: %+v", a.Summary)
	}
	if a := seat(t, m, func(r *AllocationRequest) { r.Region = []string{"北京市"} }); a.Summary.Openings != 1 || a.Summary.Cohorts != 0 {
		t.Errorf("Beijing alone: %+v", a.Summary)
	}
	if a := seat(t, m, func(r *AllocationRequest) { r.Years = []int{2023} }); a.Summary.Filled != 0 {
		t.Errorf("too late: %+v", a.Summary)
	}
	if a := seat(t, m, func(r *AllocationRequest) { r.MinScore = .99 }); a.Summary.Pairs != 0 && a.Summary.Filled == 13 {
		t.Errorf("no pair is that good: %+v", a.Summary)
	}
	if _, err := m.Allocate(context.Background(), AllocationRequest{Policy: "max-total", Top: 5, Alliance: "none"}); !errors.Is(err, talent.ErrNotFound) {
		t.Errorf("no such alliance: %v", err)
	}
}

// TestSavedAllocations: what is saved proves itself, what was tampered with does not,
// and two can be compared.
func TestSavedAllocations(t *testing.T) {
	m := openMarket(t, "c")
	ctx := context.Background()
	for _, policy := range []string{"max-total", "max-filled", "stable", "stable-employers", "fair"} {
		by := ""
		if policy == "fair" {
			by = "size"
		}
		a, err := m.Allocate(ctx, AllocationRequest{Policy: policy, FairBy: by, Top: 20, MinScore: .3, Weights: matcher.DefaultWeights()})
		if err != nil {
			t.Fatal(err)
		}
		saved, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		again := func() *Allocation {
			b := &Allocation{}
			if err := json.Unmarshal(saved, b); err != nil {
				t.Fatal(err)
			}
			return b
		}
		if err := VerifyAllocation(ctx, again()); err != nil {
			t.Fatalf("%s: %v", policy, err)
		}
		for name, tamper := range map[string]func(*Allocation){
			"units":     func(b *Allocation) { b.Seats[0].Units++ },
			"a seat":    func(b *Allocation) { b.Seats = b.Seats[1:] },
			"twice":     func(b *Allocation) { b.Openings[1].Demand = b.Openings[0].Demand },
			"headcount": func(b *Allocation) { b.Openings[0].Headcount += 1000; b.Summary.Filled++ },
			"policy":    func(b *Allocation) { b.Summary.Policy = "best" },
			"a sum":     func(b *Allocation) { b.Summary.Unfilled-- },
			"a value":   func(b *Allocation) { b.Seats[0].Value++ },
			"filled":    func(b *Allocation) { b.Openings[0].Filled-- },
			"placed":    func(b *Allocation) { b.Cohorts[0].Placed++ },
			"meta":      func(b *Allocation) { b.Meta.Policy = "max-some" },
			"pairs":     func(b *Allocation) { b.Pairs = b.Pairs[1:] },
		} {
			b := again()
			if tamper(b); VerifyAllocation(ctx, b) == nil {
				t.Errorf("%s: a change of %s is not noticed", policy, name)
			}
		}
		if policy == "fair" {
			for name, tamper := range map[string]func(*Allocation){
				"a share":  func(b *Allocation) { b.Groups[0].Share += .1 },
				"a group":  func(b *Allocation) { b.Groups[0].Headcount++ },
				"the cost": func(b *Allocation) { *b.Summary.PriceOfFairness += .1 },
				"no cost":  func(b *Allocation) { b.Summary.PriceOfFairness = nil },
			} {
				b := again()
				if tamper(b); VerifyAllocation(ctx, b) == nil {
					t.Errorf("a change of %s is not noticed", name)
				}
			}
		}
		if a.Proof != nil {
			b := again()
			if b.Proof.Head[0]++; VerifyAllocation(ctx, b) == nil {
				t.Errorf("%s: a change of the proof is not noticed", policy)
			}
		}
		if d := DiffAllocations(a, again()); len(d) != 0 {
			t.Errorf("%s: differs from itself: %+v", policy, d[0])
		}
		b := again()
		b.Seats[0].Units -= 1
		if d := DiffAllocations(a, b); len(d) != 4 || d[0].Kind != "enterprise" || d[0].Change != -1 {
			t.Errorf("%s: one seat less is %+v", policy, d)
		}
	}
}

// TestAllocateFairly: by enterprise, the one with the worse score gets its share.
func TestAllocateFairly(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "seats.ndjson", seatMarket))
	a := seat(t, m, func(r *AllocationRequest) { r.Policy, r.FairBy = "fair", "enterprise" })
	if len(a.Groups) != 2 || a.Groups[0].Group != "e1" || a.Groups[0].Headcount != 13 || a.Groups[1].Filled != 4 || a.Summary.Filled != 13 {
		t.Errorf("%+v", a.Groups)
	}
	if p := a.Summary.PriceOfFairness; p == nil || *p <= 0 || *p >= 1 {
		t.Errorf("price of fairness %v", p)
	}
	for _, bad := range []AllocationRequest{{Policy: "fair", Top: 5}, {Policy: "fair", FairBy: "luck", Top: 5}, {Policy: "max-total", FairBy: "size", Top: 5}} {
		if _, err := m.Allocate(context.Background(), bad); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestAllocateYears: a demand with a start years ahead draws on the cohort that leaves
// then, and on an earlier one only as far as waiting is worth it.
func TestAllocateYears(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "years.ndjson", `{"type":"organization","id":"park","name":"园区","kind":"park","region":"361100"}
{"type":"organization","id":"s1","name":"学院","kind":"college","region":"361100"}
{"type":"skill","id":"t.drone","name":"无人机操作"}
{"type":"demand","id":"later","employer":"park","title":"无人机技术员","region":"361100","headcount":9,"start":"2029-09","skills":[{"skill":"t.drone","level":3}]}
{"type":"program","id":"p","school":"s1","name":"无人机","region":"361100","education":"associate","cohorts":[{"year":2027,"graduates":5},{"year":2028,"graduates":0},{"year":2029,"graduates":6}],"skills":[{"skill":"t.drone","level":3}]}
`))
	if got := seatLines(seat(t, m, nil)); got != "later<-p/2027:3, later<-p/2029:6" {
		t.Errorf("without a cost of waiting: %s", got)
	}
	if got := seatLines(seat(t, m, func(r *AllocationRequest) { r.WaitCost = .4 })); got != "later<-p/2029:6" {
		t.Errorf("where two years of waiting cost more than the seat is worth: %s", got)
	}
}

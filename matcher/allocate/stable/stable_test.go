package stable

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"talentmatch/talent"
)

// both solves p both ways and checks what must always hold.
func both(t *testing.T, p *Problem) (students, hospitals *Matching) {
	t.Helper()
	solve := func(name string, by func(context.Context, *Problem) (*Matching, error)) *Matching {
		m, err := by(context.Background(), p)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := Check(p, m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if n, some := BlockingPairs(p, m); n != 0 || some != nil {
			t.Fatalf("%s: %d pairs block, such as %v\n%+v\n%v", name, n, some, p, m.Flow)
		}
		return m
	}
	return solve("students", StudentOptimal), solve("hospitals", HospitalOptimal)
}

// Among all stable matchings, found by trying everything, one is best for each side and
// worst for the other, and they all fill the same places.
func TestOptimaAmongAllStableMatchings(t *testing.T) {
	several := 0
	each(t, 1000, func(rng *rand.Rand) {
		p := tiny.draw(rng)
		students, hospitals := both(t, p)
		if list := blocking(p, students.Flow); list != nil {
			t.Fatalf("edges %v block, by the reference", list)
		}
		q := untied(p)
		filled, placed := students.Filled(p), students.Placed(p)
		sGain, hGain := studentGain(q, students.Flow), hospitalGain(q, hospitals.Flow)
		sLoss, hLoss := studentGain(q, hospitals.Flow), hospitalGain(q, students.Flow)
		count, found := 0, 0
		matchings(q, func(flow []int32) {
			if blocking(q, flow) != nil {
				return
			}
			count++
			if slices.Equal(flow, students.Flow) {
				found |= 1
			}
			if slices.Equal(flow, hospitals.Flow) {
				found |= 2
			}
			if gain := studentGain(q, flow); !neverLess(sGain, gain) || !neverLess(gain, sLoss) {
				t.Fatalf("for students, %v is outside %v and %v", flow, students.Flow, hospitals.Flow)
			}
			if gain := hospitalGain(q, flow); !neverLess(hGain, gain) || !neverLess(gain, hLoss) {
				t.Fatalf("for hospitals, %v is outside %v and %v", flow, students.Flow, hospitals.Flow)
			}
			m := &Matching{Flow: flow}
			if !slices.Equal(m.Filled(p), filled) || !slices.Equal(m.Placed(p), placed) {
				t.Fatalf("%v fills other places than %v", flow, students.Flow)
			}
			for e, h := range p.Hospital {
				if filled[h] < p.HospitalQuota[h] && flow[e] != students.Flow[e] {
					t.Fatalf("hospital %d has units left, and other students in %v than in %v", h, flow, students.Flow)
				}
			}
		})
		if count > 1 {
			several++
		}
		if found != 3 {
			t.Fatalf("%v or %v is not among the %d stable matchings", students.Flow, hospitals.Flow, count)
		}
	})
	if several < 50 {
		t.Errorf("%d problems had several stable matchings: the test says little", several)
	}
	t.Logf("%d problems had several stable matchings", several)
}

// Every matching that quotas allow, stable or not, is judged as the reference does.
func TestBlockingPairsOfAllMatchings(t *testing.T) {
	each(t, 1000, func(rng *rand.Rand) {
		p := drawn{3, 3, upTo(2), true}.draw(rng)
		student := studentsOf(p)
		matchings(p, func(flow []int32) {
			m := &Matching{Flow: flow}
			if err := Check(p, m); err != nil {
				t.Fatal(err)
			}
			var want []Pair
			for _, e := range blocking(p, flow) {
				want = append(want, Pair{int32(student[e]), p.Hospital[e]})
			}
			if n, some := BlockingPairs(p, m); n != len(want) || !slices.Equal(some, want) {
				t.Fatalf("%+v with %v: %d block, %v, want %v", p, flow, n, some, want)
			}
		})
	})
}

// Units that move together end where they would one by one. Few students of many units
// push each other round in circles.
func TestUnitsTogetherAreUnitsOneByOne(t *testing.T) {
	for name, d := range map[string]drawn{
		"many of few":  {12, 8, upTo(6), true},
		"few of many":  {4, 4, mixed(3, 60), true},
		"persons":      {20, 5, mixed(1, 1), true},
		"little alike": {6, 6, mixed(2, 40), false},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, 400, func(rng *rand.Rand) {
				p := d.draw(rng)
				students, hospitals := both(t, p)
				if want := unitByUnit(p); !slices.Equal(students.Flow, want) {
					t.Fatalf("best for students: %v, want %v\n%+v", students.Flow, want, p)
				}
				q, at := turnedRound(p)
				for e, units := range unitByUnit(q) {
					if hospitals.Flow[at[e]] != units {
						t.Fatalf("best for hospitals: edge %d has %d units, want %d\n%+v", at[e], hospitals.Flow[at[e]], units, p)
					}
				}
			})
		})
	}
}

// Students 0 and 1 fill the hospital they like best, 0 and 1. One unit of student 2
// takes a place of student 0 there, who takes one of student 1, who takes another of
// student 0, and so on until student 0 has none left: a billion rounds.
func TestCircleOfABillionRounds(t *testing.T) {
	const n = 1_000_000_000
	for _, extra := range []int32{1, 2, 7, n - 1, n} {
		p, err := FromLists([]int32{n, n, extra}, []int32{n, n},
			[][]int32{{0, 1}, {1, 0}, {0}},
			[][]int32{{2, 1, 0}, {0, 1}})
		if err != nil {
			t.Fatal(err)
		}
		students, hospitals := both(t, p)
		// Hospital 0 has student 2's units and then student 1's; hospital 1 is student 0's.
		want := []Units{{0, 1, n}, {1, 0, n - extra}, {2, 0, extra}}
		if extra == n {
			want = []Units{{0, 1, n}, {2, 0, n}}
		}
		if got := students.Pairs(p); !slices.Equal(got, want) {
			t.Errorf("%d units more: %v, want %v", extra, got, want)
		}
		if got := hospitals.Pairs(p); !slices.Equal(got, want) {
			t.Errorf("%d units more, for hospitals: %v, want %v", extra, got, want)
		}
	}
}

// Twice the quotas are twice the units: stable matchings grow with them, so the optima do.
func TestQuotasScale(t *testing.T) {
	each(t, 500, func(rng *rand.Rand) {
		p := drawn{8, 8, mixed(3, 1000), true}.draw(rng)
		const times = 1_000_003
		more := *p
		more.StudentQuota, more.HospitalQuota = nil, nil
		for _, q := range p.StudentQuota {
			more.StudentQuota = append(more.StudentQuota, q*times)
		}
		for _, q := range p.HospitalQuota {
			more.HospitalQuota = append(more.HospitalQuota, q*times)
		}
		students, hospitals := both(t, p)
		for _, m := range []*Matching{students, hospitals} {
			for e := range m.Flow {
				m.Flow[e] *= times
			}
		}
		if s, h := both(t, &more); !slices.Equal(s.Flow, students.Flow) || !slices.Equal(h.Flow, hospitals.Flow) {
			t.Fatalf("%v and %v, want %v and %v", s.Flow, h.Flow, students.Flow, hospitals.Flow)
		}
	})
}

// Where no ranks are equal, it does not matter how anything is numbered.
func TestNumberingDoesNotMatter(t *testing.T) {
	each(t, 500, func(rng *rand.Rand) {
		p := drawn{12, 8, upTo(9), false}.draw(rng)
		student := shuffled(rng, len(p.StudentQuota))
		hospital := shuffled(rng, len(p.HospitalQuota))
		q := &Problem{HospitalQuota: make([]int32, len(hospital)), Off: []int{0}}
		for h, quota := range p.HospitalQuota {
			q.HospitalQuota[hospital[h]] = quota
		}
		for _, s := range student { // student s of p is the next of q
			q.StudentQuota = append(q.StudentQuota, p.StudentQuota[s])
			for _, i := range rng.Perm(p.Off[s+1] - p.Off[s]) {
				e := p.Off[s] + i
				q.Hospital = append(q.Hospital, hospital[p.Hospital[e]])
				q.StudentRank = append(q.StudentRank, p.StudentRank[e])
				q.HospitalRank = append(q.HospitalRank, p.HospitalRank[e])
			}
			q.Off = append(q.Off, len(q.Hospital))
		}
		backwards := func(m *Matching) []Units {
			list := m.Pairs(q)
			for i, u := range list {
				list[i] = Units{student[u.Student], int32(slices.Index(hospital, u.Hospital)), u.Units}
			}
			slices.SortFunc(list, func(a, b Units) int {
				return slices.Compare([]int32{a.Student, a.Hospital}, []int32{b.Student, b.Hospital})
			})
			return list
		}
		s1, h1 := both(t, p)
		s2, h2 := both(t, q)
		if !slices.Equal(s1.Pairs(p), backwards(s2)) || !slices.Equal(h1.Pairs(p), backwards(h2)) {
			t.Fatalf("%v and %v, otherwise numbered %v and %v", s1.Pairs(p), h1.Pairs(p), backwards(s2), backwards(h2))
		}
	})
}

// One student more, or more units of one, is good for hospitals and bad for the other
// students, in both optima.
func TestAnotherStudent(t *testing.T) {
	each(t, 500, func(rng *rand.Rand) {
		p := untied(drawn{12, 8, upTo(9), true}.draw(rng))
		if len(p.StudentQuota) == 0 {
			return
		}
		who := rng.IntN(len(p.StudentQuota))
		less := *p
		less.StudentQuota = slices.Clone(p.StudentQuota)
		less.StudentQuota[who] -= rng.Int32N(p.StudentQuota[who] + 1)
		s1, h1 := both(t, &less)
		s2, h2 := both(t, p)
		student := studentsOf(p)
		for _, m := range [][2]*Matching{{s1, s2}, {h1, h2}} {
			before, after := hospitalGain(p, m[0].Flow), hospitalGain(p, m[1].Flow)
			if !neverLess(after, before) {
				t.Fatalf("a hospital is hurt: %v, then %v", m[0].Flow, m[1].Flow)
			}
			before, after = studentGain(p, m[0].Flow), studentGain(p, m[1].Flow)
			for e := range before {
				if student[e] != who && after[e] > before[e] {
					t.Fatalf("student %d is helped: %v, then %v", student[e], m[0].Flow, m[1].Flow)
				}
			}
		}
	})
}

// A stable matching that somebody changed is not stable, or not a matching.
func TestTamperedMatchings(t *testing.T) {
	each(t, 500, func(rng *rand.Rand) {
		p := drawn{12, 8, upTo(4), true}.draw(rng)
		m, _ := both(t, p)
		if len(m.Flow) == 0 {
			return
		}
		e := rng.IntN(len(m.Flow))
		flow := slices.Clone(m.Flow)
		if flow[e]--; flow[e] >= 0 {
			if err := Check(p, &Matching{flow}); err != nil {
				t.Fatal(err)
			}
			pair := Pair{int32(studentsOf(p)[e]), p.Hospital[e]}
			n, some := BlockingPairs(p, &Matching{flow})
			if n == 0 || n <= somePairs && !slices.Contains(some, pair) {
				t.Fatalf("without a unit of %v, %d block: %v", pair, n, some)
			}
		} else if err := Check(p, &Matching{flow}); !errors.Is(err, talent.ErrInvalid) {
			t.Fatalf("less than no units: %v", err)
		}
		// Any unit more is too many: where both have one free, they would have it already.
		flow[e] += 2
		if err := Check(p, &Matching{flow}); !errors.Is(err, talent.ErrInvalid) {
			t.Fatalf("a unit more than in a stable matching: %v", err)
		}
		if err := Check(p, &Matching{flow[1:]}); !errors.Is(err, talent.ErrInvalid) {
			t.Fatalf("an edge without a number of units: %v", err)
		}
	})
}

// At most ten pairs are named: 4 students and 4 hospitals that all are free make 16.
func TestSomeBlockingPairs(t *testing.T) {
	all := [][]int32{{0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}, {0, 1, 2, 3}}
	p, err := FromLists([]int32{1, 1, 1, 1}, []int32{1, 1, 1, 1}, all, all)
	if err != nil {
		t.Fatal(err)
	}
	n, some := BlockingPairs(p, &Matching{make([]int32, 16)})
	if n != 16 || len(some) != somePairs || some[0] != (Pair{0, 0}) || some[9] != (Pair{2, 1}) {
		t.Errorf("%d block, such as %v", n, some)
	}
}

func TestBadProblems(t *testing.T) {
	good := func() *Problem {
		return &Problem{
			StudentQuota: []int32{1, 0, 2}, HospitalQuota: []int32{1, 2},
			Off: []int{0, 1, 1, 3}, Hospital: []int32{1, 1, 0},
			StudentRank: []int32{0, 0, 1}, HospitalRank: []int32{0, 1, 0},
		}
	}
	both(t, good())
	both(t, &Problem{Off: []int{0}})
	for want, spoil := range map[string]func(*Problem){
		"StudentQuota[1]: must not be negative (got -1)":         func(p *Problem) { p.StudentQuota[1] = -1 },
		"HospitalQuota[0]: must not be negative (got -7)":        func(p *Problem) { p.HospitalQuota[0] = -7 },
		"Off: must have length 4 (got 0)":                        func(p *Problem) { p.Off = nil },
		"Off[0]: must be 0 (got 1)":                              func(p *Problem) { p.Off[0] = 1 },
		"Off[3]: must be the number of edges, 3 (got 2)":         func(p *Problem) { p.Off[3] = 2 },
		"Off[2]: must be from 2 to 3 (got 1)":                    func(p *Problem) { p.Off[1] = 2 },
		"Off[1]: must be from 0 to 3 (got 4)":                    func(p *Problem) { p.Off[1] = 4 },
		"Hospital[0]: must be an index below 2 (got -1)":         func(p *Problem) { p.Hospital[0] = -1 },
		"Hospital[2]: must be an index below 2 (got 2)":          func(p *Problem) { p.Hospital[2] = 2 },
		"Hospital[2]: student 2 has that hospital twice (got 1)": func(p *Problem) { p.Hospital[2] = 1 },
		"StudentRank: must have length 3 (got 2)":                func(p *Problem) { p.StudentRank = p.StudentRank[:2] },
		"HospitalRank: must have length 3 (got 0)":               func(p *Problem) { p.HospitalRank = nil },
	} {
		p := good()
		spoil(p)
		_, err1 := StudentOptimal(context.Background(), p)
		_, err2 := HospitalOptimal(context.Background(), p)
		for _, err := range []error{err1, err2, Check(p, &Matching{})} {
			if !errors.Is(err, talent.ErrInvalid) || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := &Problem{StudentQuota: []int32{1}, HospitalQuota: []int32{1}, Off: []int{0, 0}}
	if _, err := StudentOptimal(ctx, p); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := HospitalOptimal(ctx, p); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// patient ends after it was asked so many times.
type patient struct {
	context.Context
	asked, most int
}

func (c *patient) Err() error {
	if c.asked++; c.asked > c.most {
		return context.Canceled
	}
	return nil
}

// A long search notices that nobody waits for it any more.
func TestCancelledMeanwhile(t *testing.T) {
	p := market(40_000, 3, 3, 1)
	for name, best := range map[string]func(context.Context, *Problem) (*Matching, error){"students": StudentOptimal, "hospitals": HospitalOptimal} {
		all := &patient{Context: context.Background(), most: 1 << 30}
		if _, err := best(all, p); err != nil {
			t.Fatal(err)
		}
		last := &patient{Context: context.Background(), most: all.asked - 1}
		if _, err := best(last, p); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Long lists of hospitals are sorted by counting: 4,000 students in each.
func TestLongLists(t *testing.T) {
	p := market(4000, 3, 3, 1)
	for e := range p.HospitalRank { // ties, and ranks of every byte
		p.HospitalRank[e] = (p.HospitalRank[e]/3 - 700) * 1_500_000
	}
	q := untiedHospitals(p)
	_, hospitals := both(t, p)
	if _, want := both(t, q); !slices.Equal(hospitals.Flow, want.Flow) {
		t.Error("ties are not broken by the students' order")
	}
}

// untiedHospitals breaks the hospitals' ties, by sorting.
func untiedHospitals(p *Problem) *Problem {
	q := *p
	q.HospitalRank = make([]int32, len(p.HospitalRank))
	for h := range p.HospitalQuota {
		var list []int
		for e, other := range p.Hospital {
			if int(other) == h {
				list = append(list, e)
			}
		}
		slices.SortStableFunc(list, func(a, b int) int {
			return int(int64(p.HospitalRank[a]) - int64(p.HospitalRank[b]))
		})
		for i, e := range list {
			q.HospitalRank[e] = int32(i)
		}
	}
	return &q
}

func ExampleStudentOptimal() {
	// A cohort of 40 and a single student; an employer of 25 and one of 10, who each
	// like the cohort less.
	p, err := FromLists([]int32{40, 1}, []int32{25, 10}, [][]int32{{0, 1}, {0, 1}}, [][]int32{{1, 0}, {1, 0}})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := StudentOptimal(context.Background(), p)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, u := range m.Pairs(p) {
		fmt.Printf("student %d, hospital %d: %d\n", u.Student, u.Hospital, u.Units)
	}
	fmt.Println("placed", m.Placed(p), "filled", m.Filled(p))
	// Output:
	// student 0, hospital 0: 24
	// student 0, hospital 1: 10
	// student 1, hospital 0: 1
	// placed [34 1] filled [25 10]
}

func TestFromLists(t *testing.T) {
	// Student 0 lists hospitals 2 and 1; hospital 2 does not list it. Hospital 0 lists
	// student 1, who does not list it.
	p, err := FromLists([]int32{1, 5}, []int32{1, 2, 3},
		[][]int32{{2, 1}, {1, 2}},
		[][]int32{{1}, {1, 0}, {1}})
	if err != nil {
		t.Fatal(err)
	}
	want := &Problem{
		StudentQuota: []int32{1, 5}, HospitalQuota: []int32{1, 2, 3},
		Off: []int{0, 1, 3}, Hospital: []int32{1, 1, 2},
		StudentRank: []int32{1, 0, 1}, HospitalRank: []int32{1, 0, 0},
	}
	if fmt.Sprint(p) != fmt.Sprint(want) {
		t.Errorf("%+v, want %+v", p, want)
	}
	for _, test := range []struct {
		students, hospitals [][]int32
		quotas              []int32
		want                string
	}{
		{[][]int32{{0}, {1}}, [][]int32{{0}, {1}}, []int32{1}, "students: must have length 1 (got 2)"},
		{[][]int32{{0}}, [][]int32{{0}, {0}}, []int32{1}, "hospitals: must have length 1 (got 2)"},
		{[][]int32{{1}}, [][]int32{{0}}, []int32{1}, "students[0][0]: must be an index below 1 (got 1)"},
		{[][]int32{{0}}, [][]int32{{0, -1}}, []int32{1}, "hospitals[0][1]: must be an index below 1 (got -1)"},
		{[][]int32{{0, 0}}, [][]int32{{0}}, []int32{1}, "students[0][1]: is in the list twice (got 0)"},
		{[][]int32{{0}}, [][]int32{{0, 0}}, []int32{1}, "hospitals[0][1]: is in the list twice (got 0)"},
		{[][]int32{{0}}, [][]int32{{0}}, []int32{-2}, "StudentQuota[0]: must not be negative (got -2)"},
	} {
		_, err := FromLists(test.quotas, []int32{1}, test.students, test.hospitals)
		if !errors.Is(err, talent.ErrInvalid) || err.Error() != test.want {
			t.Errorf("%v, want %s", err, test.want)
		}
	}
}

func TestFromValues(t *testing.T) {
	inf := math.Inf(1)
	p, err := FromValues([]int32{1, 1}, []int32{1, 1, 1}, []int{0, 3, 5}, []int32{2, 0, 1, 1, 2},
		[]float64{.5, inf, .5, -inf, 0}, []float64{3, 1, 2, 2, 4})
	if err != nil {
		t.Fatal(err)
	}
	// Student 0: hospital 0 first, then 2 and 1 alike. Hospital 1 likes both alike,
	// hospital 2 student 1 more.
	if want := []int32{1, 0, 1, 1, 0}; !slices.Equal(p.StudentRank, want) {
		t.Errorf("students' ranks %v, want %v", p.StudentRank, want)
	}
	if want := []int32{1, 0, 0, 0, 0}; !slices.Equal(p.HospitalRank, want) {
		t.Errorf("hospitals' ranks %v, want %v", p.HospitalRank, want)
	}
	one, edge := []int32{1}, []int{0, 1}
	for want, values := range map[string][2][]float64{
		"studentValue[0]: must be a number (got NaN)":  {{math.NaN()}, {1}},
		"hospitalValue[0]: must be a number (got NaN)": {{1}, {math.NaN()}},
		"studentValue: must have length 1 (got 0)":     {{}, {1}},
		"hospitalValue: must have length 1 (got 2)":    {{1}, {1, 2}},
	} {
		if _, err := FromValues(one, one, edge, []int32{0}, values[0], values[1]); !errors.Is(err, talent.ErrInvalid) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := FromValues(one, one, edge, []int32{1}, []int64{1}, []int64{1}); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("a hospital that is not there: %v", err)
	}
}

// Values and lists say the same: 0 less the place in the list is a value, and the pairs
// that one side leaves out have no edge.
func TestValuesOfLists(t *testing.T) {
	each(t, 500, func(rng *rand.Rand) {
		students, hospitals := large(rng, 8), large(rng, 8)
		lists := func(n, of int) [][]int32 {
			all := make([][]int32, n)
			for i := range all {
				all[i] = shuffled(rng, of)[:large(rng, of)]
			}
			return all
		}
		var sQuota, hQuota []int32
		for range students {
			sQuota = append(sQuota, rng.Int32N(4))
		}
		for range hospitals {
			hQuota = append(hQuota, rng.Int32N(4))
		}
		sLists, hLists := lists(students, hospitals), lists(hospitals, students)
		off, hospital, sValue, hValue := []int{0}, []int32{}, []int64{}, []int64{}
		for s, list := range sLists {
			for h := range hospitals {
				i, j := slices.Index(list, int32(h)), slices.Index(hLists[h], int32(s))
				if i >= 0 && j >= 0 {
					hospital = append(hospital, int32(h))
					sValue, hValue = append(sValue, -int64(i)), append(hValue, -int64(j))
				}
			}
			off = append(off, len(hospital))
		}
		p, err := FromLists(sQuota, hQuota, sLists, hLists)
		if err != nil {
			t.Fatal(err)
		}
		q, err := FromValues(sQuota, hQuota, off, hospital, sValue, hValue)
		if err != nil {
			t.Fatal(err)
		}
		s1, h1 := both(t, p)
		s2, h2 := both(t, q)
		if !slices.Equal(s1.Pairs(p), s2.Pairs(q)) || !slices.Equal(h1.Pairs(p), h2.Pairs(q)) {
			t.Fatalf("lists %v and %v, values %v and %v", s1.Pairs(p), h1.Pairs(p), s2.Pairs(q), h2.Pairs(q))
		}
	})
}

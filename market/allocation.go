package market

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/allocate"
)

// gatesShown is of how many openings without an eligible program the gates are counted.
const gatesShown = 1000

// conflictsShown is for how many of the first bounds it is looked for what is in the way.
const conflictsShown = 100

// answer renders a seating.
func (a *allocator) answer(ctx context.Context, s *allocate.Seating) (*Allocation, error) {
	k := &a.market
	out := &Allocation{Openings: []AllocatedOpening{}, Cohorts: []AllocatedCohort{}, Seats: []AllocatedSeat{}, Pairs: make([][4]int32, 0, len(k.Pairs)), Reserved: a.reserved, Bounds: a.bounds, Groups: a.groups}
	out.Meta = AllocationMeta{Policy: a.r.Policy, FairBy: a.r.FairBy, Region: a.r.Region, Alliance: a.r.Alliance, Years: a.r.Years, Top: a.r.Top, MinScore: a.r.MinScore, WaitCost: a.r.WaitCost,
		Weights: map[string]float64{}, Versions: a.m.versions(a.s.version, a.s.world, a.s.stats)}
	for i, v := range a.r.Weights.Array() {
		out.Meta.Weights[matcher.Component(i).String()] = v
	}
	priced := s.Proof.Seat != nil
	if priced {
		out.Proof = proofOf(&s.Proof)
	}
	price := func(list []int64, i int) *float64 {
		if !priced {
			return nil
		}
		v := worth(list[i])
		return &v
	}
	filled, placed := make([]int32, len(k.Headcount)), make([]int32, len(k.Graduates))
	for _, f := range s.Flows {
		filled[f.Opening] += f.Units
		placed[f.Cohort] += f.Units
		seat := AllocatedSeat{Demand: a.demands[f.Opening].ID, Program: a.programOf(f.Cohort).ID, Year: a.cohorts[f.Cohort].year, Units: f.Units}
		seat.Value = worth(int64(k.Pairs[a.pairAt(f.Opening, f.Cohort)].Value))
		if f.Reservation != allocate.NoReservation {
			seat.Agreement = a.reserved[f.Reservation].Agreement
			a.reserved[f.Reservation].Taken += f.Units
		}
		out.Seats = append(out.Seats, seat)
	}
	unfilled, unplaced := k.Unfilled(s), k.Unplaced(s)
	gates := 0
	for i := range a.demands {
		d := &a.demands[i]
		o := AllocatedOpening{Demand: d.ID, Title: d.Label.Name, TitleEN: d.Label.NameEN, Employer: a.m.lex.attrs.name(d.Attrs[matcher.AttrOwner]),
			Region: a.m.lex.regions.name(d.Region), Priority: a.facts[i].priority, Headcount: k.Headcount[i], Filled: filled[i], Price: price(s.Proof.Head, i)}
		if d.Start != matcher.NoStart {
			o.Start = fmt.Sprintf("%04d-%02d", d.Start/12, d.Start%12+1)
		}
		if org := a.m.orgs.get(ctx, o.Employer); org != nil {
			o.EmployerName = org.Name
		}
		if r, ok := unfilled[int32(i)]; ok {
			o.Why = a.reason(&r, true)
			if r.Cause == allocate.NoneEligible && gates < gatesShown {
				gates++
				var err error
				if o.Why.Gates, err = a.gates(ctx, d.ID); err != nil {
					return nil, err
				}
			}
		}
		out.Openings = append(out.Openings, o)
		out.Summary.Headcount += int64(o.Headcount)
		for _, p := range k.Pairs[k.Off[i]:k.Off[i+1]] {
			out.Pairs = append(out.Pairs, [4]int32{int32(i), p.Cohort, p.Value, p.Student})
		}
	}
	for i, c := range a.cohorts {
		p := &a.programs[c.program]
		row := AllocatedCohort{Program: p.ID, Year: c.year, Name: p.Label.Name, NameEN: p.Label.NameEN, School: a.m.lex.attrs.name(p.Attrs[matcher.AttrOwner]),
			Region: a.m.lex.regions.name(p.Region), Graduates: k.Graduates[i], Bound: c.bound, Placed: placed[i], Price: price(s.Proof.Seat, i)}
		if org := a.m.orgs.get(ctx, row.School); org != nil {
			row.SchoolName = org.Name
		}
		if r, ok := unplaced[int32(i)]; ok {
			row.Why = a.reason(&r, false)
		}
		out.Cohorts = append(out.Cohorts, row)
		out.Summary.Graduates += int64(row.Graduates)
	}
	for i := range k.Reservations {
		out.Reserved[i].Price = price(s.Proof.Reserved, i)
	}
	for i := range out.Reserved {
		out.Summary.NotReserved += int64(out.Reserved[i].Seats - out.Reserved[i].Taken)
	}
	for i := range out.Groups {
		g := &out.Groups[i]
		for _, o := range g.Openings {
			g.Headcount += int64(k.Headcount[o])
		}
		if g.Filled = s.Fills[i]; g.Headcount > 0 {
			g.Share = round6(float64(g.Filled) / float64(g.Headcount))
		}
	}
	if a.whole != nil && a.whole.Value > 0 {
		price := round6(1 - float64(s.Value)/float64(a.whole.Value))
		out.Summary.PriceOfFairness = &price
	}
	for i, n := range k.Reached(s) {
		b := &out.Bounds[i]
		b.Units, b.Short = n, max(0, k.Limits[i].AtLeast-n)
		b.Price = price(s.Proof.More, i)
		out.Summary.BelowMin += b.Short
		if b.Short > 0 && i < conflictsShown {
			if err := a.conflict(ctx, b, i); err != nil {
				return nil, err
			}
		}
	}
	out.Meta.Problem = problemSum(k)
	sum := &out.Summary
	sum.Policy, sum.Value, sum.Filled, sum.OnReserved, sum.Pairs = a.r.Policy, worth(s.Value), s.Filled, s.Kept, len(k.Pairs)
	sum.Openings, sum.Cohorts = len(out.Openings), len(out.Cohorts)
	sum.Unfilled, sum.Unplaced = sum.Headcount-s.Filled, sum.Graduates-s.Filled
	return out, nil
}

// problemSum names what is to be seated.
func problemSum(k *allocate.Market) string {
	h := sha256.New()
	put := func(values ...int64) {
		for _, v := range values {
			_ = binary.Write(h, binary.LittleEndian, v)
		}
	}
	list := func(values []int32) {
		put(int64(len(values)))
		_ = binary.Write(h, binary.LittleEndian, values)
	}
	list(k.Graduates)
	list(k.Headcount)
	for o := range k.Headcount {
		put(int64(k.Off[o+1]))
	}
	_ = binary.Write(h, binary.LittleEndian, k.Pairs)
	put(int64(len(k.Reservations)))
	for i := range k.Reservations {
		r := &k.Reservations[i]
		put(int64(r.Cohort), int64(r.Seats))
		list(r.Openings)
	}
	for i := range k.Limits {
		l := &k.Limits[i]
		list(l.Cohorts)
		list(l.Openings)
		put(l.AtLeast, l.AtMost)
	}
	for i := range k.Groups {
		list(k.Groups[i].Openings)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (a *allocator) programOf(cohort int32) *matcher.Program {
	return &a.programs[a.cohorts[cohort].program]
}

func (a *allocator) pairAt(opening, cohort int32) int {
	k := &a.market
	i, _ := slices.BinarySearchFunc(k.Pairs[k.Off[opening]:k.Off[opening+1]], cohort, func(p allocate.Pair, c int32) int { return int(p.Cohort) - int(c) })
	return int(k.Off[opening]) + i
}

// conflict says what keeps a bound from its min.
func (a *allocator) conflict(ctx context.Context, b *AllocatedBound, i int) error {
	c, err := a.market.Conflict(ctx, i)
	if err != nil {
		return err
	}
	b.Repair = fmt.Sprintf("lower its min by %d", b.Short)
	b.ConflictBounds = c.Limits
	for _, k := range c.Limits {
		l := &a.market.Limits[k]
		if l.AtMost != allocate.NoLimit {
			b.Repair += fmt.Sprintf("; or raise the max of bounds[%d]", k)
		}
		if l.AtLeast > 0 {
			b.Repair += fmt.Sprintf("; or lower the min of bounds[%d]", k)
		}
	}
	for _, k := range c.Reservations {
		b.ConflictAgreements = append(b.ConflictAgreements, a.reserved[k].Agreement)
		b.Repair += fmt.Sprintf("; or release seats of %s", a.reserved[k].Agreement)
	}
	if len(c.Limits)+len(c.Reservations) == 0 {
		b.Repair += "; or more graduates who are eligible, or more heads"
	}
	b.ConflictAgreements = slices.Compact(b.ConflictAgreements)
	return nil
}

// gates counts what stopped all programs, by reason.
func (a *allocator) gates(ctx context.Context, demand string) (map[string]int, error) {
	d, _ := a.s.snap.Demand(demand)
	q := a.filter
	q.Top, q.Totals = 1, false
	res, err := a.s.snap.MatchPrograms(ctx, &d, q)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	for g, n := range res.Rejected {
		if n > 0 {
			out[matcher.Gate(g).String()] = n
		}
	}
	if res.Eligible > 0 { // a cohort's timing, or its score, is too low
		out["year or min_score"] = res.Eligible
	}
	return out, nil
}

// reason puts a reason in words, of an opening or of a cohort.
func (a *allocator) reason(r *allocate.Reason, opening bool) *AllocationReason {
	out := &AllocationReason{Cause: string(r.Cause), Short: r.Short}
	if r.Counterpart >= 0 {
		v := worth(int64(r.Value))
		out.Value = &v
		if opening {
			out.Program, out.Year = a.programOf(r.Counterpart).ID, a.cohorts[r.Counterpart].year
		} else {
			out.Demand = a.demands[r.Counterpart].ID
		}
	}
	if r.At >= 0 {
		v := worth(int64(r.AtValue))
		out.There = &v
		if opening {
			out.AtDemand = a.demands[r.At].ID
		} else {
			out.AtProgram, out.AtYear = a.programOf(r.At).ID, a.cohorts[r.At].year
		}
	}
	if r.Limit >= 0 {
		limit := int(r.Limit)
		out.Bound = &limit
	}
	switch {
	case r.Cause == allocate.NoneEligible && opening:
		out.Repair = "a program that passes the gates, or one gate less"
	case r.Cause == allocate.NoneEligible:
		out.Repair = "an opening that this program is eligible for"
	case r.Cause == allocate.AtLimit:
		out.Repair = fmt.Sprintf("raise the max of bounds[%d]", r.Limit)
	case r.Cause == allocate.SeatsReserved:
		out.Repair = fmt.Sprintf("release a reserved seat, or one more graduate of %s in %d", out.Program, out.Year)
	case opening:
		out.Repair = fmt.Sprintf("one more graduate of %s in %d", out.Program, out.Year)
	default:
		out.Repair = fmt.Sprintf("one more head of %s", out.Demand)
	}
	if r.Cause == allocate.SeatsReserved && !opening {
		out.Repair = "release a reserved seat"
	}
	return out
}

// worth is a value in scores.
func worth(v int64) float64 { return math.Round(float64(v)) / valueOne }

func proofOf(p *allocate.Proof) *AllocationProof {
	out := &AllocationProof{FilledBonus: p.FilledBonus, FirstBonus: p.FirstBonus, Seat: p.Seat, Reserved: p.Reserved, Head: p.Head, More: p.More, Less: p.Less}
	if p.Counts != nil {
		out.Counts = proofOf(p.Counts)
	}
	return out
}

func (p *AllocationProof) proof() *allocate.Proof {
	out := &allocate.Proof{FilledBonus: p.FilledBonus, FirstBonus: p.FirstBonus, Seat: p.Seat, Reserved: p.Reserved, Head: p.Head, More: p.More, Less: p.Less}
	if p.Counts != nil {
		out.Counts = p.Counts.proof()
	}
	return out
}

// asCrossing finds limits that overlap in an error.
func asCrossing(err error) (*allocate.Crossing, bool) { return errors.AsType[*allocate.Crossing](err) }

// VerifyAllocation proves a saved allocation from what it says itself: that its seats are
// within its openings, cohorts, reservations and bounds, that its sums are right, and that
// by its policy nothing is better. It does not look at the store.
//
// What cannot be proven from it alone are names, causes, gates and the scores themselves.
func VerifyAllocation(a *Allocation) error {
	k := &allocate.Market{Off: []uint32{0}}
	demandAt := map[string]int32{}
	for i := range a.Openings {
		o := &a.Openings[i]
		if _, twice := demandAt[o.Demand]; twice {
			return fmt.Errorf("openings[%d]: %s is there twice", i, o.Demand)
		}
		demandAt[o.Demand] = int32(i)
		k.Headcount = append(k.Headcount, o.Headcount)
	}
	type cohortKey struct {
		program string
		year    int
	}
	cohortAt := map[cohortKey]int32{}
	for i := range a.Cohorts {
		c := &a.Cohorts[i]
		if _, twice := cohortAt[cohortKey{c.Program, c.Year}]; twice {
			return fmt.Errorf("cohorts[%d]: %s in %d is there twice", i, c.Program, c.Year)
		}
		cohortAt[cohortKey{c.Program, c.Year}] = int32(i)
		k.Graduates = append(k.Graduates, c.Graduates)
	}
	next := 0
	for o := range a.Openings {
		for ; next < len(a.Pairs) && a.Pairs[next][0] == int32(o); next++ {
			k.Pairs = append(k.Pairs, allocate.Pair{Cohort: a.Pairs[next][1], Value: a.Pairs[next][2], Student: a.Pairs[next][3]})
		}
		k.Off = append(k.Off, uint32(next))
	}
	if next != len(a.Pairs) {
		return fmt.Errorf("pairs[%d]: out of order", next)
	}
	type reserveKey struct {
		agreement string
		cohort    int32
	}
	reservationAt := map[reserveKey]int32{}
	for i := range a.Reserved {
		r := &a.Reserved[i]
		if r.Why != "" && len(r.Openings) == 0 {
			continue // nothing was reserved
		}
		c, ok := cohortAt[cohortKey{r.Program, r.Year}]
		if !ok || len(k.Reservations) != i {
			return fmt.Errorf("reservations[%d]: not of a cohort, or out of order", i)
		}
		reservationAt[reserveKey{r.Agreement, c}] = int32(i)
		k.Reservations = append(k.Reservations, allocate.Reservation{Cohort: c, Seats: r.Seats, Openings: r.Openings})
	}
	for i := range a.Bounds {
		b := &a.Bounds[i]
		l := allocate.Limit{Cohorts: b.Cohorts, Openings: b.Openings, AtMost: allocate.NoLimit}
		if b.Min != nil {
			l.AtLeast = *b.Min
		}
		if b.Max != nil {
			l.AtMost = *b.Max
		}
		k.Limits = append(k.Limits, l)
	}
	for i := range a.Groups {
		k.Groups = append(k.Groups, allocate.Group{Openings: a.Groups[i].Openings})
	}
	s := &allocate.Seating{Policy: allocate.Policy(a.Summary.Policy), Value: int64(math.Round(a.Summary.Value * valueOne)), Filled: a.Summary.Filled, Kept: a.Summary.OnReserved}
	if a.Proof != nil {
		s.Proof = *a.Proof.proof()
	}
	for i := range a.Groups {
		s.Fills = append(s.Fills, a.Groups[i].Filled)
	}
	if !slices.Contains(allocate.Policies, s.Policy) {
		return fmt.Errorf("summary.policy: %q is none of %s", s.Policy, policyNames())
	}
	for i := range a.Seats {
		x := &a.Seats[i]
		o, ok := demandAt[x.Demand]
		c, ok2 := cohortAt[cohortKey{x.Program, x.Year}]
		if !ok || !ok2 {
			return fmt.Errorf("seats[%d]: %s of %s in %d are not both there", i, x.Demand, x.Program, x.Year)
		}
		f := allocate.Flow{Opening: o, Cohort: c, Reservation: allocate.NoReservation, Units: x.Units}
		if x.Agreement != "" {
			if f.Reservation, ok = reservationAt[reserveKey{x.Agreement, c}]; !ok {
				return fmt.Errorf("seats[%d]: agreement %s reserves nothing there", i, x.Agreement)
			}
		}
		s.Flows = append(s.Flows, f)
	}
	for i := range a.Bounds {
		if err := a.Bounds[i].check(fmt.Sprintf("bounds[%d]", i)); err != nil {
			return err
		}
	}
	if len(a.Bounds) > MostBounds {
		return fmt.Errorf("bounds: %d are more than %d", len(a.Bounds), MostBounds)
	}
	if err := k.Validate(); err != nil {
		return err
	}
	if sum := problemSum(k); sum != a.Meta.Problem {
		return fmt.Errorf("meta.problem: %s is not what was to be seated, %s", a.Meta.Problem, sum)
	}
	if s.Policy == allocate.Fair {
		s.Asked = s.Filled // of groups: all openings are in one
	}
	for i, n := range k.Reached(s) {
		s.Asked += min(n, k.Limits[i].AtLeast)
		if n != a.Bounds[i].Units {
			return fmt.Errorf("bounds[%d]: %d units, not %d", i, n, a.Bounds[i].Units)
		}
	}
	if err := k.Check(s); err != nil {
		return err
	}
	return a.checkSums(k, s)
}

// checkSums holds everything that an allocation says in numbers against what they follow from.
func (a *Allocation) checkSums(k *allocate.Market, s *allocate.Seating) error {
	filled, placed, taken := make([]int32, len(k.Headcount)), make([]int32, len(k.Graduates)), make([]int32, len(a.Reserved))
	for i, f := range s.Flows {
		filled[f.Opening] += f.Units
		placed[f.Cohort] += f.Units
		if f.Reservation != allocate.NoReservation {
			taken[f.Reservation] += f.Units
		}
		list := k.Pairs[k.Off[f.Opening]:k.Off[f.Opening+1]]
		at, _ := slices.BinarySearchFunc(list, f.Cohort, func(p allocate.Pair, c int32) int { return cmp.Compare(p.Cohort, c) })
		if v := worth(int64(list[at].Value)); a.Seats[i].Value != v {
			return fmt.Errorf("seats[%d].value: %v, not %v", i, a.Seats[i].Value, v)
		}
	}
	wrong := func(price *float64, list []int64, i int) bool {
		return (price != nil) != (list != nil) || price != nil && *price != worth(list[i])
	}
	sum := AllocationSummary{Policy: a.Summary.Policy, Value: worth(s.Value), Openings: len(a.Openings), Cohorts: len(a.Cohorts), Filled: s.Filled,
		OnReserved: s.Kept, Pairs: len(a.Pairs), PriceOfFairness: a.Summary.PriceOfFairness}
	for i := range a.Openings {
		o := &a.Openings[i]
		sum.Headcount += int64(o.Headcount)
		if o.Filled != filled[i] || wrong(o.Price, s.Proof.Head, i) || (o.Why != nil) != (o.Filled < o.Headcount) || o.Why != nil && o.Why.Short != o.Headcount-o.Filled {
			return fmt.Errorf("openings[%d]: %d heads are filled, and what it says of them is something else", i, filled[i])
		}
	}
	for i := range a.Cohorts {
		c := &a.Cohorts[i]
		sum.Graduates += int64(c.Graduates)
		if c.Placed != placed[i] || wrong(c.Price, s.Proof.Seat, i) || (c.Why != nil) != (c.Placed < c.Graduates) || c.Why != nil && c.Why.Short != c.Graduates-c.Placed {
			return fmt.Errorf("cohorts[%d]: %d are placed, and what it says of them is something else", i, placed[i])
		}
	}
	for i := range a.Reserved {
		sum.NotReserved += int64(a.Reserved[i].Seats - a.Reserved[i].Taken)
		if a.Reserved[i].Taken != taken[i] {
			return fmt.Errorf("reservations[%d].taken: %d, not %d", i, a.Reserved[i].Taken, taken[i])
		}
	}
	for i := range a.Bounds {
		b := &a.Bounds[i]
		short := max(0, k.Limits[i].AtLeast-b.Units)
		if sum.BelowMin += short; b.Short != short || wrong(b.Price, s.Proof.More, i) {
			return fmt.Errorf("bounds[%d]: %d units are short, and what it says of them is something else", i, short)
		}
	}
	sum.Unfilled, sum.Unplaced = sum.Headcount-s.Filled, sum.Graduates-s.Filled
	if sum != a.Summary || a.Meta.Policy != a.Summary.Policy {
		return fmt.Errorf("summary: %+v is not what follows, %+v", a.Summary, sum)
	}
	return nil
}

// WriteAllocation writes an allocation as JSON, in one line.
func WriteAllocation(w io.Writer, a *Allocation) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(a)
}

// ReadAllocation reads what WriteAllocation wrote. It proves nothing: see VerifyAllocation.
func ReadAllocation(r io.Reader) (*Allocation, error) {
	a := &Allocation{}
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(a); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more after the allocation")
	}
	return a, nil
}

// An AllocationChange is what one allocation gives beyond another.
type AllocationChange struct {
	Kind   string  `json:"kind" enum:"opening,cohort,enterprise,school"`
	ID     string  `json:"id"`
	Year   int     `json:"year,omitempty"`
	Name   string  `json:"name,omitempty"`
	Before int64   `json:"before"`
	After  int64   `json:"after"`
	Change int64   `json:"change"`
	Value  float64 `json:"value_change"`
}

// DiffAllocations says who gained and who lost seats from one allocation to another:
// enterprises and schools, then openings and cohorts; the greatest change first.
func DiffAllocations(before, after *Allocation) []AllocationChange {
	type key struct {
		kind, id string
		year     int
	}
	changes := map[key]*AllocationChange{}
	count := func(a *Allocation, sign int64) {
		names, employers, schools := map[key]string{}, map[string]string{}, map[string]string{}
		for _, o := range a.Openings {
			employers[o.Demand] = o.Employer
			names[key{"opening", o.Demand, 0}], names[key{"enterprise", o.Employer, 0}] = o.Title, o.EmployerName
		}
		for _, c := range a.Cohorts {
			schools[c.Program] = c.School
			names[key{"cohort", c.Program, c.Year}], names[key{"school", c.School, 0}] = c.Name, c.SchoolName
		}
		for _, s := range a.Seats {
			for _, k := range []key{{"enterprise", employers[s.Demand], 0}, {"school", schools[s.Program], 0}, {"opening", s.Demand, 0}, {"cohort", s.Program, s.Year}} {
				x := changes[k]
				if x == nil {
					x = &AllocationChange{Kind: k.kind, ID: k.id, Year: k.year}
					changes[k] = x
				}
				if names[k] != "" {
					x.Name = names[k]
				}
				if sign < 0 {
					x.Before += int64(s.Units)
				} else {
					x.After += int64(s.Units)
				}
				x.Value += float64(sign) * s.Value * float64(s.Units)
			}
		}
	}
	count(before, -1)
	count(after, 1)
	out := []AllocationChange{}
	order := map[string]int{"enterprise": 0, "school": 1, "opening": 2, "cohort": 3}
	keys := slices.SortedFunc(maps.Keys(changes), func(x, y key) int {
		a, b := changes[x], changes[y]
		return cmp.Or(cmp.Compare(order[x.kind], order[y.kind]), cmp.Compare(max(b.After-b.Before, b.Before-b.After), max(a.After-a.Before, a.Before-a.After)),
			cmp.Compare(x.id, y.id), cmp.Compare(x.year, y.year))
	})
	for _, k := range keys {
		x := changes[k]
		if x.Change, x.Value = x.After-x.Before, math.Round(x.Value*valueOne)/valueOne; x.Change != 0 || x.Value != 0 {
			out = append(out, *x)
		}
	}
	return out
}

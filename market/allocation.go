package market

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
			Region: a.m.lex.regions.name(d.Region), Priority: a.priority[i], Headcount: k.Headcount[i], Filled: filled[i], Price: price(s.Proof.Head, i)}
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
		g.Filled = s.Fills[i]
		g.Share = shareOf(g.Filled, g.Headcount)
	}
	if a.whole != nil {
		out.Summary.PriceOfFairness = priceOfFairness(s, a.whole)
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
		out["year_or_min_score"] = res.Eligible
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
	case r.Cause == allocate.SeatsReserved && opening:
		out.Repair = fmt.Sprintf("release a reserved seat, or one more graduate of %s in %d", out.Program, out.Year)
	case r.Cause == allocate.SeatsReserved:
		out.Repair = "release a reserved seat"
	case opening:
		out.Repair = fmt.Sprintf("one more graduate of %s in %d", out.Program, out.Year)
	default:
		out.Repair = fmt.Sprintf("one more head of %s", out.Demand)
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

// shareOf is the share of heads that are filled; 0 of none.
func shareOf(filled, heads int64) float64 {
	if heads == 0 {
		return 0
	}
	return round6(float64(filled) / float64(heads))
}

// priceOfFairness is what evenness costs; nil where nothing could be had.
func priceOfFairness(fair, whole *allocate.Seating) *float64 {
	if whole.Value == 0 {
		return nil
	}
	v := round6(1 - float64(fair.Value)/float64(whole.Value))
	return &v
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

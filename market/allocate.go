package market

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"talentmatch/matcher"
	"talentmatch/matcher/allocate"
	"talentmatch/talent"
)

// valueOne is the value of a score of 1 at priority 3: seats are valued in whole
// ten-thousandths, so that optimal means optimal.
const valueOne = 10_000

// priorityShare is what a unit of priority 1 to 5 counts, against one of priority 3.
var priorityShare = [6]float64{0, .5, .75, 1, 1.25, 1.5}

// studentShare is how the parts of a score make up what an opening is worth to students,
// for stable policies: that they use what they learned, nearness, and the right time.
var studentShare = matcher.Weights{Focus: .5, Place: .3, Text: .1, Timing: .1}

// reservingKinds are the kinds of agreement whose seats are graduates' places with the
// enterprise; those of others (a training base, say) are not.
var reservingKinds = []string{"", "order-class", "apprenticeship"}

// mostMembers is how many openings and cohorts bounds may be about, each counted as often
// as it is bounded.
const mostMembers = 20_000_000

// MostBounds is how many bounds an allocation may have.
const MostBounds = 10_000

// Allocate seats graduates at openings so that by the policy nothing is better, proves it, and
// says of what stays over why. Errors: talent.ErrInvalid for bad parameters and for bounds that overlap.
func (m *Market) Allocate(ctx context.Context, r AllocationRequest) (*Allocation, error) {
	if err := checkAllocation(&r); err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	a := &allocator{m: m, s: s, r: &r}
	if r.Progress == nil {
		r.Progress = func(string, int, int) {}
	}
	for _, step := range []func(context.Context) error{a.choose, a.read, a.match, a.pair, a.reserve, a.bound, a.group} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	r.Progress("seating", 0, 0)
	seating, err := a.market.Seat(ctx, allocate.Policy(r.Policy), allocate.Options{Progress: r.Progress})
	if err != nil {
		return nil, a.inWords(err)
	}
	if err := a.market.Check(seating); err != nil {
		return nil, err
	}
	if len(a.groups) > 0 {
		if a.whole, err = a.market.Seat(ctx, allocate.MaxTotal, allocate.Options{}); err != nil {
			return nil, err
		}
	}
	if r.Problem != nil {
		if err := r.Problem(func(w io.Writer) error { return a.writeDIMACS(w, seating) }); err != nil {
			return nil, err
		}
	}
	return a.answer(ctx, seating)
}

// CheckAllocation reports what Allocate would refuse before it begins.
func (m *Market) CheckAllocation(ctx context.Context, r AllocationRequest) error {
	if err := checkAllocation(&r); err != nil {
		return err
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		return err
	}
	if _, err := w.regionIDs("region", r.Region); err != nil {
		return err
	}
	if r.Alliance != "" {
		if _, err := m.store.Get(ctx, talent.TypeAlliance, r.Alliance); err != nil {
			return talent.Invalid("alliance", r.Alliance, "there is no such alliance")
		}
	}
	return nil
}

func checkAllocation(r *AllocationRequest) error {
	if !slices.Contains(allocate.Policies, allocate.Policy(r.Policy)) {
		return talent.Invalid("policy", r.Policy, "must be one of %s", policyNames())
	}
	if r.Top < 1 || r.Top > matcher.MaxTop || r.Top > 1000 {
		return talent.Invalid("top", fmt.Sprint(r.Top), "must be from 1 to 1000")
	}
	if !(r.MinScore >= 0 && r.MinScore <= 1) {
		return talent.Invalid("min_score", fmt.Sprint(r.MinScore), "must be from 0 to 1")
	}
	if !(r.WaitCost >= 0 && r.WaitCost <= 10) {
		return talent.Invalid("wait_cost", fmt.Sprint(r.WaitCost), "must be from 0 to 10")
	}
	if len(r.Bounds) > MostBounds {
		return talent.Invalid("bounds", fmt.Sprint(len(r.Bounds)), "must be at most %d", MostBounds)
	}
	if (strings.HasPrefix(r.Policy, "stable") || r.Policy == string(allocate.Fair)) && len(r.Bounds) > 0 {
		return talent.Invalid("bounds", "", "are not for policy %s, which keeps reservations alone", r.Policy)
	}
	switch fair := r.Policy == string(allocate.Fair); {
	case fair && !slices.Contains(FairGroups, r.FairBy):
		return talent.Invalid("fair_by", r.FairBy, "must be one of %s", strings.Join(FairGroups, ", "))
	case !fair && r.FairBy != "":
		return talent.Invalid("fair_by", r.FairBy, "is for policy fair")
	}
	for i := range r.Bounds {
		if err := r.Bounds[i].check(fmt.Sprintf("bounds[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func policyNames() string {
	names := make([]string, len(allocate.Policies))
	for i, p := range allocate.Policies {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}

func (b *AllocationBound) check(path string) error {
	named := 0
	for _, v := range []string{b.Program, b.Demand, b.School, b.Enterprise, b.Region} {
		if v != "" {
			named++
		}
	}
	switch {
	case named == 0:
		return talent.Invalid(path, "", "must name a program, demand, school, enterprise or region")
	case named > 2 || named == 2 && (b.Program == "" || b.Demand == ""):
		return talent.Invalid(path, "", "must name one thing, or a program and a demand")
	case b.Of != "" && b.Of != "openings" && b.Of != "programs":
		return talent.Invalid(path+".of", b.Of, "must be openings or programs")
	case b.Of != "" && b.Region == "":
		return talent.Invalid(path+".of", b.Of, "is for regions")
	case b.Min == nil && b.Max == nil:
		return talent.Invalid(path, "", "must have min or max")
	case b.Min != nil && (*b.Min < 0 || *b.Min > allocate.MaxUnits):
		return talent.Invalid(path+".min", fmt.Sprint(*b.Min), "must be from 0 to %d", allocate.MaxUnits)
	case b.Max != nil && (*b.Max < 0 || *b.Max > allocate.MaxUnits):
		return talent.Invalid(path+".max", fmt.Sprint(*b.Max), "must be from 0 to %d", allocate.MaxUnits)
	case b.Min != nil && b.Max != nil && *b.Min > *b.Max:
		return talent.Invalid(path+".min", fmt.Sprint(*b.Min), "must be at most max, %d", *b.Max)
	}
	return nil
}

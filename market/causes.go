package market

import (
	"context"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/cause"
	"talentmatch/matcher/gap/fill"
)

// Causes says how many heads of the open demands stay empty when as many as can be are filled, how
// many of them are due to numbers, education, timing, skills, place and reservations, which shortages and
// surpluses are certain, and what would help. CausesDefinitions says what the numbers mean.
// Errors: talent.ErrInvalid for bad parameters, by name; an alliance that is not there.
func (m *Market) Causes(ctx context.Context, r CausesRequest) (*CausesAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	if r.Progress == nil {
		r.Progress = func(string, int, int) {}
	}
	asked := r.fingerprint()
	offset, err := decodeOffset(r.Cursor, asked)
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	scope, err := m.causesScope(ctx, s, &r.Filter)
	if err != nil {
		return nil, err
	}
	p, err := s.causes.of(ctx, r.problem(), func() (*causesProblem, error) {
		b := &causesBuilder{m: m, s: s, r: &r, scope: scope, causesProblem: &causesProblem{}}
		return b.causesProblem, b.build(ctx)
	})
	if err != nil {
		return nil, err
	}
	c := &causer{m: m, s: s, r: &r, causesProblem: p}
	c.show(scope)
	a := &CausesAnswer{}
	groups := c.group()
	if a.Items, err = c.page(ctx, groups, offset); err != nil {
		return nil, err
	}
	if a.Meta, err = c.meta(ctx, len(groups)); err != nil {
		return nil, err
	}
	if end := offset + len(a.Items); end < len(groups) {
		a.NextCursor = encodeOffset(end, asked)
	}
	return a, nil
}

// CheckCauses is the error of a request that is wrong, before anything is worked out.
func (m *Market) CheckCauses(ctx context.Context, r CausesRequest) error {
	if err := r.complete(); err != nil {
		return err
	}
	if _, err := decodeOffset(r.Cursor, r.fingerprint()); err != nil {
		return err
	}
	s, err := m.state(ctx)
	if err != nil {
		return err
	}
	_, err = m.causesScope(ctx, s, &r.Filter)
	return err
}

func init() { registerReport("causes", runs((*Market).Causes, (*CausesRequest).complete)) }

// ReportCauses is the answer as it is kept, and itself.
func (m *Market) ReportCauses(ctx context.Context, r CausesRequest) (*Report, *CausesAnswer, error) {
	return reported("causes", r, (*CausesRequest).complete, func(r CausesRequest) (*CausesAnswer, error) { return m.Causes(ctx, r) })
}

// A causesProblem is a market whose empty heads are explained: what is the same whatever they
// are grouped by.
type causesProblem struct {
	openings    []causesOpening // in the order of market.Openings
	market      *cause.Market
	causes      *fill.Causes
	placed      *fill.Placement
	notReserved int64
}

// causesOpening is what groups look at.
type causesOpening struct {
	attrs [matcher.NumAttrs]int32
}

// A causer answers from a solved problem.
type causer struct {
	m *Market
	s *state
	r *CausesRequest
	*causesProblem
	shown []int32 // openings, ascending; the others compete with them
}

// show chooses the openings that the answer is of.
func (c *causer) show(scope *causesScope) {
	shows := scope.shows()
	for d := range c.openings {
		if shows(&c.market.Openings[d], &c.openings[d].attrs) {
			c.shown = append(c.shown, int32(d))
		}
	}
}

// property is the dimension that groups are by.
func (c *causer) property() gap.Property {
	return gap.Property(slices.Index(gapDimensions[:], c.r.By))
}

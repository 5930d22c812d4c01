package market

import (
	"context"
	"fmt"
	"io"

	"talentmatch/matcher/allocate"
	"talentmatch/matcher/allocate/mincost"
)

// writeDIMACS writes the problem that a seating solves, with its bonuses.
func (a *allocator) writeDIMACS(w io.Writer, s *allocate.Seating) error {
	n, err := a.market.Network(s)
	if err != nil {
		return err
	}
	return mincost.WriteDIMACS(w, n, fmt.Sprintf("talentmatch: %s, %d cohorts, %d openings, %d pairs", a.r.Policy, len(a.cohorts), len(a.demands), len(a.market.Pairs)))
}

// WriteTransport writes a transportation problem as a DIMACS minimum-cost flow.
func WriteTransport(w io.Writer, t *allocate.Transport) error {
	return mincost.WriteDIMACS(w, t.Network(), fmt.Sprintf("talentmatch: %d supplies, %d demands, %d arcs", len(t.Seats), len(t.Heads), len(t.Arcs)))
}

// SolveDIMACS reads a minimum-cost flow problem and writes a solution of least cost, in
// DIMACS form both. name is for errors.
func SolveDIMACS(ctx context.Context, r io.Reader, name string, w io.Writer) error {
	n, err := mincost.ReadDIMACS(r, name)
	if err != nil {
		return err
	}
	s, err := allocate.SolveNetwork(ctx, n, allocate.Options{})
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := mincost.Check(n, s); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return s.WriteDIMACS(w, n)
}

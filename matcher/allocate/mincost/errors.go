package mincost

import "fmt"

// Infeasible says that no flow meets all supplies and bounds, and proves it by a set of
// nodes. What the set supplies, with what lower bounds force into it, is more, by Short
// units, than upper bounds let out. Or, if Needs is set, what it needs, with what lower
// bounds force out of it, is more than upper bounds let in.
type Infeasible struct {
	Nodes []int32 // ascending
	Short int64   // above 0: no change of flows can do with less
	Needs bool
}

func (e *Infeasible) Error() string {
	if e.Needs {
		return fmt.Sprintf("mincost: infeasible: %d nodes need %d units more than can reach them", len(e.Nodes), e.Short)
	}
	return fmt.Sprintf("mincost: infeasible: %d nodes supply %d units more than can leave them", len(e.Nodes), e.Short)
}

// Unbounded says that there is a flow, but none of least cost: arcs without upper bound
// form a cycle of negative cost.
type Unbounded struct {
	Arcs []int32 // each begins where the one before ends, and the first where the last ends
}

func (e *Unbounded) Error() string {
	return fmt.Sprintf("mincost: unbounded: a cycle of %d arcs without upper bound has a negative cost", len(e.Arcs))
}

// Overflow says that the problem cannot be solved in 64 bits, and why. Whether it has a
// solution is not known.
type Overflow struct {
	What string // is too large
}

func (e *Overflow) Error() string { return "mincost: too large for 64 bits: " + e.What }

package mismatch

import (
	"fmt"
	"math"
)

// Kind is a formula. Below, d and s are a cell's amounts, D and S their sums, p = d/D
// and q = s/S the shares. In the sources demand is vacancies (v) and supply is the
// unemployed (u).
type Kind string

const (
	// Duncan is the index of dissimilarity, 1/2 sum |p - q|: the share of either side
	// that would have to change cells for both to be spread alike. A cell contributes
	// 1/2 |p - q|. Duncan & Duncan, "A Methodological Analysis of Segregation
	// Indexes", American Sociological Review 20 (1955).
	Duncan Kind = "duncan"

	// JackmanRoper is structural unemployment as a share of supply. The source counts
	// heads, SU = 1/2 sum |s - (S/D) d|, and divides by S. The value is therefore
	// Duncan's; Contribution.Heads is what the source adds, and the heads of the cells
	// in surplus add up to SU. Jackman & Roper, "Structural Unemployment", Oxford
	// Bulletin of Economics and Statistics 49 (1987).
	JackmanRoper Kind = "jackman_roper"

	// JackmanRoperGeometric is the same authors' index from a matching function:
	// 1 - sum sqrt(p q), the share of hires lost when hires in a cell go with the root
	// of d times s. It is Sahin with alpha 1/2, and never above Duncan's: small
	// differences count by their square.
	JackmanRoperGeometric Kind = "jackman_roper_geometric"

	// Sahin is 1 - sum p^alpha q^(1-alpha): the share of hires lost against the spread
	// of supply that a planner would choose, when hires in a cell are proportional to
	// d^alpha s^(1-alpha). A cell contributes alpha p + (1-alpha) q - p^alpha q^(1-alpha),
	// never negative (weighted means), with sum exactly the index, since the first two
	// terms add up to 1. The index is the source's, this way of dividing it is ours.
	// Sahin, Song, Topa & Violante, "Mismatch Unemployment", American Economic Review
	// 104 (2014), M_t.
	Sahin Kind = "sahin"

	// SahinEfficiency is M_phi,t of the same source for cells that fill openings more or
	// less easily: 1 - sum (phi/phi_mean) p^alpha q^(1-alpha) with
	// phi_mean = (sum phi^(1/alpha) p)^alpha. That is Sahin with the shares
	// w = phi^(1/alpha) d / sum phi^(1/alpha) d in place of p, and is computed so;
	// Contribution.DemandShare is w.
	SahinEfficiency Kind = "sahin_efficiency"

	// JensenShannon is the divergence in bits: with m = (p+q)/2, a cell contributes
	// 1/2 (p log2(p/m) + q log2(q/m)) >= 0. Index.Distance is its root, a metric. Lin,
	// "Divergence Measures Based on the Shannon Entropy", IEEE Transactions on
	// Information Theory 37 (1991); Endres & Schindelin (2003) for the metric.
	JensenShannon Kind = "jensen_shannon"
)

// Kinds are all kinds, in the order above.
func Kinds() []Kind {
	return []Kind{Duncan, JackmanRoper, JackmanRoperGeometric, Sahin, SahinEfficiency, JensenShannon}
}

// Options of an index and of a trend.
type Options struct {
	// Alpha is the share of demand in the matching function, in (0, 1), of Sahin and
	// SahinEfficiency.
	Alpha float64

	// Level is the p-value below which a trend counts as one, in (0, 1).
	Level float64
	// Change is how much a total may drift over the whole time, as a share of its
	// median, before the trend of the index is called into question; > 0.
	Change float64
	// Chance is how large the dissimilarity by chance may be, as a share of the one
	// found, before cells are called small; > 0.
	Chance float64
}

// DefaultOptions are alpha 1/2, which the source takes for the United States; tests at
// one in twenty; a drift of a fifth; a quarter by chance. The last two are our judgement.
func DefaultOptions() Options { return Options{Alpha: 0.5, Level: 0.05, Change: 0.2, Chance: 0.25} }

func (o *Options) check() error {
	switch {
	case !(o.Alpha > 0 && o.Alpha < 1):
		return fmt.Errorf("mismatch: alpha is %v; it must lie between 0 and 1, both excluded", o.Alpha)
	case !(o.Level > 0 && o.Level < 1):
		return fmt.Errorf("mismatch: the level of the trend test is %v; it must lie between 0 and 1, both excluded", o.Level)
	case !(o.Change > 0) || !(o.Chance > 0):
		return fmt.Errorf("mismatch: the limits of change (%v) and chance (%v) must be positive", o.Change, o.Chance)
	}
	return nil
}

// Side says which side has the larger share in a cell.
type Side string

const (
	Short    Side = "short"    // demand has the larger share
	Surplus  Side = "surplus"  // supply has
	Balanced Side = "balanced" // equal up to rounding (relative 1e-12)
)

// Reason says why there is no index; "" when there is one.
type Reason string

const (
	NoCells    Reason = "no_cells"    // no cell is known on both sides
	NoDemand   Reason = "no_demand"   // all demand is 0, so that it has no shares
	NoSupply   Reason = "no_supply"   // all supply is 0
	NoMatching Reason = "no_matching" // efficiency is 0 wherever there is demand
)

// Contribution is what a cell adds to an index.
type Contribution struct {
	Key                      string
	DemandShare, SupplyShare float64 // 0..1, as the formula takes them
	Value                    float64 // >= 0
	Side                     Side
	// Heads is s - S times the demand share: supply beyond (or, negative, short of)
	// the cell's part, in the unit of supply. They add up to 0.
	Heads float64
}

// Index is a kind's value over cells.
type Index struct {
	Kind  Kind
	Alpha float64 // of the kinds that have one, otherwise 0

	Value    *float64 // 0..1; nil when there is none
	Distance *float64 // root of Value, JensenShannon only
	None     Reason

	Demand, Supply float64        // totals over the cells used
	Used           int            // cells with all that the kind needs
	LeftOut        LeftOut        // and the others
	Contributions  []Contribution // of the cells used, in the order given; nil without an index
}

// Of computes one index. It fails when an amount is negative or not finite, when a key
// comes twice, when options are out of range, or when the kind is unknown. Time is that
// of sorting the cells.
func Of(kind Kind, cells []Cell, o Options) (*Index, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	term, err := kind.term(o.Alpha)
	if err != nil {
		return nil, err
	}
	us, left, err := sift(cells, kind == SahinEfficiency)
	if err != nil {
		return nil, err
	}
	ix := &Index{Kind: kind, Used: len(us), LeftOut: left}
	if kind == Sahin || kind == SahinEfficiency {
		ix.Alpha = o.Alpha
	}
	if ix.Demand, ix.Supply, err = totals(us); err != nil {
		return nil, err
	}
	p, q := ix.shares(us)
	if ix.None != "" {
		return ix, nil
	}
	ix.fill(us, p, q, term, len(cells))
	return ix, nil
}

// shares are the demand and supply shares of the cells, or ix.None is set.
func (ix *Index) shares(us []used) (p, q []float64) {
	switch {
	case len(us) == 0:
		ix.None = NoCells
	case ix.Demand == 0:
		ix.None = NoDemand
	case ix.Supply == 0:
		ix.None = NoSupply
	}
	if ix.None != "" {
		return nil, nil
	}
	p, q = make([]float64, len(us)), make([]float64, len(us))
	for i := range us {
		p[i], q[i] = us[i].demand/ix.Demand, us[i].supply/ix.Supply
	}
	if ix.Kind == SahinEfficiency && !weigh(us, p, ix.Alpha) {
		ix.None = NoMatching
	}
	return p, q
}

// weigh turns the shares p into shares of phi^(1/alpha) p. It works on logarithms, since
// the power of a small alpha leaves the range of numbers. False when all are 0.
func weigh(us []used, p []float64, alpha float64) bool {
	most := math.Inf(-1)
	for i := range p {
		p[i] = math.Log(us[i].efficiency)/alpha + math.Log(p[i]) // -Inf where either is 0
		most = max(most, p[i])
	}
	if math.IsInf(most, -1) {
		return false
	}
	var all sum
	for i := range p {
		p[i] = math.Exp(p[i] - most)
		all.add(p[i])
	}
	for i := range p {
		p[i] /= all.value()
	}
	return true
}

// fill computes contributions, value and distance.
func (ix *Index) fill(us []used, p, q []float64, term func(p, q float64) float64, given int) {
	byPlace := make([]*Contribution, given)
	var all sum
	for i := range us {
		c := &Contribution{Key: us[i].key, DemandShare: p[i], SupplyShare: q[i], Value: term(p[i], q[i]), Side: side(p[i], q[i])}
		c.Heads = us[i].supply - ix.Supply*p[i]
		all.add(c.Value)
		byPlace[us[i].at] = c
	}
	ix.Contributions = make([]Contribution, 0, len(us))
	for _, c := range byPlace {
		if c != nil {
			ix.Contributions = append(ix.Contributions, *c)
		}
	}
	v := min(all.value(), 1)
	ix.Value = &v
	if ix.Kind == JensenShannon {
		d := math.Sqrt(v)
		ix.Distance = &d
	}
}

func side(p, q float64) Side {
	switch {
	case math.Abs(p-q) <= 1e-12*max(p, q):
		return Balanced
	case p > q:
		return Short
	}
	return Surplus
}

// Structural is the heads of supply in surplus cells beyond their part: SU of
// JackmanRoper, in the unit of supply. Nil without an index.
func (ix *Index) Structural() *float64 {
	if ix.Value == nil {
		return nil
	}
	var all sum
	for i := range ix.Contributions {
		all.add(math.Abs(ix.Contributions[i].Heads) / 2)
	}
	v := all.value()
	return &v
}

package mismatch

import (
	"fmt"
	"math"
)

// term is the contribution of a cell with shares p and q, both in 0..1.
func (k Kind) term(alpha float64) (func(p, q float64) float64, error) {
	switch k {
	case Duncan, JackmanRoper:
		return func(p, q float64) float64 { return math.Abs(p-q) / 2 }, nil
	case JackmanRoperGeometric:
		return func(p, q float64) float64 { return means(p, q, 0.5) }, nil
	case Sahin, SahinEfficiency:
		return func(p, q float64) float64 { return means(p, q, alpha) }, nil
	case JensenShannon:
		return bits, nil
	}
	return nil, fmt.Errorf("mismatch: there is no index %q; known are %v", k, Kinds())
}

// means is alpha p + (1-alpha) q - p^alpha q^(1-alpha), the arithmetic less the geometric
// mean. Written as it stands it loses all digits where p is close to q. With the larger
// of the two taken out and x = smaller/larger - 1 it is
// larger (alpha' x - ((1+x)^alpha' - 1)), alpha' the smaller one's weight. Where they are
// far apart it is x that loses digits: a small alpha' makes much of a small ratio.
func means(p, q, alpha float64) float64 {
	if p > q {
		p, q, alpha = q, p, 1-alpha
	}
	if q == 0 {
		return 0
	}
	if ratio := p / q; ratio < 0.5 {
		return max(0, alpha*p+(1-alpha)*q-q*math.Pow(ratio, alpha))
	}
	x := (p - q) / q // -1/2..0
	return max(0, q*(alpha*x-math.Expm1(alpha*math.Log1p(x))))
}

// bits is 1/2 (p log2(p/m) + q log2(q/m)). With r = (p-q)/(p+q) it is
// m/2 ((1+r) log2(1+r) + (1-r) log2(1-r)), and the bracket is sum r^2k / (k (2k-1)) in
// nats. Below 0.1 eight terms leave a relative error under 1e-16; the logarithms would
// cancel there.
func bits(p, q float64) float64 {
	m := (p + q) / 2
	if m == 0 {
		return 0
	}
	r := math.Abs(p-q) / (p + q)
	var nats float64
	if r < 0.1 {
		power := 1.0
		for k := 1.0; k <= 8; k++ {
			power *= r * r
			nats += power / (k * (2*k - 1))
		}
	} else {
		nats = (1 + r) * math.Log1p(r)
		if r < 1 {
			nats += (1 - r) * math.Log1p(-r)
		}
	}
	return m / 2 * nats / math.Ln2
}

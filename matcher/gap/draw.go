package gap

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// A stream draws for one record. It depends on the seed, the kind of draw and the record's
// id alone, so that neither the order of records nor threads matter; everything is made of PCG's
// numbers, whose algorithm is fixed (O'Neill, "PCG", 2014).
type stream struct{ from *rand.PCG }

func newStream() *stream { return &stream{rand.NewPCG(0, 0)} }

// reset begins the stream of a record.
func (s *stream) reset(seed uint64, kind byte, id string) {
	h := fnv.New64a()
	_, _ = h.Write([]byte{kind})
	_, _ = h.Write([]byte(id))
	s.from.Seed(seed, h.Sum64())
}

// uniform is in (0,1), and neither.
func (s *stream) uniform() float64 { return (float64(s.from.Uint64()>>12) + .5) / (1 << 52) }

// normal is standard normal, by inversion.
func (s *stream) normal() float64 { return math.Sqrt2 * math.Erfinv(2*s.uniform()-1) }

// exponential is exponential of mean 1, above 0, by inversion.
func (s *stream) exponential() float64 { return -math.Log(s.uniform()) }

// exactPoisson is the mean below which Poisson numbers are drawn by inversion. Above, the
// normal number of the same mean and variance is rounded; it is off by less than 0.02 in
// distribution there (skewness 1/sqrt(mean) / 6).
const exactPoisson = 64

// A poisson is the distribution of a mean, prepared for many draws.
type poisson struct {
	mean, root float64
	cumulative []float64 // P(X <= k), of small means
	guide      [guides]uint8
}

// guides is how many equal parts of (0,1) know where the search for a number begins (Chen
// and Asau, "On generating random variates from an empirical distribution", 1974).
const guides = 64

// prepare makes p the distribution of a mean >= 0. It reuses memory.
func (p *poisson) prepare(mean float64) {
	p.mean, p.root, p.cumulative = mean, math.Sqrt(mean), p.cumulative[:0]
	if mean <= 0 || mean >= exactPoisson {
		return
	}
	term, sum := math.Exp(-mean), 0.0
	for k := 1.0; ; k++ {
		sum += term
		p.cumulative = append(p.cumulative, sum)
		term *= mean / k
		if k > mean && term < 1e-17 {
			break
		}
	}
	at := 0
	for i := range p.guide {
		for at < len(p.cumulative)-1 && p.cumulative[at] < float64(i)/guides {
			at++
		}
		p.guide[i] = uint8(at) // fewer than 256 numbers have mass below exactPoisson
	}
}

// draw is one number, whole and >= 0.
func (p *poisson) draw(s *stream) float64 {
	switch {
	case p.mean <= 0:
		return 0
	case p.mean >= exactPoisson:
		return max(0, math.Round(p.mean+p.root*s.normal()))
	}
	u := s.uniform()
	at := int(p.guide[int(u*guides)])
	for at < len(p.cumulative) && p.cumulative[at] < u {
		at++
	}
	return float64(at)
}

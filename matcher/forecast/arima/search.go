package arima

import "math"

// search walks over the orders from four starting models to a local minimum of
// AICc, one or two orders changed at a time. Source: Hyndman and Khandakar 2008,
// section 3.2, with the neighbours and their sequence of forecast::auto.arima 8.
type search struct {
	est  *estimator
	o    Options
	best estimate
	seen map[Order]bool
	left int // models that may still be tried
}

// neighbours are the changes tried, in this sequence. After each improvement the
// walk starts again at the first.
var neighbours = []struct{ p, q, sp, sq int }{
	{sp: -1}, {sq: -1}, {sp: 1}, {sq: 1},
	{sp: -1, sq: -1}, {sp: -1, sq: 1}, {sp: 1, sq: -1}, {sp: 1, sq: 1},
	{p: -1}, {q: -1}, {p: 1}, {q: 1},
	{p: -1, q: -1}, {p: -1, q: 1}, {p: 1, q: -1}, {p: 1, q: 1},
}

// run returns the best estimate over the differences of base, estimated to the end.
// Its aicc is +Inf when no order could be judged.
func (s *search) run(base Order) estimate {
	s.best = estimate{order: base, aicc: math.Inf(1)}
	s.start(base)
	for s.improve() && s.left > 0 {
	}
	return s.best
}

// start tries auto.arima's starting models.
func (s *search) start(base Order) {
	o := s.o
	with := base
	with.Constant = base.D+base.SD < 2 && !o.NoConstant
	at := func(p, q, sp, sq int) Order {
		c := with
		c.P, c.Q = min(p, o.MaxP), min(q, o.MaxQ)
		c.SP, c.SQ = min(sp, o.MaxSeasonalP), min(sq, o.MaxSeasonalQ)
		return c
	}
	s.try(at(2, 2, 1, 1))
	s.try(at(0, 0, 0, 0))
	s.try(at(1, 0, 1, 0))
	s.try(at(0, 1, 0, 1))
	if with.Constant {
		s.try(base)
	}
}

// improve tries the neighbours of the best until one is better.
func (s *search) improve() bool {
	from := s.best.order
	for _, d := range neighbours {
		c := from
		c.P += d.p
		c.Q += d.q
		c.SP += d.sp
		c.SQ += d.sq
		if s.try(c) {
			return true
		}
	}
	from.Constant = !from.Constant
	return s.try(from)
}

// try fits c unless it is out of bounds or known, and reports whether it became the
// best.
func (s *search) try(c Order) bool {
	o := s.o
	if c.P < 0 || c.Q < 0 || c.SP < 0 || c.SQ < 0 || c.P > o.MaxP || c.Q > o.MaxQ ||
		c.SP > o.MaxSeasonalP || c.SQ > o.MaxSeasonalQ || s.left <= 0 || s.seen[c] {
		return false
	}
	if c.Constant && (o.NoConstant || c.D+c.SD > 1) {
		return false
	}
	s.seen[c] = true
	s.left--
	how := searchEffort
	how.bar = s.est.bar(c, s.best.aicc)
	e := s.est.fit(c, how)
	if e.nearby || !(e.aicc < s.best.aicc) {
		return false
	}
	// The quick estimate may still slide towards the unit circle.
	if e = s.est.goOn(c, acceptEffort); e.nearby {
		return false
	}
	s.best = e
	return true
}

package arima

import (
	"fmt"
	"math"
)

// Fit chooses the order of y and estimates it. y holds at least three finite
// values, oldest first, and is not changed. Where no order can be judged the answer
// is the simplest model of its differences: a mean, or a random walk with drift.
// Errors are ErrInput.
func Fit(y []float64, o Options) (*Model, error) {
	if err := checkSeries(y); err != nil {
		return nil, err
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	scaled, unit := scaleToOne(y)
	o = o.narrow(len(y))
	base := chooseDifferences(scaled, o)
	z := differenceAll(scaled, base)
	simple := base
	simple.Constant = base.D+base.SD < 2 && !o.NoConstant
	if constant(z) {
		return exactModel(scaled, unit, simple, z), nil
	}
	most := base
	most.P, most.Q, most.SP, most.SQ = o.MaxP, o.MaxQ, o.MaxSeasonalP, o.MaxSeasonalQ
	est := newEstimator(z, most)
	s := search{est: est, o: o, seen: map[Order]bool{}, left: o.MaxModels}
	best := s.run(base)
	if math.IsInf(best.aicc, 1) {
		best = estimate{order: simple}
	}
	// The estimator's state is that of the last order tried: put the best back.
	best = est.at(best.order, best.x)
	return newModel(scaled, unit, est, best), nil
}

// FitOrder estimates one given order on y, without a search: for comparison with
// published fits, and for callers that know their model. It refuses an order that
// leaves no value after differencing, or no value per parameter.
func FitOrder(y []float64, order Order) (*Model, error) {
	if err := checkSeries(y); err != nil {
		return nil, err
	}
	if err := order.validate(); err != nil {
		return nil, err
	}
	if n := len(y) - order.lost(); n < order.parameters() {
		return nil, fmt.Errorf("%w: %v needs %d differenced values, has %d", ErrInput, order, order.parameters(), n)
	}
	scaled, unit := scaleToOne(y)
	z := differenceAll(scaled, order)
	if constant(z) && (order.Constant || maxAbs(z) <= roundingLevel) {
		order.P, order.Q, order.SP, order.SQ = 0, 0, 0, 0
		return exactModel(scaled, unit, order, z), nil
	}
	est := newEstimator(z, order)
	return newModel(scaled, unit, est, est.fit(order, finalEffort)), nil
}

// scaleToOne divides y by its largest size, so that no unit can over- or underflow.
func scaleToOne(y []float64) (scaled []float64, unit float64) {
	unit = maxAbs(y)
	if unit == 0 {
		unit = 1
	}
	scaled = make([]float64, len(y))
	for i, v := range y {
		scaled[i] = v / unit
	}
	return scaled, unit
}

// narrow lowers the bounds to what n values can carry, as auto.arima does.
func (o Options) narrow(n int) Options {
	o.Season = max(o.Season, 1)
	o.MaxP, o.MaxQ = min(o.MaxP, n/3), min(o.MaxQ, n/3)
	if o.Season == 1 {
		o.MaxSeasonalP, o.MaxSeasonalQ, o.MaxSeasonalD = 0, 0, 0
		return o
	}
	o.MaxSeasonalP = min(o.MaxSeasonalP, n/3/o.Season)
	o.MaxSeasonalQ = min(o.MaxSeasonalQ, n/3/o.Season)
	if o.MaxSeasonalP > 0 {
		o.MaxP = min(o.MaxP, o.Season-1)
	}
	if o.MaxSeasonalQ > 0 {
		o.MaxQ = min(o.MaxQ, o.Season-1)
	}
	return o
}

// chooseDifferences returns an order of differences only. Differences that leave a
// constant are enough; those that would leave fewer than two values are not taken.
func chooseDifferences(y []float64, o Options) Order {
	base := Order{Season: o.Season}
	if constant(y) {
		return base
	}
	x := y
	if o.MaxSeasonalD > 0 && seasonStrength(y, o.Season) > o.SeasonStrength {
		base.SD = 1
		x = difference(y, o.Season)
	}
	base.D = lagOneDifferences(x, o.MaxD)
	return base
}

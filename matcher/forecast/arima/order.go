package arima

import "fmt"

// Order is (P,D,Q)(SP,SD,SQ)[Season], with or without a constant in the
// differenced series.
type Order struct {
	P, D, Q    int
	SP, SD, SQ int
	Season     int // at least 1
	// Constant is a mean when nothing is differenced and a drift when one
	// difference is taken. With two it would be a parabola, and is refused.
	Constant bool
}

// String gives R's notation: ARIMA(0,1,1)(0,1,1)[12] with drift.
func (o Order) String() string {
	s := fmt.Sprintf("ARIMA(%d,%d,%d)", o.P, o.D, o.Q)
	if o.Season > 1 {
		s += fmt.Sprintf("(%d,%d,%d)[%d]", o.SP, o.SD, o.SQ, o.Season)
	}
	switch {
	case o.Constant && o.D+o.SD == 0:
		s += " with mean"
	case o.Constant:
		s += " with drift"
	}
	return s
}

// coefficients counts what the optimizer moves.
func (o Order) coefficients() int { return o.P + o.Q + o.SP + o.SQ }

// parameters counts coefficients, constant and variance, as AICc needs.
func (o Order) parameters() int {
	k := o.coefficients() + 1
	if o.Constant {
		k++
	}
	return k
}

// lost is how many values differencing takes.
func (o Order) lost() int { return o.D + o.SD*o.Season }

func (o Order) validate() error {
	for _, v := range []int{o.P, o.Q, o.SP, o.SQ} {
		if v < 0 || v > maxOrder {
			return fmt.Errorf("%w: %v has an order outside [0, %d]", ErrInput, o, maxOrder)
		}
	}
	if o.D < 0 || o.D > 2 || o.SD < 0 || o.SD > 1 {
		return fmt.Errorf("%w: %v differences more than D 2 and SD 1", ErrInput, o)
	}
	if o.Season < 1 || o.Season == 1 && o.SP+o.SD+o.SQ > 0 {
		return fmt.Errorf("%w: %v has seasonal parts without a season", ErrInput, o)
	}
	if o.Constant && o.D+o.SD > 1 {
		return fmt.Errorf("%w: %v has a constant after two differences", ErrInput, o)
	}
	return nil
}

package stockflow

import (
	"fmt"
	"math"
)

// Total is a forecast of total employment in the years after a history.
type Total struct {
	Mean []float64 // by year ahead
	Std  []float64 // its standard deviation, rising; nil for none known
}

// Year is what a year ahead asks for.
type Year struct {
	Total       float64   // employment at its end
	Expansion   float64   // change of the total; below 0 it shrinks
	Replacement float64   // who leaves: by age group, and who grows out of the last one
	Openings    float64   // the mean of max(0, expansion) + Replacement
	Hires       float64   // max(0, Expansion + Replacement): fewer where posts are given up
	ByBand      []float64 // replacement by band; who grows out of the last one counts there
	Stock       []float64 // employment by band at its end

	ExpansionStd   float64
	ReplacementStd float64
}

// Project goes year by year: people age, some leave at the rates, and as many enter as the
// total's forecast asks for. Where the total falls by more than leave, the rest goes from every band
// in the same proportion, and is no replacement.
//
// ExpansionStd takes the total for a random walk, whose steps are independent: the variance of
// a change is what the total's variance grows by in that year. ReplacementStd is how the rates differ from
// year to year, and that their mean is of few years (the variance of a new value about a
// mean of n: sigma² (1 + 1/n)).
func (h *History) Project(r *Rates, total Total) ([]Year, error) {
	if err := h.checkTotal(r, total); err != nil {
		return nil, err
	}
	stock := h.at(len(h.Stock[0]) - 1)
	before, wasVar := sum(stock), 0.0
	out := make([]Year, len(total.Mean))
	for t, want := range total.Mean {
		y := Year{Total: want, Expansion: want - before}
		stock = y.step(h.Bands, r, stock)
		y.Hires = max(0, y.Expansion+y.Replacement)
		y.Stock = stock
		if total.Std != nil {
			v := total.Std[t] * total.Std[t]
			y.ExpansionStd = math.Sqrt(max(0, v-wasVar))
			wasVar = max(v, wasVar)
		}
		y.Openings = censoredMean(y.Expansion, y.ExpansionStd) + y.Replacement
		out[t], before = y, want
	}
	return out, nil
}

// step ages a stock by a year into the year's total, and fills in who leaves.
func (y *Year) step(bands []Band, r *Rates, stock []float64) []float64 {
	next, retired := age(bands, stock)
	y.ByBand = make([]float64, len(next))
	variance := 0.0
	for a, e := range next {
		y.ByBand[a] = e * r.Exit[a]
		next[a] -= y.ByBand[a]
		s := e * r.Std[a]
		variance += s * s * (1 + 1/float64(max(1, r.Years)))
	}
	y.ByBand[len(next)-1] += retired
	y.Replacement, y.ReplacementStd = sum(y.ByBand), math.Sqrt(variance)
	stays := sum(next)
	for a := range next {
		switch {
		case y.Total >= stays:
			next[a] += (y.Total - stays) * r.Enter[a]
		case stays > 0:
			next[a] *= y.Total / stays
		}
	}
	return next
}

// censoredMean is the mean of max(0, X) of a normal X, a fall being no demand: mean Φ(mean/std) +
// std φ(mean/std) (J. Tobin, "Estimation of relationships for limited dependent variables",
// Econometrica 26, 1958; W. Greene, Econometric Analysis, theorem 19.3). max(0, mean) would be less: growth that
// may turn out larger adds, a fall that may turn out larger takes nothing away.
func censoredMean(mean, std float64) float64 {
	if std == 0 {
		return max(0, mean)
	}
	z := mean / std
	return max(0, mean*0.5*math.Erfc(-z/math.Sqrt2)+std*math.Exp(-z*z/2)/math.Sqrt(2*math.Pi))
}

// Interval is the range of the openings z standard deviations wide on either side. A fall is no
// demand, so on the lower side expansion can take away no more than it adds, and it may add less on the upper side
// than its mean, where a fall is nearly certain: then the mean is the end.
func (y *Year) Interval(z float64) (lo, hi float64) {
	grow := y.Openings - y.Replacement
	down := max(0, grow-max(0, y.Expansion-z*y.ExpansionStd))
	up := max(0, max(0, y.Expansion+z*y.ExpansionStd)-grow)
	rest := z * y.ReplacementStd
	return max(0, y.Openings-math.Hypot(down, rest)), y.Openings + math.Hypot(up, rest)
}

func (h *History) checkTotal(r *Rates, total Total) error {
	if err := h.Check(); err != nil {
		return err
	}
	if len(r.Exit) != len(h.Bands) || len(r.Std) != len(h.Bands) || len(r.Enter) != len(h.Bands) {
		return fmt.Errorf("there are rates of %d age groups for %d", len(r.Exit), len(h.Bands))
	}
	if total.Std != nil && len(total.Std) != len(total.Mean) {
		return fmt.Errorf("the total has %d years and %d standard deviations", len(total.Mean), len(total.Std))
	}
	for t, v := range total.Mean {
		if math.IsNaN(v) || v < 0 || v > mostPeople {
			return fmt.Errorf("total employment %d years ahead is %v, which is no number of people", t+1, v)
		}
		if total.Std != nil && !(total.Std[t] >= 0 && total.Std[t] <= mostPeople) {
			return fmt.Errorf("the standard deviation %d years ahead is %v", t+1, total.Std[t])
		}
	}
	return nil
}

func sum(list []float64) (s float64) {
	for _, v := range list {
		s += v
	}
	return s
}

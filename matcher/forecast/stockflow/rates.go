package stockflow

import (
	"fmt"
	"math"
)

// Bounds of a history.
const (
	LeastYears = 3 // two changes: below, a rate is one year's chance
	MostYears  = 1000
	mostPeople = 1e12
)

// A History is yearly employment by age group.
type History struct {
	Bands []Band      // by age, each beginning where the one before ends
	Stock [][]float64 // by band: people, oldest year first; all of one length
}

// Check says what is wrong with a history.
func (h *History) Check() error {
	if err := checkBands(h.Bands); err != nil {
		return err
	}
	if len(h.Stock) != len(h.Bands) {
		return fmt.Errorf("there are %d age groups and %d rows of employment", len(h.Bands), len(h.Stock))
	}
	years := len(h.Stock[0])
	if years < LeastYears || years > MostYears {
		return fmt.Errorf("there are %d years of employment; from %d to %d are needed", years, LeastYears, MostYears)
	}
	for a, row := range h.Stock {
		if len(row) != years {
			return fmt.Errorf("age group %s has %d years of employment, %s has %d", h.Bands[a], len(row), h.Bands[0], years)
		}
		for t, v := range row {
			if math.IsNaN(v) || v < 0 || v > mostPeople {
				return fmt.Errorf("employment of age group %s in year %d is %v, which is no number of people", h.Bands[a], t+1, v)
			}
		}
	}
	return nil
}

// Total is the employment of all age groups by year.
func (h *History) Total() []float64 {
	out := make([]float64, len(h.Stock[0]))
	for _, row := range h.Stock {
		for t, v := range row {
			out[t] += v
		}
	}
	return out
}

// at is the stock of a year by band.
func (h *History) at(t int) []float64 {
	out := make([]float64, len(h.Stock))
	for a := range h.Stock {
		out[a] = h.Stock[a][t]
	}
	return out
}

// age moves a stock on by a year when nobody enters or leaves: of a band w years wide one in w
// moves up, as if ages within it were spread evenly (Willems & de Grip 1993, section 3). out
// is who grows out of a last band that has an upper end: they retire.
func age(bands []Band, stock []float64) (expected []float64, out float64) {
	expected = make([]float64, len(stock))
	for a, n := range stock {
		moved := 0.0
		if w := bands[a].Width(); w > 0 {
			moved = n / float64(w)
		}
		expected[a] += n - moved
		if a+1 < len(stock) {
			expected[a+1] += moved
		} else {
			out = moved
		}
	}
	return expected, out
}

// Options of rates.
type Options struct {
	// Prior is what is known of each band's rate elsewhere (Pool: of all occupations
	// together); nil for nothing.
	Prior []float64
	// Weight is how many people seen for a year the prior counts as. A rate of a few people
	// is mostly chance: with 50 a band of 5 people over four years (20) is two sevenths its own.
	Weight float64
}

// DefaultOptions have no prior.
func DefaultOptions() Options { return Options{Weight: 50} }

// Rates say who leaves and who enters, by band.
type Rates struct {
	Exit  []float64 // share of those expected after ageing who leave within the year, 0..1
	Std   []float64 // standard deviation of that share from year to year
	Enter []float64 // share of all who enter that enter here; adds up to 1
	Years int       // changes that they are averaged over
}

// Rates averages the history's net exits. A band's rate is
//
//	(sum over years of (expected - there) + Weight * Prior) / (sum over years of expected + Weight)
//
// the ratio of sums, which weighs years by people, with a prior as in credibility theory (Bühlmann
// 1967). It is held to 0..1 after averaging: holding each year would turn mere noise into leavers.
// A band that nobody was expected in has the prior, or 0.
func (h *History) Rates(o Options) (*Rates, error) {
	if err := h.Check(); err != nil {
		return nil, err
	}
	if o.Prior != nil && len(o.Prior) != len(h.Bands) {
		return nil, fmt.Errorf("there are %d prior rates for %d age groups", len(o.Prior), len(h.Bands))
	}
	if math.IsNaN(o.Weight) || o.Weight < 0 {
		return nil, fmt.Errorf("weight must not be below 0, not %v", o.Weight)
	}
	n := len(h.Bands)
	s := h.sums()
	r := &Rates{Exit: make([]float64, n), Std: make([]float64, n), Enter: make([]float64, n), Years: len(h.Stock[0]) - 1}
	entries := 0.0
	for a := range n {
		left, of := s.left[a], s.expected[a]
		entries += max(0, -left)
		if o.Prior != nil {
			left, of = left+o.Weight*o.Prior[a], of+o.Weight
		}
		if of > 0 {
			r.Exit[a] = min(1, max(0, left/of))
		}
		r.Std[a] = s.spread(a)
	}
	for a := range n {
		switch {
		case entries > 0:
			r.Enter[a] = max(0, -s.left[a]) / entries
		case a == 0:
			r.Enter[a] = 1 // nobody was seen to enter: beginners
		}
	}
	return r, nil
}

// exitSums are a history's net exits and what they are exits from, by band.
type exitSums struct {
	left, expected []float64
	yearly         [][]float64 // band -> rate of each year in which someone was expected
}

func (h *History) sums() exitSums {
	n := len(h.Bands)
	s := exitSums{make([]float64, n), make([]float64, n), make([][]float64, n)}
	for t := 1; t < len(h.Stock[0]); t++ {
		expected, _ := age(h.Bands, h.at(t-1))
		for a, e := range expected {
			left := e - h.Stock[a][t]
			s.left[a] += left
			s.expected[a] += e
			if e > 0 {
				s.yearly[a] = append(s.yearly[a], min(1, max(0, left/e)))
			}
		}
	}
	return s
}

// spread is the standard deviation of a band's yearly rates, 0 for fewer than two.
func (s *exitSums) spread(a int) float64 {
	n := float64(len(s.yearly[a]))
	if n < 2 {
		return 0
	}
	mean, sum := 0.0, 0.0
	for _, v := range s.yearly[a] {
		mean += v / n
	}
	for _, v := range s.yearly[a] {
		sum += (v - mean) * (v - mean)
	}
	return math.Sqrt(sum / (n - 1))
}

// Pool is the rates of several histories of the same bands taken together: a prior for
// each. nil when there are none, or bands differ.
func Pool(all []*History) []float64 {
	if len(all) == 0 {
		return nil
	}
	left, expected := make([]float64, len(all[0].Bands)), make([]float64, len(all[0].Bands))
	for _, h := range all {
		if h.Check() != nil || !sameBands(h.Bands, all[0].Bands) {
			return nil
		}
		s := h.sums()
		for a := range left {
			left[a] += s.left[a]
			expected[a] += s.expected[a]
		}
	}
	for a := range left {
		if expected[a] > 0 {
			left[a] = min(1, max(0, left[a]/expected[a]))
		} else {
			left[a] = 0
		}
	}
	return left
}

func sameBands(a, b []Band) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

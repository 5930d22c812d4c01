package mismatch

import "math"

// Exact and Normal say how a Baseline was computed.
const (
	Exact  = "hypergeometric"
	Normal = "normal"
)

// largestExact is the sum of both sides up to which probabilities are computed exactly:
// beyond it the logarithm of the factorial has an error of 1e-8 and more, and the normal
// distribution is as good.
const largestExact = 1e7

// Baseline is the dissimilarity that chance alone gives.
type Baseline struct {
	Value    float64 // Duncan's index
	Expected float64 // its expectation under random allocation
	// Systematic is what is left: (value - expected) / (1 - expected) when the value is
	// above expectation, (value - expected) / expected when it is below. 1 is complete
	// separation, 0 chance, -1 complete evenness. Carrington & Troske's systematic
	// dissimilarity.
	Systematic float64
	Method     string // Exact or Normal
	// Smallest is the smallest expected number of heads of either side in a cell that
	// has any. Below 5 cells count as small by the usual rule for contingency tables.
	Smallest float64
}

// Random computes the baseline of Duncan's index. Amounts must be heads: with shares or
// weights the answer means nothing. Nil when there is no index, or fewer than two heads
// altogether.
//
// Random allocation keeps how many heads each cell has (n = d + s) and how many there
// are of either side; which heads are demand is drawn without replacement. Then d is
// hypergeometric, d/D - s/S = N/(D S) (d - n D/N), and the expected index is
// N/(2 D S) sum E|d - n D/N|. Carrington & Troske, "On Measuring Segregation in Samples
// with Small Units", Journal of Business & Economic Statistics 15 (1997), for the idea;
// Cortese, Falk & Cohen (1976) for fixed margins. The mean deviation is exact when all
// amounts are whole numbers, otherwise sqrt(2/pi) standard deviations (Inman & Bradley,
// Sociological Methods & Research 20, 1991). Heads of one demand are drawn one by one, as
// though they did not come together, so the true baseline of lumpy demand is higher.
func Random(cells []Cell) (*Baseline, error) {
	ix, err := Of(Duncan, cells, DefaultOptions())
	if err != nil || ix.Value == nil {
		return nil, err
	}
	us, _, err := sift(cells, false)
	if err != nil {
		return nil, err
	}
	return baseline(us, ix), nil
}

func baseline(us []used, ix *Index) *Baseline {
	n := ix.Demand + ix.Supply
	if n < 2 {
		return nil
	}
	b := &Baseline{Value: *ix.Value, Method: Exact, Smallest: math.Inf(1)}
	if n > largestExact {
		b.Method = Normal
	}
	for i := range us {
		if us[i].demand != math.Trunc(us[i].demand) || us[i].supply != math.Trunc(us[i].supply) {
			b.Method = Normal
		}
	}
	var all sum
	for i := range us {
		size := us[i].demand + us[i].supply
		if size == 0 {
			continue
		}
		b.Smallest = min(b.Smallest, size*min(ix.Demand, ix.Supply)/n)
		all.add(deviation(b.Method, n, ix.Demand, size))
	}
	b.Expected = min(1, all.value()/2*(n/ix.Demand)/ix.Supply)
	b.Systematic = systematic(b.Value, b.Expected)
	return b
}

func systematic(value, expected float64) float64 {
	switch {
	case value > expected: // so expected < 1
		return (value - expected) / (1 - expected)
	case value < expected:
		return (value - expected) / expected
	}
	return 0
}

// deviation is E|x - mean| of the number x of marked ones among size drawn from n of
// which marked are marked.
//
// Exact: (x - mean) P(x) = T(x) - T(x+1) with T(x) = x (n - marked - size + x) / n P(x),
// so the part above the mean adds up to T(floor(mean)+1), and both parts are equal.
func deviation(method string, n, marked, size float64) float64 {
	if method == Normal {
		share := marked / n
		return math.Sqrt(2 / math.Pi * size * share * (1 - share) * max(0, n-size) / (n - 1))
	}
	x := math.Floor(size*marked/n) + 1
	if x > min(marked, size) {
		return 0 // nothing lies above the mean: one side or the rest is empty
	}
	log := choose(marked, x) + choose(n-marked, size-x) - choose(n, size)
	return 2 * x * (n - marked - size + x) / n * math.Exp(log)
}

// choose is the logarithm of n over k, for 0 <= k <= n; -Inf for k outside.
func choose(n, k float64) float64 {
	if k < 0 || k > n {
		return math.Inf(-1)
	}
	a, _ := math.Lgamma(n + 1)
	b, _ := math.Lgamma(k + 1)
	c, _ := math.Lgamma(n - k + 1)
	return a - b - c
}

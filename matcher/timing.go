package matcher

// NoStart is the start of a demand that names none.
const NoStart = -1

// graduationMonth is the month, 0-based, in which a cohort leaves: July.
const graduationMonth = 6

// timingValue is the timing component for one cohort: a is the number of months
// from its leaving to the start of the demand. ok is false outside -24..36.
func timingValue(a int) (v float64, ok bool) {
	switch {
	case a < -24 || a > 36:
		return 0, false
	case a < 0:
		return 1 + float64(a)/24, true
	case a <= 12:
		return 1, true
	}
	return 1 - float64(a-12)/24, true
}

// A timingProfile is what timing needs to know of a program: whether cohorts are
// listed, and the years of those with graduates. Programs share few distinct ones,
// so a query works each out once.
type timingProfile struct {
	listed bool
	years  []int
}

// at is the timing of a profile for a start (months since year 0, or NoStart):
// the value of the best cohort, whether there is data, and whether the gate stops it.
func (p *timingProfile) at(start int) (v float64, data, stopped bool) {
	if start == NoStart || !p.listed {
		return noData, false, false
	}
	best, any := 0.0, false
	for _, y := range p.years {
		if v, ok := timingValue(start - (y*12 + graduationMonth)); ok {
			any = true
			best = max(best, v)
		}
	}
	return best, true, !any
}

// CohortTiming is the timing of one cohort with graduates for a start (months since
// year 0); ok is false when it lies outside -24..36 months.
func CohortTiming(year, start int) (float64, bool) {
	return timingValue(start - (year*12 + graduationMonth))
}

package market

import (
	"fmt"
	"regexp"
	"strconv"
)

// A periodUnit is how long a period is: "year", "quarter" or "month".
type periodUnit string

// parts is how many of the unit a year has; 0 for an unknown unit.
func (u periodUnit) parts() int {
	return map[periodUnit]int{"year": 1, "quarter": 4, "month": 12}[u]
}

// label is period n of the unit, counted from the year 0: "2027", "2027-Q1", "2027-01".
func (u periodUnit) label(n int) string {
	switch u {
	case "month":
		return fmt.Sprintf("%04d-%02d", n/12, n%12+1)
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", n/4, n%4+1)
	}
	return fmt.Sprintf("%04d", n)
}

var (
	yearForm    = regexp.MustCompile(`^\d{4}$`)
	quarterForm = regexp.MustCompile(`^\d{4}-?Q[1-4]$`)
	monthForm   = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)
)

// parsePeriod reads YYYY, YYYY-Qn (or YYYYQn) or YYYY-MM.
func parsePeriod(s string) (u periodUnit, n int, ok bool) {
	number := func(s string) int {
		v, _ := strconv.Atoi(s) // digits, by the form
		return v
	}
	switch {
	case yearForm.MatchString(s):
		return "year", number(s), true
	case quarterForm.MatchString(s):
		return "quarter", 4*number(s[:4]) + number(s[len(s)-1:]) - 1, true
	case monthForm.MatchString(s):
		return "month", 12*number(s[:4]) + number(s[5:]) - 1, true
	}
	return "", 0, false
}

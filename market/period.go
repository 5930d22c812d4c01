package market

import (
	"fmt"
	"strconv"
	"strings"
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

// parsePeriod reads YYYY, YYYY-Qn (or YYYYQn) or YYYY-MM.
func parsePeriod(s string) (u periodUnit, n int, ok bool) {
	year, err := strconv.Atoi(s[:min(4, len(s))])
	if err != nil || len(s) < 4 {
		return "", 0, false
	}
	rest := strings.TrimPrefix(s[4:], "-")
	switch {
	case rest == "" && len(s) == 4:
		return "year", year, true
	case len(rest) == 2 && rest[0] == 'Q' && '1' <= rest[1] && rest[1] <= '4':
		return "quarter", 4*year + int(rest[1]-'1'), true
	case len(s) == 7:
		if month, err := strconv.Atoi(rest); err == nil && month >= 1 && month <= 12 {
			return "month", 12*year + month - 1, true
		}
	}
	return "", 0, false
}

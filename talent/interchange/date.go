package interchange

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Serial numbers count days from 1899-12-30 (1904-01-01 in old Mac workbooks).
// Only those of the years 1954 to 2119 are taken as dates, so that a year or a
// month written as a number is not.
const (
	firstSerial, lastSerial = 20000, 80000
	offset1904              = 1462
)

var (
	dayPattern     = regexp.MustCompile(`^(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})[日号]?([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$`)
	monthPattern   = regexp.MustCompile(`^(\d{4})[-/年] ?(\d{1,2})(月份?)?$`)
	dottedPattern  = regexp.MustCompile(`^(\d{4})\.(0\d|1[0-2]|[2-9])$`) // 2026.1 may be an October
	compactPattern = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})?$`)
	serialPattern  = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// A calendar is a date as a cell gives it; day is 0 if only the month is given.
type calendar struct{ year, month, day int }

func (c calendar) date() string { return fmt.Sprintf("%04d-%02d-%02d", c.year, c.month, c.day) }

func (c calendar) yearMonth() string { return fmt.Sprintf("%04d-%02d", c.year, c.month) }

// exists reports whether there is such a day or month.
func (c calendar) exists() bool {
	day := max(c.day, 1)
	t := time.Date(c.year, time.Month(c.month), day, 0, 0, 0, 0, time.UTC)
	return c.month >= 1 && c.month <= 12 && t.Day() == day && int(t.Month()) == c.month
}

// parseCalendar reads a date or a month as people and Excel write them.
func parseCalendar(s string, date1904 bool) (calendar, bool) {
	s = foldWidth(s)
	for _, p := range []*regexp.Regexp{dayPattern, monthPattern, dottedPattern, compactPattern} {
		m := p.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		c := calendar{year: atoi(m[1]), month: atoi(m[2])}
		if p == dayPattern || p == compactPattern && m[3] != "" {
			c.day = atoi(m[3])
			return c, c.day > 0 && c.exists()
		}
		return c, c.exists()
	}
	return parseSerial(s, date1904)
}

func parseSerial(s string, date1904 bool) (calendar, bool) {
	if !serialPattern.MatchString(s) {
		return calendar{}, false
	}
	whole, _, _ := strings.Cut(s, ".")
	n := atoi(whole)
	if date1904 {
		n += offset1904
	}
	if n < firstSerial || n > lastSerial {
		return calendar{}, false
	}
	y, m, d := time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC).Date()
	return calendar{y, int(m), d}, true
}

// atoi reads digits that a pattern has found.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var quarterPattern = regexp.MustCompile(`^(\d{4})年?-?(?:第([一二三四1-4])季度?|[Qq]([1-4]))$`)

// parsePeriod reads the start of a series: a year, a quarter or a month. What it
// does not know it returns as it is, for the validation to judge.
func parsePeriod(s string, date1904 bool) string {
	folded := foldWidth(s)
	if y := strings.TrimSuffix(folded, "年"); len(y) == 4 && len(y) < len(folded) {
		return y
	}
	if m := quarterPattern.FindStringSubmatch(folded); m != nil && strings.Contains(folded, "季") {
		q := m[2]
		if i := strings.Index("一二三四", q); i >= 0 {
			q = strconv.Itoa(i/len("一") + 1)
		}
		return m[1] + "-Q" + q
	}
	if c, ok := parseCalendar(folded, date1904); ok {
		return c.yearMonth()
	}
	return strings.TrimSpace(s)
}

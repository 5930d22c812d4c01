package interchange

import (
	"encoding/json"
	"regexp"
	"strings"

	"golang.org/x/text/currency"
)

// The parts of a salary cell, half-width: an amount with its multiplier, a
// currency, 以上 or 以下. A k or w is a multiplier where what is left is a currency.
const (
	amountPart   = `([\d.,]+)\s*([kK千万wW]?)`
	currencyPart = `(元|人民币|¥|[A-Za-z]{3})?`
	boundPart    = `(及?以[上下])?`
)

// salaryPattern: currency; minimum, dash, maximum, either missing; currency;
// period; 以上 or 以下 before or behind the period.
var salaryPattern = regexp.MustCompile(`^` + currencyPart + `\s*(?:` + amountPart + `)?\s*([-~—–至到]{0,2})\s*(?:¥?\s*` + amountPart + `)?\s*` +
	currencyPart + `\s*` + boundPart + `\s*(?:/\s*([^\d\s/]+?))?\s*` + boundPart + `$`)

// monthsPaid is the number of months' pay in a year behind a salary, which is not
// kept.
var monthsPaid = regexp.MustCompile(`^(.*[^\s~—–至到-])(?:\s*[·・•*×]\s*|\s+)(?:1[2-9]|2[0-4])薪$`)

// multiplierExponent is the power of ten of each multiplier.
var multiplierExponent = map[string]string{"": "", "k": "e3", "千": "e3", "万": "e4", "w": "e4"}

const salaryHelp = "must be written 8000-12000 CNY/month, 8-12K/月, 1万-1.5万元/月, 6000以上 or 200元/天 (8000- or -12000 for one end), " +
	"the currency as its ISO 4217 code of three letters, 元, 人民币, RMB or ¥, the period as hour, day, month or year; " +
	"or use the columns salary_min, salary_max, salary_currency, salary_per"

// salaryCodec reads a whole salary from one cell; salaries are written as four
// columns.
var salaryCodec = &codec{
	parse: func(_ reading, c *column, cell string) parsed {
		if s := foldWord(cell); s == "面议" || s == "negotiable" {
			return parsed{}
		}
		out, ok := parseSalary(c, foldWidth(cell))
		if !ok {
			return wrong(salaryHelp)
		}
		return scalar(out)
	},
	syntax:  "minimum-maximum currency/period, also 8-12K, 1万-1.5万, 6000以上, one amount; instead of the four salary_ columns",
	example: "8000-12000 CNY/month, 8-12K/月, 6000元/月以上",
}

// parseSalary reads a salary; ok is false for anything of which a part is not
// understood.
func parseSalary(c *column, s string) (out map[string]any, ok bool) {
	months := monthsPaid.FindStringSubmatch(s)
	if months != nil {
		s = months[1]
	}
	m := salaryPattern.FindStringSubmatch(s)
	if m == nil || m[8] != "" && m[10] != "" {
		return nil, false
	}
	low, high := salaryEnd{m[2], m[3]}, salaryEnd{m[5], m[6]}
	if out, ok = salaryRange(low, m[4], high, m[8]+m[10]); !ok {
		return nil, false
	}
	code, ok := salaryCurrency(m[1], m[7])
	if !ok {
		return nil, false
	}
	if code != "" {
		out["currency"] = code
	}
	if m[9] != "" {
		per, ok := enumWord(c.typ, subField(c.field, "per"), m[9])
		if !ok || months != nil && per != "month" {
			return nil, false
		}
		out["per"] = per
	}
	return out, true
}

// salaryEnd is one end of a salary as written.
type salaryEnd struct{ number, multiplier string }

// amount is the number that a salary's end means, exactly.
func (e salaryEnd) amount() (float64, bool) {
	digits := e.number
	if thousandsPattern.MatchString(digits) {
		digits = strings.ReplaceAll(digits, ",", "")
	}
	return parseDecimal(digits + multiplierExponent[strings.ToLower(e.multiplier)])
}

// salaryRange is the least and the most that two ends, a dash and 以上 or 以下 say.
func salaryRange(low salaryEnd, dash string, high salaryEnd, bound string) (map[string]any, bool) {
	switch {
	case dash == "" && (low.number == "" || high.number != ""), // 8000 12000
		dash != "" && (low.number+high.number == "" || bound != ""): // 8000-12000以上
		return nil, false
	case dash == "":
		high = low
	case low.number != "" && high.number != "" && low.multiplier == "" && high.multiplier != "":
		if v, ok := low.amount(); !ok || v >= 1000 {
			return nil, false // 8000-1.2万: the 8000 are no 万
		}
		low.multiplier = high.multiplier
	case low.number != "" && high.number != "" && low.multiplier != "" && high.multiplier == "":
		return nil, false // 8K-12: of what?
	}
	out := map[string]any{}
	for _, end := range []struct {
		name  string
		value salaryEnd
		not   string
	}{{"min", low, "以下"}, {"max", high, "以上"}} {
		if end.value.number == "" || strings.HasSuffix(bound, end.not) {
			continue
		}
		v, ok := end.value.amount()
		if !ok {
			return nil, false
		}
		out[end.name] = json.Number(formatNumber(v))
	}
	return out, true
}

// salaryCurrency is the ISO 4217 code of the currency before or behind the
// amounts; "" if there is none. Letters that are no such code may be a unit.
func salaryCurrency(before, behind string) (code string, ok bool) {
	for _, s := range []string{before, behind} {
		if s == "" {
			continue
		}
		s = strings.ToUpper(s)
		switch s {
		case "元", "人民币", "RMB", "¥":
			s = "CNY"
		}
		if _, err := currency.ParseISO(s); err != nil || code != "" && code != s {
			return "", false
		}
		code = s
	}
	return code, true
}

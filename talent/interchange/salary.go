package interchange

import (
	"regexp"
	"strings"
)

// salaryPattern: minimum, dash, maximum, either missing; currency; period.
var salaryPattern = regexp.MustCompile(`^([\d.,]*)\s*([-~—–至到]*)\s*([\d.,]*)\s*([^\d\s/]{0,8}?)\s*(?:/\s*(\S+))?$`)

// salaryCodec reads a whole salary from one cell; salaries are written as four
// columns.
var salaryCodec = &codec{
	parse: func(_ reading, c *column, cell string) parsed {
		if s := foldWord(cell); s == "面议" || s == "negotiable" {
			return parsed{}
		}
		out, ok := parseSalary(c, foldWidth(cell))
		if !ok {
			return wrong("must be written 8000-12000 CNY/month (8000- or -12000 for one end); or use the columns salary_min, salary_max, salary_currency, salary_per")
		}
		return scalar(out)
	},
	syntax:  "minimum-maximum currency/period; instead of the four salary_ columns",
	example: "8000-12000 CNY/month, 8000-12000元/月",
}

func parseSalary(c *column, s string) (map[string]any, bool) {
	m := salaryPattern.FindStringSubmatch(s)
	if m == nil || m[2] == "" || m[1] == "" && m[3] == "" {
		return nil, false
	}
	out := map[string]any{}
	for _, end := range []struct{ name, text string }{{"min", m[1]}, {"max", m[3]}} {
		if end.text == "" {
			continue
		}
		v, ok := parseNumber(end.text)
		if !ok {
			return nil, false
		}
		out[end.name] = v
	}
	switch m[4] {
	case "":
	case "元", "人民币", "rmb", "RMB", "¥":
		out["currency"] = "CNY"
	default:
		out["currency"] = strings.ToUpper(m[4])
	}
	if m[5] != "" {
		per, ok := enumWord(c.typ, subField(c.field, "per"), m[5])
		if !ok {
			return nil, false
		}
		out["per"] = per
	}
	return out, true
}

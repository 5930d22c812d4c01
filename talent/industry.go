package talent

import "sync"

// Industry is a section (A..T) or division (01..97) of GB/T 4754-2017.
type Industry struct {
	Code, Name, NameEN string
	Parent             string // a division's section; "" for a section
}

// Industries lists sections and divisions in the standard's order. The slice is
// shared: do not change it.
var Industries = sync.OnceValue(func() []Industry {
	rows := readTable("data/industries.csv")
	out := make([]Industry, len(rows))
	for i, r := range rows {
		out[i] = Industry{Code: r[0], Name: r[1], NameEN: r[2], Parent: r[3]}
	}
	return out
})

// IndustryOf finds the section or division that a code names: "C", "39", "C39"
// or any longer GB/T 4754 code below a division ("391", "C3911"). ok is false for
// codes of other systems.
func IndustryOf(code string) (Industry, bool) {
	if code == "" {
		return Industry{}, false
	}
	if c := code[0]; c >= 'A' && c <= 'T' {
		if len(code) == 1 {
			i, ok := industryIndex()[code]
			return i, ok
		}
		i, ok := divisionOf(code[1:])
		if !ok || i.Parent != code[:1] {
			return Industry{}, false
		}
		return i, true
	}
	return divisionOf(code)
}

// divisionOf finds the division of a code of 2 to 4 digits.
func divisionOf(code string) (Industry, bool) {
	if len(code) < 2 || len(code) > 4 {
		return Industry{}, false
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return Industry{}, false
		}
	}
	i, ok := industryIndex()[code[:2]]
	return i, ok
}

var industryIndex = sync.OnceValue(func() map[string]Industry {
	m := map[string]Industry{}
	for _, i := range Industries() {
		m[i.Code] = i
	}
	return m
})

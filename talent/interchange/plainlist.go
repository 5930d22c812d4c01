package interchange

import (
	"encoding/json"
	"strings"
)

// plainEscapes are the characters of an entry of a plain list that need a
// backslash.
const plainEscapes = strongSeparators

func formatPlainList(raw json.RawMessage) string {
	items := value[[]string](raw)
	for i, s := range items {
		items[i] = escape(s, plainEscapes)
	}
	return joinItems(items)
}

var textListCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		return parseList(splitItems(cell), func(_ int, raw string) (string, []problem) { return unescape(raw), nil })
	},
	format:  formatPlainList,
	syntax:  "list: a; b; c",
	example: "可编程控制器; PLC",
}

var idListCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		return parseList(splitIDs(cell), func(_ int, raw string) (string, []problem) { return unescape(raw), nil })
	},
	format:  formatPlainList,
	syntax:  "list of ids: a; b",
	example: "sk.electrical; sk.automation",
}

var regionListCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		return parseList(splitIDs(cell), func(i int, raw string) (string, []problem) {
			id, message := regionID(unescape(raw))
			if message != "" {
				return "", []problem{{item: i, message: message}}
			}
			return id, nil
		})
	},
	format:  formatPlainList,
	syntax:  "list of regions, codes or unique names: a; b",
	example: "440600; 广州市",
}

// splitIDs cuts a list of ids, in which commas separate too.
func splitIDs(cell string) []string {
	return nonEmpty(splitRaw(cell, strongSeparators+weakSeparators+","))
}

// parseList reads each entry by read, which names what is wrong with it.
func parseList[T any](items []string, read func(i int, raw string) (T, []problem)) parsed {
	if len(items) == 0 {
		return parsed{}
	}
	p := parsed{items: items}
	values := make([]T, len(items))
	for i, raw := range items {
		v, bad := read(i, raw)
		values[i] = v
		p.bad = append(p.bad, bad...)
	}
	p.json = mustJSON(values)
	return p
}

var numberListCodec = &codec{
	parse: func(_ reading, _ *column, cell string) parsed {
		items := strings.FieldsFunc(foldWidth(cell), func(r rune) bool { return strings.ContainsRune("; 、\t\r\n", r) })
		return parseList(items, func(i int, raw string) (json.Number, []problem) {
			v, ok := parseDecimal(raw) // a comma may separate thousands or entries: refused
			if !ok {
				return "0", []problem{{item: i, message: "must be a number; separate numbers by ;"}}
			}
			return json.Number(formatNumber(v)), nil
		})
	},
	format: func(raw json.RawMessage) string {
		var out []string
		for _, n := range value[[]json.Number](raw) {
			out = append(out, n.String())
		}
		return strings.Join(out, "; ")
	},
	syntax:  "list of numbers: 1; 2; 3",
	example: "120; 135; 128.5",
}

package stockflow

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Band is an age group.
type Band struct {
	From, To int  // whole years of age, both inside; To means nothing where Open
	Open     bool // has no upper end
}

// Ages that a band may name. youngest is where one without a lower end begins.
const (
	youngest = 15
	oldest   = 120
)

// labelWords are what labels say beside numbers, and what stands for it.
var labelWords = strings.NewReplacer(
	" ", "", "周岁", "", "歲", "", "岁", "", "years", "", "year", "", "aged", "", "age", "",
	"and", "", "及", "", "以上", "+", "以下", "-", "over", "+", "older", "+", "above", "+",
	"under", "<", "below", "<", "不足", "<", "to", "-", "至", "-", "到", "-", "–", "-", "—", "-", "～", "-", "~", "-", "＋", "+", "－", "-", "_", "-", "y", "",
)

// ParseBand reads the label of an age group: 25-34, 25–34岁, 25 to 34, 65+, 65岁及以上, 65 and over,
// <25, under 25 (both 15-24), 24岁及以下 (15-24).
func ParseBand(label string) (Band, error) {
	text := labelWords.Replace(strings.ToLower(strings.TrimSpace(label)))
	wrong := fmt.Errorf("age group %q is none of the forms 25-34, 65+, <25", label)
	age := func(s string) (int, bool) {
		n, err := strconv.Atoi(s)
		return n, err == nil && n >= 0 && n <= oldest && s[0] != '+' && s[0] != '-'
	}
	below, isBelow := strings.CutPrefix(text, "<")
	from, isOpen := strings.CutSuffix(text, "+")
	upTo, isUpTo := strings.CutSuffix(text, "-")
	switch {
	case isBelow:
		if n, ok := age(below); ok && n > youngest {
			return Band{From: youngest, To: n - 1}, nil
		}
	case isOpen:
		if n, ok := age(from); ok {
			return Band{From: n, Open: true}, nil
		}
	case isUpTo:
		if n, ok := age(upTo); ok && n >= youngest {
			return Band{From: youngest, To: n}, nil
		}
	default:
		a, b, two := strings.Cut(text, "-")
		first, ok1 := age(a)
		last, ok2 := age(b)
		if two && ok1 && ok2 {
			if last < first {
				return Band{}, fmt.Errorf("age group %q ends before it begins", label)
			}
			return Band{From: first, To: last}, nil
		}
	}
	return Band{}, wrong
}

// String is the band as 25-34 or 65+.
func (b Band) String() string {
	if b.Open {
		return fmt.Sprintf("%d+", b.From)
	}
	return fmt.Sprintf("%d-%d", b.From, b.To)
}

// Width is how many years of age the band holds; 0 when it has no upper end.
func (b Band) Width() int {
	if b.Open {
		return 0
	}
	return b.To - b.From + 1
}

// Compare orders bands by age.
func (b Band) Compare(o Band) int {
	return cmp.Or(cmp.Compare(b.From, o.From), cmp.Compare(b.Width(), o.Width()))
}

// checkBands says why bands do not follow each other without a gap. People age from one into the
// next, so a missing one would look as if they left and others came.
func checkBands(bands []Band) error {
	if len(bands) == 0 {
		return fmt.Errorf("there are no age groups")
	}
	for i, b := range bands {
		if b.From < 0 || b.From > oldest || !b.Open && (b.To < b.From || b.To > oldest) {
			return fmt.Errorf("age group %s is no range of ages", b)
		}
		if i == 0 {
			continue
		}
		before := bands[i-1]
		switch {
		case before.Open || b.From <= before.To:
			return fmt.Errorf("age groups %s and %s overlap or stand in the wrong order", before, b)
		case b.From > before.To+1:
			return fmt.Errorf("between the age groups %s and %s those of %d-%d are missing", before, b, before.To+1, b.From-1)
		}
	}
	return nil
}

// Order is the order of bands by age, as places in the slice.
func Order(bands []Band) []int {
	out := make([]int, len(bands))
	for i := range out {
		out[i] = i
	}
	slices.SortFunc(out, func(a, b int) int { return cmp.Or(bands[a].Compare(bands[b]), cmp.Compare(a, b)) })
	return out
}

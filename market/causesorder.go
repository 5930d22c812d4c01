package market

import (
	"fmt"
	"hash/fnv"

	"talentmatch/matcher"
)

// lots draws lots for openings of one priority, from all that is asked or grouped by: not from
// ids and heads, so openings of one lot are in the same groups, and a renamed one changes no group.
func (b *causesBuilder) lots() func(d *matcher.Demand) uint64 {
	regions, attrs, skills := b.m.lex.regions.all(), b.m.lex.attrs.all(), b.m.lex.skills.all()
	sum := func(format string, args ...any) uint64 {
		h := fnv.New64a()
		fmt.Fprintf(h, format, args...)
		return h.Sum64()
	}
	return func(d *matcher.Demand) uint64 {
		lot := sum("%q %d %d", regions[d.Region], d.Education, d.Start)
		for of, value := range d.Attrs {
			lot += sum("%d %q", of, attrs[value])
		}
		for _, n := range d.Needs { // in any order
			lot += sum("%q %d %v %g", skills[n.Skill], n.Level, n.Required, n.Weight)
		}
		return lot * 0x9e3779b97f4a7c15
	}
}

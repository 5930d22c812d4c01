package fill

import (
	"context"
	"math/bits"
	"slices"
	"strings"
)

// Market is supplies and openings with what decides which supply an opening can use. Heads
// are filled in the order of openings.
type Market struct {
	Programs int // programs are numbered 0..Programs-1
	Supplies []Supply
	Openings []Opening

	// Able[Off[d]:Off[d+1]] are the programs whose skills are enough for opening d, ascending,
	// whatever the other limits say. Where the list is cut short, programs that would do seem to
	// lack skills: heads that they would fill are then put down to skills, whose share is an upper
	// bound.
	Off  []int64
	Able []int32
}

// Supply is graduates that are alike. Months count from any one month; places and holders
// (enterprises) are any numbers from 0.
type Supply struct {
	Units     int64 // >= 0
	Leaves    int32 // the month in which they graduate, >= 0
	Place     int32 // where they are, or Anywhere when that is not known
	Program   int32
	Holder    int32 // for whom they are reserved, and to whom they go anywhere, or Free
	Education uint8 // ISCED level
	Moves     bool  // takes work at any place
}

// Opening is heads wanted by one enterprise.
type Opening struct {
	Heads        int64 // >= 0
	Start        int32 // month, or NoStart
	Place        int32 // or Anywhere
	Holder       int32 // its enterprise, which may use what is reserved for it, or Free
	MinEducation uint8 // ISCED level, 0 for none
}

// What stands for nothing in particular.
const (
	NoStart  = -1 // any cohort is in time
	Anywhere = -1 // a place that is not known is in nobody's way
	Free     = -1 // reserved for nobody
)

// A start is in time from 24 months before leaving (they are hired ahead) to 36 after, both
// included: the gate of matcher.CohortTiming.
const (
	monthsBefore = 24
	monthsAfter  = 36
)

// A Limit keeps supply from an opening.
type Limit uint8

const (
	Education    Limit = iota // the supply's level is below the least asked for
	Timing                    // it leaves too early or too late for the start
	Skills                    // its program is not able
	Place                     // it is elsewhere, does not move, and is not reserved for the opening
	Reservations              // it is reserved for someone else
	Limits                    // how many there are
)

var limitNames = [Limits]string{"education", "timing", "skills", "place", "reservations"}

func (k Limit) String() string {
	if k >= Limits {
		return "?"
	}
	return limitNames[k]
}

// A Set is limits, limit k as bit k.
type Set uint8

// AllLimits is every one; Sets are how many sets there are.
const (
	AllLimits Set = 1<<Limits - 1
	Sets          = 1 << Limits
)

// Has says whether a limit is one of the set.
func (s Set) Has(k Limit) bool { return s>>k&1 == 1 }

// With is the set and one more limit.
func (s Set) With(k Limit) Set { return s | 1<<k }

// Without is the set less one limit.
func (s Set) Without(k Limit) Set { return s &^ (1 << k) }

// only is the set's one limit, if it has just one.
func (s Set) only() (k Limit, one bool) {
	return Limit(bits.TrailingZeros8(uint8(s))), s.Len() == 1
}

// Len is how many limits it has.
func (s Set) Len() int { return bits.OnesCount8(uint8(s)) }

// String lists them, as "timing+place"; "none" for the empty set.
func (s Set) String() string {
	var names []string
	for k := range Limits {
		if s.Has(k) {
			names = append(names, k.String())
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, "+")
}

// Validate reports the first thing that is wrong, as a talent.InvalidError.
func (m *Market) Validate() error {
	if err := m.validateSupplies(); err != nil {
		return err
	}
	if err := m.validateOpenings(); err != nil {
		return err
	}
	if len(m.Off) != len(m.Openings)+1 {
		return invalid("off", "%d openings need %d offsets, not %d", len(m.Openings), len(m.Openings)+1, len(m.Off))
	}
	if err := offsets("off", m.Off, len(m.Able)); err != nil {
		return err
	}
	for d := range m.Openings {
		last := int32(none)
		for _, p := range m.able(d) {
			if p <= last || int(p) >= m.Programs {
				return invalid("able", "opening %d has program %d after %d, of %d", d, p, last, m.Programs)
			}
			last = p
		}
	}
	return nil
}

func (m *Market) validateSupplies() error {
	if m.Programs < 0 || m.Programs > most32 {
		return invalid("programs", "there are %d", m.Programs)
	}
	for i := range m.Supplies {
		s := &m.Supplies[i]
		if s.Program < 0 || int(s.Program) >= m.Programs {
			return invalid("supplies", "supply %d is of program %d, of %d", i, s.Program, m.Programs)
		}
		if s.Leaves < 0 || !number(s.Place) || !number(s.Holder) {
			return invalid("supplies", "supply %d leaves in month %d, from place %d, for holder %d", i, s.Leaves, s.Place, s.Holder)
		}
	}
	return amounts("supplies", m.units())
}

func (m *Market) validateOpenings() error {
	for d := range m.Openings {
		if o := &m.Openings[d]; o.Start < NoStart || !number(o.Place) || !number(o.Holder) {
			return invalid("openings", "opening %d starts in month %d, at place %d, for holder %d", d, o.Start, o.Place, o.Holder)
		}
	}
	return amounts("openings", m.heads())
}

// number says that a place or holder is one, or stands for none.
func number(n int32) bool { return n >= none && n <= most32 }

func (m *Market) units() []int64 {
	units := make([]int64, len(m.Supplies))
	for i := range units {
		units[i] = m.Supplies[i].Units
	}
	return units
}

func (m *Market) heads() []int64 {
	heads := make([]int64, len(m.Openings))
	for d := range heads {
		heads[d] = m.Openings[d].Heads
	}
	return heads
}

// able are the programs that are able for an opening.
func (m *Market) able(d int) []int32 { return m.Able[m.Off[d]:m.Off[d+1]] }

// Broken is the limits that keep a supply from an opening; none when the opening can use it.
// The market must be valid.
func (m *Market) Broken(d, s int32) Set {
	broken := m.Apart(d, s)
	if _, able := slices.BinarySearch(m.able(int(d)), m.Supplies[s].Program); !able {
		broken = broken.With(Skills)
	}
	return broken
}

// Apart is Broken but for skills, which need not be known yet.
func (m *Market) Apart(d, s int32) Set {
	o, w := &m.Openings[d], &m.Supplies[s]
	var broken Set
	if w.Education < o.MinEducation {
		broken = broken.With(Education)
	}
	if o.Start != NoStart {
		if after := int64(o.Start) - int64(w.Leaves); after < -monthsBefore || after > monthsAfter {
			broken = broken.With(Timing)
		}
	}
	own := w.Holder != Free && w.Holder == o.Holder
	if !w.Moves && !own && w.Place != Anywhere && o.Place != Anywhere && w.Place != o.Place {
		broken = broken.With(Place)
	}
	if w.Holder != Free && !own {
		broken = broken.With(Reservations)
	}
	return broken
}

// Graph is the market as it is, a node for each supply, so that Groups of supplies are of
// m.Supplies. Lists that are the same are one. Errors: what Validate says, and the context's end.
func (m *Market) Graph(ctx context.Context) (*Graph, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	c := m.newClasses(0)
	g := &Graph{Units: m.units(), Heads: m.heads(), Off: []int64{0}}
	lists, err := c.bySkills(ctx, c.each())
	if err != nil {
		return nil, err
	}
	total := 0
	for _, list := range lists.near {
		total += len(list)
	}
	g.List, g.Near = lists.of, make([]int32, 0, total)
	for i, list := range lists.near {
		g.Near = append(g.Near, list...)
		g.Off = append(g.Off, int64(len(g.Near)))
		lists.near[i] = nil
	}
	return g, nil
}

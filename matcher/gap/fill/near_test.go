package fill

import (
	"errors"
	"slices"
	"testing"

	"talentmatch/talent"
)

// TestNearest: one opening with 12 heads, 5 of them empty. Supplies break, in order: nothing;
// education and place; timing; skills; timing; all. Only timing is broken by 2 + 12 units: 5 heads;
// only skills by 3: 3 heads.
func TestNearest(t *testing.T) {
	m := fits()
	base := m.Supplies[0]
	m.Supplies = nil
	for _, broken := range []struct {
		set   Set
		units int64
	}{{0, 12}, {Set(0).With(Education).With(Place), 12}, {Set(0).With(Timing), 2}, {Set(0).With(Skills), 3}, {Set(0).With(Timing), 12}, {AllLimits, 12}} {
		one := fits()
		for k := range Limits {
			if broken.set.Has(k) {
				spoil[k](one)
			}
		}
		s := one.Supplies[0]
		s.Units = broken.units
		m.Supplies = append(m.Supplies, s)
		if got := (&Market{Programs: 2, Supplies: []Supply{s}, Openings: m.Openings, Off: m.Off, Able: m.Able}).Broken(0, 0); got != broken.set {
			t.Errorf("broken %s, not %s", got, broken.set)
		}
	}
	if m.Supplies[0] != base {
		t.Fatal("the first supply should fit")
	}
	cure, err := m.Nearest(0, []int32{5, 4, 3, 2, 1, 0, 4}, 5, 4)
	want := []Near{{2, 1 << Timing, 2}, {3, 1 << Skills, 3}, {4, 1 << Timing, 5}, {1, 1<<Education | 1<<Place, 0}}
	if err != nil || !slices.Equal(cure.Nearest, want) || cure.One != [Limits]int64{Timing: 5, Skills: 3} {
		t.Errorf("%+v, not %+v: %v", cure, want, err)
	}
	if s := want[3].Broken.String(); s != "education+place" || Set(0).String() != "none" || Limits.String() != "?" {
		t.Error(s)
	}
	for name, ask := range map[string]func() (*Cure, error){
		"opening":   func() (*Cure, error) { return m.Nearest(1, nil, 0, 1) },
		"candidate": func() (*Cure, error) { return m.Nearest(0, []int32{6}, 0, 1) },
		"empty":     func() (*Cure, error) { return m.Nearest(0, nil, 13, 1) },
		"k":         func() (*Cure, error) { return m.Nearest(0, nil, 0, -1) },
	} {
		if _, err := ask(); !errors.Is(err, talent.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

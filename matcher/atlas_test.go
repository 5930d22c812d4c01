package matcher

import (
	"math"
	"testing"

	"talentmatch/talent"
)

// TestPlace: the steps of DESIGN 4, and distance where the hierarchy cannot tell.
func TestPlace(t *testing.T) {
	at := func(lat, lon float64) (*float64, *float64) { return &lat, &lon }
	park := &talent.Region{ID: "park", Name: "狮山园区", Parent: "440605"}
	lost := &talent.Region{ID: "lost", Name: "某园区"}
	here := &talent.Region{ID: "here", Name: "有坐标的园区"}
	here.Lat, here.Lon = at(23.03, 113.14) // Nanhai
	loop1 := &talent.Region{ID: "loop1", Name: "甲", Parent: "loop2"}
	loop2 := &talent.Region{ID: "loop2", Name: "乙", Parent: "loop1"}
	us := &talent.Region{ID: "US", Name: "United States"}
	state := &talent.Region{ID: "US-CA", Name: "California", Parent: "US"}
	g := talent.NewGazetteer([]*talent.Region{{ID: "g", Name: "集团"}, {ID: "g.a", Name: "甲", Parent: "g"}, {ID: "g.b", Name: "乙", Parent: "g"}, {ID: "g.a1", Name: "甲一", Parent: "g.a"}, {ID: "g.a2", Name: "甲二", Parent: "g.a"}, park, lost, here, loop1, loop2, us, state})
	tests := []struct {
		a, b string
		want float64
	}{
		{"440605", "440605", 1},
		{"440605", "440600", 1}, // inside
		{"CN", "440605", 1},
		{"park", "440000", 1},
		{"440605", "440604", 0.9},
		{"park", "440604", 0.9},
		{"440605", "440305", 0.7},
		{"440605", "522600", 0.4},
		{"110101", "110105", 0.9}, // two districts of one municipality
		{"429004", "420100", 0.7}, // a county-level city right below its province
		{"440605", "US", 0.1},
		{"US-CA", "US", 1},
		{"440605", "lost", 0.5},
		{"lost", "nowhere", 0.5},
		{"g.a", "g.b", 0.4}, // two provinces below an imported root
		{"g.a1", "g.a2", 0.7},
		{"loop1", "440605", 0.5},
		{"here", "440605", 0.9}, // a few km
		{"here", "lost", 0.5},
	}
	for _, tt := range tests {
		atlas := NewAtlas(g, []string{tt.a, tt.b})
		if got := atlas.Place(0, 1); got != tt.want {
			t.Errorf("%s and %s: %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if got := atlas.Place(1, 0); tt.a != tt.b && got != tt.want {
			t.Errorf("%s and %s: %v, want %v", tt.b, tt.a, got, tt.want)
		}
	}
	// Nanhai to Beijing, about 1,890 km: between 0.4 at 1500 and 0.1 at 4000.
	if got := NewAtlas(g, []string{"here", "110000"}).Place(0, 1); math.Abs(got-0.353) > 0.01 {
		t.Errorf("by distance: %v, want about 0.353", got)
	}
}

// TestTiming: graduates leave in July of their year.
func TestTiming(t *testing.T) {
	month := func(s string) int {
		m, ok := talent.ParseMonth(s)
		if !ok {
			t.Fatal(s)
		}
		return m
	}
	cohorts := func(years ...int) timingProfile { return timingProfile{listed: true, years: years} }
	tests := []struct {
		name    string
		p       timingProfile
		start   int
		value   float64
		data    bool
		stopped bool
	}{
		{"the same month", cohorts(2026), month("2026-07"), 1, true, false},
		{"a year on", cohorts(2026), month("2027-07"), 1, true, false},
		{"two years on", cohorts(2026), month("2028-07"), 0.5, true, false},
		{"three years on", cohorts(2026), month("2029-07"), 0, true, false},
		{"later", cohorts(2026), month("2029-08"), 0, true, true},
		{"a year early", cohorts(2026), month("2025-07"), 0.5, true, false},
		{"two years early", cohorts(2026), month("2024-07"), 0, true, false},
		{"earlier", cohorts(2026), month("2024-06"), 0, true, true},
		{"the best cohort counts", cohorts(2023, 2026, 2028), month("2026-09"), 1, true, false},
		{"no graduates at all", cohorts(), month("2026-09"), 0, true, true},
		{"no start", cohorts(2026), NoStart, 0.5, false, false},
		{"no start and no graduates", cohorts(), NoStart, 0.5, false, false},
		{"no cohorts", timingProfile{}, month("2026-09"), 0.5, false, false},
	}
	for _, tt := range tests {
		if v, data, stopped := tt.p.at(tt.start); v != tt.value || data != tt.data || stopped != tt.stopped {
			t.Errorf("%s: %v %v %v, want %v %v %v", tt.name, v, data, stopped, tt.value, tt.data, tt.stopped)
		}
	}
}

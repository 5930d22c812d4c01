package market

import (
	"context"
	"testing"
)

// TestRollUp: municipalities are one unit; a tree without a country has its provinces on top.
func TestRollUp(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "regions.ndjson", `{"type":"region","id":"r.top","name":"甲省"}
{"type":"region","id":"r.city","name":"乙市","parent":"r.top"}
{"type":"region","id":"r.town","name":"丙镇","parent":"r.city"}
{"type":"region","id":"DE","name":"德国"}
{"type":"region","id":"r.land","name":"丁州","parent":"DE"}
`))
	s, err := m.state(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ region, province, prefecture string }{
		{"110101", "110000", "110000"}, {"110100", "110000", "110000"}, {"310115", "310000", "310000"}, {"440605", "440000", "440600"}, {"440000", "440000", "440000"}, {"CN", "CN", "CN"},
		{"r.top", "r.top", "r.top"}, {"r.city", "r.top", "r.city"}, {"r.town", "r.top", "r.city"}, {"DE", "DE", "DE"}, {"r.land", "r.land", "r.land"},
	} {
		if a, b, c := s.world.rollUp(tt.region, "province"), s.world.rollUp(tt.region, "prefecture"), s.world.rollUp(tt.region, "region"); a != tt.province || b != tt.prefecture || c != tt.region {
			t.Errorf("%s: %s, %s, %s", tt.region, a, b, c)
		}
	}
}

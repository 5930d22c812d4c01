package talent

import (
	"embed"
	"encoding/csv"
	"fmt"
	"math"
	"strconv"
	"sync"
)

//go:embed data/regions.csv data/industries.csv
var codeTables embed.FS

// readTable reads an embedded code table without its header; the tables are part
// of the program, so a bad one is a programmer's mistake.
func readTable(name string) [][]string {
	f, err := codeTables.Open(name)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("%s: %v", name, err))
	}
	return rows[1:]
}

// Country is the id of the root of the built-in regions.
const Country = "CN"

// IsCountry reports whether the id of a region without a parent names a country: two capital
// letters, as in ISO 3166-1.
func IsCountry(id string) bool {
	return len(id) == 2 && id[0] >= 'A' && id[0] <= 'Z' && id[1] >= 'A' && id[1] <= 'Z'
}

// BuiltinRegions is China (CN), its provinces, prefectures and districts by GB/T
// 2260 code, parents before children. The slice is shared: do not change it.
var BuiltinRegions = sync.OnceValue(func() []Region {
	rows := readTable("data/regions.csv")
	out := make([]Region, len(rows))
	for i, r := range rows {
		out[i] = Region{Type: TypeRegion, ID: r[0], Name: r[1], NameEN: r[2], Parent: r[3]}
		if r[4] != "" && r[5] != "" {
			lat, err1 := strconv.ParseFloat(r[4], 64)
			lon, err2 := strconv.ParseFloat(r[5], 64)
			if err1 != nil || err2 != nil {
				panic("regions.csv: bad coordinates of " + r[0])
			}
			out[i].Lat, out[i].Lon = &lat, &lon
		}
	}
	return out
})

// IsBuiltinRegion reports whether id is a built-in region.
func IsBuiltinRegion(id string) bool {
	_, ok := builtinRegionIndex()[id]
	return ok
}

// BuiltinRegion is the built-in region of that id; nil if there is none.
func BuiltinRegion(id string) *Region {
	if i, ok := builtinRegionIndex()[id]; ok {
		r := BuiltinRegions()[i]
		return &r
	}
	return nil
}

var builtinRegionIndex = sync.OnceValue(func() map[string]int {
	rs := BuiltinRegions()
	m := make(map[string]int, len(rs))
	for i := range rs {
		m[rs[i].ID] = i
	}
	return m
})

// maxRegionDepth bounds every walk up the hierarchy, so that a cycle in imported
// parents ends.
const maxRegionDepth = 16

// A Gazetteer answers questions about the region hierarchy: the built-in regions
// with imported ones over them. It is immutable after NewGazetteer.
type Gazetteer struct {
	imported map[string]*Region
}

// NewGazetteer makes a gazetteer of the built-in regions and imported ones; an
// imported region with a built-in id replaces it.
func NewGazetteer(imported []*Region) *Gazetteer {
	g := &Gazetteer{imported: make(map[string]*Region, len(imported))}
	for _, r := range imported {
		g.imported[r.ID] = r
	}
	return g
}

// Get is the region of that id; nil if there is none.
func (g *Gazetteer) Get(id string) *Region {
	if r, ok := g.imported[id]; ok {
		return r
	}
	if i, ok := builtinRegionIndex()[id]; ok {
		return &BuiltinRegions()[i]
	}
	return nil
}

// Path is the region's id and those of its ancestors, from the region up to its
// root; nil for an unknown region.
func (g *Gazetteer) Path(id string) []string {
	var out []string
	for r := g.Get(id); r != nil && len(out) < maxRegionDepth; r = g.Get(r.Parent) {
		out = append(out, r.ID)
		if r.Parent == "" {
			break
		}
	}
	return out
}

// Within reports whether region id is ancestor itself or lies inside it.
func (g *Gazetteer) Within(id, ancestor string) bool {
	for _, a := range g.Path(id) {
		if a == ancestor {
			return true
		}
	}
	return false
}

// Located is the coordinates of the region or of its nearest ancestor below the
// country that has some; ok is false if none has.
func (g *Gazetteer) Located(id string) (lat, lon float64, ok bool) {
	path := g.Path(id)
	for i, a := range path {
		if i > 0 && i == len(path)-1 {
			break // a country's centre says nothing about a town
		}
		if r := g.Get(a); r.Lat != nil && r.Lon != nil {
			return *r.Lat, *r.Lon, true
		}
	}
	return 0, 0, false
}

// Distance is the great-circle distance between two points in km (haversine,
// mean Earth radius 6371 km).
func Distance(lat1, lon1, lat2, lon2 float64) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (lat2-lat1)*rad, (lon2-lon1)*rad
	h := math.Sin(dLat/2)*math.Sin(dLat/2) + math.Cos(lat1*rad)*math.Cos(lat2*rad)*math.Sin(dLon/2)*math.Sin(dLon/2)
	return 2 * 6371 * math.Asin(math.Min(1, math.Sqrt(h)))
}

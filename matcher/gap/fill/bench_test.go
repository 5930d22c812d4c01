package fill

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Sizes of benchmarks, supplies (programs) by openings. The biggest market of the brief:
//
//	FILL_SIZES=60000x1000000 go test -run=- -bench=. -benchtime=1x -timeout=1h ./matcher/gap/fill
//
// Two cores that others used as well (one run each): a Fill takes 0.5 to 2 s where fields
// or all are near, 12 to 22 s on the ring when units are short, and 0.2 GB; 400 occupations 5 s,
// 5,000 skills of 10 an opening 30 s, 0.9 GB with the graph; all Causes of 180,000 supplies 240 to
// 290 s, 1.2 GB. Intervals are slowest when all but few heads are filled and all but few units
// used: who replaces whom is then a long way.
func benchSizes() (sizes [][2]int) {
	text := os.Getenv("FILL_SIZES")
	if text == "" {
		text = "2000x30000"
	}
	for _, s := range strings.Split(text, ",") {
		a, b, _ := strings.Cut(s, "x")
		supplies, err := strconv.Atoi(a)
		openings, err2 := strconv.Atoi(b)
		if err != nil || err2 != nil {
			panic("FILL_SIZES: " + s)
		}
		sizes = append(sizes, [2]int{supplies, openings})
	}
	return sizes
}

// benchGraph has 20 supplies to an opening and supply times as many units as heads. Who is near:
//
//   - fields: 15 supplies of the opening's field, 4 of the fields beside it, 1 anywhere; fields
//     have from half to one and a half times the units they need
//   - ring: 20 of 40 in a row, so that shortages are far from what is free
//   - any: all
func benchGraph(supplies, openings int, near string, supply float64) *Graph {
	r := rand.New(rand.NewPCG(7, 7))
	g := &Graph{Heads: make([]int64, openings), Units: make([]int64, supplies), Off: []int64{0}}
	total, field := int64(0), supplies/fields
	for d := range g.Heads {
		g.Heads[d] = 1 + r.Int64N(5)
		total += g.Heads[d]
		from := r.IntN(supplies)
		for i := range 20 {
			s := 0
			switch {
			case near == "ring":
				s = from + r.IntN(40)
			case near == "any" || i == 19:
				s = r.IntN(supplies)
			case i >= 15:
				s = from/field*field - field + r.IntN(3*field) + supplies
			default:
				s = from/field*field + r.IntN(field)
			}
			g.Near = append(g.Near, int32(s%supplies))
		}
		g.Off = append(g.Off, int64(len(g.Near)))
	}
	each := supply * float64(total) / float64(supplies)
	for s := range g.Units {
		much := 1.
		if near == "fields" {
			much = .5 + float64(s/field*7919%fields)/fields
		}
		g.Units[s] = r.Int64N(int64(2*each*much) + 2)
	}
	return g
}

// fields is how many fields there are, as many as groups of occupations.
const fields = 400

func BenchmarkFill(b *testing.B) {
	for _, size := range benchSizes() {
		for _, near := range []string{"fields", "ring", "any"} {
			for _, supply := range []float64{.7, 1, 1.3} {
				b.Run(fmt.Sprintf("%dx%dx20/near=%s/supply=%.1f", size[0], size[1], near, supply), func(b *testing.B) {
					g := benchGraph(size[0], size[1], near, supply)
					b.ReportAllocs()
					for b.Loop() {
						p, err := g.Fill(context.Background(), Options{})
						if err != nil || p.Total == 0 {
							b.Fatal(err)
						}
						b.ReportMetric(float64(p.Total)/float64(sum(g.Heads)), "filled")
						b.ReportMetric(float64(p.flow.work)/float64(len(g.Near)), "work/pair")
						b.ReportMetric(float64(len(p.flow.shares)), "shares")
					}
				})
			}
		}
	}
}

// benchNear is who is near where intervals are asked for: fields, or FILL_NEAR.
func benchNear() string { return cmp.Or(os.Getenv("FILL_NEAR"), "fields") }

// BenchmarkIntervals asks for 400 occupations (each opening in one), 5,000 skills (10 to an
// opening) and 400 fields of supplies.
func BenchmarkIntervals(b *testing.B) {
	for _, size := range benchSizes() {
		g := benchGraph(size[0], size[1], benchNear(), .9)
		p, err := g.Fill(context.Background(), Options{})
		if err != nil {
			b.Fatal(err)
		}
		r := rand.New(rand.NewPCG(8, 8))
		near := func(d int) int { return int(g.Near[g.Off[d]]) } // in the opening's field
		occupations := grouped(len(g.Heads), 400, 1, func(d, _ int) int { return near(d) * 400 / size[0] })
		skills := grouped(len(g.Heads), 5000, 10, func(d, _ int) int { return (near(d)*5000/size[0] + r.IntN(300)) % 5000 })
		fields := grouped(len(g.Units), 400, 1, func(s, _ int) int { return s * 400 / size[0] })
		for _, tc := range []struct {
			name   string
			ask    func(context.Context, Groups, Options) ([]Interval, error)
			groups Groups
		}{{"turn", p.Openings, Groups{Off: []int64{0}}}, {"occupations", p.Openings, occupations}, {"skills", p.Openings, skills}, {"fields", p.Supplies, fields}} {
			b.Run(fmt.Sprintf("%dx%dx20/%s", size[0], size[1], tc.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					v, err := tc.ask(context.Background(), tc.groups, Options{})
					if err != nil {
						b.Fatal(err)
					}
					certain, possible := int64(0), int64(0)
					for i := range v {
						certain, possible = certain+v[i].Certain(), possible+v[i].Possible()
					}
					b.ReportMetric(float64(certain), "certain")
					b.ReportMetric(float64(possible), "possible")
				}
			})
		}
	}
}

// grouped puts each of things in up to times groups.
func grouped(things, groups, times int, of func(thing, i int) int) Groups {
	member := make([][]int32, groups)
	for m := range things {
		for i := range times {
			g := of(m, i)
			if n := len(member[g]); n == 0 || member[g][n-1] != int32(m) {
				member[g] = append(member[g], int32(m))
			}
		}
	}
	g := Groups{Off: []int64{0}}
	for i := range member {
		g.Member = append(g.Member, member[i]...)
		g.Off = append(g.Off, int64(len(g.Member)))
	}
	return g
}

// benchMarket has 3 cohorts a program, able lists of 20 of 40 programs that are alike, 300
// places, 5 levels, starts in two years, and a tenth of supply reserved for 2,000 enterprises.
func benchMarket(programs, openings int) *Market {
	r := rand.New(rand.NewPCG(9, 9))
	m := &Market{Programs: programs, Off: []int64{0}}
	total := int64(0)
	for range openings {
		o := Opening{Heads: 1 + r.Int64N(5), MinEducation: uint8(3 + r.IntN(4)), Start: 600 + r.Int32N(24), Place: r.Int32N(300), Holder: r.Int32N(20_000)}
		if r.IntN(10) == 0 {
			o.Place = Anywhere
		}
		if r.IntN(10) == 0 {
			o.Start = NoStart
		}
		total += o.Heads
		m.Openings = append(m.Openings, o)
		from, list := r.IntN(programs), []int32{}
		for len(list) < 20 {
			list = append(list, int32((from+r.IntN(40))%programs))
		}
		slices.Sort(list)
		m.Able = append(m.Able, slices.Compact(list)...)
		m.Off = append(m.Off, int64(len(m.Able)))
	}
	for p := range programs {
		level, place := uint8(3+r.IntN(5)), r.Int32N(300)
		for year := range int32(3) {
			s := Supply{Units: r.Int64N(2*total/int64(3*programs) + 1), Education: level, Leaves: 570 + 12*year, Place: place, Moves: r.IntN(3) == 0, Program: int32(p), Holder: Free}
			if r.IntN(10) == 0 {
				s.Holder = r.Int32N(2000)
			}
			m.Supplies = append(m.Supplies, s)
		}
	}
	return m
}

func BenchmarkCauses(b *testing.B) {
	for _, size := range benchSizes() {
		b.Run(fmt.Sprintf("%dx3x%dx20", size[0], size[1]), func(b *testing.B) {
			m := benchMarket(size[0], size[1])
			b.ReportAllocs()
			for b.Loop() {
				c, err := m.Causes(context.Background(), Options{})
				if err != nil {
					b.Fatal(err)
				}
				for k := range Limits {
					b.ReportMetric(Heads(c.Share[k]), k.String())
				}
				b.ReportMetric(float64(c.Numbers), "numbers")
				b.ReportMetric(float64(c.Unfilled[0]), "unfilled")
				var mem runtime.MemStats
				runtime.ReadMemStats(&mem)
				b.ReportMetric(float64(mem.Sys)/1e6, "MB-sys")
			}
		})
	}
}

// BenchmarkSets is each set of limits by itself.
func BenchmarkSets(b *testing.B) {
	for _, size := range benchSizes() {
		m := benchMarket(size[0], size[1])
		heads := m.heads()
		for s := range Set(Sets) {
			b.Run(fmt.Sprintf("%dx3x%dx20/%s", size[0], size[1], s), func(b *testing.B) {
				for b.Loop() {
					if _, err := m.fill(context.Background(), s, nil, heads); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

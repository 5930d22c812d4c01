package matcher

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// withoutVectors runs a test with the plain code, too.
func withoutVectors(t *testing.T, test func(t *testing.T)) {
	test(t)
	if !vectors {
		t.Log("this processor has no vector instructions for tiles: only the plain code is tested")
		return
	}
	vectors = false
	defer func() { vectors = true }()
	t.Run("plain", test)
}

// randomBlock is a window's codes, as dense as a form of tile allows.
func randomBlock(r *rand.Rand, rows int) (b [window]uint8) {
	for _, i := range r.Perm(window)[:rows] {
		b[i] = uint8(8 + r.IntN(248))
	}
	return b
}

// TestTilesAddUp: whatever form tiles take, their sums are those of adding row by row,
// with and without vector instructions.
func TestTilesAddUp(t *testing.T) {
	withoutVectors(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(5, 6))
		for range 2000 {
			x := &tiles{}
			var blocks [][window]uint8
			for range 1 + r.IntN(20) {
				n := 1 + r.IntN(window)
				blocks = append(blocks, randomBlock(r, n))
				x.at, x.rows = append(x.at, uint32(len(x.data)/2)), append(x.rows, uint8(n-1))
				x.data = appendTile(x.data, &blocks[len(blocks)-1], n)
				if got := len(x.data) - 2*int(x.at[len(x.at)-1]); got != bytesOf(n) {
					t.Fatalf("%d bytes of %d rows, want %d", got, n, bytesOf(n))
				}
			}
			x.data = append(x.data, make([]byte, tileSlack)...)
			var got, want, gotScaled, wantScaled tally
			for i := range got {
				got[i] = uint16(r.IntN(1000))
				gotScaled[i] = uint16(r.IntN(1 << 16)) // some sums end at the largest number
			}
			want, wantScaled = got, gotScaled
			var ops []tileOp
			var scaledOps []scaledOp
			for e := range blocks {
				var worth needLookup
				for c := range worth.words {
					v := uint16(r.IntN(2000))
					worth.words[c], worth.lo[c], worth.hi[c] = v, uint8(v), uint8(v>>8)
				}
				var credit [8]uint16
				for l := range credit {
					credit[l] = uint16(r.IntN(one + 1))
				}
				for row, c := range blocks[e] {
					if c != 0 {
						want[row] += worth.words[c]
						product := uint32(credit[c&7]) * uint32(needWorth[c>>3])
						wantScaled[row] = uint16(min(uint32(wantScaled[row])+product>>16*2+2, 1<<16-1))
						if bound := product>>16*2 + 2; bound*one < product {
							t.Fatalf("%d bounds %d/%d", bound, product, one)
						}
					}
				}
				words := worth.lookup()
				ops = got.addTile(x, uint32(e), &words, ops)
				scaledOps = gotScaled.addScaledTile(x, uint32(e), &credit, scaledOps)
			}
			addTiles(&got, ops)
			addScaledTiles(&gotScaled, scaledOps)
			if got != want {
				t.Fatalf("sums %v, want %v", got, want)
			}
			if gotScaled != wantScaled {
				t.Fatalf("scaled sums %v, want %v", gotScaled, wantScaled)
			}
			least := int(got[r.IntN(window)]) + r.IntN(2)
			var buffer [window]uint8
			rows := got.reaching(least, &buffer)
			for i, v := range got {
				if reaches := len(rows) > 0 && int(rows[0]) == i; reaches != (int(v) >= least) {
					t.Fatalf("row %d of %d reaches %d: %v", i, v, least, reaches)
				} else if reaches {
					rows = rows[1:]
				}
			}
		}
	})
}

// TestCreditsSideBySide: credits that are worked out for all needs at once are those of
// each need by itself.
func TestCreditsSideBySide(t *testing.T) {
	if !vectors {
		t.Skip("this processor has no vector instructions for credits: there is only the plain code")
	}
	r := rand.New(rand.NewPCG(7, 8))
	space, _ := randomSpace(r, 30)
	for range 2000 {
		d := Demand{ID: "d", Open: true, Start: NoStart}
		for range 1 + r.IntN(simLanes) {
			d.Needs = append(d.Needs, Need{Skill: int32(r.IntN(34)), Level: uint8(1 + r.IntN(5)), Weight: r.Float64()})
		}
		p := Program{ID: "p", Held: []Held{}}
		for _, s := range r.Perm(36)[:r.IntN(36)] {
			p.Held = append(p.Held, Held{Skill: int32(s), Course: -1, Level: uint8(1 + r.IntN(5)), Confidence: 100})
		}
		seg := newProgramSegment([]Program{p}, nil, byPlace)
		var got, want []uint32
		for _, on := range []bool{true, false} {
			vectors = on
			e := newDemandScorer(Empty(space, nil), &d, Weights{Skills: 1}, new(scratch), false)
			if e.sided != on {
				t.Fatalf("side by side: %v", e.sided)
			}
			e.creditsOf(seg, 0)
			got, want = want, append([]uint32(nil), e.sc.credits...)
			e.release()
		}
		vectors = true
		if !slices.Equal(got, want) {
			t.Fatalf("credits %v, want %v", got, want)
		}
	}
}

func BenchmarkAddTiles(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, form := range []struct {
		name string
		rows int
	}{{"16Pairs", 16}, {"100Bitmap", 100}, {"240Dense", 240}} {
		x := &tiles{}
		for range 12 {
			block := randomBlock(r, form.rows)
			x.at, x.rows = append(x.at, uint32(len(x.data)/2)), append(x.rows, uint8(form.rows-1))
			x.data = appendTile(x.data, &block, form.rows)
		}
		x.data = append(x.data, make([]byte, tileSlack)...)
		var worth needLookup
		words := worth.lookup()
		b.Run(form.name, func(b *testing.B) {
			var a tally
			var ops []tileOp
			for b.Loop() {
				ops = ops[:0]
				for e := range uint32(12) {
					ops = a.addTile(x, e, &words, ops)
				}
				addTiles(&a, ops)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/12, "ns/tile")
		})
	}
}

package matcher

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestCodesBound: a code's worth is never below the credit that it stands for, alone or
// joined, at any level; and an unjoined code tells on which side of the gate it falls.
func TestCodesBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		code, best := uint8(0), [6]float64{}
		for range 1 + r.IntN(4) {
			sim, m, confidence := uint16(1+r.IntN(1000)), uint8(1+r.IntN(5)), uint8(100)
			if r.IntN(3) == 0 {
				confidence = uint8(1 + r.IntN(100))
			}
			c := heldCode(sim, m, confidence)
			if code == 0 {
				code = c
			} else {
				code = joinHeld()[code][c]
			}
			for l := uint8(1); l <= 5; l++ {
				best[l] = max(best[l], creditValue(creditOf(sim, m, l, confidence)))
			}
		}
		for l := uint8(1); l <= 5; l++ {
			if w := codeWorth(code, l); w < best[l]-1e-12 {
				t.Fatalf("code %d is worth %v at level %d, credit %v", code, w, l, best[l])
			}
			switch v := verdicts(l)[code]; {
			case v == metSurely && best[l] < .5, v == unmet && best[l] >= .5:
				t.Fatalf("code %d at level %d: verdict %d, credit %v", code, l, v, best[l])
			}
		}
	})
	// Alone, a code is not worth much more than its credit.
	for sim := uint16(1); sim <= 1000; sim++ {
		if w := codeWorth(heldCode(sim, 3, 100), 3); w > float64(sim)/1000+.06 {
			t.Fatalf("sim %d is worth %v", sim, w)
		}
	}
}

// TestNeedCodesBound: the weight of a code is never below the share, nor its sum with
// another's below the sum.
func TestNeedCodesBound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, .5).Draw(t, "b")
		l, m := uint8(rapid.IntRange(1, 5).Draw(t, "l")), uint8(rapid.IntRange(1, 5).Draw(t, "m"))
		ca, cb := needCode(a, l), needCode(b, m)
		if w := weightSteps[ca>>3]; w < a || a > .01 && w > 1.21*a {
			t.Fatalf("share %v has the weight %v", a, w)
		}
		sum := joinNeed()[ca][cb]
		if w := weightSteps[sum>>3]; w < min(1, a+b) || sum&7 != min(l, m) {
			t.Fatalf("shares %v and %v join to %v at level %d", a, b, w, sum&7)
		}
		either := boundNeed()[ca][cb]
		if w := weightSteps[either>>3]; w < max(a, b) || either&7 != min(l, m) {
			t.Fatalf("either of %v and %v: %v at level %d", a, b, w, either&7)
		}
	})
}

// TestTilesHoldEveryCode: what was put comes back, window by window, whatever form a
// tile takes, and tops bound it.
func TestTilesHoldEveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		rows, keys := 1+r.IntN(6000), 1+r.IntN(40)
		codes := make([]map[int32]uint8, rows)
		for i := range codes {
			codes[i] = map[int32]uint8{}
			for range r.IntN(20) {
				k := int32(r.IntN(keys) * r.IntN(keys)) // some keys are in most rows
				codes[i][k] = heldCode(uint16(1+r.IntN(1000)), uint8(1+r.IntN(5)), 100)
			}
		}
		x := buildTiles(rows, joinHeld(), joinHeld(), func(b *tileWindow, row int) {
			for k := range int32(keys * keys) {
				if c, ok := codes[row][k]; ok {
					b.put(k, uint8(row), c)
				}
			}
		})
		found := 0
		for k := range int32(keys * keys) {
			last, size := -1, 0
			for w, entry := range x.of(k).each {
				if int(w) <= last {
					t.Fatalf("key %d: window %d after %d", k, w, last)
				}
				last, size = int(w), size+1
				if at, ok := x.of(k).find(w); !ok || at != entry {
					t.Fatalf("key %d: window %d is not found", k, w)
				}
				before := found
				x.eachCode(entry, func(row, code uint8) {
					found++
					if want := codes[int(w)*window+int(row)][k]; code != want {
						t.Fatalf("key %d, window %d, row %d: code %d, want %d", k, w, row, code, want)
					}
					for l := uint8(1); l <= 5; l++ {
						if top := x.top[entry]; codeWorth(top, l) < codeWorth(code, l) {
							t.Fatalf("key %d, window %d: top %d does not bound %d", k, w, top, code)
						}
					}
				})
				for row := range window {
					i := int(w)*window + row
					if i < rows && x.code(entry, uint8(row)) != codes[i][k] || i >= rows && x.code(entry, uint8(row)) != 0 {
						t.Fatalf("key %d, window %d, row %d: code %d", k, w, row, x.code(entry, uint8(row)))
					}
				}
				if found-before != int(x.rows[entry])+1 {
					t.Fatalf("key %d, window %d: %d codes of %d", k, w, found-before, int(x.rows[entry])+1)
				}
			}
			if x.of(k).size() != size {
				t.Fatalf("key %d: %d tiles of %d", k, size, x.of(k).size())
			}
			for w := range uint32(windows(rows)) {
				_, ok := x.of(k).find(w)
				held := false
				for row := int(w) * window; row < min(rows, int(w+1)*window); row++ {
					_, has := codes[row][k]
					held = held || has
				}
				if ok != held {
					t.Fatalf("key %d, window %d: found %v, want %v", k, w, ok, held)
				}
			}
		}
		want := 0
		for i := range codes {
			want += len(codes[i])
		}
		if found != want {
			t.Fatalf("%d codes, want %d", found, want)
		}
		if _, ok := x.of(int32(keys * keys)).find(0); ok {
			t.Fatal("a tile of a key that nothing was put for")
		}
	})
}

// TestClustersBringLikeRowsTogether: of rows of four trades, hardly any lies in a cluster
// that is another trade's.
func TestClustersBringLikeRowsTogether(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	off, skills := []uint32{0}, []int32(nil)
	n := clusterFrom + 500
	for i := range n {
		for range 8 {
			skills = append(skills, int32(i%4*30+r.IntN(30)))
		}
		skills = append(skills, 200) // all share one
		off = append(off, uint32(len(skills)))
	}
	label := clusters(off, skills, clusterRows[byPlace])
	count := map[uint16]*[4]int{}
	for i, l := range label {
		if count[l] == nil {
			count[l] = new([4]int)
		}
		count[l][i%4]++
	}
	alone := 0
	for _, c := range count {
		alone += max(c[0], c[1], c[2], c[3])
	}
	if alone < n*95/100 || len(count) < 4 {
		t.Errorf("%d of %d rows lie among their own, in %d clusters", alone, n, len(count))
	}
	if again := clusters(off, skills, clusterRows[byPlace]); !slices.Equal(label, again) {
		t.Error("the same rows, other clusters")
	}
}

func TestIDIndexFindsEveryID(t *testing.T) {
	ids := []string{}
	for i := range 3000 {
		ids = append(ids, string(rune('a'+i%26))+string(rune(0x4e00+i)))
	}
	x := newIDIndex(ids)
	for i, id := range ids {
		if row, ok := x.find(ids, id); !ok || int(row) != i {
			t.Fatalf("%s: row %d, %v", id, row, ok)
		}
	}
	if _, ok := x.find(ids, "nobody"); ok {
		t.Error("found nobody")
	}
}

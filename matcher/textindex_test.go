package matcher

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestPartCodesBound(t *testing.T) {
	for i := 1; i <= 100_000; i++ {
		part := float64(i) / 100_000
		if v := partOf[partCode(part)]; v < part || part > .001 && v > 1.03*part {
			t.Fatalf("part %v is taken for %v", part, v)
		}
	}
}

// TestTextBoundsHold: whatever has changed since an index was made, no row's text is
// likelier than its bound, nor than its window's.
func TestTextBoundsHold(t *testing.T) {
	bounded, faded, loose, every := 0, 0, 0, 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 4))
		snap, _ := manyMarket(r, 200+r.IntN(500))
		if r.IntN(2) == 0 {
			snap = wordyMarket(r, snap)
		}
		for i := range 1 + r.IntN(3) { // the market moves on
			var c Change
			for k := range r.IntN(80) {
				d := randomDemand(r, fmt.Sprintf("x%d.%d", i, k))
				if k%2 == 0 { // words become those of many
					d.Text[1] = append(d.Text[1], Term{ID: 5000 + int32(i), Weight: 1}, Term{ID: 6001, Weight: 1})
				}
				c.PutDemands = append(c.PutDemands, d)
			}
			snap = snap.With(c)
		}
		d := randomDemand(r, "q")
		d.Text[1] = append(d.Text[1], Term{ID: 5000, Weight: 1}, Term{ID: 6000, Weight: float32(r.IntN(3))}, Term{ID: 6001, Weight: float32(r.IntN(2))})
		if r.IntN(4) == 0 {
			d.Text = TextVector{nil, {{ID: 6000, Weight: 1}, {ID: 6001, Weight: .01}}}
		}
		sc := &scratch{}
		e := newDemandScorer(snap, &d, DefaultWeights(), sc, true)
		for i := range snap.programs {
			sd := &snap.programs[i]
			var b textBounds
			b.fill(sd.words, sd.drift, len(sd.seg.ids), stretch{0, uint32(windows(len(sd.seg.ids)))}, &d.Text, &e.text.share, &e.text.length, snap.stats)
			if b.on {
				bounded++
				loose += len(sd.words.loose)
				if f := sd.drift.faded; f != nil {
					faded += len(f.rows) - len(sd.words.loose)
					every += int(bit(f.every > 0))
				}
			}
			for w := range uint32(windows(len(sd.seg.ids))) {
				if !b.on {
					break
				}
				b.visit(w)
				for row := range min(window, len(sd.seg.ids)-int(w)*window) {
					doc := w*window + uint32(row)
					v, ok := e.likeness(sd.seg, doc, nil)
					if !ok {
						continue
					}
					if bound := b.row(uint32(row)); v > float64(bound) || bound > b.window(w)+1e-6 {
						t.Fatalf("seed %d, segment %d, row %d: text %v, bound %v, of its window %v", seed, i, doc, v, bound, b.window(w))
					}
				}
			}
			b.off()
			for _, v := range b.rows {
				if v != 0 {
					t.Fatal("sums are left behind")
				}
			}
		}
		e.release()
	}
	if bounded == 0 || faded == 0 || loose == 0 || every == 0 {
		t.Errorf("texts were bounded %d times, rows with faded terms %d, with nothing else %d, common terms faded %d times", bounded, faded, loose, every)
	}
}

// wordyMarket has a snapshot's programs alone, with words that are in few of them, in a
// third and in all, and programs that say nothing but the last.
func wordyMarket(r *rand.Rand, snap *Snapshot) *Snapshot {
	var c Change
	for doc := range snap.programs[0].seg.ids {
		p := snap.programs[0].seg.full(uint32(doc))
		p.Text[1] = append(slices.Clone(p.Text[1]), Term{ID: 6000, Weight: 1})
		if doc%3 == 0 {
			p.Text[1] = append(p.Text[1], Term{ID: 6001, Weight: .1})
		}
		switch doc % 150 {
		case 0:
			p.Text[1] = append(p.Text[1], Term{ID: 5000 + int32(doc/150), Weight: 1 + float32(r.IntN(3))})
		case 1:
			p.Text = TextVector{nil, {{ID: 6000, Weight: 1}}}
		}
		c.PutPrograms = append(c.PutPrograms, p)
	}
	return Empty(snap.space, snap.atlas).With(c)
}

// TestTextBoundsHoldWhileAMarketGrows: other words in many more texts make the idf of
// the words before grow several times, and sums must not overflow.
func TestTextBoundsHoldWhileAMarketGrows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	same := TextVector{}
	for id := range int32(30) {
		same[id%2] = append(same[id%2], Term{ID: id, Weight: 1})
	}
	var c Change
	for i := range 300 {
		p := Program{ID: fmt.Sprintf("p%03d", i), Text: same}
		if i%3 > 0 {
			p.Text = randomText(r, 9)
		}
		c.PutPrograms = append(c.PutPrograms, p)
	}
	snap := Empty(NewSpace(nil), &Atlas{}).With(c)
	for _, n := range []int{300, 3000, 30_000} {
		c := Change{}
		for i := range n {
			c.PutDemands = append(c.PutDemands, Demand{ID: fmt.Sprintf("d%d.%d", n, i), Open: true, Start: NoStart, Text: TextVector{{{ID: int32(100 + i%50), Weight: 1}}, nil}})
		}
		snap = snap.With(c)
		for _, share := range [][NumTextSpaces]float64{textShare, {1, 1}} {
			var length [NumTextSpaces]float64
			for s := range length {
				length[s] = lengthOf(same[s], snap.stats)
			}
			var b textBounds
			b.fill(snap.programs[0].words, snap.programs[0].drift, 300, stretch{0, 2}, &same, &share, &length, snap.stats)
			for w := range uint32(2) {
				if !b.on {
					break
				}
				b.visit(w)
				for row := range min(window, 300-int(w)*window) {
					if doc := w*window + uint32(row); len(snap.programs[0].seg.texts.row(doc)[0]) == len(same[0]) && b.row(uint32(row)) < 1 {
						t.Fatalf("%d texts later, row %d says the same and is bounded by %v", n, doc, b.row(uint32(row)))
					}
				}
			}
		}
	}
}

// TestStaleTextsAreIndexedAnew: a market whose words change asks for a merge, and after
// it bounds are tight again.
func TestStaleTextsAreIndexedAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	snap, _ := manyMarket(r, 400)
	for i := range 30 {
		var c Change
		for k := range 20 {
			c.PutDemands = append(c.PutDemands, Demand{ID: fmt.Sprintf("x%d.%d", i, k), Open: true, Start: NoStart,
				Text: TextVector{{}, {{ID: 701, Weight: 1}}}}) // one word becomes common
		}
		snap = snap.With(c)
	}
	stale := func() (n int) {
		for i := range snap.programs {
			if snap.programs[i].stale(snap.stats) {
				n++
			}
		}
		return n
	}
	if stale() == 0 || !snap.NeedsMerge() {
		t.Fatalf("%d stale segments", stale())
	}
	for range 10 {
		if snap.NeedsMerge() {
			snap = snap.PlanMerge().Apply(snap)
		}
	}
	if stale() != 0 || snap.NeedsMerge() {
		t.Errorf("%d segments are stale after merging", stale())
	}
	for i := range snap.programs {
		if p := &snap.programs[i]; p.words != nil && math.IsInf(p.words.factor(p.drift, snap.stats), 1) {
			t.Errorf("segment %d has no bounds", i)
		}
	}
	d := randomDemand(r, "q")
	if _, err := snap.MatchPrograms(context.Background(), &d, Query{Top: 3, Weights: DefaultWeights()}); err != nil {
		t.Fatal(err)
	}
}

package matcher

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/matcher/columns"
)

// testLimits are above every number of the random markets.
var testLimits = Limits{Skills: 64, Terms: 1 << 15, Regions: len(testRegions), Attrs: 8}

func saved(t rapidTB, s *Snapshot) (programs, demands []byte) {
	t.Helper()
	var parts [2]bytes.Buffer
	for i, save := range []func(*columns.Writer) error{s.SavePrograms, s.SaveDemands} {
		w := columns.NewWriter(&parts[i])
		if err := errors.Join(save(w), w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	return parts[0].Bytes(), parts[1].Bytes()
}

// rapidTB is what both kinds of tests can do.
type rapidTB interface {
	Helper()
	Fatal(args ...any)
}

func loaded(programs, demands []byte) (*Kept, error) {
	return Load(columns.NewReader(bytes.NewReader(programs), int64(len(programs))), columns.NewReader(bytes.NewReader(demands), int64(len(demands))), testLimits)
}

// TestKeptSnapshotEqualsReference: a snapshot that was saved and read again answers as
// the reference does, with its space and with another, and goes on as any other.
func TestKeptSnapshotEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 11))
		var snap *Snapshot
		var m *refMarket
		switch r.IntN(40) {
		case 0:
			snap, m = manyMarket(r, keptWords+r.IntN(800)) // indexes of texts are kept
		case 1, 2, 3, 4, 5, 6, 7, 8:
			snap, m = manyMarket(r, 1+r.IntN(800))
		default:
			snap, m = randomMarket(r)
		}
		programs, demands := saved(t, snap)
		space := snap.Space()
		if r.IntN(2) == 0 {
			other, _ := randomSpace(r, 30)
			programs, demands = saved(t, snap.WithSpace(other))
		}
		k, err := loaded(programs, demands)
		if err != nil {
			t.Fatal(err)
		}
		again := k.Snapshot(space, NewAtlas(m.g, testRegions))
		checkQueries(t, r, again, m, 3, 3)
		if p, d := saved(t, again.WithSpace(space)); !bytes.Equal(d, demands) || len(p) == 0 {
			t.Fatal("saved again, it is another")
		}

		c := Change{PutPrograms: []Program{randomProgram(r, "p00"), randomProgram(r, "p99")}, DeleteDemands: []string{"d01"}, PutDemands: []Demand{randomDemand(r, "d02")}}
		changed := again.With(c)
		if len(snap.programs) > 0 && len(snap.programs[0].seg.ids) >= keptWords {
			return // all rankings of many take long
		}
		want := answers(t, snap.With(c))
		for what, s := range map[string]*Snapshot{"change": changed, "merge": changed.PlanMerge().Apply(changed)} {
			if got := answers(t, s); got != want {
				i := 0
				for i < min(len(got), len(want)) && got[i] == want[i] {
					i++
				}
				t.Fatalf("after a %s it is %.300s, not %.300s", what, got[i:], want[i:])
			}
		}
	})
}

// answers are all rankings in words.
func answers(t rapidTB, s *Snapshot) string {
	t.Helper()
	var b bytes.Buffer
	for _, side := range []Side{ForDemands, ForPrograms} {
		err := s.MatchAll(context.Background(), side, Query{Top: 20, Weights: DefaultWeights()}, 1, func(id string, res *Result) error {
			res.Scored = 0 // how much work it was
			_, err := fmt.Fprintf(&b, "%s %+v\n", id, *res)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// reblock takes a stream apart, lets change have the bytes in its blocks, and puts it
// together with right checksums: what a forger would do.
func reblock(stream []byte, change func([]byte) []byte) []byte {
	var all []byte
	for len(stream) > 0 {
		n := binary.LittleEndian.Uint32(stream)
		all = append(all, stream[8:8+n]...)
		stream = stream[8+n:]
	}
	all = change(all)
	var out []byte
	sum, table := uint32(0), crc32.MakeTable(crc32.Castagnoli)
	for block := range slices.Chunk(all[:len(all)/8*8], 1<<20) {
		sum = crc32.Update(sum, table, block)
		out = binary.LittleEndian.AppendUint32(out, uint32(len(block)))
		out = append(binary.LittleEndian.AppendUint32(out, sum), block...)
	}
	return out
}

// try reads streams and, when they are taken, asks and changes the snapshot: nothing may
// panic, and errors must say that the stream is damaged.
func try(t rapidTB, programs, demands []byte) (taken bool) {
	t.Helper()
	k, err := loaded(programs, demands)
	if err != nil {
		if !errors.Is(err, columns.ErrDamaged) {
			t.Fatal(err)
		}
		return false
	}
	r := rand.New(rand.NewPCG(1, 2))
	space, _ := randomSpace(r, 30)
	if k.space%2 == 0 {
		space = NewSpace(nil)
	}
	s := k.Snapshot(space, NewAtlas(testGazetteer(), testRegions))
	s = s.With(Change{PutPrograms: []Program{randomProgram(r, "p00")}, PutDemands: []Demand{randomDemand(r, "d00")}})
	ctx := context.Background()
	for i := range 3 {
		d, p := randomDemand(r, "dq"), randomProgram(r, "pq")
		q := Query{Top: 5, Weights: DefaultWeights()}
		if i == 1 {
			q.Filter.Regions = s.Atlas().Within([]string{"440000"})
		}
		if _, err := s.MatchPrograms(ctx, &d, q); err != nil {
			t.Fatal(err)
		}
		if _, err := s.MatchDemands(ctx, &p, q); err != nil {
			t.Fatal(err)
		}
	}
	s = s.PlanMerge().Apply(s)
	_, _ = saved(t, s)
	return true
}

// TestForgedSnapshot: numbers anywhere in the streams are replaced by others, under right
// checksums. Nothing panics, and much of it is found.
func TestForgedSnapshot(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	snap, _ := manyMarket(r, 300)
	large, _ := manyMarket(r, keptWords) // with indexes of texts
	refused, all := 0, 1000
	for _, s := range []*Snapshot{snap, large} {
		if p, d := saved(t, s); !try(t, p, d) {
			t.Fatal("what is saved is refused")
		}
	}
	programs, demands := saved(t, snap)
	for i := range all {
		if i == all*3/4 {
			programs, demands = saved(t, large)
		}
		forge := func(b []byte) []byte {
			at := r.IntN(len(b)/4) * 4
			switch r.IntN(5) {
			case 0:
				b[at] ^= 1 << r.IntN(8)
			case 1:
				binary.LittleEndian.PutUint32(b[at:], r.Uint32())
			case 2:
				binary.LittleEndian.PutUint32(b[at:], uint32(r.IntN(600)))
			case 3:
				binary.LittleEndian.PutUint64(b[at/8*8:], r.Uint64()>>r.IntN(64))
			case 4:
				b = b[:at]
			}
			return b
		}
		p, d := programs, demands
		if r.IntN(2) == 0 {
			p = reblock(programs, forge)
		} else {
			d = reblock(demands, forge)
		}
		if !try(t, p, d) {
			refused++
		}
	}
	if refused < all/4 {
		t.Errorf("%d of %d forgeries are found", refused, all)
	}
}

// TestDamagedSnapshot: whatever byte is changed, and wherever the stream is cut, is found.
func TestDamagedSnapshot(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	snap, _ := randomMarket(r)
	programs, demands := saved(t, snap)
	for i := 0; i < len(programs); i += 1 + r.IntN(12) {
		b := bytes.Clone(programs)
		b[i] ^= 1 << r.IntN(8)
		if _, err := loaded(b, demands); !errors.Is(err, columns.ErrDamaged) {
			t.Fatalf("byte %d of %d changed: %v", i, len(b), err)
		}
		if _, err := loaded(programs[:i], demands); !errors.Is(err, columns.ErrDamaged) {
			t.Fatalf("cut at %d of %d: %v", i, len(b), err)
		}
	}
	broken := errors.New("no disk")
	short := io.MultiReader(bytes.NewReader(demands[:20]), failing{broken})
	_, err := Load(columns.NewReader(bytes.NewReader(programs), int64(len(programs))), columns.NewReader(short, int64(len(demands))), testLimits)
	if !errors.Is(err, broken) {
		t.Errorf("a failing disk is %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// FuzzLoadSnapshot: any bytes under right checksums are refused or do no harm.
func FuzzLoadSnapshot(f *testing.F) {
	snap, _ := randomMarket(rand.New(rand.NewPCG(7, 8)))
	programs, demands := saved(f, snap)
	plain := func(stream []byte) (out []byte) {
		reblock(stream, func(b []byte) []byte { out = bytes.Clone(b); return b })
		return out
	}
	f.Add(plain(programs), plain(demands))
	f.Add([]byte{}, []byte{0, 0, 0, 0, 0, 0, 0, 255})
	f.Fuzz(func(t *testing.T, p, d []byte) {
		with := func(b []byte) []byte { return reblock(nil, func([]byte) []byte { return b }) }
		try(t, with(p), with(d))
	})
}

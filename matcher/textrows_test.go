package matcher

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"talentmatch/matcher/columns"
)

// TestTermColumns: terms come back as they were put, in four bytes or in eight, and again
// after they were saved.
func TestTermColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct {
		name    string
		weights int
		most    int32
		packed  bool
	}{
		{"256 weights", 256, 1<<idBits - 1, true},
		{"600 weights", 600, 1<<idBits - 1, false},
		{"many terms", 3, 1 << idBits, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			texts, total := make([]TextVector, 400), 0
			for i := range texts {
				for s := range texts[i] {
					for range r.IntN(4) {
						texts[i][s] = append(texts[i][s], Term{r.Int32N(c.most), float32(1+total%c.weights) / 7})
						total++
					}
				}
			}
			texts[7][0] = append(texts[7][0], Term{c.most, 1. / 7})
			order := r.Perm(len(texts))
			rows := newTextRows(order, func(i int) *TextVector { return &texts[i] })
			if got := rows[0].wide == nil; got != c.packed {
				t.Fatalf("packed: %v", got)
			}
			var file bytes.Buffer
			w := columns.NewWriter(&file)
			saveTexts(w, &rows)
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			reader := columns.NewReader(&file, int64(file.Len()))
			again := loadTexts(reader, len(texts), &Limits{Terms: 1<<idBits + 1})
			if err := reader.Err(); err != nil {
				t.Fatal(err)
			}
			for at, i := range order {
				for _, have := range []*textRows{&rows, &again} {
					if got := have.row(uint32(at)); !reflect.DeepEqual(got, texts[i]) || have.empty(uint32(at)) != texts[i].empty() {
						t.Fatalf("row %d: %v, want %v", at, got, texts[i])
					}
				}
			}
		})
	}
}

func TestIDOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	if got := idOrder(nil); len(got) != 0 {
		t.Fatalf("no ids: %v", got)
	}
	for range 300 {
		ids := make([]string, 1+r.IntN(60))
		for i := range ids {
			b := []byte("p.")
			for range r.IntN(14) {
				b = append(b, "-.:_019azA"[r.IntN(10)])
			}
			ids[i] = string(b)
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		sorted := slices.Clone(ids)
		r.Shuffle(len(ids), func(a, b int) { ids[a], ids[b] = ids[b], ids[a] })
		for row, place := range idOrder(ids) {
			if sorted[place] != ids[row] {
				t.Fatalf("%s has place %d of %q", ids[row], place, sorted)
			}
		}
	}
}

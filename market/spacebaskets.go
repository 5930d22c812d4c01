package market

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"slices"

	"talentmatch/matcher/skillspace"
	"talentmatch/store"
	"talentmatch/talent"
)

// What demands and programs list together is evidence of which skills are close, as the
// skills of occupations are: each record's entered skills are a basket (those of a
// program's courses among them; skills found in texts are not).

const (
	leastBaskets  = 1_000   // different ones, from which they are statistics; before, none counts
	mostBaskets   = 200_000 // kept at most, those whose keys are smallest: some 40 MB
	sketchBaskets = 2_048   // smallest keys by which two times are compared, to about 0.7 %
	lookAgain     = 10      // part of the baskets' records that must have changed before another look
	basketsMoved  = .9      // the space is built anew when less of the baskets is the same
)

// skillBaskets is what the store's demands and programs hold together at one time.
type skillBaskets struct {
	list []skillspace.Basket // by the world's skillNumbers; nil when they are too few
	mark basketMark
}

// basketMark tells whether the baskets have moved since a space was made.
type basketMark struct {
	Looked  int64    `json:"looked"`           // version of the store when they were last looked at
	Changes int64    `json:"changes"`          // so many later versions are worth another look
	Count   int      `json:"count,omitempty"`  // different baskets that count
	Sum     string   `json:"sum,omitempty"`    // of all keys; "" when none counts
	Sketch  []uint64 `json:"sketch,omitempty"` // the smallest keys, ascending
}

// recent reports whether so little has changed since the last look, up to a version of
// the store, that another is not worth it. A version is one changed record.
func (b *basketMark) recent(version int64) bool { return version-b.Looked < b.Changes }

// moved reports whether less than basketsMoved of the baskets of two times together are in
// both, by the smallest keys: exactly for up to sketchBaskets, else as an estimate.
// Baskets are the same when owner, skills and importances are.
func (b *basketMark) moved(now *basketMark) bool {
	old, fresh := b.Sketch, now.Sketch
	all, both := 0, 0
	for ; len(old)+len(fresh) > 0 && all < sketchBaskets; all++ {
		switch {
		case len(fresh) == 0 || len(old) > 0 && old[0] < fresh[0]:
			old = old[1:]
		case len(old) == 0 || fresh[0] < old[0]:
			fresh = fresh[1:]
		default:
			both++
			old, fresh = old[1:], fresh[1:]
		}
	}
	return float64(both) < basketsMoved*float64(all)
}

// skillBaskets looks at the demands and programs of the store. It takes time, holds no
// lock, and sees writes that go on meanwhile, so its mark names the version before.
func (m *Market) skillBaskets(ctx context.Context, w *world) (*skillBaskets, error) {
	version, err := m.store.Version(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := m.store.Counts(ctx)
	if err != nil {
		return nil, err
	}
	if n := counts[talent.TypeDemand] + counts[talent.TypeProgram]; n < leastBaskets {
		return &skillBaskets{mark: basketMark{Looked: version, Changes: int64(leastBaskets - n)}}, nil
	}
	at := w.skillNumbers().at
	sample := basketSample{most: mostBaskets}
	for _, t := range []talent.Type{talent.TypeDemand, talent.TypeProgram} {
		err := eachRecord(ctx, m.store, t, func(_ store.Item, rec talent.Record) error {
			sample.add(w.basket(at, rec))
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	list := sample.weighed()
	mark := basketMark{Looked: version, Changes: max(1, int64(sample.records/lookAgain))}
	if len(list) < leastBaskets {
		mark.Changes = int64(leastBaskets - len(list))
		return &skillBaskets{mark: mark}, nil
	}
	mark.Count, mark.Sum, mark.Sketch = len(list), sample.sum(), sample.sketch()
	return &skillBaskets{list: list, mark: mark}, nil
}

// ownedBasket is what one owner lists together.
type ownedBasket struct {
	key   uint64 // of owner, ids and importances
	owner string
	items []skillspace.Item // by number, each once; fewer than two say nothing
}

// basket is what a demand or program lists together. Of a skill that it lists several
// times the greatest importance counts; programs give none.
func (w *world) basket(at map[string]int32, rec talent.Record) ownedBasket {
	var b ownedBasket
	ids := map[int32]string{}
	add := func(id, name string, weight float64) {
		if id == "" {
			id, _, _ = w.catalogue.Resolve(name)
		}
		if n, ok := at[id]; ok && weight > 0 {
			ids[n] = id
			b.items = append(b.items, skillspace.Item{Skill: n, Weight: weight})
		}
	}
	switch r := rec.(type) {
	case *talent.Demand:
		b.owner = r.Employer
		for _, s := range r.Skills {
			add(s.Skill, s.Name, talent.ImportanceOf(s.Importance))
		}
	case *talent.Program:
		b.owner = r.School
		for _, s := range r.Skills {
			add(s.Skill, s.Name, 1)
		}
		for _, c := range r.Courses {
			for _, s := range c.Skills {
				add(s.Skill, s.Name, 1)
			}
		}
	}
	slices.SortFunc(b.items, func(x, y skillspace.Item) int {
		return cmp.Or(cmp.Compare(x.Skill, y.Skill), cmp.Compare(y.Weight, x.Weight))
	})
	b.items = slices.CompactFunc(b.items, func(x, y skillspace.Item) bool { return x.Skill == y.Skill })
	form := append([]byte(b.owner), 0)
	for _, it := range b.items {
		form = append(append(form, ids[it.Skill]...), 0)
		form = binary.LittleEndian.AppendUint64(form, math.Float64bits(it.Weight))
	}
	sum := sha256.Sum256(form)
	b.key = binary.LittleEndian.Uint64(sum[:])
	return b
}

// basketSample keeps different baskets in bounded memory: those of the smallest keys,
// which are the same ones in whatever order and how often they come.
type basketSample struct {
	most    int
	records int // that had a basket
	list    []ownedBasket
	limit   uint64 // keys from here on are too large; 0 while there is room
}

func (s *basketSample) add(b ownedBasket) {
	if len(b.items) < 2 {
		return
	}
	s.records++
	if s.limit > 0 && b.key >= s.limit {
		return
	}
	if s.list = append(s.list, b); len(s.list) > s.most+s.most/4 {
		s.trim()
	}
}

// trim drops repeats and what is too much, and leaves the rest by key.
func (s *basketSample) trim() {
	slices.SortFunc(s.list, func(a, b ownedBasket) int { return cmp.Compare(a.key, b.key) })
	s.list = slices.CompactFunc(s.list, func(a, b ownedBasket) bool { return a.key == b.key })
	if len(s.list) > s.most {
		s.limit = s.list[s.most].key
		clear(s.list[s.most:])
		s.list = s.list[:s.most]
	}
}

// weighed is the sample as baskets of a space, with the number of independent
// observations that each stands for. What one employer or school says again and again is
// hardly new, be it the same list or one that differs in a skill or two, and so many
// copies must not drown the occupations: their skills would lose all company but each
// other. So a basket counts as far as its skills are new from its owner, by the mean over
// them of log2(1+n)/n, n being how many of the owner's different baskets have the skill;
// a thousand that hardly differ count for about ten together. Lists that several owners
// share are joined, and count log2(1+s), s being the sum over the owners.
func (s *basketSample) weighed() []skillspace.Basket {
	s.trim()
	list := slices.Clone(s.list)
	slices.SortFunc(list, func(a, b ownedBasket) int {
		return cmp.Or(cmp.Compare(a.owner, b.owner), cmp.Compare(a.key, b.key))
	})
	out := make([]skillspace.Basket, 0, len(list))
	for len(list) > 0 {
		end := 1
		for end < len(list) && list[end].owner == list[0].owner {
			end++
		}
		said := map[int32]float64{} // skill -> the owner's baskets with it
		for _, b := range list[:end] {
			for _, it := range b.items {
				said[it.Skill]++
			}
		}
		for _, b := range list[:end] {
			sum := 0.0
			for _, it := range b.items {
				sum += math.Log2(1+said[it.Skill]) / said[it.Skill]
			}
			out = append(out, skillspace.Basket{Items: b.items, Weight: sum / float64(len(b.items))})
		}
		list = list[end:]
	}
	return joined(out)
}

// joined makes one basket of those with the same items, each list in the order of numbers.
func joined(list []skillspace.Basket) []skillspace.Basket {
	byItems := func(a, b skillspace.Basket) int {
		return slices.CompareFunc(a.Items, b.Items, func(x, y skillspace.Item) int {
			return cmp.Or(cmp.Compare(x.Skill, y.Skill), cmp.Compare(x.Weight, y.Weight))
		})
	}
	slices.SortFunc(list, func(a, b skillspace.Basket) int { return cmp.Or(byItems(a, b), cmp.Compare(a.Weight, b.Weight)) })
	out := list[:0]
	for _, b := range list {
		if k := len(out) - 1; k >= 0 && byItems(out[k], b) == 0 {
			out[k].Weight += b.Weight
		} else {
			out = append(out, b)
		}
	}
	for i := range out {
		out[i].Weight = math.Log2(1 + out[i].Weight)
	}
	return out
}

// sum names the sample.
func (s *basketSample) sum() string {
	h := sha256.New()
	var key [8]byte
	for i := range s.list {
		binary.LittleEndian.PutUint64(key[:], s.list[i].key)
		h.Write(key[:])
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// sketch is the sample's smallest keys.
func (s *basketSample) sketch() []uint64 {
	out := make([]uint64, min(len(s.list), sketchBaskets))
	for i := range out {
		out[i] = s.list[i].key
	}
	return out
}

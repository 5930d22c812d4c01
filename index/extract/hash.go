package extract

import "math/bits"

// The hash of a word is a polynomial over its letters, so that the hash of a word
// without some letters follows from those of its parts.
const hashBase = 0x9E3779B97F4A7C15

func next(h uint64, letter byte) uint64 { return h*hashBase + uint64(letter) }

// finish spreads a polynomial's value over all bits.
func finish(h uint64) uint64 {
	h ^= h >> 29
	h *= 0xBF58476D1CE4E5B9
	return h ^ h>>32
}

func hashWord(w string) uint64 {
	var h uint64
	for i := range len(w) {
		h = next(h, w[i])
	}
	return finish(h)
}

// powers are hashBase to the power of their positions.
var powers = func() (p [wordLetters + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * hashBase
	}
	return p
}()

// partHashes are the hashes of a word's beginnings.
type partHashes struct {
	n      int
	prefix [wordLetters + 1]uint64 // of the first i letters
}

func (p *partHashes) of(word string) {
	p.n = len(word)
	for i := range len(word) {
		p.prefix[i+1] = next(p.prefix[i], word[i])
	}
}

func (p *partHashes) whole() uint64 { return finish(p.prefix[p.n]) }

// part is the hash of the letters [i, j).
func (p *partHashes) part(i, j int) uint64 { return p.prefix[j] - p.prefix[i]*powers[j-i] }

// without is the hash of the word without letter i.
func (p *partHashes) without(i int) uint64 {
	return p.prefix[i]*powers[p.n-i-1] + p.part(i+1, p.n)
}

// without2 is the hash of the word without the letters i < j.
func (p *partHashes) without2(i, j int) uint64 {
	return (p.prefix[i]*powers[j-i-1]+p.part(i+1, j))*powers[p.n-j-1] + p.part(j+1, p.n)
}

// remainders calls f with the hash of the word without one letter, for each, and
// if two is set without two. The first letter is never left out. f returns false to
// stop.
func (p *partHashes) remainders(two bool, f func(uint64) bool) bool {
	for i := 1; i < p.n; i++ {
		if !f(finish(p.without(i))) {
			return false
		}
		for j := i + 1; two && j < p.n; j++ {
			if !f(finish(p.without2(i, j))) {
				return false
			}
		}
	}
	return true
}

// near is remainders with the whole word first: a text's word may be one of the
// remainders itself.
func (p *partHashes) near(two bool, f func(uint64) bool) {
	if f(p.whole()) {
		p.remainders(two, f)
	}
}

// A bitSet holds 32-bit hashes, with false positives.
type bitSet []uint64

func newBitSet(size int) bitSet { return make(bitSet, 1<<bits.Len(uint(size)/64)) }

func (s bitSet) add(h uint32)      { s[s.at(h)] |= 1 << (h & 63) }
func (s bitSet) has(h uint32) bool { return s[s.at(h)]&(1<<(h&63)) != 0 }
func (s bitSet) at(h uint32) uint32 {
	return h >> 6 & uint32(len(s)-1)
}

// A hashSet holds 64-bit hashes by their upper half; at this size two words that
// share it are unlikely, and harmless.
type hashSet []uint32

func newHashSet(n int) hashSet { return make(hashSet, 2<<bits.Len(uint(n))) }

func (s hashSet) add(h uint64) {
	i, v := s.slot(h)
	s[i] = v
}

func (s hashSet) has(h uint64) bool {
	i, v := s.slot(h)
	return s[i] == v
}

// slot is where h is or belongs.
func (s hashSet) slot(h uint64) (i int, v uint32) {
	mask := len(s) - 1
	v = uint32(h>>32) | 1
	for i = int(h) & mask; s[i] != 0 && s[i] != v; i = (i + 1) & mask {
	}
	return i, v
}

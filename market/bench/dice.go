package bench

import (
	"math/rand/v2"
	"sort"
)

// A kind keeps the throws for different things apart.
type kind uint64

const (
	kindSkills kind = iota + 1
	kindRegions
	kindSchool
	kindEmployer
	kindTrade
	kindProgram
	kindDemand
	kindVocabulary
	kindProfiles
	kindUpdate
)

// dice are the throws behind one record: a function of seed, kind and number.
type dice struct{ *rand.Rand }

func newDice(seed uint64, k kind, i int) dice {
	return dice{rand.New(rand.NewPCG(mix(seed+uint64(k)<<56), mix(uint64(i))))}
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood 2014): neighbouring numbers
// have nothing in common afterwards.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// chance is true so many times in a hundred.
func (d dice) chance(percent int) bool { return d.IntN(100) < percent }

// between draws from [low, high].
func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

// weighted draws a position, each as often as its weight says.
func (d dice) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	at := d.IntN(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// zipf draws 0..n-1 with frequencies 1/(1+shift), 1/(2+shift) ...: Zipf's law with
// exponent 1, or with a shift Mandelbrot's, whose head is flatter. It counts in whole
// numbers, so that every machine draws the same.
type zipf []uint64

func newZipf(n, shift int) zipf {
	z, sum := make(zipf, n), uint64(0)
	for i := range z {
		sum += (1 << 40) / uint64(i+1+shift)
		z[i] = sum
	}
	return z
}

func (z zipf) draw(d dice) int {
	x := d.Uint64N(z[len(z)-1])
	return sort.Search(len(z), func(i int) bool { return z[i] > x })
}

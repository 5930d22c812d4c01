package matcher

import (
	"math"
	"sync"
)

// Codes are what tiles say of a row in one byte.
//
// Of a program: what it is worth for a needed skill. The high five bits are a step of
// the similarity (times confidence) of the held skill that counts, the low three its
// level. A program may hold several skills that count, of which one is more like and
// another held at a higher level; a joined code then bounds them all, and is known to be
// more than any of them.
//
// Of a demand: what a skill weighs in it, in the high five bits, and the level that it
// is asked at.

// simSteps are the lower ends of the steps of similarity, in 1e-5. Where a credit of one
// half can fall for any pair of levels (1/2, 5/8, 2/3, 3/4, 5/6, 1) a step begins, so
// that an unjoined code tells whether a required skill is met.
var simSteps = [32]uint32{
	0, 1, 6_000, 10_100, 15_100, 20_100, 25_100, 30_100, 34_100, 38_100, 42_100, 46_100, 50_000, 52_600, 55_100, 57_600, 60_100,
	62_500, 65_100, 66_667, 68_600, 70_100, 72_600, 75_000, 77_600, 80_100, 83_334, 86_100, 89_100, 92_600, 96_100, 100_000,
}

// codeLevels is the level that the low bits of a code stand for; joined[bits] says that
// they are of a joined code.
var (
	codeLevels = [8]uint8{3, 1, 2, 3, 4, 5, 4, 5}
	joined     = [8]bool{0: true, 6: true, 7: true}
	joinedBits = [6]uint8{3: 0, 4: 6, 5: 7} // by level
)

// simHigh is the greatest similarity of a step, in 1e-5.
func simHigh(step uint8) uint32 {
	if step == 31 {
		return simSteps[31]
	}
	return simSteps[step+1] - 1
}

func simStep(v uint32) uint8 {
	s := uint8(31)
	for v < simSteps[s] {
		s--
	}
	return s
}

// simStepOf is simStep of sim (thousandths) at full confidence.
var simStepOf = func() (t [1001]uint8) {
	for sim := range t {
		t[sim] = simStep(uint32(sim) * 100)
	}
	return t
}()

// heldCode is the code of a held skill; 0 when it is worth nothing.
func heldCode(sim uint16, level, confidence uint8) uint8 {
	step := uint8(0)
	if confidence == 100 {
		step = simStepOf[min(sim, 1000)]
	} else {
		step = simStep(uint32(sim) * uint32(confidence))
	}
	if step == 0 {
		return 0
	}
	return step<<3 | min(max(level, 1), 5)
}

// codeWorth is an upper bound of the credit that a program's code stands for, for a
// need of level l.
func codeWorth(code, l uint8) float64 {
	return float64(simHigh(code>>3)*fit[codeLevels[code&7]][l]) / wholeCredit
}

// codeWorths[l][c] is codeWorth(c, l).
var codeWorths = sync.OnceValue(func() *[6][256]float64 {
	out := new([6][256]float64)
	for l := uint8(1); l <= 5; l++ {
		for c := 8; c < 256; c++ {
			out[l][c] = codeWorth(uint8(c), l)
		}
	}
	return out
})

// codeWords is codeWorths in units of 1/one, rounded up.
var codeWords = sync.OnceValue(func() *[6][256]uint16 {
	out := new([6][256]uint16)
	for l := range out {
		for c, w := range codeWorths()[l] {
			out[l][c] = uint16(math.Ceil(w * one))
		}
	}
	return out
})

// joinHeld[a][b] bounds the better of two programs' codes at every level.
var joinHeld = sync.OnceValue(func() *[256][256]uint8 {
	out := new([256][256]uint8)
	for a := range 256 {
		for b := range 256 {
			if a>>3 == 0 || b>>3 == 0 {
				out[a][b] = uint8(max(a, b))
				continue
			}
			out[a][b] = joinCodes(uint8(a), uint8(b))
		}
	}
	return out
})

func joinCodes(a, b uint8) uint8 {
	la, lb := codeLevels[a&7], codeLevels[b&7]
	switch {
	case a>>3 == b>>3 && la == lb:
		if joined[a&7] {
			return b
		}
		return a
	case a>>3 >= b>>3 && la >= lb:
		return a
	case b>>3 >= a>>3 && lb >= la:
		return b
	}
	step := max(a>>3, b>>3)
	for level := uint8(3); ; level++ {
		c := step<<3 | joinedBits[level]
		enough := true
		for l := uint8(1); l <= 5; l++ {
			enough = enough && codeWorth(c, l) >= max(codeWorth(a, l), codeWorth(b, l))
		}
		if enough {
			return c
		}
	}
}

// weightSteps are the upper ends of the steps of a need's share of its demand's
// weight: 31 of equal ratio up to 1.
var weightSteps = func() (t [32]float64) {
	for i := 1; i < 32; i++ {
		t[i] = math.Pow(2, float64(i-31)*8/30)
	}
	t[31] = 1
	return t
}()

// needCode is the code of a need with a share of its demand's weight. It is never 0:
// focus counts needs without weight, too.
func needCode(share float64, level uint8) uint8 {
	s := uint8(1)
	for s < 31 && weightSteps[s] < share {
		s++
	}
	return s<<3 | min(max(level, 1), 5)
}

// joinNeed[a][b] bounds the sum of two needs of one skill in a demand.
var joinNeed = sync.OnceValue(func() *[256][256]uint8 {
	out := new([256][256]uint8)
	for a := range 256 {
		for b := range 256 {
			if a>>3 == 0 || b>>3 == 0 {
				out[a][b] = uint8(max(a, b))
				continue
			}
			out[a][b] = needCode(weightSteps[a>>3]+weightSteps[b>>3], min(uint8(a)&7, uint8(b)&7))
		}
	}
	return out
})

// boundNeed[a][b] bounds either of two needs, not their sum.
var boundNeed = sync.OnceValue(func() *[256][256]uint8 {
	out := new([256][256]uint8)
	for a := range 256 {
		for b := range 256 {
			out[a][b] = max(uint8(a)>>3, uint8(b)>>3)<<3 | min(uint8(a)&7, uint8(b)&7)
		}
	}
	return out
})

package matcher

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// vectors says that the processor has the instructions of vector_amd64.s: Intel's since
// 2019 (Ice Lake), AMD's since 2022 (Zen 4).
var vectors = cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VBMI && cpu.X86.HasAVX512VBMI2 && cpu.X86.HasPOPCNT

// addTiles adds tiles to a tally.
func addTiles(a *tally, ops []tileOp) {
	switch {
	case len(ops) == 0:
	case vectors:
		addTilesAVX512(a, &ops[0], len(ops))
	default:
		addTilesGo(a, ops)
	}
}

// addScaledTiles adds tiles of demands to a tally.
func addScaledTiles(a *tally, ops []scaledOp) {
	switch {
	case len(ops) == 0:
	case vectors:
		addScaledTilesAVX512(a, &ops[0], len(ops), &needWorthBytes)
	default:
		addScaledTilesGo(a, ops)
	}
}

// reaching sets the bits of the rows whose sums are at least so much.
func reaching(a *tally, least uint16, out *[window / 64]uint64) {
	if vectors {
		reachingAVX512(a, least, out)
		return
	}
	reachingGo(a, least, out)
}

// weigh is what codes are worth at a share of a whole.
func (n *needLookup) weigh(worth *[256]uint16, share, more uint16) {
	if vectors {
		weighAVX512(n, worth, share, more)
		return
	}
	n.weighGo(worth, share, more)
}

// earn works out the credits of needs that a row's skills earn, in hundredths of the units
// of creditOf. ok is false, and the credits are of no use, when a confidence is not 100.
func (t *simTable) earn(credits *[simLanes]uint16, skills []int32, grades []grade, slots []int32) (ok bool) {
	if len(skills) == 0 {
		*credits = [simLanes]uint16{}
		return true
	}
	return earnAVX512(credits, len(skills), &skills[0], &grades[0], &slots[0], len(slots)-1, &t.sims[0], &t.fits) == 0
}

// needWorthBytes are the low bytes of needWorth, then the high ones, each twice over: 64
// bytes are looked up in.
var needWorthBytes = func() (t [128]uint8) {
	for i := range 64 {
		t[i], t[64+i] = uint8(needWorth[i%32]), uint8(needWorth[i%32]>>8)
	}
	return t
}()

//go:noescape
func addTilesAVX512(a *tally, ops *tileOp, n int)

//go:noescape
func addScaledTilesAVX512(a *tally, ops *scaledOp, n int, weights *[128]uint8)

//go:noescape
func reachingAVX512(a *tally, least uint16, out *[window / 64]uint64)

//go:noescape
func earnAVX512(credits *[simLanes]uint16, n int, skills *int32, grades *grade, slots *int32, most int, sims *[simLanes]uint16, fits *[8][simLanes]uint16) (other uint64)

//go:noescape
func weighAVX512(out *needLookup, worth *[256]uint16, share, more uint16)

func slack(codes *byte) *[tileSlack]byte { return (*[tileSlack]byte)(unsafe.Pointer(codes)) }

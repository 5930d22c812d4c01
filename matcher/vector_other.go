//go:build !amd64

package matcher

import "unsafe"

var vectors = false

func addTiles(a *tally, ops []tileOp) { addTilesGo(a, ops) }

func addScaledTiles(a *tally, ops []scaledOp) { addScaledTilesGo(a, ops) }

func reaching(a *tally, least uint16, out *[window / 64]uint64) { reachingGo(a, least, out) }

func (n *needLookup) weigh(worth *[256]uint16, share, more uint16) { n.weighGo(worth, share, more) }

func (t *simTable) earn(credits *[simLanes]uint16, skills []int32, grades []grade, slots []int32) bool {
	return false
}

func slack(codes *byte) *[tileSlack]byte { return (*[tileSlack]byte)(unsafe.Pointer(codes)) }

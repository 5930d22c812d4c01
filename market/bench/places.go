package bench

import (
	"fmt"
	"strings"

	"talentmatch/talent"
)

// provinces of the mainland, the most populous first.
var provinces = []string{
	"440000", "370000", "410000", "320000", "510000", "130000", "430000", "330000", "340000", "420000", "450000",
	"530000", "360000", "210000", "350000", "610000", "520000", "140000", "500000", "230000", "650000", "310000",
	"620000", "150000", "220000", "110000", "120000", "460000", "640000", "630000", "540000",
}

// places are the prefectures of the built-in regions, about eleven a province, drawn by
// Mandelbrot's law: with these shifts the first province has 9 % of everything, as the
// largest of China has of its people.
type places struct {
	ids     []string  // of prefectures, by number
	inside  [][]int32 // numbers by province, its seat first
	share   zipf      // of provinces
	shareIn []zipf    // of a province's prefectures
}

const (
	provinceShift   = 4
	prefectureShift = 2
)

// newPlaces numbers the prefectures in no order, as numbers given at first use have none.
func newPlaces(seed uint64) (*places, error) {
	p := &places{share: newZipf(len(provinces), provinceShift)}
	below := map[string][]string{}
	for _, r := range talent.BuiltinRegions() {
		if strings.HasSuffix(r.ID, "00") && !strings.HasSuffix(r.ID, "0000") {
			below[r.Parent] = append(below[r.Parent], r.ID)
			p.ids = append(p.ids, r.ID)
		}
	}
	newDice(seed, kindRegions, 0).Shuffle(len(p.ids), func(i, j int) { p.ids[i], p.ids[j] = p.ids[j], p.ids[i] })
	number := map[string]int32{}
	for i, id := range p.ids {
		number[id] = int32(i)
	}
	for _, province := range provinces {
		if len(below[province]) == 0 {
			return nil, fmt.Errorf("province %s has no prefectures: %w", province, talent.ErrNotFound)
		}
		var in []int32
		for _, id := range below[province] { // by code: the seat is 01
			in = append(in, number[id])
		}
		p.inside = append(p.inside, in)
		p.shareIn = append(p.shareIn, newZipf(len(in), prefectureShift))
	}
	return p, nil
}

// draw is the number of a prefecture.
func (p *places) draw(d dice) int32 {
	province := p.share.draw(d)
	return p.inside[province][p.shareIn[province].draw(d)]
}

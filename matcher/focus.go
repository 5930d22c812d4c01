package matcher

import "math"

// A focusBound bounds the focus of a segment's programs. What a program teaches lies in few
// fields: skills are put into groups, those of one cluster, and of each program the three
// groups with most of its value are kept with their shares. Its focus is then at most the
// sum over groups of share times the best similarity of any skill of the group to a need;
// what lies in other groups may be all that is asked.
type focusBound struct {
	group []uint8    // skill -> group; noGroup for one that few programs have
	rows  [][8]uint8 // group and share, three times; then the share of the rest. Shares are of 255, rounded up
}

const (
	focusGroups = 192
	noGroup     = math.MaxUint8
)

// newFocusBound groups the skills of a large segment; a small one is not worth it.
func newFocusBound(held *heldRows, rows int) (f focusBound) {
	if rows < clusterFrom {
		return f
	}
	f.group = train(held.off, held.skill, min(focusGroups, rows/clusterSample)).groups()
	f.rows = make([][8]uint8, rows)
	var value [focusGroups]float64
	var in []uint8
	for doc := range rows {
		sum, rest := 0.0, 0.0
		in = in[:0]
		for k := held.off[doc]; k < held.off[doc+1]; k++ {
			v, g := float64(held.value[k]), f.group[held.skill[k]]
			sum += v
			if g == noGroup {
				rest += v
				continue
			}
			if value[g] == 0 && v > 0 {
				in = append(in, g)
			}
			value[g] += v
		}
		row := &f.rows[doc]
		for i := range 3 {
			best := -1
			for _, g := range in {
				if value[g] > 0 && (best < 0 || value[g] > value[best]) {
					best = int(g)
				}
			}
			if best < 0 {
				break
			}
			row[2*i], row[2*i+1] = uint8(best), shareOf(value[best], sum)
			value[best] = 0
		}
		for _, g := range in {
			rest += value[g]
			value[g] = 0
		}
		row[6] = shareOf(rest, sum)
		if sum <= 0 { // then there is no data, which counts one half
			row[6] = math.MaxUint8
		}
	}
	return f
}

// shareOf is a part of a whole in 255ths, rounded up.
func shareOf(part, whole float64) uint8 {
	if part <= 0 || whole <= 0 {
		return 0
	}
	return uint8(min(math.Ceil(part/whole*math.MaxUint8*(1+1e-9)), math.MaxUint8))
}

// likest fills in how like the skills of each group are to a demand's needs at most.
func (f *focusBound) likest(links *linkTable, out *[math.MaxUint8 + 1]float32) {
	*out = [math.MaxUint8 + 1]float32{}
	for i, skill := range links.touched {
		if int(skill) < len(f.group) {
			v := &out[f.group[skill]]
			*v = max(*v, float32(links.likest[i+1])/1000)
		}
	}
}

// of is the bound of a row.
func (f *focusBound) of(doc uint32, likest *[math.MaxUint8 + 1]float32) float32 {
	r := &f.rows[doc]
	v := float32(r[1])*likest[r[0]] + float32(r[3])*likest[r[2]] + float32(r[5])*likest[r[4]] + float32(r[6])
	return min(1, v/math.MaxUint8)
}

package evaluate

import (
	"math"
	"sort"
)

// slowValues computes each metric by itself from its definition, over a ranking that
// is a list of ids.
func slowValues(ranking []string, grades map[string]int) Values {
	relevant := func(id string) bool { return grades[id] >= 1 }
	hitsWithin := func(k int) (n float64) {
		for i := 0; i < k && i < len(ranking); i++ {
			if relevant(ranking[i]) {
				n++
			}
		}
		return n
	}
	total := 0.0
	for id := range grades {
		if relevant(id) {
			total++
		}
	}
	gain := func(ids []string) (sum float64) {
		for i := 0; i < len(ids) && i < 10; i++ {
			sum += math.Max(0, float64(grades[ids[i]])) * math.Ln2 / math.Log(float64(i)+2)
		}
		return sum
	}
	var ideal []string
	for id := range grades {
		ideal = append(ideal, id)
	}
	sort.Slice(ideal, func(i, j int) bool { return grades[ideal[i]] > grades[ideal[j]] })
	var v Values
	v[NDCG10] = gain(ranking) / gain(ideal)
	for k := len(ranking); k > 0; k-- {
		if relevant(ranking[k-1]) {
			v[MAP] += hitsWithin(k) / float64(k) / total
			v[MRR] = 1 / float64(k)
		}
	}
	v[P1] = hitsWithin(1)
	v[R10] = hitsWithin(10) / total
	v[Hit10] = math.Min(1, hitsWithin(10))
	v[RP5] = hitsWithin(5) / math.Min(5, total)
	return v
}

// slowAUROC compares every pair.
func slowAUROC(positive, negative []float64) float64 {
	sum := 0.0
	for _, p := range positive {
		for _, n := range negative {
			switch {
			case p > n:
				sum++
			case p == n:
				sum += 0.5
			}
		}
	}
	return sum / float64(len(positive)*len(negative))
}

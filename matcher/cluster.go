package matcher

import (
	"math"
	"runtime"
	"slices"
	"sync"
)

// Rows that have skills in common should stand in the same windows: then few windows
// can hold a query's best rows. A large segment's rows are therefore sorted by cluster,
// found by spherical k-means over their skills (Dhillon and Modha 2001) on a sample.
// Clusters change how fast an answer is found and nothing else.

const (
	clusterFrom   = 4096 // smaller segments are not clustered
	mostClusters  = 192
	clusterSample = 64 // sampled rows for each cluster
	clusterRounds = 4
	clusterSeeds  = 8 // candidates for each first centre, of which the least alike is taken
	clusterSkills = 1 << 14
	clusterKeep   = 12 // clusters that a skill speaks for when all rows are assigned
)

// clusters gives every row a cluster of about so many. A row's skills are skills[off[i]:off[i+1]].
func clusters(off []uint32, skills []int32, rows int) []uint16 {
	n := len(off) - 1
	out := make([]uint16, n)
	if n < clusterFrom {
		return out
	}
	train(off, skills, min(max(n/rows, 8), mostClusters)).assign(out)
	return out
}

// train finds k clusters of rows.
func train(off []uint32, skills []int32, k int) *clustering {
	n := len(off) - 1
	c := newClustering(off, skills, k)
	sample := make([]int, 0, k*clusterSample)
	for i := range min(n, k*clusterSample) {
		sample = append(sample, i*n/min(n, k*clusterSample))
	}
	c.seed(sample)
	label := make([]uint16, len(sample))
	for range clusterRounds {
		score := make([]float32, k)
		for i, row := range sample {
			label[i] = c.nearest(row, score)
		}
		c.recentre(sample, label)
	}
	return c
}

// groups gives each skill the cluster that it says most about.
func (c *clustering) groups() []uint8 {
	out := make([]uint8, len(c.at))
	for s, r := range c.at {
		out[s] = noGroup
		if r < 0 {
			continue
		}
		best := float32(0)
		for j, v := range c.centre[int(r)*c.k : (int(r)+1)*c.k] {
			if v > best {
				best, out[s] = v, uint8(j)
			}
		}
	}
	return out
}

// A clustering holds the centres, skill by skill.
type clustering struct {
	off    []uint32
	skills []int32
	k      int
	at     []int32   // skill -> its row in centre, -1 for one that does not count
	idf    []float32 // by row of centre
	centre []float32 // rows of k
}

func newClustering(off []uint32, skills []int32, k int) *clustering {
	c := &clustering{off: off, skills: skills, k: k}
	most := int32(-1)
	for _, s := range skills {
		most = max(most, s)
	}
	df := make([]int32, most+1)
	for _, s := range skills {
		df[s]++
	}
	c.at = make([]int32, most+1)
	var counted []int32
	for s, n := range df {
		c.at[s] = -1
		if n > 1 {
			counted = append(counted, int32(s))
		}
	}
	if len(counted) > clusterSkills {
		slices.SortStableFunc(counted, func(a, b int32) int { return int(df[b] - df[a]) })
		counted = counted[:clusterSkills]
	}
	for i, s := range counted {
		c.at[s] = int32(i)
		c.idf = append(c.idf, float32(math.Log(float64(len(off))/float64(df[s]))))
	}
	c.centre = make([]float32, len(counted)*k)
	return c
}

// scores adds up how like a row is to every centre.
func (c *clustering) scores(row int, score []float32) {
	clear(score)
	for _, s := range c.skills[c.off[row]:c.off[row+1]] {
		if r := c.at[s]; r >= 0 {
			w := c.idf[r]
			for j, v := range c.centre[int(r)*c.k : (int(r)+1)*c.k] {
				score[j] += w * v
			}
		}
	}
}

func (c *clustering) nearest(row int, score []float32) uint16 {
	c.scores(row, score)
	best := 0
	for j := range score {
		if score[j] > score[best] {
			best = j
		}
	}
	return uint16(best)
}

// length is that of a row's vector.
func (c *clustering) length(row int) float32 {
	sum := float32(0)
	for _, s := range c.skills[c.off[row]:c.off[row+1]] {
		if r := c.at[s]; r >= 0 {
			sum += c.idf[r] * c.idf[r]
		}
	}
	return float32(math.Sqrt(float64(sum)))
}

// add puts a row, at length 1, into a centre.
func (c *clustering) add(row int, cluster int) {
	length := c.length(row)
	if length == 0 {
		return
	}
	for _, s := range c.skills[c.off[row]:c.off[row+1]] {
		if r := c.at[s]; r >= 0 {
			c.centre[int(r)*c.k+cluster] += c.idf[r] / length
		}
	}
}

// seed chooses a row for each centre: of a few, the one that is least like the centres
// before it.
func (c *clustering) seed(sample []int) {
	score := make([]float32, c.k)
	next := uint64(1)
	for cluster := range c.k {
		best, least := 0, float32(math.Inf(1))
		for range clusterSeeds {
			next = next*6364136223846793005 + 1442695040888963407 // Knuth's MMIX
			row := sample[int(next>>33)%len(sample)]
			length := c.length(row)
			if length == 0 {
				continue
			}
			c.scores(row, score)
			if like := slices.Max(score) / length; like < least {
				best, least = row, like
			}
		}
		c.add(best, cluster)
	}
}

// recentre makes each centre the mean of its rows, at length 1.
func (c *clustering) recentre(sample []int, label []uint16) {
	clear(c.centre)
	for i, row := range sample {
		c.add(row, int(label[i]))
	}
	length := make([]float64, c.k)
	for i, v := range c.centre {
		length[i%c.k] += float64(v) * float64(v)
	}
	for j := range length {
		length[j] = math.Sqrt(max(length[j], 1e-12))
	}
	for i := range c.centre {
		c.centre[i] /= float32(length[i%c.k])
	}
}

// assign labels all rows. Each skill speaks for the few clusters that it says most
// about.
func (c *clustering) assign(label []uint16) {
	type voice struct {
		cluster uint16
		weight  float32
	}
	keep := min(clusterKeep, c.k)
	voices := make([]voice, len(c.idf)*keep)
	order := make([]int, c.k)
	for r := range c.idf {
		row := c.centre[r*c.k : (r+1)*c.k]
		for j := range order {
			order[j] = j
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case row[a] > row[b]:
				return -1
			case row[a] < row[b]:
				return 1
			}
			return 0
		})
		for i, j := range order[:keep] {
			voices[r*keep+i] = voice{uint16(j), row[j] * c.idf[r]}
		}
	}
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			score := make([]float32, c.k)
			for row := len(label) * w / workers; row < len(label)*(w+1)/workers; row++ {
				clear(score)
				for _, s := range c.skills[c.off[row]:c.off[row+1]] {
					if r := c.at[s]; r >= 0 {
						for _, v := range voices[int(r)*keep : (int(r)+1)*keep] {
							score[v.cluster] += v.weight
						}
					}
				}
				best := 0
				for j := range score {
					if score[j] > score[best] {
						best = j
					}
				}
				label[row] = uint16(best)
			}
		})
	}
	wg.Wait()
}

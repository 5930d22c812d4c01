package skillspace

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// Neighbour is a held skill that counts for a needed one. All values are thousandths,
// 0..1000, so that Sim follows from the parts exactly; see Blend.
type Neighbour struct {
	Skill        int32
	Sim          uint16
	Structure    uint16 // by broader and related
	Cooccurrence uint16 // what being found in the same company is worth
	Text         uint16 // what likeness of label and description is worth
}

// Blend is the rule by which the parts of a pair make its similarity, in thousandths:
//
//	statistics = min(most, 1 - (1-cooccurrence)(1-text))
//	sim        = max(structure, statistics)
//
// Either statistic alone is evidence that may be wrong, so two that agree count for
// more than each (noisy or), but never for more than most. What people said about a
// pair is never lowered.
func Blend(structure, cooccurrence, text, most uint16) uint16 {
	a, b := uint32(cooccurrence), uint32(text)
	both := (1000*(a+b) - a*b + 500) / 1000
	return max(structure, min(most, uint16(both)))
}

// Space is an immutable skill space.
type Space struct {
	o        Options
	report   Report
	ties     [][]tie // per needed skill
	contexts *contexts
	texts    *texts
	width    int       // of the vectors
	vectors  []float32 // skills x width, length 1 or (never met with others) 0
	belief   []float32 // per skill, 0..1: the square root of how far its company is believed
	near     [][]Neighbour
}

// Report says what a space was made from and how well.
type Report struct {
	Version  string  `json:"version"` // of input, options and seed
	Options  Options `json:"options"`
	Skills   int     `json:"skills"`
	Baskets  int     `json:"baskets"`  // with two or more skills
	Met      int     `json:"met"`      // skills found more often than by chance beside another
	Pairs    int     `json:"pairs"`    // unordered pairs of them that are kept
	Worded   int     `json:"worded"`   // skills with text
	Asked    int     `json:"asked"`    // eigenpairs computed
	Dims     int     `json:"dims"`     // those used: with a value above and a residual within the tolerance, relative to lambda_1
	Residual float64 `json:"residual"` // largest |A v - lambda v| / |lambda_1| of those used
	// ResidualAll is |A V - V L|_F / |A|_F of those used.
	ResidualAll float64 `json:"residual_all"`
	// Explained is the share of |A|_F^2 that those used hold.
	Explained float64 `json:"explained"`
	Products  int     `json:"products"` // matrix times vector
	Restarts  int     `json:"restarts"`
	Listed    int     `json:"listed"` // neighbours over all skills

	Took Timings `json:"-"`
}

// Timings is how long the parts took. They are no part of what is deterministic.
type Timings struct{ Check, Structure, Count, Eigen, Text, Near time.Duration }

// Build makes a space. The same input, in whatever order, with the same options makes
// the same space, whatever the number of processors. It fails with ErrInput or
// ErrOptions, naming what is wrong, and when ctx is done.
func Build(ctx context.Context, in Input, o Options) (*Space, error) {
	clock := time.Now()
	lap := func() time.Duration {
		now := time.Now()
		defer func() { clock = now }()
		return now.Sub(clock)
	}
	if err := o.validate(); err != nil {
		return nil, err
	}
	c, err := canonical(&in)
	if err != nil {
		return nil, err
	}
	s := &Space{o: o, report: Report{Version: c.version(o), Options: o, Skills: c.n, Baskets: len(c.baskets)}}
	took := &s.report.Took
	took.Check = lap()

	g := newGraph(c)
	s.ties = make([][]tie, c.n)
	parallel(c.n, 256, func(lo, hi int) {
		for i := lo; i < hi; i++ {
			s.ties[i] = g.ties(int32(i), &o)
		}
	})
	took.Structure = lap()

	s.contexts = newContexts(c, &o)
	took.Count = lap()
	if err := s.embed(ctx); err != nil {
		return nil, fmt.Errorf("skill space: %w", err)
	}
	took.Eigen = lap()

	s.texts = newTexts(c)
	for _, list := range s.texts.terms {
		if len(list) > 0 {
			s.report.Worded++
		}
	}
	took.Text = lap()
	if err := s.findNear(ctx); err != nil {
		return nil, fmt.Errorf("skill space: %w", err)
	}
	took.Near = lap()
	return s, nil
}

// embed gives each skill that met others the vector V L^Power at length 1.
func (s *Space) embed(ctx context.Context) error {
	r := &s.report
	skills, a := s.contexts.ppmi.active()
	r.Met, r.Pairs = len(skills), len(a.col)/2
	s.belief = make([]float32, r.Skills)
	if s.o.CooccurrenceMost == 0 || len(skills) == 0 {
		return nil
	}
	e, err := leading(ctx, a, s.o.Dimensions, s.o.Tolerance, s.o.Seed)
	if err != nil {
		return err
	}
	s.place(skills, a, e)
	return nil
}

// place makes the vectors of the skills met, given the eigenpairs of their matrix.
func (s *Space) place(skills []int32, a *csr, e *eigenpairs) {
	n, r := s.report.Skills, &s.report
	r.Asked, r.Products, r.Restarts = len(e.values), e.products, e.restarts
	var used []int
	all, explained := 0.0, 0.0
	for j, v := range e.values {
		if v > s.o.Tolerance*e.values[0] && e.residual[j] <= s.o.Tolerance {
			used = append(used, j)
			r.Residual = max(r.Residual, e.residual[j])
			all += e.residual[j] * e.residual[j]
			explained += v * v
		}
	}
	r.Dims = len(used)
	if r.Dims == 0 {
		return
	}
	total := a.squares()
	r.ResidualAll, r.Explained = math.Sqrt(all/total)*math.Abs(e.values[0]), explained/total

	s.width = r.Dims
	s.vectors = make([]float32, n*s.width)
	v := make([]float64, s.width)
	for k, i := range skills {
		sum := 0.0
		for d, j := range used {
			v[d] = e.vectors[k*len(e.values)+j] * math.Pow(e.values[j], s.o.Power)
			sum += v[d] * v[d]
		}
		if sum == 0 {
			continue
		}
		for d := range v {
			s.vectors[int(i)*s.width+d] = float32(v[d] / math.Sqrt(sum))
		}
		if w := s.contexts.support[i]; w > 0 {
			s.belief[i] = float32(math.Sqrt(w / (w + s.o.Doubt)))
		}
	}
}

// worth is what the cosines of a pair are worth, in thousandths.
func (s *Space) worth(i, j int, cosine, text float32) (cooccurrence, words uint16) {
	return thousandths(float64(cosine*(s.belief[i]*s.belief[j])) * s.o.CooccurrenceMost), thousandths(float64(text) * s.o.TextMost)
}

const nearRows = 64 // skills whose cosines with all others are computed at once

// findNear lists the neighbours of every skill. It looks at every pair, so the lists
// are exact.
func (s *Space) findNear(ctx context.Context) error {
	n := s.report.Skills
	s.near = make([][]Neighbour, n)
	parallel(n, nearRows, func(lo, hi int) {
		if ctx.Err() != nil {
			return
		}
		cosines := make([]float32, (hi-lo)*n)
		if s.width > 0 {
			blas32.Gemm(blas.NoTrans, blas.Trans, 1,
				blas32.General{Rows: hi - lo, Cols: s.width, Stride: s.width, Data: s.vectors[lo*s.width:]},
				blas32.General{Rows: n, Cols: s.width, Stride: s.width, Data: s.vectors}, 0,
				blas32.General{Rows: hi - lo, Cols: n, Stride: n, Data: cosines})
		}
		words := make([]float32, n)
		for i := lo; i < hi; i++ {
			clear(words)
			if s.o.TextMost > 0 {
				s.texts.add(i, words)
			}
			s.near[i] = s.nearest(i, cosines[(i-lo)*n:(i-lo+1)*n], words)
		}
	})
	for _, list := range s.near {
		s.report.Listed += len(list)
	}
	return ctx.Err()
}

// nearest lists the neighbours of one skill: those that structure names, and of the
// others the best until there are enough.
func (s *Space) nearest(i int, cosines, words []float32) []Neighbour {
	most, least := thousandths(s.o.Most), max(1, thousandths(s.o.Least))
	out := make([]Neighbour, 0, s.o.Neighbours)
	for _, t := range s.ties[i] {
		c, w := s.worth(i, int(t.skill), cosines[t.skill], words[t.skill])
		out = append(out, Neighbour{t.skill, Blend(t.sim, c, w, most), t.sim, c, w})
		cosines[t.skill], words[t.skill] = 0, 0 // not again below
	}
	cosines[i], words[i] = 0, 0
	if room := s.o.Neighbours - len(out); room > 0 {
		h := heap{room: room}
		company := 1000 * float32(s.o.CooccurrenceMost) * s.belief[i]
		text := 1000 * float32(s.o.TextMost)
		floor := float32(least) // no pair below it can be listed
		for j := range cosines {
			// The parts' sum bounds their blend; 2 is more than rounding adds.
			if max(0, company*s.belief[j]*cosines[j])+text*words[j]+2 < floor {
				continue
			}
			c, w := s.worth(i, j, cosines[j], words[j])
			if sim := Blend(0, c, w, most); sim >= least {
				h.offer(Neighbour{int32(j), sim, 0, c, w})
				if len(h.items) == room {
					floor = float32(h.items[0].Sim)
				}
			}
		}
		out = append(out, h.items...)
	}
	slices.SortFunc(out, better)
	return slices.Clip(out)
}

// better orders neighbours: similarity, then number.
func better(a, b Neighbour) int {
	return cmp.Or(cmp.Compare(b.Sim, a.Sim), cmp.Compare(a.Skill, b.Skill))
}

// heap keeps the best few of what it is offered, the worst on top.
type heap struct {
	room  int
	items []Neighbour
}

func (h *heap) offer(n Neighbour) {
	if len(h.items) < h.room {
		h.items = append(h.items, n)
		for k := len(h.items) - 1; k > 0; {
			up := (k - 1) / 2
			if better(h.items[k], h.items[up]) <= 0 {
				break
			}
			h.items[k], h.items[up] = h.items[up], h.items[k]
			k = up
		}
		return
	}
	if better(n, h.items[0]) > 0 {
		return
	}
	h.items[0] = n
	for k := 0; ; {
		down := 2*k + 1
		if down+1 < len(h.items) && better(h.items[down+1], h.items[down]) > 0 {
			down++
		}
		if down >= len(h.items) || better(h.items[down], h.items[k]) <= 0 {
			return
		}
		h.items[k], h.items[down] = h.items[down], h.items[k]
		k = down
	}
}

// Report says what the space was made from.
func (s *Space) Report() Report { return s.report }

// Neighbours lists the held skills that count for a needed one, by similarity, then
// number, without the skill itself (its similarity is 1). Nobody may change the list.
// nil for a number outside the space.
func (s *Space) Neighbours(need int32) []Neighbour {
	if need < 0 || int(need) >= len(s.near) {
		return nil
	}
	return s.near[need]
}

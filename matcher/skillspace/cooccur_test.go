package skillspace

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// at is entry (i, j), 0 when it is not stored.
func (a *csr) at(i, j int) float64 {
	cols, vals := a.row(i)
	if k, ok := slices.BinarySearch(cols, int32(j)); ok {
		return float64(vals[k])
	}
	return 0
}

func contextsOf(t testing.TB, in Input, o Options) *contexts {
	t.Helper()
	c, err := canonical(&in)
	if err != nil {
		t.Fatal(err)
	}
	return newContexts(c, &o)
}

// TestPPMIByHand: two baskets, {0,1} and {0,1,2} with weights 1.
//
//	mass of a pair        {0,1}: 1/2 from the first (S = 2) + 1/3 from the second = 5/6; {0,2} and {1,2}: 1/3
//	mass of a skill       0 and 1: 5/6 + 1/3 = 7/6; 2: 2/3; C = 3
//	without smoothing     ln( c(i,j) C / (c(i) c(j)) )
//	{0,1}                 ln( 5/6 * 3 / (49/36) ) = ln(90/49) = 0.608
//	{0,2}                 ln( 1/3 * 3 / (7/9) )   = ln(9/7)   = 0.251
func TestPPMIByHand(t *testing.T) {
	in := Input{Skills: 4, Baskets: []Basket{
		{Items: []Item{{0, 1}, {1, 1}}, Weight: 1},
		{Items: []Item{{2, 1}, {0, 1}, {1, 1}}, Weight: 1},
		{Items: []Item{{3, 1}}, Weight: 1}, // alone: says nothing
	}}
	o := DefaultOptions()
	o.Smoothing = 1
	x := contextsOf(t, in, o)
	near := func(i, j int, want float64) {
		t.Helper()
		if got := x.ppmi.at(i, j); math.Abs(got-want) > 1e-6 || got != x.ppmi.at(j, i) {
			t.Errorf("PPMI(%d,%d) = %v and %v, want %v", i, j, got, x.ppmi.at(j, i), want)
		}
	}
	near(0, 1, math.Log(90./49))
	near(0, 2, math.Log(9./7))
	near(1, 2, math.Log(9./7))
	near(0, 0, 0)
	near(3, 0, 0)
	if n := x.together(0, 1); n != 2 {
		t.Errorf("0 and 1 together: %d baskets, want 2", n)
	}
	if x.support[2] != 1 || x.support[3] != 0 {
		t.Errorf("support %v", x.support)
	}

	// Smoothing by half: c(j)/C becomes the mean, in logarithms, of it and sqrt(c(j))/C',
	// C' = 2 sqrt(7/6) + sqrt(2/3); so for {0,2}, of rare 2, the value falls.
	o.Smoothing = .5
	x = contextsOf(t, in, o)
	root := 2*math.Sqrt(7./6) + math.Sqrt(2./3)
	chance := func(c float64) float64 { return (math.Log(c/3) + math.Log(math.Sqrt(c)/root)) / 2 }
	near(0, 1, math.Log(5./6/3)-2*chance(7./6))
	near(0, 2, math.Log(1./3/3)-chance(7./6)-chance(2./3))

	// Shifted by ln 1.5, {0,2} is no more often together than by chance.
	o.Smoothing, o.Shift = 1, 1.5
	x = contextsOf(t, in, o)
	near(0, 1, math.Log(90./49/1.5))
	near(0, 2, 0)
}

// TestPPMIIsSymmetricAndBounded against a plain count over all pairs.
func TestPPMIIsSymmetricAndBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := randomInput(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		o := DefaultOptions()
		o.PairsPerSkill = rapid.IntRange(1, 30).Draw(t, "pairs")
		c, err := canonical(&in)
		if err != nil {
			t.Fatal(err)
		}
		x := newContexts(c, &o)
		n := in.Skills
		count := make([][]float64, n)
		mass := make([]float64, n)
		for i := range count {
			count[i] = make([]float64, n)
		}
		for _, b := range c.baskets {
			sum := 0.0
			for _, it := range b.Items {
				sum += it.Weight
			}
			for _, p := range b.Items {
				for _, q := range b.Items {
					if p.Skill != q.Skill {
						count[p.Skill][q.Skill] += b.Weight * p.Weight * q.Weight / sum
						mass[p.Skill] += b.Weight * p.Weight * q.Weight / sum
					}
				}
			}
		}
		total, smoothed := 0.0, 0.0
		for _, m := range mass {
			total += m
			smoothed += math.Pow(m, o.Smoothing)
		}
		for i := range n {
			var kept []float64
			larger := 0.0 // the largest value of the row that was left out
			for j := range n {
				a, b := x.ppmi.at(i, j), x.ppmi.at(j, i)
				if a != b {
					t.Fatalf("(%d,%d) %v, mirrored %v", i, j, a, b)
				}
				direct := math.Log(count[i][j] * smoothed / (mass[i] * math.Pow(mass[j], o.Smoothing)))
				mirror := math.Log(count[i][j] * smoothed / (mass[j] * math.Pow(mass[i], o.Smoothing)))
				want := (direct + mirror) / 2
				switch {
				case i == j || count[i][j] == 0 || want < 1e-6:
					if a > 1e-5 {
						t.Fatalf("(%d,%d) %v, want 0", i, j, a)
					}
				case a > 0:
					kept = append(kept, a)
					if math.Abs(a-want) > 1e-5 {
						t.Fatalf("(%d,%d) %v, want %v", i, j, a, want)
					}
				default:
					larger = max(larger, want)
				}
			}
			above := 0
			for _, v := range kept {
				if v > larger-1e-5 {
					above++
				}
			}
			if larger > 1e-5 && above < o.PairsPerSkill {
				t.Fatalf("skill %d: an entry %v left out with %d above it, %d are to be kept", i, larger, above, o.PairsPerSkill)
			}
		}
		if len(x.ppmi.col) > 2*n*o.PairsPerSkill {
			t.Fatalf("%d entries for %d skills, %d each", len(x.ppmi.col), n, o.PairsPerSkill)
		}
	})
}

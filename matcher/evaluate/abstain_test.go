package evaluate

import (
	"context"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func scored(scores ...float64) []*Row {
	var out []*Row
	for _, s := range scores {
		out = append(out, &Row{Query: "q", ID: "d", Score: s})
	}
	return out
}

func likely(ps ...float64) []*Row {
	out := scored(ps...)
	for i := range out {
		out[i].Probability, out[i].Score = &ps[i], -ps[i] // the score says the opposite
	}
	return out
}

func TestAUROCByHand(t *testing.T) {
	for _, test := range []struct {
		name               string
		positive, negative []*Row
		want               float64
		by                 string
	}{
		{"apart", scored(2, 3), scored(0, 1), 1, ByScore},
		{"reversed", scored(0), scored(1, 2), 0, ByScore},
		{"all tied", scored(1, 1), scored(1, 1, 1), 0.5, ByScore},
		// Pairs of 1, 3, 3 with 2, 3: lose, lose; win, tie; win, tie: 3 of 6.
		{"with ties", scored(1, 3, 3), scored(2, 3), 0.5, ByScore},
		{"probability", likely(0.9, 0.4), likely(0.3, 0.5), 0.75, ByProbability},
		// A query without rows is below every score, and ties with another such.
		{"no rows", []*Row{{Score: -9}, nil}, []*Row{nil}, 0.75, ByScore},
		{"no rows at all", []*Row{nil}, []*Row{nil}, 0.5, ByScore},
	} {
		s, err := Separate(test.positive, test.negative)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if s.AUROC != test.want || s.By != test.by || s.Positive != len(test.positive) || s.Negative != len(test.negative) {
			t.Errorf("%s: got %+v, want %g by %s", test.name, s, test.want, test.by)
		}
	}
}

func TestSeparateRefuses(t *testing.T) {
	for _, test := range []struct {
		positive, negative []*Row
		says               string
	}{
		{nil, scored(1), "positive"},
		{scored(1), nil, "negative"},
		{scored(1), likely(0.5), "has a probability"},
		{append(likely(0.5), scored(1)...), likely(0.5), "has a probability"},
	} {
		if _, err := Separate(test.positive, test.negative); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("got %v, want something on %q", err, test.says)
		}
	}
}

func TestAUROCEqualsPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.SliceOfN(rapid.OneOf(
			rapid.Map(rapid.IntRange(-3, 3), func(i int) float64 { return float64(i) / 2 }), // many ties
			rapid.Float64Range(-1e300, 1e300)), 1, 40)
		positive, negative := draw.Draw(t, "positive"), draw.Draw(t, "negative")
		s, err := Separate(scored(positive...), scored(negative...))
		if err != nil {
			t.Fatal(err)
		}
		if want := slowAUROC(positive, negative); !near(s.AUROC, want) {
			t.Errorf("AUROC of %v against %v is %g, want %g", positive, negative, s.AUROC, want)
		}
		other, _ := Separate(scored(negative...), scored(positive...))
		if !near(s.AUROC+other.AUROC, 1) {
			t.Errorf("%g and the other way round %g do not add to 1", s.AUROC, other.AUROC)
		}
	})
}

// TestAUROCInterval: scores i of 100 against 0.5+i have an AUROC near a half; the
// interval holds it, is the same for a seed, and is a point where nothing varies. Hanley
// and McNeil's standard error for 100 against 100 at .5 is .041, hence .42 to .58.
func TestAUROCInterval(t *testing.T) {
	var positive, negative []float64
	for i := range 100 {
		positive, negative = append(positive, float64(i)), append(negative, float64(i)+0.5)
	}
	s, err := Separate(scored(positive...), scored(negative...))
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Interval(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(first.Low-0.415) > 0.03 || math.Abs(first.High-0.575) > 0.03 {
		t.Errorf("got %+v, want about .415 to .575", first)
	}
	again, _ := s.Interval(t.Context(), 1)
	other, _ := s.Interval(t.Context(), 2)
	if again != first || other == first {
		t.Errorf("seed 1 gives %+v and %+v, seed 2 %+v", first, again, other)
	}
	apart, _ := Separate(scored(2, 3), scored(0, 1))
	if in, _ := apart.Interval(t.Context(), 1); in != (Interval{1, 1}) {
		t.Errorf("apart: %+v", in)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Interval(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled context: %v", err)
	}
}

// TestReliabilityByHand: .95 and 1 share the last bin, of which one is right; .2 opens
// a bin, and the largest number below it closes the one before.
func TestReliabilityByHand(t *testing.T) {
	rows := likely(0.95, 1, 0.2, math.Nextafter(0.2, 0))
	for i, id := range []string{"right", "wrong", "right", "unjudged"} {
		rows[i].ID = id
	}
	rows = append(rows, nil, &Row{Query: "q", ID: "right", Score: 1})
	bins, ok := Reliability(rows, newQrels(t, []Judgement{{"q", "right", 2}, {"q", "wrong", 0}}))
	if !ok {
		t.Fatal("no table")
	}
	for i, b := range bins {
		want := Bin{From: float64(i) / 10, To: float64(i+1) / 10}
		switch i {
		case 1:
			want.N, want.Probability, want.Right = 1, math.Nextafter(0.2, 0), 0
		case 2:
			want.N, want.Probability, want.Right = 1, 0.2, 1
		case 9:
			want.N, want.Probability, want.Right = 2, (0.95+1)/2, 0.5
		}
		if b != want {
			t.Errorf("bin %d: %+v, want %+v", i, b, want)
		}
	}
	if _, ok := Reliability(scored(1, 2), newQrels(t, nil)); ok {
		t.Error("a table without probabilities")
	}
}

// TestReliabilityEqualsReference looks for each row's bin from the top.
func TestReliabilityEqualsReference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ps := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1),
			rapid.Map(rapid.IntRange(0, 10), func(i int) float64 { return float64(i) / 10 })), 1, 60).Draw(t, "p")
		rows := likely(ps...)
		var n [NumBins]int
		var sum, right [NumBins]float64
		for i, row := range rows {
			bin := NumBins - 1
			for ps[i] < float64(bin)/NumBins {
				bin--
			}
			n[bin]++
			sum[bin] += ps[i]
			if rapid.Bool().Draw(t, "right") {
				row.ID = "right"
				right[bin]++
			}
		}
		qrels, err := NewQrels([]Judgement{{"q", "right", 1}})
		if err != nil {
			t.Fatal(err)
		}
		bins, _ := Reliability(rows, qrels)
		for i, b := range bins {
			if b.N != n[i] || b.N > 0 && (!near(b.Probability, sum[i]/float64(n[i])) || !near(b.Right, right[i]/float64(n[i]))) {
				t.Errorf("bin %d: %+v, want n %d, mean %g, right %g", i, b, n[i], sum[i]/float64(n[i]), right[i]/float64(n[i]))
			}
		}
	})
}

func TestFirst(t *testing.T) {
	run := newRun(t, []Row{{Query: "q", ID: "b", Rank: 2}, {Query: "q", ID: "a", Rank: 1}, {Query: "p", ID: "c", Rank: 9}})
	var got []string
	for _, row := range run.First([]string{"q", "none", "p"}) {
		if row == nil {
			got = append(got, "-")
			continue
		}
		got = append(got, row.ID)
	}
	if !reflect.DeepEqual(got, []string{"a", "-", "c"}) || !reflect.DeepEqual(run.Queries(), []string{"p", "q"}) {
		t.Errorf("first rows %v of %v", got, run.Queries())
	}
}

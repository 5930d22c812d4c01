package market

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"talentmatch/index/extract"
	"talentmatch/testdata"
)

// TestAblation measures what each part buys: every part switched off by itself, on every
// labelled set that is there.
//
//	TALENTMATCH_ABLATION=1 go test ./market -run TestAblation -v -timeout 1h
//
// It takes some minutes. A part that buys nothing on any set is to be removed.
func TestAblation(t *testing.T) {
	if os.Getenv("TALENTMATCH_ABLATION") != "1" {
		t.Skip("set TALENTMATCH_ABLATION=1 to measure what each part buys, which takes minutes")
	}
	var sections []*ablation
	for _, measure := range []func(*testing.T) *ablation{ablateLinking, ablateExtraction, ablateMatching, ablateProbability, ablateLearning} {
		sections = append(sections, measure(t))
	}
	var b strings.Builder
	for _, a := range sections {
		a.write(&b)
	}
	t.Logf("what the figures become without each part (-) or with one that was left out (+)\n"+
		"* differs by more than two standard errors of the paired differences\n"+
		"\"buys\" is the most on any set, \"nothing\" below %.3f, ? where it is not certain on any\n%s", nothing, b.String())
}

// nothing is what a part must buy on some set to be kept.
const nothing = .002

// An ablation is a section of the table: the whole in its first row, and in the others
// what changes without a part ("- name") or with one more ("+ name"). All figures are
// the better the higher they are.
type ablation struct {
	title         string
	rows, columns []string
	figures       map[[2]string]figure // by row and column
}

const wholeRow = "the whole"

func newAblation(title string) *ablation {
	return &ablation{title: title, rows: []string{wholeRow}, figures: map[[2]string]figure{}}
}

func (a *ablation) set(row, column string, f figure) {
	if !slices.Contains(a.rows, row) {
		a.rows = append(a.rows, row)
	}
	if !slices.Contains(a.columns, column) {
		a.columns = append(a.columns, column)
	}
	a.figures[[2]string{row, column}] = f
}

// A figure is a value with the samples that it is the mean of: one list per kind of
// query, each in the same order whatever is switched off. None: its error is not known.
type figure struct {
	value   float64
	samples [][]float64
}

// meanOf is the mean over queries.
func meanOf(values []float64) figure { return figure{mean(values), [][]float64{values}} }

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// ratioOf is sum(a)/sum(b); its samples are what each query adds to it (delta method).
func ratioOf(a, b []float64) figure {
	per := mean(b)
	if per == 0 {
		return figure{}
	}
	r, samples := mean(a)/per, make([]float64, len(a))
	for i := range a {
		samples[i] = r + (a[i]-r*b[i])/per
	}
	return figure{r, [][]float64{samples}}
}

// aurocOf is the chance that a positive's value is above a negative's, ties half; its
// samples are each query's own chances (DeLong et al. 1988).
func aurocOf(positive, negative []float64) figure {
	above := func(p, n float64) float64 {
		switch {
		case p > n:
			return 1
		case p == n:
			return .5
		}
		return 0
	}
	f := figure{samples: [][]float64{make([]float64, len(positive)), make([]float64, len(negative))}}
	for i, p := range positive {
		for j, n := range negative {
			v := above(p, n)
			f.samples[0][i] += v / float64(len(negative))
			f.samples[1][j] += v / float64(len(positive))
		}
	}
	f.value = mean(f.samples[0])
	return f
}

// certain reports whether two figures of the same queries differ by more than two
// standard errors of the difference.
func (f figure) certain(other figure) bool {
	variance := 0.0
	for k, samples := range f.samples {
		differences := make([]float64, len(samples))
		for i := range samples {
			differences[i] = samples[i] - other.samples[k][i]
		}
		middle, n := mean(differences), float64(len(differences))
		for _, d := range differences {
			variance += (d - middle) * (d - middle) / n / n
		}
	}
	return len(f.samples) > 0 && math.Abs(f.value-other.value) > 2*math.Sqrt(variance)
}

func (a *ablation) write(b *strings.Builder) {
	name := 0
	for _, row := range a.rows {
		name = max(name, len(row))
	}
	fmt.Fprintf(b, "\n%s\n%*s", a.title, name, "")
	for _, column := range a.columns {
		fmt.Fprintf(b, "  %*s ", cellWidth, column)
	}
	fmt.Fprintf(b, "  %*s\n", cellWidth, "buys")
	for _, row := range a.rows {
		fmt.Fprintf(b, "%-*s", name, row)
		most, sure := math.Inf(-1), "?"
		for _, column := range a.columns {
			whole := a.figures[[2]string{wholeRow, column}]
			f, there := a.figures[[2]string{row, column}]
			cell, mark := "", " "
			switch {
			case !there:
			case row == wholeRow:
				cell = fmt.Sprintf("%.4f", f.value)
			default:
				gain := f.value - whole.value
				cell = fmt.Sprintf("%+.4f", gain)
				if strings.HasPrefix(row, "-") {
					gain = -gain
				}
				if most = max(most, gain); f.certain(whole) {
					if mark = "*"; gain > 0 {
						sure = " "
					}
				}
			}
			fmt.Fprintf(b, "  %*s%s", max(cellWidth, len(column)), cell, mark)
		}
		switch {
		case row == wholeRow:
			b.WriteByte('\n')
		case most < nothing:
			fmt.Fprintf(b, "  %*s\n", cellWidth, "nothing")
		default:
			fmt.Fprintf(b, "  %*.4f%s\n", cellWidth, most, sure)
		}
	}
}

// cellWidth is how wide a column is at least: a sign, four decimals and what parts them.
const cellWidth = 8

// TestAblationFigures: the samples of every kind of figure have it as their mean, and
// what is certain is what lies beyond two standard errors.
func TestAblationFigures(t *testing.T) {
	for name, tt := range map[string]struct {
		f    figure
		want float64
	}{
		"mean":  {meanOf([]float64{1, 0, .5}), .5},
		"ratio": {ratioOf([]float64{2, 0, 1}, []float64{2, 1, 1}), .75},
		"auroc": {aurocOf([]float64{3, 1}, []float64{1, 2, 0}), (3 + 1.5) / 6},
	} {
		if math.Abs(tt.f.value-tt.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", name, tt.f.value, tt.want)
		}
		for _, samples := range tt.f.samples {
			if math.Abs(mean(samples)-tt.want) > 1e-12 {
				t.Errorf("%s: samples %v have the mean %v, want %v", name, samples, mean(samples), tt.want)
			}
		}
	}
	a, b := meanOf([]float64{1, 1, 1, 1}), meanOf([]float64{1, .9, 1, .9})
	if !a.certain(b) || a.certain(meanOf([]float64{1, 1, 1, .9})) || a.certain(a) || (figure{value: 1}).certain(figure{}) {
		t.Error("certainty")
	}
	whole := newAblation("x")
	whole.set(wholeRow, "MAP", a)
	whole.set("- lost", "MAP", b)
	whole.set("- idle", "MAP", a)
	whole.set("+ idle", "MAP", b)
	whole.set("- rarely", "MAP", meanOf([]float64{1, 1, 1, .9}))
	var out strings.Builder
	whole.write(&out)
	if got := strings.Join(strings.Fields(out.String()), " "); got != "x MAP buys the whole 1.0000 - lost -0.0500* 0.0500 - idle +0.0000 nothing + idle -0.0500* nothing - rarely -0.0250 0.0250?" {
		t.Error(got)
	}
}

// ablateExtraction reads the labelled sentences and leaves out what parts of the reading
// found or said. What would have been found instead, of a misspelt label a shorter one
// within it, is not looked for.
func ablateExtraction(t *testing.T) *ablation {
	a := newAblation("skills in sentences, testdata/labelled")
	m := openMarket(t)
	all, err := testdata.Sentences()
	if err != nil {
		t.Fatal(err)
	}
	byID, r := map[string]*testdata.Sentence{}, ExtractRequest{Latent: true, Removed: true}
	for i := range all {
		byID[all[i].ID] = &all[i]
		r.Texts = append(r.Texts, LinkText{all[i].ID, all[i].Text})
	}
	reading := map[string][]ExtractItem{}
	if err := m.Extract(context.Background(), r, nil, func(a ExtractAnswer) error {
		reading[a.ID] = a.Items
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	asked := func(it *ExtractItem) bool { return !it.Removed }
	for _, part := range []struct {
		row string
		as  func(it *ExtractItem) bool // changes a find; false leaves it out
	}{
		{wholeRow, asked},
		{"- near matches (misspellings)", func(it *ExtractItem) bool { return asked(it) && it.How != extract.ByNear }},
		{"- inflections", func(it *ExtractItem) bool { return asked(it) && it.How != extract.ByInflected }},
		{"- skills that are only meant", func(it *ExtractItem) bool { return asked(it) && it.How != ByLatent }},
		{"- clauses: levels", func(it *ExtractItem) bool { it.Level = 0; return asked(it) }},
		{"- clauses: required, preferred", func(it *ExtractItem) bool { it.Required = nil; return asked(it) }},
		{"- clauses: what is not asked for", func(it *ExtractItem) bool { return true }},
	} {
		for _, split := range []string{testdata.Dev, testdata.Test} {
			parts := map[string]*[2][]float64{} // above and below the line of the ratio
			add := func(column string, above, below int) {
				if parts[column] == nil {
					parts[column] = &[2][]float64{}
				}
				parts[column][0], parts[column][1] = append(parts[column][0], float64(above)), append(parts[column][1], float64(below))
			}
			for i := range all {
				s := &all[i]
				if s.Split != split {
					continue
				}
				var items []ExtractItem
				for _, it := range reading[s.ID] {
					if part.as(&it) {
						items = append(items, it)
					}
				}
				var q sentenceQuality
				q.add(s, items)
				add("named F1", 2*q.named.hit, 2*q.named.hit+q.named.wrong+q.named.missed)
				add("level", q.level, q.named.hit)
				add("required", q.required, q.named.hit)
				add("all F1", 2*q.with.hit, 2*q.with.hit+q.with.wrong+q.with.missed)
			}
			for _, column := range []string{"named F1", "level", "required", "all F1"} {
				a.set(part.row, column+" "+split, ratioOf(parts[column][0], parts[column][1]))
			}
		}
	}
	return a
}

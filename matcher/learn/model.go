package learn

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"time"
)

// What a model file says of itself.
const (
	modelFormat  = "talentmatch-model"
	modelVersion = 1
)

// MaxModelBytes bounds what ReadModel reads.
const MaxModelBytes = 1 << 20

// Model is what was learned, and what it was learned from and measured by. It holds no
// names or texts of the market.
type Model struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	For     string `json:"for" doc:"programs: programs are the queries; demands"`
	AsOf    string `json:"as_of" doc:"date that the caller gave, YYYY-MM-DD"`
	Data    string `json:"data" doc:"hash of the labels and of the taxonomy"`
	Labels  string `json:"labels" doc:"outcomes, or qrels: what the evidence comes from"`

	Queries   int    `json:"queries" doc:"labelled, with a match"`
	Pairs     int    `json:"pairs" doc:"labelled matches"`
	Unmatched int    `json:"unmatched" doc:"queries known to have no match"`
	Group     string `json:"group" doc:"what was held out together"`
	Folds     int    `json:"folds"`
	Seed      uint64 `json:"seed"`

	Applicable  bool               `json:"applicable" doc:"better than the defaults on held-out groups, by more than the standard error"`
	Lambda      float64            `json:"lambda" doc:"strength of the ridge, by inner cross-validation"`
	Features    []Term             `json:"features" doc:"weights on standardised features"`
	Asked       map[string]float64 `json:"asked" doc:"weights of the components that the defaults rank by"`
	Suggested   map[string]float64 `json:"suggested" doc:"weights of the components that suit the labels best, adding up to 1"`
	Calibration Calibration        `json:"calibration"`
	HeldOut     HeldOut            `json:"held_out"`
}

// HeldOut is what was measured on groups that the fit had not seen.
type HeldOut struct {
	Defaults      map[string]float64 `json:"defaults"`
	Suggested     map[string]float64 `json:"suggested"`
	Learned       map[string]float64 `json:"learned"`
	Gain          float64            `json:"gain" doc:"of nDCG@10, learned over defaults"`
	StandardError float64            `json:"standard_error" doc:"of the gain, over queries"`
	LogLoss       float64            `json:"log_loss" doc:"of the probabilities"`
	AUROC         *float64           `json:"auroc,omitempty" doc:"of the first match's probability, queries with a match against those without"`
	Reliability   []Bin              `json:"reliability"`
}

// Score ranks a candidate: features in the order of names, evidence last. Errors: names
// that the model does not know.
func (m *Model) Score(names []string) (func(row []float32) float64, error) {
	l := &linear{}
	for _, name := range append(slices.Clone(names), FeatureAlike, FeatureKin) {
		i := slices.IndexFunc(m.Features, func(t Term) bool { return t.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("the model has no weight for %s: it was learned by another version", name)
		}
		f := m.Features[i]
		l.mean, l.scale, l.weight = append(l.mean, f.Mean), append(l.scale, f.Scale), append(l.weight, f.Weight)
	}
	if len(l.weight) != len(m.Features) {
		return nil, fmt.Errorf("the model has %d features, this program %d: it was learned by another version", len(m.Features), len(l.weight))
	}
	return l.score, nil
}

// Squash brings a ranking value into [0,1], in the same order.
func Squash(v float64) float64 { return sigmoid(v / 2) }

// Encode writes the model as indented JSON; the same model gives the same bytes.
func (m *Model) Encode(w io.Writer) error {
	if err := m.Validate(); err != nil {
		return err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}

// ReadModel reads what Encode wrote and refuses everything else, saying why.
func ReadModel(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxModelBytes+1))
	if err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	if len(data) > MaxModelBytes {
		return nil, fmt.Errorf("model: longer than %d bytes: not a model file", MaxModelBytes)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	m := &Model{}
	if err := d.Decode(m); err != nil {
		return nil, fmt.Errorf("model: not a model file: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("model: something follows the model")
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// Validate checks what a reader relies on.
func (m *Model) Validate() error {
	bad := func(format string, args ...any) error { return fmt.Errorf("model: "+format, args...) }
	switch {
	case m.Format != modelFormat:
		return bad("format is %q, want %q", m.Format, modelFormat)
	case m.Version != modelVersion:
		return bad("version %d, this program reads %d", m.Version, modelVersion)
	case m.For != "programs" && m.For != "demands":
		return bad("for is %q, must be programs or demands", m.For)
	case len(m.Features) == 0:
		return bad("no features")
	}
	if _, err := time.Parse(time.DateOnly, m.AsOf); err != nil {
		return bad("as_of is %q, must be YYYY-MM-DD", m.AsOf)
	}
	seen := map[string]bool{}
	for _, list := range [][]Term{m.Features, m.Calibration.Fits.Terms, m.Calibration.Item.Terms} {
		for _, t := range list {
			if seen[t.Name] || t.Name == "" {
				return bad("feature %q is empty or occurs twice", t.Name)
			}
			seen[t.Name] = true
			if !finite(t.Weight, t.Mean, t.Scale) || t.Scale < 0 {
				return bad("feature %s has a weight, mean or scale that is no number", t.Name)
			}
		}
	}
	for _, t := range m.Calibration.Fits.Terms {
		if !slices.Contains([]string{TermExplained, TermCompany, TermAnswered}, t.Name) {
			return bad("calibration has an unknown term %q", t.Name)
		}
	}
	for _, t := range m.Calibration.Item.Terms {
		if t.Name != TermRank && t.Name != TermBehind {
			return bad("calibration has an unknown term %q", t.Name)
		}
		if t.Weight > 0 {
			return bad("calibration: probabilities would rise with %s", t.Name)
		}
	}
	if !finite(m.Calibration.Fits.Bias, m.Calibration.Item.Bias, m.Lambda) {
		return bad("calibration has a bias that is no number")
	}
	for i, k := range m.Calibration.Map {
		if !finite(k.From, k.To) || k.To < 0 || k.To > 1 || (i > 0 && (k.From <= m.Calibration.Map[i-1].From || k.To < m.Calibration.Map[i-1].To)) {
			return bad("the calibration's map does not rise at point %d", i+1)
		}
	}
	if m.Applicable && !(m.HeldOut.Gain > m.HeldOut.StandardError) {
		return bad("marked applicable, but its gain %g does not exceed its standard error %g", m.HeldOut.Gain, m.HeldOut.StandardError)
	}
	return nil
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

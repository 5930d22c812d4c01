package market

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"talentmatch/matcher"
	"talentmatch/matcher/learn"
	"talentmatch/store"
	"talentmatch/talent"
)

// ModelFile is the name of a model in a data folder. It is used only when asked for.
const ModelFile = "model.json"

// Learned is a model together with the known matches that its evidence comes from. It is
// safe for concurrent use.
type Learned struct {
	model  *learn.Model
	score  func(row []float32) float64
	known  []learn.Known
	memory *learn.Memory

	mu    sync.Mutex
	texts *knownTexts
	of    *state // what texts belongs to
}

// LearnedMeta says which model ranked.
type LearnedMeta struct {
	AsOf      string             `json:"as_of"`
	Data      string             `json:"data" doc:"hash of what the model was learned from"`
	Suggested map[string]float64 `json:"suggested" doc:"weights of the components that suit the labels best"`
	Applied   map[string]float64 `json:"applied" doc:"weights of the standardised features that ranked these items"`
	Known     int                `json:"known" doc:"queries with known matches that the evidence comes from"`
}

// Learned prepares a model for Match. labels are the known matches, nil for the store's
// outcomes. Errors: talent.ErrInvalid for a model that does not beat the defaults.
func (m *Market) Learned(ctx context.Context, model *learn.Model, labels []Label) (*Learned, error) {
	if !model.Applicable {
		return nil, talent.Invalid("model", "", "does not beat the defaults on what it has not seen (nDCG@10 %+.4f, standard error %.4f): it is not used",
			model.HeldOut.Gain, model.HeldOut.StandardError)
	}
	l := &Learned{model: model}
	var err error
	if l.score, err = model.Score(pairFeatures); err != nil {
		return nil, talent.Invalid("model", "", "%v", err)
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	if labels == nil {
		if labels, err = m.outcomes(ctx, model.For); err != nil {
			return nil, err
		}
	}
	none := func(talent.Record) string { return "" }
	known, _, err := m.known(ctx, s, model.For, labels, nil, none)
	if err != nil {
		return nil, err
	}
	l.memory = learn.NewMemory(lowestHashed(known, learn.MaxKnown))
	l.known = l.memory.Known()
	return l, nil
}

// textsIn are the known queries' texts with the lengths of a state.
func (l *Learned) textsIn(m *Market, s *state) *knownTexts {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of != s {
		l.texts, l.of = newKnownTexts(m, s, l.model.For, l.known), s
	}
	return l.texts
}

// maxVoted bounds how many candidates are looked at only because known queries vote for
// them.
const maxVoted = 200

// classOfQuery is the broad field of the record that is matched.
func (m *Market) classOfQuery(ctx context.Context, r *MatchRequest) (string, error) {
	switch {
	case r.Program != nil:
		return classOf(r.Program), nil
	case r.Demand != nil:
		return classOf(r.Demand), nil
	}
	t, id := talent.TypeDemand, r.DemandID
	if r.ProgramID != "" {
		t, id = talent.TypeProgram, r.ProgramID
	}
	var it store.Item
	it, err := m.store.Get(ctx, t, id)
	if err != nil {
		return "", err
	}
	rec, err := it.Record()
	if err != nil {
		return "", err
	}
	return classOf(rec), nil
}

// rerank ranks the best matches by the defaults, and those that known queries vote for,
// by the model. The matches' scores become the model's, in [0,1].
func (l *Learned) rerank(ctx context.Context, m *Market, s *state, side *querySide, r *MatchRequest, q matcher.Query) (*matcher.Result, *odds, error) {
	queries := "demands"
	if side.program != nil {
		queries = "programs"
	}
	if l.model.For != queries {
		return nil, nil, talent.Invalid("model", l.model.For, "was learned for %s as queries, not for %s", l.model.For, queries)
	}
	class, err := m.classOfQuery(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	probe := side.snap.Probe(side.text())
	defer probe.Close()
	own := r.ProgramID + r.DemandID
	e := l.memory.Evidence(class, l.textsIn(m, s).alike(probe), func(i int) bool { return l.known[i].ID == own })

	q.Top = max(q.Top, learn.MaxCandidates)
	res, err := side.match(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	if err := l.addVoted(ctx, side, q, &e, res); err != nil {
		return nil, nil, err
	}
	values, mass := make(map[string]float64, len(res.Matches)), make(map[string]float64, len(res.Matches))
	all := make([]float64, len(res.Matches))
	for i := range res.Matches {
		c := s.candidate(probe, side, &res.Matches[i])
		all[i] = l.score(append(c.Features, float32(e.Alike[c.ID]), float32(e.Kin[c.ID])))
		values[c.ID], mass[c.ID] = all[i], c.Mass
	}
	slices.SortStableFunc(res.Matches, func(a, b matcher.Match) int {
		return cmp.Or(cmp.Compare(values[b.ID], values[a.ID]), cmp.Compare(b.Score.Total, a.Score.Total), cmp.Compare(a.ID, b.ID))
	})
	o := &odds{calibration: l.model.Calibration, outlook: learn.Outlook{Company: s.company(probe, side), Answered: e.Answered}}
	_, o.deviation = learn.MeanDeviation(all)
	for i := range res.Matches {
		match := &res.Matches[i]
		if i == 0 {
			o.best = values[match.ID]
		}
		if i < learn.BestOf {
			o.outlook.Explained = max(o.outlook.Explained, mass[match.ID])
		}
		match.Score.Total = learn.Squash(values[match.ID])
	}
	o.value = func(id string) float64 { return values[id] }
	res.Matches = res.Matches[:min(r.Top, len(res.Matches))]
	return res, o, nil
}

// addVoted adds the candidates with evidence that the defaults rank too low to be there.
func (l *Learned) addVoted(ctx context.Context, side *querySide, q matcher.Query, e *learn.Evidence, res *matcher.Result) error {
	if len(res.Matches) < q.Top {
		return nil // everybody is there
	}
	there := make(map[string]bool, len(res.Matches))
	for _, match := range res.Matches {
		there[match.ID] = true
	}
	voted := map[string]bool{}
	for _, id := range e.Candidates() {
		if len(voted) < maxVoted && !there[id] {
			voted[id] = true
		}
	}
	if len(voted) == 0 {
		return nil
	}
	not := q.Filter.Not
	q.Filter.Not = func(id string) bool { return !voted[id] || (not != nil && not(id)) }
	q.Top, q.Background = len(voted), 0
	more, err := side.match(ctx, q)
	if err != nil {
		return err
	}
	res.Matches = append(res.Matches, more.Matches...)
	return nil
}

// meta says which model it is.
func (l *Learned) meta() *LearnedMeta {
	out := &LearnedMeta{AsOf: l.model.AsOf, Data: l.model.Data, Suggested: l.model.Suggested, Applied: map[string]float64{}, Known: len(l.known)}
	for _, f := range l.model.Features {
		if f.Scale > 0 {
			out.Applied[f.Name] = f.Weight
		}
	}
	return out
}

// Model reads the model of the data folder. Errors: talent.ErrNotFound without one, and
// what ReadModel refuses.
func (m *Market) Model(context.Context) (*Model, error) {
	model, _, err := m.readModel()
	return model, err
}

func (m *Market) readModel() (*Model, [sha256.Size]byte, error) {
	data, err := os.ReadFile(filepath.Join(m.dir, ModelFile))
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%s in the data folder: %w; talentmatch learn writes one", ModelFile, talent.ErrNotFound)
	}
	if err != nil {
		return nil, [sha256.Size]byte{}, err
	}
	model, err := ReadModel(bytes.NewReader(data))
	return model, sha256.Sum256(data), err
}

// FolderModel is the model of the data folder with the store's outcomes as known matches,
// prepared once per version of both.
func (m *Market) FolderModel(ctx context.Context) (*Learned, error) {
	model, hash, err := m.readModel()
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	m.folder.mu.Lock()
	defer m.folder.mu.Unlock()
	if f := &m.folder; f.learned == nil || f.hash != hash || f.version != s.version {
		learned, err := m.Learned(ctx, model, nil)
		if err != nil {
			return nil, err
		}
		f.learned, f.hash, f.version = learned, hash, s.version
	}
	return m.folder.learned, nil
}

// folderModel remembers the model of the data folder.
type folderModel struct {
	mu      sync.Mutex
	learned *Learned
	hash    [sha256.Size]byte
	version int64
}

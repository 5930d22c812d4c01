package market

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"unicode/utf8"

	"talentmatch/index"
	"talentmatch/index/taxonomy"
	"talentmatch/matcher"
	"talentmatch/matcher/skillspace"
	"talentmatch/talent"
)

// The likeness of skills has two sources. What the taxonomy's authors said (broader,
// related, crosswalks) is part of the world and follows every change at once. What
// statistics say (which skills occupations ask for together, what labels and texts
// share) is worked out from a world in the background, kept in a file of the data
// folder, and named by version in every answer.

// skillStats is what statistics say about one world's skills.
type skillStats struct {
	Format  int               `json:"format"`
	Version string            `json:"version"` // of skillspace: input, options and seed
	World   string            `json:"world"`   // fingerprint of the world that it was made from
	IDs     []string          `json:"ids"`     // of the skills, ascending
	Near    [][]statNeighbour `json:"near"`    // per needed skill
}

// statNeighbour is a held skill with what statistics say it is worth, in thousandths.
type statNeighbour struct {
	Skill   int32  `json:"s"`
	Company uint16 `json:"c,omitempty"`
	Text    uint16 `json:"t,omitempty"`
}

const (
	spaceFile   = "skillspace.json.gz"
	spaceFormat = 1
	spaceSkills = 30_000 // in a larger taxonomy only structure counts: the time grows with the square
)

// spaceOptions are skillspace's, but more careful: a statistic alone never meets a
// required skill, which takes 0.5, and what it says below 0.15 claims too much
// (skillspace's package comment). On testdata/labelled the ranking of occupations for
// programs by skills alone goes from nDCG@10 0.842 (structure) to 0.849 (all 40
// programs), and is flat between 0.05 and 0.2.
func spaceOptions() skillspace.Options {
	o := skillspace.DefaultOptions()
	o.Most, o.Least = .45, .15
	return o
}

// spaceInput is what a world says about which skills are close: its edges, the
// occupations as baskets, labels and descriptions as terms.
func (w *world) spaceInput() (skillspace.Input, []string) {
	var skills []*talent.Skill
	var ids []string
	at := map[string]int32{}
	for _, s := range w.catalogue.Skills() { // by id
		if s.Kind == talent.SkillGroup {
			continue
		}
		at[s.ID] = int32(len(ids))
		skills, ids = append(skills, s), append(ids, s.ID)
	}
	in := skillspace.Input{Skills: len(ids), Terms: make([][]skillspace.Term, len(ids))}
	terms := newInterner()
	edges := func(n int32, to []string, list *[]skillspace.Edge) {
		for _, id := range to {
			if m, ok := at[id]; ok {
				*list = append(*list, skillspace.Edge{From: n, To: m, Weight: 1})
			}
		}
	}
	for i, s := range skills {
		edges(int32(i), s.Broader, &in.Broader)
		edges(int32(i), s.Related, &in.Related)
		for _, field := range []struct {
			texts  []string
			weight float64
		}{{append([]string{s.Name, s.NameEN}, s.Aliases...), 1}, {[]string{s.Text, s.TextEN}, .5}} {
			for _, text := range field.texts {
				for _, t := range index.Terms(text) {
					if r, size := utf8.DecodeRuneInString(t); size == len(t) && taxonomy.IsCJK(r) {
						continue // one character in common says nothing: 手焊, 手切
					}
					in.Terms[i] = append(in.Terms[i], skillspace.Term{ID: terms.of(t), Weight: field.weight})
				}
			}
		}
	}
	in.Terms = skillspace.ByRarity(in.Terms)
	for _, o := range w.catalogue.Occupations() {
		b := skillspace.Basket{Weight: 1}
		for _, s := range o.Skills {
			if n, ok := at[s.Skill]; ok {
				b.Items = append(b.Items, skillspace.Item{Skill: n, Weight: talent.ImportanceOf(s.Importance)})
			}
		}
		in.Baskets = append(in.Baskets, b)
	}
	return in, ids
}

// newSkillStats works the statistics of a world out.
func newSkillStats(ctx context.Context, w *world) (*skillStats, error) {
	in, ids := w.spaceInput()
	out := &skillStats{Format: spaceFormat, World: w.fingerprint, IDs: ids, Near: make([][]statNeighbour, len(ids))}
	if len(ids) > spaceSkills {
		return out, nil
	}
	space, err := skillspace.Build(ctx, in, spaceOptions())
	if err != nil {
		return nil, fmt.Errorf("likeness of skills: %w", err)
	}
	out.Version = space.Report().Version
	for i := range ids {
		for _, nb := range space.Neighbours(int32(i)) {
			if nb.Cooccurrence > 0 || nb.Text > 0 {
				out.Near[i] = append(out.Near[i], statNeighbour{nb.Skill, nb.Cooccurrence, nb.Text})
			}
		}
	}
	return out, nil
}

// sim is what a neighbour is worth by statistics, in thousandths; 0 when it is too
// little to count.
func (n statNeighbour) sim() uint16 {
	o := spaceOptions()
	sim := skillspace.Blend(0, n.Company, n.Text, uint16(math.Round(o.Most*1000)))
	if sim < uint16(math.Round(o.Least*1000)) {
		return 0
	}
	return sim
}

// recentStats keeps the statistics of the worlds that this process met last: they
// follow from the world alone, so that several markets, or a market that goes back to
// an old taxonomy, need not work them out again.
var recentStats struct {
	sync.Mutex
	list []*skillStats
}

const recentWorlds = 4

func recallStats(world string) *skillStats {
	recentStats.Lock()
	defer recentStats.Unlock()
	for _, s := range recentStats.list {
		if s.World == world {
			return s
		}
	}
	return nil
}

func rememberStats(s *skillStats) {
	recentStats.Lock()
	defer recentStats.Unlock()
	recentStats.list = append([]*skillStats{s}, slices.DeleteFunc(recentStats.list, func(o *skillStats) bool { return o.World == s.World })...)
	recentStats.list = recentStats.list[:min(recentWorlds, len(recentStats.list))]
}

// firstStats is the statistics for the first snapshot of a process: remembered, from
// the file, or worked out now. When they cannot be worked out, structure alone counts
// and the log says why.
func (m *Market) firstStats(ctx context.Context, w *world) (*skillStats, error) {
	if s := recallStats(w.fingerprint); s != nil {
		return s, nil
	}
	path := filepath.Join(m.dir, spaceFile)
	s, err := readStats(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.options.Log.Warn("the file of the likeness of skills is worked out anew", "file", path, "error", err.Error())
	}
	if s != nil && s.World == w.fingerprint {
		rememberStats(s)
		return s, nil
	}
	return m.makeStats(ctx, w)
}

func (m *Market) makeStats(ctx context.Context, w *world) (*skillStats, error) {
	s, err := newSkillStats(ctx, w)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		m.options.Log.Warn("only structure counts for the likeness of skills", "error", err.Error())
		return &skillStats{World: w.fingerprint}, nil
	}
	rememberStats(s)
	path := filepath.Join(m.dir, spaceFile)
	if err := writeStats(path, s); err != nil { // a read-only folder, say: the next process works it out again
		m.options.Log.Warn("the likeness of skills is not kept", "file", path, "error", err.Error())
	}
	return s, nil
}

func readStats(path string) (*skillStats, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	s := &skillStats{}
	if err := json.NewDecoder(z).Decode(s); err != nil {
		return nil, err
	}
	if s.Format != spaceFormat || len(s.Near) != len(s.IDs) {
		return nil, fmt.Errorf("format %d with %d of %d skills", s.Format, len(s.Near), len(s.IDs))
	}
	for _, list := range s.Near {
		for _, n := range list {
			if n.Skill < 0 || int(n.Skill) >= len(s.IDs) {
				return nil, fmt.Errorf("there is no skill %d", n.Skill)
			}
		}
	}
	return s, nil
}

// writeStats replaces the file as a whole.
func writeStats(path string, s *skillStats) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), spaceFile+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	z := gzip.NewWriter(f)
	err = errors.Join(json.NewEncoder(z).Encode(s), z.Close(), f.Close())
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// space is the likeness of a world's skills: what the taxonomy says, and where
// statistics say more, what they say.
func (w *world) space(lex *lexicon, stats *skillStats) *matcher.Space {
	for _, s := range w.catalogue.Skills() {
		lex.skills.of(s.ID)
	}
	lists := make([][]matcher.Neighbour, len(lex.skills.all()))
	put := func(need int32, id string, sim uint16) {
		held, ok := lex.skills.find(id)
		if !ok || sim == 0 {
			return
		}
		for i := range lists[need] {
			if nb := &lists[need][i]; nb.Skill == held {
				nb.Sim = max(nb.Sim, sim)
				return
			}
		}
		lists[need] = append(lists[need], matcher.Neighbour{Skill: held, Sim: sim})
	}
	for _, s := range w.catalogue.Skills() {
		need := lex.skills.of(s.ID)
		for _, nb := range w.catalogue.Neighbours(s.ID) {
			put(need, nb.Skill, uint16(math.Round(nb.Sim*1000)))
		}
	}
	if stats != nil {
		for i, list := range stats.Near {
			if w.catalogue.Skill(stats.IDs[i]) == nil {
				continue // gone since
			}
			need := lex.skills.of(stats.IDs[i])
			for _, n := range list {
				if id := stats.IDs[n.Skill]; w.catalogue.Skill(id) != nil {
					put(need, id, n.sim())
				}
			}
		}
	}
	return matcher.NewSpace(lists)
}

// respace works the statistics of the current world out in the background, when the
// snapshot has another's, and gives them to the snapshot. Nobody waits for it.
func (m *Market) respace() {
	s := m.current.Load()
	if s == nil || s.stats.World == s.world.fingerprint || !m.spacing.CompareAndSwap(false, true) {
		return
	}
	m.merging.Go(func() {
		for {
			s := m.current.Load()
			if s.stats.World == s.world.fingerprint {
				m.spacing.Store(false)
				if s = m.current.Load(); s.stats.World == s.world.fingerprint || !m.spacing.CompareAndSwap(false, true) {
					return
				}
				continue // it changed again just now
			}
			stats := recallStats(s.world.fingerprint)
			if stats == nil {
				var err error
				if stats, err = m.makeStats(m.background, s.world); err != nil {
					m.spacing.Store(false)
					return // the market closes
				}
			}
			m.exchangeStats(s.world, stats)
		}
	})
}

// exchangeStats gives the current state the statistics of its world, unless it has
// another one by now.
func (m *Market) exchangeStats(w *world, stats *skillStats) {
	space := w.space(m.lex, stats)
	for {
		s := m.current.Load()
		if s.world != w {
			return
		}
		next := s.with(s.snap.WithSpace(space))
		next.stats = stats
		if m.current.CompareAndSwap(s, next) {
			return
		}
	}
}

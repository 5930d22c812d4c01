package market

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	spaceFile   = "skillspace.json.gz"
	spaceFormat = 2
)

// recentStats keeps the statistics that this process worked out last: they follow from
// the world and the baskets alone, so that several markets, or a market that goes back to
// an old taxonomy, need not work them out again.
var recentStats struct {
	sync.Mutex
	list []*skillStats
}

const recentSpaces = 4

// madeFrom reports whether s follows from that world and those baskets.
func (s *skillStats) madeFrom(world, sum string) bool {
	return s.World == world && s.Baskets.Sum == sum
}

func recallStats(world, sum string) *skillStats {
	recentStats.Lock()
	defer recentStats.Unlock()
	for _, s := range recentStats.list {
		if s.madeFrom(world, sum) {
			return s
		}
	}
	return nil
}

func rememberStats(s *skillStats) {
	recentStats.Lock()
	defer recentStats.Unlock()
	recentStats.list = append([]*skillStats{s}, slices.DeleteFunc(recentStats.list, func(o *skillStats) bool { return o.madeFrom(s.World, s.Baskets.Sum) })...)
	recentStats.list = recentStats.list[:min(recentSpaces, len(recentStats.list))]
}

// due reports whether the statistics may be behind: they are another world's, or so much
// has changed in the store, up to a version, that the baskets may have moved.
func (s *skillStats) due(w *world, version int64) bool {
	return s.World != w.fingerprint || !s.Baskets.recent(version)
}

// firstStats is the statistics for the first answer of a process: those of the file while
// they are recent enough, else freshStats'.
func (m *Market) firstStats(ctx context.Context, w *world) (*skillStats, error) {
	version, err := m.store.Version(ctx)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(m.dir, spaceFile)
	s, err := readStats(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.options.Log.Warn("the file of the likeness of skills is worked out anew", "file", path, "error", err.Error())
	}
	if s != nil && s.Baskets.Looked <= version && !s.due(w, version) { // not looked at a later state than a restored store's
		rememberStats(s)
		return s, nil
	}
	return m.freshStats(ctx, w, s)
}

// freshStats looks at the store's baskets and gives the statistics that are right for
// them and a world: the old ones (nil if there are none) while neither has moved, else
// such as this process has worked out before, else new ones. What is new is kept in the
// file. When statistics cannot be worked out, structure alone counts and the log says why.
func (m *Market) freshStats(ctx context.Context, w *world, old *skillStats) (*skillStats, error) {
	baskets, err := m.skillBaskets(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("likeness of skills: %w", err)
	}
	if old != nil && old.World == w.fingerprint && !old.Baskets.moved(&baskets.mark) {
		s := *old // of its own baskets, looked after until now
		s.Baskets.Looked, s.Baskets.Changes = baskets.mark.Looked, baskets.mark.Changes
		m.keepStats(&s)
		return &s, nil
	}
	if known := recallStats(w.fingerprint, baskets.mark.Sum); known != nil {
		s := *known
		s.Baskets = baskets.mark
		m.keepStats(&s)
		return &s, nil
	}
	s, err := newSkillStats(ctx, w, baskets)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		m.options.Log.Warn("only structure counts for the likeness of skills", "error", err.Error())
		return &skillStats{World: w.fingerprint, Baskets: baskets.mark}, nil
	}
	m.keepStats(s)
	return s, nil
}

// keepStats remembers statistics in the process and in the file.
func (m *Market) keepStats(s *skillStats) {
	rememberStats(s)
	path := filepath.Join(m.dir, spaceFile)
	if err := writeStats(path, s); err != nil { // a read-only folder, say: the next process works it out again
		m.options.Log.Warn("the likeness of skills is not kept", "file", path, "error", err.Error())
	}
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
		for i := range list {
			if err := list[i].check(len(s.IDs), len(s.Words)); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// check refuses numbers of skills and words that are not there.
func (n *statNeighbour) check(skills, words int) error {
	if n.Skill < 0 || int(n.Skill) >= skills {
		return fmt.Errorf("there is no skill %d", n.Skill)
	}
	for i := range statReasons {
		if n.With[i] < 0 || int(n.With[i]) > skills {
			return fmt.Errorf("there is no third skill %d", n.With[i])
		}
		if n.Words[i] < 0 || int(n.Words[i]) > words {
			return fmt.Errorf("there is no word %d", n.Words[i])
		}
	}
	return nil
}

// writeStats replaces the file as a whole.
func writeStats(path string, s *skillStats) error {
	return replaceFile(path, func(w io.Writer) error {
		z := gzip.NewWriter(w)
		return errors.Join(json.NewEncoder(z).Encode(s), z.Close())
	})
}

// spacing is how respace goes about its work.
type spacing struct {
	running atomic.Bool
	world   chan struct{} // holds one word that the world has changed, which does not wait
	rest    int           // times as long as the last work took, it rests before another look at baskets
	until   time.Time     // of the rest; belongs to who set running
}

// spaceRest keeps looks at the baskets, and spaces made anew for them, to a tenth of the
// time of one processor while many records are written.
const spaceRest = 9

func newSpacing() spacing { return spacing{world: make(chan struct{}, 1), rest: spaceRest} }

// await ends with the rest, when the world changes, or, with false, when ctx is done.
func (s *spacing) await(ctx context.Context) bool {
	select {
	case <-time.After(time.Until(s.until)):
	case <-s.world:
	case <-ctx.Done():
	}
	return ctx.Err() == nil
}

// respace brings the statistics of the current state up to its world and to the store's
// baskets in the background, when they may be behind. Nobody waits for it.
func (m *Market) respace() {
	s := m.current.Load()
	if s == nil || !s.stats.due(s.world, s.version) {
		return
	}
	if !m.spacing.running.CompareAndSwap(false, true) {
		if s.stats.World != s.world.fingerprint {
			select {
			case m.spacing.world <- struct{}{}:
			default: // the word is out
			}
		}
		return
	}
	m.merging.Go(func() {
		for {
			s := m.current.Load()
			if !s.stats.due(s.world, s.version) {
				m.spacing.running.Store(false)
				if s = m.current.Load(); !s.stats.due(s.world, s.version) || !m.spacing.running.CompareAndSwap(false, true) {
					return
				}
				continue // it changed again just now
			}
			if s.stats.World == s.world.fingerprint && !m.spacing.await(m.background) {
				m.spacing.running.Store(false)
				return // the market closes
			}
			s = m.current.Load()
			began := time.Now()
			stats, err := m.freshStats(m.background, s.world, s.stats)
			if err != nil {
				if m.background.Err() == nil {
					m.options.Log.Warn("the likeness of skills stays as it is until the next write", "error", err.Error())
				}
				m.spacing.running.Store(false)
				return
			}
			m.exchangeStats(s.world, stats)
			m.spacing.until = time.Now().Add(time.Duration(m.spacing.rest) * time.Since(began))
		}
	})
}

// exchangeStats gives the current state statistics of its world, unless it has another
// one by now.
func (m *Market) exchangeStats(w *world, stats *skillStats) {
	s := m.current.Load()
	same := s.stats.World == stats.World && s.stats.Version == stats.Version // looked after, not made anew
	space := s.snap.Space()
	if !same {
		space = w.space(m.lex, stats)
	}
	plan := s.snap.PlanSpace(space) // a million programs are indexed anew meanwhile
	for {
		if s.world != w {
			return
		}
		next := s.with(plan.Apply(s.snap))
		next.stats = stats
		if m.current.CompareAndSwap(s, next) {
			return
		}
		s = m.current.Load()
	}
}

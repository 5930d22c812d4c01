package market

import (
	"context"
	"fmt"
	"runtime"
	"sort"
	"strings"
	"sync"

	"talentmatch/matcher"
	"talentmatch/store"
	"talentmatch/talent"
)

// Match ranks the counterparts of one record: programs for a demand, demands for a
// program. Errors: talent.ErrNotFound for an unknown id, talent.ErrInvalid for bad
// parameters.
func (m *Market) Match(ctx context.Context, r MatchRequest) (*MatchAnswer, error) {
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	if r.DemandID != "" || r.Demand != nil {
		for _, f := range []struct {
			name   string
			values []string
		}{{"industry", r.Filter.Industry}, {"mode", r.Filter.Mode}, {"occupation", r.Filter.Occupation}} {
			if len(f.values) > 0 {
				return nil, talent.Invalid(f.name, f.values[0], "filters demands, and programs are ranked here")
			}
		}
	}
	a := &MatchAnswer{Items: []MatchItem{}}
	side, unresolved, err := m.matchSide(ctx, s, r)
	if err != nil {
		return nil, err
	}
	q, err := m.query(s.world, side.snap, r.Top, r.Weights, r.Filter)
	if err != nil {
		return nil, err
	}
	q.Background = backgroundSize
	a.Meta.Side = "demands"
	if side.demand != nil {
		a.Meta.Side = "programs"
		side.explain = s.snap.Explainer(side.demand)
	}
	res, odds, err := m.rank(ctx, s, &side, &r, q)
	if err != nil {
		return nil, err
	}
	a.Meta.Query, a.Meta.Unresolved = r.DemandID+r.ProgramID, unresolved
	a.Meta.Considered, a.Meta.Filtered, a.Meta.Eligible = res.Considered, res.Filtered, res.Eligible
	a.Meta.Gates = map[string]int{}
	for g, n := range res.Rejected {
		a.Meta.Gates[matcher.Gate(g).String()] = n
	}
	a.Meta.Weights = map[string]float64{}
	for k, v := range r.Weights.Array() {
		a.Meta.Weights[matcher.Component(k).String()] = v
	}
	a.Meta.Versions = m.versions(s.version, s.world, s.stats)
	for i, match := range res.Matches {
		p := odds.of(i+1, &match)
		if match.Score.Total < r.MinScore || p < r.MinProbability {
			break // neither rises again
		}
		item, err := m.matchItem(ctx, s, side, match, r.Explain)
		if err != nil {
			return nil, err
		}
		item.Rank, item.Probability = i+1, &p
		a.Items = append(a.Items, item)
	}
	return a, m.nearest(ctx, s, side, odds, r, res, a)
}

// rank finds the matches, by the model where one is given, and what their probabilities
// are made from.
func (m *Market) rank(ctx context.Context, s *state, side *querySide, r *MatchRequest, q matcher.Query) (*matcher.Result, *odds, error) {
	if r.Learned != nil {
		return r.Learned.rerank(ctx, m, s, side, r, q)
	}
	res, err := side.match(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	return res, s.oddsOf(side, res), nil
}

// nearest fills what is said about the query as a whole: whether anything fits, and, when
// nothing is left to show, the best that there was with what it lacks.
func (m *Market) nearest(ctx context.Context, s *state, side querySide, odds *odds, r MatchRequest, res *matcher.Result, a *MatchAnswer) error {
	fits := odds.anyFits()
	a.Meta.Fits = &fits
	if r.Learned != nil {
		a.Meta.Learned = r.Learned.meta()
	}
	if len(a.Items) > 0 || len(res.Matches) == 0 {
		return nil
	}
	item, err := m.matchItem(ctx, s, side, res.Matches[0], true)
	if err != nil {
		return err
	}
	p := odds.of(1, &res.Matches[0])
	item.Rank, item.Probability = 1, &p
	a.Meta.Nearest = &item
	return nil
}

// A querySide is the record that is matched, in numeric form.
type querySide struct {
	demand  *matcher.Demand
	program *matcher.Program
	snap    *matcher.Snapshot
	lex     *lexicon           // of the record: an overlay for an unsaved one
	explain *matcher.Explainer // of the demand, when it is what is matched
}

// matchSide finds or converts the record of a request.
func (m *Market) matchSide(ctx context.Context, s *state, r MatchRequest) (querySide, []string, error) {
	given := 0
	for _, is := range []bool{r.DemandID != "", r.ProgramID != "", r.Demand != nil, r.Program != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return querySide{}, nil, talent.Invalid("", "", "needs exactly one demand or program")
	}
	switch {
	case r.DemandID != "":
		d, ok := s.snap.Demand(r.DemandID)
		if !ok {
			return querySide{}, nil, fmt.Errorf("demand %s: %w", talent.Shorten(r.DemandID), talent.ErrNotFound)
		}
		return querySide{demand: &d, snap: s.snap, lex: m.lex}, m.unknownNeeds(&d), nil
	case r.ProgramID != "":
		p, ok := s.snap.Program(r.ProgramID)
		if !ok {
			return querySide{}, nil, fmt.Errorf("program %s: %w", talent.Shorten(r.ProgramID), talent.ErrNotFound)
		}
		return querySide{program: &p, snap: s.snap, lex: m.lex}, m.unknownHeld(&p), nil
	}
	var rec talent.Record = r.Program
	if r.Demand != nil {
		rec = r.Demand
	}
	if err := s.world.checkRefs(rec); err != nil {
		return querySide{}, nil, err
	}
	conv := m.converter(ctx, s.world)
	conv.lex = m.lex.overlay()
	c := conv.record(rec)
	snap := s.snap.WithAtlas(s.snap.Atlas().Extend(s.world.gazetteer, conv.lex.regions.all()))
	return querySide{demand: c.demand, program: c.program, snap: snap, lex: conv.lex}, c.unresolved, nil
}

func (m *Market) unknownNeeds(d *matcher.Demand) []string {
	var out []string
	for _, n := range d.Needs {
		if name, ok := strings.CutPrefix(m.lex.skills.name(n.Skill), unknownPrefix); ok {
			out = append(out, name)
		}
	}
	return distinct(out)
}

func (m *Market) unknownHeld(p *matcher.Program) []string {
	var out []string
	for _, h := range p.Held {
		if name, ok := strings.CutPrefix(m.lex.skills.name(h.Skill), unknownPrefix); ok {
			out = append(out, name)
		}
	}
	return distinct(out)
}

// query turns request parameters into the matcher's.
func (m *Market) query(w *world, snap *matcher.Snapshot, top int, weights matcher.Weights, f MatchFilter) (matcher.Query, error) {
	q := matcher.Query{Top: top, Weights: weights}
	if len(f.Region) > 0 {
		ids, err := w.regionIDs("region", f.Region)
		if err != nil {
			return q, err
		}
		q.Filter.Regions = snap.Atlas().Within(ids)
	}
	levels, err := educationWords("education", f.Education)
	if err != nil {
		return q, err
	}
	for _, e := range levels {
		q.Filter.Education = append(q.Filter.Education, uint8(talent.Education(e).ISCED()))
	}
	for attr, values := range map[matcher.Attr][]string{matcher.AttrOwner: f.Owner, matcher.AttrOccupation: w.occupationIDs(f.Occupation), matcher.AttrMode: f.Mode, matcher.AttrIndustry: industryCodes(f.Industry)} {
		if len(values) == 0 {
			continue
		}
		numbers := []int32{-1} // a value that nobody has matches nobody
		for _, v := range values {
			if n, ok := m.lex.attrs.find(v); ok && v != "" {
				numbers = append(numbers, n)
			}
		}
		q.Filter.Attrs[attr] = numbers
	}
	if len(f.Exclude) > 0 {
		not := make(map[string]bool, len(f.Exclude))
		for _, id := range f.Exclude {
			not[id] = true
		}
		q.Filter.Not = func(id string) bool { return not[id] }
	}
	return q, nil
}

// industryCodes normalizes codes; a section stands for its divisions.
func industryCodes(codes []string) []string {
	var out []string
	for _, c := range codes {
		code := industryCode(c)
		out = append(out, code)
		for _, ind := range talent.Industries() {
			if ind.Parent == code && ind.Parent != "" {
				out = append(out, ind.Code)
			}
		}
	}
	return out
}

// matchItem renders one match with its reasons.
func (m *Market) matchItem(ctx context.Context, s *state, side querySide, match matcher.Match, explain bool) (MatchItem, error) {
	item := MatchItem{ID: match.ID, Score: match.Score.Total, Components: map[string]float64{}, Unverified: match.Score.Unverified, Skills: []SkillMatch{}}
	for k := range match.Score.Parts {
		if !match.Score.Counted[k] {
			continue
		}
		item.Components[matcher.Component(k).String()] = round6(match.Score.Parts[k])
		if match.Score.NoData[k] {
			item.NoData = append(item.NoData, matcher.Component(k).String())
		}
	}
	d, p := side.demand, side.program
	if d != nil {
		got, ok := s.snap.PeekProgram(match.ID)
		if !ok {
			return item, fmt.Errorf("program %s: %w", match.ID, talent.ErrNotFound)
		}
		p = &got
		item.Name, item.NameEN = p.Label.Name, p.Label.NameEN
		item.Seats = fittingGraduates(p, d.Start)
	} else {
		got, ok := s.snap.PeekDemand(match.ID)
		if !ok {
			return item, fmt.Errorf("demand %s: %w", match.ID, talent.ErrNotFound)
		}
		d = &got
		item.Name, item.NameEN = d.Label.Name, d.Label.NameEN
		item.Seats = d.Headcount
	}
	if side.demand != nil {
		item.Region = m.lex.regions.name(p.Region)
		item.Owner = m.lex.attrs.name(p.Attrs[matcher.AttrOwner])
	} else {
		item.Region = m.lex.regions.name(d.Region)
		item.Owner = m.lex.attrs.name(d.Attrs[matcher.AttrOwner])
	}
	if r := s.world.gazetteer.Get(item.Region); r != nil {
		item.RegionName = r.Name
	}
	if org := m.orgs.get(ctx, item.Owner); org != nil {
		item.OwnerName = org.Name
	}
	if explain {
		ex := side.explain
		if ex == nil {
			ex = s.snap.Explainer(d)
		}
		m.explain(s, side.lex, ex.Needs(p), p, &item)
	}
	return item, nil
}

// recordNames is a record's name in both languages.
func recordNames(rec talent.Record) (zh, en string) {
	switch r := rec.(type) {
	case *talent.Organization:
		return r.Name, r.NameEN
	case *talent.Alliance:
		return r.Name, r.NameEN
	case *talent.Region:
		return r.Name, r.NameEN
	case *talent.Occupation:
		return r.Name, r.NameEN
	case *talent.Skill:
		return r.Name, r.NameEN
	case *talent.Program:
		return r.Name, r.NameEN
	case *talent.Demand:
		return r.Title, r.TitleEN
	}
	return rec.RecordID(), ""
}

// fittingGraduates is the size of the cohort that fits a start best; without a
// start, or when none fits, of the newest one.
func fittingGraduates(p *matcher.Program, start int) int {
	best, bestValue, newest := 0, -1.0, matcher.CohortSize{}
	for _, c := range p.Cohorts {
		if c.Year > newest.Year {
			newest = c
		}
		if start == matcher.NoStart || c.Graduates == 0 {
			continue
		}
		if v, ok := matcher.CohortTiming(c.Year, start); ok && (v > bestValue || (v == bestValue && c.Graduates > best)) {
			best, bestValue = c.Graduates, v
		}
	}
	if bestValue < 0 {
		return newest.Graduates
	}
	return best
}

// explain fills what met each skill, and the surplus.
func (m *Market) explain(s *state, lex *lexicon, ex *matcher.Explanation, p *matcher.Program, item *MatchItem) {
	for _, n := range ex.Needs {
		sm := SkillMatch{
			Importance: n.Need.Weight, Level: int(n.Need.Level), Required: n.Need.Required, Extracted: n.Need.Extracted,
			Status: string(n.Status), Credit: round6(n.Credit), Similarity: n.Sim,
		}
		sm.Skill, sm.Name, sm.NameEN = skillLabel(s, lex, n.Need.Skill)
		if n.Held >= 0 {
			h := p.Held[n.Held]
			sm.ByID, sm.ByName, _ = skillLabel(s, lex, h.Skill)
			sm.ByLevel = int(h.Level)
			sm.Course = courseName(p, h)
			sm.Extracted = sm.Extracted || h.Extracted
			if h.Skill != n.Need.Skill {
				sm.Why = s.world.whyAlike(s.stats, sm.Skill, sm.ByID, n.Sim)
			}
		}
		item.Skills = append(item.Skills, sm)
	}
	for _, i := range ex.Surplus {
		h := p.Held[i]
		id, name, _ := skillLabel(s, lex, h.Skill)
		item.Surplus = append(item.Surplus, SurplusSkill{Skill: id, Name: name, Level: int(h.Level), Course: courseName(p, h)})
	}
}

func courseName(p *matcher.Program, h matcher.Held) string {
	if h.Course < 0 || int(h.Course) >= len(p.Courses) {
		return ""
	}
	return p.Courses[h.Course]
}

// skillLabel is a skill's id and names; a name that no taxonomy knows has no id.
func skillLabel(s *state, lex *lexicon, skill int32) (id, name, en string) {
	id = lex.skills.name(skill)
	if n, ok := strings.CutPrefix(id, unknownPrefix); ok {
		return "", n, ""
	}
	if sk := s.world.catalogue.Skill(id); sk != nil {
		return id, sk.Name, sk.NameEN
	}
	return id, id, ""
}

// round6 rounds what is shown; totals are not made from it.
func round6(v float64) float64 { return float64(int64(v*1e6+.5)) / 1e6 }

// MatchAll ranks the counterparts of every record of one side: queries is
// "programs" (their demands are ranked) or "demands". Matches have ids and totals, no
// components. Results come in the order of ids, computed on all cores, and are never
// held all at once. yield is called from one goroutine at a time.
func (m *Market) MatchAll(ctx context.Context, queries string, top int, w matcher.Weights, progress func(done, total int), yield func(query string, matches []matcher.Match) error) error {
	s, err := m.state(ctx)
	if err != nil {
		return err
	}
	programs, demands := s.snap.Size()
	var side matcher.Side
	var total int
	switch queries {
	case "programs":
		side, total = matcher.ForPrograms, programs
	case "demands":
		side, total = matcher.ForDemands, demands
	default:
		return talent.Invalid("for", queries, "must be programs or demands")
	}
	q, err := m.query(s.world, s.snap, top, w, MatchFilter{})
	if err != nil {
		return err
	}
	q.Totals = true
	done := 0
	return s.snap.MatchAll(ctx, side, q, 0, func(id string, res *matcher.Result) error {
		if err := yield(id, res.Matches); err != nil {
			return err
		}
		if done++; progress != nil {
			progress(done, total)
		}
		return nil
	})
}

// inOrder works out one result per id on all cores and hands them on in order,
// holding back at most a window of them.
func inOrder[T any](ctx context.Context, ids []string, work func(string) (T, error), yield func(int, T) error) error {
	type result struct {
		value T
		err   error
	}
	type job struct {
		id   string
		slot chan result
	}
	ctx, cancel := context.WithCancel(ctx)
	workers := runtime.GOMAXPROCS(0)
	jobs, window := make(chan job), make(chan chan result, 8*workers)
	var running sync.WaitGroup
	running.Go(func() { // admits work as far as the window reaches
		defer close(window)
		defer close(jobs)
		for _, id := range ids {
			j := job{id, make(chan result, 1)}
			select {
			case window <- j.slot:
			case <-ctx.Done():
				return
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				return
			}
		}
	})
	for range workers {
		running.Go(func() {
			for j := range jobs {
				v, err := work(j.id)
				j.slot <- result{v, err}
			}
		})
	}
	defer running.Wait()
	defer cancel()
	i := 0
	for slot := range window {
		var r result
		select {
		case r = <-slot:
		case <-ctx.Done():
			return ctx.Err()
		}
		if r.err != nil {
			return r.err
		}
		if err := yield(i, r.value); err != nil {
			return err
		}
		i++
	}
	return ctx.Err()
}

// Unresolved lists the skill names that no taxonomy knows, most frequent first,
// with the records that use them.
func (m *Market) Unresolved(ctx context.Context, limit int) ([]UnresolvedName, error) {
	if limit < 1 || limit > MaxPage {
		return nil, talent.Invalid("limit", fmt.Sprint(limit), "must be from 1 to %d", MaxPage)
	}
	w, err := m.readWorld(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]*UnresolvedName{}
	for _, t := range []talent.Type{talent.TypeDemand, talent.TypeProgram} {
		err := eachRecord(ctx, m.store, t, func(it store.Item, rec talent.Record) error {
			for _, n := range skillNames(rec) {
				if _, _, ok := w.catalogue.Resolve(n); ok {
					continue
				}
				u := found[n]
				if u == nil {
					u = &UnresolvedName{Name: n, Records: []string{}}
					found[n] = u
				}
				u.Count++
				if key := string(t) + ":" + it.ID; len(u.Records) < 20 && !has(u.Records, key) {
					u.Records = append(u.Records, key)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	out := make([]UnresolvedName, 0, len(found))
	for _, u := range found {
		out = append(out, *u)
	}
	sort.Slice(out, func(i, j int) bool {
		if out[i].Count != out[j].Count {
			return out[i].Count > out[j].Count
		}
		return out[i].Name < out[j].Name
	})
	return out[:min(limit, len(out))], nil
}

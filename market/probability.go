package market

import (
	"math"
	"slices"
	"sync"

	"talentmatch/matcher"
	"talentmatch/matcher/learn"
)

// What a probability is made from, beside the match itself. The sizes are those that the
// default calibration was set with.
const (
	backgroundSize = 64  // candidates whose totals say what a difference of scores means
	peersSize      = 512 // records of the query's own kind, for its company
	companyShare   = 20  // the nearest one in so many count
	minPeers       = 40  // below, company is not known
	// A need met stands for as much of the query as a term that one record in fifty has.
	skillNats = 4
	maxNeeds  = 10 // more needs met say no more
)

// A peer is a sampled record of one side, as far as names go.
type peer struct {
	id     string
	names  []matcher.Term
	length float64
}

// peerCache keeps what is worked out of both sides' peers, once per state by whoever
// asks first.
type peerCache struct{ programs, demands kindCache }

// kindCache is one side's peers, and the company of the stored records that were asked
// for: comparing names with all peers takes some 50 µs.
type kindCache struct {
	once sync.Once
	list []peer

	mu      sync.Mutex
	company map[string]float64 // by id; at most companyKept
}

// companyKept bounds the companies that a state remembers, per side: about half a
// megabyte. When there are as many, it begins anew.
const companyKept = 8192

// of is the side's cache.
func (c *peerCache) of(programs bool) *kindCache {
	if programs {
		return &c.programs
	}
	return &c.demands
}

// remembered is the company of a stored record, if it is known.
func (c *kindCache) remembered(id string) (float64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	v, ok := c.company[id]
	return v, ok
}

func (c *kindCache) remember(id string, company float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.company == nil || len(c.company) >= companyKept {
		c.company = map[string]float64{}
	}
	c.company[id] = company
}

// peersOf are the sampled programs (or demands) of the state.
func (s *state) peersOf(programs bool) []peer {
	cache := s.peers.of(programs)
	cache.once.Do(func() {
		add := func(id string, text matcher.TextVector) {
			names := text[matcher.NamesSpace]
			cache.list = append(cache.list, peer{id, names, s.snap.TextLength(names)})
		}
		if programs {
			for _, p := range s.snap.SamplePrograms(peersSize) {
				add(p.ID, p.Text)
			}
			return
		}
		for _, d := range s.snap.SampleDemands(peersSize) {
			add(d.ID, d.Text)
		}
	})
	return cache.list
}

// text and id of the record that is matched.
func (q *querySide) text() matcher.TextVector {
	if q.demand != nil {
		return q.demand.Text
	}
	return q.program.Text
}

func (q *querySide) id() string {
	if q.demand != nil {
		return q.demand.ID
	}
	return q.program.ID
}

// company is how like the names of the probed record are to those of the nearest of its
// own kind; NaN where there are too few.
func (s *state) company(probe *matcher.TextProbe, side *querySide) float64 {
	if side.snap != s.snap { // an unsaved record, which may bear a stored one's id
		return s.companyAmongPeers(probe, side)
	}
	cache := s.peers.of(side.program != nil)
	if v, ok := cache.remembered(side.id()); ok {
		return v
	}
	v := s.companyAmongPeers(probe, side)
	cache.remember(side.id(), v)
	return v
}

// companyAmongPeers works company out.
func (s *state) companyAmongPeers(probe *matcher.TextProbe, side *querySide) float64 {
	var alike []float64
	for _, p := range s.peersOf(side.program != nil) {
		if p.id != side.id() {
			alike = append(alike, probe.Cosine(matcher.NamesSpace, p.names, p.length))
		}
	}
	if len(alike) < minPeers {
		return math.NaN()
	}
	slices.Sort(alike)
	nearest := alike[len(alike)-len(alike)/companyShare:]
	mean, _ := learn.MeanDeviation(nearest)
	return mean
}

// counterpart is the text and the needs of a candidate's pair.
func (s *state) counterpart(side *querySide, id string) (text matcher.TextVector, needs int) {
	if side.demand != nil {
		p, _ := s.snap.Program(id)
		return p.Text, len(side.demand.Needs)
	}
	d, _ := s.snap.Demand(id)
	return d.Text, len(d.Needs)
}

// explained is how much of the probed record one match accounts for, in nats: the words
// of its text that the match has too, and the skills.
func explained(probe *matcher.TextProbe, text matcher.TextVector, needs int, score *matcher.Score) float64 {
	nats := probe.Explained(matcher.BodySpace, text[matcher.BodySpace])
	if score.Counted[matcher.Skills] && !score.NoData[matcher.Skills] {
		nats += skillNats * float64(min(needs, maxNeeds)) * score.Parts[matcher.Skills]
	}
	return nats
}

// odds works out the probabilities of ranked matches by the default calibration.
type odds struct {
	calibration     learn.Calibration
	outlook         learn.Outlook
	best, deviation float64
	value           func(id string) float64 // what best and deviation are about, nil for the score
}

// oddsOf looks at a query's best matches and at the market beside them.
func (s *state) oddsOf(side *querySide, res *matcher.Result) *odds {
	o := &odds{calibration: learn.DefaultCalibration()}
	_, o.deviation = learn.MeanDeviation(res.Background)
	if len(res.Matches) > 0 {
		o.best = res.Matches[0].Score.Total
	}
	probe := side.snap.Probe(side.text())
	defer probe.Close()
	o.outlook = learn.Outlook{Company: s.company(probe, side), Answered: math.NaN()}
	for _, m := range res.Matches[:min(learn.BestOf, len(res.Matches))] {
		text, needs := s.counterpart(side, m.ID)
		o.outlook.Explained = max(o.outlook.Explained, explained(probe, text, needs, &m.Score))
	}
	return o
}

// of is the probability of the match at a rank from 1.
func (o *odds) of(rank int, match *matcher.Match) float64 {
	value := match.Score.Total
	if o.value != nil {
		value = o.value(match.ID)
	}
	return round6(o.calibration.Probability(o.outlook, rank, learn.Behind(o.best, value, o.deviation)))
}

// anyFits is the probability that anything fits the query.
func (o *odds) anyFits() float64 { return round6(o.calibration.AnyFits(o.outlook)) }

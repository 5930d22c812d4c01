package main

import (
	"fmt"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"
)

// matchCmd ranks the counterparts of one record, or of every record of one side.
//
// trec is a standard run: "qid Q0 docno rank score talentmatch", queries in the
// order of their ids, ranks from 1, scores with 9 decimals and never rising. csv
// has the columns of matchColumns. ndjson has the API's items, each with the query
// it answers.
type matchCmd struct {
	dataFlag
	Demand  string `xor:"of" required:"" placeholder:"ID" help:"Rank programs for this demand."`
	Program string `xor:"of" required:"" placeholder:"ID" help:"Rank demands for this program."`
	For     string `name:"for" xor:"of" required:"" enum:"demands,programs" placeholder:"demands|programs" help:"Rank for every record of this side."`

	Top            int                `default:"10" help:"Matches per query: the best K, or all eligible if fewer."`
	Format         string             `enum:"table,ndjson,csv,trec" default:"table" help:"table, ndjson, csv or trec."`
	MinScore       float64            `placeholder:"S" help:"Leave out matches below this score."`
	MinProbability float64            `placeholder:"P" help:"Leave out matches that are real ones with a lower probability, 0 to 1; when none is left, the nearest is named."`
	Weights        map[string]float64 `aliases:"weight" mapsep:"," placeholder:"PART=W,..." help:"Weights of skills, text, focus, place, timing; what is not named keeps its default, 0 means 0."`
	matchFilterFlags
	modelFlags

	ranker *market.Learned
}

// matchFilterFlags narrow the candidates of match and align.
type matchFilterFlags struct {
	Region     []string `placeholder:"ID" help:"Only candidates in these regions, or inside them."`
	Education  []string `enum:"secondary,postsecondary,associate,bachelor,master,doctorate" placeholder:"LEVEL" help:"Only candidates of these levels (${enum})."`
	Owner      []string `placeholder:"ID" help:"Only programs of these schools, or demands of these employers."`
	Industry   []string `placeholder:"CODE" help:"Only demands of these industries."`
	Occupation []string `placeholder:"ID" help:"Only demands for these occupations."`
	Mode       []string `enum:"hire,internship,order-class,apprenticeship" placeholder:"MODE" help:"Only demands of these modes (${enum})."`
	Exclude    []string `placeholder:"ID" help:"Leave these candidates out."`
}

func (f matchFilterFlags) filter() market.MatchFilter {
	return market.MatchFilter{
		Region: f.Region, Education: f.Education, Owner: f.Owner, Industry: f.Industry,
		Occupation: f.Occupation, Mode: f.Mode, Exclude: f.Exclude,
	}
}

func (f matchFilterFlags) empty() bool {
	return len(f.Region)+len(f.Education)+len(f.Owner)+len(f.Industry)+len(f.Occupation)+len(f.Mode)+len(f.Exclude) == 0
}

// Run answers the question.
func (c *matchCmd) Run(s *session) (err error) {
	if err := c.fits(); err != nil {
		return err
	}
	weights, err := c.weights()
	if err != nil {
		return err
	}
	if c.Top < 1 || c.Top > matcher.MaxTop {
		return usage("--top must be 1..%d", matcher.MaxTop)
	}
	if !(c.MinProbability >= 0 && c.MinProbability <= 1) {
		return usage("--min-probability must be 0..1")
	}
	if err := c.check(); err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	if c.ranker, err = c.load(s, m); err != nil {
		return asked(err)
	}
	out := newMatchWriter(s, m, c.Format)
	out.likely = c.MinProbability > 0 || c.ranker != nil
	if c.For != "" {
		err = c.matchAll(s, m, weights, out)
		if err == nil && c.Format == "table" {
			s.note("%s", weightsLine(weights))
		}
		return err
	}
	side, id := talent.TypeDemand, c.Demand
	if c.Program != "" {
		side, id = talent.TypeProgram, c.Program
	}
	answer, err := c.ask(s, m, weights, side, id)
	if err != nil {
		return err
	}
	if err := out.answer(side, id, answer); err != nil {
		return err
	}
	said := tally(answer.Meta)
	if c.Format == "table" {
		said += "; " + weightsLine(weights)
	}
	s.note("%s", said)
	return nil
}

// fits refuses filters on what only demands have where programs are ranked.
func (c *matchCmd) fits() error {
	ranking := ""
	switch {
	case c.Demand != "":
		ranking = "--demand"
	case c.For == "demands":
		ranking = "--for demands"
	default:
		return nil
	}
	for _, filter := range []struct {
		flag   string
		values []string
	}{{"--mode", c.Mode}, {"--industry", c.Industry}, {"--occupation", c.Occupation}} {
		if len(filter.values) > 0 {
			return usage("%s filters demands, and %s ranks programs", filter.flag, ranking)
		}
	}
	return nil
}

// weights are the defaults with what the flag names put in their place.
func (c *matchCmd) weights() (matcher.Weights, error) {
	w := matcher.DefaultWeights()
	part := map[string]*float64{"skills": &w.Skills, "text": &w.Text, "focus": &w.Focus, "place": &w.Place, "timing": &w.Timing}
	for name, value := range c.Weights {
		if part[name] == nil {
			return w, usage("--weights: unknown part %q (there are skills, text, focus, place, timing)", name)
		}
		*part[name] = value
	}
	if err := w.Validate(); err != nil {
		return w, usageError{err}
	}
	return w, nil
}

// ask ranks for one record. Explanations are worth their time only where they are
// shown.
func (c *matchCmd) ask(s *session, m *market.Market, w matcher.Weights, side talent.Type, id string) (*market.MatchAnswer, error) {
	r := market.MatchRequest{
		Top: c.Top, Weights: w, Filter: c.filter(), MinScore: c.MinScore, MinProbability: c.MinProbability, Learned: c.ranker,
		Explain: c.Format == "table" || c.Format == "ndjson",
	}
	if side == talent.TypeDemand {
		r.DemandID = id
	} else {
		r.ProgramID = id
	}
	answer, err := m.Match(s.ctx, r)
	return answer, asked(err)
}

// matchAll ranks for every record of one side, in the order of their ids.
func (c *matchCmd) matchAll(s *session, m *market.Market, w matcher.Weights, out *matchWriter) error {
	bar := s.progress("matching", false)
	defer bar.done()
	if c.Format == "trec" && c.empty() && c.MinProbability == 0 && c.ranker == nil { // needs no names: the market's own batch
		show := func(done, total int) { bar.set(int64(done), int64(total)) }
		return m.MatchAll(s.ctx, c.For, c.Top, w, show, func(query string, matches []matcher.Match) error {
			for i, match := range matches {
				if match.Score.Total < c.MinScore {
					break // ranked: the rest is below too
				}
				out.trec(query, match.ID, i+1, match.Score.Total)
			}
			return nil
		})
	}
	side := talent.TypeDemand
	if c.For == "programs" {
		side = talent.TypeProgram
	}
	done := int64(0)
	return eachID(s, m, side, func(id string, total int) error {
		answer, err := c.ask(s, m, w, side, id)
		if err != nil {
			return fmt.Errorf("%s %s: %w", side, id, err)
		}
		done++
		bar.set(done, int64(total))
		return out.answer(side, id, answer)
	})
}

// eachID calls yield with every id of a type, in order, and the number of them.
func eachID(s *session, m *market.Market, t talent.Type, yield func(id string, total int) error) error {
	after := ""
	for {
		page, err := m.List(s.ctx, t, after, 1000)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := yield(item.ID, page.Total); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		after = page.Next
	}
}

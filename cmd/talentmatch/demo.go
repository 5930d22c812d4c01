package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"talentmatch/market"
	"talentmatch/matcher"
	"talentmatch/talent"
	"talentmatch/testdata"
)

// demoCmd shows the system on one of the five alliances: its ready-made questions
// are answered on standard output, then the same store is served until it is
// stopped. Nothing is kept.
type demoCmd struct {
	listenFlag
	Scenario string `enum:"A,B,C,D,E,a,b,c,d,e" default:"B" placeholder:"A..E" help:"Which alliance."`
	NoServe  bool   `help:"Exit after the answers."`
}

// demoTop is how many matches, records, cells and openings an answer shows.
const demoTop = 3

// Run loads, answers and serves.
func (c *demoCmd) Run(s *session) (err error) {
	info := testdata.Find(c.Scenario)
	if info == nil {
		return usage("--scenario: there is no scenario %q", c.Scenario)
	}
	log := s.logger("off")
	m, err := openMarket(s, market.Options{Log: log})
	if err != nil {
		return err
	}
	defer closing(m, &err)
	var listener net.Listener
	if !c.NoServe {
		if listener, err = c.listen(s, m); err != nil {
			return err
		}
		defer listener.Close()
	}
	s.note("%s: %s", strings.ToUpper(info.Letter), name(info.NameZH, info.NameEN))
	s.note("%s", name(info.StoryZH, info.StoryEN))
	if err := loadScenario(s, m, info.Letter); err != nil {
		return err
	}
	if err := c.answers(s, m, info); err != nil {
		return err
	}
	if c.NoServe {
		return nil
	}
	if err := m.Prepare(s.ctx); err != nil {
		return err
	}
	s.note("")
	writeAddresses(s, listener)
	writeExamples(s, listener, info)
	return serve(s, m, listener, log)
}

// loadScenario imports the scenario's files, which an import reads by path, from a
// folder of its own.
func loadScenario(s *session, m *market.Market, letter string) error {
	files, err := testdata.Scenario(letter)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "talentmatch-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var paths []string
	for _, f := range files {
		path := filepath.Join(dir, strings.ReplaceAll(f.Name, "/", "-"))
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			return err
		}
		paths = append(paths, path)
	}
	report, err := m.Import(s.ctx, paths, market.ImportOptions{})
	if err != nil {
		return fmt.Errorf("scenario %s: %w", letter, err)
	}
	var counts []string
	for _, t := range talent.Types {
		if n := report.Types[t].Added; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, t.Plural()))
		}
	}
	s.note("loaded %s", strings.Join(counts, ", "))
	return nil
}

// answers answers the scenario's questions, and says how long the first one took
// from the start of the program.
func (c *demoCmd) answers(s *session, m *market.Market, info *testdata.Info) error {
	for i, q := range info.Questions {
		if i > 0 {
			fmt.Fprintln(s.out)
		}
		fmt.Fprintf(s.out, "%s\n%s\n", q.ZH, q.EN)
		if err := answer(s, m, q); err != nil {
			return fmt.Errorf("question %d: %w", i+1, err)
		}
		if err := s.out.Flush(); err != nil {
			return fmt.Errorf("standard output: %w", err)
		}
		if i == 0 {
			s.note("first answer after %.2f s", time.Since(s.started).Seconds())
		}
	}
	return nil
}

// answer answers one question.
func answer(s *session, m *market.Market, q testdata.Question) error {
	switch q.Kind {
	case "demand", "program":
		r := market.MatchRequest{Top: demoTop, Weights: matcher.DefaultWeights(), Explain: true}
		if q.Kind == "demand" {
			r.DemandID = q.ID
		} else {
			r.ProgramID = q.ID
		}
		a, err := m.Match(s.ctx, r)
		if err != nil {
			return err
		}
		if err := writeHeadline(s, m, talent.Type(q.Kind), q.ID); err != nil {
			return err
		}
		writeRanking(s, a, false)
		fmt.Fprintf(s.out, "  %s\n", tally(a.Meta))
	case "search":
		a, err := m.Search(s.ctx, market.SearchRequest{Text: q.Text, Limit: demoTop, Facets: []string{"type"}})
		if err != nil {
			return err
		}
		writeFound(s, a, []string{"type"})
	case "gaps":
		a, err := m.Gaps(s.ctx, market.GapRequest{By: []string{q.Text}, Limit: 2 * demoTop})
		if err != nil {
			return err
		}
		writeGaps(s, a, false)
	case "align":
		a, err := m.Align(s.ctx, market.AlignRequest{ProgramID: q.ID, MinSkills: 0.5, Top: demoTop})
		if err != nil {
			return err
		}
		writeAlignment(s, a, demoTop)
	default:
		return fmt.Errorf("a question of kind %q: %w", q.Kind, talent.ErrUnsupported)
	}
	return nil
}

// writeExamples prints the same questions as requests to try.
func writeExamples(s *session, listener net.Listener, info *testdata.Info) {
	base := "http://" + listener.Addr().String()
	s.note("\ntry:")
	for _, q := range info.Questions {
		path := ""
		switch q.Kind {
		case "demand":
			path = "/v1/demands/" + q.ID + "/matches?limit=3"
		case "program":
			path = "/v1/programs/" + q.ID + "/matches?limit=3"
		case "align":
			path = "/v1/programs/" + q.ID + "/alignment"
		case "search":
			path = "/v1/search?q=" + url.QueryEscape(q.Text)
		case "gaps":
			path = "/v1/gaps?by=" + q.Text
		}
		s.note("  curl '%s%s'", base, path)
	}
	s.note("\nstop with Ctrl-C; the store is temporary")
}

package main

import (
	"strings"

	"talentmatch/market"
)

// causesCmd says why heads stay empty, the group with most of them first. csv has the columns
// of market.WriteCausesCSV; ndjson has a market.CausesGroup a line; json is the whole
// market.CausesAnswer. --save keeps a market.Report, which talentmatch replay makes again.
type causesCmd struct {
	dataFlag
	By         string   `default:"occupation" enum:"skill,occupation,region,education,year,industry,employer_kind" help:"What openings are grouped by: ${enum}."`
	RegionAt   string   `enum:"province,prefecture,region" default:"province" help:"How far regions of groups are rolled up: province, prefecture or region."`
	IndustryAt string   `enum:"section,division" default:"section" help:"How far GB/T 4754 codes are rolled up: section or division."`
	Region     []string `placeholder:"REGION,..." help:"Show openings in these regions alone, ids or names; others compete all the same."`
	Alliance   string   `placeholder:"ID" help:"Show openings of this alliance's members alone; others compete all the same."`
	Filter     []string `sep:"none" placeholder:"DIM=VALUE" help:"Show openings that have the value alone; others compete all the same."`
	Programs   string   `enum:"all,inside" default:"all" help:"The market: all, or inside: the programs and openings of the regions and the alliance alone."`
	Cohort     []int    `placeholder:"YEAR,..." help:"Cohorts that leave in these years alone, 1900..2200."`
	Reach      string   `enum:"prefecture,province,country" default:"province" help:"Where graduates stay who do not move: ${enum}."`
	MinSkills  float64  `default:"0.5" help:"Least share of the skills asked for that a program must cover, 0..1."`
	Candidates int      `default:"20" help:"Able programs listed an opening where all of them are too many, 1..1000."`
	Cures      int      `default:"3" help:"Cures shown a group, 0..20; at most 3000 in all."`
	SurplusBy  string   `enum:"region,education,program" default:"region" help:"What graduates left over are grouped by: ${enum}."`
	Limit      int      `default:"20" help:"Groups shown, 1..1000."`
	Cursor     string   `help:"Go on where an earlier answer ended."`
	Format     string   `enum:"table,csv,ndjson,json" default:"table" help:"table, csv, ndjson or json."`
	keepFlags
}

// Help says what the numbers are.
func (*causesCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Openings are filled so that as many heads as can be are, within the limits of education, timing,
skills, place and reservations. talentmatch allocate has other limits (see allocate below). Each limit's share of them is what lifting it fills, on average over every order of
lifting education, timing, skills, place and reservations (Shapley); what stays empty without any of
them is due to numbers.

`)
	for _, d := range market.CausesDefinitions {
		b.WriteString("  " + d.Field + ": " + d.EN + "\n")
	}
	return b.String()
}

// request is what the flags ask for.
func (c *causesCmd) request() (market.CausesRequest, error) {
	values, err := fieldValues("--filter", c.Filter, gapDimensions)
	filter := market.CausesFilter{Alliance: c.Alliance, GapFilter: gapFilter(values)}
	filter.Region = append(c.Region, filter.Region...)
	return market.CausesRequest{
		By: c.By, RegionAt: c.RegionAt, IndustryAt: c.IndustryAt, Programs: c.Programs, Cohorts: c.Cohort, Reach: c.Reach, MinSkills: c.MinSkills,
		Candidates: c.Candidates, Cures: c.Cures, SurplusBy: c.SurplusBy, Limit: c.Limit, Cursor: c.Cursor,
		Filter: filter,
	}, err
}

// Run asks.
func (c *causesCmd) Run(s *session) (err error) {
	request, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	bar := s.progress("placing", false)
	defer bar.done()
	request.Progress = func(_ string, done, total int) { bar.set(int64(done), int64(total)) }
	report, answer, err := m.ReportCauses(s.ctx, request)
	if err != nil {
		return asked(err)
	}
	bar.done()
	if err := deliver(s, c.keepFlags, c.Format, report, answer, forms[*market.CausesAnswer]{market.WriteCausesWorkbook, market.WriteCausesCSV, market.WriteCausesNDJSON, writeCauses}); err != nil {
		return err
	}
	say := (&causesPage{zh: c.Lang == "zh"}).say
	s.note(say("%d of %d groups; %d of %d heads unfilled"), len(answer.Items), answer.Meta.Groups, answer.Meta.Total.Unfilled, answer.Meta.Total.Heads)
	if answer.NextCursor != "" {
		s.note(say("more with --cursor %s"), answer.NextCursor)
	}
	return nil
}

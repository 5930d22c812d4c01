package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"talentmatch/market"
)

// skillsCmd shows which skills count for one where it is asked for, and why. ndjson has
// the API's items; csv has the columns of neighbourColumns, ids separated by spaces, and
// empty where a source says nothing.
type skillsCmd struct {
	dataFlag
	ID     string `name:"id" required:"" placeholder:"SKILL" help:"Id of the skill, or its name in either language."`
	Top    int    `default:"20" help:"Skills shown, the most like it first: 1..1000."`
	Format string `enum:"table,ndjson,csv" default:"table" help:"table, ndjson or csv."`
}

// neighbourColumns is the header of skills --format csv.
var neighbourColumns = []string{"id", "name", "name_en", "sim", "structure", "why", "together", "lists", "occupations", "with", "text", "words"}

// Run asks for the neighbours.
func (c *skillsCmd) Run(s *session) (err error) {
	if c.Top < 1 || c.Top > market.MaxPage {
		return usage("--top must be 1..%d", market.MaxPage)
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	a, err := m.Neighbours(s.ctx, market.NeighbourRequest{Skill: c.ID, Limit: c.Top})
	if err != nil {
		return asked(err)
	}
	switch c.Format {
	case "ndjson":
		for _, item := range a.Items {
			if err := s.line(item); err != nil {
				return err
			}
		}
	case "csv":
		rows := [][]string{neighbourColumns}
		for i := range a.Items {
			rows = append(rows, neighbourRow(&a.Items[i]))
		}
		if err := csv.NewWriter(s.out).WriteAll(rows); err != nil {
			return err
		}
	default:
		writeNeighbours(s, a)
	}
	s.note("%d of %d skills that count for it; skill space %s", len(a.Items), a.Meta.Total, a.Meta.Versions.SkillSpace)
	return nil
}

func neighbourRow(it *market.NeighbourItem) []string {
	row := []string{it.ID, cellText(it.Name), cellText(it.NameEN), number(it.Sim), "", "", "", "", "", "", "", ""}
	if r := it.Structure; r != nil {
		row[4], row[5] = number(r.Sim), r.Why
	}
	if r := it.Together; r != nil {
		row[6], row[7] = number(r.Sim), strconv.Itoa(r.Lists)
		row[8], row[9] = recordIDs(r.Occupations), recordIDs(r.With)
	}
	if r := it.Text; r != nil {
		row[10], row[11] = number(r.Sim), cellText(strings.Join(r.Words, " "))
	}
	return row
}

func recordIDs(list []market.NamedRecord) string {
	var ids []string
	for _, r := range list {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

// writeNeighbours writes the neighbours for people: what the sources say in columns, and
// what they say it from behind them.
func writeNeighbours(s *session, a *market.NeighbourAnswer) {
	fmt.Fprintf(s.out, "skill %s  %s\n", a.Meta.Skill.ID, plain(strings.Join(filled(a.Meta.Skill.Name, a.Meta.Skill.NameEN), " · ")))
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, "  no other skill counts for it")
		return
	}
	t := newTable("  ", ">#", ">sim", "id", "name", ">taxonomy", ">together", ">text", "because")
	for i := range a.Items {
		it := &a.Items[i]
		cells := []string{strconv.Itoa(i + 1), fmt.Sprintf("%.2f", it.Sim), it.ID, cut(name(it.Name, it.NameEN), 36), "-", "-", "-", strings.Join(neighbourReasons(it), "; ")}
		if it.Structure != nil {
			cells[4] = fmt.Sprintf("%.2f", it.Structure.Sim)
		}
		if it.Together != nil {
			cells[5] = fmt.Sprintf("%.2f", it.Together.Sim)
		}
		if it.Text != nil {
			cells[6] = fmt.Sprintf("%.2f", it.Text.Sim)
		}
		t.add(cells...)
	}
	t.write(s.out)
}

// neighbourReasons says what each source says it from: "narrower", "lists with both: 5,
// such as 焊工", "found with 钣金加工, 安全生产", "words 焊接, weld".
func neighbourReasons(it *market.NeighbourItem) []string {
	var out []string
	if it.Structure != nil {
		out = append(out, it.Structure.Why)
	}
	if r := it.Together; r != nil {
		if r.Lists > 0 {
			lists := fmt.Sprintf("lists with both: %d", r.Lists)
			if len(r.Occupations) > 0 {
				lists += ", such as " + cmp.Or(r.Occupations[0].Name, r.Occupations[0].NameEN)
			}
			out = append(out, lists)
		}
		var with []string
		for _, k := range r.With {
			with = append(with, cmp.Or(k.Name, k.NameEN))
		}
		if len(with) > 0 {
			out = append(out, "found with "+strings.Join(with, ", "))
		}
	}
	if it.Text != nil && len(it.Text.Words) > 0 {
		out = append(out, "words "+strings.Join(it.Text.Words, ", "))
	}
	return out
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"talentmatch/market"
	"talentmatch/talent"
)

// searchCmd finds records. ndjson has the API's items; facets, which are no items,
// follow in a last line {"meta": ...}.
type searchCmd struct {
	dataFlag
	Words   []string `arg:"" optional:"" name:"words" help:"What to look for; \"quoted words\" are a phrase, -word excludes (inside one quoted argument, or with -- before all words)."`
	Text    string   `placeholder:"TEXT" help:"What to look for, in one string."`
	Type    []string `placeholder:"TYPE" help:"Only these record types."`
	Filter  []string `sep:"none" placeholder:"FIELD=VALUE" help:"Only records that have the value; of one field any, of several all."`
	Exclude []string `sep:"none" placeholder:"FIELD=VALUE" help:"No records that have the value."`
	Facets  []string `placeholder:"FIELD" help:"Count the values of these fields over everything found."`
	Limit   int      `default:"20" help:"Records shown, 1..1000."`
	Cursor  string   `help:"Go on where an earlier answer ended."`
	Format  string   `enum:"table,ndjson" default:"table" help:"table or ndjson."`
}

// Help gives examples. The folder is needed alone because the index is.
func (*searchCmd) Help() string {
	return `Examples, with TALENTMATCH_DATA set:

  talentmatch search 机器人 编程
  talentmatch search "机器人 -焊接"            one quoted argument: -word excludes
  talentmatch search -- 机器人 -焊接           the same in several, after flags and --
  talentmatch search '"工业机器人" 编程'       a phrase and a word
  talentmatch search --type program --filter region=440600 --exclude education=secondary 机器人

` + needsFolderAlone + ` A server answers GET /v1/search?q=WORDS meanwhile.`
}

// Run searches.
func (c *searchCmd) Run(s *session) (err error) {
	r, err := c.request()
	if err != nil {
		return err
	}
	m, err := c.open(s)
	if err != nil {
		return err
	}
	defer closing(m, &err)
	answer, err := m.Search(s.ctx, r)
	if err != nil {
		return asked(err)
	}
	if c.Format == "ndjson" {
		err = c.lines(s, answer)
	} else {
		writeFound(s, answer, c.Facets)
	}
	s.note("%d found, %d shown", answer.Meta.Total, len(answer.Items))
	if answer.NextCursor != "" {
		s.note("more with --cursor %s", answer.NextCursor)
	}
	return err
}

// request checks what the command line can check.
func (c *searchCmd) request() (r market.SearchRequest, err error) {
	r = market.SearchRequest{
		Text:   strings.Join(filled(append([]string{c.Text}, c.Words...)...), " "),
		Facets: c.Facets, Limit: c.Limit, Cursor: c.Cursor,
	}
	for _, name := range c.Type {
		t, err := recordType(name)
		if err != nil {
			return r, err
		}
		r.Types = append(r.Types, t)
	}
	if r.Filters, err = fieldValues("--filter", c.Filter, nil); err != nil {
		return r, err
	}
	r.Exclude, err = fieldValues("--exclude", c.Exclude, nil)
	return r, err
}

// fieldValues reads repeated FIELD=VALUE flags; fields are those there are, nil
// leaves it to the market to say so.
func fieldValues(flag string, given, fields []string) (map[string][]string, error) {
	out := map[string][]string{}
	for _, g := range given {
		field, value, ok := strings.Cut(g, "=")
		if !ok || value == "" {
			return nil, usage("%s: expected FIELD=VALUE, got %q", flag, g)
		}
		if fields != nil && !slices.Contains(fields, field) {
			return nil, usage("%s: there is no field %q (there are %s)", flag, field, strings.Join(fields, ", "))
		}
		out[field] = append(out[field], value)
	}
	return out, nil
}

func (c *searchCmd) lines(s *session, a *market.SearchAnswer) error {
	for _, item := range a.Items {
		if err := s.line(item); err != nil {
			return err
		}
	}
	if len(c.Facets) == 0 {
		return nil
	}
	return s.line(struct {
		Meta market.SearchMeta `json:"meta"`
	}{a.Meta})
}

// writeFound writes the results, then the facets in the order asked for.
func writeFound(s *session, a *market.SearchAnswer, facets []string) {
	if len(a.Items) == 0 {
		fmt.Fprintln(s.out, "nothing found")
	} else {
		t := newTable("", "type", "id", "name", ">score")
		for _, item := range a.Items {
			t.add(string(item.Type), item.ID, cut(name(item.Name, item.NameEN), 72), fmt.Sprintf("%.3f", item.Score))
		}
		t.write(s.out)
	}
	for _, field := range facets {
		fmt.Fprintf(s.out, "\n%s\n", field)
		t := newTable("  ", ">count", "value")
		for _, f := range a.Meta.Facets[field] {
			t.add(fmt.Sprint(f.Count), strings.Join(filled(f.Value, facetLabel(field, f.Value)), " "))
		}
		t.write(s.out)
	}
}

// name is a name with its English twin.
func name(zh, en string) string {
	return strings.Join(filled(zh, en), " / ")
}

// facetLabel says what a code means, where a public table knows it.
func facetLabel(field, value string) string {
	switch field {
	case "region":
		if r := talent.BuiltinRegion(value); r != nil {
			return r.Name
		}
	case "education":
		return talent.Label("", "education", value, "zh")
	case "industry":
		i, _ := talent.IndustryOf(value)
		return i.Name
	}
	return ""
}

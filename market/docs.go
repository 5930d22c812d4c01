package market

import (
	"strings"

	"talentmatch/index"
	"talentmatch/talent"
)

// doc makes the index document of a record that is neither demand nor program; ok
// is false for types that are not searched.
func (c *converter) doc(rec talent.Record) (index.Doc, bool) {
	d := index.Doc{Type: rec.RecordType(), ID: rec.RecordID()}
	switch r := rec.(type) {
	case *talent.Organization:
		d.Title, d.TitleEN, d.Kind, d.Industry = r.Name, r.NameEN, r.Kind, industryCode(r.Industry)
		c.place(&d, r.Region)
	case *talent.Alliance:
		d.Title, d.TitleEN, d.Kind = r.Name, r.NameEN, r.Kind
		for _, id := range r.Regions {
			d.Regions = append(d.Regions, c.w.gazetteer.Path(id)...)
		}
		d.Regions = distinct(d.Regions)
		if len(r.Industries) > 0 {
			d.Industry = industryCode(r.Industries[0])
		}
	case *talent.Region:
		d.Title, d.TitleEN = r.Name, r.NameEN
		c.place(&d, r.ID)
	case *talent.Occupation:
		d.Title, d.TitleEN, d.Text = r.Name, r.NameEN, joinText(r.Text, r.TextEN)
		d.Names = r.Aliases
		for _, s := range r.Skills {
			d.Skills = append(d.Skills, s.Skill)
		}
		d.Skills = distinct(d.Skills)
		d.Occupation = r.ID
	case *talent.Skill:
		d.Title, d.TitleEN, d.Text, d.Kind = r.Name, r.NameEN, joinText(r.Text, r.TextEN), r.Kind
		d.Names = r.Aliases
		d.Skills = []string{r.ID}
	case *talent.Agreement:
		d.Kind, d.Text = r.Kind, r.Note
		d.Organization = r.Enterprise
		for _, id := range []string{r.Enterprise, r.School} {
			if org := c.org(id); org != nil {
				d.Names = append(d.Names, org.Name, org.NameEN)
			}
		}
		d.Names = nonEmpty(d.Names)
	default:
		return d, false
	}
	return d, index.Searchable(d.Type)
}

// place fills the region fields.
func (c *converter) place(d *index.Doc, region string) {
	d.Region = region
	d.Regions = c.w.gazetteer.Path(region)
	if n := len(d.Regions); n >= 2 {
		d.Province = d.Regions[n-2] // the ancestor just below the root
	} else {
		d.Province = region
	}
	for _, id := range d.Regions {
		if id == talent.Country {
			continue // every record would carry it
		}
		if r := c.w.gazetteer.Get(id); r != nil {
			d.Names = append(d.Names, nonEmpty([]string{r.Name, r.NameEN})...)
		}
	}
}

func (c *converter) demandDoc(r *talent.Demand, occ *talent.Occupation, org *talent.Organization, industry string, skills, unresolved []string) index.Doc {
	if c.noDocs {
		return index.Doc{}
	}
	d := index.Doc{
		Type: talent.TypeDemand, ID: r.ID, Title: r.Title, TitleEN: r.TitleEN, Text: r.Text, Skills: skills, Unresolved: unresolved,
		Occupation: r.Occupation, Organization: r.Employer, Education: string(r.Education), Industry: industryCode(industry),
		Kind: r.Mode, Status: r.Status,
	}
	if d.Status == "" {
		d.Status = "open"
	}
	if m, ok := talent.ParseMonth(r.Start); ok {
		d.Years = []int{m / 12}
	}
	c.place(&d, r.Region)
	if org != nil {
		d.Names = append(d.Names, nonEmpty([]string{org.Name, org.NameEN})...)
	}
	if occ != nil {
		d.Names = append(d.Names, nonEmpty([]string{occ.Name, occ.NameEN})...)
	}
	var written []string
	for _, s := range r.Skills {
		written = append(written, s.Name)
	}
	d.Text = joinText(append([]string{r.Text}, written...)...)
	return d
}

func (c *converter) programDoc(r *talent.Program, skills, unresolved []string) index.Doc {
	if c.noDocs {
		return index.Doc{}
	}
	d := index.Doc{
		Type: talent.TypeProgram, ID: r.ID, Title: r.Name, TitleEN: r.NameEN, Skills: skills, Unresolved: unresolved,
		Organization: r.School, Education: string(r.Education),
	}
	for _, co := range r.Cohorts {
		d.Years = append(d.Years, co.Year)
	}
	c.place(&d, r.Region)
	if org := c.org(r.School); org != nil {
		d.Names = append(d.Names, nonEmpty([]string{org.Name, org.NameEN})...)
	}
	texts := []string{r.Text}
	for _, co := range r.Courses {
		texts = append(texts, co.Name)
		for _, s := range co.Skills {
			texts = append(texts, s.Name)
		}
	}
	for _, s := range r.Skills {
		texts = append(texts, s.Name)
	}
	d.Text = joinText(texts...)
	return d
}

func nonEmpty(list []string) []string {
	out := list[:0:0]
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func joinText(texts ...string) string { return strings.Join(nonEmpty(texts), "\n") }

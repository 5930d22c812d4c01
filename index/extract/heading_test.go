package extract

import (
	"testing"

	"talentmatch/index/taxonomy"
	"talentmatch/talent"
)

// TestHeadingsAreNotFound: the heading of a taxonomy is found nowhere, nor does it hide
// the skill of the same name.
func TestHeadingsAreNotFound(t *testing.T) {
	x := New(taxonomy.NewCatalogue([]*talent.Skill{
		{ID: "a.group", Name: "education", Aliases: []string{"教育"}, Kind: talent.SkillGroup},
		{ID: "b.group", Name: "statistics", Aliases: []string{"统计"}, Kind: talent.SkillGroup},
		{ID: "c.statistics", Name: "statistics", Aliases: []string{"统计"}, Kind: "knowledge"},
	}, nil))
	got := x.Extract("Bachelor education, statistics and educations; 教育背景，统计。")
	if len(got) != 2 || got[0].Skill != "c.statistics" || got[0].Text != "statistics" || got[1].Skill != "c.statistics" || got[1].Text != "统计" {
		t.Errorf("found %+v", got)
	}
	if got := x.Extract("educaton statistcs"); len(got) > 1 || len(got) == 1 && got[0].Skill != "c.statistics" {
		t.Errorf("misspelt: %+v", got)
	}
}

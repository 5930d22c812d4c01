package market

import "talentmatch/market/sheet"

// newSummary is a report's first sheet before it has rows: what the report is of, a line
// each with its name in both languages.
func newSummary() sheet.Sheet {
	return sheet.Sheet{ZH: "概要", EN: "Summary", Columns: []sheet.Column{{ZH: "项目", EN: "item", Width: 30}, {ZH: "项目（英文）", EN: "item (English)", Width: 40}, {ZH: "值", EN: "value", Width: 60}}}
}

// versionRows are the lines of what a report was computed from.
func versionRows(v *Versions) [][]any {
	return [][]any{
		{"数据版本", "data version", v.Data}, {"分类版本", "taxonomy version", v.Taxonomy},
		{"技能空间版本", "skill-space version", v.SkillSpace}, {"软件版本", "software version", v.Software},
	}
}

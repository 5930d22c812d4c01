package index

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
	"testing"

	"talentmatch/talent"
)

func with(names []string, text string) func(*Doc) {
	return func(d *Doc) { d.Names, d.Text = names, text }
}

func TestAnalysisInSearch(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("lathe", "数控车床操作工"),
		demand("cpp", "C++开发工程师"),
		demand("csharp", "C#开发工程师"),
		demand("dotnet", "ASP.NET 网站维护"),
		demand("node", "前端", with(nil, "熟悉Node.js")),
		demand("prog", "Tester", with(nil, "writes programs")),
		demand("progr", "Programmer"),
		demand("wide", "ＰＬＣ调试"),
		demand("weld", "氩弧焊工"),
		demand("it", "IT 运维"),
		demand("net", "工程师", with([]string{"Shenzhen Net Co"}, "TCP/IP")),
	)
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"two characters inside a longer word", "车床", []string{"lathe"}},
		{"two characters that only meet across words", "床工", nil},
		{"one character of a title", "焊", []string{"weld"}},
		{"C++ is not C#", "C++", []string{"cpp"}},
		{"C# is not C++", "c#", []string{"csharp"}},
		{"plain c is neither", "c", nil},
		{".NET is not net", ".net", []string{"dotnet"}},
		{"net is not .NET", "net", []string{"net"}},
		{"node.js", "Node.JS", []string{"node"}},
		{"a protocol", "tcp/ip", []string{"net"}},
		// Porter: program, programs and programming share a stem; programmer does not.
		{"programming finds programs", "programming", []string{"prog"}},
		{"programmers finds programmer", "programmers", []string{"progr"}},
		{"plain finds full width", "plc", []string{"wide"}},
		{"full width finds plain", "Ｃ＃", []string{"csharp"}},
		{"IT in capitals", "IT", []string{"it"}},
		{"only stop words and signs find nothing", "the of ！，", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := find(t, x, Query{Text: tt.text})
			sort.Strings(got)
			want := []string{}
			for _, id := range tt.want {
				want = append(want, "demand:"+id)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%q finds %v, want %v", tt.text, got, want)
			}
		})
	}
}

func TestTextIsDataButForMinusAndQuotes(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("a", "电气工程师", with(nil, "熟悉PLC编程, machine learning")),
		demand("b", "电气工程师", with(nil, "learning to run a machine，维护")),
		demand("c", "电气主管 title:x +plc"),
	)
	for _, tt := range []struct {
		text string
		want string
	}{
		{"电气", "abc"},
		{"电气 -PLC", "b"},
		{"电气 －ｐｌｃ", "b"},
		{"-PLC", "b"},
		{`电气 -"machine learning"`, "bc"},
		{"-维护 -主管", "a"},
		{"machine learning", "ab"},
		{`"machine learning"`, "a"},
		{"“learning machine”", ""},
		{"“气工程”", "ab"},
		{`电气 "`, "abc"},
		{"电气 -", "abc"},
		{"电气 - 主管", "c"},
		{"PLC-编程", "a"},
		{"title:电气", "c"},
		{"+plc", "ac"},
		{"text:*", ""},
		{"电气 AND", "abc"},
		{"/.*/", ""},
	} {
		got := ""
		for _, k := range find(t, x, Query{Text: tt.text, Sort: "id"}) {
			got += strings.TrimPrefix(k, "demand:")
		}
		if got != tt.want {
			t.Errorf("%q finds %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestOrder(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("text", "职位", with(nil, "负责机器人调试")),
		demand("names", "职位", with([]string{"机器人研究院"}, "负责")),
		demand("title", "机器人工程师", with([]string{"某公司"}, "负责")),
		demand("same-2", "焊工"), demand("same-1", "焊工"), Doc{Type: talent.TypeOccupation, ID: "same-9", Title: "焊工"},
		// Five words; the one with all of them stands far back in a long text.
		demand("most", "仓库 物流 叉车 配送", with(nil, "仓库 物流 叉车 配送")),
		demand("all", "岗位", with(nil, strings.Repeat("其他说明。", 200)+"仓库 物流 叉车 配送 无人机")),
		demand("few", "仓库 物流"),
	)
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"机器人", []string{"demand:title", "demand:names", "demand:text"}},
		{"焊工", []string{"demand:same-1", "demand:same-2", "occupation:same-9"}},
		{"仓库 物流 叉车 配送 无人机", []string{"demand:all", "demand:most"}},
		{"仓库 物流 叉车", []string{"demand:most", "demand:all"}},
	} {
		if got := find(t, x, Query{Text: tt.text}); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%q finds %v, want %v", tt.text, got, tt.want)
		}
	}
}

func TestConceptsCrossLanguages(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("en", "Automation engineer", with(nil, "needs PLC programming")),
		demand("zh", "自动化工程师", with(nil, "会可编程控制器")),
		demand("id", "电气技术员", func(d *Doc) { d.Skills = []string{"plc"} }),
		demand("sz", "操作工", func(d *Doc) { d.Skills, d.Regions = []string{"plc"}, []string{"440300", "440000"} }),
		demand("part", "programming of PLC boards"),
		demand("other", "会计", func(d *Doc) { d.Regions = []string{"440300", "440000"} }),
	)
	plc := Concept{Skills: []string{"plc"}, Labels: []string{"可编程控制器", "PLC", "PLC编程", "PLC programming"}}
	plc.Labels = append(plc.Labels[:1], plc.Labels[2:]...) // PLC alone is ambiguous here
	shenzhen := Concept{Regions: []string{"440300"}, Labels: []string{"深圳", "Shenzhen"}}
	for _, tt := range []struct {
		name     string
		text     string
		concepts []Concept
		want     string
	}{
		{"Chinese finds English", "可编程控制器", []Concept{plc}, "en id sz zh"},
		{"English finds Chinese; its own words in any order", "plc programming", []Concept{plc}, "en id part sz zh"},
		{"without the concept only words", "可编程控制器", nil, "zh"},
		{"two concepts must both hold", "深圳可编程控制器", []Concept{plc, shenzhen}, "sz"},
		{"a concept and a word", "技术员 可编程控制器", []Concept{plc}, "id"},
		{"a stretch in other words", "PLCs 技术员", []Concept{{Text: "PLCs", Skills: []string{"plc"}}}, "id"},
		{"quotes mean the words", `"可编程控制器"`, []Concept{plc}, "zh"},
		{"an excluded concept does not come back", "工程师 -可编程控制器", []Concept{plc}, ""},
		{"a concept that names no stretch answers for all", "逻辑控制", []Concept{plc}, "en id sz zh"},
		{"a concept without text", "", []Concept{plc}, "en id sz zh"},
		{"a concept that says nothing", "会计", []Concept{{Labels: []string{"会计"}}}, "other"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, k := range find(t, x, Query{Text: tt.text, Concepts: tt.concepts, Sort: "id"}) {
				got = append(got, strings.TrimPrefix(k, "demand:"))
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("%q finds %v, want %s", tt.text, got, tt.want)
			}
		})
	}
}

func TestPagesAreSeamless(t *testing.T) {
	x := open(t, "")
	var docs []Doc
	for i := range 57 {
		docs = append(docs, demand(fmt.Sprintf("d%02d", i), []string{"焊工", "焊工 电工", "电工"}[i%3]))
	}
	apply(t, x, 1, docs[:20]...)
	apply(t, x, 2, docs[20:]...)
	for _, q := range []Query{{Text: "焊工"}, {Text: "焊工", Sort: "id"}, {}, {Text: "-电工"}} {
		want := find(t, x, q)
		var got []string
		for page := 0; ; page++ {
			q.Limit = 7 + page // the page size may change on the way
			res, err := x.Search(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			if res.Total != len(want) {
				t.Fatalf("total %d on page %d, want %d", res.Total, page, len(want))
			}
			for _, h := range res.Hits {
				got = append(got, Key{h.Type, h.ID}.String())
			}
			if q.Cursor = res.NextCursor; q.Cursor == "" {
				break
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: pages give %v, one page %v", q, got, want)
		}
	}
}

func TestBadQueries(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1, demand("a", "焊工"), demand("b", "焊工"))
	res, err := x.Search(ctx, Query{Text: "焊工", Limit: 1})
	if err != nil || res.NextCursor == "" {
		t.Fatalf("%v, cursor %q", err, res.NextCursor)
	}
	cursor := res.NextCursor
	for _, tt := range []struct {
		name string
		q    Query
		want string
	}{
		{"no limit", Query{}, "limit: must be 1 to 1000 (got 0)"},
		{"limit", Query{Limit: 1001}, "limit: must be 1 to 1000 (got 1001)"},
		{"length", Query{Limit: 1, Text: strings.Repeat("焊", 2001)}, "q: must be at most 2000 characters, it has 2001 (got 焊焊"},
		{"facet", Query{Limit: 1, Facets: []string{"color"}}, "facet: must be one of education, industry, kind, region, status, type, unresolved, year (got color)"},
		{"facet size", Query{Limit: 1, FacetSize: -1}, "facet_size: must be 0 to 1000 (got -1)"},
		{"filter", Query{Limit: 1, Filters: map[string][]string{"text": {"x"}}}, "filter: must be one of education"},
		{"exclusion", Query{Limit: 1, Exclude: map[string][]string{"_id": {"x"}}}, "exclude: must be one of education"},
		{"filter values", Query{Limit: 1, Filters: map[string][]string{"skill": make([]string, 1001)}}, "skill: must have at most 1000 values, it has 1001"},
		{"year", Query{Limit: 1, Filters: map[string][]string{"year": {"今年"}}}, "year: must be a year, as in 2026 (got 今年)"},
		{"unresolved", Query{Limit: 1, Filters: map[string][]string{"unresolved": {"yes"}}}, "unresolved: must be true or false (got yes)"},
		{"sort", Query{Limit: 1, Sort: "_score"}, `sort: must be empty (by relevance) or "id" (got _score)`},
		{"type", Query{Limit: 1, Type: []talent.Type{"city"}}, "type: must be one of agreement, alliance, demand"},
		{"garbage cursor", Query{Text: "焊工", Limit: 1, Cursor: "焊"}, "cursor: is not a cursor of this search; start again without one (got 焊)"},
		{"short cursor", Query{Text: "焊工", Limit: 1, Cursor: "AAAA"}, "cursor: is not a cursor"},
		{"changed cursor", Query{Text: "焊工", Limit: 1, Cursor: strings.ToUpper(cursor)}, "cursor: is not a cursor"},
		{"cut cursor", Query{Text: "焊工", Limit: 1, Cursor: cursor[:len(cursor)-4]}, "cursor: is not a cursor"},
		{"another text's cursor", Query{Text: "电工", Limit: 1, Cursor: cursor}, "cursor: belongs to another query"},
		{"another filter's cursor", Query{Text: "焊工", Limit: 1, Cursor: cursor, Filters: map[string][]string{"kind": {"hire"}}}, "cursor: belongs to another query"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := x.Search(ctx, tt.q)
			if !errors.Is(err, talent.ErrInvalid) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := x.Search(canceled, Query{Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
}

func TestHighlights(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("a", "ＰＬＣ编程<b>工程师", with([]string{"某公司", "PLC学院"},
			strings.Repeat("公司简介。", 60)+"要求：熟悉PLC programming & 编程，有经验。"+strings.Repeat("福利优厚。", 60))),
		demand("b", "技术员", func(d *Doc) { d.Skills = []string{"plc"} }),
	)
	res, err := x.Search(ctx, Query{Text: "plc 编程", Limit: 10, Highlight: true,
		Concepts: []Concept{{Text: "plc", Skills: []string{"plc"}, Labels: []string{"PLC programming"}}}})
	if err != nil || res.Total != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	h := res.Hits[0].Highlights
	if want := []string{"<mark>ＰＬＣ编程</mark>&lt;b&gt;工程师"}; !reflect.DeepEqual(h["title"], want) {
		t.Errorf("title %q", h["title"])
	}
	if want := []string{"<mark>PLC</mark>学院"}; !reflect.DeepEqual(h["names"], want) {
		t.Errorf("names %q", h["names"])
	}
	if len(h["text"]) != 1 || !strings.Contains(h["text"][0], "熟悉<mark>PLC programming</mark> &amp; <mark>编程</mark>，") ||
		!strings.HasPrefix(h["text"][0], "…") || !strings.HasSuffix(h["text"][0], "…") || len(h["text"][0]) > fragmentBytes+40 {
		t.Errorf("text %q", h["text"])
	}
	// A hit by its skill id alone has nothing to mark.
	res, err = x.Search(ctx, Query{Text: "可编程", Limit: 10, Highlight: true, Concepts: []Concept{{Text: "可编程", Skills: []string{"plc"}}}})
	if err != nil || len(res.Hits) != 1 || len(res.Hits[0].Highlights) != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestHighlightsOfLongMatches(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1, demand("a", "说明", with(nil, strings.Repeat("智能制造", 400))))
	res, err := x.Search(ctx, Query{Text: "智能制造", Limit: 10, Highlight: true})
	if err != nil || len(res.Hits) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	got := res.Hits[0].Highlights["text"]
	if len(got) != textFragments || !strings.Contains(got[0], "<mark>智能制造") {
		t.Errorf("%q", got)
	}
}

func TestUnresolvedNames(t *testing.T) {
	x := open(t, "")
	apply(t, x, 1,
		demand("a", "焊工", func(d *Doc) {
			d.Unresolved = []string{"水下焊接", "爆破", "爆破"}
			d.Text = "水下焊接 爆破"
		}),
		demand("b", "焊工", func(d *Doc) { d.Unresolved = []string{"爆破"} }),
		demand("c", "焊工"),
	)
	q := Query{Filters: map[string][]string{"unresolved": {"true"}}, Facets: []string{"unresolved"}, Limit: 10}
	res, err := x.Search(ctx, q)
	want := []FacetCount{{"爆破", 2}, {"水下焊接", 1}}
	if err != nil || res.Total != 2 || !reflect.DeepEqual(res.Facets["unresolved"], want) {
		t.Errorf("%+v, %v", res, err)
	}
	if got := find(t, x, Query{Text: "水下焊接"}); !reflect.DeepEqual(got, []string{"demand:a"}) {
		t.Errorf("found %v", got)
	}
}

// FuzzQuery: whatever is typed, a search answers without error, and its hits obey
// the filter.
func FuzzQuery(f *testing.F) {
	x := open(f, "")
	apply(f, x, 1, demand("a", "电气工程师 C++", with(nil, "熟悉PLC编程")), demand("b", "programmer", func(d *Doc) { d.Kind = "hire" }),
		Doc{Type: talent.TypeSkill, ID: "plc", Title: "可编程控制器", TitleEN: "PLC"})
	for _, s := range []string{"", "电气 -PLC", `"气工`, `-"`, "--", "- ", "“”", "+a:b*~^(", "a\xffb", strings.Repeat("焊接", 900), "-" + strings.Repeat("焊接", 900), "可编程控制器 plc", "C++"} {
		f.Add(s)
	}
	plc := Concept{Skills: []string{"plc"}, Labels: []string{"可编程控制器", "PLC", ""}}
	f.Fuzz(func(t *testing.T, text string) {
		q := Query{Text: text, Limit: 1, Facets: []string{"type"}, Highlight: true, Concepts: []Concept{plc, {Text: text, Labels: []string{text}}, {}}}
		res, err := x.Search(ctx, q)
		if errors.Is(err, talent.ErrInvalid) && len([]rune(text)) > MaxQueryRunes {
			return
		}
		if err != nil || res.Total > 3 || (res.Total > 1) != (res.NextCursor != "") {
			t.Fatalf("%q: %+v, %v", text, res, err)
		}
		q.Cursor = res.NextCursor
		if _, err := x.Search(ctx, q); err != nil {
			t.Fatalf("%q, second page: %v", text, err)
		}
		q.Cursor, q.Filters = "", map[string][]string{"kind": {"hire"}}
		if res, err = x.Search(ctx, q); err != nil || res.Total > 1 || res.Total == 1 && res.Hits[0].ID != "b" {
			t.Fatalf("%q, filtered: %+v, %v", text, res, err)
		}
	})
}

// TestConceptScoresAreNumbers: a hit that only a concept's id finds has a score, so
// that it can be ranked and written as JSON.
func TestConceptScoresAreNumbers(t *testing.T) {
	x, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	docs := []Doc{
		{Type: talent.TypeDemand, ID: "d1", Title: "自动化工程师", Skills: []string{"sk.plc"}, Occupation: "oc.a", Regions: []string{"440605", "440000"}},
		{Type: talent.TypeDemand, ID: "d2", Title: "会计", Skills: []string{"sk.tax"}, Occupation: "oc.b", Regions: []string{"360000"}},
	}
	if err := x.Apply(context.Background(), docs, nil, 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []Concept{{Skills: []string{"sk.plc"}}, {Occupations: []string{"oc.a"}}, {Regions: []string{"440000"}}} {
		c.Labels, c.Text = []string{"某词"}, "某词"
		res, err := x.Search(context.Background(), Query{Text: "某词", Concepts: []Concept{c}, Limit: 5})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Hits) != 1 || res.Hits[0].ID != "d1" || !(res.Hits[0].Score > 0) || math.IsInf(res.Hits[0].Score, 0) {
			t.Errorf("%+v finds %+v", c, res.Hits)
		}
	}
}

package taxonomy

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"talentmatch/talent"
)

func TestResolve(t *testing.T) {
	c := NewCatalogue([]*talent.Skill{
		{ID: "sk.b", Name: "PLC编程", NameEN: "PLC programming", Aliases: []string{"可编程控制器", "梯形图", "plc 编程"}},
		{ID: "sk.a", Name: "梯形图", NameEN: "Ladder logic", Aliases: []string{"PLC-Programming", "共同"}},
		{ID: "sk.d", Name: "丁", NameEN: "C++", Aliases: []string{"共同"}},
		{ID: "sk.c", Name: "旧名"},
		nil,
		{ID: "sk.c", Name: "丙", Aliases: []string{"共同", "C#", "..."}},
	}, []*talent.Occupation{
		{ID: "oc.1", Name: "PLC工程师", NameEN: "PLC engineer", Aliases: []string{"电气工程师"}},
		{ID: "oc.0", Name: "电工", Aliases: []string{"电气工程师", "electrician"}},
	})
	for _, q := range []struct {
		name, id string
		others   []string
	}{
		{"ＰＬＣ 编程", "sk.b", nil},
		{"可編程控制器", "sk.b", nil},
		{"梯形图", "sk.a", []string{"sk.b"}},             // a name beats an alias
		{"plc programming", "sk.b", []string{"sk.a"}}, // an English name beats an alias
		{"共同", "sk.a", []string{"sk.c", "sk.d"}},      // among aliases the smallest id
		{"c++", "sk.d", nil},
		{"C#", "sk.c", nil},
		{"C", "", nil},
		{"旧名", "", nil}, // replaced by the later record of the id
		{"", "", nil},
		{"...", "", nil},
	} {
		id, others, ok := c.Resolve(q.name)
		if id != q.id || ok != (q.id != "") || !slices.Equal(others, q.others) {
			t.Errorf("Resolve(%q) = %q %q %v, want %q %q", q.name, id, others, ok, q.id, q.others)
		}
	}
	if id, others, ok := c.ResolveOccupation("电气 工程师"); id != "oc.0" || !slices.Equal(others, []string{"oc.1"}) || !ok {
		t.Errorf("ResolveOccupation = %q %q %v", id, others, ok)
	}
	if _, _, ok := c.ResolveOccupation("梯形图"); ok {
		t.Error("an occupation resolved by the name of a skill")
	}

	if got := c.Labels("sk.b"); !slices.Equal(got, []string{"PLC编程", "PLC programming", "可编程控制器", "梯形图"}) {
		t.Errorf("Labels = %q", got)
	}
	if got := c.OccupationLabels("oc.0"); !slices.Equal(got, []string{"电工", "电气工程师", "electrician"}) {
		t.Errorf("OccupationLabels = %q", got)
	}
	if c.Labels("sk.none") != nil || c.OccupationLabels("oc.none") != nil || c.Skill("sk.none") != nil || c.Occupation("sk.a") != nil {
		t.Error("something was found for an unknown id")
	}
	var ids []string
	for _, s := range c.Skills() {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, []string{"sk.a", "sk.b", "sk.c", "sk.d"}) {
		t.Errorf("Skills in order %q", ids)
	}
	if len(c.Occupations()) != 2 || c.Occupations()[0] != c.Occupation("oc.0") || c.Skill("sk.c").Name != "丙" {
		t.Error("occupations or skills are not the given records")
	}
}

func TestNeighbours(t *testing.T) {
	c := NewCatalogue([]*talent.Skill{
		{ID: "area", Name: "领域"},
		{ID: "auto", Name: "自动化", Broader: []string{"area", "gone"}},
		{ID: "plc", Name: "PLC", Broader: []string{"auto"}, Related: []string{"hmi", "gone", "siemens"}},
		{ID: "hmi", Name: "HMI", Broader: []string{"auto"}},
		{ID: "scada", Name: "SCADA", Related: []string{"plc"}},
		{ID: "siemens", Name: "西门子", Broader: []string{"plc"}},
		{ID: "s7", Name: "S7", Broader: []string{"siemens"}},
	}, nil)
	for _, q := range []struct {
		id   string
		want []Neighbour
	}{
		{"plc", []Neighbour{{"plc", 1, "same"}, {"siemens", 0.8, "narrower"}, {"s7", 0.64, "narrower"},
			{"auto", 0.5, "broader"}, {"hmi", 0.5, "related"}, {"scada", 0.5, "related"}}},
		// Narrower through three steps 0.512, four 0.41; hmi as a grandchild.
		{"area", []Neighbour{{"area", 1, "same"}, {"auto", 0.8, "narrower"}, {"hmi", 0.64, "narrower"},
			{"plc", 0.64, "narrower"}, {"siemens", 0.512, "narrower"}, {"s7", 0.41, "narrower"}}},
		// The parent is broader and related; the grandparent would be 0.25.
		{"siemens", []Neighbour{{"siemens", 1, "same"}, {"s7", 0.8, "narrower"}, {"plc", 0.5, "broader"}}},
		{"scada", []Neighbour{{"scada", 1, "same"}, {"plc", 0.5, "related"}}},
		{"gone", nil},
	} {
		if got := c.Neighbours(q.id); !reflect.DeepEqual(got, q.want) {
			t.Errorf("Neighbours(%q) =\n %v, want\n %v", q.id, got, q.want)
		}
	}
}

func TestNeighboursCycleAndCap(t *testing.T) {
	skills := []*talent.Skill{
		{ID: "a", Name: "甲", Broader: []string{"c"}},
		{ID: "b", Name: "乙", Broader: []string{"a"}},
		{ID: "c", Name: "丙", Broader: []string{"b"}},
		{ID: "self", Name: "自", Broader: []string{"self"}, Related: []string{"self"}},
	}
	for i := range 200 {
		skills = append(skills, &talent.Skill{ID: fmt.Sprintf("x%03d", i), Name: "丁", Broader: []string{"self"}})
	}
	c := NewCatalogue(skills, nil)
	want := []Neighbour{{"a", 1, "same"}, {"b", 0.8, "narrower"}, {"c", 0.64, "narrower"}}
	if got := c.Neighbours("a"); !reflect.DeepEqual(got, want) {
		t.Errorf("in a cycle: %v", got)
	}
	got := c.Neighbours("self")
	if len(got) != 64 || got[0].Skill != "self" || got[1].Skill != "x000" || got[63].Skill != "x062" {
		t.Errorf("%d neighbours: %v", len(got), got)
	}
}

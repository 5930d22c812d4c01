package market

import (
	"fmt"
	"strings"
	"testing"
)

// curesOf are the cures of the group with a key: limits, heads and program.
func curesOf(a *CausesAnswer, key string) string {
	var out []string
	for i := range a.Items {
		for k := range a.Items[i].Cures {
			if x := &a.Items[i].Cures[k]; a.Items[i].Key == key {
				out = append(out, fmt.Sprintf("%s %d %s", strings.Join(x.Limits, "+"), x.Heads, x.Program))
			}
		}
	}
	return strings.Join(out, ", ")
}

// TestCuresLookPastThoseInUse: 41 programs break education alone for d1's 10 heads and are all in use, one
// breaks education and place and is free: 10 of it. With no such program, the nearest one in use is told of.
func TestCuresLookPastThoseInUse(t *testing.T) {
	var b strings.Builder
	b.WriteString(causesOrgs + causesDemand("d1", "e1", 10, asksWeld+`,"education":"bachelor"`))
	for i := range 41 {
		b.WriteString(causesDemand(fmt.Sprintf("x%02d", i), "e1", 10, asksWeld+`,"education":"associate"`))
		b.WriteString(causesProgram(fmt.Sprintf("p%02d", i), "s1", 10, teachesWeld))
	}
	byEducation := func(r *CausesRequest) { r.By = "education" }
	free := causesOf(t, causesMarket(t, b.String()+causesProgram("q1", "s2", 10, teachesWeld)), byEducation)
	if got := curesOf(free, "bachelor"); got != "education+place 10 q1" {
		t.Errorf("one is free: %s", got)
	}
	none := causesOf(t, causesMarket(t, b.String()), func(r *CausesRequest) { r.By, r.Cures = "education", 1 })
	if got := curesOf(none, "bachelor"); got != "education+numbers 10 p00" {
		t.Errorf("nobody is free: %s", got)
	}
	x := &none.Items[0].Cures[0]
	if !x.InUse || x.Text != "焊接（丙校，2027 届）任焊工：需求由本科放宽到高职专科，或提高授予学历；其毕业生都已用上，还须扩大招生；至多补 10 人" ||
		!strings.HasSuffix(x.TextEN, "; its graduates are all in use: enrol more as well; fills 10 at most") {
		t.Errorf("%s, %s", x.Text, x.TextEN)
	}
}

// TestCureOfAWholeCohort: of 40 graduates 20 stay and 20 move; both lack education, so it fills
// all 40 heads. In another place the 20 who stay lack place as well: lifting education alone fills 20.
func TestCureOfAWholeCohort(t *testing.T) {
	a := causesOf(t, causesMarket(t, causesOrgs+causesDemand("d1", "e1", 40, asksWeld+`,"education":"bachelor"`)+
		causesProgram("p1", "s1", 40, teachesWeld+`,"retention":0.5`)), nil)
	if got := curesOf(a, "o.weld"); got != "education 40 p1" {
		t.Error(got)
	}
	a = causesOf(t, causesMarket(t, causesOrgs+causesDemand("d1", "e2", 40, asksWeld+`,"education":"bachelor"`)+
		causesProgram("p1", "s1", 40, teachesWeld+`,"retention":0.5`)), nil)
	if got := curesOf(a, "o.weld"); got != "education 20 p1, education+place 40 p1" {
		t.Error(got)
	}
}

// TestCureOfReservedSeats: 6 of 8 are kept for e2, half of whom would stay: one cure of 6 seats. d2's other
// program makes up for them, so all 6 may be free; d1 has 4 heads left.
func TestCureOfReservedSeats(t *testing.T) {
	a := causesOf(t, causesMarket(t, causesOrgs+causesDemand("d1", "e1", 6, asksWeld)+causesDemand("d2", "e2", 6, asksDive)+
		causesProgram("p1", "s1", 8, teachesBoth+`,"retention":0.5`)+causesProgram("p2", "s2", 6, teachesDive)+
		`{"type":"agreement","id":"a1","program":"p1","enterprise":"e2","kind":"order-class","seats":6}`), nil)
	x := &a.Items[0].Cures[0]
	if got := curesOf(a, "o.weld"); !strings.HasPrefix(got, "reservations 4 p1") || x.Reserved.Seats != 6 {
		t.Errorf("%s, %d seats", got, x.Reserved.Seats)
	}
}

// TestCureOfAText: of the 7 skills that are asked for, 3 were found in a program's text: less than half. One more
// is enough, but entering that one alone ends the reading of the text; with the three entered too, d1's 5 heads
// are filled: 4 of 7.
func TestCureOfAText(t *testing.T) {
	const (
		skills = `{"type":"skill","id":"t.a","name":"会计核算"}
{"type":"skill","id":"t.b","name":"婴幼儿照护"}
{"type":"skill","id":"t.c","name":"航空票务"}
{"type":"skill","id":"t.d","name":"中药炮制"}
{"type":"skill","id":"t.e","name":"水产养殖"}
`
		asks = `,"start":"2027-09","skills":[{"skill":"t.a"},{"skill":"t.b"},{"skill":"t.c"},{"skill":"t.dive"},{"skill":"t.weld"},{"skill":"t.d"},{"skill":"t.e"}]`
		text = `,"text":"开设会计核算、婴幼儿照护、航空票务等课程。"`
	)
	of := func(more string) *CausesAnswer {
		return causesOf(t, causesMarket(t, causesOrgs+skills+causesDemand("d1", "e1", 5, asks)+causesProgram("p1", "s1", 8, more)), nil)
	}
	a := of(text)
	x := &a.Items[0].Cures[0]
	if !x.FromText || x.Text != "焊接（丙校，2027 届）任焊工：开设“潜水焊”（3 级）；现有技能识别自文本，须一并录入；至多补 5 人" ||
		!strings.Contains(x.TextEN, "; enter the skills found in its text as well, which is not read any more then; ") {
		t.Errorf("%s, %s", x.Text, x.TextEN)
	}
	if alone := of(text + teachesDive); alone.Meta.Total.Unfilled != 5 || alone.Items[0].Cures[0].FromText {
		t.Errorf("entered alone: %d unfilled, %+v", alone.Meta.Total.Unfilled, alone.Items[0].Cures)
	}
	if all := of(text + `,"skills":[{"skill":"t.a"},{"skill":"t.b"},{"skill":"t.c"},{"skill":"t.dive"}]`); all.Meta.Total.Unfilled != 0 {
		t.Errorf("all entered: %d unfilled", all.Meta.Total.Unfilled)
	}
}

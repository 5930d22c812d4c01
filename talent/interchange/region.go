package interchange

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"talentmatch/talent"
)

// peoples are the nationalities in the names of autonomous areas, which everyday
// names leave out: 黔东南苗族侗族自治州 is 黔东南. Longer ones first where one ends
// another.
var peoples = strings.Fields(`维吾尔族 维吾尔 柯尔克孜族 柯尔克孜 哈萨克族 哈萨克 塔吉克族 塔吉克 蒙古族 蒙古 锡伯族 锡伯
	土家族 布依族 达斡尔族 仫佬族 毛南族 仡佬族 哈尼族 纳西族 拉祜族 布朗族 景颇族 傈僳族 独龙族 普米族 裕固族 保安族 东乡族
	撒拉族 朝鲜族 鄂伦春族 鄂温克族 各族 壮族 回族 苗族 侗族 藏族 羌族 彝族 白族 傣族 满族 瑶族 畲族 黎族 水族 佤族 怒族 土族`)

var areaSuffixes = strings.Fields(`特别行政区 自治区 自治州 自治县 自治旗 地区 林区 省 市 盟 县 区 旗`)

// everydayNames are the shorter names of a region: without the kind of area and
// the nationalities, and an autonomous prefecture also as X州.
func everydayNames(name string) []string {
	if strings.HasSuffix(name, "市辖区") || strings.HasSuffix(name, "市县") {
		return nil // a municipality's halves have no name of their own
	}
	for _, suffix := range areaSuffixes {
		short, ok := strings.CutSuffix(name, suffix)
		if !ok {
			continue
		}
		if strings.HasPrefix(suffix, "自治") {
			short = withoutPeoples(short)
		}
		if utf8.RuneCountInString(short) < 2 {
			return nil
		}
		if suffix == "自治州" {
			return []string{short, short + "州"}
		}
		return []string{short}
	}
	return nil
}

func withoutPeoples(name string) string {
	for {
		cut := name
		for _, p := range peoples {
			if s, ok := strings.CutSuffix(cut, p); ok && utf8.RuneCountInString(s) >= 2 {
				cut = s
				break
			}
		}
		if cut == name {
			return name
		}
		name = cut
	}
}

// placeNames finds built-in regions by name.
type placeNames struct {
	full, short map[string][]*talent.Region
	byID        map[string]*talent.Region
}

var places = sync.OnceValue(func() *placeNames {
	p := &placeNames{map[string][]*talent.Region{}, map[string][]*talent.Region{}, map[string]*talent.Region{}}
	regions := talent.BuiltinRegions()
	for i := range regions {
		r := &regions[i]
		p.byID[r.ID] = r
		p.full[r.Name] = append(p.full[r.Name], r)
		for _, s := range everydayNames(r.Name) {
			p.short[s] = append(p.short[s], r)
		}
	}
	return p
})

// regionID turns a cell into a region's id: an id stays, a name that one built-in
// region has, alone or behind names of regions that it lies in (佛山, 南海区,
// 广东省佛山市), becomes its code. Otherwise message says what is wrong.
func regionID(cell string) (id, message string) {
	s := foldWidth(cell)
	if talent.ValidID(s) {
		return s, ""
	}
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || strings.ContainsRune("-/>,、·", r) {
			return -1
		}
		return r
	}, s)
	p := places()
	for _, names := range []map[string][]*talent.Region{p.full, p.short} {
		switch found := p.find(s, names); len(found) {
		case 0:
		case 1:
			return found[0].ID, ""
		default:
			return "", "is the name of several regions: " + p.list(found) + "; give the code or the city before it"
		}
	}
	message = "is no region's id or name"
	if near := p.misspelt(s); len(near) > 0 {
		return "", message + "; did you mean " + p.list(near) + "?"
	}
	if near := p.near(s); len(near) > 0 {
		message += "; similar: " + p.list(near)
	}
	return "", message
}

// find lists the regions that s ends in by one of names, with nothing but names
// of their ancestors before it.
func (p *placeNames) find(s string, names map[string][]*talent.Region) []*talent.Region {
	if len(s) > 300 {
		return nil // no address is that long
	}
	var out []*talent.Region
	for i := range s {
		for _, r := range names[s[i:]] {
			if p.inside(r, s[:i]) && !slices.Contains(out, r) {
				out = append(out, r)
			}
		}
	}
	return out
}

// inside reports whether rest is empty or made of names of r's ancestors.
func (p *placeNames) inside(r *talent.Region, rest string) bool {
	if rest == "" {
		return true
	}
	for a := p.byID[r.Parent]; a != nil; a = p.byID[a.Parent] {
		for _, name := range append(everydayNames(a.Name), a.Name) {
			if before, ok := strings.CutSuffix(rest, name); ok && p.inside(a, before) {
				return true
			}
		}
	}
	return false
}

// near lists regions whose name is in s or has s in it, longest names in s first.
func (p *placeNames) near(s string) []*talent.Region {
	if utf8.RuneCountInString(s) < 2 || len(s) > 300 {
		return nil
	}
	var out []*talent.Region
	regions := talent.BuiltinRegions()
	for i := range regions {
		if strings.Contains(s, regions[i].Name) || strings.Contains(regions[i].Name, s) {
			out = append(out, &regions[i])
		}
	}
	slices.SortStableFunc(out, func(a, b *talent.Region) int { return len(b.Name) - len(a.Name) })
	return out
}

// list renders up to five regions as "440605 广东省佛山市南海区".
func (p *placeNames) list(regions []*talent.Region) string {
	const most = 5
	var out []string
	for i, r := range regions {
		if i == most {
			out = append(out, "…")
			break
		}
		name := r.Name
		for a := p.byID[r.Parent]; a != nil && a.ID != talent.Country; a = p.byID[a.Parent] {
			if !strings.HasSuffix(a.Name, "市辖区") && !strings.HasSuffix(a.Name, "市县") {
				name = a.Name + name
			}
		}
		out = append(out, r.ID+" "+name)
	}
	return strings.Join(out, ", ")
}

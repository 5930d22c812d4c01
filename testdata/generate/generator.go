package generate

import (
	"bufio"
	"bytes"
	"fmt"
	"sort"
	"strings"

	"talentmatch/talent"
	"talentmatch/testdata"
)

// A generator holds one scenario while it is made.
type generator struct {
	spec   spec
	labels labels
	trades map[string]*trade

	employers map[string][]*talent.Organization // by trade
	schools   []*talent.Organization
	tradeOf   map[string]string // demand or program id -> trade
	demandsOf map[string][]*talent.Demand
	progsOf   map[string][]*talent.Program
	out       []talent.Record
}

func newGenerator(letter string) (*generator, error) {
	s, ok := specs[letter]
	if !ok {
		return nil, fmt.Errorf("scenario %q: %w", letter, talent.ErrNotFound)
	}
	l, err := builtinLabels()
	if err != nil {
		return nil, err
	}
	trades, err := readTrades(l)
	if err != nil {
		return nil, err
	}
	g := &generator{
		spec: s, labels: l, trades: trades,
		employers: map[string][]*talent.Organization{}, tradeOf: map[string]string{},
		demandsOf: map[string][]*talent.Demand{}, progsOf: map[string][]*talent.Program{},
	}
	for _, m := range append(append([]mix{}, s.demandMix...), s.programMix...) {
		if trades[m.trade] == nil {
			return nil, fmt.Errorf("no trade %s", m.trade)
		}
	}
	return g, g.readCore()
}

// readCore takes the named organizations of the hand-written part: the anchors
// post demands, the schools teach.
func (g *generator) readCore() error {
	data, err := testdata.Core(g.spec.letter)
	if err != nil {
		return err
	}
	named := map[string]*talent.Organization{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		rec, err := talent.Decode(lines.Bytes(), "")
		if err != nil {
			return fmt.Errorf("core: %w", err)
		}
		o, ok := rec.(*talent.Organization)
		if !ok {
			continue
		}
		named[o.ID] = o
		if isSchool(o.Kind) && !g.spec.coreOnly {
			g.schools = append(g.schools, o)
		}
	}
	for trade, ids := range g.spec.anchors {
		for _, id := range ids {
			o := named[id]
			if o == nil {
				return fmt.Errorf("core has no organization %s", id)
			}
			// The first employers of a trade post most of its demands.
			g.employers[trade] = append(g.employers[trade], o)
		}
	}
	return lines.Err()
}

func isSchool(kind string) bool {
	return kind == "university" || kind == "college" || kind == "secondary-school"
}

// emit adds a record to the result.
func (g *generator) emit(rec talent.Record) { g.out = append(g.out, rec) }

// organizations makes the unnamed members and the outsiders.
func (g *generator) organizations() {
	n := 0
	for _, o := range append(append([]orgSpec{}, g.spec.orgs...), g.spec.outsiders...) {
		regions := strings.Fields(o.regions)
		for i := range o.n {
			n++
			g.organization(n, o.kind, regions[i%len(regions)], i)
		}
	}
	sort.SliceStable(g.schools, func(i, j int) bool { return g.schools[i].ID < g.schools[j].ID })
}

// organization makes the n-th generated organization, the i-th of its kind.
func (g *generator) organization(n int, kind, region string, i int) {
	d := g.dice("organization", n)
	o := &talent.Organization{
		ID: fmt.Sprintf("%s.org.g%03d", g.spec.letter, n), Kind: kind, Region: region, Note: Note,
	}
	zh, en := brand(g.spec.brandOffset, n)
	zhPlace, enPlace := place(region)
	if kind == "enterprise" {
		// The first firms cover every trade of the mix, the rest follow its weights.
		m := g.spec.demandMix
		t := m[i%len(m)].trade
		if i >= len(m) {
			t = m[d.weighted(weightsOf(m))].trade
		}
		word := tradeWords[t]
		o.Name = zhPlace + zh + word[0] + pick(d, []string{"有限公司", "科技有限公司", "股份有限公司", "有限公司"})
		o.NameEN = enPlace + " " + en + " " + word[1] + " Co., Ltd."
		o.Industry = pick(d, g.trades[t].industries)
		o.Size = pick(d, []string{"micro", "small", "small", "medium", "medium", "large"})
		g.employers[t] = append(g.employers[t], o)
	} else {
		word := kindWords[kind][i%len(kindWords[kind])]
		o.Name, o.NameEN = zhPlace+zh+word[0], enPlace+" "+en+" "+word[1]
		o.Industry = map[string]string{"university": "83", "college": "83", "secondary-school": "83", "research-institute": "73", "association": "95", "park": "72", "platform": "75", "government": "92"}[kind]
	}
	if isSchool(kind) {
		g.schools = append(g.schools, o)
	}
	g.emit(o)
}

func weightsOf(m []mix) []int {
	out := make([]int, len(m))
	for i := range m {
		out[i] = m[i].weight
	}
	return out
}

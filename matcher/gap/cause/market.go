package cause

import (
	"context"
	"slices"

	"talentmatch/matcher"
	"talentmatch/matcher/gap/fill"
)

// Options say what takes part.
type Options struct {
	MinSkills  float64                              // least share of the skills component, 0..1
	Candidates int                                  // see the package comment; 0 lists every able program whatever it takes
	Sampled    bool                                 // lists candidates even where all could be listed
	Place      func(region int32) int32             // in which graduates stay; or fill.Anywhere
	Takes      func(p *matcher.Program) bool        // programs that take part; nil: all
	Cohorts    func(year int) bool                  // cohorts that take part; nil: all
	Hired      func(program string, year int) int64 // already; nil: nobody
	Pacts      []Pact                               // the first take seats first
	Progress   func(step string, done, total int)   // nil: nobody is told
}

// Opening is a demand whose heads are to be filled.
type Opening struct {
	ID        string
	Heads     int64
	Start     int // months since year 0, or matcher.NoStart
	Region    int32
	Education uint8
	Holder    int32 // its enterprise: any number from 0
	Needs     []matcher.Need
	Outside   bool // takes part in no placement; seats may be reserved for it all the same
}

// Pact reserves seats.
type Pact struct {
	Holder   int32
	Seats    int64
	Openings []int32 // ascending: those that may be filled on them
	Concerns func(p *matcher.Program) bool
	Within   func(year int) bool // cohorts
}

// Reserve is what came of one pact for one cohort.
type Reserve struct {
	Pact    int
	Program int32
	Year    int
	Seats   int64
}

// Supply says what a supply of the market is of.
type Supply struct {
	Program int32
	Year    int
}

// Program is what an answer says of a program.
type Program struct {
	ID        string
	Region    int32
	Education uint8
	Owner     int32
	Blank     bool // has no skills to go by
}

// Market is supplies and openings, with what they are of.
type Market struct {
	Fill     fill.Market // its openings and supplies have the order of these
	Openings []Opening
	Supplies []Supply
	Programs []Program // by id
	Reserves []Reserve
	Exact    bool // every able program is listed
	Tally    Tally

	first []int32 // of each program, its first supply; one more
}

// Tally counts.
type Tally struct {
	Programs, Cohorts int   // that take part
	Graduates         int64 // of these cohorts
	StudyOn           int64 // of them: go on to study
	Hired             int64 // of the others: are hired already
	Available         int64 // are left
	Reserved          int64 // of these: for an enterprise
	Moving            int64 // of these: go anywhere, reserved ones not counted

	NoStudyRate, NoRetention, Blank Unsaid // do not say; Blank: have no skills to go by
	NoCohorts                       int    // programs that list none
	NoSkills                        int    // openings that say no skills: every program is able
}

// Unsaid is programs that do not say something, and their available graduates.
type Unsaid struct {
	Programs  int
	Graduates int64
}

func (u *Unsaid) add(graduates int64) { u.Programs, u.Graduates = u.Programs+1, u.Graduates+graduates }

// Build makes the market. Openings are filled in their order. Errors: the context's end.
func Build(ctx context.Context, snap *matcher.Snapshot, openings []Opening, o Options) (*Market, error) {
	b := &builder{Market: &Market{Openings: openings}, o: &o, snap: snap}
	b.read()
	b.open()
	b.o.progress("skills", 0, 0)
	b.prepare()
	for _, p := range b.ables.Blank() {
		b.Programs[p].Blank = true
		if b.takes[p] {
			b.Tally.Blank.add(b.availableOf(p))
		}
	}
	if err := b.reserve(ctx); err != nil {
		return nil, err
	}
	b.supply()
	if err := b.list(ctx); err != nil {
		return nil, err
	}
	return b.Market, nil
}

func (o *Options) progress(step string, done, total int) {
	if o.Progress != nil {
		o.Progress(step, done, total)
	}
}

// Programs are looked at in so many parts at most, of so many at least: few openings need all
// of a large market.
const (
	mostParts = 16
	leastPart = 1000
)

// prepare finds out what programs are able for, those who stay at one place together.
func (b *builder) prepare() {
	places := int32(fill.Anywhere)
	for p := range b.Programs {
		places = max(places, b.o.Place(b.Programs[p].Region))
	}
	b.groups = int(places) + 2
	b.parts = min(mostParts, 1+len(b.Programs)/leastPart)
	b.ables = b.snap.Ables(b.o.MinSkills, b.parts, b.groups, func(region int32) int { return groupOf(b.o.Place(region)) })
}

// groupOf is the group of programs at a place; those who are nowhere in particular are one.
func groupOf(place int32) int { return int(place) + 1 }

// A builder makes a Market step by step.
type builder struct {
	*Market
	o             *Options
	snap          *matcher.Snapshot
	ables         *matcher.Ables
	parts, groups int // of programs, as ables has them

	takes    []bool // of each program
	stays    []matcher.Rate
	cohorts  []cohort          // by program, then year
	cohortAt []int32           // of each program, its first cohort; one more
	held     [][]share         // of each cohort: what is reserved of it, by holder
	concerns [][]int32         // of each pact: programs
	holding  map[int32][]int32 // holder -> programs with seats reserved for it
}

type cohort struct {
	year int
	left int64 // available, less what is reserved
}

type share struct {
	holder int32
	seats  int64
}

// read takes programs and their cohorts from the snapshot.
func (b *builder) read() {
	b.concerns = make([][]int32, len(b.o.Pacts))
	b.snap.VisitPrograms(func(p *matcher.Program) bool {
		n := int32(len(b.Programs))
		takes := b.o.Takes == nil || b.o.Takes(p)
		b.Programs = append(b.Programs, Program{ID: p.ID, Region: p.Region, Education: p.Education, Owner: p.Attrs[matcher.AttrOwner]})
		b.takes, b.stays = append(b.takes, takes), append(b.stays, p.Retention)
		b.cohortAt = append(b.cohortAt, int32(len(b.cohorts)))
		if !takes {
			return true
		}
		b.Tally.Programs++
		if len(p.Cohorts) == 0 {
			b.Tally.NoCohorts++
		}
		b.readCohorts(p)
		for i := range b.o.Pacts {
			if b.o.Pacts[i].Concerns(p) {
				b.concerns[i] = append(b.concerns[i], n)
			}
		}
		return true
	})
	b.cohortAt = append(b.cohortAt, int32(len(b.cohorts)))
}

func (b *builder) readCohorts(p *matcher.Program) {
	first := len(b.cohorts)
	for _, c := range p.Cohorts {
		if b.o.Cohorts != nil && !b.o.Cohorts(c.Year) {
			continue
		}
		graduates := int64(c.Graduates)
		available := graduates
		if p.FurtherStudy.Said {
			available = whole(graduates, 1-p.FurtherStudy.Share)
		}
		hired := int64(0)
		if b.o.Hired != nil {
			hired = min(b.o.Hired(p.ID, c.Year), available)
		}
		b.cohorts = append(b.cohorts, cohort{c.Year, available - hired})
		t := &b.Tally
		t.Cohorts++
		t.Graduates, t.StudyOn, t.Hired, t.Available = t.Graduates+graduates, t.StudyOn+graduates-available, t.Hired+hired, t.Available+available-hired
	}
	slices.SortStableFunc(b.cohorts[first:], func(x, y cohort) int { return x.year - y.year })
	available := int64(0)
	for _, c := range b.cohorts[first:] {
		available += c.left
	}
	if !p.FurtherStudy.Said {
		b.Tally.NoStudyRate.add(available)
	}
	if !p.Retention.Said {
		b.Tally.NoRetention.add(available)
	}
}

// whole is a share of people, to the nearest whole number, halves up.
func whole(people int64, share float64) int64 {
	return min(people, max(0, int64(float64(people)*share+.5)))
}

func (b *builder) availableOf(p int32) (n int64) {
	for _, c := range b.cohorts[b.cohortAt[p]:b.cohortAt[p+1]] {
		n += c.left
	}
	return n
}

// open makes the openings.
func (b *builder) open() {
	b.Fill.Openings = make([]fill.Opening, len(b.Openings))
	for d := range b.Openings {
		o := &b.Openings[d]
		f := &b.Fill.Openings[d]
		*f = fill.Opening{Heads: o.Heads, Start: start(o.Start), Place: b.o.Place(o.Region), Holder: o.Holder, MinEducation: o.Education}
		switch {
		case o.Outside:
			f.Heads = 0
		case weightless(o.Needs):
			b.Tally.NoSkills++
		}
	}
}

func start(months int) int32 {
	if months == matcher.NoStart {
		return fill.NoStart
	}
	return int32(months)
}

func weightless(needs []matcher.Need) bool {
	return !slices.ContainsFunc(needs, func(n matcher.Need) bool { return n.Weight > 0 || n.Required })
}

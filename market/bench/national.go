package bench

import (
	"fmt"

	"talentmatch/matcher"
	"talentmatch/talent"
)

// The shape of the national market's texts.
const (
	courseNames           = 20   // in a field
	fieldWords            = 300  // of the vocabulary are a field's own
	leastWords, mostWords = 2, 4 // of a text, half the field's own, half anyone's
)

// National is a made-up market: see the package comment. It is safe for concurrent use.
type National struct {
	ground
	skills *skills
	space  *matcher.Space
	vocabulary

	fields, anyWord, ownWord zipf

	// By field: names and their pieces.
	titles, majors   [][]twin
	titleP, majorP   [][][2]piece
	courses          [][]string
	courseP          [][]piece
	wordP            [][2]piece
	programP, needsP [2]piece // the leads of texts
}

var (
	programLead = twin{"主要学习", "Topics"}
	demandLead  = twin{"岗位职责", "Duties"}
)

// NewNational prepares a market of so many fields, 1..Fields: all of them make 15,000
// skills, fewer a smaller taxonomy for a test.
func NewNational(seed uint64, fields int) (*National, error) {
	if fields < 1 || fields > Fields {
		return nil, talent.Invalid("fields", fmt.Sprint(fields), "must be from 1 to %d", Fields)
	}
	g, err := newGround(seed)
	if err != nil {
		return nil, err
	}
	n := &National{
		ground: *g, skills: newSkills(seed, fields), vocabulary: *newVocabulary(),
		fields: newZipf(fields, 0), anyWord: newZipf(wordCount(), 0), ownWord: newZipf(fieldWords, 0),
	}
	n.space = matcher.NewSpace(n.skills.neighbour)
	n.name(fields)
	return n, nil
}

// name makes the names of all fields and analyses every piece of a text.
func (n *National) name(fields int) {
	lead := func(t twin) [2]piece { return [2]piece{n.body(t.zh), n.body(t.en)} }
	n.programP, n.needsP = lead(programLead), lead(demandLead)
	for f := range fields {
		domain, aspect := fieldOf(f)
		var titles, majors []twin
		var titleP, majorP [][2]piece
		for _, r := range aspect.roles {
			titles = append(titles, twin{domain.zh + r.zh, domain.en + " " + r.en})
			titleP = append(titleP, n.bilingual(titles[len(titles)-1]))
		}
		for _, m := range aspect.majors {
			majors = append(majors, twin{domain.zh + m.zh, domain.en + " " + m.en})
			majorP = append(majorP, n.bilingual(majors[len(majors)-1]))
		}
		var courses []string
		var courseP []piece
		for c := range courseNames {
			// Objects of the field, then of the next aspect: neighbours teach some of the same.
			o := aspect.objects[c%fieldObjects]
			if c >= fieldObjects {
				o = aspects[(f/len(domains)+f+1)%len(aspects)].objects[c-fieldObjects]
			}
			courses = append(courses, o.zh+"课")
			courseP = append(courseP, n.body(courses[c]))
		}
		n.titles, n.majors, n.titleP, n.majorP = append(n.titles, titles), append(n.majors, majors), append(n.titleP, titleP), append(n.majorP, majorP)
		n.courses, n.courseP = append(n.courses, courses), append(n.courseP, courseP)
	}
	for w := range wordCount() {
		n.wordP = append(n.wordP, [2]piece{n.body(word(w).zh), n.body(word(w).en)})
	}
	n.close()
}

// Name says which market it is.
func (n *National) Name() string { return "national" }

// Space is which skills count for which.
func (n *National) Space() *matcher.Space { return n.space }

// words are those of a text.
func (n *National) words(d dice, field int) []int {
	out := make([]int, d.between(leastWords, mostWords))
	for i := range out {
		if d.chance(50) {
			out[i] = int(mix(uint64(kindVocabulary)<<32+uint64(field*fieldWords+n.ownWord.draw(d))) % uint64(wordCount()))
		} else {
			out[i] = n.anyWord.draw(d)
		}
	}
	return out
}

func (n *National) draftProgram(i int) *programDraft {
	d := newDice(n.seed, kindProgram, i)
	p := &programDraft{school: i / programsPerSchool}
	p.owner = n.school(p.school)
	p.field = n.fields.draw(d)
	p.name = d.IntN(len(n.majors[p.field]))
	p.education = award(d, p.owner.kind)
	p.teach(d, n.skills.draw(d, p.field, d.between(leastTaught, mostTaught)))
	p.cohorts = cohorts(d)
	p.words = n.words(d, p.field)
	return p
}

func (n *National) draftDemand(i int) *demandDraft {
	d := newDice(n.seed, kindDemand, i)
	r := &demandDraft{employer: i / demandsPerEmployer}
	r.owner = n.employer(r.employer)
	r.field = n.trade(r.employer)
	if d.chance(40) {
		r.field = n.fields.draw(d)
	}
	r.name = d.IntN(len(n.titles[r.field]))
	r.post = n.post(d)
	r.ask(d, n.skills.draw(d, r.field, d.between(leastNeeds, mostNeeds)))
	r.words = n.words(d, r.field)
	return r
}

// trade is the field that most demands of an employer are of, and a school is named after.
func (n *National) trade(i int) int { return n.fields.draw(newDice(n.seed, kindTrade, i)) }

package bench

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"talentmatch/index"
	"talentmatch/matcher"
	"talentmatch/talent"
)

// The files of a folder of profiles: occupations as JSON lines with id, title, alt or
// alternate_titles, and description; and, where there are some, the skills that each
// needs, as a table with a header and the columns occupation, skill, relevance.
const (
	profilesFile = "occupations.jsonl"
	needsFile    = "qrels.tsv"
)

// Where a folder does not say what occupations need, the words that tell an occupation
// from others stand in for skills: they are shared between occupations as skills are.
const (
	profileWords  = 24 // the most telling words of an occupation
	leastSharing  = 3  // occupations with a word, for it to be one
	profileNoise  = 6  // one skill in so many of a record is another occupation's
	leastProfile  = 4  // skills without which an occupation is left out
	mostRelated   = 20
	profileWhole  = 60 // percent of an occupation's sentences that a text has
	leastProfiles = 2
)

// Profiles is a market whose programs and demands are made from real occupations: each
// has most of its skills from one of them, and some of another. Which skills count for
// which follows from the occupations that need both. It is safe for concurrent use.
type Profiles struct {
	ground
	vocabulary
	space    *matcher.Space
	list     []profile
	share    zipf // of profiles
	Skills   int  // different ones
	FromText bool // words stand in for skills
}

type profile struct {
	name      string
	pieces    []piece // of the title and of what else it is called
	sentences []piece
	skills    []int32
}

// occupation is a line of profilesFile.
type occupation struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Alt         []string `json:"alt"`
	Alternate   []string `json:"alternate_titles"`
	Description string   `json:"description"`
}

// ReadProfiles reads a folder of profiles. Errors name the file and the line, or say
// what the folder lacks.
func ReadProfiles(dir string, seed uint64) (*Profiles, error) {
	g, err := newGround(seed)
	if err != nil {
		return nil, err
	}
	occupations, err := readOccupations(filepath.Join(dir, profilesFile))
	if err != nil {
		return nil, err
	}
	needs, err := readNeeds(filepath.Join(dir, needsFile))
	p := &Profiles{ground: *g, vocabulary: *newVocabulary()}
	if errors.Is(err, fs.ErrNotExist) {
		needs, err, p.FromText = wordsAsNeeds(occupations), nil, true
	}
	if err != nil {
		return nil, err
	}
	number := p.numberSkills(needs)
	for _, o := range occupations {
		if len(needs[o.ID]) < leastProfile {
			continue
		}
		q := profile{name: o.Title, pieces: []piece{p.name(o.Title)}}
		for _, other := range append(o.Alt, o.Alternate...) {
			q.pieces = append(q.pieces, p.name(other))
		}
		for _, sentence := range strings.Split(o.Description, ". ") {
			q.sentences = append(q.sentences, p.body(sentence))
		}
		for _, s := range needs[o.ID] {
			q.skills = append(q.skills, number[s])
		}
		slices.Sort(q.skills)
		p.list = append(p.list, q)
	}
	if len(p.list) < leastProfiles {
		return nil, fmt.Errorf("%s: %d occupations have %d skills or more: %w", dir, len(p.list), leastProfile, talent.ErrInvalid)
	}
	newDice(seed, kindProfiles, 0).Shuffle(len(p.list), func(i, j int) { p.list[i], p.list[j] = p.list[j], p.list[i] })
	p.share = newZipf(len(p.list), 0)
	p.space = matcher.NewSpace(relatedByCompany(p.list, p.Skills))
	p.close()
	return p, nil
}

// numberSkills numbers the skills by their names.
func (p *Profiles) numberSkills(needs map[string][]string) map[string]int32 {
	var all []string
	for _, list := range needs {
		all = append(all, list...)
	}
	slices.Sort(all)
	number := map[string]int32{}
	for i, s := range slices.Compact(all) {
		number[s] = int32(i)
	}
	p.Skills = len(number)
	return number
}

func readOccupations(path string) (out []occupation, err error) {
	err = readLines(path, func(line int, text string) error {
		var o occupation
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return err
		}
		if o.ID == "" || o.Title == "" {
			return errors.New("id and title are required")
		}
		out = append(out, o)
		return nil
	})
	return out, err
}

// readNeeds reads which skills each occupation needs, each once, by name.
func readNeeds(path string) (map[string][]string, error) {
	out := map[string][]string{}
	err := readLines(path, func(line int, text string) error {
		cells := strings.Split(text, "\t")
		if len(cells) != 3 {
			return fmt.Errorf("%d columns, want occupation, skill, relevance", len(cells))
		}
		if line > 1 && cells[2] != "0" && !slices.Contains(out[cells[0]], cells[1]) {
			out[cells[0]] = append(out[cells[0]], cells[1])
		}
		return nil
	})
	return out, err
}

func readLines(path string, take func(line int, text string) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("profiles: %w", err)
	}
	defer f.Close()
	r := bufio.NewReader(f)
	for line := 1; ; line++ {
		text, err := r.ReadString('\n')
		if text = strings.TrimRight(text, "\r\n"); text != "" {
			if err := take(line, text); err != nil {
				return fmt.Errorf("%s:%d: %w", path, line, err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, line, err)
		}
	}
}

// wordsAsNeeds takes the words of each occupation with the highest tf * idf.
func wordsAsNeeds(occupations []occupation) map[string][]string {
	texts, df := make([]map[string]int, len(occupations)), map[string]int{}
	for i, o := range occupations {
		texts[i] = map[string]int{}
		for _, text := range append(append([]string{o.Title, o.Description}, o.Alt...), o.Alternate...) {
			for _, t := range index.Terms(text) {
				texts[i][t]++
			}
		}
		for t := range texts[i] {
			df[t]++
		}
	}
	out := map[string][]string{}
	for i, o := range occupations {
		var words []string
		worth := map[string]float64{}
		for t, tf := range texts[i] {
			if df[t] >= leastSharing {
				words = append(words, t)
				worth[t] = float64(matcher.TermWeight(float64(tf))) * math.Log(float64(len(occupations)+1)/float64(df[t]))
			}
		}
		slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(worth[b], worth[a]), cmp.Compare(a, b)) })
		out[o.ID] = words[:min(profileWords, len(words))]
	}
	return out
}

// relatedByCompany lists, per skill, those that the same occupations need: the cosine of
// the two sets of occupations, from leastLike to mostLike.
func relatedByCompany(list []profile, skills int) [][]matcher.Neighbour {
	of := make([][]int, skills) // skill -> its profiles
	for i := range list {
		for _, s := range list[i].skills {
			of[s] = append(of[s], i)
		}
	}
	out := make([][]matcher.Neighbour, skills)
	both := map[int32]int{}
	for a := range out {
		clear(both)
		for _, i := range of[a] {
			for _, b := range list[i].skills {
				if int(b) != a {
					both[b]++
				}
			}
		}
		for b, n := range both {
			sim := math.Round(1000 * float64(n) / math.Sqrt(float64(len(of[a])*len(of[b]))))
			if sim >= leastLike {
				out[a] = append(out[a], matcher.Neighbour{Skill: b, Sim: uint16(min(sim, mostLike))})
			}
		}
		slices.SortFunc(out[a], func(x, y matcher.Neighbour) int {
			return cmp.Or(cmp.Compare(y.Sim, x.Sim), cmp.Compare(x.Skill, y.Skill))
		})
		out[a] = out[a][:min(mostRelated, len(out[a]))]
	}
	return out
}

// Name says which market it is.
func (p *Profiles) Name() string { return "profiles" }

// Space is which skills count for which.
func (p *Profiles) Space() *matcher.Space { return p.space }

// draw is up to count different skills: those of a profile in any order, now and then
// another's, and others' when they are used up.
func (p *Profiles) draw(d dice, of *profile, count int) []int32 {
	own := slices.Clone(of.skills)
	d.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	var out []int32
	for range 3 * count { // a small folder has no more
		if len(out) == count {
			break
		}
		s := int32(-1)
		if len(own) > 0 && d.IntN(profileNoise) > 0 {
			s, own = own[0], own[1:]
		} else {
			s = pick(d, p.list[p.share.draw(d)].skills)
		}
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// text is a name with what it counts, and some of the sentences.
func (p *Profiles) text(d dice, of *profile, name int, count float64) matcher.TextVector {
	var t textRow
	t.addName(&of.pieces[name], count)
	for i := range of.sentences {
		if d.chance(profileWhole) {
			t.addBody(&of.sentences[i], 1)
		}
	}
	return p.vector(&t)
}

// Program is the i-th program: an occupation's skills through courses.
func (p *Profiles) Program(i int) matcher.Program {
	d := newDice(p.seed, kindProgram, i)
	r := &programDraft{school: i / programsPerSchool}
	r.owner = p.school(r.school)
	of := &p.list[p.share.draw(d)]
	r.education = award(d, r.owner.kind)
	r.teach(d, p.draw(d, of, d.between(leastTaught, mostTaught)))
	r.cohorts = cohorts(d)
	courses := make([]string, len(r.courses))
	for k := range courses {
		courses[k] = fmt.Sprintf("%s %d", of.name, k+1)
	}
	return r.row(i, matcher.Label{NameEN: strings.Clone(of.name)}, courses, p.text(d, of, 0, 1))
}

// Demand is the i-th demand: an occupation by one of its names.
func (p *Profiles) Demand(i int) matcher.Demand {
	d := newDice(p.seed, kindDemand, i)
	r := &demandDraft{employer: i / demandsPerEmployer}
	r.owner = p.employer(r.employer)
	of := &p.list[p.share.draw(d)]
	r.post = p.post(d)
	r.ask(d, p.draw(d, of, d.between(leastNeeds, mostNeeds)))
	return r.row(i, matcher.Label{NameEN: strings.Clone(of.name)}, p.text(d, of, d.IntN(len(of.pieces)), titleCount))
}

package market

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"talentmatch/matcher"
	"talentmatch/matcher/learn"
	"talentmatch/store"
	"talentmatch/talent"
)

// A Label says how well a counterpart suited a record: 0 not at all.
type Label struct {
	Query string  // id of a program (or demand)
	ID    string  // of its counterpart
	Gain  float64 // >= 0
}

// Model is what Learn makes; cmd and api write and read it.
type (
	Model     = learn.Model
	ModelTerm = learn.Term
)

// ReadModel reads a model file and refuses everything else, saying why.
func ReadModel(r io.Reader) (*Model, error) { return learn.ReadModel(r) }

// MaxLearned is how many labelled queries are learned from.
const MaxLearned = learn.MaxQueries

// LearnRequest asks for a model.
type LearnRequest struct {
	For        string   // "programs": programs are the queries, as in MatchAll; "demands"
	Labels     []Label  // nil: the store's outcomes
	Unmatched  []string // queries that are known to have no match
	Group      string   // what is held out together: "" each query, "code:N" the first N letters and digits of a program's code, "school", "employer", "occupation", "industry"
	Folds      int
	Seed       uint64
	MaxQueries int             // refuses more labelled queries, 0: learns from MaxLearned of them
	AsOf       string          // YYYY-MM-DD, kept in the model
	Weights    matcher.Weights // the defaults that are compared with
	Progress   func(done, total int)
}

// LearnReport is a model with what it was not learned from.
type LearnReport struct {
	Model    *learn.Model `json:"model"`
	Unknown  int          `json:"unknown" doc:"labels that name records the store does not have"`
	LeftOut  int          `json:"left_out" doc:"labelled queries beyond what is learned from"`
	Versions Versions     `json:"versions"`
}

// Learn fits a model to labels. Errors: talent.ErrInvalid for bad parameters and for too
// few labels.
func (m *Market) Learn(ctx context.Context, r LearnRequest) (*LearnReport, error) {
	if _, err := time.Parse(time.DateOnly, r.AsOf); err != nil {
		return nil, talent.Invalid("as_of", r.AsOf, "must be a date, YYYY-MM-DD")
	}
	if r.For != "programs" && r.For != "demands" {
		return nil, talent.Invalid("for", r.For, "must be programs or demands")
	}
	if err := r.Weights.Validate(); err != nil {
		return nil, err
	}
	grouping, err := groupOf(r.For, r.Group)
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	labels, source := r.Labels, "qrels"
	if labels == nil {
		source = "outcomes"
		if labels, err = m.outcomes(ctx, r.For); err != nil {
			return nil, err
		}
	}
	known, unknown, err := m.known(ctx, s, r.For, labels, r.Unmatched, grouping)
	if err != nil {
		return nil, err
	}
	if r.MaxQueries > 0 && len(known) > r.MaxQueries {
		return nil, talent.Invalid("labels", fmt.Sprint(len(known)), "label too many queries, at most %d are learned from here", r.MaxQueries)
	}
	report := &LearnReport{Unknown: unknown, Versions: m.versions(s.version, s.world, s.stats)}
	report.LeftOut = max(0, len(known)-learn.MaxQueries)
	known = lowestHashed(known, learn.MaxQueries)
	problem, err := m.problem(ctx, s, r, known)
	if err != nil {
		return nil, err
	}
	model, err := learn.Train(ctx, problem, learn.Options{Folds: r.Folds, Seed: r.Seed, Asked: weightsByName(r.Weights), Progress: r.Progress})
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, talent.Invalid("labels", "", "cannot be learned from: %v", err)
	}
	model.For, model.AsOf, model.Labels = r.For, r.AsOf, source
	model.Group = cmp.Or(r.Group, "query")
	model.Data = dataHash(s.world.fingerprint, known)
	report.Model = model
	return report, model.Validate()
}

func weightsByName(w matcher.Weights) map[string]float64 {
	out := map[string]float64{}
	for k, v := range w.Array() {
		out[componentNames[k]] = v
	}
	return out
}

// outcomes are the store's, as labels: a hire counts ln(1+hired), times rating/3 where
// there is one, so that 3 leaves it.
func (m *Market) outcomes(ctx context.Context, queries string) ([]Label, error) {
	labels := []Label{}
	err := eachRecord(ctx, m.store, talent.TypeOutcome, func(_ store.Item, rec talent.Record) error {
		o := rec.(*talent.Outcome)
		l := Label{Query: o.Demand, ID: o.Program, Gain: math.Log1p(float64(o.Hired))}
		if o.Rating != nil {
			l.Gain *= float64(*o.Rating) / 3
		}
		if queries == "programs" {
			l.Query, l.ID = l.ID, l.Query
		}
		labels = append(labels, l)
		return nil
	})
	return labels, err
}

// known gathers labels by query, in the order of ids, and counts those that name records
// which the snapshot lacks. Several labels of a pair add up.
func (m *Market) known(ctx context.Context, s *state, queries string, labels []Label, unmatched []string, group func(talent.Record) string) ([]learn.Known, int, error) {
	hasQuery := func(id string) bool { _, ok := s.snap.PeekProgram(id); return ok }
	hasOther := func(id string) bool { _, ok := s.snap.PeekDemand(id); return ok }
	t := talent.TypeProgram
	if queries == "demands" {
		hasQuery, hasOther, t = hasOther, hasQuery, talent.TypeDemand
	}
	gains, unknown := map[string]map[string]float64{}, 0
	for _, l := range labels {
		if math.IsNaN(l.Gain) || math.IsInf(l.Gain, 0) || l.Gain < 0 {
			return nil, 0, talent.Invalid("labels", fmt.Sprint(l.Gain), "the gain of %s for %s must be a number from 0", l.ID, l.Query)
		}
		if !hasQuery(l.Query) || !hasOther(l.ID) {
			unknown++
			continue
		}
		if gains[l.Query] == nil {
			gains[l.Query] = map[string]float64{}
		}
		if l.Gain > 0 {
			gains[l.Query][l.ID] += l.Gain
		}
	}
	for _, id := range unmatched {
		switch {
		case !hasQuery(id):
			unknown++
		case len(gains[id]) > 0:
			return nil, 0, talent.Invalid("unmatched", id, "has a match among the labels")
		default:
			gains[id] = map[string]float64{}
		}
	}
	var out []learn.Known
	for id, g := range gains {
		it, err := m.store.Get(ctx, t, id)
		if err != nil {
			return nil, 0, err
		}
		rec, err := it.Record()
		if err != nil {
			return nil, 0, err
		}
		out = append(out, learn.Known{ID: id, Group: group(rec), Class: classOf(rec), Gains: g})
	}
	slices.SortFunc(out, func(a, b learn.Known) int { return cmp.Compare(a.ID, b.ID) })
	return out, unknown, nil
}

// lowestHashed keeps n of the list, the same ones for the same ids, in the order of ids.
func lowestHashed(list []learn.Known, n int) []learn.Known {
	if len(list) <= n {
		return list
	}
	key := func(k learn.Known) string { sum := sha256.Sum256([]byte(k.ID)); return string(sum[:]) }
	slices.SortFunc(list, func(a, b learn.Known) int { return cmp.Compare(key(a), key(b)) })
	list = list[:n]
	slices.SortFunc(list, func(a, b learn.Known) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

// codePrefix is the first n letters and digits of a code.
func codePrefix(code string, n int) string {
	var b strings.Builder
	for _, r := range code {
		if n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(unicode.ToLower(r))
			n--
		}
	}
	return b.String()
}

// classDigits is how much of a program's code names its broad field: two digits in CIP,
// in ISCED-F's broad fields and in the catalogues of 高职 and 中职 programs.
const classDigits = 2

// classOf is the broad field of a record, "" unknown: of a demand its occupation, else
// its industry.
func classOf(rec talent.Record) string {
	switch r := rec.(type) {
	case *talent.Program:
		return codePrefix(r.Code, classDigits)
	case *talent.Demand:
		if r.Occupation != "" {
			return "occupation " + r.Occupation
		}
		if r.Industry != "" {
			return "industry " + industryCode(r.Industry)
		}
	}
	return ""
}

// groupOf reads --group: what records of one side share when they are held out together.
// A record that lacks it is a group of its own.
func groupOf(queries, group string) (func(talent.Record) string, error) {
	field, arg, _ := strings.Cut(group, ":")
	own := func(value string, rec talent.Record) string {
		if value == "" {
			return "id " + rec.RecordID()
		}
		return field + " " + value
	}
	length := 0
	if arg != "" || field == "code" {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 || n > 20 || field != "code" {
			return nil, talent.Invalid("group", group, "must be code:N with N from 1 to 20, school, employer, occupation or industry")
		}
		length = n
	}
	programs := queries == "programs"
	switch {
	case group == "":
		return func(rec talent.Record) string { return own("", rec) }, nil
	case field == "code" && programs:
		return func(rec talent.Record) string { return own(codePrefix(rec.(*talent.Program).Code, length), rec) }, nil
	case field == "school" && programs:
		return func(rec talent.Record) string { return own(rec.(*talent.Program).School, rec) }, nil
	case field == "employer" && !programs:
		return func(rec talent.Record) string { return own(rec.(*talent.Demand).Employer, rec) }, nil
	case field == "occupation" && !programs:
		return func(rec talent.Record) string { return own(rec.(*talent.Demand).Occupation, rec) }, nil
	case field == "industry" && !programs:
		return func(rec talent.Record) string { return own(industryCode(rec.(*talent.Demand).Industry), rec) }, nil
	}
	return nil, talent.Invalid("group", group, "%s have no such field: code:N and school go with programs, employer, occupation and industry with demands", queries)
}

// dataHash names what was learned from.
func dataHash(taxonomy string, known []learn.Known) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", taxonomy)
	for _, k := range known {
		fmt.Fprintf(h, "%q %q %q\n", k.ID, k.Group, k.Class)
		var ids []string
		for id := range k.Gains {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		for _, id := range ids {
			fmt.Fprintf(h, " %q %g\n", id, k.Gains[id])
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// sideOf is a stored record as the side of a query.
func (m *Market) sideOf(s *state, queries, id string) (querySide, bool) {
	side := querySide{snap: s.snap, lex: m.lex}
	if queries == "programs" {
		p, ok := s.snap.Program(id)
		side.program = &p
		return side, ok
	}
	d, ok := s.snap.Demand(id)
	side.demand = &d
	return side, ok
}

func (q *querySide) match(ctx context.Context, mq matcher.Query) (*matcher.Result, error) {
	if q.demand != nil {
		return q.snap.MatchPrograms(ctx, q.demand, mq)
	}
	return q.snap.MatchDemands(ctx, q.program, mq)
}

// problem turns labelled queries into numbers.
func (m *Market) problem(ctx context.Context, s *state, r LearnRequest, known []learn.Known) (*learn.Problem, error) {
	p := &learn.Problem{Features: pairFeatures, Components: componentNames}
	mem := newKnownTexts(m, s, r.For, known)
	ids := make([]string, len(known))
	byID := make(map[string]int, len(known))
	for i, k := range known {
		ids[i], byID[k.ID] = k.ID, i
	}
	type answer struct {
		query learn.Query
		alike []float32
	}
	one := func(id string) (answer, error) {
		a := answer{query: learn.Query{Known: known[byID[id]]}}
		side, ok := m.sideOf(s, r.For, id)
		if !ok {
			return a, fmt.Errorf("%s: %w", id, talent.ErrNotFound)
		}
		res, err := side.match(ctx, matcher.Query{Top: learn.MaxCandidates, Weights: r.Weights})
		if err != nil {
			return a, err
		}
		probe := side.snap.Probe(side.text())
		defer probe.Close()
		a.query.Company = s.company(probe, &side)
		for i := range res.Matches {
			a.query.Candidates = append(a.query.Candidates, s.candidate(probe, &side, &res.Matches[i]))
		}
		for _, v := range mem.alike(probe) {
			a.alike = append(a.alike, float32(v))
		}
		return a, nil
	}
	var alike [][]float32
	err := inOrder(ctx, ids, one, func(_ int, a answer) error {
		p.Queries = append(p.Queries, a.query)
		alike = append(alike, a.alike)
		return nil
	})
	p.Alike = func(a, b int) float64 { return float64(alike[a][b]) }
	return p, err
}

// knownTexts are the texts of known queries, in order.
type knownTexts struct {
	texts   []matcher.TextVector
	lengths [][matcher.NumTextSpaces]float64
}

func newKnownTexts(m *Market, s *state, queries string, known []learn.Known) *knownTexts {
	k := &knownTexts{}
	for i := range known {
		var text matcher.TextVector
		if side, ok := m.sideOf(s, queries, known[i].ID); ok {
			text = side.text()
		}
		var length [matcher.NumTextSpaces]float64
		for space := range matcher.NumTextSpaces {
			length[space] = s.snap.TextLength(text[space])
		}
		k.texts, k.lengths = append(k.texts, text), append(k.lengths, length)
	}
	return k
}

// alike is the likeness of a probed record to each known query: the mean cosine.
func (k *knownTexts) alike(probe *matcher.TextProbe) []float64 {
	out := make([]float64, len(k.texts))
	for i := range k.texts {
		for space := range matcher.NumTextSpaces {
			out[i] += probe.Cosine(space, k.texts[i][space], k.lengths[i][space]) / float64(matcher.NumTextSpaces)
		}
	}
	return out
}

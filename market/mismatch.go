package market

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"talentmatch/matcher/gap"
	"talentmatch/matcher/gap/mismatch"
	"talentmatch/talent"
)

// mostMismatchDims is how many dimensions an index can have.
const mostMismatchDims = 2

// MismatchIndices are the words of MismatchRequest.Index, in the order of answers.
func MismatchIndices() []string {
	var out []string
	for _, k := range mismatch.Kinds() {
		out = append(out, indexWord(k))
	}
	return out
}

// indexWord is what an index is called; its kind in matcher/gap/mismatch has underscores.
func indexWord(k mismatch.Kind) string { return strings.ReplaceAll(string(k), "_", "-") }

// supplyWords are those of MismatchRequest.Supply, the first when nothing is said.
var supplyWords = []string{"graduates", "effective"}

// Mismatch says how differently demand and supply are spread over the cells of one or two
// dimensions of the gap report, and which cells make it so. MismatchDefinitions says what the
// numbers mean. Errors: talent.ErrInvalid for bad parameters, by name.
func (m *Market) Mismatch(ctx context.Context, r MismatchRequest) (*MismatchAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	j := mismatcher{m: m, s: s, r: &r, o: mismatch.DefaultOptions()}
	j.o.Alpha = r.Alpha
	if err := j.count(ctx); err != nil {
		return nil, err
	}
	return j.answer()
}

// ReportMismatch is the answer as it is kept, and the answer.
func (m *Market) ReportMismatch(ctx context.Context, r MismatchRequest) (*Report, *MismatchAnswer, error) {
	return reported("mismatch", r, (*MismatchRequest).complete, func(r MismatchRequest) (*MismatchAnswer, error) { return m.Mismatch(ctx, r) })
}

func init() { registerReport("mismatch", runs((*Market).Mismatch, (*MismatchRequest).complete)) }

// complete fills what is left open and refuses what is wrong.
func (r *MismatchRequest) complete() error {
	if len(r.By) < 1 || len(r.By) > mostMismatchDims {
		return talent.Invalid("by", strings.Join(r.By, ","), "must name 1 or %d of %s", mostMismatchDims, strings.Join(gapDimensions[:gap.Industry], ", "))
	}
	g := r.gaps()
	if err := g.complete(); err != nil {
		return err
	}
	for _, x := range []struct {
		word   string
		values []string
	}{{gapDimensions[gap.Industry], r.Filter.Industry}, {gapDimensions[gap.EmployerKind], r.Filter.EmployerKind}} {
		const why = "programs carry none, so there is no supply to hold against demand"
		if slices.Contains(r.By, x.word) {
			return talent.Invalid("by", x.word, why)
		}
		if len(x.values) > 0 {
			return talent.Invalid(x.word, strings.Join(x.values, ","), why)
		}
	}
	r.RegionAt, r.IndustryAt, r.Filter = g.RegionAt, g.IndustryAt, g.Filter
	if r.Supply == "" {
		r.Supply = supplyWords[0]
	}
	if err := oneOf("supply", r.Supply, supplyWords); err != nil {
		return err
	}
	for i, word := range r.Index {
		if err := oneOf("index", word, MismatchIndices()); err != nil {
			return err
		}
		if slices.Contains(r.Index[:i], word) {
			return talent.Invalid("index", word, "is named twice")
		}
	}
	if math.IsNaN(r.Alpha) || r.Alpha <= 0 || r.Alpha >= 1 {
		return talent.Invalid("alpha", fmt.Sprint(r.Alpha), "must lie between 0 and 1, both excluded")
	}
	if r.Trend && slices.Contains(r.By, gapDimensions[gap.Year]) {
		return talent.Invalid("trend", "true", "cannot be had by year: years would be cells and points at once")
	}
	if r.Limit < 0 || r.Limit > MaxPage {
		return talent.Invalid("limit", fmt.Sprint(r.Limit), "must be from 0 to %d", MaxPage)
	}
	return nil
}

// gaps is the gap report whose cells are compared, with more dimensions if need be.
func (r *MismatchRequest) gaps(more ...string) GapRequest {
	return GapRequest{By: slices.Concat(r.By, more), RegionAt: r.RegionAt, IndustryAt: r.IndustryAt, Filter: r.Filter, Limit: 1}
}

// asks reports whether an index is wanted, and whether it was named.
func (r *MismatchRequest) asks(word string) (wanted, named bool) {
	named = slices.Contains(r.Index, word)
	return named || len(r.Index) == 0, named
}

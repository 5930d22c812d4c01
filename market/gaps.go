package market

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"

	"talentmatch/matcher/gap"
	"talentmatch/talent"
)

// gapDimensions are the words of GapRequest.By, by property.
var gapDimensions = [gap.NumProperties]string{
	gap.Skill: "skill", gap.Occupation: "occupation", gap.Region: "region", gap.Education: "education", gap.Year: "year",
	gap.Industry: "industry", gap.EmployerKind: "employer_kind",
}

// gapSorts are the words of GapRequest.Sort.
var gapSorts = []string{gap.ByGap: "gap", gap.ByGapAtLevel: "gap_at_level", gap.ByEffectiveGap: "effective_gap", gap.ByDemand: "demand", gap.ByUnreached: "no_eligible"}

// unsaid is the key of records that say nothing in a dimension.
const unsaid = "-"

// Gaps reports demand, supply, gap and what stands behind them per cell of up to three
// dimensions, the largest gap first. GapDefinitions says what the numbers mean.
// Errors: talent.ErrInvalid for bad parameters, by name.
func (m *Market) Gaps(ctx context.Context, r GapRequest) (*GapAnswer, error) {
	if err := r.complete(); err != nil {
		return nil, err
	}
	asked := r.fingerprint() // before names are resolved
	offset, err := decodeOffset(r.Cursor, asked)
	if err != nil {
		return nil, err
	}
	s, err := m.state(ctx)
	if err != nil {
		return nil, err
	}
	g := gapper{m: m, s: s, r: &r}
	if err := g.count(ctx); err != nil {
		return nil, err
	}
	a := &GapAnswer{Meta: g.meta()}
	if a.Items, err = g.page(ctx, offset); err != nil {
		return nil, err
	}
	if end := offset + len(a.Items); end < g.report.Cells() {
		a.NextCursor = encodeOffset(end, asked)
	}
	return a, nil
}

// ReportGaps is the gap report as it is kept, and its answer.
func (m *Market) ReportGaps(ctx context.Context, r GapRequest) (*Report, *GapAnswer, error) {
	return reported("gaps", r, (*GapRequest).complete, func(r GapRequest) (*GapAnswer, error) { return m.Gaps(ctx, r) })
}

func init() { registerReport("gaps", runs((*Market).Gaps, (*GapRequest).complete)) }

// complete fills what is left open and refuses what is wrong.
func (r *GapRequest) complete() error {
	if len(r.By) < 1 || len(r.By) > gap.MaxDims {
		return talent.Invalid("by", strings.Join(r.By, ","), "must name 1 to %d of %s", gap.MaxDims, strings.Join(gapDimensions[:], ", "))
	}
	for i, d := range r.By {
		if err := oneOf("by", d, gapDimensions[:]); err != nil {
			return err
		}
		if slices.Contains(r.By[:i], d) {
			return talent.Invalid("by", d, "is named twice")
		}
	}
	for _, x := range []struct {
		field string
		value *string
		words []string // the first when nothing is said
	}{
		{"region_at", &r.RegionAt, []string{"province", "prefecture", "region"}},
		{"industry_at", &r.IndustryAt, []string{"section", "division"}},
		{"level", &r.Level, []string{"any", "asked"}},
		{"sort", &r.Sort, gapSorts},
	} {
		if *x.value == "" {
			*x.value = x.words[0]
		}
		if err := oneOf(x.field, *x.value, x.words); err != nil {
			return err
		}
	}
	if r.Limit < 1 || r.Limit > MaxPage {
		return talent.Invalid("limit", fmt.Sprint(r.Limit), "must be from 1 to %d", MaxPage)
	}
	if r.DrillDown < 0 || r.DrillDown > 100 {
		return talent.Invalid("drill", fmt.Sprint(r.DrillDown), "must be from 0 to 100")
	}
	if r.Bootstrap < 0 || r.Bootstrap > gap.MostReplicates {
		return talent.Invalid("bootstrap", fmt.Sprint(r.Bootstrap), "must be from 0 to %d", gap.MostReplicates)
	}
	if r.Bootstrap == 0 {
		r.Seed = 0 // nothing is drawn
	}
	if !r.leveled() {
		const needs = "needs levels: the dimension skill, or a filter of one skill"
		if r.Level == "asked" {
			return talent.Invalid("level", r.Level, needs)
		}
		if r.Sort == gapSorts[gap.ByGapAtLevel] {
			return talent.Invalid("sort", r.Sort, needs)
		}
	}
	return r.Filter.complete()
}

// leveled reports whether cells are of one skill each, and so have levels.
func (r *GapRequest) leveled() bool {
	return slices.Contains(r.By, gapDimensions[gap.Skill]) || len(r.Filter.Skill) == 1
}

func oneOf(field, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	return talent.Invalid(field, value, "must be one of %s", strings.Join(words, ", "))
}

// fingerprint tells requests for different reports apart: everything but the page.
func (r *GapRequest) fingerprint() string {
	same := *r
	same.Limit, same.Cursor, same.DrillDown, same.Bootstrap, same.Seed = 0, "", 0, 0, 0
	h := fnv.New32a()
	_ = json.NewEncoder(h).Encode(same)
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// A cursor is the number of cells before the page, bound to the report.
func encodeOffset(n int, report string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(report + "." + strconv.Itoa(n)))
}

func decodeOffset(cursor, report string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if of, n, ok := strings.Cut(string(raw), "."); err == nil && ok && of == report {
		if n, err := strconv.Atoi(n); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, talent.Invalid("cursor", cursor, "is not one that was given out for this report")
}

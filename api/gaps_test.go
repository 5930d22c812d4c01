package api

import (
	"net/url"
	"testing"

	"talentmatch/market"
)

// TestGapFilters: filters take words of either language, names and -, as on the command line; what
// nobody has is refused by name.
func TestGapFilters(t *testing.T) {
	c := newClient(t, Options{})
	var all, a market.GapAnswer
	c.get("/v1/gaps?by=skill").want(t, 200, &all)
	if all.Meta.Demand == 0 || all.Meta.Counting.ZH == "" || all.Meta.Caveats == nil {
		t.Errorf("%+v", all.Meta)
	}
	for _, path := range []string{"/v1/gaps?by=skill&", "/v1/mismatch?by=skill&"} {
		for _, f := range []string{"education=-", "education=" + url.QueryEscape("本科"), "education=bachelor", "year=-", "year=2026", "occupation=-"} {
			c.get(path+f).want(t, 200, nil)
		}
		for _, f := range []string{"education=phd", "year=soon", "year=20260", "skill=typo", "occupation=typo", "industry=typo", "industry=2740", "employer_kind=circus"} {
			c.get(path+f).want(t, 422, nil)
		}
	}
	c.get("/v1/gaps?by=skill&employer_kind="+url.QueryEscape("企业")).want(t, 200, &a)
	if a.Meta.Filter.EmployerKind[0] != "enterprise" {
		t.Errorf("%+v", a.Meta.Filter)
	}
	c.get("/v1/gaps?by=region&level=asked").want(t, 422, nil)
	c.get("/v1/mismatch?by=industry").want(t, 422, nil)
}

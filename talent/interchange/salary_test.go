package interchange

import "testing"

func TestSalaryCells(t *testing.T) {
	for cell, want := range map[string]string{
		"8-12K":              `{"max":12000,"min":8000}`,
		"8k-12k":             `{"max":12000,"min":8000}`,
		"１万－１．５万／月":          `{"max":15000,"min":10000,"per":"month"}`,
		"1万-1.5万/月":          `{"max":15000,"min":10000,"per":"month"}`,
		"1.1w~1.3W":          `{"max":13000,"min":11000}`,
		"8千-1.2万":            `{"max":12000,"min":8000}`,
		"10-15万/年":           `{"max":150000,"min":100000,"per":"year"}`,
		"0.8至1.2万元/月":        `{"currency":"CNY","max":12000,"min":8000,"per":"month"}`,
		"6000以上":             `{"min":6000}`,
		"6000元/月及以上":         `{"currency":"CNY","min":6000,"per":"month"}`,
		"6千元以上/月":            `{"currency":"CNY","min":6000,"per":"month"}`,
		"1万以下":               `{"max":10000}`,
		"200元/天":             `{"currency":"CNY","max":200,"min":200,"per":"day"}`,
		"8000/月":             `{"max":8000,"min":8000,"per":"month"}`,
		"8000":               `{"max":8000,"min":8000}`,
		"¥6000-9000":         `{"currency":"CNY","max":9000,"min":6000}`,
		"￥6000-￥9000元":       `{"currency":"CNY","max":9000,"min":6000}`,
		"6000-9000元/月·13薪":   `{"currency":"CNY","max":9000,"min":6000,"per":"month"}`,
		"8-12K 14薪":          `{"max":12000,"min":8000}`,
		"8,000-12,000 CNY/月": `{"currency":"CNY","max":12000,"min":8000,"per":"month"}`,
		"8000-12000KRW":      `{"currency":"KRW","max":12000,"min":8000}`,
		"8-12KUSD/year":      `{"currency":"USD","max":12000,"min":8000,"per":"year"}`,
		"8000-9000rmb":       `{"currency":"CNY","max":9000,"min":8000}`,
		"8000-":              `{"min":8000}`,
		"-1.2万":              `{"max":12000}`,
		"面议":                 ``,
	} {
		if got := cellOf(t, "demand", "salary", cell); got != want {
			t.Errorf("%s: %s, want %s", cell, got, want)
		}
	}
	for _, cell := range []string{
		"8000左右", "8K-12", "8000-1.2万", "8-12wan", "8-12kpm", "8000-12000 yuan", "$8000", "8000-12000円", "6000-8000以上", "8000-以上",
		"6000以上/月以下", "8000 12000", "8000/12000", "8000/月/人", "-", "以上", "K", "万元", "8-12KK", "8-12万千", "6000-900013薪", "6000-13薪", "10-15万/年·13薪",
		"¥6000 USD", "1,2-1,5万", "8000 day", "1.2.3万", "200元/天/人", "13薪",
	} {
		if got := cellOf(t, "demand", "salary", cell); got != " "+salaryHelp {
			t.Errorf("%s is read as %s", cell, got)
		}
	}
}

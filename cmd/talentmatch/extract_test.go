package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"talentmatch/market"
)

const advertisement = "要求：精通中药提取；干法制粒者优先。"

func TestExtractTable(t *testing.T) {
	data := granuleStore(t)
	want := `id  start  end  text      skill         name      level  required  how    confidence
1      15   27  中药提取  sk.extract    中药提取      5  true      label        1.00
1      30   42  干法制粒  sk.granulate  干法制粒         false     label        1.00
2       0   10  EXTRACTION  sk.extract  中药提取                    label        1.00
`
	got := must(t, "extract", "--data", data, advertisement, "EXTRACTION")
	if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	gone := must(t, "extract", "--data", data, "--removed", "不要求中药提取")
	if !strings.Contains(gone, "removed\n") || !strings.Contains(gone, "true\n") || must(t, "extract", "--data", data, "不要求中药提取") != strings.Join(strings.Fields(want)[:10], "  ")+"\n" {
		t.Errorf("--removed:\n%s", gone)
	}
}

func TestExtractCSVAndNDJSON(t *testing.T) {
	data := granuleStore(t)
	file := write(t, "ads.tsv", gb18030(t, "甲\t"+advertisement+"\r\n乙\t=中药提取\t不要求干法制粒\n丙\t五险一金\n"))
	args := []string{"extract", "--data", data, "--input", file, "--removed", "--format"}
	want := `id,start,end,text,skill,name,level,required,how,confidence,removed
甲,15,27,中药提取,sk.extract,中药提取,5,true,label,1,
甲,30,42,干法制粒,sk.granulate,干法制粒,,false,label,1,
乙,1,13,中药提取,sk.extract,中药提取,,,label,1,
乙,23,35,干法制粒,sk.granulate,干法制粒,,,label,1,true
`
	got := must(t, append(args, "csv")...)
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	rows, err := csv.NewReader(strings.NewReader(got)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSuffix(must(t, append(args, "ndjson")...), "\n"), "\n") {
		var item struct {
			ID string
			market.ExtractItem
		}
		if err := json.Unmarshal([]byte(line), &item); err != nil {
			t.Fatal(err)
		}
		row := rows[i+1]
		required := ""
		if item.Required != nil {
			required = fmt.Sprint(*item.Required)
		}
		if row[0] != item.ID || row[1] != fmt.Sprint(item.Start) || row[3] != item.Text || row[4] != item.Skill || row[7] != required || row[8] != item.How || (row[10] == "true") != item.Removed {
			t.Errorf("csv %v, ndjson %s", row, line)
		}
	}
}

// TestExtractLatent: only on request, a whole sentence.
func TestExtractLatent(t *testing.T) {
	data := scenarioStore(t, "e")
	const text = "每天收付款、登日记账，月底核对银行流水。"
	args := []string{"extract", "--data", data, "--format", "csv", text}
	if got := must(t, args...); strings.Contains(got, "latent") {
		t.Errorf("unasked:\n%s", got)
	}
	if got := must(t, append(args, "--latent")...); !strings.Contains(got, "\n1,0,57,"+strings.TrimSuffix(text, "。")+",sk.cashier-work,") || !strings.Contains(got, ",,,latent,0.") {
		t.Errorf("--latent:\n%s", got)
	}
}

package market

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"talentmatch/talent"
)

// extractOne is the finds of one text.
func extractOne(t testing.TB, m *Market, text string, latent, removed bool) []ExtractItem {
	t.Helper()
	var out []ExtractItem
	r := ExtractRequest{Texts: []LinkText{{"t", text}}, Latent: latent, Removed: removed}
	if err := m.Extract(context.Background(), r, nil, func(a ExtractAnswer) error {
		out = a.Items
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func how(items []ExtractItem) string {
	var out []string
	for _, it := range items {
		out = append(out, it.How+" "+it.Skill+" "+it.Text)
	}
	return strings.Join(out, "; ")
}

func TestExtractLatent(t *testing.T) {
	m := openMarket(t)
	const meant, named = "负责产线机器人点位示教与节拍优化", "精通工业机器人编程"
	found := "latent sk.robot-programming " + meant
	for _, tt := range []struct{ text, want string }{
		{meant, found},
		{"岗位职责：\n" + meant + "。五险一金，双休。", found},
		{meant + "！" + meant + "？", found},                                                 // once a text
		{named + "。" + meant, "label sk.robot-programming 工业机器人编程"},                        // named elsewhere
		{"不要求工业机器人编程。" + meant, ""},                                                        // named as not asked for
		{meant + "，会PLC编程", "label sk.plc-programming PLC编程"},                              // the sentence names a skill
		{meant + "。会PLC编程", found + "; label sk.plc-programming PLC编程"},                    //
		{"Go big or go home: we ship parcels.", ""},                                        // a label, not meant
		{"五险一金，包吃住，年底双薪。", ""},                                                             // nothing to do with work
		{strings.Repeat("示教", latentMaxBytes/6+1) + meant, ""},                             // no sentence
		{strings.Repeat("示教！", 3) + strings.Repeat("每天喝茶看报。", latentMaxCount) + meant, ""}, // too many
	} {
		if got := how(extractOne(t, m, tt.text, true, false)); got != tt.want {
			t.Errorf("%.60s: %s, want %s", tt.text, got, tt.want)
		}
	}
	if got := extractOne(t, m, meant, false, true); len(got) != 0 {
		t.Errorf("latent unasked: %+v", got)
	}
	it := extractOne(t, m, "一。\n "+meant+" \n", true, false)[0]
	if it.Start != 8 || it.End != it.Start+len(meant) || it.StartChar != 4 || it.EndChar != 20 || it.Confidence <= 0 || it.Confidence > latentMost || it.Level != 0 || it.Required != nil {
		t.Errorf("%+v", it)
	}
}

// TestExtractPacks: with a taxonomy of one's own, latent finds come from it and from
// the built-in one alike.
func TestExtractPacks(t *testing.T) {
	m := openMarket(t)
	importFiles(t, m, writeFile(t, "own.ndjson", `{"type":"skill","id":"own.tea","name":"评茶","text":"看汤色、闻香气、辨滋味，评定茶叶等级"}`))
	got := how(extractOne(t, m, "每天看汤色、闻香气、辨滋味。负责产线机器人点位示教与节拍优化。", true, false))
	if want := "latent own.tea 每天看汤色、闻香气、辨滋味; latent sk.robot-programming 负责产线机器人点位示教与节拍优化"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestExtractManyTexts(t *testing.T) {
	m := openMarket(t)
	r := ExtractRequest{Latent: true}
	for i := range 300 {
		r.Texts = append(r.Texts, LinkText{fmt.Sprint("t", i), fmt.Sprintf("第%d条：熟悉PLC编程。写好自动、手动、急停几套程序。", i)})
	}
	var ids []string
	done := 0
	err := m.Extract(context.Background(), r, func(d, total int) { done = d * 1000 / total }, func(a ExtractAnswer) error {
		ids = append(ids, a.ID)
		if len(a.Items) == 0 || a.Items[0].Skill != "sk.plc-programming" || a.Versions.Taxonomy == "" {
			t.Errorf("%s: %+v", a.ID, a)
		}
		return nil
	})
	if err != nil || len(ids) != 300 || ids[299] != "t299" || done != 1000 {
		t.Errorf("%d texts, progress %d, %v", len(ids), done, err)
	}
	r.Texts = append(r.Texts, LinkText{"t7", "again"})
	if err := m.Extract(context.Background(), r, nil, nil); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("an id twice: %v", err)
	}
	link := LinkRequest{To: talent.TypeSkill, Top: 1, Texts: r.Texts}
	if err := m.Link(context.Background(), link, nil, nil); !errors.Is(err, talent.ErrInvalid) {
		t.Errorf("an id twice: %v", err)
	}
	link.Texts = []LinkText{{"long", strings.Repeat("x", MaxLinkText+1)}}
	if err := m.Link(context.Background(), link, nil, nil); !errors.Is(err, talent.ErrInvalid) || !strings.Contains(err.Error(), "texts[0].text: has 1048577 bytes") {
		t.Errorf("a long text: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := m.Extract(ctx, ExtractRequest{Texts: r.Texts[:5]}, nil, func(ExtractAnswer) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestExtractAnything: of any bytes, finds are in order, apart, and where they say.
func TestExtractAnything(t *testing.T) {
	m := openMarket(t)
	pieces := []string{"PLC编程", "PLC\n编程", "机器人点位示教与节拍优化", "不要求", "精通", "。", "\n", ". ", ".", "；", "\r\n", " ", "👩‍🔧", "שלום", "\xe4\xb8", "\xff", "\x00", "C++", "Pyhton", "给新设备画装配图和零件图", "\u00a0", "e\u0301"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "text"), "")
		var items []ExtractItem
		r := ExtractRequest{Texts: []LinkText{{"t", text}}, Latent: true, Removed: true}
		if err := m.Extract(context.Background(), r, nil, func(a ExtractAnswer) error { items = a.Items; return nil }); err != nil {
			t.Fatal(err)
		}
		end, runes := 0, []rune(text)
		for _, it := range items {
			if it.Start < end || it.Start >= it.End || text[it.Start:it.End] != it.Text || it.Confidence <= 0 || it.Confidence > 1 || it.Name == "" {
				t.Fatalf("%q: %+v", text, it)
			}
			if got := string(runes[it.StartChar:it.EndChar]); got != string([]rune(it.Text)) {
				t.Fatalf("%q: characters %d to %d are %q: %+v", text, it.StartChar, it.EndChar, got, it)
			}
			end = it.End
		}
	})
}

// TestSentences: against cutting at the marks with plain string functions.
func TestSentences(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"工", "程师", "a", "3.5", "Node.js", ".", ". ", "。", "；", ";", "！", "!", "？", "?", "\n", "\r\n", " ", "\t", "\xff", "　"}), 0, 20).Draw(t, "text"), "")
		var got []string
		last := 0
		for start, end := range sentences(text) {
			if start < last || start >= end {
				t.Fatalf("%q: %d to %d behind %d", text, start, end, last)
			}
			got, last = append(got, text[start:end]), end
		}
		marked := strings.NewReplacer("\n", " \n", "\r", " \n").Replace(text + " ") // a stop may end a line
		for _, mark := range []string{"。", "；", ";", "！", "!", "？", "?"} {
			marked = strings.ReplaceAll(marked, mark, "\n")
		}
		var want []string
		for _, line := range strings.Split(marked, "\n") {
			for _, s := range strings.Split(strings.ReplaceAll(line, ".\t", ". "), ". ") {
				if s = strings.TrimSpace(s); s != "" {
					want = append(want, s)
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	})
}

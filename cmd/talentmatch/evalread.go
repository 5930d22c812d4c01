package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"talentmatch/market"
	"talentmatch/talent/interchange"
)

// maxEvalLine bounds a line; an explained match of our own has a few thousand bytes.
const maxEvalLine = 8 << 20

// judgedRun is a run as a file has it.
type judgedRun struct {
	rows  []market.EvaluationRow
	lines []int // per row, from 1
}

// qrelsFile is judgements as a file has them.
type qrelsFile struct {
	judgements []market.EvaluationJudgement
	lines      []int
	header     string // the first line when it was taken for column names
}

// negativesFile is a list of queries, or a run over such queries.
type negativesFile struct {
	ids   []string
	run   []market.EvaluationRow
	lines []int
}

// prefixes takes what --strip-prefix names off ids, and remembers what it met.
type prefixes struct {
	words []string
	used  []bool
}

// newPrefixes takes words in UTF-8, which kong makes of any flag: half a character
// would cut ids in the middle of one.
func newPrefixes(words []string) *prefixes {
	return &prefixes{words: words, used: make([]bool, len(words))}
}

// strip takes the longest fitting prefix off, once.
func (p *prefixes) strip(id string) string {
	best := -1
	for i, word := range p.words {
		if strings.HasPrefix(id, word) {
			p.used[i] = true
			if best < 0 || len(word) > len(p.words[best]) {
				best = i
			}
		}
	}
	if best < 0 {
		return id
	}
	return id[len(p.words[best]):]
}

// readEvalFile reads one of the files, in UTF-8 or GB18030; name is how errors call it.
func readEvalFile[T any](name string, read func(io.Reader) (T, error)) (T, error) {
	text, err := interchange.OpenText(name, "")
	if err != nil {
		var none T
		return none, err
	}
	defer text.Close() // only read
	out, err := read(text)
	if err != nil {
		var at *lineError
		if errors.As(err, &at) {
			return out, fmt.Errorf("%s:%w", name, err)
		}
		return out, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// lineError is what is wrong with one line, and with which field of it ("" for all).
type lineError struct {
	line          int
	field, reason string
}

func (e *lineError) Error() string {
	if e.field == "" {
		return fmt.Sprintf("%d: %s", e.line, e.reason)
	}
	return fmt.Sprintf("%d: %s: %s", e.line, e.field, e.reason)
}

func badLine(line int, field, format string, args ...any) error {
	return &lineError{line, field, fmt.Sprintf(format, args...)}
}

// evalLines calls yield with every line that is not blank, without its end. The bytes
// are valid until yield returns.
func evalLines(r io.Reader, yield func(line int, text []byte) error) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 0, 1<<16), maxEvalLine)
	n := 0
	for lines.Scan() {
		n++
		text := lines.Bytes()
		if len(bytes.Trim(text, " \t\r")) == 0 {
			continue
		}
		if err := yield(n, text); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return badLine(n+1, "", "is longer than %d bytes", maxEvalLine)
	}
	return lines.Err()
}

// blanks splits at spaces and tabs only: an id may hold any other character.
func blanks(text []byte) []string {
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == ' ' || r == '\t' || r == '\r' })
}

// isObject tells NDJSON from the other formats by a line.
func isObject(text []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(text, " \t"), []byte("{")) }

// readRun reads a run: NDJSON when its first line begins with "{", TREC otherwise.
func readRun(r io.Reader, p *prefixes) (*judgedRun, error) {
	out := &judgedRun{}
	parse := trecRow
	err := evalLines(r, func(line int, text []byte) error {
		if len(out.rows) == 0 && isObject(text) {
			parse = jsonRow
		}
		row, err := parse(line, text)
		if err != nil {
			return err
		}
		row.Query, row.ID = p.strip(row.Query), p.strip(row.ID)
		out.rows, out.lines = append(out.rows, row), append(out.lines, line)
		return nil
	})
	if err == nil && len(out.rows) == 0 {
		err = errors.New("the run has no lines")
	}
	return out, err
}

// trecRow reads "qid Q0 docno rank score tag"; Q0 and the tag say nothing.
func trecRow(line int, text []byte) (row market.EvaluationRow, err error) {
	words := blanks(text)
	if len(words) != 6 {
		return row, badLine(line, "", "has %d fields, a run has 6: qid Q0 docno rank score tag", len(words))
	}
	row.Query, row.ID = words[0], words[2]
	if row.Rank, err = strconv.Atoi(words[3]); err != nil {
		return row, badLine(line, "rank", "must be a whole number (got %s)", short(words[3]))
	}
	if row.Score, err = strconv.ParseFloat(words[4], 64); err != nil {
		return row, badLine(line, "score", "must be a number (got %s)", short(words[4]))
	}
	return row, nil
}

// jsonRow reads a line of our own match or link; what else it holds is left out.
func jsonRow(line int, text []byte) (row market.EvaluationRow, err error) {
	var in struct {
		Query, ID   *string
		Rank        *int
		Score       *float64
		Probability *float64
	}
	if err := json.Unmarshal(text, &in); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) && kind.Field != "" {
			return row, badLine(line, strings.ToLower(kind.Field), "must not be a %s", kind.Value)
		}
		return row, badLine(line, "", "is no JSON object: %s", short(strings.TrimPrefix(err.Error(), "json: ")))
	}
	for field, missing := range map[string]bool{"query": in.Query == nil, "id": in.ID == nil, "rank": in.Rank == nil, "score": in.Score == nil} {
		if missing && (err == nil || field < err.(*lineError).field) { // the same one every time
			err = badLine(line, field, "is missing")
		}
	}
	if err != nil {
		return row, err
	}
	return market.EvaluationRow{Query: *in.Query, ID: *in.ID, Rank: *in.Rank, Score: *in.Score, Probability: in.Probability}, nil
}

// readQrels reads judgements: TREC ("qid 0 docno grade") when the first line has four
// fields and the last is a whole number, or when it has no tab; otherwise columns
// separated by tabs.
func readQrels(r io.Reader, p *prefixes) (*qrelsFile, error) {
	out := &qrelsFile{}
	var parse func(int, []byte) (market.EvaluationJudgement, error)
	err := evalLines(r, func(line int, text []byte) error {
		if parse == nil {
			words := blanks(text)
			if !bytes.ContainsRune(text, '\t') || len(words) == 4 && isWhole(words[3]) {
				parse = trecJudgement
			} else {
				cells := tabs(text)
				parse = func(line int, text []byte) (market.EvaluationJudgement, error) {
					return columns(line, text, len(cells))
				}
				if isHeader(cells) {
					out.header = strings.Join(cells, ", ")
					return nil
				}
			}
		}
		j, err := parse(line, text)
		if err != nil {
			return err
		}
		j.Query, j.ID = p.strip(j.Query), p.strip(j.ID)
		out.judgements, out.lines = append(out.judgements, j), append(out.lines, line)
		return nil
	})
	if err == nil && len(out.judgements) == 0 {
		err = errors.New("has no judgements")
	}
	return out, err
}

func trecJudgement(line int, text []byte) (j market.EvaluationJudgement, err error) {
	words := blanks(text)
	if len(words) != 4 {
		return j, badLine(line, "", "has %d fields, judgements have 4: qid 0 docno grade; or columns separated by tabs", len(words))
	}
	j.Query, j.ID = words[0], words[2]
	j.Grade, err = grade(line, words[3])
	return j, err
}

// columns reads query, document and grade; two columns mean grade 1, columns behind
// the third are left out.
func columns(line int, text []byte, width int) (j market.EvaluationJudgement, err error) {
	cells := tabs(text)
	if len(cells) != width {
		return j, badLine(line, "", "has %d columns, the first line has %d", len(cells), width)
	}
	j.Query, j.ID, j.Grade = cells[0], cells[1], 1
	if width > 2 {
		j.Grade, err = grade(line, cells[2])
	}
	return j, err
}

func grade(line int, word string) (int, error) {
	v, err := strconv.Atoi(word)
	if err != nil {
		return 0, badLine(line, "grade", "must be a whole number (got %s)", short(word))
	}
	return v, nil
}

// tabs splits at tabs and takes spaces off the cells.
func tabs(text []byte) []string {
	cells := strings.Split(strings.TrimRight(string(text), "\r"), "\t")
	for i := range cells {
		cells[i] = strings.Trim(cells[i], " ")
	}
	return cells
}

func isWhole(word string) bool {
	_, err := strconv.Atoi(word)
	return err == nil
}

// headerNames are the column names by which a header of two columns is known; any
// other first line is a judgement.
var headerNames = []string{
	"q_id", "qid", "query", "query_id", "query-id", "topic", "id", "cip", "program", "demand", "occupation", "skill",
	"c_id", "cid", "docno", "doc", "docid", "doc_id", "document", "corpus-id", "soc", "occupation_id", "skill_id",
}

// isHeader tells column names from a judgement: with three columns the name of the
// grade holds no digit, with two both names are known ones.
func isHeader(cells []string) bool {
	if len(cells) > 2 {
		return cells[2] != "" && !strings.ContainsFunc(cells[2], unicode.IsDigit)
	}
	return !slices.ContainsFunc(cells, func(cell string) bool { return !slices.Contains(headerNames, strings.ToLower(cell)) })
}

// readNegatives reads queries, one id a line, or a run over them: the first line
// decides.
func readNegatives(r io.Reader, p *prefixes) (*negativesFile, error) {
	var all bytes.Buffer
	single := false
	first := true
	out := &negativesFile{}
	err := evalLines(io.TeeReader(r, &all), func(line int, text []byte) error {
		words := blanks(text)
		if first {
			first = false
			single = len(words) == 1 && !isObject(text)
		}
		if !single {
			return nil
		}
		if len(words) != 1 {
			return badLine(line, "", "has %d fields; one id is expected, as in the first line", len(words))
		}
		out.ids, out.lines = append(out.ids, p.strip(words[0])), append(out.lines, line)
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case first:
		return nil, errors.New("has no lines")
	case single:
		return out, nil
	}
	run, err := readRun(&all, p)
	if err != nil {
		return nil, err
	}
	return &negativesFile{run: run.rows, lines: run.lines}, nil
}

// short cuts a value for an error.
func short(s string) string { return cut(plain(s), 60) }

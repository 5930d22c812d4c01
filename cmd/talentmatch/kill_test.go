package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"talentmatch/market"
	"talentmatch/talent"
	"talentmatch/testdata/generate"
)

// Sizes of TestKilledDuringBulk. The ids are few, so that most lines update earlier
// records and a check stays fast.
const (
	killRounds     = 20
	killShort      = 5 // rounds with -short
	killEmployers  = 40
	killSchools    = 30
	killPrograms   = 100
	killDemands    = 400
	killSkills     = 12
	killOffline    = 150                    // records written past a closed index, for a start to catch up with
	killStream     = 400 * time.Millisecond // a stream is killed within this time of its first answer
	killStarting   = 900 * time.Millisecond // a start is killed within this time
	killStartEvery = 3                      // rounds that begin with a killed start
	killEarlyEvery = 5                      // rounds whose stream is killed within killStream of its begin
)

// killWindows are how many lines a client sends ahead of the answers: few give many
// small commits, many give commits of hundreds of lines.
var killWindows = []int{20, 1, 100, 600}

// TestKilledDuringBulk kills the server (SIGKILL) at random moments of a bulk import
// and of starting, time after time on the same folder. Whatever it acknowledged is
// there afterwards, in that state or one sent later; nothing is there by half; and the
// index equals the store.
func TestKilledDuringBulk(t *testing.T) {
	rounds := killRounds
	if testing.Short() {
		rounds = killShort
	}
	c := newCrasher(t, rand.New(rand.NewPCG(2026, 11)))
	for round := range rounds {
		if round%killStartEvery == killStartEvery-1 {
			c.killStart(round)
		}
		srv := startServer(t, c.data)
		before := c.acknowledged
		sent := c.stream(srv, killAt{
			early: round%killEarlyEvery == killEarlyEvery-1, after: time.Duration(c.rng.Int64N(int64(killStream))),
			window: killWindows[round%len(killWindows)],
		})
		c.check(round)
		t.Logf("round %d: %d of %d lines acknowledged before the kill", round, c.acknowledged-before, sent)
	}
	srv := startServer(t, c.data)
	c.stream(srv, killAt{never: true, window: 100})
	srv.stop()
	c.check(rounds)
	if c.acknowledged < 5*rounds {
		t.Errorf("only %d lines acknowledged in %d rounds: the kills come too early to show anything", c.acknowledged, rounds)
	}
}

// A crasher is the client: it knows what it sent and what was acknowledged.
type crasher struct {
	t            *testing.T
	data         string
	rng          *rand.Rand
	made         *generate.National
	sent         map[string]*past // by type and id
	employers    []string         // those that may be referred to
	schools      []string
	serial       int // of the newest line ever sent; written into it
	acknowledged int
}

// past is every state of one record that was sent, and the newest known to be stored.
type past struct {
	t      talent.Type
	id     string
	bodies [][]byte
	stored int // 1 + its index in bodies, 0 when none is known to be
}

func newCrasher(t *testing.T, rng *rand.Rand) *crasher {
	made, err := generate.NewNational(killEmployers, killSchools)
	if err != nil {
		t.Fatal(err)
	}
	return &crasher{t: t, data: filepath.Join(t.TempDir(), "data"), rng: rng, made: made, sent: map[string]*past{}}
}

// next makes a line of a stream: organizations first, then mostly demands, new ones
// and new states of old ones. No two lines are equal.
func (c *crasher) next() sentLine {
	c.serial++
	mark := fmt.Sprintf("第%d次修改", c.serial)
	var rec talent.Record
	switch n := c.rng.IntN(1000); {
	case n < 10 || len(c.employers) == 0:
		o := c.made.Employer(c.rng.IntN(killEmployers))
		o.Name += mark // stands in the documents of all its demands
		rec = o
	case n < 20 || len(c.schools) == 0:
		o := c.made.School(c.rng.IntN(killSchools))
		o.Name += mark
		rec = o
	case n < 21 && c.serial%2 == 0:
		i := c.rng.IntN(killSkills)
		rec = &talent.Skill{ID: fmt.Sprintf("k.skill.%d", i), Name: fmt.Sprintf("设备巡检规程%d", i), Aliases: []string{mark}} // changes the taxonomy
	case n < 250:
		p := c.made.Program(c.rng.IntN(killPrograms))
		p.School, p.Cohorts[0].Graduates = c.schools[c.rng.IntN(len(c.schools))], c.serial
		rec = p
	default:
		d := c.made.Demand(c.rng.IntN(killDemands))
		d.Employer, d.Headcount = c.employers[c.rng.IntN(len(c.employers))], c.serial
		d.Text += mark
		rec = d
	}
	body, err := talent.Encode(rec)
	if err != nil {
		c.t.Fatal(err)
	}
	key := string(rec.RecordType()) + " " + rec.RecordID()
	p := c.sent[key]
	if p == nil {
		p = &past{t: rec.RecordType(), id: rec.RecordID()}
		c.sent[key] = p
	}
	p.bodies = append(p.bodies, body)
	if o, ok := rec.(*talent.Organization); ok {
		c.mayRefer(o)
	}
	return sentLine{p, len(p.bodies) - 1}
}

func (c *crasher) mayRefer(o *talent.Organization) {
	list := &c.schools
	if o.Kind == "enterprise" {
		list = &c.employers
	}
	for _, id := range *list {
		if id == o.ID {
			return
		}
	}
	*list = append(*list, o.ID)
}

// A sentLine is one line of a stream.
type sentLine struct {
	of    *past
	state int // index in of.bodies
}

// killAt says when a stream's server is killed.
type killAt struct {
	never  bool
	early  bool          // counted from the stream's begin, not from its first answer
	after  time.Duration // what is counted
	window int           // lines sent ahead of the answers
}

// quietStream is how many lines a stream has that is not killed.
const quietStream = 200

// stream sends lines until the server is killed, and returns how many; without a kill
// it sends a few and lets them all be answered.
func (c *crasher) stream(srv *server, kill killAt) int {
	c.t.Helper()
	base := srv.address()
	c.employers, c.schools = c.existing()
	body, feed := io.Pipe()
	lines := make(chan sentLine, kill.window)
	ended := make(chan struct{})
	sending := make(chan int)
	go func() {
		n := 0
		defer func() { close(lines); feed.Close(); sending <- n }()
		for !kill.never || n < quietStream {
			line := c.next()
			select {
			case lines <- line:
			case <-ended:
				return
			case <-srv.done: // the client waits for the end of the body even then
				return
			}
			n++
			if _, err := fmt.Fprintf(feed, "%s\n", line.of.bodies[line.state]); err != nil {
				return // the reader of the answers has seen the end
			}
		}
	}()
	dying := func() { time.AfterFunc(kill.after, srv.kill) }
	if kill.early {
		dying()
	}
	first := func() {
		if !kill.early && !kill.never {
			dying()
		}
	}
	err := c.answers(base, body, lines, first)
	close(ended)
	body.Close()
	n := <-sending
	if kill.never && err != nil {
		c.t.Fatal(err)
	}
	if !kill.never {
		<-srv.done
	}
	return n
}

// answers posts a stream and reads its answers until the connection ends, telling of
// the first. Each must be the next line's, and good.
func (c *crasher) answers(base string, body io.Reader, lines <-chan sentLine, first func()) error {
	req, err := http.NewRequest(http.MethodPost, base+"/v1/bulk", body)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("bulk: %s", resp.Status)
	}
	in := bufio.NewReader(resp.Body)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err == io.EOF && len(text) == 0 {
			return nil
		}
		if err != nil { // what has no end is no acknowledgement
			return err
		}
		var a market.BulkLine
		if err := json.Unmarshal(text, &a); err != nil {
			c.t.Fatalf("answer %d is no JSON: %s", n, text)
		}
		line := <-lines
		if a.Line != n || line.of == nil || a.ID != line.of.id || a.Type != line.of.t || (a.Status != "added" && a.Status != "changed") {
			c.t.Fatalf("line %d is answered by %s", n, text)
		}
		if n == 1 {
			first()
		}
		c.acknowledged++
		line.of.stored = max(line.of.stored, line.state+1)
	}
}

// existing are the organizations that are known to be stored.
func (c *crasher) existing() (employers, schools []string) {
	for i := range killEmployers {
		if p := c.sent["organization "+c.made.Employer(i).ID]; p != nil && p.stored > 0 {
			employers = append(employers, p.id)
		}
	}
	for i := range killSchools {
		if p := c.sent["organization "+c.made.School(i).ID]; p != nil && p.stored > 0 {
			schools = append(schools, p.id)
		}
	}
	return employers, schools
}

// killStart gives a start something to catch up with (changes that the index has not
// seen, or all of it), and kills it on the way. The next start has to mend that.
func (c *crasher) killStart(round int) {
	c.t.Helper()
	if round%2 == 0 {
		if err := os.RemoveAll(filepath.Join(c.data, "index")); err != nil {
			c.t.Fatal(err)
		}
	} else {
		c.writeOffline()
	}
	srv := startServer(c.t, c.data)
	time.Sleep(time.Duration(c.rng.Int64N(int64(killStarting))))
	srv.kill()
}

// writeOffline writes records while the index is closed.
func (c *crasher) writeOffline() {
	c.t.Helper()
	m := c.open()
	defer c.close(m)
	c.employers, c.schools = c.existing()
	var text bytes.Buffer
	var lines []sentLine
	for range killOffline {
		line := c.next()
		lines = append(lines, line)
		fmt.Fprintf(&text, "%s\n", line.of.bodies[line.state])
	}
	err := m.Bulk(context.Background(), &text, "", func(a market.BulkLine) error {
		if a.Status == "error" {
			return fmt.Errorf("line %d: %+v", a.Line, a.Errors)
		}
		line := lines[a.Line-1]
		line.of.stored = max(line.of.stored, line.state+1)
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *crasher) open() *market.Market {
	c.t.Helper()
	m, err := market.Open(context.Background(), market.Options{Dir: c.data})
	if err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *crasher) close(m *market.Market) {
	c.t.Helper()
	if err := m.Close(); err != nil {
		c.t.Fatal(err)
	}
}

// check opens the folder and compares every record that was ever sent. What is found
// is known to be stored from then on.
func (c *crasher) check(round int) {
	c.t.Helper()
	ctx := context.Background()
	m := c.open()
	defer c.close(m)
	found := map[talent.Type]int{}
	for key, p := range c.sent {
		it, err := m.Get(ctx, p.t, p.id)
		if errors.Is(err, talent.ErrNotFound) {
			if p.stored > 0 {
				c.t.Errorf("round %d: %s was acknowledged and is lost", round, key)
			}
			continue
		}
		if err != nil {
			c.t.Fatalf("round %d: %s: %v", round, key, err)
		}
		state := -1
		for i, body := range p.bodies {
			if bytes.Equal(body, it.Body) {
				state = i
			}
		}
		if state < p.stored-1 {
			c.t.Errorf("round %d: %s: state %d of %d is stored, state %d was acknowledged", round, key, state, len(p.bodies), p.stored-1)
		}
		p.stored = state + 1
		found[p.t]++
	}
	counts, err := m.Counts(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	for _, t := range []talent.Type{talent.TypeOrganization, talent.TypeProgram, talent.TypeDemand} {
		if counts[t] != found[t] {
			c.t.Errorf("round %d: %d of type %s are stored, %d of those that were sent", round, counts[t], t, found[t])
		}
	}
	report, err := m.Verify(ctx)
	if err != nil {
		c.t.Fatalf("round %d: %v", round, err)
	}
	if !report.OK() || report.Version != report.IndexVersion {
		c.t.Errorf("round %d: index and store differ: %+v", round, report)
	}
	if c.t.Failed() {
		c.t.FailNow() // later rounds would repeat it
	}
}

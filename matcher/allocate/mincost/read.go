package mincost

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
)

// ReadDIMACS reads a problem in the min format of the first DIMACS challenge (1991):
//
//	c a comment
//	p min NODES ARCS
//	n NODE SUPPLY                     nodes count from 1; those without a line supply 0
//	a TAIL HEAD LOWER CAPACITY COST
//
// A CAPACITY of -1, as is usual, or of 9223372036854775807 stands for none (NoBound); any
// other below LOWER is an error, and so is a LOWER below 0. The p line comes before n and
// a lines, which may be in any order. Blank lines, tabs, spaces before and behind, CRLF
// and a mark of UTF-8 at the beginning are allowed. Supplies need not sum to 0: Solve will
// say that.
//
// Errors of the file begin with name, line and item ("net.min:12: arc 3: ..."). Memory is
// that of the network plus at most as much again while it grows, whatever the p line
// claims: arcs are counted as they come, and nodes may be 65,536 more than the file has
// bytes.
func ReadDIMACS(r io.Reader, name string) (*Network, error) {
	d := &reader{name: name, from: bufio.NewReaderSize(r, longest), size: sizeOf(r)}
	for {
		line, err := d.from.ReadSlice('\n')
		d.line++
		d.bytes += int64(len(line))
		if d.line == 1 && len(line) >= 3 && string(line[:3]) == "\ufeff" {
			line = line[3:]
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			if d.rest = line; d.peek() != 'c' {
				return nil, d.bad("a line of more than %d bytes", longest)
			}
			err = d.skip()
		} else if len(line) > 0 {
			if bad := d.read(line); bad != nil {
				return nil, bad
			}
		}
		if err == io.EOF {
			return d.finish()
		} else if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, d.line, err)
		}
	}
}

// longest is how many bytes a line other than a comment may have.
const longest = 1 << 18

// shortest is how many bytes an arc's line has at least.
const shortest = len("a 1 1 0 0 0\n")

type reader struct {
	name  string
	from  *bufio.Reader
	size  int64 // of the whole file, 0 if not known
	bytes int64 // read
	line  int

	rest   []byte // of the line
	net    *Network
	arcs   int // that there are to be
	supply []supply
}

// A supply is what an n line says.
type supply struct {
	units int64
	line  int
	node  int32
}

// sizeOf is how many bytes there are to read, where that is known.
func sizeOf(r io.Reader) int64 {
	switch r := r.(type) {
	case interface{ Len() int }:
		return int64(r.Len())
	case *os.File:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

func (d *reader) bad(format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", d.name, d.line, fmt.Sprintf(format, args...))
}

// skip passes the rest of a comment of more than a buffer.
func (d *reader) skip() error {
	for {
		line, err := d.from.ReadSlice('\n')
		d.bytes += int64(len(line))
		if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// peek is the next byte that is no space, 0 at the line's end.
func (d *reader) peek() byte {
	for i, c := range d.rest {
		switch c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
		default:
			d.rest = d.rest[i:]
			return c
		}
	}
	d.rest = nil
	return 0
}

// word takes the next word of the line; none is left at its end.
func (d *reader) word() []byte {
	d.peek()
	for i, c := range d.rest {
		switch c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
			word := d.rest[:i]
			d.rest = d.rest[i:]
			return word
		}
	}
	word := d.rest
	d.rest = nil
	return word
}

// shown is a word as errors show it.
func shown(word []byte) string {
	if len(word) > 24 {
		return fmt.Sprintf("%q...", word[:24])
	}
	return fmt.Sprintf("%q", word)
}

// read takes one line.
func (d *reader) read(line []byte) error {
	d.rest = line
	switch d.peek() {
	case 0:
		if len(d.rest) == 0 {
			return nil
		}
	case 'c':
		return nil
	}
	switch word := d.word(); string(word) {
	case "a":
		return d.arc()
	case "n":
		return d.node()
	case "p":
		return d.problem()
	default:
		return d.bad("a line begins with %s: c, p, n or a is wanted", shown(word))
	}
}

// A field is a number's name, for errors, and the range it must be in.
type field struct {
	what     string
	min, max int64
}

// number takes a number of the line; at is the item it belongs to.
func (d *reader) number(item string, count int, f field) (int64, error) {
	d.peek()
	word, negative := d.rest, false
	i := 0
	if len(word) > 0 && (word[0] == '-' || word[0] == '+') {
		negative = word[0] == '-'
		i = 1
	}
	first := i
	var x uint64
	for ; i < len(word); i++ {
		digit := uint64(word[i] - '0')
		if digit > 9 {
			break
		}
		if x > (math.MaxUint64-9)/10 {
			x = math.MaxUint64 // stays too large
			continue
		}
		x = 10*x + digit
	}
	if i == first || i < len(word) && word[i] > ' ' {
		if word := d.word(); len(word) > 0 {
			return 0, d.badly(item, count, "%s %s is not a whole number", f.what, shown(word))
		}
		return 0, d.badly(item, count, "%s is missing", f.what)
	}
	d.rest = word[i:]
	out := int64(x)
	switch {
	case negative && x <= 1<<63:
		out = -out
	case negative || x > math.MaxInt64:
		return 0, d.badly(item, count, "%s %s does not fit 64 bits", f.what, shown(word[:i]))
	}
	if out < f.min || out > f.max {
		return 0, d.badly(item, count, "%s %d is not within %d and %d", f.what, out, f.min, f.max)
	}
	return out, nil
}

func (d *reader) badly(item string, count int, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	if item == "" {
		return d.bad("%s", what)
	}
	return d.bad("%s %d: %s", item, count, what)
}

// end makes sure that nothing is left of the line.
func (d *reader) end(item string, count int) error {
	if d.peek(); len(d.rest) > 0 {
		return d.badly(item, count, "%s is too much on the line", shown(d.word()))
	}
	return nil
}

// problem reads a p line.
func (d *reader) problem() error {
	if d.net != nil {
		return d.bad("a second p line")
	}
	if word := d.word(); string(word) != "min" {
		return d.bad("the problem is %s: min is wanted", shown(word))
	}
	nodes, err := d.number("", 0, field{"the number of nodes", 0, most})
	if err != nil {
		return err
	}
	arcs, err := d.number("", 0, field{"the number of arcs", 0, most - nodes})
	if err != nil {
		return err
	}
	d.net = &Network{Nodes: int(nodes)}
	d.arcs = int(arcs)
	if arcs <= (d.size-d.bytes)/int64(shortest) {
		d.grow(d.arcs)
	}
	return d.end("", 0)
}

// node reads an n line.
func (d *reader) node() error {
	if d.net == nil {
		return d.bad("an n line before the p line")
	}
	count := len(d.supply) + 1
	node, err := d.number("supply", count, field{"node", 1, int64(d.net.Nodes)})
	if err != nil {
		return err
	}
	units, err := d.number("supply", count, field{"number of units", math.MinInt64, math.MaxInt64})
	if err != nil {
		return err
	}
	d.supply = append(d.supply, supply{units: units, line: d.line, node: int32(node - 1)})
	return d.end("supply", count)
}

// arc reads an a line.
func (d *reader) arc() error {
	n := d.net
	if n == nil {
		return d.bad("an a line before the p line")
	}
	count := len(n.Tail) + 1
	if count > d.arcs {
		return d.bad("arc %d: the p line says there are %d", count, d.arcs)
	}
	if len(n.Tail) == cap(n.Tail) {
		d.grow(min(d.arcs, max(1024, 2*len(n.Tail))))
	}
	nodes := int64(n.Nodes)
	tail, err := d.number("arc", count, field{"tail", 1, nodes})
	if err != nil {
		return err
	}
	head, err := d.number("arc", count, field{"head", 1, nodes})
	if err != nil {
		return err
	}
	low, err := d.number("arc", count, field{"lower bound", 0, math.MaxInt64})
	if err != nil {
		return err
	}
	up, err := d.number("arc", count, field{"capacity", -1, math.MaxInt64})
	if err != nil {
		return err
	}
	if up == -1 {
		up = NoBound
	}
	if low > up {
		return d.bad("arc %d: capacity %d is below the lower bound %d", count, up, low)
	}
	cost, err := d.number("arc", count, field{"cost", math.MinInt64, math.MaxInt64})
	if err != nil {
		return err
	}
	n.Tail, n.Head = append(n.Tail, int32(tail-1)), append(n.Head, int32(head-1))
	n.Lower, n.Upper, n.Cost = append(n.Lower, low), append(n.Upper, up), append(n.Cost, cost)
	return d.end("arc", count)
}

// grow makes room for so many arcs: one array after the other, so that little is held
// twice.
func (d *reader) grow(arcs int) {
	n := d.net
	n.Tail = append(make([]int32, 0, arcs), n.Tail...)
	n.Head = append(make([]int32, 0, arcs), n.Head...)
	n.Lower = append(make([]int64, 0, arcs), n.Lower...)
	n.Upper = append(make([]int64, 0, arcs), n.Upper...)
	n.Cost = append(make([]int64, 0, arcs), n.Cost...)
}

// finish makes the network when all lines are read.
func (d *reader) finish() (*Network, error) {
	n := d.net
	switch {
	case n == nil:
		return nil, d.bad("the file ends without a p line")
	case len(n.Tail) < d.arcs:
		return nil, d.bad("the file ends after %d arcs, but its p line says there are %d", len(n.Tail), d.arcs)
	case int64(n.Nodes) > d.bytes+1<<16:
		return nil, d.bad("the p line says there are %d nodes, far more than a file of %d bytes can speak of", n.Nodes, d.bytes)
	}
	n.Supply = make([]int64, n.Nodes)
	seen := make([]uint64, (n.Nodes+63)/64)
	for i, s := range d.supply {
		if seen[s.node>>6]&(1<<(s.node&63)) != 0 {
			d.line = s.line
			return nil, d.bad("supply %d: a second n line for node %d", i+1, s.node+1)
		}
		seen[s.node>>6] |= 1 << (s.node & 63)
		n.Supply[s.node] = s.units
	}
	return n, nil
}

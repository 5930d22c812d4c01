package mincost

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteDIMACS writes a network so that ReadDIMACS reads the same; an arc without upper
// bound has the capacity -1. Comments come first, each on lines of its own. The format has
// no negative lower bounds: a network that has any is an error.
func WriteDIMACS(w io.Writer, n *Network, comment ...string) error {
	if err := n.Validate(); err != nil {
		return err
	}
	for i, low := range n.Lower {
		if low < 0 {
			return fmt.Errorf("mincost: arc %d has the lower bound %d, which DIMACS files cannot have", i, low)
		}
	}
	to := newLines(w)
	for _, c := range comment {
		for line := range strings.Lines(c) {
			to.text("c ", strings.TrimRight(line, "\r\n"), "\n")
		}
	}
	to.line("p min", int64(n.Nodes), int64(len(n.Tail)))
	for v, b := range n.Supply {
		if b != 0 {
			to.line("n", int64(v)+1, b)
		}
	}
	for i, tail := range n.Tail {
		up := n.Upper[i]
		if up == NoBound {
			up = -1
		}
		to.line("a", int64(tail)+1, int64(n.Head[i])+1, n.Lower[i], up, n.Cost[i])
	}
	return to.flush()
}

// WriteDIMACS writes a solution of a network in the challenge's format: a line "s COST",
// then a line "f TAIL HEAD FLOW" for each arc that has a flow, in the order of arcs.
func (s *Solution) WriteDIMACS(w io.Writer, n *Network) error {
	if len(s.Flow) != len(n.Tail) || len(s.Flow) != len(n.Head) {
		return fmt.Errorf("mincost: a solution of %d arcs for a network of %d", len(s.Flow), len(n.Tail))
	}
	to := newLines(w)
	to.text("s ", s.Cost.String(), "\n")
	for i, x := range s.Flow {
		if x != 0 {
			to.line("f", int64(n.Tail[i])+1, int64(n.Head[i])+1, x)
		}
	}
	return to.flush()
}

// lines writes lines of numbers. The first error is kept until flush.
type lines struct {
	to  *bufio.Writer
	buf []byte
}

func newLines(w io.Writer) *lines { return &lines{to: bufio.NewWriterSize(w, 1<<16)} }

func (l *lines) line(word string, numbers ...int64) {
	l.buf = append(l.buf[:0], word...)
	for _, x := range numbers {
		l.buf = strconv.AppendInt(append(l.buf, ' '), x, 10)
	}
	l.to.Write(append(l.buf, '\n'))
}

func (l *lines) text(parts ...string) {
	for _, p := range parts {
		l.to.WriteString(p)
	}
}

func (l *lines) flush() error { return l.to.Flush() }

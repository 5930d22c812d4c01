package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress is a bar on standard error; nil, which does nothing, when that is no
// terminal.
type progress struct{ bar *progressbar.ProgressBar }

// progress starts a bar. inBytes shows amounts as KB and MB.
func (s *session) progress(what string, inBytes bool) *progress {
	if !isTerminal(s.err) {
		return nil
	}
	return &progress{progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(s.err), progressbar.OptionSetDescription(what),
		progressbar.OptionShowBytes(inBytes), progressbar.OptionShowCount(),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
	)}
}

// set shows how far the work is. The bar is only for looks: its errors are ignored.
func (p *progress) set(done, total int64) {
	if p == nil {
		return
	}
	if total > 0 && p.bar.GetMax64() != total {
		p.bar.ChangeMax64(total)
	}
	_ = p.bar.Set64(done)
}

// done takes the bar away.
func (p *progress) done() {
	if p != nil {
		_ = p.bar.Clear()
	}
}

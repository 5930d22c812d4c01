// Command talentmatch matches what enterprises need with what schools put out:
// one binary with an embedded store, a search index and a JSON API.
//
// What goes in: arguments, files of records (NDJSON, CSV, XLSX), and a data folder.
// What comes out: answers on standard output and nothing else there; progress,
// notes, counts and errors go to standard error. The exit status is 0 when the work
// is done, 1 when it failed (with the reason in one line), 2 for wrong usage.
//
// What is left out: every decision about matching, searching and reporting. Commands
// read flags, ask package market, and render the answer.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

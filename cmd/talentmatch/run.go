package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"talentmatch/talent"
)

// The exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// cli is every command. Flags that say where things are have an environment twin;
// flags that change an answer have none, so that a forgotten variable cannot.
type cli struct {
	Demo       demoCmd       `cmd:"" help:"Load one of the five alliances into a temporary store, answer its questions and serve it."`
	Serve      serveCmd      `cmd:"" help:"Serve the JSON API."`
	Import     importCmd     `cmd:"" help:"Import .ndjson, .csv and .xlsx files and folders with taxonomies, all or nothing."`
	Export     exportCmd     `cmd:"" help:"Write records as NDJSON, CSV or XLSX."`
	Match      matchCmd      `cmd:"" help:"Rank programs for a demand or demands for a program, with the reasons."`
	Search     searchCmd     `cmd:"" help:"Find records by text, in either language, and by filters."`
	Gaps       gapsCmd       `cmd:"" help:"Compare demand and supply by skill, occupation, region, education, year, industry and kind of employer."`
	Mismatch   mismatchCmd   `cmd:"" help:"Say with indices how differently demand and supply are spread, which cells make it so, and how that changes."`
	Causes     causesCmd     `cmd:"" help:"Say why openings stay unfilled: numbers, education, timing, skills, place or reservations, and what would help."`
	FutureGaps futureGapsCmd `cmd:"" help:"Compare the demand of the years to come with the pipeline of programs, without and with scenarios."`
	Replay     replayCmd     `cmd:"" help:"Make a kept report again and compare byte for byte."`
	Allocate   allocateCmd   `cmd:"" help:"Seat graduates at openings so that nothing is better, with the proof and the reasons; compare seatings; solve DIMACS files."`
	Align      alignCmd      `cmd:"" help:"Show how a program meets the demand: openings reached, what is missing, what nobody asks for."`
	Forecast   forecastCmd   `cmd:"" help:"Forecast series with intervals of 80 and 95 %, by some twenty methods that their own past weighs."`
	Backtest   backtestCmd   `cmd:"" help:"Score kept forecasts and gap reports, or forecasts as of an earlier date, against what came."`
	Link       linkCmd       `cmd:"" help:"Rank skills or occupations for free texts."`
	Extract    extractCmd    `cmd:"" help:"Find the skills that texts name, with level and need."`
	Eval       evalCmd       `cmd:"" help:"Measure a ranking against judgements: nDCG@10, MAP, MRR and others, as in trec_eval."`
	Skills     skillsCmd     `cmd:"" help:"Show which skills count for one where it is asked for, how much, and why."`
	Learn      learnCmd      `cmd:"" help:"Fit a ranking and its probabilities to outcomes or to judgements, and say whether it beats the defaults."`
	Bench      benchCmd      `cmd:"" help:"Make markets of any size, and measure matching on them."`
	Verify     verifyCmd     `cmd:"" help:"Compare the index with the store and the store with itself."`
	Key        keyCmd        `cmd:"" help:"Manage the API keys without which the server listens on loopback only."`
	Backup     backupCmd     `cmd:"" help:"Write a consistent copy of the store while it is in use."`
	Version    versionCmd    `cmd:"" help:"Print the versions of the software, of Go and of the built-in taxonomy."`
}

const description = `Match what enterprises need with what schools put out.

Standard output carries only data, everything else goes to standard error.
Exit status: 0 done, 1 the work failed, 2 wrong usage.`

// session is what a running command has: where it writes, and when it has to stop.
type session struct {
	ctx     context.Context
	out     *bufio.Writer // data only; flushed when the command ends
	err     io.Writer
	started time.Time
	help    string // the command line that explains the command
}

// run executes one command line and returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := &session{ctx: ctx, out: bufio.NewWriterSize(stdout, 1<<16), err: stderr, started: time.Now(), help: "talentmatch --help"}
	helped := false // kong prints help while it parses, and goes on
	parser, err := kong.New(&cli{},
		kong.Name("talentmatch"), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		return s.report(fmt.Errorf("command line: %w", err))
	}
	for _, command := range parser.Model.Children {
		if len(args) > 0 && args[0] == command.Name {
			s.help = "talentmatch " + command.Name + " --help"
		}
	}
	parsed, err := parser.Parse(args)
	if helped {
		return exitDone
	}
	if err != nil {
		return s.report(usage("%v", err))
	}
	err = parsed.Run(s)
	if flushed := s.out.Flush(); err == nil && flushed != nil {
		err = fmt.Errorf("standard output: %w", flushed)
	}
	return s.report(err)
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usage(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// asked marks a refusal of the question itself as wrong usage: where all input
// comes from flags, invalid input is an invalid flag.
func asked(err error) error {
	if errors.Is(err, talent.ErrInvalid) {
		return usageError{err}
	}
	return err
}

// quietError fails the command after everything has been said.
type quietError struct{ error }

// report says why a command failed, in one line, and returns the exit status.
func (s *session) report(err error) int {
	var wrong usageError
	var quiet quietError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		fmt.Fprintf(s.err, "talentmatch: %s (see %s)\n", oneLine(wrong.Error()), s.help)
		return exitUsage
	case errors.As(err, &quiet):
	case errors.Is(err, context.Canceled) && s.ctx.Err() != nil:
		fmt.Fprintln(s.err, "talentmatch: interrupted")
	default:
		fmt.Fprintf(s.err, "talentmatch: %s\n", oneLine(err.Error()))
	}
	return exitFailed
}

// oneLine joins the lines of a message.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
}

// note writes a line for people.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.err, format+"\n", args...)
}

// Command pace measures how fast Tocsin is and what it costs, beside the libraries one would otherwise use.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"

	"tocsin/bench/pace/measure"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "pace:", err)
		os.Exit(1)
	}
}

// options are the flags of all measurements.
type options struct {
	rounds    int
	messages  int
	documents int
	articles  int
	accounted int
	size      int
	profile   string
	rates     string
	hold      time.Duration
	soak      time.Duration
	rate      int
	feeds     int
	names     int
	share     int
	ner       string
	print     *measure.Printer
	progress  io.Writer
}

// measurement is one thing that can be measured.
type measurement struct {
	name, help string
	run        func(ctx context.Context, o options) error
}

// measurements are all there are, in the order in which they run.
var measurements = []measurement{
	{"bus", "messages/s published and consumed, beside nats.go", busRounds},
	{"sqlite", "documents/s into SQLite, beside Bleve", sqliteRounds},
	{"elastic", "documents/s into a real Elasticsearch, beside esutil.BulkIndexer", elasticRounds},
	{"alerts", "ms from publishing a raw article to hearing its alert, at several rates", alerts},
	{"stages", "articles/s through all three stages, and the processor time each takes", stages},
	{"cost", "what a million articles cost, growing with feeds, names and articles", cost},
	{"ledger", "articles/s that the ledger accounts for", ledgerRounds},
	{"soak", "memory of each process while articles come steadily for 10 minutes", soak},
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	o := options{print: &measure.Printer{Out: out}, progress: progress}
	f := flag.NewFlagSet("pace", flag.ContinueOnError)
	f.SetOutput(progress)
	f.Usage = func() { usage(f) }
	f.IntVar(&o.rounds, "rounds", 5, "how often each case is run; the median counts")
	f.IntVar(&o.messages, "messages", 20_000, "messages of each run of bus")
	f.IntVar(&o.documents, "documents", 20_000, "documents of each run of sqlite and elastic")
	f.IntVar(&o.articles, "articles", 10_000, "articles of each run of stages, and the fewest of cost")
	f.IntVar(&o.accounted, "accounted", 1_000_000, "articles of each run of ledger")
	f.IntVar(&o.size, "size", 4<<10, "bytes of text in an article, or of body in a message")
	f.StringVar(&o.rates, "rates", "50,150,300", "articles a second offered by alerts")
	f.DurationVar(&o.hold, "for", 20*time.Second, "how long alerts holds each rate, each round")
	f.DurationVar(&o.soak, "soak", 10*time.Minute, "how long soak goes on")
	f.IntVar(&o.rate, "rate", 150, "articles a second in soak")
	f.IntVar(&o.feeds, "feeds", 50, "feeds that are polled")
	f.IntVar(&o.names, "names", 1000, "watched names")
	f.IntVar(&o.share, "share", 1, "in alerts, one article in so many holds a watched name")
	f.StringVar(&o.ner, "ner", "none", "entity recogniser: none, crf or prose")
	f.BoolVar(&o.print.JSON, "json", false, "one JSON object a line")
	f.StringVar(&o.profile, "profile", "", "write a processor profile of this process to `FILE`")
	if err := f.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(f.Args())
	if err != nil {
		return err
	}
	stop, err := profile(o.profile)
	if err != nil {
		return err
	}
	defer stop()
	for _, m := range chosen {
		_, _ = fmt.Fprintf(progress, "%s: %s\n", m.name, m.help)
		if err := m.run(ctx, o); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

func usage(f *flag.FlagSet) {
	_, _ = fmt.Fprint(f.Output(), "Usage: pace [flags] [measurement…]\n\nWithout a name it measures all of these, one after the other:\n")
	for _, m := range measurements {
		_, _ = fmt.Fprintf(f.Output(), "  %-8s %s\n", m.name, m.help)
	}
	_, _ = fmt.Fprint(f.Output(), "\nCases that are compared run in turn, so that what else the machine does meets all of them; figures are\nmedians, and every one comes with the load average. Flags:\n")
	f.PrintDefaults()
}

// choose finds the measurements by name, all of them without any.
func choose(names []string) ([]measurement, error) {
	if len(names) == 0 {
		return measurements, nil
	}
	var chosen []measurement
	for _, name := range names {
		at := slices.IndexFunc(measurements, func(m measurement) bool { return m.name == name })
		if at < 0 {
			var known []string
			for _, m := range measurements {
				known = append(known, m.name)
			}
			return nil, fmt.Errorf("no measurement is called %q; there are %s (flags stand before the names)", name, strings.Join(known, ", "))
		}
		chosen = append(chosen, measurements[at])
	}
	return chosen, nil
}

// profile begins a processor profile where one is asked for.
func profile(path string) (stop func(), err error) {
	if path == "" {
		return func() {}, nil
	}
	f, err := os.Create(path) //nolint:gosec // a path the caller gave
	if err != nil {
		return nil, err
	}
	return func() { pprof.StopCPUProfile(); _ = f.Close() }, pprof.StartCPUProfile(f)
}

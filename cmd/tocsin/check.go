package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/alecthomas/kong"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/assembly/fetching"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/internal/operate/watchlint"
)

type checkCmd struct {
	fetching.ReachFlags
	Config     kong.ConfigFlag `help:"Configuration file to look over." placeholder:"FILE"`
	Feeds      []string        `help:"Feed list to look over." type:"existingfile"`
	Watchlists []string        `help:"Watchlist to look over." type:"existingfile"`
	Fetch      bool            `help:"Fetch every feed once." default:"true" negatable:""`
}

// finding is one thing that was looked at.
type finding struct {
	What    string `json:"what"`
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty"`
	// Hint is something to think about; it is not wrong.
	Hint string `json:"hint,omitempty"`
}

// checkup prints findings as they come and remembers whether any was bad.
type checkup struct {
	g   *globals
	bad int
}

func (c *checkup) report(what string, err error) {
	f := finding{What: what, OK: err == nil}
	text := "ok    " + what
	if err != nil {
		c.bad++
		f.Problem = err.Error()
		text = "WRONG " + what + ": " + err.Error()
	}
	_ = c.g.line(f, text) // a closed output ends the program by itself
}

// hint says what is not wrong and may still surprise.
func (c *checkup) hint(what, sentence string) {
	_ = c.g.line(finding{What: what, OK: true, Hint: sentence}, "hint  "+what+": "+sentence) // as above
}

// Run implements the command.
func (c *checkCmd) Run(ctx context.Context, g *globals) error {
	check := &checkup{g: g}
	urls := map[string]bool{}
	for _, path := range c.Feeds {
		check.report("feed list "+filepath.Base(path), checkFeedList(path, urls))
	}
	for _, path := range c.Watchlists {
		check.watchlist(path)
	}
	c.checkStreams(ctx, check, urls)
	c.checkIndex(ctx, check)
	if c.Fetch {
		c.checkFeeds(ctx, check, urls)
	}
	if check.bad > 0 {
		return fmt.Errorf("%d things are wrong", check.bad)
	}
	return nil
}

func checkFeedList(path string, urls map[string]bool) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	feeds, problems, err := fetching.ParseFeeds(filepath.Base(path), data)
	for _, p := range problems {
		err = errors.Join(err, fmt.Errorf("line %d: %s", p.Line, p.Sentence))
	}
	for _, f := range feeds {
		urls[f.URL] = true
	}
	return err
}

// watchlist reads a list as an extractor would, and looks for names that cannot work well.
func (c *checkup) watchlist(path string) {
	what := "watchlist " + filepath.Base(path)
	entries, err := entriesOf([]string{path})
	if err != nil {
		c.report(what, err)
		return
	}
	hints := 0
	for _, f := range watchlint.Check(entries, time.Now(), nil) {
		if f.Rule == watchlint.RuleUnwatchable {
			err = errors.Join(err, fmt.Errorf("%s.%s: %s", f.List, f.Entry, f.Sentence))
		} else if hints++; hints <= fewLines {
			c.hint(what, fmt.Sprintf("%s.%s: %s", f.List, f.Entry, f.Sentence))
		}
	}
	if hints > fewLines {
		c.hint(what, fmt.Sprintf("%d more; `tocsin watch lint` shows all", hints-fewLines))
	}
	c.report(what, err)
}

// checkStreams looks at NATS, and collects the feeds that are configured there.
func (c *checkCmd) checkStreams(ctx context.Context, check *checkup, urls map[string]bool) {
	b, closeBus, err := check.g.connect(ctx)
	check.report("nats", err)
	if err != nil {
		return
	}
	defer closeBus()
	check.report("streams and consumers", checkSetup(ctx, b))
	feeds, err := fetching.Feeds(ctx, b)
	if err == nil {
		var all []operate.OwnedFeed
		all, err = feeds.All(ctx)
		for _, f := range all {
			urls[f.URL] = true
		}
	}
	check.report("configured feeds", err)
	lists, err := extracting.Watchlists(ctx, b)
	if err == nil {
		_, err = lists.All(ctx)
	}
	check.report("configured watchlists", err)
}

// checkSetup says what is missing. Differences in size are the operator's business.
func checkSetup(ctx context.Context, b *bus.Bus) error {
	changes, err := b.Plan(ctx, bus.SetupOptions{})
	if err != nil {
		return err
	}
	for _, change := range changes {
		if change.Action == "create" {
			err = errors.Join(err, fmt.Errorf("%s %s is missing; run `tocsin setup`", change.Kind, change.Name))
		}
	}
	return err
}

func (c *checkCmd) checkIndex(ctx context.Context, check *checkup) {
	flags := check.g.index()
	log := slog.New(slog.DiscardHandler)
	if len(flags.Elastic) == 0 {
		if _, err := os.Stat(flags.SQLite); err != nil {
			check.report("index", fmt.Errorf("none at %s yet; it is made by the first `tocsin run`", flags.SQLite))
			return
		}
	}
	index, closeIndex, err := flags.Open(ctx, true, log)
	if err != nil {
		check.report("index", err)
		return
	}
	defer func() { _ = closeIndex() }() // read only: nothing to lose
	check.report("index", indexing.CheckIndex(ctx, index))
}

// checkFeeds fetches every feed, a few at a time.
func (c *checkCmd) checkFeeds(ctx context.Context, check *checkup, urls map[string]bool) {
	type result struct {
		url string
		err error
	}
	results := make(chan result)
	slots := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for url := range urls {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			_, err := fetching.TryFeed(ctx, url, c.ReachFlags)
			results <- result{url, err}
		})
	}
	go func() { wg.Wait(); close(results) }()
	for r := range results {
		check.report("feed "+r.url, r.err)
	}
}

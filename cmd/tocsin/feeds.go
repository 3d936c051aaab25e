package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"tocsin/internal/assembly/fetching"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feedlist"
)

type feedsCmd struct {
	List   feedsListCmd   `cmd:"" help:"Show the feeds, how each is doing, and when it is polled next."`
	Add    feedsAddCmd    `cmd:"" help:"Read a feed from now on."`
	Remove feedsRemoveCmd `cmd:"" help:"Stop reading a feed, named by id or address."`
	Check  feedsCheckCmd  `cmd:"" help:"Fetch a feed once and show what is in it; nothing is stored."`
	Import feedsImportCmd `cmd:"" help:"Add the feeds of a YAML or OPML list; the list owns them from then on."`
	Export feedsExportCmd `cmd:"" help:"Write the feeds as OPML or YAML."`
}

// withFeeds opens the list of feeds for one command.
func withFeeds(ctx context.Context, open func(context.Context) (*bus.Bus, func(), error), do func(*bus.Bus, *operate.Feeds) error) error {
	b, closeBus, err := open(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	feeds, err := fetching.Feeds(ctx, b)
	if err != nil {
		return err
	}
	return do(b, feeds)
}

type feedsListCmd struct{}

// Run implements the command.
func (feedsListCmd) Run(ctx context.Context, g *globals) error {
	return withFeeds(ctx, g.connect, func(b *bus.Bus, feeds *operate.Feeds) error {
		states, err := fetching.FeedStates(ctx, b, feeds)
		if err != nil {
			return err
		}
		for _, s := range states {
			if err := g.line(s, feedText(s)); err != nil {
				return err
			}
		}
		switch {
		case g.JSON:
			return nil
		case len(states) == 0:
			_, err = fmt.Fprintln(g.out, "No feeds yet. Add one with `tocsin feeds add URL`.")
			return err
		}
		return g.waiting(ctx, b)
	})
}

// unusual is how long a message waits on a pipeline that is not in trouble, at most.
const unusual = time.Minute

// waiting says what of the feeds' articles waits unusually long for a stage behind the fetcher.
func (g *globals) waiting(ctx context.Context, b *bus.Bus) error {
	for _, consumer := range []string{messages.ConsumerExtractor, messages.ConsumerIndexer} {
		l, err := b.Backlog(ctx, consumer)
		if err != nil {
			return err
		}
		if l.Oldest < unusual {
			continue
		}
		if _, err := fmt.Fprintf(g.out, "%d articles wait for the %s, the oldest for %s; its /readyz says why. Nothing is lost meanwhile.\n",
			l.Pending+uint64(l.AckPending), consumer, l.Oldest.Round(time.Second)); err != nil { //nolint:gosec // a count
			return err
		}
	}
	return nil
}

func feedText(s operate.FeedState) string {
	next := ""
	if !s.NextPoll.IsZero() {
		next = "; next poll " + s.NextPoll.Local().Format(time.DateTime)
	}
	return fmt.Sprintf("%s  %s\n    %s%s", s.ID, redacted(s.URL), s.Sentence, next)
}

// redacted is an address without its password.
func redacted(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Redacted()
}

type feedsAddCmd struct {
	URL     string        `arg:"" help:"Address of the feed."`
	ID      string        `name:"id" help:"Id to call it by; made from the address when empty."`
	Name    string        `help:"Name to show."`
	Source  string        `help:"Publisher, one word; the site's domain when empty."`
	Zone    string        `help:"Time zone of the publisher, such as Asia/Dushanbe."`
	Country string        `help:"Country of the publisher, such as TJ."`
	Every   time.Duration `help:"Poll at this interval instead of one that follows the feed."`
}

// Run implements the command.
func (c *feedsAddCmd) Run(ctx context.Context, g *globals) error {
	feed, err := fetcher.FromList(feedlist.Entry{
		URL: c.URL, ID: c.ID, Name: c.Name, Source: c.Source, Zone: c.Zone, Country: c.Country, Every: c.Every,
	})
	if err != nil {
		return err
	}
	return withFeeds(ctx, g.connectOrCreate, func(b *bus.Bus, feeds *operate.Feeds) error {
		if err := feeds.Add(ctx, feed); err != nil {
			return err
		}
		if err := b.Schedule(ctx, feed.ID, time.Now()); err != nil {
			return fmt.Errorf("feed %s is added, but its first poll could not be scheduled and waits for the fetcher's next look: %w", feed.ID, err)
		}
		return g.line(feed, "Reading "+feed.URL+" as "+feed.ID+".")
	})
}

type feedsRemoveCmd struct {
	Feed string `arg:"" help:"Id or address of the feed."`
}

// Run implements the command.
func (c *feedsRemoveCmd) Run(ctx context.Context, g *globals) error {
	return withFeeds(ctx, g.connect, func(b *bus.Bus, feeds *operate.Feeds) error {
		feed, err := feeds.Remove(ctx, c.Feed)
		if err != nil {
			return err
		}
		if err := b.Unschedule(ctx, feed.ID); err != nil {
			return fmt.Errorf("feed %s is removed; its pending poll could not be taken away and will find nothing to do: %w", feed.ID, err)
		}
		return g.line(feed, "No longer reading "+feed.URL+".")
	})
}

type feedsCheckCmd struct {
	fetching.ReachFlags
	URL string `arg:"" help:"Address of the feed."`
}

// Run implements the command.
func (c *feedsCheckCmd) Run(ctx context.Context, g *globals) error {
	preview, err := fetching.TryFeed(ctx, c.URL, c.ReachFlags)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n    %s, %d items, %d bytes", preview.Title, preview.Format, len(preview.Items), preview.Bytes)
	if err := g.line(preview, text); err != nil || g.JSON {
		return err
	}
	for _, item := range preview.Items {
		when := "no date"
		if !item.Published.IsZero() {
			when = item.Published.Format(time.DateTime)
		}
		if _, err := fmt.Fprintf(g.out, "    %-19s  %s\n    %19s  %s\n", when, item.Title, "", item.Link); err != nil {
			return err
		}
	}
	return nil
}

type feedsImportCmd struct {
	File string `arg:"" type:"existingfile" help:"YAML or OPML list."`
}

// Run implements the command.
func (c *feedsImportCmd) Run(ctx context.Context, g *globals) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	name := filepath.Base(c.File)
	list, problems, err := fetching.ParseFeeds(name, data)
	if err != nil {
		return err
	}
	for _, p := range problems {
		_, _ = fmt.Fprintf(g.errs, "%s:%d: %s\n", name, p.Line, p.Sentence) // a closed error output is no reason to stop
	}
	return withFeeds(ctx, g.connectOrCreate, func(_ *bus.Bus, feeds *operate.Feeds) error {
		feeds.OnProgress(g.progress("Written"))
		change, err := feeds.Import(ctx, name, list)
		if err != nil {
			return err
		}
		return g.line(change, fmt.Sprintf("%d feeds in %s: %d added, %d updated, %d removed, %d left alone (owned by somebody else, or removed by command).",
			len(list), name, len(change.Added), len(change.Updated), len(change.Removed), len(change.Kept)))
	})
}

type feedsExportCmd struct {
	Format string `help:"${enum}." enum:"opml,yaml" default:"opml"`
}

// Run implements the command.
func (c *feedsExportCmd) Run(ctx context.Context, g *globals) error {
	return withFeeds(ctx, g.connect, func(_ *bus.Bus, feeds *operate.Feeds) error {
		all, err := feeds.All(ctx)
		if err != nil {
			return err
		}
		var entries []feedlist.Entry
		for _, feed := range all {
			entries = append(entries, fetching.ListEntry(feed.Feed))
		}
		data, err := feedlist.OPML("Tocsin", entries)
		if c.Format == "yaml" {
			data, err = feedlist.YAML(entries)
		}
		if err != nil {
			return err
		}
		_, err = g.out.Write(data)
		return err
	})
}

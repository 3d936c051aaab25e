package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
)

type watchNearCmd struct {
	Follow bool   `short:"f" help:"Go on showing near misses as they come."`
	Since  span   `help:"How far back to begin; everything kept, some days, when 0." default:"0s"`
	List   string `help:"Only this watchlist."`
	Accept string `help:"Add what this near miss quotes to its entry, as an alias." placeholder:"ID"`
}

// Help teaches the command.
func (watchNearCmd) Help() string {
	return `  tocsin watch near --since 24h
  tocsin watch near --accept 0123456789abcdef     # it was him: watch that spelling too

A near miss is a match that stays a few bits below its threshold (see --near of tocsin run), or that something holds back.
It is never among the alerts, and is kept for some days. Accepting changes the entry, for articles from now on; to ring for
those of the past, follow with tocsin watch lookback.`
}

// Run implements the command.
func (c *watchNearCmd) Run(ctx context.Context, g *globals) error {
	if c.List != "" {
		if err := checkList(c.List); err != nil {
			return err
		}
	}
	if c.Accept != "" {
		return c.accept(ctx, g)
	}
	connect := g.connect
	if c.Follow {
		connect = g.connectToRunning
	}
	b, closeBus, err := connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	shown := 0
	err = b.Follow(ctx, c.selection(), func(d messages.Delivery) error {
		shown++
		return g.showNear(d)
	})
	if err == nil && !c.Follow && !g.JSON {
		closing := "Nothing almost rang."
		if shown > 0 {
			closing = "Was it him? Watch that spelling too with `tocsin watch near --accept ID`."
		}
		_, err = fmt.Fprintln(g.out, closing)
	}
	return err
}

func (c *watchNearCmd) selection() bus.FollowOptions {
	list := "*"
	if c.List != "" {
		list = c.List
	}
	return bus.FollowOptions{
		Stream: messages.StreamNear, Subjects: []string{messages.NearSubject(list, "*")}, Since: c.Since.before(time.Now()), Once: !c.Follow,
	}
}

func (g *globals) showNear(d messages.Delivery) error {
	n, err := messages.Decode[messages.NearMiss](d.Data)
	if err != nil {
		return g.line(map[string]string{"subject": d.Subject, "error": err.Error()}, d.Subject+": "+err.Error())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s (%s/%s)  %s  id %s", n.At.Local().Format(time.DateTime), n.Name, n.List, n.Entry, missing(n.Evidence, n.Held), n.ID)
	placeAndReasons(&b, n.Evidence, n.Article)
	return g.line(n, b.String())
}

// accept makes the words of a near miss an alias.
func (c *watchNearCmd) accept(ctx context.Context, g *globals) error {
	return withWatchlists(ctx, g.connect, func(b *bus.Bus, lists *operate.Watchlists) error {
		var found messages.NearMiss
		all := watchNearCmd{List: c.List}
		o := all.selection()
		err := b.Follow(ctx, o, func(d messages.Delivery) error {
			if n, err := messages.Decode[messages.NearMiss](d.Data); err == nil && n.ID == c.Accept {
				found = n
			}
			return nil
		})
		if err != nil {
			return err
		}
		if found.ID == "" {
			return fmt.Errorf("no near miss has the id %q; `tocsin watch near` shows those that are kept", c.Accept)
		}
		entry, rev, err := lists.AddAlias(ctx, found.List+"."+found.Entry, found.Quote.Text)
		if err != nil {
			return err
		}
		return g.awaitEdit(ctx, b, rev, entry, fmt.Sprintf("%q is now a spelling of %s.", found.Quote.Text, operate.EntryKey(entry)))
	})
}

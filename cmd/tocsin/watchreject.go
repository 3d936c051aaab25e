package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
)

type watchRejectCmd struct {
	Alert    string   `arg:"" optional:"" help:"Id of the alert, as tocsin alerts shows it."`
	Reason   string   `help:"Why; kept with the rejection."`
	Where    []string `help:"Also reject the same words wherever this phrase stands in the article, such as footballer. Repeatable." placeholder:"PHRASE" sep:"none"`
	Anywhere bool     `help:"Reject the same words in every article."`
	List     bool     `help:"Show the rejections there are."`
	Undo     bool     `help:"Take the rejection of this alert back."`
}

// Help teaches the command.
func (watchRejectCmd) Help() string {
	return `  tocsin watch reject 0123456789abcdef --reason "the footballer"
  tocsin watch reject 0123456789abcdef --where footballer --where striker
  tocsin watch reject --list
  tocsin watch reject 0123456789abcdef --undo

A rejection always covers the article, in every later revision, and its copies: articles with the same words in the same
sentence. --where and --anywhere widen it. Only the entry that rang is concerned; other entries ring as before.

The alert is withdrawn: an update of status withdrawn goes to alert-updates, once. Alerts on copies that rang before keep
their status. A search by watched name finds the article until a later revision replaces it.`
}

// rejectedNow is the answer as JSON.
type rejectedNow struct {
	messages.Rejection
	// Withdrawn says that those who follow updates were told now; they are told once.
	Withdrawn bool `json:"withdrawn,omitempty"`
	extracting.Arrival
}

// Run implements the command.
func (c *watchRejectCmd) Run(ctx context.Context, g *globals) error {
	if c.Alert == "" && !c.List {
		return errors.New("name an alert by its id, as `tocsin alerts` shows it, or give --list")
	}
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	all, last, err := extracting.Rejections(ctx, b)
	if err != nil {
		return err
	}
	switch {
	case c.List:
		return listRejections(ctx, g, all)
	case c.Undo:
		return c.undo(ctx, g, b, all, last)
	}
	a, err := findAlert(ctx, b, c.Alert)
	if err != nil {
		return err
	}
	r, rev, err := all.Reject(ctx, a, operate.RejectOptions{Reason: c.Reason, Where: c.Where, Anywhere: c.Anywhere})
	if err != nil {
		return err
	}
	told, err := extracting.Withdraw(ctx, b, a, time.Now)
	if err != nil {
		return fmt.Errorf("it is rejected, but the alert was not withdrawn; give the command again: %w", err)
	}
	text := fmt.Sprintf("%s.%s no longer rings for %q %s.", r.List, r.Entry, r.Words, reach(r))
	if told {
		text += " The alert is withdrawn."
	}
	return g.awaitRejected(ctx, b, rev, rejectedNow{Rejection: r, Withdrawn: told}, text)
}

func (c *watchRejectCmd) undo(ctx context.Context, g *globals, b *bus.Bus, all *operate.Rejections, last func(context.Context) (uint64, error)) error {
	r, err := all.Undo(ctx, c.Alert)
	if err != nil {
		return err
	}
	rev, err := last(ctx)
	if err != nil {
		return err
	}
	return g.awaitRejected(ctx, b, rev, rejectedNow{Rejection: r}, fmt.Sprintf("%s.%s may ring for %q again, in new articles and new revisions.", r.List, r.Entry, r.Words))
}

func (g *globals) awaitRejected(ctx context.Context, b *bus.Bus, rev uint64, r rejectedNow, text string) error {
	arrival, err := extracting.Await(ctx, b, func(f messages.InForce) bool { return f.Rejected >= rev }, extracting.Patience)
	if err != nil {
		return err
	}
	if len(arrival.Late) > 0 {
		_, _ = fmt.Fprintln(g.errs, "tocsin:", arrival.Sentence()) // nobody to tell otherwise
	}
	r.Arrival = arrival
	return g.line(r, text+" "+arrival.Sentence())
}

// reach says in words what a rejection covers.
func reach(r messages.Rejection) string {
	switch {
	case r.Anywhere:
		return "in any article"
	case len(r.Where) > 0:
		return "in that article, its copies, and wherever one of these stands: " + strings.Join(r.Where, ", ")
	}
	return "in that article and its copies"
}

func listRejections(ctx context.Context, g *globals, all *operate.Rejections) error {
	list, err := all.All(ctx)
	if err != nil {
		return err
	}
	for _, r := range list {
		why := ""
		if r.Reason != "" {
			why = ": " + r.Reason
		}
		text := fmt.Sprintf("%s  %s  %s.%s  %q %s%s", r.ID, r.At.Local().Format(time.DateTime), r.List, r.Entry, r.Words, reach(r), why)
		if err := g.line(r, text); err != nil {
			return err
		}
	}
	if len(list) == 0 && !g.JSON {
		_, err = fmt.Fprintln(g.out, "Nothing is rejected.")
	}
	return err
}

// findAlert reads the newest form of an alert that quotes something, by its id.
func findAlert(ctx context.Context, b *bus.Bus, id string) (a messages.Alert, err error) {
	var at []uint64
	err = b.Follow(ctx, bus.FollowOptions{Stream: messages.StreamAlerts, Once: true, HeadersOnly: true}, func(d messages.Delivery) error {
		if extracting.AlertOf(d) == id {
			at = append(at, d.Sequence)
		}
		return nil
	})
	if err != nil {
		return a, err
	}
	for _, sequence := range slices.Backward(at) {
		d, err := b.Message(ctx, messages.StreamAlerts, sequence)
		if err != nil {
			return a, err
		}
		if a, err = messages.Decode[messages.Alert](d.Data); err != nil {
			return a, fmt.Errorf("alert %s: %w", id, err)
		}
		if a.Quote.Text != "" {
			return a, nil
		}
	}
	if len(at) > 0 {
		return a, nil
	}
	return a, fmt.Errorf("no alert has the id %q; `tocsin alerts` shows the id of each", id)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/operate/deadletter"
)

type dlqCmd struct {
	List    dlqListCmd    `cmd:"" help:"Show what could not go on, and why."`
	Show    dlqShowCmd    `cmd:"" help:"Show one dead letter with its error, its history and its content."`
	Replay  dlqReplayCmd  `cmd:"" help:"Send dead letters back to where they came from, after what stopped them was mended."`
	Discard dlqDiscardCmd `cmd:"" help:"Give dead letters up for good; a record of each stays."`
}

// letterFlags select dead letters.
type letterFlags struct {
	Stage  string        `help:"Only of this stage: fetcher, extractor or indexer."`
	Reason string        `help:"Only for this reason, such as invalid or crash."`
	Feed   string        `help:"Only of this feed, by id."`
	Since  time.Duration `help:"Only those given up within this time, such as 24h."`
	Older  time.Duration `help:"Only those given up longer ago than this, such as 24h."`
}

func (f letterFlags) query() deadletter.Query {
	q := deadletter.Query{Stage: f.Stage, Reason: f.Reason, Feed: f.Feed}
	now := time.Now()
	if f.Since > 0 {
		q.Since = now.Add(-f.Since)
	}
	if f.Older > 0 {
		q.Before = now.Add(-f.Older)
	}
	return q
}

// chosenLetters are dead letters to do something to: named one by one, or selected.
type chosenLetters struct {
	letterFlags
	ID  []uint64 `arg:"" optional:"" help:"Ids, as list shows them."`
	All bool     `help:"All of them, when neither ids nor another selection is given."`
}

func (c chosenLetters) query() (deadletter.Query, error) {
	if len(c.ID) == 0 && !c.All && c.letterFlags == (letterFlags{}) {
		return deadletter.Query{}, errors.New("name dead letters by id, select them with --stage, --reason, --feed, --since or --older, or say --all")
	}
	q := c.letterFlags.query()
	q.IDs = c.ID
	return q, nil
}

// withLetters opens the dead letters for one command.
func (g *globals) withLetters(ctx context.Context, do func(*deadletter.Letters) error) error {
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	return do(accounting.DeadLetters(b))
}

type dlqListCmd struct {
	letterFlags
	Discarded bool `help:"Also show those given up for good."`
}

// Run implements the command.
func (c *dlqListCmd) Run(ctx context.Context, g *globals) error {
	return g.withLetters(ctx, func(letters *deadletter.Letters) error {
		q := c.query()
		q.Discarded = c.Discarded
		all, err := letters.List(ctx, q)
		if err != nil {
			return err
		}
		for _, l := range all {
			if err := g.line(l, letterText(l)); err != nil {
				return err
			}
		}
		if len(all) == 0 && !g.JSON {
			_, err = fmt.Fprintln(g.out, "No dead letters.")
		}
		return err
	})
}

// letterText is a dead letter in two lines.
func letterText(l deadletter.Letter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d  %s  %s.%s", l.ID, l.At.Local().Format(time.DateTime), l.Stage, l.Reason)
	if l.Article != "" {
		fmt.Fprintf(&b, "  article %s revision %d", l.Article, l.Revision)
	}
	if l.Feed != "" {
		fmt.Fprintf(&b, " of feed %s", l.Feed)
	}
	if l.Replayed > 0 {
		fmt.Fprintf(&b, ", replayed %d times", l.Replayed)
	}
	if !l.Discarded.IsZero() {
		fmt.Fprintf(&b, ", discarded: %s", l.Note)
	}
	fmt.Fprintf(&b, "\n    %s", l.Error)
	return b.String()
}

type dlqShowCmd struct {
	ID uint64 `arg:"" help:"Id, as list shows it."`
}

// Run implements the command.
func (c *dlqShowCmd) Run(ctx context.Context, g *globals) error {
	return g.withLetters(ctx, func(letters *deadletter.Letters) error {
		letter, body, err := letters.Open(ctx, c.ID)
		if err != nil {
			return err
		}
		text := deadletter.Readable(body)
		return g.line(struct {
			deadletter.Letter
			Body string `json:"body"`
		}{letter, text}, wholeLetter(letter, text))
	})
}

func wholeLetter(l deadletter.Letter, body string) string {
	var b strings.Builder
	b.WriteString(letterText(l))
	if l.Subject != "" {
		fmt.Fprintf(&b, "\n    from %s, message %d of stream %s, delivered %d times", l.Subject, l.Sequence, l.Stream, l.Delivered)
	}
	for _, past := range l.History {
		fmt.Fprintf(&b, "\n    before: %s", past)
	}
	if body == "" {
		body = "(no body)"
	}
	fmt.Fprintf(&b, "\n\n%s", body)
	return b.String()
}

type dlqReplayCmd struct{ chosenLetters }

// Run implements the command.
func (c *dlqReplayCmd) Run(ctx context.Context, g *globals) error {
	var left []deadletter.Left
	replayed := 0
	err := c.do(ctx, g, "Replayed", func(letters *deadletter.Letters, chosen []deadletter.Letter, tell deadletter.Progress) (err error) {
		left, err = letters.Replay(ctx, chosen, tell)
		replayed = len(chosen) - len(left)
		return err
	})
	switch {
	case err != nil:
		return err
	case len(left) > 0 && len(c.ID) > 0:
		return fmt.Errorf("replayed %d dead letters; %d of those named cannot be: %s", replayed, len(left), whyLeft(left))
	case len(left) > 0:
		return g.line(map[string]int{"replayed": replayed, "left": len(left)},
			fmt.Sprintf("Replayed %d dead letters. %d cannot be: %s.", replayed, len(left), whyLeft(left)))
	}
	return g.line(map[string]int{"replayed": replayed}, fmt.Sprintf("Replayed %d dead letters.", replayed))
}

// whyLeft says why letters cannot be replayed, each reason once with how many it holds for.
func whyLeft(left []deadletter.Left) string {
	count := map[string]int{}
	for _, l := range left {
		count[l.Why.Error()]++
	}
	var all []string
	for _, why := range slices.Sorted(maps.Keys(count)) {
		all = append(all, fmt.Sprintf("%d: %s", count[why], why))
	}
	return strings.Join(all, "; ")
}

type dlqDiscardCmd struct {
	chosenLetters
	Note string `help:"Why; the record keeps it." required:""`
}

// Run implements the command.
func (c *dlqDiscardCmd) Run(ctx context.Context, g *globals) error {
	discarded := 0
	err := c.do(ctx, g, "Discarded", func(letters *deadletter.Letters, chosen []deadletter.Letter, tell deadletter.Progress) error {
		discarded = len(chosen)
		return letters.Discard(ctx, chosen, c.Note, tell)
	})
	if err != nil {
		return err
	}
	return g.line(map[string]int{"discarded": discarded}, fmt.Sprintf("Discarded %d dead letters.", discarded))
}

// do finds the letters, works on them, and says so while it takes long.
func (c chosenLetters) do(ctx context.Context, g *globals, done string, work func(*deadletter.Letters, []deadletter.Letter, deadletter.Progress) error) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	return g.withLetters(ctx, func(letters *deadletter.Letters) error {
		chosen, err := letters.List(ctx, q)
		if err != nil {
			return err
		}
		if want := len(c.ID); want > len(chosen) {
			return fmt.Errorf("%d of the %d dead letters named are not there, or not selected by the other flags; `tocsin dlq list` shows those there are", want-len(chosen), want)
		}
		return work(letters, chosen, g.progress(done))
	})
}

// progress says on stderr, every second, how far a long work has come.
func (g *globals) progress(done string) deadletter.Progress {
	said := time.Now()
	return func(n, of int) {
		if now := time.Now(); now.Sub(said) >= time.Second {
			said = now
			_, _ = fmt.Fprintf(g.errs, "%s %d of %d\n", done, n, of) // nobody to tell otherwise
		}
	}
}

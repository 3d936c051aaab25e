package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/operate/ledger"
)

type ledgerCmd struct {
	Feed  string        `help:"Only this feed, by id."`
	Since time.Duration `help:"How far back to begin, such as 24h; everything kept when 0." default:"0"`
}

// Run implements the command.
func (c *ledgerCmd) Run(ctx context.Context, g *globals) error {
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	index, closeIndex, err := g.openIndex(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = closeIndex() }() // read only: nothing to lose
	books, err := accounting.Ledger(ctx, b, index)
	if err != nil {
		return err
	}
	q := ledger.Query{Feed: c.Feed}
	if c.Since > 0 {
		q.Since = time.Now().Add(-c.Since)
	}
	account, err := books.Look(ctx, q)
	if err != nil {
		return err
	}
	if g.JSON {
		return g.line(account, "")
	}
	return printAccount(g.out, account)
}

// printAccount is the balance per feed and hour, the sum, and every id behind a difference.
func printAccount(w io.Writer, a ledger.Account) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, err := fmt.Fprintln(t, "feed\thour\tseen\tpublished\tknown\tduplicate\tfiltered\tindexed\tquarantined\tpending\tdifference\t")
	for _, row := range a.Rows {
		hour := row.Hour.Local().Format("2006-01-02 15:04")
		if row.Closed {
			hour += " closed"
		}
		err = errors.Join(err, printBalance(t, row.Feed, hour, row.Balance))
	}
	err = errors.Join(err, printBalance(t, "all", "", a.Balance), t.Flush())
	if err != nil {
		return err
	}
	if a.Unverified != "" {
		if _, err := fmt.Fprintf(w, "The index cannot be asked (%s): what the indexer acknowledged counts as indexed.\n", a.Unverified); err != nil {
			return err
		}
	}
	if err := printFindings(w, fmt.Sprintf("Behind the difference of %d:", a.Difference), a.Behind); err != nil {
		return err
	}
	return printFindings(w, "In balance, but odd:", a.Odd)
}

func printBalance(w io.Writer, feed, hour string, b ledger.Balance) error {
	_, err := fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t\n", feed, hour,
		b.Seen, b.Published, b.Known, b.Duplicate, b.Filtered, b.Indexed, b.Quarantined, b.Pending, b.Difference)
	return err
}

func printFindings(w io.Writer, title string, all []ledger.Finding) error {
	if len(all) == 0 {
		return nil
	}
	if _, err := fmt.Fprintln(w, title); err != nil {
		return err
	}
	for _, f := range all {
		id := fmt.Sprintf("%s revision %d", f.Article, f.Revision)
		if f.Revision == 0 {
			id = "item " + f.Key
		}
		if _, err := fmt.Fprintf(w, "  %s of feed %s, seen %s: %s.\n", id, f.Feed, f.Seen.Local().Format(time.DateTime), f.Sentence); err != nil {
			return err
		}
	}
	return nil
}

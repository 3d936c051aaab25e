package main

import (
	"context"
	"fmt"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/dates"
)

type datesCmd struct {
	Text string `arg:"" optional:"" help:"The text; read from standard input when left out."`
	Ref  string `help:"Publication date that relative words are counted from, such as 2015-05-29; none when empty." placeholder:"DAY"`
	Mode string `help:"How relative words are resolved: ${enum}." enum:"auto,news,narrative" default:"auto"`
	Lang string `help:"Language, such as en." default:"en"`
}

// Run implements the command.
func (c *datesCmd) Run(_ context.Context, g *globals) error {
	text, err := textOrInput(c.Text)
	if err != nil {
		return err
	}
	var ref time.Time
	if c.Ref != "" {
		if ref, err = time.Parse(time.DateOnly, c.Ref); err != nil {
			return fmt.Errorf("--ref %q is no day; write it as 2015-05-29", c.Ref)
		}
	}
	modes := map[string]dates.Mode{"auto": dates.Auto, "news": dates.News, "narrative": dates.Narrative}
	found := extractor.Dates(dates.Find(text, ref, dates.Options{Mode: modes[c.Mode], Lang: c.Lang}), text)
	for _, d := range found {
		if err := g.line(d, dateText(d)); err != nil {
			return err
		}
	}
	if len(found) == 0 && !g.JSON {
		_, err = fmt.Fprintln(g.out, "No dates found.")
	}
	return err
}

func dateText(d messages.Date) string {
	interval := "no interval"
	from, to := d.From, d.To
	if d.Range != nil {
		from, to = d.Range.From, d.Range.To
	}
	if !from.IsZero() || !to.IsZero() {
		interval = end(from) + " to " + end(to)
	}
	return fmt.Sprintf("%-28q %-8s %-14s %s", d.Text, d.Type, d.Value, interval)
}

func end(t time.Time) string {
	switch {
	case t.IsZero():
		return "…"
	case t.Hour() == 0 && t.Minute() == 0:
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04")
}

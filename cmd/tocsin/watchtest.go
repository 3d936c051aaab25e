package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tocsin/internal/assembly/extracting"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/watch"
)

type watchTestCmd struct {
	Text    string  `arg:"" optional:"" help:"The text, or with --archive the name; a text is read from standard input when left out."`
	Near    float64 `help:"Also show what misses its threshold by up to this many bits." default:"3"`
	Archive bool    `help:"The argument is a name, watched or not: show where it would have rung in what was published. Nothing rings."`
	Since   span    `help:"With --archive: how far back." default:"30d"`
	List    string  `help:"With --archive: the list whose threshold an unlisted name has to reach." default:"default"`
}

// Help teaches the command.
func (watchTestCmd) Help() string {
	return `  tocsin watch test "The court heard Asgar Nemati on Friday."
  tocsin watch test < article.txt
  tocsin watch test --archive "Asgar Nemati" --since 30d

The first two show what of all watched names would ring in a text, and what almost would. The last shows where one name
would have rung in the articles of NATS and the index, before anyone trusts it.`
}

// tested is one line of the answer as JSON.
type tested struct {
	messages.Watched
	Rings bool   `json:"rings"`
	Held  string `json:"held,omitempty"`
	// Article is where it stands, with --archive.
	Article *messages.AlertArticle `json:"article,omitempty"`
}

// Run implements the command.
func (c *watchTestCmd) Run(ctx context.Context, g *globals) error {
	if c.Archive {
		return c.archive(ctx, g)
	}
	text, err := textOrInput(c.Text)
	if err != nil {
		return err
	}
	return withWatchlists(ctx, g.connect, func(_ *bus.Bus, lists *operate.Watchlists) error {
		all, err := lists.All(ctx)
		if err != nil {
			return err
		}
		index, _ := watch.Compile(operate.Entries(all), watch.Options{})
		rings, near := index.Search(watch.Doc{Text: text, Now: time.Now()}, max(c.Near, 0))
		for _, m := range extractor.Watched(rings, text) {
			if err := g.line(tested{Watched: m, Rings: true}, matchText(m)); err != nil {
				return err
			}
		}
		if len(rings) == 0 && !g.JSON {
			if _, err := fmt.Fprintf(g.out, "Nothing would ring; %d names are watched.\n", len(all)); err != nil {
				return err
			}
		}
		for i, m := range extractor.Watched(near, text) {
			if err := g.line(tested{Watched: m, Held: near[i].Held}, nearText(m, near[i].Held)); err != nil {
				return err
			}
		}
		return nil
	})
}

// matchText says what would ring and why.
func matchText(w messages.Watched) string {
	return fmt.Sprintf("%s.%s  %s: %q rings as %s\n    why: %s", w.List, w.Entry, w.Name, w.Quote.Text, w.Tier, reasons(w.Evidence))
}

// nearText says what almost rings, and what is missing.
func nearText(w messages.Watched, held string) string {
	return fmt.Sprintf("%s.%s  %s: %q almost rings: %s\n    why: %s", w.List, w.Entry, w.Name, w.Quote.Text, missing(w.Evidence, held), reasons(w.Evidence))
}

// missing says what keeps a near miss from ringing.
func missing(e messages.Evidence, held string) string {
	if held != "" {
		return held
	}
	return fmt.Sprintf("%.1f bits short", e.Threshold-e.Bits)
}

// archive shows where a name would have rung.
func (c *watchTestCmd) archive(ctx context.Context, g *globals) error {
	if strings.TrimSpace(c.Text) == "" {
		return errors.New("give the name to look for, such as tocsin watch test --archive \"Given Family\"")
	}
	return withWatchlists(ctx, g.connect, func(b *bus.Bus, lists *operate.Watchlists) error {
		entry, _, err := findOrCompose(ctx, lists, c.Text, c.List)
		if err != nil {
			return err
		}
		o := extracting.LookBackOptions{
			Entry: entry, Since: c.Since.before(time.Now()), Quiet: true, NearWithin: max(c.Near, 0),
			Found: func(rings []messages.Watched, near []messages.NearMiss, a messages.EnrichedArticle) error {
				return g.showPast(rings, near, a)
			},
		}
		progress, err := g.pastOf(ctx, b, o)
		if err != nil || g.JSON {
			return err
		}
		_, err = fmt.Fprintf(g.out, "%s would have rung in %d articles of %d, and almost in %d.%s\n",
			entry.Names[0].Text, progress.Rang, progress.Read, progress.Near, beyond(progress))
		return err
	})
}

// showPast shows an article in which a name would have rung, or almost.
func (g *globals) showPast(rings []messages.Watched, near []messages.NearMiss, a messages.EnrichedArticle) error {
	in := messages.AlertArticle{ID: a.ID, Revision: a.Revision, URL: a.URL, Title: a.Title, Source: a.Source, Published: a.Published.From}
	where := fmt.Sprintf("\n    in %q, %s %s %s", a.Title, a.Source, a.FirstSeen.Format(time.DateOnly), a.URL)
	for _, m := range rings {
		if err := g.line(tested{Watched: m, Rings: true, Article: &in}, matchText(m)+where); err != nil {
			return err
		}
	}
	for _, n := range near {
		m := messages.Watched{List: n.List, Entry: n.Entry, Name: n.Name, Evidence: n.Evidence}
		if err := g.line(tested{Watched: m, Held: n.Held, Article: &in}, nearText(m, n.Held)+where); err != nil {
			return err
		}
	}
	return nil
}

// findOrCompose is the entry that a list has under this key, id or spelling, else one made of the name for the
// occasion. listed tells them apart.
func findOrCompose(ctx context.Context, lists *operate.Watchlists, name, list string) (entry watch.Entry, listed bool, err error) {
	all, err := lists.All(ctx)
	if err != nil {
		return entry, false, err
	}
	for _, e := range all {
		if operate.EntryKey(e.Entry) == name || e.ID == name {
			return e.Entry, true, nil
		}
	}
	for _, e := range all {
		for _, n := range e.Names {
			if strings.EqualFold(n.Text, strings.TrimSpace(name)) {
				return e.Entry, true, nil
			}
		}
	}
	entry = watch.Entry{List: list, Names: []watch.Name{{Text: name}}}.WithIdentity()
	return entry, false, nil
}

// textOrInput is the argument, or all of standard input when there is none.
func textOrInput(text string) (string, error) {
	if text != "" {
		return text, nil
	}
	data, err := io.ReadAll(io.LimitReader(os.Stdin, 16<<20))
	return string(data), err
}

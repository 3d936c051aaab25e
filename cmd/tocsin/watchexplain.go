package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/watch"
)

type watchExplainCmd struct {
	Name    string   `arg:"" help:"LIST.ID, an id, a listed spelling, or any other name."`
	Text    string   `arg:"" optional:"" help:"The text; read from standard input when left out."`
	List    string   `help:"The list whose threshold an unlisted name has to reach." default:"default"`
	Country []string `help:"Country an unlisted name belongs to, such as TJ."`
}

// Help teaches the command.
func (watchExplainCmd) Help() string {
	return `  tocsin watch explain "Asgar Nemati" "The court heard Asghar Nemati on Friday."
  tocsin watch explain desk.nemati < article.txt

Every contribution is shown in bits: one bit more means that the words are twice as likely to name him as somebody else.
A name rings when the sum reaches the threshold of its list, which grows with the list, and nothing holds it back.`
}

// explained is the answer as JSON.
type explained struct {
	messages.Watched
	Listed bool   `json:"listed"`
	Rings  bool   `json:"rings"`
	Why    string `json:"why"`
	// Alias is the listed spelling that met the text; empty when none did.
	Alias   string    `json:"alias,omitempty"`
	Nearest []nearest `json:"nearest"`
}

// nearest is a part of the name and the word of the text that is most like it.
type nearest struct {
	Watched string  `json:"watched"`
	Word    string  `json:"word"`
	Start   int     `json:"start"`
	End     int     `json:"end"`
	Similar float64 `json:"similar"`
	Rule    string  `json:"rule"`
}

// Run implements the command.
func (c *watchExplainCmd) Run(ctx context.Context, g *globals) error {
	if strings.TrimSpace(c.Name) == "" {
		return errors.New("give the name to explain")
	}
	text, err := textOrInput(c.Text)
	if err != nil {
		return err
	}
	return withWatchlists(ctx, g.connectOrCreate, func(_ *bus.Bus, lists *operate.Watchlists) error {
		entry, listed, err := findOrCompose(ctx, lists, c.Name, c.List)
		if err != nil {
			return err
		}
		if !listed {
			entry.Countries = c.Country
		}
		all, err := lists.All(ctx)
		if err != nil {
			return err
		}
		index, _ := watch.Compile(operate.Entries(all), watch.Options{})
		e := explain(index, entry, text)
		e.Listed = listed
		return g.line(e, explainText(e))
	})
}

func explain(index *watch.Index, entry watch.Entry, text string) explained {
	x := index.Explain(entry, watch.Doc{Text: text, Now: time.Now()})
	e := explained{Rings: x.Rings, Why: x.Why, Alias: x.Match.Alias, Nearest: []nearest{}}
	e.Watched = messages.Watched{List: entry.List, Entry: entry.ID, Name: entry.Names[0].Text}
	if x.Match.Entry != "" {
		e.Watched = extractor.Watched([]watch.Match{x.Match}, text)[0]
	}
	for _, n := range x.Nearest {
		e.Nearest = append(e.Nearest, nearest{n.Watched, n.Word, n.At.Start, n.At.End, n.Similar, n.Rule})
	}
	return e
}

// explainText shows the sum line by line.
func explainText(e explained) string {
	var b strings.Builder
	verdict := "does not ring"
	if e.Rings {
		verdict = "rings as " + e.Tier
	}
	fmt.Fprintf(&b, "%s.%s  %s %s: %s.", e.List, e.Entry, e.Name, verdict, e.Why)
	if !e.Listed {
		b.WriteString("\n    It is not listed; this is what it would do.")
	}
	if e.Alias == "" {
		explainNearest(&b, e.Nearest)
		return b.String()
	}
	fmt.Fprintf(&b, "\n    %q met the spelling %q, likeness %.2f", e.Quote.Text, e.Alias, e.Score)
	for _, p := range e.Parts {
		fmt.Fprintf(&b, "\n    %+7.1f  %s = %s by %s", p.Bits, p.Word, p.Watched, p.Rule)
	}
	for _, c := range append(e.Context[:len(e.Context):len(e.Context)], e.Penalties...) {
		fmt.Fprintf(&b, "\n    %+7.1f  %s %s", c.Bits, c.Rule, c.Text)
	}
	fmt.Fprintf(&b, "\n    %7.1f  bits, of %.1f needed", e.Bits, e.Threshold)
	if !e.Rings {
		explainNearest(&b, e.Nearest)
	}
	return b.String()
}

func explainNearest(b *strings.Builder, words []nearest) {
	for _, n := range words {
		fmt.Fprintf(b, "\n    most like %s: %s (%.2f, %s)", n.Watched, n.Word, n.Similar, n.Rule)
	}
}

package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"tocsin/internal/assembly/extracting"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
)

type entitiesCmd struct {
	Text string `arg:"" optional:"" help:"The text; read from standard input when left out."`
	NER  string `name:"ner" help:"Entity recogniser: ${enum}." enum:"crf,prose" default:"crf"`
	Lang string `help:"Language of the text, such as en; what is not English gets a note and no entities." default:"en"`
}

// Help is shown below the command's flags.
func (c *entitiesCmd) Help() string {
	return "A terminal shows the text first, people green, organisations blue, places yellow; set NO_COLOR to leave that out. " +
		"Each entity then has a line: kind, fullest form, number of mentions, and the key that facets count. --json gives one object a line with the byte offsets of all mentions."
}

// Run implements the command.
func (c *entitiesCmd) Run(_ context.Context, g *globals) error {
	text, err := textOrInput(c.Text)
	if err != nil {
		return err
	}
	engine, err := extracting.OpenRecognizer(c.NER)
	if err != nil {
		return err
	}
	found, note := engine.Find(text, c.Lang)
	if note != "" {
		_, _ = fmt.Fprintln(g.errs, note) // a closed error output is no reason to stop
	}
	entities := extractor.Entities(found, text)
	if out, ok := g.out.(*os.File); ok && !g.JSON && term.IsTerminal(int(out.Fd())) && os.Getenv("NO_COLOR") == "" {
		if _, err := fmt.Fprintln(g.out, coloured(text, entities)); err != nil {
			return err
		}
	}
	for _, e := range entities {
		if err := g.line(e, fmt.Sprintf("%-12s  %s  (%d×)  %s", e.Kind, e.Canonical, len(e.Mentions), e.Key)); err != nil {
			return err
		}
	}
	if len(entities) == 0 && !g.JSON {
		_, err = fmt.Fprintln(g.out, "No people, organisations or places found.")
	}
	return err
}

// coloured is the text with its entities marked for a terminal: people green, organisations blue, places yellow.
func coloured(text string, entities []messages.Entity) string {
	colour := map[string]string{messages.KindPerson: "32", messages.KindOrganization: "34", messages.KindPlace: "33"}
	type mark struct {
		messages.Span
		colour string
	}
	var marks []mark
	for _, e := range entities {
		for _, m := range e.Mentions {
			marks = append(marks, mark{m, colour[e.Kind]})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int { return a.Start - b.Start })
	var b strings.Builder
	end := 0
	for _, m := range marks {
		if m.Start < end {
			continue
		}
		fmt.Fprintf(&b, "%s\x1b[%sm%s\x1b[0m", text[end:m.Start], m.colour, text[m.Start:m.End])
		end = m.End
	}
	b.WriteString(text[end:])
	return b.String()
}

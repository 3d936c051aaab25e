package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/services/indexer"
)

type searchCmd struct {
	Words        []string `arg:"" optional:"" help:"Words to find: all of them, \"a phrase\", one OR other, -without, begin*."`
	Person       []string `help:"Articles that mention this person."`
	Organization []string `help:"Articles that mention this organisation."`
	Place        []string `help:"Articles that mention this place."`
	Source       []string `help:"Articles of this source."`
	Lang         []string `help:"Articles in this language, such as en."`
	Watched      []string `help:"Articles in which this watch entry rang, as LIST.ENTRY."`
	Group        []string `help:"Near-copies of one text, by the group that --json shows of a hit."`
	Published    string   `help:"Published then: a day, month or year, or FROM..TO, both included." placeholder:"WHEN"`
	Mentions     string   `help:"Speaking of that time, such as 2015-04 or 2015-04..2015-05." placeholder:"WHEN"`
	Relation     string   `help:"How a date in the text stands to --mentions: ${enum}." enum:"intersects,within,contains" default:"intersects"`
	WideDates    bool     `help:"Let vague dates and those of a decade or more count for --mentions too."`
	Best         bool     `help:"Best match first instead of newest."`
	Limit        int      `help:"Most hits to show." default:"20"`
	Cursor       string   `help:"Go on after an earlier page."`
	Facets       bool     `help:"Show what the articles are about instead of the articles."`
	Timeline     string   `help:"Count by published or mentioned time instead of showing articles." enum:",published,mentioned" default:""`
	Step         string   `help:"Width of a timeline step: day, week, month or year." default:"month"`
}

// Run implements the command.
func (c *searchCmd) Run(ctx context.Context, g *globals) error {
	q, err := c.query()
	if err != nil {
		return err
	}
	reader, closeIndex, err := g.openIndex(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = closeIndex() }() // read only: nothing to lose
	switch {
	case c.Facets:
		return c.facets(ctx, g, reader, q)
	case c.Timeline != "":
		return c.timeline(ctx, g, reader, q)
	}
	return c.hits(ctx, g, reader, q)
}

func (c *searchCmd) query() (indexer.Query, error) {
	q := indexer.Query{
		Text: strings.Join(c.Words, " "), Persons: c.Person, Organizations: c.Organization, Places: c.Place,
		Sources: c.Source, Langs: c.Lang, Watch: c.Watched, Groups: c.Group, Limit: c.Limit, Cursor: c.Cursor,
		Relation: c.Relation, WideDates: c.WideDates,
	}
	if c.Best {
		q.Sort = indexer.SortRelevance
	}
	var err error
	if q.PublishedFrom, q.PublishedTo, err = period(c.Published); err != nil {
		return q, fmt.Errorf("--published: %w", err)
	}
	if q.MentionedFrom, q.MentionedTo, err = period(c.Mentions); err != nil {
		return q, fmt.Errorf("--mentions: %w", err)
	}
	return q.WithDefaults()
}

// period reads a day, month or year, or FROM..TO of them, both included, as a half-open interval. Either side of .. may
// be left out.
func period(s string) (from, to time.Time, err error) {
	if s == "" {
		return from, to, nil
	}
	first, last, isRange := strings.Cut(s, "..")
	if !isRange {
		return unit(first)
	}
	if first != "" {
		if from, _, err = unit(first); err != nil {
			return from, to, err
		}
	}
	if last != "" {
		_, to, err = unit(last)
	}
	return from, to, err
}

func unit(s string) (from, to time.Time, err error) {
	for _, u := range []struct {
		layout              string
		years, months, days int
	}{{time.DateOnly, 0, 0, 1}, {"2006-01", 0, 1, 0}, {"2006", 1, 0, 0}} {
		if from, err = time.Parse(u.layout, s); err == nil {
			return from, from.AddDate(u.years, u.months, u.days), nil
		}
	}
	return from, to, fmt.Errorf("%q is no day, month or year; write 2015-04-23, 2015-04 or 2015, or two of them as FROM..TO", s)
}

func (c *searchCmd) hits(ctx context.Context, g *globals, r indexer.Reader, q indexer.Query) error {
	page, err := r.Search(ctx, q)
	if err != nil {
		return err
	}
	for _, hit := range page.Hits {
		if err := g.line(hit, hitText(hit)); err != nil {
			return err
		}
	}
	if g.JSON {
		return g.line(pageEnd{page.Total, page.Next}, "")
	}
	_, err = fmt.Fprintf(g.out, "%d of %d articles", len(page.Hits), page.Total)
	if page.Next != "" && err == nil {
		_, err = fmt.Fprintf(g.out, "; more with --cursor %s", page.Next)
	}
	if err == nil {
		_, err = fmt.Fprintln(g.out)
	}
	return err
}

// pageEnd is the last line of a page as JSON.
type pageEnd struct {
	// Total counts all articles of the question; Next continues after this page, empty at the end.
	Total int    `json:"total"`
	Next  string `json:"next"`
}

func hitText(h indexer.Hit) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s  [%s]\n    %s", h.At.Format(time.DateOnly), h.Title, h.Source, h.URL)
	if s := strings.Join(strings.Fields(h.Snippet.Text), " "); s != "" {
		fmt.Fprintf(&b, "\n    %s", s)
	}
	about := slices.Concat(h.Persons, h.Organizations, h.Places)
	if len(about) > 0 {
		fmt.Fprintf(&b, "\n    about: %s", strings.Join(about, ", "))
	}
	if len(h.WatchNames) > 0 {
		fmt.Fprintf(&b, "\n    rang for: %s", strings.Join(h.WatchNames, ", "))
	}
	return b.String()
}

func (c *searchCmd) facets(ctx context.Context, g *globals, r indexer.Reader, q indexer.Query) error {
	facets, err := r.Facets(ctx, q, indexer.FacetOptions{})
	if err != nil {
		return err
	}
	if g.JSON {
		return g.line(facets, "")
	}
	for _, f := range []struct {
		name   string
		values []indexer.Facet
	}{
		{"people", facets.Persons}, {"organisations", facets.Organizations}, {"places", facets.Places},
		{"sources", facets.Sources}, {"languages", facets.Langs}, {"watched", facets.Watch},
	} {
		if _, err := fmt.Fprintf(g.out, "%s\n", f.name); err != nil {
			return err
		}
		for _, v := range f.values {
			if _, err := fmt.Fprintf(g.out, "%6d  %s\n", v.Count, v.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *searchCmd) timeline(ctx context.Context, g *globals, r indexer.Reader, q indexer.Query) error {
	buckets, err := r.Timeline(ctx, q, indexer.TimelineOptions{By: c.Timeline, Step: c.Step})
	if err != nil {
		return err
	}
	for _, bucket := range buckets {
		if err := g.line(bucket, fmt.Sprintf("%s %6d", bucket.From.Format(time.DateOnly), bucket.Count)); err != nil {
			return err
		}
	}
	return nil
}

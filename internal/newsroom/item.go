package newsroom

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// DefaultSource is the slug of stories that name no source.
const DefaultSource = "newsroom"

// Format is the wire form of a feed.
type Format string

// Formats a publisher may choose.
const (
	RSS      Format = "rss"      // RSS 2.0 with a summary
	RSSFull  Format = "rss-full" // RSS 2.0 with content:encoded
	Atom     Format = "atom"     // RFC 4287
	JSONFeed Format = "json"     // JSON Feed 1.1
)

func (f Format) path() string {
	switch f {
	case Atom:
		return "/atom.xml"
	case JSONFeed:
		return "/feed.json"
	}
	return "/rss.xml"
}

// Source is one publisher.
type Source struct {
	// Slug is its name in subjects; required.
	Slug string
	// Name is what its pages call it; Slug when empty.
	Name string
	// Format is RSS when empty.
	Format Format
	// Zone is the IANA zone its stamps are written in; UTC when empty.
	Zone string
	// Country is an ISO 3166-1 alpha-2 code; may be empty.
	Country string
	// Language is an ISO 639-1 code; "en" when empty.
	Language string
	// Window is how many items its feed shows; Options.Window when zero.
	Window int

	place *time.Location
}

func (s Source) withDefaults() (Source, error) {
	s.Name = cmp.Or(s.Name, s.Slug)
	s.Format = cmp.Or(s.Format, RSS)
	s.Language = cmp.Or(s.Language, "en")
	if !slices.Contains([]Format{RSS, RSSFull, Atom, JSONFeed}, s.Format) {
		return s, fmt.Errorf("newsroom: source %s: format %q; want rss, rss-full, atom or json", s.Slug, s.Format)
	}
	place, err := time.LoadLocation(s.Zone)
	if err != nil {
		return s, fmt.Errorf("newsroom: source %s: %w", s.Slug, err)
	}
	s.place = place
	return s, nil
}

// Item is one story of one publisher.
type Item struct {
	// Source is the publisher's slug; DefaultSource when empty.
	Source string
	// ID is the guid the feed gives; made from source and path when empty.
	ID string
	// Path is where the page lies; made from the title when empty.
	Path string
	// Title is required. Section, Author and Language may be empty.
	Title, Section, Author, Language string
	// Summary is the first sentence of Text when empty.
	Summary string
	// Text is the story as plain text, paragraphs apart by a blank line.
	Text string
	// Page replaces the page that would be made from Text, as HTML.
	Page string
	// Published is the stamp it carries; the moment it appears when zero.
	Published time.Time
	// Appears is when it enters feed and site, counted from Options.Start; not later than Start when zero or negative.
	Appears time.Duration
	// Leaves is when it leaves the feed although there is room; never when zero.
	Leaves time.Duration
	// Edits change the story later, in the order of time.
	Edits []Edit
	// Watch are the ids of the watchlist entries that a reader finds in Title or Text.
	Watch []string
}

// Edit is a later version of a story. An empty Title or Text stays as it was; Watch is replaced as a whole.
type Edit struct {
	Appears     time.Duration
	Title, Text string
	Watch       []string
}

func (i Item) withDefaults(s Source, start time.Time) (Item, error) {
	if i.Title == "" {
		return i, fmt.Errorf("newsroom: a story of %s has no title; a feed cannot show it", s.Slug)
	}
	i.Source = s.Slug
	i.Language = cmp.Or(i.Language, s.Language)
	i.Path = cmp.Or(i.Path, "/"+cmp.Or(slug(i.Section), "news")+"/"+slug(i.Title))
	i.ID = cmp.Or(i.ID, "tag:"+s.Slug+".example,2020:"+i.Path)
	if i.Published.IsZero() {
		i.Published = start.Add(i.Appears)
	}
	return i, nil
}

// at returns the story as it stood at a time, and whether it existed. modified is when it last changed.
func (i Item) at(start, now time.Time) (story Item, modified time.Time, exists bool) {
	if i.Appears > 0 && now.Before(start.Add(i.Appears)) {
		return i, modified, false
	}
	modified = i.Published
	for _, e := range i.Edits {
		if now.Before(start.Add(e.Appears)) {
			break
		}
		i.Title, i.Text, i.Watch = cmp.Or(e.Title, i.Title), cmp.Or(e.Text, i.Text), e.Watch
		modified = start.Add(e.Appears)
	}
	i.Summary = cmp.Or(i.Summary, firstSentence(i.Text))
	return i, modified, true
}

// paragraphs of the story, without the blank lines between them.
func (i Item) paragraphs() []string {
	var all []string
	for p := range strings.SplitSeq(i.Text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			all = append(all, p)
		}
	}
	return all
}

// slug keeps ASCII letters and digits; whatever else stands between them becomes one dash. A title without any gives a
// number made from its bytes.
func slug(s string) string {
	words := strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	out := strings.Join(words, "-")
	if out == "" && s != "" {
		return fmt.Sprintf("%08x", fingerprint(s))
	}
	return out
}

// firstSentence is good enough for a summary: up to the first full stop before a space and a capital letter.
func firstSentence(text string) string {
	paragraph, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	if at := strings.Index(paragraph, ". "); at > 0 {
		return paragraph[:at+1]
	}
	return paragraph
}

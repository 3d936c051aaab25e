package extractor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/maintext"
	"tocsin/services/extractor/pubdate"
)

// page is a web page in UTF-8, empty when there is none to read, and what happened on the way.
type page struct {
	html  string
	notes []string
}

// open brings the page of an article. A page that cannot be unpacked or is no HTML is left out with a note; only the
// object store not answering is an error, and worth another try.
func (x *Extractor) open(ctx context.Context, raw messages.RawArticle) (page, error) {
	packed := raw.Page
	if raw.PageRef != "" {
		var err error
		if packed, err = x.o.Pages.Get(ctx, raw.PageRef); err != nil {
			return page{}, fmt.Errorf("fetch page %s from the object store: %w", raw.PageRef, err)
		}
	}
	var p page
	if len(packed) == 0 {
		if raw.PageRef != "" {
			p.note("The page %s is no longer in the object store.", raw.PageRef)
		}
		return p, nil
	}
	body, cut, err := maintext.Unpack(packed, x.o.MaxPage)
	if err != nil {
		p.note("The page is damaged (%v); %d bytes of it could be read.", err, len(body))
	}
	if cut {
		p.note("The page was cut to its first %d bytes.", x.o.MaxPage)
	}
	html, note, err := maintext.Decode(body, raw.PageType)
	if err != nil {
		p.note("The page was not read: %v.", err)
		return p, nil
	}
	if note != "" {
		p.note("%s", note)
	}
	p.html = html
	return p, nil
}

func (p *page) note(format string, args ...any) {
	p.notes = append(p.notes, fmt.Sprintf(format, args...))
}

// reading is the text of an article and where it came from.
type reading struct {
	title, body string
	source      string // a messages.TextFrom constant
	notes       []string
}

// text is the offset space of everything that is found: the title, a blank line, the main text.
func (r reading) text() string {
	if r.title == "" || r.body == "" {
		return r.title + r.body
	}
	return r.title + "\n\n" + r.body
}

// maxTitle is where a title is cut; what is longer is a text in the wrong field.
const maxTitle = 1 << 10

// read finds the text: the page, else the feed's content, else its summary; with all of them empty the title alone. An
// error means that ctx ended.
func (x *Extractor) read(ctx context.Context, raw messages.RawArticle, p page) (reading, error) {
	r := reading{source: messages.TextFromTitle, notes: p.notes}
	title, cut := maintext.Limit(maintext.OneLine(raw.Title), maxTitle)
	if r.title = title; title != raw.Title {
		r.notes = append(r.notes, "The title was cleaned.")
	}
	if cut {
		r.notes = append(r.notes, fmt.Sprintf("The title was cut to %d bytes.", len(title)))
	}
	main, note, err := x.mainText(ctx, raw, p)
	if err != nil {
		return reading{}, err
	}
	if note != "" {
		r.notes = append(r.notes, note)
	}
	if best := choose(main, raw); best.Body != "" {
		r.body, r.source = withoutTitle(best.Body, r.title), best.Source
	}
	if r.body, cut = maintext.Limit(r.body, x.o.MaxText); cut {
		r.notes = append(r.notes, fmt.Sprintf("The text was cut to %d bytes.", len(r.body)))
	}
	if r.title == "" && r.body == "" {
		r.notes = append(r.notes, "There is nothing to read: no title, no text.")
	}
	x.o.Meter.Add(metricText, 1, "source", r.source)
	return r, nil
}

// mainText takes the page apart under the watchdog. note says why there is no text of a page; an error means that ctx
// ended.
func (x *Extractor) mainText(ctx context.Context, raw messages.RawArticle, p page) (text maintext.Text, note string, err error) {
	if p.html == "" {
		return maintext.Text{}, "", nil
	}
	guard := x.guard
	if len(p.html) > largePage {
		guard = x.large
	}
	text, err = guarded(ctx, guard, func() maintext.Text {
		t, err := maintext.Extract(p.html, raw.URL)
		if err != nil {
			return maintext.Text{}
		}
		return t
	})
	switch {
	case ctx.Err() != nil:
		return maintext.Text{}, "", ctx.Err()
	case err != nil:
		x.abandon(stepPage, raw.ID, err)
		return maintext.Text{}, fmt.Sprintf("The page was given up: taking it apart %v.", err), nil
	case text.Body == "":
		return text, "No main text was found in the page.", nil
	}
	return text, "", nil
}

// choose takes the first of page, feed content and summary that is long enough to be an article, else the longest.
// A page that gives less than half of what the feed already carries is a consent wall or a teaser.
func choose(main maintext.Text, raw messages.RawArticle) maintext.Text {
	content := maintext.Text{Body: maintext.FromFeed(raw.FeedContent), Source: messages.TextFromFeedContent}
	summary := maintext.Text{Body: maintext.FromFeed(raw.Summary), Source: messages.TextFromFeedSummary}
	if len(content.Body) > 2*len(main.Body) {
		main = maintext.Text{}
	}
	var longest maintext.Text
	for _, t := range []maintext.Text{main, content, summary} {
		if utf8.RuneCountInString(t.Body) >= maintext.Enough {
			return t
		}
		if len(t.Body) > len(longest.Body) {
			longest = t
		}
	}
	return longest
}

// withoutTitle takes a headline off the front of a text that repeats it.
func withoutTitle(body, title string) string {
	first, rest, _ := strings.Cut(body, "\n\n")
	if title != "" && strings.EqualFold(first, title) {
		return strings.TrimLeft(rest, "\n")
	}
	return body
}

// publication is when an article appeared.
type publication = pubdate.Found

// published finds the date: the feed's stamp where it is believable, else what page, text and address say of it, the
// page under the watchdog.
func (x *Extractor) published(ctx context.Context, raw messages.RawArticle, p page, body string) (publication, error) {
	b := pubdate.Bounds{FetchedAt: raw.FetchedAt}
	var notes []string
	if raw.SourceZone != "" {
		var err error
		if b.Zone, err = x.zones.load(raw.SourceZone); err != nil {
			notes = append(notes, fmt.Sprintf("The source's time zone %q is not known here; correct it in its settings.", raw.SourceZone))
		}
	}
	a := pubdate.Article{Feed: raw.Published, Address: raw.URL, Text: body}
	found := pubdate.Find(a, b)
	if found.Source != "feed" && p.html != "" {
		a.Page = p.html
		better, err := guarded(ctx, x.guard, func() publication { return pubdate.Find(a, b) })
		switch {
		case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
			return publication{}, err
		case err != nil:
			x.abandon(stepPublished, raw.ID, err)
		default:
			found = better
		}
	}
	found.Notes = append(notes, found.Notes...)
	return found, nil
}

// zones loads time zones once. The set is bounded by the tz database: unknown names are not kept.
type zones struct{ loaded sync.Map }

func (z *zones) load(name string) (*time.Location, error) {
	if l, ok := z.loaded.Load(name); ok {
		return l.(*time.Location), nil
	}
	l, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	z.loaded.Store(name, l)
	return l, nil
}

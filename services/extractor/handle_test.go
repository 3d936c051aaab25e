package extractor_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
)

func TestHandlePublishesOneArticleAndOneAlert(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.FeedContent = "<p>" + sentences("Col. Gulmurod Khalimov left the capital on Friday with three men, officials said.") + "</p>"
	one(t, start(t, w, khalimov), delivery(t, raw))

	if len(w.sent) != 2 {
		t.Fatalf("sent %d messages; want the article and its alert", len(w.sent))
	}
	if got, want := w.sent[0].Subject, "enriched.en.example"; got != want {
		t.Errorf("the article went to %s; want %s", got, want)
	}
	if got, want := w.sent[0].ID, "extractor:a1b2c3:1"; got != want {
		t.Errorf("the article's id is %s; want %s", got, want)
	}
	if got, want := w.sent[1].Subject, "alerts.war.khalimov.confirmed"; got != want {
		t.Errorf("the alert rang on %s; want %s", got, want)
	}
	alert := w.alerts(t)[0]
	if got, want := w.sent[1].ID, "extractor:"+messages.AlertID("war", "khalimov", "a1b2c3")+":1"; got != want {
		t.Errorf("the alert's id is %s; want %s", got, want)
	}
	a := w.articles(t)[0]
	if got := a.Text[alert.Quote.Start:alert.Quote.End]; got != "Gulmurod Khalimov" || got != alert.Quote.Text {
		t.Errorf("the quote %+v points at %q", alert.Quote, got)
	}
	if len(alert.Parts) != 1 || len(alert.Penalties) != 1 || alert.Threshold != 20 {
		t.Errorf("the alert lost evidence: %+v", alert.Evidence)
	}
	if alert.Status != messages.StatusNew || alert.Retro || alert.Count != 1 {
		t.Errorf("a first ring is new and about the present, count 1; got %+v", alert)
	}
}

func TestHandleCarriesReplayInTheArticleOnly(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.Title = "Gulmurod Khalimov seen"
	d := delivery(t, raw)
	d.Replay = 2
	one(t, start(t, w, khalimov), d)
	if got, want := w.sent[0].ID, "extractor:a1b2c3:1:replay2"; got != want || w.sent[0].Replay != 2 {
		t.Errorf("article id %s, replay %d; want %s and 2", got, w.sent[0].Replay, want)
	}
	if got := w.sent[1]; strings.Contains(got.ID, "replay") || got.Replay != 0 {
		t.Errorf("an alert is the same alert however often its article is replayed; got id %s, replay %d", got.ID, got.Replay)
	}
}

func TestHandleRefusesForGood(t *testing.T) {
	valid := func(change func(*messages.RawArticle)) []byte {
		raw := item()
		change(&raw)
		return marshal(t, raw)
	}
	for _, c := range []struct {
		why    string
		data   []byte
		reason string
	}{
		{"text that is no JSON", []byte("not json"), "undecodable"},
		{"JSON that breaks off", []byte(`{"version":1,"id":"a`), "undecodable"},
		{"nothing at all", nil, "undecodable"},
		{"JSON of another shape", []byte(`["an","array"]`), "invalid"},
		{"a field of another type", []byte(`{"version":1,"revision":"one"}`), "invalid"},
		{"a newer format", valid(func(r *messages.RawArticle) { r.Version = 99 }), "invalid"},
		{"an id that is no subject token", valid(func(r *messages.RawArticle) { r.ID = "a.b > *" }), "invalid"},
		{"no source", valid(func(r *messages.RawArticle) { r.Source = "" }), "invalid"},
		{"revision zero", valid(func(r *messages.RawArticle) { r.Revision = 0 }), "invalid"},
		{"a page in two places", valid(func(r *messages.RawArticle) { r.Page, r.PageRef = []byte("x"), "y" }), "invalid"},
		{"more summary than a message holds", valid(func(r *messages.RawArticle) { r.Summary = strings.Repeat("x ", 600<<10) }), "oversize"},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld()
			err := start(t, w, khalimov).Handle(t.Context(), messages.Delivery{Subject: "raw.example", Data: c.data, Sequence: 3})
			if reason, never := retry.Reason(err); !never || reason != c.reason {
				t.Errorf("error %v, reason %q; want it refused for good as %q", err, reason, c.reason)
			}
			if len(w.sent) > 0 {
				t.Errorf("published %d messages of a refused one", len(w.sent))
			}
		})
	}
}

func TestHandleWaitsForLists(t *testing.T) {
	x := start(t, newWorld(), nil)
	if x.ListsLoaded() {
		t.Error("lists are loaded before SetIndex")
	}
	if _, later := retry.Delay(x.Handle(t.Context(), delivery(t, item()))); !later {
		t.Error("a message that comes before the lists has to come again")
	}
	x.SetIndex(khalimov)
	if !x.ListsLoaded() {
		t.Error("lists are not loaded after SetIndex")
	}
	one(t, x, delivery(t, item()))
}

func TestHandleTriesAgainWhenSomethingIsDown(t *testing.T) {
	down := errors.New("down")
	for _, c := range []struct {
		why    string
		change func(*extractor.Options)
		raw    func(*messages.RawArticle)
	}{
		{"the page store lacks the page", nil, func(r *messages.RawArticle) { r.PageRef = "gone" }},
		{"the stream does not acknowledge", func(o *extractor.Options) { o.Publisher = failing{down} }, nil},
		{"the bucket does not answer", func(o *extractor.Options) { o.Rang = failing{down} }, nil},
	} {
		t.Run(c.why, func(t *testing.T) {
			raw := item()
			raw.Title = "Gulmurod Khalimov seen"
			if c.raw != nil {
				c.raw(&raw)
			}
			x := start(t, newWorld(), khalimov)
			if c.change != nil {
				x = start(t, newWorld(), khalimov, c.change)
			}
			err := x.Handle(t.Context(), delivery(t, raw))
			if _, never := retry.Reason(err); err == nil || never {
				t.Errorf("error %v; want one that brings the message back", err)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) Publish(context.Context, messages.Outgoing) error { return f.err }
func (f failing) Load(context.Context, string) ([]byte, uint64, error) {
	return nil, 0, f.err
}
func (f failing) Store(context.Context, string, []byte, uint64) (uint64, bool, error) {
	return 0, false, f.err
}

func TestHandleGoesOnWithoutABadPage(t *testing.T) {
	content := sentences("The commander left the capital on Friday with three men, officials said.")
	whole := packed([]byte("<html><body><p>" + strings.Repeat("A page that is long enough to be an article. ", 40) + "</p></body></html>"))
	big := append([]byte("<html><body><p>"+sentences("The part that is read is in front.")+"</p>"), bytes.Repeat([]byte("<!-- padding -->"), 20<<20/16)...)
	for _, c := range []struct {
		why, kind string
		page      []byte
		source    string
		note      string
	}{
		{"bytes that are no zstd", "text/html", []byte("<html>never packed</html>"), messages.TextFromFeedContent, "The page is damaged"},
		{"a zstd frame that breaks off", "text/html", whole[:len(whole)-9], messages.TextFromFeedContent, "The page is damaged"},
		{"a page of 20 MB", "text/html", packed(big), messages.TextFromReadability, "The page was cut to its first 4194304 bytes"},
		{"a PDF by its type", "application/pdf", packed([]byte("%PDF-1.7")), messages.TextFromFeedContent, "The page was not read"},
		{"a PDF called HTML", "text/html", packed([]byte("%PDF-1.7 \x00\x01\xFF")), messages.TextFromFeedContent, "The page was not read"},
		{"an empty page", "text/html", packed(nil), messages.TextFromFeedContent, ""},
		{"a page nested too deep", "text/html", packed(bytes.Repeat([]byte("<b>x"), 1000)), messages.TextFromFeedContent, "No main text"},
		{"a wall that asks for consent", "text/html", packed([]byte("<p>We value your privacy.</p>")), messages.TextFromFeedContent, ""},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld()
			raw := item()
			raw.FeedContent, raw.Page, raw.PageType = content, c.page, c.kind
			one(t, start(t, w, khalimov), delivery(t, raw))
			a := w.articles(t)[0]
			if a.TextSource != c.source {
				t.Errorf("text from %s; want %s (notes: %q)", a.TextSource, c.source, a.Notes)
			}
			if !slices.ContainsFunc(a.Notes, func(n string) bool { return strings.Contains(n, c.note) }) && c.note != "" {
				t.Errorf("notes %q lack %q", a.Notes, c.note)
			}
		})
	}
}

func TestHandleGivesUpAPageThatTakesTooLong(t *testing.T) {
	w, f := newWorld(), figures{}
	raw := item()
	raw.Published = time.Time{} // so that the page is asked for the date as well
	raw.FeedContent = "The feed's own text."
	raw.Page = packed([]byte("<p>" + strings.Repeat("A page that is long enough to be an article. ", 40)))
	hasty := func(o *extractor.Options) { o.PageBudget, o.Meter = time.Nanosecond, f }
	one(t, start(t, w, khalimov, hasty), delivery(t, raw))
	a := w.articles(t)[0]
	if a.TextSource != messages.TextFromFeedContent || !strings.Contains(strings.Join(a.Notes, " "), "The page was given up") {
		t.Errorf("text from %s, notes %q; want the feed's text and a note", a.TextSource, a.Notes)
	}
	if f["tocsin_extractor_abandoned_total"] != 2 {
		t.Errorf("%d steps counted as given up; want the text and the date", f["tocsin_extractor_abandoned_total"])
	}
}

func TestHandleCleansWhatItReads(t *testing.T) {
	for _, c := range []struct {
		why         string
		raw         func(*messages.RawArticle)
		title, text string
		source      string
	}{
		{"a title with control characters and line ends", func(r *messages.RawArticle) { r.Title = "Com\u0000man\u001bder\n\t leaves\u202e" },
			"Commander leaves", "Commander leaves", messages.TextFromTitle},
		{"a title that was escaped once too often", func(r *messages.RawArticle) { r.Title = "Smith &amp; Sons &#8211; <b>sold</b>" },
			"Smith & Sons – sold", "Smith & Sons – sold", messages.TextFromTitle},
		{"a soft hyphen in a name", func(r *messages.RawArticle) { r.Summary = "Gulmurod Khali\u00admov left." },
			"Commander leaves", "Commander leaves\n\nGulmurod Khalimov left.", messages.TextFromFeedSummary},
		{"no title", func(r *messages.RawArticle) { r.Title, r.Summary = "", "Only a summary." },
			"", "Only a summary.", messages.TextFromFeedSummary},
		{"nothing at all", func(r *messages.RawArticle) { r.Title = "" }, "", "", messages.TextFromTitle},
		{"a text that repeats its title", func(r *messages.RawArticle) { r.FeedContent = "<h1>Commander Leaves</h1><p>He went.</p>" },
			"Commander leaves", "Commander leaves\n\nHe went.", messages.TextFromFeedContent},
	} {
		t.Run(c.why, func(t *testing.T) {
			w := newWorld()
			raw := item()
			c.raw(&raw)
			one(t, start(t, w, khalimov), delivery(t, raw))
			a := w.articles(t)[0]
			if a.Title != c.title || a.Text != c.text || a.TextSource != c.source {
				t.Errorf("title %q, text %q from %s; want %q, %q from %s", a.Title, a.Text, a.TextSource, c.title, c.text, c.source)
			}
			if (a.Title != raw.Title || a.Text == "") && len(a.Notes) == 0 {
				t.Error("what was cleaned or missing is not noted")
			}
		})
	}
}

// A message must fit the stream, but a name beyond the cut still has to ring.
func TestHandleCutsAnArticleThatDoesNotFitAndRingsAllTheSame(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.FeedContent = strings.Repeat("Ordinary words fill this very long page of text to the brim.\n\n", 1000) + "Gulmurod Khalimov left."
	one(t, start(t, w, khalimov, func(o *extractor.Options) { o.MaxMessage = 40 << 10 }), delivery(t, raw))
	if size := len(w.sent[0].Data); size > 40<<10 {
		t.Errorf("the message has %d bytes, over its limit", size)
	}
	a := w.articles(t)[0]
	if len(a.Watch) != 0 || !strings.Contains(strings.Join(a.Notes, " "), "so that the message fits") {
		t.Errorf("watch %v, notes %q; want no span beyond the cut, and a note", a.Watch, a.Notes)
	}
	if len(w.alerts(t)) != 1 {
		t.Error("the name beyond the cut did not ring")
	}
}

type panicking struct{ ner.None }

func (panicking) Find(string, string) ([]ner.Entity, string) { panic("a library fell over") }

func TestHandleSurvivesARecogniserThatPanics(t *testing.T) {
	w := newWorld()
	raw := item()
	raw.Title = "Gulmurod Khalimov seen"
	one(t, start(t, w, khalimov, func(o *extractor.Options) { o.Recognizer = panicking{} }), delivery(t, raw))
	if a := w.articles(t)[0]; !strings.Contains(strings.Join(a.Notes, " "), "Entities are missing") {
		t.Errorf("notes %q do not say that entities are missing", a.Notes)
	}
	if len(w.alerts(t)) != 1 {
		t.Error("watched names must ring without entities")
	}
}

package indexer

import (
	"fmt"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// AlertDocument is one alert in the flat shape of the alert index: what it says now, with its newest revision. Its JSON is
// the Elasticsearch document. Times are UTC with millisecond resolution.
type AlertDocument struct {
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	// Status is one of the Status constants of package messages. One that was withdrawn keeps the tier it had, and has
	// neither Quote nor Reasons.
	Status string `json:"status"`
	List   string `json:"list"`
	Entry  string `json:"entry"`
	// Watch is "list.entry", as in Document.Watch.
	Watch string `json:"watch"`
	// Name is the entry's primary name.
	Name      string  `json:"name"`
	Tier      string  `json:"tier"`
	Score     float64 `json:"score"`
	Bits      float64 `json:"bits"`
	Threshold float64 `json:"threshold"`
	// Quote are the words that rang, as they stand in Sentence.
	Quote    string `json:"quote,omitempty"`
	Sentence string `json:"sentence,omitempty"`
	// Reasons are the parts, context and penalties of the alert for a reader, each with its bits; Rules are the names of
	// their rules, each once.
	Reasons []string `json:"reasons,omitempty"`
	Rules   []string `json:"rules,omitempty"`
	// Story is messages.Alert.Story; the article's own id where the list rings per article, so that distinct stories can
	// be counted over all lists. Count is how many articles of the story rang so far.
	Story string `json:"story"`
	Count int    `json:"count"`

	Article         string `json:"article"`
	ArticleRevision int    `json:"article_revision"`
	URL             string `json:"url,omitempty"`
	Title           string `json:"title"`
	Source          string `json:"source"`
	Feed            string `json:"feed,omitempty"`
	Lang            string `json:"lang,omitempty"`

	Published time.Time `json:"published,omitzero"`
	FirstSeen time.Time `json:"first_seen"`
	// RangAt is when the alert rang first, ChangedAt when its present revision was made; they are the same in revision 1.
	RangAt    time.Time `json:"rang_at"`
	ChangedAt time.Time `json:"changed_at"`
	// SecondsToAlert is from FirstSeen to RangAt.
	SecondsToAlert float64 `json:"seconds_to_alert"`
	// Retro marks an alert about the past: back catalogue or a look back. Baseline marks the back catalogue alone: the
	// article was in its feed when the feed was first read.
	Retro    bool     `json:"retro"`
	Baseline bool     `json:"baseline"`
	Notes    []string `json:"notes,omitempty"`
	// Detail is the alert as the extractor sent it. It is kept but not searched.
	Detail *messages.Alert `json:"detail,omitempty"`
}

// Version is what decides between two writes of one ID: the higher stays.
func (d AlertDocument) Version() int64 { return int64(d.Revision) * patches }

// NewAlertDocument flattens an alert that passed Validate.
func NewAlertDocument(a messages.Alert) AlertDocument {
	d := AlertDocument{
		ID: a.ID, Revision: a.Revision, Status: a.Status, List: a.List, Entry: a.Entry, Watch: a.List + "." + a.Entry, Name: a.Name,
		Tier: a.Tier, Score: a.Score, Bits: a.Bits, Threshold: a.Threshold, Quote: a.Quote.Text, Sentence: oneLine(a.Quote.Sentence),
		Story: a.Story, Count: max(a.Count, 1),
		Article: a.Article.ID, ArticleRevision: a.Article.Revision, URL: a.Article.URL, Title: a.Article.Title,
		Source: a.Article.Source, Feed: a.Article.Feed, Lang: a.Article.Lang,
		Published: milli(a.Times.Published), FirstSeen: milli(a.Times.FirstSeen), RangAt: milli(a.Times.Rang), ChangedAt: milli(a.Times.Alerted),
		Retro: a.Retro, Baseline: a.Article.Baseline, Notes: a.Notes, Detail: &a,
	}
	if d.Story == "" {
		d.Story = d.Article
	}
	if d.RangAt.IsZero() { // of an extractor that did not keep it
		d.RangAt = d.ChangedAt
	}
	d.SecondsToAlert = max(d.RangAt.Sub(d.FirstSeen).Seconds(), 0)
	d.fillReasons(a.Evidence)
	return d
}

func (d *AlertDocument) fillReasons(e messages.Evidence) {
	known := map[string]bool{}
	add := func(rule, text string, bits float64) {
		d.Reasons = append(d.Reasons, fmt.Sprintf("%s (%s, %+.1f bits)", text, rule, bits))
		if !known[rule] {
			known[rule] = true
			d.Rules = append(d.Rules, rule)
		}
	}
	for _, p := range e.Parts {
		add(p.Rule, p.Word+" = "+p.Watched, p.Bits)
	}
	for _, some := range [][]messages.Contribution{e.Context, e.Penalties} {
		for _, c := range some {
			add(c.Rule, c.Text, c.Bits)
		}
	}
}

// oneLine is text with each run of space as one.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

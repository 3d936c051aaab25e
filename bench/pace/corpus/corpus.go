// Package corpus invents news articles of a given size: running sentences with people, organisations, places and dates
// in them, over a vocabulary of sixty thousand invented words that are as unevenly common as those of a language (Zipf).
// The same number always gives the same article.
package corpus

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/sketch"
)

// Sizes of the world that articles are drawn from.
const (
	vocabulary    = 60_000
	people        = 20_000
	organizations = 2_000
	places        = 400
)

// Start is when the first article appears; each later one appears a second after the one before.
var Start = time.Date(2026, 1, 5, 6, 0, 0, 0, time.UTC)

// Corpus draws articles. It may be used by any number of goroutines.
type Corpus struct {
	size    int
	words   []string
	sums    []float64 // of the weights of words, for drawing
	people  []string
	orgs    []string
	places  []string
	watched []string
}

// New returns a corpus of articles with about size bytes of text each, some of which mention one of the watched names.
func New(size int, watched []string) *Corpus {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed draw
	c := &Corpus{size: size, watched: watched}
	seen := map[string]bool{}
	for len(c.words) < vocabulary {
		if w := word(r, 1+r.IntN(4)); !seen[w] {
			seen[w] = true
			c.words = append(c.words, w)
		}
	}
	total := 0.0
	for rank := range c.words {
		total += 1 / math.Pow(float64(rank+2), 1.05)
		c.sums = append(c.sums, total)
	}
	for range people {
		c.people = append(c.people, capital(word(r, 2))+" "+capital(word(r, 2+r.IntN(2))))
	}
	for range organizations {
		c.orgs = append(c.orgs, capital(word(r, 2))+" "+pick(r, bodies))
	}
	for range places {
		c.places = append(c.places, capital(word(r, 2)))
	}
	return c
}

var (
	bodies = []string{"Bank", "Ministry", "University", "Party", "Holdings", "Institute", "Council", "Group", "Agency"}
	roles  = []string{"president", "minister", "director", "spokesman", "lawyer", "chairwoman", "mayor", "general"}
	glue   = strings.Fields("the of and to in a that it for was on with as is by at from he had his be were not are but " +
		"have an which they or their one this who she has will would been her more when there after said no its about")
	syllables = strings.Fields("ba ber ca cor da del e fan fer ga gor han hel i jan ka kol la lin lo mar mer mi na nel no " +
		"o pa per po ra ren ri ro sa sel so ta ter ti to u va vel vi wa wen za zor")
)

func word(r *rand.Rand, n int) string {
	var b strings.Builder
	for range n {
		b.WriteString(pick(r, syllables))
	}
	if r.IntN(2) == 0 {
		b.WriteByte("nrstdlk"[r.IntN(7)])
	}
	return b.String()
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

func capital(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

// Draft is an article before anything was recognised in it, and what a recogniser should find.
type Draft struct {
	Title    string
	Sections []string // paragraphs of plain text
	At       time.Time
	people   []string
	orgs     []string
	places   []string
	days     []time.Time
	watched  string
}

// written is how the articles write a day.
const written = "2 January 2006"

// Draft draws article i; ring puts a watched name into it.
func (c *Corpus) Draft(i int, ring bool) Draft {
	r := rand.New(rand.NewPCG(uint64(i), 7)) //nolint:gosec // a fixed draw
	d := Draft{At: Start.Add(time.Duration(i) * time.Second)}
	d.Title = capital(c.clause(r, 6)) + " " + strconv.Itoa(i)
	at := r.IntN(max(1, c.size*3/4))
	for size := 0; size < c.size; {
		var b strings.Builder
		for range 3 + r.IntN(3) {
			b.WriteString(c.sentence(r, &d))
		}
		if ring && d.watched == "" && size >= at-200 {
			d.watched = c.watched[i%len(c.watched)]
			fmt.Fprintf(&b, "On Monday %s spoke to reporters in %s. ", d.watched, pick(r, c.places))
		}
		section := strings.TrimSpace(b.String())
		if room := c.size - size; len(section) > room+100 && d.watched != "" == ring {
			section = section[:max(room, 20)]
		}
		d.Sections = append(d.Sections, section)
		size += len(section) + 2
	}
	return d
}

func (c *Corpus) clause(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		if r.IntN(100) < 45 {
			words[i] = pick(r, glue)
		} else {
			words[i] = c.common(r)
		}
	}
	return strings.Join(words, " ")
}

// common draws a word of the vocabulary, common ones often.
func (c *Corpus) common(r *rand.Rand) string {
	x := r.Float64() * c.sums[len(c.sums)-1]
	low, high := 0, len(c.sums)-1
	for low < high {
		if middle := (low + high) / 2; c.sums[middle] < x {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return c.words[low]
}

func (c *Corpus) sentence(r *rand.Rand, d *Draft) string {
	body := c.clause(r, 8+r.IntN(12))
	switch r.IntN(6) {
	case 0:
		who := c.people[r.IntN(people)]
		d.people = append(d.people, who)
		return fmt.Sprintf("%s, the %s, said %s. ", who, pick(r, roles), body)
	case 1:
		org, place := pick(r, c.orgs), pick(r, c.places)
		d.orgs, d.places = append(d.orgs, org), append(d.places, place)
		return fmt.Sprintf("The %s in %s %s. ", org, place, body)
	case 2:
		day := d.At.AddDate(0, 0, -r.IntN(900)).Truncate(24 * time.Hour)
		d.days = append(d.days, day)
		return fmt.Sprintf("%s on %s. ", capital(body), day.Format(written))
	}
	return capital(body) + ". "
}

// Raw is article i as a fetcher publishes it, its text in the feed's content.
func (c *Corpus) Raw(i int, ring bool) messages.RawArticle {
	d := c.Draft(i, ring)
	return messages.RawArticle{Version: messages.Version, Article: d.article(i), Published: d.At, PublishedSource: "pubDate",
		FeedContent: "<p>" + strings.Join(d.Sections, "</p>\n<p>") + "</p>", FeedLanguage: "en"}
}

func (d Draft) article(i int) messages.Article {
	return messages.Article{ID: messages.Hash("pace", strconv.Itoa(i)), Revision: 1, Feed: "pace-" + strconv.Itoa(i%50),
		Source: "pace-" + strconv.Itoa(i%50), URL: "https://pace.example/" + strconv.Itoa(i), Title: d.Title,
		FirstSeen: d.At, FetchedAt: d.At}
}

// Enriched is article i as an extractor publishes it, with the entities, dates and watched names that are in it.
func (c *Corpus) Enriched(i int, ring bool) messages.EnrichedArticle {
	d := c.Draft(i, ring)
	a := messages.EnrichedArticle{Version: messages.Version, Article: d.article(i), TextSource: messages.TextFromFeedContent,
		Text: d.Title + "\n\n" + strings.Join(d.Sections, "\n\n"), Lang: "en", LangConfidence: 0.9,
		Published: messages.Published{From: d.At, To: d.At.Add(time.Second), Precision: "second", Source: "feed"},
		Engines:   []messages.Engine{{Name: "pace", Version: "1"}}}
	a.Entities = append(a.Entities, entities(a.Text, messages.KindPerson, d.people)...)
	a.Entities = append(a.Entities, entities(a.Text, messages.KindOrganization, d.orgs)...)
	a.Entities = append(a.Entities, entities(a.Text, messages.KindPlace, d.places)...)
	a.Dates = mentioned(a.Text, d.days)
	a.Sketch = sketch.Of(strings.Join(d.Sections, "\n\n"))
	if d.watched != "" {
		at := spans(a.Text, d.watched)
		a.Watch = []messages.Watched{{List: "pace", Entry: messages.Hash(d.watched)[:12], Name: d.watched, Evidence: messages.Evidence{
			Tier: messages.TierConfirmed, Score: 1, Bits: 40, Threshold: 20, Mentions: at,
			Quote: messages.Quote{Text: d.watched, Start: at[0].Start, End: at[0].End}}}}
	}
	return a
}

func entities(text, kind string, names []string) []messages.Entity {
	var all []messages.Entity
	seen := map[string]bool{}
	for _, name := range names {
		at := spans(text, name)
		if seen[name] || len(at) == 0 {
			continue
		}
		seen[name] = true
		all = append(all, messages.Entity{Kind: kind, Key: kind + ":" + strings.ToLower(name), Canonical: name, Score: 0.9, Mentions: at})
	}
	return all
}

func spans(text, of string) []messages.Span {
	var all []messages.Span
	for from := 0; ; {
		i := strings.Index(text[from:], of)
		if i < 0 {
			return all
		}
		all = append(all, messages.Span{Start: from + i, End: from + i + len(of)})
		from += i + len(of)
	}
}

// mentioned are the days that sentences wrote.
func mentioned(text string, days []time.Time) []messages.Date {
	var all []messages.Date
	for _, day := range days {
		written := day.Format(written)
		for _, at := range spans(text, " on "+written) {
			at.Start += len(" on ")
			all = append(all, messages.Date{Span: at, Text: written, Type: "DATE", Value: day.Format(time.DateOnly),
				From: day, To: day.AddDate(0, 0, 1), Precision: "day", Explicit: "full"})
		}
	}
	return all
}

package ledger

import (
	"fmt"
	"strconv"
	"time"

	"tocsin/pkg/messages"
)

// revision names one version of an article.
type revision struct {
	article string
	number  int
}

// revisionOf reads the headers; what has none is no article's.
func revisionOf(d messages.Delivery) (revision, bool) {
	n, err := strconv.Atoi(d.Header[messages.HeaderRevision])
	r := revision{d.Header[messages.HeaderArticle], n}
	return r, err == nil && n > 0 && r.article != ""
}

// sighting is one published revision and how far it has come. A sequence of 0 says that it was not met there.
type sighting struct {
	revision
	place
	at                  time.Time
	key                 string
	raw, enriched, dead uint64
}

// book is an account in the making.
type book struct {
	query              Query
	since              time.Time // start of the first hour that is accounted for
	rawFrom            time.Time // what was published later must still be in RAW
	extracted, written uint64    // how far the stages have settled RAW and ENRICHED
	trusting           bool      // the index was not asked: what the indexer settled is in it

	sightings []sighting
	of        map[revision]int // where in sightings
	sums      map[place]*Balance
	feeds     map[string]*feedBook
	once      map[met]bool
	gone      []deferred // items that left their feed while they were put off
}

func newBook(q Query) *book {
	b := &book{query: q, of: map[revision]int{}, sums: map[place]*Balance{}, feeds: map[string]*feedBook{}, once: map[met]bool{}}
	if !q.Since.IsZero() {
		b.since = q.Since.UTC().Truncate(time.Hour)
	}
	return b
}

// sum is the balance of a place, or a scratch one where nobody asked for it.
func (b *book) sum(at place) *Balance {
	if !b.wanted(at) {
		return &Balance{}
	}
	sum := b.sums[at]
	if sum == nil {
		sum = &Balance{}
		b.sums[at] = sum
	}
	return sum
}

func (b *book) wanted(at place) bool {
	return (b.query.Feed == "" || at.feed == b.query.Feed) && (b.since.IsZero() || at.hour >= hourOf(b.since))
}

// sight enters a published revision, once, and returns it.
func (b *book) sight(r revision, feed string, at time.Time) *sighting {
	i, there := b.of[r]
	if !there {
		i = len(b.sightings)
		b.of[r] = i
		b.sightings = append(b.sightings, sighting{revision: r, place: placeOf(feed, at), at: at})
	}
	return &b.sightings[i]
}

// raw enters a message of RAW. One that no report names is a sighting of its own: its poll is still at work, or was
// killed and repeated, and the repetition's report is known to the stream already.
func (b *book) raw(r revision, d messages.Delivery) {
	b.sight(r, d.Header[messages.HeaderFeed], d.Time).raw = d.Sequence
}

// enriched enters a message of ENRICHED. One of an article seen before the time that is accounted for is left out.
func (b *book) enriched(r revision, d messages.Delivery) {
	if i, ok := b.of[r]; ok {
		b.sightings[i].enriched = d.Sequence
	}
}

// dead enters a dead letter of an article. Those of its alerts say nothing of where the article is.
func (b *book) dead(r revision, d messages.Delivery) {
	switch d.Header[messages.HeaderStage] {
	case messages.StageForward, messages.StageAlerts:
		return
	}
	if i, ok := b.of[r]; ok {
		b.sightings[i].dead = d.Sequence
	}
}

// articles are the ids to ask the index about, each once.
func (b *book) articles() []string {
	seen := make(map[string]bool, len(b.sightings))
	ids := make([]string, 0, len(b.sightings))
	add := func(id string) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	for i := range b.sightings {
		if b.wanted(b.sightings[i].place) {
			add(b.sightings[i].article)
		}
	}
	for _, d := range b.gone {
		add(d.article)
	}
	return ids
}

// account strikes the balance. held are the revisions in the index.
func (b *book) account(held map[string]int) Account {
	var a Account
	for i := range b.sightings {
		b.settle(&b.sightings[i], held, &a)
	}
	b.settleDeferred(held, &a)
	a.Rows = sorted(b.sums)
	for _, row := range a.Rows {
		a.add(row.Balance)
	}
	return a
}

// settle finds where one sighting has come to.
func (b *book) settle(s *sighting, held map[string]int, a *Account) {
	if !b.wanted(s.place) {
		return
	}
	sum := b.sum(s.place)
	sum.Seen++
	sum.Published++
	switch {
	case held[s.article] >= s.number, b.trusting && s.dead == 0 && s.enriched > 0 && s.enriched <= b.written:
		sum.Indexed++
		if s.raw == 0 && s.at.After(b.rawFrom) {
			a.Odd = append(a.Odd, s.finding("RAW no longer holds it though it is young enough; it is in the index, so nothing is lost but the chance to replay it"))
		}
	case s.dead > 0:
		sum.Quarantined++
	case s.raw > b.extracted || s.enriched > b.written:
		sum.Pending++
	default:
		a.Behind = append(a.Behind, s.finding(s.trace(held)))
	}
}

// trace says where the way of a lost sighting ends.
func (s *sighting) trace(held map[string]int) string {
	behind := "the index does not have the article"
	if n := held[s.article]; n > 0 {
		behind = fmt.Sprintf("the index holds revision %d only", n)
	}
	switch {
	case s.enriched > 0:
		return fmt.Sprintf("the indexer settled it (ENRICHED %d), but %s; was it deleted there?", s.enriched, behind)
	case s.raw > 0:
		return fmt.Sprintf("the extractor settled it (RAW %d), but ENRICHED holds nothing made from it and %s", s.raw, behind)
	}
	return "a poll reported it as published, but RAW does not hold it and " + behind
}

func (s *sighting) finding(sentence string) Finding {
	return Finding{Feed: s.feed, Seen: s.at.UTC(), Article: s.article, Revision: s.number, Key: s.key, Sentence: sentence}
}

package ledger

import (
	"time"

	"tocsin/pkg/messages"
)

// met is what makes an item that was not published countable once.
type met struct{ feed, key, article, outcome string }

// feedBook is what the reports of one feed said so far.
type feedBook struct {
	state    uint64
	reported bool
	// deferred are the items put off at the last look, by article.
	deferred map[string]deferred
	// nameless counts items without a key (damaged, or beyond the limit) as last reported, by reason.
	nameless map[string]int
}

// deferred is an item that its feed's next poll must meet again.
type deferred struct {
	place
	at                   time.Time
	key, article, reason string
}

// comesAgain reports whether an item dropped for the reason is met again by a later poll. Other reasons are final.
func comesAgain(reason string) bool {
	switch reason {
	case "poll_budget", "host_busy", "being_published", "revised_recently":
		return true
	}
	return false
}

// report enters one poll. Reports of one poll state follow each other; only the first counts.
func (b *book) report(r messages.PollReport) {
	f := b.feeds[r.Feed]
	if f == nil {
		f = &feedBook{deferred: map[string]deferred{}, nameless: map[string]int{}}
		b.feeds[r.Feed] = f
	}
	repeated := f.reported && f.state == r.PollState
	f.state, f.reported = r.PollState, true
	at := placeOf(r.Feed, r.At)
	if !repeated {
		b.sum(at).Known += r.Known
	}
	named := map[string]int{}
	putOff := map[string]deferred{}
	for _, item := range r.Seen {
		named[item.Reason]++
		if item.Outcome == "dropped" && comesAgain(item.Reason) {
			putOff[item.Article+item.Key] = deferred{at, r.At, item.Key, item.Article, item.Reason}
			continue
		}
		b.item(r, item)
	}
	if r.Status == "ok" {
		b.next(f, putOff)
	}
	b.nameless(f, r, at, named)
}

// item enters one item that is settled as far as the fetcher goes.
func (b *book) item(r messages.PollReport, item messages.SeenItem) {
	if item.Outcome == "published" {
		b.sight(revision{item.Article, max(item.Revision, 1)}, r.Feed, r.At).key = item.Key
		return
	}
	m := met{r.Feed, item.Key, item.Article, item.Outcome + item.Reason}
	if b.once[m] {
		return
	}
	b.once[m] = true
	sum := b.sum(placeOf(r.Feed, r.At))
	sum.Seen++
	if item.Outcome == "duplicate" {
		sum.Duplicate++
	} else {
		sum.Filtered++
	}
}

// next replaces what the feed had put off by what it puts off now. What is put off again keeps its first sighting; what
// is not mentioned any more has been dealt with or has left the feed, which the end of the account tells.
func (b *book) next(f *feedBook, putOff map[string]deferred) {
	for id, d := range f.deferred {
		if _, again := putOff[id]; again {
			putOff[id] = d
		} else {
			b.gone = append(b.gone, d)
		}
	}
	f.deferred = putOff
}

// nameless enters items that no report can name. Each poll of the same document counts them again, so only a rise
// against the poll before counts.
func (b *book) nameless(f *feedBook, r messages.PollReport, at place, named map[string]int) {
	if r.Status != "ok" {
		return
	}
	for reason, n := range r.Dropped {
		n -= named[reason]
		if rise := n - f.nameless[reason]; rise > 0 {
			sum := b.sum(at)
			sum.Seen += rise
			sum.Filtered += rise
		}
		f.nameless[reason] = n
	}
	for reason := range f.nameless {
		if r.Dropped[reason] == 0 {
			delete(f.nameless, reason)
		}
	}
}

// settleDeferred enters what is still put off, and names what left its feed before its turn came.
func (b *book) settleDeferred(held map[string]int, a *Account) {
	for _, f := range b.feeds {
		for _, d := range f.deferred {
			sum := b.sum(d.place)
			sum.Seen++
			sum.Pending++
		}
	}
	if len(b.gone) == 0 {
		return
	}
	arrived := map[string]bool{}
	for i := range b.sightings {
		arrived[b.sightings[i].article] = true
	}
	for m := range b.once {
		arrived[m.article] = true
	}
	for _, d := range b.gone {
		if arrived[d.article] || held[d.article] > 0 || !b.wanted(d.place) {
			continue
		}
		arrived[d.article] = true
		b.sum(d.place).Seen++
		a.Behind = append(a.Behind, Finding{
			Feed: d.feed, Seen: d.at.UTC(), Article: d.article, Key: d.key,
			Sentence: "the fetcher put it off (" + d.reason + "), and it had left the feed before its turn came",
		})
	}
}

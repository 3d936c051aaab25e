package fetcher

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/schedule"
)

// Report statuses.
const (
	statusOK          = "ok"
	statusNotModified = "not_modified"
	statusFailed      = "failed"
)

// goOnAfter is how soon a poll that ran out of its budget is followed by the next.
const goOnAfter = 15 * time.Second

// close writes what the poll came to into the state and the report. Nothing is stored or sent yet.
func (p *poll) close(a answer, seen Seen) {
	p.report.HTTPStatus, p.report.Bytes = a.response.Status, a.response.Wire
	now := p.o.Now()
	p.forgive()
	switch {
	case a.failure != nil:
		p.closeFailed(*a.failure)
	case a.document == nil:
		p.closeWorked(a, now)
		p.report.Status, p.report.Sentence = statusNotModified, "nothing changed since the last poll"
		p.state.Unchanged = now.UTC()
	default:
		p.spotGap(seen)
		p.spotLie(a)
		p.spotDamage(*a.document)
		p.closeWorked(a, now)
		p.closeDocument(a, seen, now)
	}
	p.recovered()
	if a.failure == nil {
		p.state.History = p.state.History.After(now, p.posted)
	}
	choice := schedule.Next(p.reading(a), p.limits())
	if p.report.Dropped[dropBudget] > 0 || p.report.Dropped[dropTurn] > 0 {
		choice.Wait = min(choice.Wait, max(goOnAfter, p.turn))
	}
	p.state.Interval = int(choice.Interval.Seconds())
	p.state.NextPoll = now.Add(choice.Wait).UTC()
	p.state.Committed, p.state.Due = now.UTC(), p.due.Sequence
	p.state.Claim, p.state.Removed = nil, false
	p.report.NextPoll = p.state.NextPoll
	p.report.Duration = now.Sub(p.started).Seconds()
}

// reading is what the schedule wants to know.
func (p *poll) reading(a answer) schedule.Poll {
	r := schedule.Poll{
		Now: p.o.Now(), History: p.state.History,
		Previous: time.Duration(p.state.Interval) * time.Second, Items: p.report.Items, New: p.report.New,
		MaxAge: a.response.MaxAge, RetryAfter: a.response.RetryAfter, Every: p.feed.Every(), Failures: p.weight(a),
		Gone: a.response.Status == http.StatusGone, Jitter: p.o.Rand(),
	}
	if !p.state.Committed.IsZero() {
		r.Since = p.started.Sub(p.state.Committed)
	}
	if a.document != nil {
		p.state.Asks = a.document.Asks
	}
	r.TTL, r.SkipHours, r.SkipDays = p.state.Asks.TTL, p.state.Asks.SkipHours, p.state.Asks.SkipDays
	if a.failure != nil {
		r.RetryAfter = max(r.RetryAfter, a.failure.RetryAfter)
	}
	return r
}

// weight is how many failures count for the back-off: a name that cannot be looked up is often this side's trouble and
// counts a quarter.
func (p *poll) weight(a answer) int {
	if a.failure != nil && a.failure.Kind == FailDNS {
		return (p.state.Failures + 3) / 4
	}
	return p.state.Failures
}

func (p *poll) closeFailed(f Failure) {
	p.report.Status, p.report.Sentence = statusFailed, f.Sentence
	p.state.Failures++
	p.state.Reason = f.Sentence
	p.doubtMove()
	trouble := troubleOf(f, p.report.HTTPStatus)
	// A feed that never worked is announced at once, one that did when it fails for the third time: most return by then.
	// Only worse troubles follow the first, so that an unsteady one is not told again and again.
	ripe := p.state.Failures >= 3 || p.state.Succeeded.IsZero() || trouble == messages.EventGone
	if ripe && worse[trouble] > worse[p.state.Trouble] {
		p.state.Trouble = trouble
		p.event(trouble, f.Sentence+"; it is tried again with growing pauses")
	}
}

// worse orders the troubles of a feed that cannot be read.
var worse = map[string]int{messages.EventFailing: 1, messages.EventBroken: 2, messages.EventBlocked: 3, messages.EventGone: 4}

func troubleOf(f Failure, status int) string {
	switch {
	case status == http.StatusGone:
		return messages.EventGone
	case blocks(f, status):
		return messages.EventBlocked
	case f.Kind == FailContent:
		return messages.EventBroken
	}
	return messages.EventFailing
}

// blocks reports whether a failure means that the site does not want this reader.
func blocks(f Failure, status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusUnavailableForLegalReasons:
		return true
	}
	return f.Kind == FailRobots
}

func (p *poll) closeWorked(a answer, now time.Time) {
	if p.state.Trouble != "" {
		p.passed = append(p.passed, fmt.Sprintf("works again after %d failed polls", p.state.Failures))
	}
	if !p.state.Succeeded.IsZero() { // a first document is back catalogue
		p.state.Days = p.state.Days.add(now, p.report.New)
	}
	p.state.Trouble, p.state.Reason, p.state.Failures = "", "", 0
	p.state.Succeeded = now.UTC()
	p.watchRhythm(a.document, now)
}

// closeDocument remembers the document. Its validators are kept only when it was whole and nothing in it must be met again:
// the next answer would otherwise be "not modified". Those of a sitemap index say nothing of the sitemaps it names.
func (p *poll) closeDocument(a answer, seen Seen, now time.Time) {
	p.state.ETag, p.state.LastModified = a.response.ETag, a.response.LastModified
	p.state.Full, p.state.Unchanged = now.UTC(), time.Time{}
	p.state.Whole = p.whole
	if p.again() > 0 || a.document.Damaged || a.response.Cut || len(a.document.Maps) > 0 {
		p.state.ETag, p.state.LastModified = "", ""
	}
	p.state.Seen = p.state.Seen.after(seen)
	p.state.Items = p.report.Items
	p.report.Status = statusOK
	p.report.Sentence = p.sentence(slices.Concat(a.response.Notes, a.document.Notes, p.notes))
}

// sentence sums up a document that was read.
func (p *poll) sentence(notes []string) string {
	r := p.report
	if r.Items == 0 {
		return "the feed is there but holds no items"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d items: %d new, %d known", r.Items, r.New, r.Known)
	if n := r.Items - r.New - r.Known; n > 0 {
		fmt.Fprintf(&b, ", %d dropped", n)
	}
	for _, n := range notes {
		b.WriteString("; " + n)
	}
	return b.String()
}

// spotGap says so when nothing of the last document is in this one: whatever came and went between was missed.
func (p *poll) spotGap(seen Seen) {
	if p.state.Items == 0 || p.report.Items == 0 || len(p.state.Seen) == 0 {
		return
	}
	known := p.state.Seen.byKey()
	for _, e := range seen {
		if _, there := known[e.Key]; there {
			return
		}
	}
	p.event(messages.EventGap, "none of the items of the last poll is in the feed any more; items may have come and gone between, poll it more often")
}

func (p *poll) event(name, sentence string) {
	p.events = append(p.events, messages.FeedEvent{
		Version: messages.Version, Feed: p.feed.ID, Source: p.feed.Source, Event: name, At: p.o.Now().UTC(),
		Sentence: sentence, Failures: p.state.Failures,
	})
}

package fetcher

import (
	"fmt"
	"strings"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/fetcher/feed"
)

// Sign is a trouble that was announced and is not over.
type Sign struct {
	Since time.Time `json:"since"`
	// Sentence is what was said when it began.
	Sentence string `json:"sentence"`
}

// staleAfter is how old the newest item of a feed may be that nothing else is known of.
const staleAfter = 90 * 24 * time.Hour

// begin announces a sign unless it is known; over notes that one has passed, in words for the event that says so.
func (p *poll) begin(event, sentence string) {
	if _, told := p.state.Signs[event]; told {
		return
	}
	if p.state.Signs == nil {
		p.state.Signs = map[string]Sign{}
	}
	p.state.Signs[event] = Sign{p.o.Now().UTC(), sentence}
	p.event(event, sentence)
}

func (p *poll) over(event, sentence string) {
	sign, told := p.state.Signs[event]
	if !told {
		return
	}
	delete(p.state.Signs, event)
	p.passed = append(p.passed, fmt.Sprintf("%s after %s", sentence, span(p.o.Now().Sub(sign.Since))))
}

// recovered announces everything that has passed in one event.
func (p *poll) recovered() {
	if len(p.passed) > 0 {
		p.event(messages.EventRecovered, strings.Join(p.passed, "; "))
	}
}

// watchRhythm looks at a poll that worked for silence, and at a document for emptiness and age.
func (p *poll) watchRhythm(doc *feed.Document, now time.Time) {
	switch {
	case doc == nil:
	case p.report.Items == 0:
		p.begin(messages.EventEmpty, "the feed is there but holds no items; look at its address in a browser")
	default:
		p.over(messages.EventEmpty, "holds items again")
	}
	fresh := p.report.New > 0
	switch {
	case p.state.Rhythm.Last.IsZero() && doc != nil && p.report.Items > 0:
		p.firstRhythm(*doc, now)
	case fresh:
		p.over(messages.EventSilent, "brings news again")
		p.over(messages.EventStale, "brings news again")
		p.state.Rhythm = p.state.Rhythm.after(now)
	}
	p.spotSilence(now)
	p.spotDrop(now)
}

// firstRhythm learns from the dates of the first document.
func (p *poll) firstRhythm(doc feed.Document, now time.Time) {
	dates := make([]time.Time, len(doc.Items))
	newest := time.Time{}
	for i, it := range doc.Items {
		dates[i] = it.Published
		if it.Published.After(newest) {
			newest = it.Published
		}
	}
	p.state.Rhythm = rhythmOf(dates, now)
	if !newest.IsZero() && now.Sub(newest) > staleAfter {
		p.begin(messages.EventStale, fmt.Sprintf("its newest item is of %s; the feed may be abandoned, look for its successor", newest.UTC().Format(time.DateOnly)))
	}
}

func (p *poll) spotSilence(now time.Time) {
	r := p.state.Rhythm
	after := r.silentAfter(now)
	_, stale := p.state.Signs[messages.EventStale]
	if stale || after == 0 || now.Sub(r.Last) <= after {
		return
	}
	if !r.steady(now) && p.state.History.Surprise(r.Last, now) < surprising {
		return
	}
	p.begin(messages.EventSilent, fmt.Sprintf("nothing new since %s; it usually brings something every %s, and its longest pause of late was %s",
		r.Last.UTC().Format("2006-01-02 15:04 MST"), span(time.Duration(r.Usual)*time.Second), span(time.Duration(r.Longest)*time.Second)))
}

// spotDamage says when a document holds items that cannot be read, and when the next one is whole again.
func (p *poll) spotDamage(doc feed.Document) {
	lost := doc.Lost + p.report.Dropped[dropInvalid]
	if lost == 0 {
		p.over(messages.EventBroken, "can be read wholly again")
		return
	}
	p.begin(messages.EventBroken, fmt.Sprintf("%d of %d items cannot be read; the others are", lost, p.report.Items))
}

// span writes a duration for readers: two units at most.
func span(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d seconds", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()+0.5))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24+0.5))
}

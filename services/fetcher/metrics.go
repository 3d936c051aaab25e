package fetcher

import "tocsin/pkg/messages"

const (
	metricPolls     = "tocsin_fetcher_polls_total"
	metricItems     = "tocsin_fetcher_items_total"
	metricPoll      = "tocsin_fetcher_poll_seconds"
	metricBytes     = "tocsin_fetcher_received_bytes_total"
	metricPages     = "tocsin_fetcher_pages_total"
	metricEvents    = "tocsin_fetcher_events_total"
	metricPostponed = "tocsin_fetcher_postponed_total"
	metricAside     = "tocsin_fetcher_host_waits_total"
	metricOverdue   = "tocsin_fetcher_overdue_total"
	metricSeen      = "tocsin_fetcher_published_to_seen_seconds"
	metricFeeds     = "tocsin_fetcher_feeds"
	metricTroubled  = "tocsin_fetcher_feeds_in_trouble"
)

// Metrics returns the help sentence of every metric the fetcher counts.
func Metrics() map[string]string {
	return map[string]string{
		metricPolls:     "Polls that closed, by status.",
		metricItems:     "Items met, by outcome; what was dropped by its reason.",
		metricPoll:      "How long a poll took, pages included.",
		metricBytes:     "Bytes of feeds as they travelled.",
		metricPages:     "Article pages asked for, by outcome.",
		metricEvents:    "Events of feeds, by kind.",
		metricPostponed: "Due polls put off because the workers are behind.",
		metricAside:     "Polls put off because it was not their host's turn.",
		metricOverdue:   "Polls that were scheduled again because their time had passed.",
		metricSeen:      "Seconds from when an article says that it was published to its first sight; back catalogue, later revisions and stamps of the future do not count.",
		metricFeeds:     "Feeds that are configured and read; every fetcher counts all of them.",
		metricTroubled:  "Feeds in trouble by what was announced of them (silent, failing, blocked …), as of the last look at each, some minutes after its poll; every fetcher counts all of them.",
	}
}

// count tells the meter about a poll that closed.
func (p *poll) count(a answer) {
	m := p.o.Meter
	m.Add(metricPolls, 1, "status", p.report.Status)
	m.Observe(metricPoll, p.report.Duration)
	m.Add(metricBytes, float64(a.response.Wire))
	m.Add(metricItems, float64(p.report.Known), "outcome", "known")
	for _, s := range p.report.Seen {
		if s.Outcome != dropped {
			m.Add(metricItems, 1, "outcome", s.Outcome)
		}
	}
	for reason, n := range p.report.Dropped {
		m.Add(metricItems, float64(n), "outcome", reason)
	}
	for _, e := range p.events {
		m.Add(metricEvents, 1, "event", e.Event)
	}
	p.o.Log.Debug("feed polled", "feed", p.feed.ID, "status", p.report.Status, "sentence", p.report.Sentence, "next_poll", p.report.NextPoll)
}

// troubles are the events that stand for a trouble that lasts.
var troubles = [...]string{
	messages.EventFailing, messages.EventBroken, messages.EventBlocked, messages.EventGone, messages.EventSilent, messages.EventEmpty,
	messages.EventStale, messages.EventLying, messages.EventDrop, messages.EventThin,
}

// declare makes the counters appear with 0, so that the first event is seen as a rise from it.
func declare(m Meter) {
	for _, status := range [...]string{statusOK, statusNotModified, statusFailed} {
		m.Add(metricPolls, 0, "status", status)
	}
	for _, outcome := range [...]string{"known", published, duplicate} {
		m.Add(metricItems, 0, "outcome", outcome)
	}
	for _, event := range append(troubles[:], messages.EventMoved, messages.EventGap, messages.EventRecovered) {
		m.Add(metricEvents, 0, "event", event)
	}
	for _, name := range [...]string{metricBytes, metricPostponed, metricAside, metricOverdue} {
		m.Add(name, 0)
	}
	m.Add(metricPages, 0, "outcome", "ok")
}

// census tells how many feeds are configured, and how many of them are in which trouble.
func (w *watchkeeper) census(m Meter) {
	count := map[string]int{}
	for _, signs := range w.signs {
		for _, sign := range signs {
			count[sign]++
		}
	}
	m.Set(metricFeeds, float64(len(w.signs)))
	for _, trouble := range troubles {
		m.Set(metricTroubled, float64(count[trouble]), "sign", trouble)
	}
}

// noteSigns remembers what was announced of a feed and is not over.
func (w *watchkeeper) noteSigns(feed string, s PollState) {
	var signs []string
	for _, trouble := range troubles {
		if _, told := s.Signs[trouble]; told || s.Trouble == trouble {
			signs = append(signs, trouble)
		}
	}
	w.signs[feed] = signs
}

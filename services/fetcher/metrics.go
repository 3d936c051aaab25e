package fetcher

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

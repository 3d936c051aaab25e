package extractor

import (
	"time"

	"tocsin/pkg/messages"
)

// Meter takes the figures of the stage; labels alternate name and value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

// Names of the figures.
const (
	metricArticles  = "tocsin_extractor_articles_total"
	metricRefused   = "tocsin_extractor_refused_total"
	metricText      = "tocsin_extractor_texts_total"
	metricSeconds   = "tocsin_extractor_article_seconds"
	metricEntities  = "tocsin_extractor_entities_total"
	metricDates     = "tocsin_extractor_dates_total"
	metricAlerts    = "tocsin_extractor_alerts_total"
	metricNear      = "tocsin_extractor_near_total"
	metricRejected  = "tocsin_extractor_rejected_total"
	metricExtracted = "tocsin_extractor_seen_to_extracted_seconds"
	metricToAlert   = "tocsin_extractor_seen_to_alerted_seconds"
	metricEngine    = "tocsin_extractor_engine_seconds"
	metricAbandoned = "tocsin_extractor_abandoned_total"
	metricConflicts = "tocsin_extractor_rang_conflicts_total"
)

// Metrics lists every figure the stage gives to its Meter, with a sentence on each.
func Metrics() map[string]string {
	return map[string]string{
		metricArticles:  "Articles enriched and published, by language.",
		metricRefused:   "Messages that can never be handled, by reason.",
		metricText:      "Articles by where their text came from.",
		metricSeconds:   "Seconds spent on one article, publishing included.",
		metricEntities:  "Entities found, by kind.",
		metricDates:     "Dates found.",
		metricAlerts:    "Alerts published, by tier and status; retro tells those about the past.",
		metricNear:      "Near misses published: what almost rang.",
		metricRejected:  "Matches that did not ring because an operator rejected them.",
		metricExtracted: "Seconds from the first sight of an article to its being enriched and published; back catalogue, later revisions and replays do not count.",
		metricToAlert:   "Seconds from the first sight of an article to its alert; alerts about the past do not count.",
		metricEngine:    "Seconds one engine took for one article: page (unpack and main text), language, published, entities, dates, sketch, watch.",
		metricAbandoned: "Steps given up because they took too long or panicked, by step.",
		metricConflicts: "Times that another extractor wrote what rang for the same article first.",
	}
}

type noMeter struct{}

func (noMeter) Add(string, float64, ...string)     {}
func (noMeter) Observe(string, float64, ...string) {}

// declare makes the counters appear with 0, so that the first event is seen as a rise from it.
func declare(m Meter) {
	for _, tier := range [...]string{messages.TierConfirmed, messages.TierProbable, messages.TierReview, messages.TierRetro} {
		for _, status := range [...]string{messages.StatusNew, messages.StatusChanged, messages.StatusWithdrawn} {
			m.Add(metricAlerts, 0, "tier", tier, "status", status)
		}
	}
	for _, step := range [...]string{stepPage, stepPublished, stepEntities} {
		m.Add(metricAbandoned, 0, "step", step)
	}
	for _, reason := range [...]string{"undecodable", "invalid", "oversize", "contract", "rang", "stories"} {
		m.Add(metricRefused, 0, "reason", reason)
	}
	for _, name := range [...]string{metricDates, metricNear, metricRejected, metricConflicts} {
		m.Add(name, 0)
	}
}

// Steps whose time is taken, and of which some may be abandoned.
const (
	stepPage      = "page"
	stepLanguage  = "language"
	stepPublished = "published"
	stepEntities  = "entities"
	stepDates     = "dates"
	stepSketch    = "sketch"
	stepWatch     = "watch"
)

// stopwatch takes the time of one step after the other.
type stopwatch struct {
	x    *Extractor
	last time.Time
}

// lap gives the time since the lap before to a step.
func (s *stopwatch) lap(step string) {
	now := s.x.o.Now()
	s.x.o.Meter.Observe(metricEngine, now.Sub(s.last).Seconds(), "engine", step)
	s.last = now
}

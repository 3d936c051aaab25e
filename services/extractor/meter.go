package extractor

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
	metricToAlert   = "tocsin_extractor_time_to_alert_seconds"
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
		metricToAlert:   "Seconds from the first sight of an article to its alert; alerts about the past do not count.",
		metricAbandoned: "Steps given up because they took too long or panicked, by step.",
		metricConflicts: "Times that another extractor wrote what rang for the same article first.",
	}
}

type noMeter struct{}

func (noMeter) Add(string, float64, ...string)     {}
func (noMeter) Observe(string, float64, ...string) {}

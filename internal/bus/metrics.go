package bus

// Meter takes measurements; labels are alternating name, value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

type noMeter struct{}

func (noMeter) Add(string, float64, ...string)     {}
func (noMeter) Observe(string, float64, ...string) {}

// writeErrors are the reasons that failed writes are counted by; settlements the outcomes of messages.
var (
	writeErrors = [...]string{"refused", "unanswered", "too_large", "stopped", "other"}
	settlements = [...]string{"ack", "nak", "dead", "released"}
)

// declareLink makes the counters of a connection appear with 0, so that the first event is seen as a rise from it.
func declareLink(m Meter) {
	for _, reason := range writeErrors {
		m.Add("tocsin_bus_write_errors_total", 0, "reason", reason)
	}
	for _, outcome := range [...]string{"stored", "refused"} {
		m.Add("tocsin_bus_batches_total", 0, "outcome", outcome)
	}
	m.Add("tocsin_bus_reconnects_total", 0)
}

// declareConsumer does the same for one consumer.
func declareConsumer(m Meter, consumer string) {
	for _, outcome := range settlements {
		m.Add("tocsin_bus_settled_total", 0, "consumer", consumer, "outcome", outcome)
	}
	for _, reason := range [...]string{reasonCrash, reasonFailing} {
		m.Add("tocsin_bus_dead_letters_total", 0, "consumer", consumer, "reason", reason)
	}
	m.Add("tocsin_bus_panics_total", 0, "consumer", consumer)
	m.Add("tocsin_bus_gate_shut_total", 0, "consumer", consumer)
}

// Metrics gives every metric of the package with a sentence of help.
func Metrics() map[string]string {
	return map[string]string{
		"tocsin_bus_published_total":        "Messages a stream acknowledged, by stream.",
		"tocsin_bus_write_errors_total":     "Messages, bucket entries and schedules that were not stored, by reason: refused (the server said no, a full disk included), unanswered, too_large, stopped (by this process), other.",
		"tocsin_bus_batches_total":          "Atomic batches by outcome: stored, or refused and then sent one by one.",
		"tocsin_bus_publish_seconds":        "Time from sending a message to its stream's acknowledgement, by stream.",
		"tocsin_bus_settled_total":          "Messages settled, by consumer and outcome (ack, nak, dead, released).",
		"tocsin_bus_dead_letters_total":     "Messages set aside, by consumer and reason.",
		"tocsin_bus_handle_seconds":         "Time a handler took for one message or one batch, by consumer.",
		"tocsin_bus_age_seconds":            "Time from storing a message to acknowledging it, by consumer.",
		"tocsin_bus_panics_total":           "Handlers that panicked, by consumer.",
		"tocsin_bus_gate_shut_total":        "Times a consumer stopped fetching because what it needs is down, by consumer.",
		"tocsin_bus_reconnects_total":       "Times a lost connection to NATS came back.",
		"tocsin_bus_max_age_extended_total": "Times a stream's max age was extended for unread messages, by stream.",
	}
}

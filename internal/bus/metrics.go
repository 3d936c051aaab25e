package bus

// Meter takes measurements; labels are alternating name, value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

type noMeter struct{}

func (noMeter) Add(string, float64, ...string)     {}
func (noMeter) Observe(string, float64, ...string) {}

// Metrics gives every metric of the package with a sentence of help.
func Metrics() map[string]string {
	return map[string]string{
		"tocsin_bus_published_total":        "Messages a stream acknowledged, by stream.",
		"tocsin_bus_publish_errors_total":   "Messages that could not be published.",
		"tocsin_bus_batches_total":          "Atomic batches by outcome: stored, or refused and then sent one by one.",
		"tocsin_bus_publish_seconds":        "Time from sending a message to its stream's acknowledgement, by stream.",
		"tocsin_bus_settled_total":          "Messages settled, by consumer and outcome (ack, nak, dead, released).",
		"tocsin_bus_handle_seconds":         "Time a handler took for one message or one batch, by consumer.",
		"tocsin_bus_age_seconds":            "Time from storing a message to acknowledging it, by consumer.",
		"tocsin_bus_panics_total":           "Handlers that panicked, by consumer.",
		"tocsin_bus_gate_shut_total":        "Times a consumer stopped fetching because what it needs is down, by consumer.",
		"tocsin_bus_reconnects_total":       "Times a lost connection to NATS came back.",
		"tocsin_bus_max_age_extended_total": "Times a stream's max age was extended for unread messages, by stream.",
	}
}

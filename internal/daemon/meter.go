package daemon

import (
	"math"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// maxSeries bounds the label combinations of one metric. What comes after is counted under the label value "other": a
// metric that grew with every host of the web would take the process down with it.
const maxSeries = 10_000

const (
	misusedName = "tocsin_meter_misused_total"
	misusedHelp = "Calls of the meter that did not fit the metric they named: other labels, another kind, not a number."
	buildName   = "tocsin_build_info"
	buildHelp   = "Always 1; the labels name the running service and its version."
	genericHelp = "No description was registered for this metric."
)

// Metrics returns the help sentence of every metric that a process has without asking, those that dashboards show.
func Metrics() map[string]string {
	return map[string]string{
		misusedName: misusedHelp,
		buildName:   buildHelp,

		"process_resident_memory_bytes": "Resident memory of the process.",
		"process_cpu_seconds_total":     "Processor time of the process, user and system.",
		"go_goroutines":                 "Goroutines there are.",
	}
}

// Meter counts and measures under metric names, without anybody declaring collectors first. The name's ending decides
// what a metric is:
//
//	…_total      a counter, by Add
//	otherwise    a gauge, by Set, or moved up and down by Add
//	Observe      a histogram; buckets suit _seconds, _bytes, _ratio, else counts of things
//
// Labels alternate name and value. The first call of a name fixes its kind and label names; a later call that differs
// is squeezed into them as far as it goes and counted in tocsin_meter_misused_total, never a panic. A known series
// costs one map look-up. A Meter may be used from many goroutines; several may share a registry and a name.
type Meter struct {
	reg     prometheus.Registerer
	help    map[string]string
	misused *prometheus.CounterVec

	mu       sync.RWMutex
	series   map[string]series // by name and labels as called
	families map[string]*family
}

// series is one metric with its labels filled in; exactly one field is set, none when the name cannot be registered.
type series struct {
	counter prometheus.Counter
	gauge   prometheus.Gauge
	hist    prometheus.Observer
}

// NewMeter returns a Meter that registers into reg what it is asked to count. help maps metric names to their one
// sentence; a name without one still counts.
func NewMeter(reg prometheus.Registerer, help map[string]string) *Meter {
	misused := prometheus.NewCounterVec(prometheus.CounterOpts{Name: misusedName, Help: misusedHelp}, []string{"metric"})
	if twin := register(reg, misused); twin != nil {
		misused = twin
	}
	return &Meter{reg: reg, help: help, misused: misused, series: map[string]series{}, families: map[string]*family{}}
}

// Add adds n to a counter (name ends in _total; n must not be negative) or moves a gauge by n.
func (m *Meter) Add(name string, n float64, labels ...string) {
	want := kindGauge
	if strings.HasSuffix(name, "_total") {
		want = kindCounter
	}
	s := m.find(want, name, labels)
	switch {
	case s.counter != nil && n >= 0:
		s.counter.Add(n)
	case s.gauge != nil && !math.IsNaN(n):
		s.gauge.Add(n)
	default:
		m.misuse(name)
	}
}

// Set sets a gauge to v.
func (m *Meter) Set(name string, v float64, labels ...string) {
	s := m.find(kindGauge, name, labels)
	if s.gauge == nil || math.IsNaN(v) {
		m.misuse(name)
		return
	}
	s.gauge.Set(v)
}

// Observe puts v into a histogram. v is in the unit that the name ends in.
func (m *Meter) Observe(name string, v float64, labels ...string) {
	s := m.find(kindHistogram, name, labels)
	if s.hist == nil || math.IsNaN(v) {
		m.misuse(name)
		return
	}
	s.hist.Observe(v)
}

func (m *Meter) misuse(name string) { m.misused.WithLabelValues(strings.ToValidUTF8(name, "?")).Inc() }

// find returns the series of a call, made on its first use. want is the kind the call implies; when the name is of
// another kind the series has another field set, and the caller counts the misuse.
func (m *Meter) find(want kind, name string, labels []string) series {
	var room [256]byte
	key := appendKey(room[:0], name, labels)
	m.mu.RLock()
	s, ok := m.series[string(key)]
	m.mu.RUnlock()
	if ok {
		return s
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	f := m.families[name]
	if f == nil {
		f = newFamily(m.reg, want, name, m.helpFor(name), labels)
		m.families[name] = f
	}
	values, fits := f.values(labels)
	if !fits {
		m.misuse(name)
		return f.with(values) // not kept: every such call is counted
	}
	if f.seen++; f.seen > maxSeries {
		return f.overflow()
	}
	s = f.with(values)
	m.series[string(key)] = s
	return s
}

func (m *Meter) helpFor(name string) string {
	if h := m.help[name]; h != "" {
		return h
	}
	return genericHelp
}

// appendKey keeps the parts apart with a byte that no name holds and no UTF-8 text contains.
func appendKey(b []byte, name string, labels []string) []byte {
	b = append(b, name...)
	for _, l := range labels {
		b = append(b, 0xff)
		b = append(b, l...)
	}
	return b
}

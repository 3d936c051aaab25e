package daemon

import (
	"errors"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// kind is what a metric is; it never changes after the first use of its name.
type kind int

const (
	kindCounter kind = iota
	kindGauge
	kindHistogram
)

// family is one metric name with the label names its first use fixed. At most one vector is set; none when the registry
// refused the name, and then everything said under it is counted as misuse.
type family struct {
	labels  []string
	seen    int
	counter *prometheus.CounterVec
	gauge   *prometheus.GaugeVec
	hist    *prometheus.HistogramVec
}

func newFamily(reg prometheus.Registerer, k kind, name, help string, labels []string) *family {
	f := &family{labels: labelNames(labels)}
	switch k {
	case kindCounter:
		f.counter = register(reg, prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, f.labels))
	case kindGauge:
		f.gauge = register(reg, prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, f.labels))
	case kindHistogram:
		f.hist = register(reg, prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: name, Help: help, Buckets: buckets(name),
		}, f.labels))
	}
	return f
}

// labelNames are the even elements, sorted, each once.
func labelNames(labels []string) []string {
	var names []string
	for i := 0; i+1 < len(labels); i += 2 {
		names = append(names, labels[i])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// values orders the label values of a call as the family's label names are; a missing one is "". It reports whether
// the call's labels were exactly the family's.
func (f *family) values(labels []string) ([]string, bool) {
	values := make([]string, len(f.labels))
	met := 0
	for i := 0; i+1 < len(labels); i += 2 {
		if at, ok := slices.BinarySearch(f.labels, labels[i]); ok {
			values[at] = strings.ToValidUTF8(labels[i+1], "?")
			met++
		}
	}
	return values, met == len(f.labels) && len(labels) == 2*met
}

// with returns the family's series for label values in the family's order.
func (f *family) with(values []string) series {
	var s series
	switch {
	case f.counter != nil:
		s.counter, _ = f.counter.GetMetricWithLabelValues(values...)
	case f.gauge != nil:
		s.gauge, _ = f.gauge.GetMetricWithLabelValues(values...)
	case f.hist != nil:
		s.hist, _ = f.hist.GetMetricWithLabelValues(values...)
	}
	return s
}

func (f *family) overflow() series {
	return f.with(slices.Repeat([]string{"other"}, len(f.labels)))
}

// register returns c, or its twin that another Meter registered before; nil when the registry refuses it.
func register[C prometheus.Collector](reg prometheus.Registerer, c C) C {
	err := reg.Register(c)
	if err == nil {
		return c
	}
	if twin, ok := errors.AsType[prometheus.AlreadyRegisteredError](err); ok {
		if existing, ok := twin.ExistingCollector.(C); ok {
			return existing
		}
	}
	var none C
	return none
}

// buckets reach from the fastest step to the slowest age that anybody asks about: three days, from publishing to first sight.
func buckets(name string) []float64 {
	switch {
	case strings.HasSuffix(name, "_seconds"):
		return []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400, 259200}
	case strings.HasSuffix(name, "_bytes"):
		return prometheus.ExponentialBuckets(256, 4, 10) // 256 B to 64 MiB
	case strings.HasSuffix(name, "_ratio"):
		return prometheus.LinearBuckets(.1, .1, 10)
	}
	return []float64{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000}
}

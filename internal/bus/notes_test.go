package bus

import (
	"log/slog"
	"strings"
	"sync"
)

// notes is a log to look into.
type notes struct {
	mu   sync.Mutex
	text strings.Builder
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.Write(p)
}

func (n *notes) logger() *slog.Logger { return slog.New(slog.NewTextHandler(n, nil)) }

func (n *notes) count(what string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Count(n.text.String(), what)
}

// readings is a Meter to look into: sums by name and labels.
type readings struct {
	mu   sync.Mutex
	sums map[string]float64
	used map[string]bool
}

// Add implements Meter.
func (r *readings) Add(name string, n float64, labels ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sums == nil {
		r.sums, r.used = map[string]float64{}, map[string]bool{}
	}
	r.sums[name+"{"+strings.Join(labels, ",")+"}"] += n
	r.used[name] = true
}

// Observe implements Meter.
func (r *readings) Observe(name string, v float64, labels ...string) { r.Add(name, v, labels...) }

func (r *readings) sum(key string) float64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sums[key]
}

package daemon

import (
	"fmt"
	"math"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// scrape returns the sample and comment lines of the metrics whose names begin with name, as /metrics shows them.
func scrape(t *testing.T, reg *prometheus.Registry, name string) string {
	t.Helper()
	w := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("/metrics: %d %s", w.Code, w.Body)
	}
	var lines strings.Builder
	for line := range strings.Lines(w.Body.String()) {
		bare := strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE ")
		if strings.HasPrefix(bare, name) {
			lines.WriteString(line)
		}
	}
	return lines.String()
}

func expect(t *testing.T, reg *prometheus.Registry, name, want string) {
	t.Helper()
	if got := scrape(t, reg, name); got != strings.TrimPrefix(want, "\n") {
		t.Errorf("/metrics shows\n%swant%s", got, want)
	}
}

func TestMeterKindFollowsTheName(t *testing.T) {
	reg := prometheus.NewRegistry()
	m := NewMeter(reg, map[string]string{"tocsin_x_items_total": "Items seen.", "tocsin_x_lag_bytes": "Lag."})
	m.Add("tocsin_x_items_total", 2, "source", "un", "kind", "new")
	m.Add("tocsin_x_items_total", 1, "kind", "new", "source", "un") // the order of labels does not matter
	m.Add("tocsin_x_busy", 3)
	m.Add("tocsin_x_busy", -1)
	m.Set("tocsin_x_open", 7, "what", "files")
	m.Observe("tocsin_x_lag_bytes", 300)
	expect(t, reg, "tocsin_x_items_total", `
# HELP tocsin_x_items_total Items seen.
# TYPE tocsin_x_items_total counter
tocsin_x_items_total{kind="new",source="un"} 3
`)
	expect(t, reg, "tocsin_x_busy", `
# HELP tocsin_x_busy No description was registered for this metric.
# TYPE tocsin_x_busy gauge
tocsin_x_busy 2
`)
	expect(t, reg, "tocsin_x_open", `
# HELP tocsin_x_open No description was registered for this metric.
# TYPE tocsin_x_open gauge
tocsin_x_open{what="files"} 7
`)
	if got := scrape(t, reg, "tocsin_x_lag_bytes"); !strings.Contains(got, `tocsin_x_lag_bytes_bucket{le="1024"} 1`) ||
		!strings.Contains(got, "tocsin_x_lag_bytes_sum 300") {
		t.Errorf("the histogram shows\n%s", got)
	}
	expect(t, reg, misusedName, "")
}

func TestMisuseIsCountedAndNeverPanics(t *testing.T) {
	const name = "tocsin_x_items_total"
	for _, row := range []struct {
		sentence string
		call     func(*Meter)
		misused  int
		under    string
	}{
		{"a missing label counts under the empty value", func(m *Meter) { m.Add(name, 1) }, 1, name},
		{"an unknown label is dropped", func(m *Meter) { m.Add(name, 1, "kind", "new", "extra", "x") }, 1, name},
		{"a label without a value is dropped", func(m *Meter) { m.Add(name, 1, "kind", "new", "odd") }, 1, name},
		{"a repeated misuse is counted each time", func(m *Meter) { m.Add(name, 1); m.Add(name, 1) }, 2, name},
		{"a counter does not go down", func(m *Meter) { m.Add(name, -1, "kind", "new") }, 1, name},
		{"a counter cannot be observed", func(m *Meter) { m.Observe(name, 1, "kind", "new") }, 1, name},
		{"a counter cannot be set", func(m *Meter) { m.Set(name, 1, "kind", "new") }, 1, name},
		{"not-a-number goes nowhere", func(m *Meter) { m.Add(name, math.NaN(), "kind", "new") }, 1, name},
		{"a name the registry refuses is counted as misuse", func(m *Meter) { m.Add("\xff_total", 1) }, 1, "?_total"},
		{"a label value that is not text is repaired", func(m *Meter) { m.Add(name, 1, "kind", "\xff") }, 0, name},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			reg := prometheus.NewRegistry()
			m := NewMeter(reg, nil)
			m.Add(name, 1, "kind", "new")
			row.call(m)
			want := ""
			if row.misused > 0 {
				want = fmt.Sprintf("%s{metric=%q} %d\n", misusedName, row.under, row.misused)
			}
			if got := scrape(t, reg, misusedName+"{"); got != want {
				t.Errorf("/metrics shows %q, want %q", got, want)
			}
		})
	}
}

func TestTwoMetersShareOneRegistry(t *testing.T) {
	reg := prometheus.NewRegistry()
	NewMeter(reg, nil).Add("tocsin_x_items_total", 1)
	NewMeter(reg, nil).Add("tocsin_x_items_total", 2)
	expect(t, reg, "tocsin_x_items_total", `
# HELP tocsin_x_items_total No description was registered for this metric.
# TYPE tocsin_x_items_total counter
tocsin_x_items_total 3
`)
}

func TestSeriesAreBounded(t *testing.T) {
	reg := prometheus.NewRegistry()
	m := NewMeter(reg, nil)
	for i := range maxSeries + 5 {
		m.Add("tocsin_x_hosts_total", 1, "host", fmt.Sprint("h", i))
	}
	got := scrape(t, reg, "tocsin_x_hosts_total{")
	if n := strings.Count(got, "\n"); n != maxSeries+1 {
		t.Errorf("%d series, want %d and one for the rest", n, maxSeries)
	}
	if !strings.Contains(got, `tocsin_x_hosts_total{host="other"} 5`) {
		t.Error("the five that came too late are not counted under other")
	}
}

func TestMeterInManyHands(t *testing.T) {
	reg := prometheus.NewRegistry()
	m := NewMeter(reg, nil)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 200 {
				m.Add("tocsin_x_items_total", 1, "n", fmt.Sprint(i%20))
				m.Observe("tocsin_x_step_seconds", .01, "n", fmt.Sprint(i%20))
			}
		})
	}
	wg.Wait()
	for i := range 20 {
		if want := fmt.Sprintf("tocsin_x_items_total{n=\"%d\"} 80\n", i); scrape(t, reg, want) != want {
			t.Errorf("/metrics lacks %q", want)
		}
	}
}

func BenchmarkMeterAdd(b *testing.B) {
	m := NewMeter(prometheus.NewRegistry(), nil)
	b.ReportAllocs()
	for b.Loop() {
		m.Add("tocsin_x_items_total", 1, "source", "un-news", "kind", "new")
	}
}

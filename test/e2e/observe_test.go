package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// TestWhatOperatorsSee starts every service for real and holds against their metrics pages what dashboards and alarms ask;
// then follows one story through the traces.
func TestWhatOperatorsSee(t *testing.T) {
	f := startFleet(t)
	pages := f.pages(t)
	t.Run("dashboards and alarms ask for what there is", func(t *testing.T) { asksForWhatThereIs(t, f) })
	t.Run("fetchers tell every queue", func(t *testing.T) { fetchersTellEveryQueue(t, pages) })
	t.Run("labels are few, and name nobody", func(t *testing.T) { labelsAreFew(t, pages) })
	t.Run("one trace joins all stages", func(t *testing.T) { oneTrace(t, f) })
}

// series is one line of a metrics page.
type series struct {
	process, metric string
	labels          map[string]string
}

var (
	sampleLine  = regexp.MustCompile(`(?m)^([a-z_:0-9]+)(?:\{(.*)\})? \S+$`)
	labelOfLine = regexp.MustCompile(`([a-z_A-Z0-9]+)="((?:[^"\\]|\\.)*)"`)
)

// pages are the metrics of every process.
func (f fleet) pages(t *testing.T) []series {
	t.Helper()
	var all []series
	for process, admin := range f.admin {
		answer, err := http.Get("http://" + admin + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close() // what was read is read
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status, err)
		}
		for _, m := range sampleLine.FindAllSubmatch(body, -1) {
			s := series{process, string(m[1]), map[string]string{}}
			for _, l := range labelOfLine.FindAllSubmatch(m[2], -1) {
				s.labels[string(l[1])] = string(l[2])
			}
			all = append(all, s)
		}
	}
	return all
}

// selector is one use of a metric in a query, as deploy/tools/selectors tells it.
type selector struct {
	Metric   string
	Matchers []struct{ Label, Op, Value string }
	Labels   []string
}

// targetLabels are what Prometheus adds to every series it scrapes, as deploy/prometheus and the PodMonitor say.
var targetLabels = []string{"service", "instance", "job"}

func asksForWhatThereIs(t *testing.T, f fleet) {
	exprs := slices.Concat(dashboardQueries(t), ruleQueries(t))
	if len(exprs) < 80 {
		t.Fatalf("only %d queries were found", len(exprs))
	}
	queries := selectorsOf(t, exprs)
	eventually(t, func() error { // what is settled last is told last
		pages := f.pages(t)
		var missing []error
		for expr, selectors := range queries {
			if len(selectors) == 0 {
				t.Fatalf("%s asks for no metric", expr)
			}
			for _, s := range selectors {
				if !s.needsElasticsearch() && !slices.ContainsFunc(pages, s.finds) {
					missing = append(missing, fmt.Errorf("%s: no process tells %+v", expr, s))
				}
			}
		}
		return errors.Join(missing...)
	})
}

// needsElasticsearch reports whether only an indexer that writes to Elasticsearch tells the metric, and none runs here.
func (s selector) needsElasticsearch() bool {
	_, only := indexer.AlertMetrics()[regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(s.Metric, "")]
	return only && os.Getenv("TOCSIN_ELASTIC_URL") == ""
}

// finds reports whether a series is selected and has the labels it is grouped by.
func (s selector) finds(one series) bool {
	if one.metric != s.Metric {
		return false
	}
	for _, m := range s.Matchers {
		whole := regexp.MustCompile("^(?:" + m.Value + ")$")
		value := one.labels[m.Label]
		if equal := value == m.Value; m.Op == "=" && !equal || m.Op == "!=" && equal ||
			m.Op == "=~" && !whole.MatchString(value) || m.Op == "!~" && whole.MatchString(value) {
			return false
		}
	}
	return !slices.ContainsFunc(s.Labels, func(l string) bool {
		_, there := one.labels[l]
		return !there && !slices.Contains(targetLabels, l)
	})
}

// selectorsOf has Prometheus' own parser read the queries.
func selectorsOf(t *testing.T, exprs []string) map[string][]selector {
	t.Helper()
	asked, err := json.Marshal(exprs)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "-C", filepath.Join("..", "..", "deploy", "tools"), "run", "./selectors")
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	cmd.Stdin = bytes.NewReader(asked)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		for _, sign := range []string{"dial tcp", "no such host", "module lookup disabled", "i/o timeout"} {
			if strings.Contains(errs.String(), sign) {
				t.Skip("Prometheus' parser cannot be fetched: no module proxy is reached")
			}
		}
		t.Fatalf("%v\n%s", err, errs.String())
	}
	var queries []struct {
		Expr      string
		Selectors []selector
	}
	if err := json.Unmarshal(out.Bytes(), &queries); err != nil {
		t.Fatal(err)
	}
	all := map[string][]selector{}
	for _, q := range queries {
		all[q.Expr] = q.Selectors
	}
	return all
}

// dashboardQueries are the queries of every panel that is committed, Grafana's own variables filled in.
func dashboardQueries(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "deploy", "grafana", "dashboards", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatal("no dashboards", err)
	}
	var all []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Panels []struct{ Targets []struct{ Expr string } }
		}
		if err := json.Unmarshal(data, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				all = append(all, strings.ReplaceAll(q.Expr, "$__rate_interval", "1m"))
			}
		}
	}
	return all
}

// ruleQueries are the conditions of every alarm.
func ruleQueries(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "deploy", "prometheus", "*.rules.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no rules", err)
	}
	var all []string
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var rules struct {
			Groups []struct{ Rules []struct{ Expr string } }
		}
		if err := yaml.Unmarshal(data, &rules); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, g := range rules.Groups {
			for _, r := range g.Rules {
				all = append(all, r.Expr)
			}
		}
	}
	return all
}

// fetchersTellEveryQueue: what waits is known while no extractor or indexer runs.
func fetchersTellEveryQueue(t *testing.T, pages []series) {
	for _, metric := range []string{"tocsin_backlog_messages", "tocsin_backlog_in_progress", "tocsin_backlog_oldest_age_seconds", "tocsin_backlog_max_age_seconds"} {
		for _, consumer := range []string{messages.ConsumerFetcher, messages.ConsumerExtractor, messages.ConsumerIndexer} {
			told := func(s series) bool {
				return s.process == "fetcher" && s.metric == metric && s.labels["consumer"] == consumer
			}
			if !slices.ContainsFunc(pages, told) {
				t.Errorf("a fetcher does not tell %s of %s", metric, consumer)
			}
		}
	}
}

// labelsAreFew: a label is one of a known few, has few values, and none of them names a feed, an article or a watched name.
func labelsAreFew(t *testing.T, pages []series) {
	known := strings.Fields("consumer outcome reason stream status event sign engine step tier kind lang source look result metric service version le quantile")
	values := map[string]map[string]bool{}
	for _, s := range pages {
		if !strings.HasPrefix(s.metric, "tocsin_") {
			continue
		}
		for label, value := range s.labels {
			if !slices.Contains(known, label) {
				t.Errorf("%s of %s has the label %s; is it bounded?", s.metric, s.process, label)
			}
			if lower := strings.ToLower(value); strings.Contains(lower, "brandsma") || strings.Contains(lower, "wire") || strings.Contains(lower, "envoy") {
				t.Errorf("%s of %s names in %s=%q what is watched or read", s.metric, s.process, label, value)
			}
			if values[label] == nil {
				values[label] = map[string]bool{}
			}
			values[label][value] = true
		}
		if s.metric == "tocsin_meter_misused_total" && s.labels["metric"] != "" {
			t.Errorf("%s misused the metric %s", s.process, s.labels["metric"])
		}
	}
	for label, all := range values {
		if len(all) > 40 {
			t.Errorf("the label %s has %d values: %v", label, len(all), slices.Sorted(maps.Keys(all)))
		}
	}
}

// oneTrace begins at the alert that rang and finds the poll that it came from, and everything in between, in its trace.
func oneTrace(t *testing.T, f fleet) {
	var parent string
	if err := connect(t, f.nats).Follow(t.Context(), bus.FollowOptions{Stream: messages.StreamAlerts, Once: true}, func(d messages.Delivery) error {
		parent = d.Header["traceparent"]
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	ids := strings.Split(parent, "-") // version, trace, span, flags: W3C Trace Context, section 3.2
	if len(ids) != 4 {
		t.Fatalf("the alert carries the trace %q", parent)
	}
	// Each step, named by service and span, and the step that it must be a child of.
	steps := [][2]string{
		{"fetcher: process fetcher", ""},
		{"fetcher: publish raw", "fetcher: process fetcher"},
		{"extractor: process extractor", "fetcher: publish raw"},
		{"extractor: publish enriched", "extractor: process extractor"},
		{"extractor: publish alerts", "extractor: process extractor"},
		{"indexer: process indexer", "extractor: publish enriched"},
		{"forward: process forward-hook", "extractor: publish alerts"},
	}
	eventually(t, func() error { // spans travel every few seconds
		spans := f.traces.of(ids[1])
		have := map[[2]string]bool{}
		for _, s := range spans {
			above := ""
			if p, there := spans[s.parent]; there {
				above = p.service + ": " + p.name
			}
			have[[2]string{s.service + ": " + s.name, above}] = true
		}
		for _, step := range steps {
			if !have[step] {
				return fmt.Errorf("the trace has no %q below %q; it has %v", step[0], step[1], have)
			}
		}
		return nil
	})
	if rang, there := f.traces.of(ids[1])[ids[2]]; !there || rang.name != "publish alerts" {
		t.Errorf("the alert names the span %+v as its origin", rang)
	}
}

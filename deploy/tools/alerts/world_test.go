package alerts

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/template"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// minute is the pause between two samples of every series and between two looks at every rule.
const minute = time.Minute

// rules reads every rule of deploy/prometheus, by name, in Prometheus' strict way.
func rules(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", "prometheus", "*.rules.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no rule files", err)
	}
	all := map[string]rulefmt.Rule{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		groups, errs := rulefmt.Parse(data, false, model.LegacyValidation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
		for _, err := range errs {
			t.Fatalf("%s: %v", file, err)
		}
		for _, g := range groups.Groups {
			for _, r := range g.Rules {
				if all[r.Alert].Alert != "" || r.Alert == "" {
					t.Fatalf("%s: rule %q is there twice, or is no alert", file, r.Alert)
				}
				all[r.Alert] = r
			}
		}
	}
	return all
}

// series are time series in memory: each in the notation of promtool, name{labels} and its values, one a minute.
type series []storage.Series

func seriesOf(t *testing.T, described map[string]string) series {
	t.Helper()
	var all series
	for name, values := range described {
		set, sequence, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(name + " " + values)
		if err != nil {
			t.Fatal(err)
		}
		var samples []chunks.Sample
		for i, v := range sequence {
			if !v.Omitted {
				samples = append(samples, sample{int64(i) * minute.Milliseconds(), v.Value})
			}
		}
		all = append(all, storage.NewListSeries(set, samples))
	}
	slices.SortFunc(all, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	return all
}

// sample implements chunks.Sample for a plain number.
type sample struct {
	at    int64
	value float64
}

func (s sample) T() int64                      { return s.at }
func (s sample) ST() int64                     { return 0 }
func (s sample) F() float64                    { return s.value }
func (s sample) H() *histogram.Histogram       { return nil }
func (s sample) FH() *histogram.FloatHistogram { return nil }
func (s sample) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (s sample) Copy() chunks.Sample           { return s }

// querier implements storage.Querier over series.
type querier struct {
	storage.Querier // the methods for labels, which no query of ours needs
	all             series
}

// Querier implements storage.Queryable.
func (s series) Querier(int64, int64) (storage.Querier, error) {
	return querier{storage.NoopQuerier(), s}, nil
}

func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found series
	for _, s := range q.all {
		fits := !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(s.Labels().Get(m.Name)) })
		if fits {
			found = append(found, s)
		}
	}
	return &set{all: found, at: -1}
}

// set implements storage.SeriesSet.
type set struct {
	all series
	at  int
}

func (s *set) Next() bool                        { s.at++; return s.at < len(s.all) }
func (s *set) At() storage.Series                { return s.all[s.at] }
func (s *set) Err() error                        { return nil }
func (s *set) Warnings() annotations.Annotations { return nil }

// firing looks at a rule every minute until a moment and returns the summaries of what fires then, sorted: what the rule
// has found at every look for as long as it waits.
func firing(t *testing.T, r rulefmt.Rule, all series, until time.Duration) []string {
	t.Helper()
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1e6, Timeout: time.Minute, Parser: parser.NewParser(parser.Options{})})
	since := map[string]time.Duration{}
	var firing []string
	for at := time.Duration(0); at <= until; at += minute {
		found := evaluate(t, engine, all, r.Expr, at)
		now := map[string]time.Duration{}
		firing = nil
		for _, s := range found {
			key := s.Metric.String()
			now[key] = at
			if first, there := since[key]; there {
				now[key] = first
			}
			if at-now[key] >= time.Duration(r.For) {
				firing = append(firing, summary(t, r, s))
			}
		}
		since = now
	}
	slices.Sort(firing)
	return firing
}

func evaluate(t *testing.T, engine *promql.Engine, all series, expr string, at time.Duration) promql.Vector {
	t.Helper()
	q, err := engine.NewInstantQuery(t.Context(), all, nil, expr, time.UnixMilli(at.Milliseconds()))
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	v, err := q.Exec(t.Context()).Vector()
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	return slices.Clone(v)
}

// summary is what an operator reads of an alert.
func summary(t *testing.T, r rulefmt.Rule, s promql.Sample) string {
	t.Helper()
	head := "{{$labels := .Labels}}{{$value := .Value}}"
	data := template.AlertTemplateData(s.Metric.Map(), nil, "", s)
	text, err := template.NewTemplateExpander(t.Context(), head+r.Annotations["summary"], r.Alert, data, 0, nil, nil, nil).Expand()
	if err != nil || strings.Contains(text, "no value") {
		t.Errorf("the summary of %s: %q, %v", r.Alert, text, err)
	}
	return text
}

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"tocsin/bench/pace/books"
	"tocsin/bench/pace/buses"
	"tocsin/bench/pace/flow"
	"tocsin/bench/pace/indexes"
	"tocsin/bench/pace/measure"
)

func busRounds(ctx context.Context, o options) error {
	return o.compare(ctx, "bus", buses.Cases(buses.Options{Messages: o.messages, Size: o.size}))
}

func sqliteRounds(ctx context.Context, o options) error {
	return o.compare(ctx, "index", indexes.Local(indexes.Options{Documents: o.documents, Size: o.size}))
}

func ledgerRounds(ctx context.Context, o options) error {
	return o.compare(ctx, "ledger", []measure.Case{books.Case(o.accounted)})
}

// elasticRounds goes through all cases once before it counts: a server that has just started is still compiling itself.
func elasticRounds(ctx context.Context, o options) (err error) {
	root, err := flow.Root(ctx)
	if err != nil {
		return err
	}
	url, stop, err := indexes.StartElastic(ctx, root)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	cases := indexes.Cluster(url, indexes.Options{Documents: o.documents, Size: o.size})
	if _, err := measure.Rounds(ctx, "elastic warming up", 1, cases, o.progress); err != nil {
		return err
	}
	return o.compare(ctx, "elastic", cases)
}

func alerts(ctx context.Context, o options) error {
	rates, err := numbers(o.rates)
	if err != nil {
		return fmt.Errorf("--rates: %w", err)
	}
	all, err := flow.Alerts(ctx, flow.AlertOptions{Rates: rates, For: o.hold, Names: o.names, NER: o.ner, Share: o.share, Size: o.size,
		Rounds: o.rounds, Progress: o.progress})
	for _, l := range all {
		err = errors.Join(err, o.print.Row(measure.Field{Name: "measure", Value: "alerts"}, measure.Field{Name: "rate", Value: l.Rate},
			measure.Field{Name: "names", Value: l.Names}, measure.Field{Name: "ner", Value: l.NER},
			measure.Field{Name: "alerts", Value: l.Alerts}, measure.Field{Name: "missed", Value: l.Missed},
			measure.Field{Name: "p50_ms", Value: l.P50}, measure.Field{Name: "p90_ms", Value: l.P90}, measure.Field{Name: "p99_ms", Value: l.P99},
			measure.Field{Name: "max_ms", Value: l.Max}, measure.Field{Name: "rounds", Value: o.rounds}, measure.Field{Name: "load", Value: l.Load}))
	}
	return err
}

func soak(ctx context.Context, o options) error {
	all, indexed, err := flow.Soak(ctx, flow.SoakOptions{For: o.soak, Rate: o.rate, Feeds: o.feeds, Names: o.names, NER: o.ner, Size: o.size, Progress: o.progress})
	for _, m := range all {
		err = errors.Join(err, o.print.Row(measure.Field{Name: "measure", Value: "soak"}, measure.Field{Name: "process", Value: m.Process},
			measure.Field{Name: "early_mb", Value: m.Early}, measure.Field{Name: "late_mb", Value: m.Late}, measure.Field{Name: "peak_mb", Value: m.Peak},
			measure.Field{Name: "growth", Value: m.Growth}, measure.Field{Name: "cpu_ms_article", Value: m.CPU}, measure.Field{Name: "articles", Value: indexed},
			measure.Field{Name: "minutes", Value: o.soak.Minutes()}, measure.Field{Name: "load", Value: measure.Load()}))
	}
	return err
}

// numbers reads whole numbers separated by commas.
func numbers(text string) (all []int, err error) {
	for field := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a positive whole number", field)
		}
		all = append(all, n)
	}
	return all, nil
}

// compare runs the cases in turn and prints what they measured.
func (o options) compare(ctx context.Context, what string, cases []measure.Case) error {
	figures, err := measure.Rounds(ctx, what, o.rounds, cases, o.progress)
	if err != nil {
		return err
	}
	return o.print.Figures(figures)
}

// stages lets the same articles through as often as there are rounds.
func stages(ctx context.Context, o options) error {
	what := fmt.Sprintf("%d articles, %d feeds, %d names, ner %s", o.articles, o.feeds, o.names, o.ner)
	return o.compare(ctx, "stages", []measure.Case{{Name: what, Run: func(ctx context.Context) (measure.Readings, error) {
		p, err := flow.Through(ctx, flow.ThroughOptions{Articles: o.articles, Feeds: o.feeds, Names: o.names, NER: o.ner, Size: o.size, Progress: o.progress})
		if err != nil {
			return nil, err
		}
		r := measure.Readings{"through articles/s": float64(p.Articles) / p.Seconds}
		for _, name := range flow.Stages {
			r[name+" cpu-ms/article"] = p.CPU[name]
		}
		return r, nil
	}}})
}

// cost lets articles through one pipeline after the other, each with more of one thing than the first.
func cost(ctx context.Context, o options) error {
	base := flow.ThroughOptions{Articles: o.articles, Feeds: o.feeds, Names: o.names, NER: o.ner, Size: o.size, Progress: o.progress}
	table := []flow.ThroughOptions{base}
	for _, grow := range []func(*flow.ThroughOptions){
		func(t *flow.ThroughOptions) { t.Feeds *= 10 },
		func(t *flow.ThroughOptions) { t.Names *= 100 },
		func(t *flow.ThroughOptions) { t.Names *= 1000 },
		func(t *flow.ThroughOptions) { t.Articles *= 2 },
		func(t *flow.ThroughOptions) { t.Articles *= 4 },
		func(t *flow.ThroughOptions) { t.NER = "crf" },
	} {
		more := base
		grow(&more)
		table = append(table, more)
	}
	for _, t := range table {
		p, err := flow.Through(ctx, t)
		if err != nil {
			return err
		}
		if err := o.print.Row(costs(p)...); err != nil {
			return err
		}
	}
	return nil
}

// costs are those of a million articles: processor seconds and gigabytes on disk; memory is what the run needed at most.
func costs(p flow.Passage) []measure.Field {
	row := []measure.Field{{Name: "feeds", Value: p.Feeds}, {Name: "names", Value: p.Names}, {Name: "articles", Value: p.Articles}, {Name: "ner", Value: p.NER}}
	total := 0.0
	for _, name := range flow.Stages {
		seconds := p.CPU[name] * 1000
		total += seconds
		row = append(row, measure.Field{Name: name + "_cpu_s", Value: seconds})
	}
	row = append(row, measure.Field{Name: "cpu_s", Value: total}, measure.Field{Name: "streams_gb", Value: p.Streams / 1000},
		measure.Field{Name: "index_gb", Value: p.Index / 1000})
	for _, name := range flow.Stages {
		row = append(row, measure.Field{Name: name + "_mb", Value: p.Peak[name]})
	}
	return append(row, measure.Field{Name: "seconds", Value: p.Seconds}, measure.Field{Name: "load", Value: p.Load})
}

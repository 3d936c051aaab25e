// Command selectors reads PromQL expressions, a JSON array of strings, from standard input and prints for each what it asks of
// the metrics, as JSON: the series it selects, and the labels it groups and joins them by. Prometheus' own parser reads them.
// An expression that is wrong, in its grammar or its types, ends the command with status 1 and its place in a sentence.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/prometheus/prometheus/promql/parser"
)

// Query is what one expression asks.
type Query struct {
	Expr      string     `json:"expr"`
	Selectors []Selector `json:"selectors"`
}

// Selector is one use of a metric.
type Selector struct {
	Metric   string    `json:"metric"`
	Matchers []Matcher `json:"matchers,omitempty"`
	// Labels are those that the expression groups or joins the metric's series by, sorted, each once.
	Labels []string `json:"labels,omitempty"`
}

// Matcher is a condition on a label; Op is =, !=, =~ or !~.
type Matcher struct {
	Label string `json:"label"`
	Op    string `json:"op"`
	Value string `json:"value"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "selectors:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	var exprs []string
	if err := json.NewDecoder(in).Decode(&exprs); err != nil {
		return fmt.Errorf("want a JSON array of expressions: %w", err)
	}
	queries := make([]Query, len(exprs))
	for i, text := range exprs {
		expr, err := parser.NewParser(parser.Options{}).ParseExpr(text)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		queries[i] = Query{Expr: text, Selectors: gather(expr, nil)}
	}
	return json.NewEncoder(out).Encode(queries)
}

// gather returns the selectors below a node; labels are those that the nodes above need of each.
func gather(node parser.Node, labels []string) []Selector {
	switch n := node.(type) {
	case *parser.VectorSelector:
		return []Selector{selector(n, labels)}
	case *parser.AggregateExpr:
		if !n.Without {
			labels = n.Grouping // what is above sees these alone
		}
	case *parser.BinaryExpr:
		if n.VectorMatching != nil && n.VectorMatching.On {
			labels = append(slices.Clone(labels), n.VectorMatching.MatchingLabels...)
		}
	}
	var all []Selector
	for child := range parser.ChildrenIter(node) {
		all = append(all, gather(child, labels)...)
	}
	return all
}

func selector(v *parser.VectorSelector, labels []string) Selector {
	s := Selector{Metric: v.Name, Labels: slices.Compact(slices.Sorted(slices.Values(labels)))}
	for _, m := range v.LabelMatchers {
		if m.Name == "__name__" {
			s.Metric = m.Value
			continue
		}
		s.Matchers = append(s.Matchers, Matcher{m.Name, m.Type.String(), m.Value})
	}
	return s
}

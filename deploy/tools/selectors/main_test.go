package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestSelectorsOfExpressions(t *testing.T) {
	for _, row := range []struct{ sentence, expr, want string }{
		{"a metric alone", `up`, `{"metric":"up"}`},
		{"its matchers", `up{job="a",zone=~"b.*"}`, `{"metric":"up","matchers":[{"label":"job","op":"=","value":"a"},{"label":"zone","op":"=~","value":"b.*"}]}`},
		{"what it is grouped by, within functions", `sum by (le, a) (rate(x_bucket[5m]))`, `{"metric":"x_bucket","labels":["a","le"]}`},
		{"the inner grouping counts", `sum by (a) (max by (a, b) (x))`, `{"metric":"x","labels":["a","b"]}`},
		{"two metrics that are joined", `x / on (a) y`, `{"metric":"x","labels":["a"]},{"metric":"y","labels":["a"]}`},
	} {
		var out bytes.Buffer
		err := run(strings.NewReader(`["`+strings.ReplaceAll(row.expr, `"`, `\"`)+`"]`), &out)
		if _, got, _ := strings.Cut(out.String(), `"selectors":`); err != nil || got != "["+row.want+"]}]\n" {
			t.Errorf("%s: %s gives %s, %v; want %s", row.sentence, row.expr, got, err, row.want)
		}
	}
}

func TestWrongExpressionsAreRefused(t *testing.T) {
	for _, expr := range []string{`sum(`, `rate(x)`, `x[5m]]`, `nonsense(x)`} {
		if err := run(strings.NewReader(`["`+expr+`"]`), &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), expr) {
			t.Errorf("%s: %v; want an error that shows it", expr, err)
		}
	}
	if err := run(strings.NewReader(`up`), &bytes.Buffer{}); err == nil {
		t.Error("what is no JSON passes")
	}
}

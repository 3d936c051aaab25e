package grafana

import (
	"fmt"
	"strings"
)

// query is one question to Prometheus about one metric, or two.
type query struct {
	expr    string
	legend  string
	metrics []string // that it names, as their services do
}

// window is the span of a rate: four scrapes at least, more where the chart shows days.
const window = "[$__rate_interval]"

// rate is how much a counter grows a second, summed over all processes and split by labels. where is a matcher or empty.
func rate(metric, where string, by ...string) query {
	return query{fmt.Sprintf("sum%s (rate(%s%s%s))", grouping(by), metric, braced(where), window), legend(by, ""), []string{metric}}
}

// grown is how much a counter grew within a span.
func grown(metric, where, span string) query {
	return query{fmt.Sprintf("sum (increase(%s%s[%s]))", metric, braced(where), span), "", []string{metric}}
}

// most is the largest value of a gauge over all processes, split by labels: for what every process tells of the whole.
func most(metric, where string, by ...string) query {
	return query{fmt.Sprintf("max%s (%s%s)", grouping(by), metric, braced(where)), legend(by, ""), []string{metric}}
}

// each is a gauge as every process tells it of itself.
func each(metric string) query {
	return query{fmt.Sprintf("sum by (service, instance) (%s)", metric), "{{service}} {{instance}}", []string{metric}}
}

// quantile is the time within which a share of what a histogram holds was done.
func quantile(share float64, metric string, by ...string) query {
	return query{
		fmt.Sprintf("histogram_quantile(%g, sum%s (rate(%s_bucket%s)))", share, grouping(append([]string{"le"}, by...)), metric, window),
		legend(by, fmt.Sprintf("%g %%", share*100)), []string{metric},
	}
}

// mean is the mean of what a histogram holds.
func mean(metric string, by ...string) query {
	return query{
		fmt.Sprintf("sum%s (rate(%s_sum%s)) / sum%s (rate(%s_count%s))", grouping(by), metric, window, grouping(by), metric, window),
		legend(by, "mean"), []string{metric},
	}
}

// called names a query's series.
func (q query) called(name string) query {
	q.legend = name
	return q
}

func grouping(by []string) string {
	if len(by) == 0 {
		return ""
	}
	return " by (" + strings.Join(by, ", ") + ")"
}

func braced(where string) string {
	if where == "" {
		return ""
	}
	return "{" + where + "}"
}

// legend names a series by its labels and what it is of them.
func legend(by []string, what string) string {
	var words []string
	for _, l := range by {
		words = append(words, "{{"+l+"}}")
	}
	if what != "" {
		words = append(words, what)
	}
	return strings.Join(words, " ")
}

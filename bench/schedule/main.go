// Command schedule simulates how soon articles are found, and how many are missed, by the rules that say when a feed is
// polled: the product's services/fetcher/schedule and those of other readers.
//
//	schedule [--json] [--feeds 5000] [--seeds 1,2,3,4,5] [--pace 5 | --budget 10] [--floor 10m]
//
// --budget gives the product's rule a number of requests per feed and day instead of a pace, as an operator does, and
// shows what became of it.
// Each population lives 21 days of which the last 14 are counted. Delay is the time from a post to the poll that finds
// it, over all posts found; lost are posts that had left the document by then, as a share of all.
//
// Seeds 1 to 5, 5,000 feeds each:
//
//	policy                              requests  mean_delay_min  median  p99   lost_share
//	tocsin                              9.5       22.1            9.2     203   .0003
//	fixed 60 min                        24        29.2            28.7    60    .058
//	fixed 6 h                           4.0       164             157     360   .26
//	halve on news, else x1.25           7.4       43.0            11.9    504   .0035
//	newsblur-like                       10.6      35.3            29.5    261   .058
//	miniflux entry_frequency, factor 2  9.0       46.2            6.3     808   .00005
//	media cloud                         2.4       154             80      684   .016
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"tocsin/bench/measure"
	"tocsin/services/fetcher/schedule"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "schedule:", err)
		os.Exit(1)
	}
}

// row is what a policy came to over all populations.
type row struct {
	Policy string `json:"policy"`
	// Requests is per feed and day.
	Requests  float64 `json:"requests"`
	MeanDelay float64 `json:"mean_delay_min"`
	Median    float64 `json:"median_delay_min"`
	P99       float64 `json:"p99_delay_min"`
	LostShare float64 `json:"lost_share"`
	Lost      int     `json:"lost"`
	Posts     int     `json:"posts"`
}

func run(args []string, stdout io.Writer) error {
	f := flag.NewFlagSet("schedule", flag.ContinueOnError)
	asJSON := f.Bool("json", false, "one JSON object a line")
	feeds := f.Int("feeds", 5000, "feeds in a population")
	list := f.String("seeds", "1,2,3,4,5", "the populations")
	pace := f.Float64("pace", schedule.UsualPace, "the product's pace")
	budget := f.Float64("budget", 0, "requests per feed and day that the product's pace is made of")
	floor := f.Duration("floor", 10*time.Minute, "the product's shortest interval")
	if err := f.Parse(args); err != nil {
		return err
	}
	var seeds []int64
	for s := range strings.SplitSeq(*list, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
		if err != nil {
			return fmt.Errorf("--seeds %s: %q is no number; write them as 1,2,3", *list, s)
		}
		seeds = append(seeds, n)
	}
	policies := append([]policy{tocsin("tocsin", *pace, *floor)}, rivals()...)
	rows := make([]row, len(policies))
	all := make([]tally, len(policies))
	for _, seed := range seeds {
		population := population(seed, *feeds)
		if *budget > 0 {
			policies[0] = tocsin("tocsin", paceFor(population, *budget, *floor), *floor)
		}
		for i, p := range policies {
			t := simulate(population, p, uint64(seed)) //nolint:gosec // a seed, whatever its sign
			all[i].requests += t.requests
			all[i].feeds += t.feeds
			all[i].lost += t.lost
			all[i].delays = append(all[i].delays, t.delays...)
		}
	}
	for i, p := range policies {
		rows[i] = all[i].row(p.name)
	}
	return measure.Write(stdout, rows, *asJSON)
}

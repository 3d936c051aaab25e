// Package measure runs cases beside each other: in turn, for several rounds, so that whatever else the machine is doing
// meets all of them alike. What counts is the median, and the median of the ratios within one round.
package measure

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Readings are what one run of a case measured, by name with its unit, such as "publish messages/s".
type Readings map[string]float64

// Case is one way of doing the work.
type Case struct {
	Name string
	Run  func(ctx context.Context) (Readings, error)
}

// Figure is one reading of one case over all rounds.
type Figure struct {
	Measure string  `json:"measure"`
	Case    string  `json:"case"`
	Unit    string  `json:"unit"`
	Median  float64 `json:"median"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	// Ratio is the median over the rounds of this case's reading by that of the case To; 0 for To itself.
	Ratio  float64 `json:"ratio,omitempty"`
	To     string  `json:"to,omitempty"`
	Rounds int     `json:"rounds"`
	// Load is the machine's load average of a minute at the end.
	Load float64 `json:"load"`
}

// Rounds runs the cases in turn, n times, beginning with another one each time, and returns a figure for each reading
// of each case. Ratios are to the last case. progress gets a line for each run.
func Rounds(ctx context.Context, what string, n int, cases []Case, progress io.Writer) ([]Figure, error) {
	all := make([][]Readings, len(cases)) // by case, then round
	for i := range all {
		all[i] = make([]Readings, n)
	}
	for round := range n {
		for i := range cases {
			at := (i + round) % len(cases)
			began := time.Now()
			r, err := cases[at].Run(ctx)
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", what, cases[at].Name, err)
			}
			all[at][round] = r
			_, _ = fmt.Fprintf(progress, "%s round %d of %d: %s took %.1f s\n", what, round+1, n, cases[at].Name, time.Since(began).Seconds())
		}
	}
	var figures []Figure
	last := len(cases) - 1
	for at, c := range cases {
		for _, name := range slices.Sorted(maps.Keys(all[at][0])) {
			f := figure(what, c.Name, name, all[at])
			if at != last && all[last][0][name] != 0 {
				f.To = cases[last].Name
				f.Ratio = Median(ratios(all[at], all[last], name))
			}
			figures = append(figures, f)
		}
	}
	return figures, nil
}

func figure(what, name, reading string, rounds []Readings) Figure {
	var values []float64
	for _, r := range rounds {
		values = append(values, r[reading])
	}
	measured, unit, _ := strings.Cut(reading, " ")
	return Figure{Measure: what + "." + measured, Case: name, Unit: unit, Median: Median(values),
		Low: slices.Min(values), High: slices.Max(values), Rounds: len(rounds), Load: Load()}
}

func ratios(ours, theirs []Readings, name string) []float64 {
	var all []float64
	for i := range ours {
		all = append(all, ours[i][name]/theirs[i][name])
	}
	return all
}

// Median of values, which it sorts; 0 of none.
func Median(values []float64) float64 { return Quantile(values, 0.5) }

// Quantile of values, which it sorts: the smallest that at least a share q of them does not exceed; 0 of none.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	at := int(q*float64(len(values))+0.999999) - 1
	return values[min(max(at, 0), len(values)-1)]
}

// Load is the load average of the last minute, 0 where the system does not tell.
func Load() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	load, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return 0
	}
	return load
}

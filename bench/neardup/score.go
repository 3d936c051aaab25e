package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"text/tabwriter"

	"tocsin/bench/measure"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/sketch"
)

// row is what one engine came to.
type row struct {
	Engine string `json:"engine"`
	Texts  int    `json:"texts"`
	// Edited is how many texts were long enough to be edited.
	Edited int `json:"edited"`
	// Recall is the mean over the edits, Lowest the least of them.
	Recall float64 `json:"recall"`
	Lowest float64 `json:"lowest"`
	// Pairs are all pairs of texts, Planted those taken for copies that are: half of one stands word for word in the other.
	// FalsePairs are the others that were taken for copies.
	Pairs           int                `json:"pairs"`
	Planted         int                `json:"planted"`
	FalsePairs      int                `json:"false_pairs"`
	FalsePerMillion float64            `json:"false_per_million"`
	TextsPerCPU     float64            `json:"texts_per_cpu_s"`
	ByEdit          map[string]float64 `json:"by_edit"`
}

func measureAll(texts []text, o options) []row {
	rows := make([]row, 0, 5)
	for _, e := range engines() {
		rows = append(rows, e.score(texts, o))
	}
	return rows
}

// score gives every engine the same edits: they are drawn from the seed anew.
func (e engine) score(texts []text, o options) row {
	out := row{Engine: e.name, Texts: len(texts), ByEdit: map[string]float64{}, Lowest: 1}
	before := measure.CPU()
	marks := make([]any, len(texts))
	for i, t := range texts {
		marks[i] = e.mark(t.body)
	}
	out.TextsPerCPU = float64(len(texts)) / (measure.CPU() - before).Seconds()
	for n, kind := range edits {
		r := rand.New(rand.NewPCG(o.seed, uint64(n))) //nolint:gosec // edits, no secrets
		found := 0
		out.Edited = 0
		for i, t := range texts {
			if len(t.body) < o.least {
				continue
			}
			out.Edited++
			if e.near(marks[i], e.mark(kind.make(r, t.body, another(r, texts, i)))) {
				found++
			}
		}
		share := float64(found) / float64(max(out.Edited, 1))
		out.ByEdit[kind.name] = share
		out.Recall += share / float64(len(edits))
		out.Lowest = min(out.Lowest, share)
	}
	for i := range marks {
		for j := range i {
			out.Pairs++
			switch {
			case !e.near(marks[i], marks[j]):
			case copied(texts[i].body, texts[j].body):
				out.Planted++
			default:
				out.FalsePairs++
			}
		}
	}
	out.FalsePerMillion = 1e6 * float64(out.FalsePairs) / float64(max(out.Pairs, 1))
	return out
}

// copied reports whether half of one text stands in the other, by all their runs of three words and not by a sample.
func copied(a, b string) bool {
	of := func(t string) map[uint64]bool {
		set := map[uint64]bool{}
		for _, h := range shingles(t, 3) {
			set[h] = true
		}
		return set
	}
	small, large := of(a), of(b)
	if len(small) > len(large) {
		small, large = large, small
	}
	shared := 0
	for h := range small {
		if large[h] {
			shared++
		}
	}
	return 2*shared >= len(small)
}

func another(r *rand.Rand, texts []text, not int) string {
	i := r.IntN(len(texts))
	if i == not {
		i = (i + 1) % len(texts)
	}
	return texts[i].body
}

// writeEdits prints the recall of every engine at every edit.
func writeEdits(w io.Writer, rows []row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprint(table, "\nrecall")
	for _, r := range rows {
		_, _ = fmt.Fprintf(table, "\t%s", r.Engine)
	}
	for _, kind := range edits {
		_, _ = fmt.Fprintf(table, "\n%s", kind.name)
		for _, r := range rows {
			_, _ = fmt.Fprintf(table, "\t%.3f", r.ByEdit[kind.name])
		}
	}
	_, _ = fmt.Fprintln(table)
	return table.Flush()
}

// listPairs names the pairs of texts that the product takes for copies.
func listPairs(texts []text, w io.Writer) error {
	marks := make([][]uint64, len(texts))
	for i, t := range texts {
		marks[i] = sketch.Of(t.body)
	}
	for i := range marks {
		for j := range i {
			if !messages.NearCopies(marks[i], marks[j]) {
				continue
			}
			shared, part := messages.SharedHashes(marks[i], marks[j]), messages.Containment(marks[i], marks[j])
			if _, err := fmt.Fprintf(w, "%s\t%s\t%d shared\t%.2f contained\n", texts[j].name, texts[i].name, shared, part); err != nil {
				return err
			}
		}
	}
	return nil
}

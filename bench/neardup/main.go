// Command neardup measures how surely near-copies of a story are told from other stories, beside SimHash and MinHash.
//
//	neardup [--json] [--least 600] [--seed 7] [--list] PATH …
//
// A PATH is a folder with ground-truth.json (the layout of scrapinghub/article-extraction-benchmark), a folder of .html
// or .txt files, or a file of one text a line, as plagiarism collections have them. Every text of at least --least
// characters is edited in twelve ways, as agencies' clients do, and each edit must be found to be a copy; and no pair of
// different stories must. Pairs of the collection that are copies, half of one standing word for word in the other, are
// counted apart as planted; --list names the pairs that the product takes for copies.
//
// Measured on the 942 pages of go-trafilatura v1.12.2 (test-files/comparison) that hold a text, 873 of them edited:
//
//	engine                 recall  lowest  pairs    planted  false_per_million  texts_per_cpu_s
//	tocsin                 .9997   .997    443,211  7        0                  5,750
//	simhash words <=3      .478    .015    443,211  4        2.3                6,690
//	simhash words <=6      .688    .097    443,211  5        357                7,070
//	simhash shingles <=10  .532    .011    443,211  4        0                  6,110
//	minhash128 >=.5        .793    .013    443,211  6        0                  4,060
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"tocsin/bench/measure"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "neardup:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	json, list bool
	least      int
	seed       uint64
	paths      []string
}

func run(args []string, stdout io.Writer) error {
	var o options
	f := flag.NewFlagSet("neardup", flag.ContinueOnError)
	f.BoolVar(&o.json, "json", false, "one JSON object a line")
	f.BoolVar(&o.list, "list", false, "name the pairs of texts that the product takes for copies")
	f.IntVar(&o.least, "least", 600, "the shortest text that is edited, in characters")
	f.Uint64Var(&o.seed, "seed", 7, "what the edits are drawn from")
	if err := f.Parse(args); err != nil {
		return err
	}
	if o.paths = f.Args(); len(o.paths) == 0 {
		return errors.New("name a folder with ground-truth.json, a folder of pages or texts, or a file of one text a line")
	}
	texts, err := load(o.paths)
	if err != nil {
		return err
	}
	if o.list {
		return listPairs(texts, stdout)
	}
	rows := measureAll(texts, o)
	if err := measure.Write(stdout, rows, o.json); err != nil || o.json {
		return err
	}
	return writeEdits(stdout, rows)
}

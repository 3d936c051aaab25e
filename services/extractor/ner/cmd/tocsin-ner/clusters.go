package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/classes"
	"tocsin/services/extractor/ner/crf"
)

const clustersUsage = `Usage: tocsin-ner clusters --out FILE [--classes 64,256,800] [--min 4] [--rounds 12] FILE.txt[.gz]|FILE.bio[.gz]…

Learns word classes from tokenised text, one sentence a line, or from the tokens of labelled files, and writes one
word a line with its class in each of the class sets.
`

// runClusters learns several sets of word classes from one corpus.
func runClusters(args []string, out, errs io.Writer) error {
	fs := flag.NewFlagSet("clusters", flag.ContinueOnError)
	fs.SetOutput(errs)
	fs.Usage = func() { _, _ = fmt.Fprint(errs, clustersUsage) }
	to := fs.String("out", "", "file to write")
	sizes := fs.String("classes", "64,256,800", "how many classes, one number a set")
	least := fs.Int("min", 4, "how often a word must occur")
	rounds := fs.Int("rounds", 12, "most passes over the vocabulary")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *to == "" || fs.NArg() == 0 {
		return usageError(clustersUsage)
	}
	ks, err := numbers(*sizes)
	if err != nil {
		return fmt.Errorf("--classes: %w", err)
	}
	var c classes.Corpus
	for _, name := range fs.Args() {
		if err := addText(&c, name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	var sets [][]classes.Word
	for _, k := range ks {
		set, err := classes.Learn(&c, classes.Options{Classes: k, MinCount: *least, Rounds: *rounds,
			Progress: func(round, moved, words int) {
				_, _ = fmt.Fprintf(out, "%d classes, round %d: %d of %d words moved\n", k, round, moved, words)
			}})
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	return writeFile(*to, func(w io.Writer) error { return writeClasses(w, sets) })
}

// addText adds a file's sentences to the corpus, digits folded.
func addText(c *classes.Corpus, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	if strings.Contains(name, ".bio") {
		docs, err := bio.Read(f)
		if err != nil {
			return err
		}
		for _, d := range docs {
			for _, s := range d {
				c.Add(fold(s.Tokens))
			}
		}
		return nil
	}
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return err
		}
	}
	sc := bufio.NewScanner(r)
	sc.Buffer(make([]byte, 1<<16), 1<<24)
	for sc.Scan() {
		c.Add(fold(strings.Fields(sc.Text())))
	}
	return sc.Err()
}

func fold(tokens []string) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = crf.Fold(t)
	}
	return out
}

// writeClasses writes word, tab and class for every word of the sets, which hold the same words in the same order.
func writeClasses(w io.Writer, sets [][]classes.Word) error {
	b := bufio.NewWriter(w)
	for i := range sets[0] {
		_, _ = b.WriteString(sets[0][i].Text)
		for _, s := range sets {
			_, _ = fmt.Fprintf(b, "\t%d", s[i].Class)
		}
		_ = b.WriteByte('\n')
	}
	return b.Flush()
}

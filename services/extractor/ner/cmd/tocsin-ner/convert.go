package main

import (
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"strings"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/words"
)

const convertUsage = `Usage: tocsin-ner convert --out FILE.bio[.gz] [--part K/N] FILE.txt…

Turns text with [name|P] markup (P person, O organisation, L place, M other) into a labelled file. --part 1/4 takes
every fourth document only, --part -1/4 all others.
`

// runConvert writes marked-up text as a labelled file.
func runConvert(args []string, out, errs io.Writer) error {
	fs := flag.NewFlagSet("convert", flag.ContinueOnError)
	fs.SetOutput(errs)
	fs.Usage = func() { _, _ = fmt.Fprint(errs, convertUsage) }
	to := fs.String("out", "", "file to write")
	share := fs.String("part", "", "K/N: every Nth document from the Kth; -K/N: all others")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *to == "" || fs.NArg() == 0 {
		return usageError(convertUsage)
	}
	var docs []bio.Document
	for _, name := range fs.Args() {
		d, err := readLabelled(name)
		if err != nil {
			return err
		}
		docs = append(docs, d...)
	}
	docs, err := part(docs, *share)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d documents, %d tokens\n", len(docs), bio.Tokens(docs))
	return writeFile(*to, func(w io.Writer) error {
		if !strings.HasSuffix(*to, ".gz") {
			return bio.Write(w, docs)
		}
		z := gzip.NewWriter(w)
		if err := bio.Write(z, docs); err != nil {
			return err
		}
		return z.Close()
	})
}

// part takes every nth document, counted over all files, or leaves those out.
func part(docs []bio.Document, share string) ([]bio.Document, error) {
	if share == "" {
		return docs, nil
	}
	var k, n int
	if _, err := fmt.Sscanf(share, "%d/%d", &k, &n); err != nil || n < 1 || k == 0 || k > n || k < -n {
		return nil, fmt.Errorf("share %q; want K/N with K from 1 to N, or -K/N", share)
	}
	var out []bio.Document
	for i, d := range docs {
		if (i%n == max(k, -k)-1) == (k > 0) {
			out = append(out, d)
		}
	}
	return out, nil
}

// cut is the product's tokeniser in the shape that markup is read with.
func cut(text string) (tokens [][2]int, ends []int) {
	var t words.Text
	t.Split(text)
	for _, k := range t.Tokens {
		tokens = append(tokens, [2]int{k.Start, k.End})
	}
	return tokens, t.Ends
}

package main

import (
	"flag"
	"fmt"
	"io"
	"time"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/train"
)

const evalUsage = `Usage: tocsin-ner eval [--model MODEL] FILE.bio[.gz]…

Scores a model on labelled files by exact span and kind, with the files' own tokens and sentences.
`

// runEval prints precision, recall and F1 for each file, and the mean.
func runEval(args []string, out, errs io.Writer) error {
	fs := flag.NewFlagSet("eval", flag.ContinueOnError)
	fs.SetOutput(errs)
	fs.Usage = func() { _, _ = fmt.Fprint(errs, evalUsage) }
	model := fs.String("model", "", "model file; default: the shipped one")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() == 0 {
		return usageError(evalUsage)
	}
	start := time.Now()
	m, err := loadModel(*model)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d features, loaded in %v\n", m.Features(), time.Since(start).Round(100*time.Microsecond))
	mean := 0.0
	for _, name := range fs.Args() {
		docs, err := readNames(name, m.Types())
		if err != nil {
			return err
		}
		start = time.Now()
		s := train.Evaluate(m, docs)
		took := time.Since(start)
		_, _ = fmt.Fprintf(out, "%-40s %s %.0fk tokens/s\n", name, summary(s, m.Types()), float64(bio.Tokens(docs))/took.Seconds()/1000)
		mean += s.Of("").F1() / float64(fs.NArg())
	}
	_, _ = fmt.Fprintf(out, "mean F1 %.2f\n", 100*mean)
	return nil
}

func summary(s *bio.Score, types []string) string {
	all := s.Of("")
	text := fmt.Sprintf("P %.2f R %.2f F1 %.2f ", 100*all.Precision(), 100*all.Recall(), 100*all.F1())
	for _, t := range types {
		text += fmt.Sprintf(" %s %.2f", t, 100*s.Of(t).F1())
	}
	return text
}

package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
	"tocsin/services/extractor/ner/train"
)

const trainUsage = `Usage: tocsin-ner train --out MODEL (--manifest FILE --dir DIR | --data FILE[:weight] [--data …]) [flags]

Learns a model from labelled files (token, tab, BIO tag; blank line between sentences; -DOCSTART- between documents),
plain or gzip-compressed; files as conlleval reads them, with more columns or IOB1 tags, will do. The same input gives
the same model at any number of cores.

  --manifest FILE   data, lexicon and settings of a model; file names in it are relative to --dir
  --data FILE[:W]   a labelled file and how often it is seen in an epoch, default 1
  --dev FILE        a labelled file to score after every epoch
  --classes 3|4     PER, ORG, LOC, or MISC as well; default 3
  --lexicon MODEL   take word classes and name lists from this model; default: the shipped one
  --out MODEL       file to write
`

// trainFlags are the command line of train.
type trainFlags struct {
	data                    list
	dev, out, manifest, dir string
	lexicon, words, names   string
	classes                 int
	o                       train.Options
}

// list collects a flag that may be given more than once.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

func (t *trainFlags) parse(args []string, errs io.Writer) error {
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	fs.SetOutput(errs)
	fs.Usage = func() {
		_, _ = fmt.Fprint(errs, trainUsage, "\nSettings of learning:\n")
		fs.PrintDefaults()
	}
	fs.Var(&t.data, "data", "labelled `FILE[:weight]`")
	fs.StringVar(&t.dev, "dev", "", "labelled `FILE` to score after every epoch")
	fs.StringVar(&t.out, "out", "", "model `FILE` to write")
	fs.StringVar(&t.manifest, "manifest", "", "`FILE` that lists data, lexicon and settings")
	fs.StringVar(&t.dir, "dir", ".", "`DIR` that file names in the manifest are relative to")
	fs.StringVar(&t.lexicon, "lexicon", "", "`MODEL` to take word classes and name lists from")
	fs.StringVar(&t.words, "words", "", "`FILE` of word classes, as clusters writes it, instead of the lexicon's")
	fs.StringVar(&t.names, "names", "", "name lists, `FILE,FILE…`, instead of the lexicon's")
	fs.IntVar(&t.classes, "classes", 3, "`3` or 4 kinds of name")
	fs.IntVar(&t.o.Epochs, "epochs", 0, "times through the data; 10 when left out")
	fs.IntVar(&t.o.Again, "again", 0, "times through the data after cutting down; 2 when left out")
	fs.Float64Var(&t.o.Rate, "rate", 0, "learning rate; 0.1 when left out")
	fs.Float64Var(&t.o.Drop, "drop", 0, "share of features left out at each step; 0.5 when left out, negative for none")
	fs.IntVar(&t.o.Cut, "cut", 0, "how often a feature must occur; 1 when left out")
	fs.IntVar(&t.o.Keep, "keep", 0, "how many features to keep; 0 is all")
	fs.IntVar(&t.o.Passes, "passes", 0, "1, or 2 for a second look at the document; 2 when left out")
	fs.IntVar(&t.o.Folds, "folds", 0, "parts the data is cut into for the second pass; 5 when left out")
	fs.IntVar(&t.o.Mean, "mean", 0, "moments of the last epoch to average weights over; 10 when left out, negative for none")
	fs.BoolVar(&t.o.Coarse, "coarse", false, "store weights in four bits")
	fs.Uint64Var(&t.o.Seed, "seed", 0, "seed of chance")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if fs.NArg() > 0 {
		return usageError(fmt.Sprintf("tocsin-ner train: %q is not a flag; give data as --data FILE\n\n%s", fs.Arg(0), trainUsage))
	}
	if t.out == "" || (t.manifest == "") == (len(t.data) == 0) {
		return usageError(trainUsage)
	}
	return nil
}

// runTrain learns a model and writes it.
func runTrain(args []string, out, errs io.Writer) error {
	var t trainFlags
	if err := t.parse(args, errs); err != nil {
		return err
	}
	types, err := kinds(t.classes)
	if err != nil {
		return err
	}
	t.o.Types, t.o.Workers = types, runtime.GOMAXPROCS(0)
	t.o.Progress = func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	sets, err := t.inputs()
	if err != nil {
		return err
	}
	parts, err := train.Train(sets, t.o)
	if err != nil {
		return err
	}
	file, err := crf.Encode(parts)
	if err != nil {
		return err
	}
	t.o.Progress("%s: %d bytes", t.out, len(file))
	return writeFile(t.out, func(w io.Writer) error { _, err := w.Write(file); return err })
}

// inputs reads everything that is learnt from, and fills in what the manifest says.
func (t *trainFlags) inputs() ([]train.Set, error) {
	if t.manifest != "" {
		return t.fromManifest()
	}
	sets, err := t.sets()
	if err != nil {
		return nil, err
	}
	if t.o.Lexicon, err = t.loadLexicon(); err != nil {
		return nil, err
	}
	if t.dev != "" {
		t.o.Dev, err = readNames(t.dev, t.o.Types)
	}
	return sets, err
}

// sets reads the labelled files of the command line.
func (t *trainFlags) sets() ([]train.Set, error) {
	var out []train.Set
	for _, spec := range t.data {
		name, weight := spec, 1.0
		if i := strings.LastIndexByte(spec, ':'); i > 0 {
			w, err := strconv.ParseFloat(spec[i+1:], 64)
			if err != nil {
				return nil, fmt.Errorf("--data %s: %q is no weight", spec, spec[i+1:])
			}
			name, weight = spec[:i], w
		}
		docs, err := readNames(name, t.o.Types)
		if err != nil {
			return nil, err
		}
		out = append(out, train.Set{Name: name, Docs: docs, Weight: weight})
	}
	return out, nil
}

// readNames reads a labelled file whose names must be of the given types, not all of others.
func readNames(name string, types []string) ([]bio.Document, error) {
	docs, err := readLabelled(name)
	if err != nil {
		return nil, err
	}
	if err := bio.Check(docs, types); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}

// readLabelled reads a labelled file, or marked-up text when its name ends in .txt.
func readLabelled(name string) ([]bio.Document, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // read only
	read := bio.Read
	if strings.HasSuffix(name, ".txt") {
		read = func(r io.Reader) ([]bio.Document, error) { return bio.ReadMarkup(r, cut) }
	}
	docs, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return docs, nil
}

func kinds(classes int) ([]string, error) {
	all := []string{bio.Person, bio.Organization, bio.Place, bio.Other}
	if classes != 3 && classes != 4 {
		return nil, usageError(fmt.Sprintf("tocsin-ner: --classes %d; want 3 or 4\n", classes))
	}
	return all[:classes], nil
}

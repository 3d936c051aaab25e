// Package train learns the models of package crf from labelled texts.
//
// Training is stochastic gradient descent with per-weight rates (AdaGrad; Duchi, Hazan and Singer 2011) on the
// log-likelihood of the runs that can hold names, with random features left out at each step (dropout). A model with a
// limit on its features is trained on all of them, cut down to those that matter most, and trained on. The same data
// and options give the same model at any number of cores: examples are prepared in parallel and learnt from in turn.
package train

import (
	"errors"
	"fmt"
	"math"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// Set is labelled documents with their weight: how often each is seen in an epoch. A fraction is a share of the
// documents, spread evenly.
type Set struct {
	Name   string
	Docs   []bio.Document
	Weight float64
}

// Options of Train. Zero values mean the defaults.
type Options struct {
	// Types are the labels to learn, at most four; names of other types are not learnt. PER, ORG, LOC.
	Types []string
	// Lexicon is what is known of words; required. Its joiners are replaced by those that the data shows.
	Lexicon *crf.Lexicon
	// Epochs is how often the data is gone through; 10.
	Epochs int
	// Again is how many more epochs follow when features were cut down; 2.
	Again int
	// Rate is the learning rate; 0.1.
	Rate float64
	// Drop is the share of features left out at each step; 0.5. Negative means none.
	Drop float64
	// Cut is how often a feature must occur to be learnt; 1.
	Cut int
	// Keep is how many features the model may have in each pass; 0 means all.
	Keep int
	// Passes is 1, or 2 for a second pass that looks at what the first found in the document; 2, which is worth a point
	// on a single set of newswire and nothing on the shipped mix.
	Passes int
	// Folds is in how many parts the data is cut to find what a first pass says of text it has not seen; 5.
	Folds int
	// Mean is over how many moments of the last epoch the weights are averaged, which is worth a fifth of a point on sets
	// of 30,000 tokens and nothing on millions; 10. Negative takes the weights at the end.
	Mean int
	// Coarse stores weights in four bits.
	Coarse bool
	// Lean is added to the weight of opening a name, by type in the order of Types; nil is nothing.
	Lean []float64
	// Seed chooses the order of examples and what is dropped.
	Seed uint64
	// Workers is how many goroutines prepare examples; 1. The outcome does not depend on it.
	Workers int
	// Progress, when not nil, is told what was done; once an epoch, among others.
	Progress func(format string, args ...any)
	// Dev, when not nil, is scored after each epoch of the first pass, and the finished model's scores are calibrated
	// on it.
	Dev []bio.Document
}

func (o Options) withDefaults() Options {
	if len(o.Types) == 0 {
		o.Types = []string{bio.Person, bio.Organization, bio.Place}
	}
	o.Epochs, o.Again, o.Cut = or(o.Epochs, 10), or(o.Again, 2), or(o.Cut, 1)
	o.Passes, o.Folds, o.Workers = or(o.Passes, 2), or(o.Folds, 5), or(o.Workers, 1)
	o.Rate, o.Drop, o.Mean = or(o.Rate, 0.1), or(o.Drop, 0.5), or(o.Mean, 10)
	if o.Progress == nil {
		o.Progress = func(string, ...any) {}
	}
	return o
}

func or[T int | float64](v, def T) T {
	if v == 0 {
		return def
	}
	return v
}

func (o Options) validate() error {
	switch {
	case o.Lexicon == nil:
		return errors.New("Lexicon is missing; build one or take it from a model")
	case len(o.Types) > 4:
		return fmt.Errorf("Types are %v; want at most four", o.Types)
	case o.Epochs < 1, o.Again < 0, o.Cut < 1, o.Keep < 0:
		return fmt.Errorf("Epochs %d, Again %d, Cut %d, Keep %d: want positive numbers", o.Epochs, o.Again, o.Cut, o.Keep)
	case o.Passes < 1 || o.Passes > 2:
		return fmt.Errorf("Passes is %d; want 1 or 2", o.Passes)
	case o.Folds < 2:
		return fmt.Errorf("Folds is %d; want at least 2", o.Folds)
	case o.Drop >= 1 || math.IsNaN(o.Drop):
		return fmt.Errorf("Drop is %g; want below 1", o.Drop)
	}
	return nil
}

// Train learns a model.
func Train(sets []Set, o Options) (crf.Parts, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return crf.Parts{}, fmt.Errorf("train: %w", err)
	}
	docs, err := gather(sets)
	if err != nil {
		return crf.Parts{}, err
	}
	if len(docs) == 0 {
		return crf.Parts{}, errors.New("train: no documents; give labelled files with a weight above zero")
	}
	if o.Passes == 2 && len(docs) < 2 {
		return crf.Parts{}, errors.New("train: a second pass compares documents and there is only one; mark them with -DOCSTART- lines or learn one pass")
	}
	o.Folds = min(o.Folds, max(2, len(docs)))
	o.Lexicon.SetJoiners(joiners(docs, o))
	parts := crf.Parts{Types: o.Types, Lexicon: o.Lexicon, Coarse: o.Coarse, Lean: o.Lean}
	first, err := learn(docs, nil, o, 0)
	if err != nil {
		return crf.Parts{}, err
	}
	parts.Passes = append(parts.Passes, first)
	if o.Passes == 2 {
		found, err := jackknife(docs, o)
		if err != nil {
			return crf.Parts{}, err
		}
		second, err := learn(docs, found, o, 1)
		if err != nil {
			return crf.Parts{}, err
		}
		parts.Passes = append(parts.Passes, second)
	}
	if o.Dev != nil {
		m, err := build(parts)
		if err != nil {
			return crf.Parts{}, err
		}
		parts.Calibration = Calibrate(m, o.Dev)
		o.Progress("finished: dev F1 %s, calibration %v", percent(Evaluate(m, o.Dev).Of("").F1()), parts.Calibration)
	}
	return parts, nil
}

// gather lists the documents as often as their weights say.
func gather(sets []Set) ([]bio.Document, error) {
	var out []bio.Document
	for _, s := range sets {
		if s.Weight < 0 || s.Weight > 100 || math.IsNaN(s.Weight) {
			return nil, fmt.Errorf("%s: weight %g; want 0 to 100", s.Name, s.Weight)
		}
		whole, part := math.Modf(s.Weight)
		for range int(whole) {
			out = append(out, s.Docs...)
		}
		sum := 0.0
		for _, d := range s.Docs {
			if sum += part; sum >= 1 {
				sum--
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// learn prepares the examples of one pass and learns its weights. found holds, for a second pass, what the first finds.
func learn(docs []bio.Document, found [][]crf.Span, o Options, pass int) (crf.Pass, error) {
	ex, err := prepare(docs, found, o, pass)
	if err != nil {
		return crf.Pass{}, err
	}
	keys := ex.number(o.Cut)
	o.Progress("pass %d: %d documents, %d runs, %d tokens in runs, %d features", pass+1, len(docs), len(ex.runs), len(ex.labels), len(keys))
	l := newLearner(ex, len(keys), o, pass)
	cut := o.Keep > 0 && o.Keep < len(keys)
	l.last = o.Epochs
	if cut {
		l.last += o.Again
	}
	for epoch := range o.Epochs {
		l.epoch(epoch+1, keys)
	}
	if cut {
		keys = l.shrink(keys, o.Keep)
		o.Progress("cut down to %d features", len(keys))
		for epoch := range o.Again {
			l.epoch(o.Epochs+epoch+1, keys)
		}
	}
	return l.result(keys), nil
}

// jackknife returns what a first pass finds in each document when trained on others.
func jackknife(docs []bio.Document, o Options) ([][]crf.Span, error) {
	found := make([][]crf.Span, len(docs))
	o.Dev, o.Keep = nil, 0
	for fold := range o.Folds {
		var rest []bio.Document
		for i, d := range docs {
			if i%o.Folds != fold {
				rest = append(rest, d)
			}
		}
		o.Progress("fold %d of %d", fold+1, o.Folds)
		w, err := learn(rest, nil, o, 0)
		if err != nil {
			return nil, err
		}
		m, err := build(crf.Parts{Types: o.Types, Lexicon: o.Lexicon, Passes: []crf.Pass{w}})
		if err != nil {
			return nil, err
		}
		for i := fold; i < len(docs); i += o.Folds {
			tokens, ends := flatten(docs[i])
			found[i] = m.Tag(tokens, ends)
		}
	}
	return found, nil
}

// build makes a model of parts by way of its file, so that it is what will be shipped.
func build(p crf.Parts) (*crf.Model, error) {
	file, err := crf.Encode(p)
	if err != nil {
		return nil, err
	}
	return crf.Decode(file)
}

// flatten returns a document's tokens and the index after each sentence's last token.
func flatten(d bio.Document) (tokens []string, ends []int) {
	for _, s := range d {
		tokens = append(tokens, s.Tokens...)
		ends = append(ends, len(tokens))
	}
	return tokens, ends
}

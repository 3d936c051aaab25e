package train

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/crf"
)

// corpus invents documents with a pattern that can be learnt: people speak, firms sell, towns are gone to. Names are
// drawn from seed, so that a test set has other names than a training set.
func corpus(docs int, seed uint64) []bio.Document {
	rng := rand.New(rand.NewPCG(seed, 1))
	word := func() string {
		b := []byte{byte('A' + rng.IntN(26))}
		for range 3 + rng.IntN(4) {
			b = append(b, "aeioulnrst"[rng.IntN(10)])
		}
		return string(b)
	}
	var out []bio.Document
	for range docs {
		var d bio.Document
		per, org, loc := []string{word(), word()}, []string{word(), "Corp."}, []string{word()}
		for range 4 {
			var s bio.Sentence
			s.Add([]string{"Mr."}, "")
			s.Add(per, bio.Person)
			s.Add([]string{"said", "that"}, "")
			s.Add(org, bio.Organization)
			s.Add([]string{"sold", "a", "mill", "in"}, "")
			s.Add(loc, bio.Place)
			s.Add([]string{"."}, "")
			d = append(d, s)
		}
		out = append(out, d)
	}
	return out
}

func lexicon(t *testing.T) *crf.Lexicon {
	t.Helper()
	l, err := crf.NewLexicon([]crf.ClassedWord{{Text: "said", Class: [3]uint16{1, 2, 3}}}, [][]string{{"new york"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func model(t *testing.T, o Options) []byte {
	t.Helper()
	o.Lexicon = lexicon(t)
	p, err := Train([]Set{{"made up", corpus(60, 1), 1}}, o)
	if err != nil {
		t.Fatal(err)
	}
	file, err := crf.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestLearnsAPattern(t *testing.T) {
	for _, o := range []Options{
		{Epochs: 4, Passes: 1},
		{Epochs: 4, Passes: 1, Mean: -1},
		{Epochs: 4, Passes: 2, Folds: 3},
		{Epochs: 4, Again: 1, Keep: 2000, Passes: 1, Coarse: true},
		{Epochs: 4, Passes: 1, Types: []string{"PER", "ORG", "LOC", "MISC"}},
	} {
		m, err := crf.Decode(model(t, o))
		if err != nil {
			t.Fatal(err)
		}
		if f := Evaluate(m, corpus(20, 2)).Of("").F1(); f < 0.98 {
			t.Errorf("passes %d, keep %d, %d types: F1 %.3f on names it has not seen, want 0.98", o.Passes, o.Keep, len(o.Types), f)
		}
	}
}

func TestSameBytesAtAnyNumberOfWorkers(t *testing.T) {
	o := Options{Epochs: 2, Again: 1, Keep: 3000, Passes: 2, Folds: 2, Drop: 0.5, Dev: corpus(5, 3)}
	o.Workers = 1
	one := model(t, o)
	o.Workers = 5
	if !bytes.Equal(one, model(t, o)) {
		t.Error("five workers make another model than one")
	}
}

func TestRefusesWhatItCannotLearn(t *testing.T) {
	for _, c := range []struct {
		why  string
		sets []Set
		o    Options
	}{
		{"no lexicon", []Set{{"x", corpus(1, 1), 1}}, Options{}},
		{"no documents", nil, Options{Lexicon: lexicon(t)}},
		{"a weight below zero", []Set{{"x", corpus(1, 1), -1}}, Options{Lexicon: lexicon(t)}},
		{"three passes", []Set{{"x", corpus(1, 1), 1}}, Options{Lexicon: lexicon(t), Passes: 3}},
		{"five types", []Set{{"x", corpus(1, 1), 1}}, Options{Lexicon: lexicon(t), Types: []string{"A", "B", "C", "D", "E"}}},
	} {
		if _, err := Train(c.sets, c.o); err == nil {
			t.Errorf("%s: no error", c.why)
		}
	}
}

func TestWeightsRepeatAndThin(t *testing.T) {
	for weight, want := range map[float64]int{0: 0, 0.25: 2, 1: 8, 2.5: 20} {
		docs, err := gather([]Set{{"x", corpus(8, 1), weight}})
		if err != nil || len(docs) != want {
			t.Errorf("weight %g gives %d of 8 documents (%v), want %d", weight, len(docs), err, want)
		}
	}
}

func TestSwapKeepsTheShape(t *testing.T) {
	docs := corpus(3, 1)
	names := Names{Given: []string{"ada"}, Family: []string{"lovelace"}, Countries: []string{"chad"}, Cities: []string{"rome"}, Clubs: []string{"ajax"}}
	got := Swap(docs, names, 2, 7)
	if len(got) != 6 {
		t.Fatalf("%d documents, want 6", len(got))
	}
	for i, d := range got {
		for k, s := range d {
			a, b := bio.Spans(docs[i%3][k].Tags), bio.Spans(s.Tags)
			if fmt.Sprint(a) != fmt.Sprint(b) || len(s.Tokens) != len(s.Tags) {
				t.Fatalf("names %v became %v", a, b)
			}
			if p := s.Tokens[b[0].Start:b[0].End]; p[0] != "Ada" || p[1] != "Lovelace" {
				t.Fatalf("person %v", p)
			}
		}
	}
}

func TestCalibrationFindsOverconfidence(t *testing.T) {
	var x []float64
	var right []bool
	for i := range 1000 {
		x = append(x, 3) // the model says 0.95
		right = append(right, i%10 < 7)
	}
	for i := range 1000 {
		x = append(x, -1)
		right = append(right, i%10 < 4)
	}
	c := fit(x, right)
	if p := 1 / (1 + crf.Exp(-(3*c[0] + c[1]))); p < 0.69 || p > 0.71 {
		t.Errorf("0.95 becomes %.3f, want the 0.70 that were right", p)
	}
}

func TestMeanIsOverWhatWasNoted(t *testing.T) {
	l := &learner{n: 2, rows: []float32{1, 2, 9, 9, 3, 4, 9, 9}, trans: []float32{1, 0, 0, 5}}
	l.mean.settle(l)
	if l.rows[0] != 1 || l.trans[3] != 5 {
		t.Errorf("weights %v and %v changed without a note", l.rows, l.trans)
	}
	l.mean.note(l)
	l.rows[0], l.rows[5], l.trans[3] = 3, 8, 7
	l.mean.note(l)
	l.rows[0] = 100
	l.mean.settle(l)
	if got, want := fmt.Sprint(l.rows, l.trans), "[2 2 9 9 3 6 9 9] [1 0 0 6]"; got != want {
		t.Errorf("mean %s, want %s", got, want)
	}
}

func TestASecondPassNeedsDocuments(t *testing.T) {
	one := []Set{{"made up", corpus(1, 1), 1}}
	if _, err := Train(one, Options{Epochs: 1, Passes: 2, Lexicon: lexicon(t)}); err == nil || !strings.Contains(err.Error(), "DOCSTART") {
		t.Errorf("%v, want an error that says how to mark documents", err)
	}
}

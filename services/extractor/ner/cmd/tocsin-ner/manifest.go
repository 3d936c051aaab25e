package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"tocsin/services/extractor/ner/bio"
	"tocsin/services/extractor/ner/classes"
	"tocsin/services/extractor/ner/crf"
	"tocsin/services/extractor/ner/train"
)

// manifest is everything a model is made of: the only input of `train --manifest`.
type manifest struct {
	Kinds   int     `json:"kinds"` // 3 or 4
	Learn   learn   `json:"learn"`
	Classes grouped `json:"classes"`
	Lists   []file  `json:"lists"` // name lists, in the order of their numbers in the model
	Data    []file  `json:"data"`
	Dev     []file  `json:"dev"` // scored and calibrated on, not learnt from
}

type learn struct {
	Epochs int     `json:"epochs"`
	Again  int     `json:"again"`
	Rate   float64 `json:"rate"`
	Drop   float64 `json:"drop"`
	Cut    int     `json:"cut"`
	Keep   int     `json:"keep"`
	Passes int     `json:"passes"`
	Mean   int     `json:"mean"`
	Coarse bool    `json:"coarse"`
	Seed   uint64  `json:"seed"`
	// Lean is added to the weight of opening a name, by kind.
	Lean []float64 `json:"lean,omitempty"`
}

// grouped says how word classes are learnt.
type grouped struct {
	Sizes  []int  `json:"sizes"`
	Min    int    `json:"min"`
	Rounds int    `json:"rounds"`
	Texts  []file `json:"texts"`
}

// file is one input. A name that begins with ./ is relative to the manifest, any other to the data folder.
type file struct {
	File    string  `json:"file"`
	Origin  string  `json:"origin,omitempty"`
	Licence string  `json:"licence,omitempty"`
	SHA256  string  `json:"sha256"`
	Weight  float64 `json:"weight,omitempty"` // 1 when left out
	Swap    int     `json:"swap,omitempty"`   // copies with other names
	Part    string  `json:"part,omitempty"`   // share of the documents, K/N or -K/N as in convert
}

// source finds and checks the files of a manifest.
type source struct{ manifest, data string }

func (s source) path(f file) string {
	if rest, own := strings.CutPrefix(f.File, "./"); own {
		return filepath.Join(filepath.Dir(s.manifest), filepath.FromSlash(rest))
	}
	return filepath.Join(s.data, filepath.FromSlash(f.File))
}

// check compares a file's checksum with the manifest's.
func (s source) check(f file) error {
	b, err := os.ReadFile(s.path(f))
	if err != nil {
		return fmt.Errorf("%w; name the folder that holds the manifest's files with --dir", err)
	}
	sum := sha256.Sum256(b)
	if got := hex.EncodeToString(sum[:]); got != f.SHA256 {
		return fmt.Errorf("%s has checksum %s, the manifest says %q; take the file the manifest means, or change it and build anew", s.path(f), got, f.SHA256)
	}
	return nil
}

func readManifest(name string) (manifest, error) {
	var m manifest
	b, err := os.ReadFile(name)
	if err != nil {
		return m, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// fromManifest fills the options and returns the training sets.
func (t *trainFlags) fromManifest() ([]train.Set, error) {
	m, err := readManifest(t.manifest)
	if err != nil {
		return nil, err
	}
	src := source{t.manifest, t.dir}
	for _, list := range [][]file{m.Classes.Texts, m.Lists, m.Data, m.Dev} {
		for _, f := range list {
			if err := src.check(f); err != nil {
				return nil, err
			}
		}
	}
	if t.o.Types, err = kinds(m.Kinds); err != nil {
		return nil, err
	}
	l := m.Learn
	t.o.Epochs, t.o.Again, t.o.Rate, t.o.Drop, t.o.Cut = l.Epochs, l.Again, l.Rate, l.Drop, l.Cut
	t.o.Keep, t.o.Passes, t.o.Mean, t.o.Coarse, t.o.Seed, t.o.Lean = l.Keep, l.Passes, l.Mean, l.Coarse, l.Seed, l.Lean
	names, err := t.manifestLexicon(m, src)
	if err != nil {
		return nil, err
	}
	for _, f := range m.Dev {
		docs, err := src.docs(f)
		if err != nil {
			return nil, err
		}
		t.o.Dev = append(t.o.Dev, docs...)
	}
	return src.sets(m.Data, names, l.Seed)
}

// docs reads the documents of one file that take part.
func (s source) docs(f file) ([]bio.Document, error) {
	docs, err := readLabelled(s.path(f))
	if err != nil {
		return nil, err
	}
	return part(docs, f.Part)
}

func (s source) sets(data []file, names train.Names, seed uint64) ([]train.Set, error) {
	var out []train.Set
	for _, f := range data {
		docs, err := s.docs(f)
		if err != nil {
			return nil, err
		}
		weight := f.Weight
		if weight == 0 {
			weight = 1
		}
		out = append(out, train.Set{Name: f.File, Docs: docs, Weight: weight})
		if f.Swap > 0 {
			out = append(out, train.Set{Name: f.File, Docs: train.Swap(docs, names, f.Swap, seed), Weight: 1})
		}
	}
	return out, nil
}

// manifestLexicon learns the word classes and reads the name lists.
func (t *trainFlags) manifestLexicon(m manifest, src source) (names train.Names, err error) {
	var lists [][]string
	byName := map[string][]string{}
	for _, f := range m.Lists {
		l, err := readLines(src.path(f))
		if err != nil {
			return names, fmt.Errorf("%s: %w", f.File, err)
		}
		lists = append(lists, l)
		byName[strings.TrimSuffix(filepath.Base(f.File), ".txt.gz")] = l
	}
	names = train.Names{Given: byName["first"], Family: byName["last"], Countries: byName["country"],
		Cities: byName["bigcity"], Clubs: byName["club"]}
	words, err := t.learnClasses(m.Classes, src)
	if err != nil {
		return names, err
	}
	t.o.Lexicon, err = crf.NewLexicon(words, lists, nil)
	return names, err
}

func (t *trainFlags) learnClasses(g grouped, src source) ([]crf.ClassedWord, error) {
	var c classes.Corpus
	for _, f := range g.Texts {
		if err := addText(&c, src.path(f)); err != nil {
			return nil, fmt.Errorf("%s: %w", f.File, err)
		}
	}
	if len(g.Sizes) > 3 {
		return nil, fmt.Errorf("%d sets of classes; want at most 3", len(g.Sizes))
	}
	var words []crf.ClassedWord
	for set, k := range g.Sizes {
		learnt, err := classes.Learn(&c, classes.Options{Classes: k, MinCount: g.Min, Rounds: g.Rounds})
		if err != nil {
			return nil, err
		}
		t.o.Progress("%d classes of %d words", k, len(learnt))
		if words == nil {
			words = make([]crf.ClassedWord, len(learnt))
		}
		for i, w := range learnt {
			words[i].Text, words[i].Class[set] = w.Text, uint16(w.Class)
		}
	}
	return words, nil
}

// Package classes learns word classes from raw text: words that stand in like company get the same class.
//
// It is the exchange algorithm of Kneser and Ney (1993) on a class bigram model: starting from classes dealt out by
// frequency, each word in turn moves to the class that makes the text most likely, until few move. The outcome depends
// on the text and the options alone, not on the machine's cores.
package classes

import (
	"fmt"
	"slices"
	"strings"
)

// Options of Learn.
type Options struct {
	// Classes is how many classes to make; at least 4.
	Classes int
	// MinCount is how often a word must occur to get a class; at least 1.
	MinCount int
	// Rounds bounds the passes over the vocabulary; learning also stops when fewer than one word in 200 moves.
	Rounds int
	// Progress, when not nil, is told after each round how many words moved.
	Progress func(round, moved, words int)
}

func (o Options) validate() error {
	switch {
	case o.Classes < 4 || o.Classes > 4096:
		return fmt.Errorf("Classes is %d; want 4 to 4096", o.Classes)
	case o.MinCount < 1:
		return fmt.Errorf("MinCount is %d; want at least 1", o.MinCount)
	case o.Rounds < 1:
		return fmt.Errorf("Rounds is %d; want at least 1", o.Rounds)
	}
	return nil
}

// Corpus counts the words and neighbours of sentences. The zero value is empty and ready.
type Corpus struct {
	ids   map[string]int32
	names []string
	text  []int32 // word ids; sentenceEnd closes each sentence
}

const sentenceEnd = -1

// Add appends one sentence. Words are taken as they are: fold digits before.
func (c *Corpus) Add(words []string) {
	if c.ids == nil {
		c.ids = map[string]int32{}
	}
	for _, w := range words {
		id, ok := c.ids[w]
		if !ok {
			w = strings.Clone(w)
			id = int32(len(c.names))
			c.ids[w] = id
			c.names = append(c.names, w)
		}
		c.text = append(c.text, id)
	}
	c.text = append(c.text, sentenceEnd)
}

// vocabulary returns the ids of words seen at least least times, most frequent first, ties by spelling.
func (c *Corpus) vocabulary(least int) []int32 {
	count := make([]int, len(c.names))
	for _, w := range c.text {
		if w >= 0 {
			count[w]++
		}
	}
	var out []int32
	for id, n := range count {
		if n >= least {
			out = append(out, int32(id))
		}
	}
	slices.SortFunc(out, func(a, b int32) int {
		if d := count[b] - count[a]; d != 0 {
			return d
		}
		return strings.Compare(c.names[a], c.names[b])
	})
	return out
}

// Word is one word with its class, a number in [0, Options.Classes).
type Word struct {
	Text  string
	Class int
}

// Learn returns the classes of all words seen often enough, most frequent first.
func Learn(c *Corpus, o Options) ([]Word, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("word classes: %w", err)
	}
	vocab := c.vocabulary(o.MinCount)
	x := newExchange(c, vocab, o.Classes)
	for round := range o.Rounds {
		moved := x.round()
		if o.Progress != nil {
			o.Progress(round+1, moved, len(vocab))
		}
		if moved*200 < len(vocab) {
			break
		}
	}
	out := make([]Word, len(vocab))
	for i, id := range vocab {
		out[i] = Word{c.names[id], int(x.class[i+2])}
	}
	return out, nil
}

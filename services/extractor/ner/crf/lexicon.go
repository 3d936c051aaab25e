package crf

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Lexicon is what a model knows of words and names beside its weights: word classes, name lists, and the words without
// a capital that occur inside names.
type Lexicon struct {
	words   index // by exact hash
	classes [][3]uint16
	names   index // by phrase hash
	lists   []uint16
	joiners []uint32 // sorted keys of lower-case words
}

// Keys of the lexicon's tables.
const (
	wordTable   = 9001
	nameTable   = 9002
	joinerTable = 9003
)

// ListCount is how many name lists a lexicon has room for.
const ListCount = 16

// longestName is how many tokens an entry of a name list may have; longer ones are left out.
const longestName = 6

// ClassedWord is a folded word with its class in each of three sets.
type ClassedWord struct {
	Text  string
	Class [3]uint16
}

// NewLexicon builds a lexicon. Lists hold lower-case phrases with single spaces between tokens, at most ListCount of
// them. Joiners are lower-case words.
func NewLexicon(words []ClassedWord, lists [][]string, joiners []string) (*Lexicon, error) {
	if len(lists) > ListCount {
		return nil, fmt.Errorf("%d name lists; want at most %d", len(lists), ListCount)
	}
	l := &Lexicon{}
	if err := l.setWords(words); err != nil {
		return nil, err
	}
	if err := l.setNames(lists); err != nil {
		return nil, err
	}
	l.SetJoiners(joiners)
	return l, nil
}

func (l *Lexicon) setWords(words []ClassedWord) error {
	byKey := map[uint32][3]uint16{}
	var keys []uint32
	for _, w := range words {
		k := key(wordTable, exactHash(w.Text))
		if _, taken := byKey[k]; taken {
			continue // the more frequent word stands first
		}
		for _, c := range w.Class {
			if c > 4096 {
				return errors.New("a word class is above 4096")
			}
		}
		byKey[k] = w.Class
		keys = append(keys, k)
	}
	x, err := newIndex(keys)
	if err != nil {
		return fmt.Errorf("word classes: %w", err)
	}
	l.words, l.classes = x, make([][3]uint16, len(keys))
	for i, k := range keys {
		l.classes[i] = byKey[k]
	}
	return nil
}

func (l *Lexicon) setNames(lists [][]string) error {
	byKey := map[uint32]uint16{}
	for i, list := range lists {
		for _, phrase := range list {
			tokens := strings.Fields(phrase)
			if len(tokens) == 0 || len(tokens) > longestName {
				continue
			}
			h := uint64(0)
			for _, t := range tokens {
				var f form
				readForm(t, &f)
				h = mix(h, f.lower)
			}
			byKey[key(nameTable, h)] |= 1 << i
		}
	}
	keys := make([]uint32, 0, len(byKey))
	for k := range byKey {
		keys = append(keys, k)
	}
	x, err := newIndex(keys)
	if err != nil {
		return fmt.Errorf("name lists: %w", err)
	}
	l.names, l.lists = x, make([]uint16, len(keys))
	for i, k := range keys {
		l.lists[i] = byKey[k]
	}
	return nil
}

// SetJoiners replaces the words without a capital that may be part of a name. Call it before the lexicon is given to a
// model.
func (l *Lexicon) SetJoiners(words []string) {
	l.joiners = l.joiners[:0]
	for _, w := range words {
		var f form
		readForm(w, &f)
		l.joiners = append(l.joiners, key(joinerTable, f.lower))
	}
	slices.Sort(l.joiners)
	l.joiners = slices.Compact(l.joiners)
}

// describe adds to f what the lexicon knows of the word.
func (l *Lexicon) describe(f *form, token string) {
	at := l.words.find(key(wordTable, f.exact))
	if at < 0 && f.lower != f.exact {
		at = l.words.find(key(wordTable, f.lower))
	}
	if at < 0 && f.shout && f.long {
		at = l.words.find(key(wordTable, titleHash(token)))
	}
	if at >= 0 {
		for i, c := range l.classes[at] {
			f.class[i] = c + 1
		}
	}
	if i := l.names.find(key(nameTable, mix(0, f.lower))); i >= 0 {
		f.listed = l.lists[i]
	}
	if !f.upper {
		_, f.joins = slices.BinarySearch(l.joiners, key(joinerTable, f.lower))
	}
}

// titleHash is the exact hash of a word in capitals as if only its first letter were one.
func titleHash(s string) uint64 {
	h, first := uint64(fnvStart), true
	for _, r := range s {
		if r = plainRune(r); r < 0 {
			continue
		}
		if !first {
			r = toLower(r)
		}
		first = false
		h = (h ^ uint64(r)) * fnvPrime
	}
	return h
}

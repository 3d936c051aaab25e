package main

import (
	"math/bits"
	"math/rand/v2"
	"strings"
	"unicode"

	"github.com/cespare/xxhash/v2"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/sketch"
)

// engine makes a mark of a text and compares two marks.
type engine struct {
	name string
	mark func(text string) any
	near func(a, b any) bool
}

// engines are the product and the two methods that are in use elsewhere, each at the thresholds found in use.
func engines() []engine {
	hashes := newMinHash()
	return []engine{
		{"tocsin", func(t string) any { return sketch.Of(t) }, func(a, b any) bool { return messages.NearCopies(a.([]uint64), b.([]uint64)) }},
		{"simhash words <=3", func(t string) any { return simHash(shingles(t, 1)) }, within(3)},
		{"simhash words <=6", func(t string) any { return simHash(shingles(t, 1)) }, within(6)},
		{"simhash shingles <=10", func(t string) any { return simHash(shingles(t, 3)) }, within(10)},
		{"minhash128 >=.5", func(t string) any { return hashes.of(shingles(t, 3)) }, func(a, b any) bool {
			return alike(a.(*[128]uint64), b.(*[128]uint64)) >= 64
		}},
	}
}

func within(distance int) func(a, b any) bool {
	return func(a, b any) bool { return bits.OnesCount64(a.(uint64)^b.(uint64)) <= distance }
}

// shingles are the hashes of all runs of n words.
func shingles(t string, n int) []uint64 {
	words := strings.FieldsFunc(strings.ToLower(t), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < n {
		return []uint64{xxhash.Sum64String(strings.Join(words, " "))}
	}
	out := make([]uint64, 0, len(words)-n+1)
	for i := 0; i+n <= len(words); i++ {
		out = append(out, xxhash.Sum64String(strings.Join(words[i:i+n], " ")))
	}
	return out
}

// simHash: Charikar, "Similarity estimation techniques from rounding algorithms", 2002.
func simHash(shingles []uint64) uint64 {
	var votes [64]int
	for _, h := range shingles {
		for b := range votes {
			votes[b] += int(h>>b&1)*2 - 1
		}
	}
	var out uint64
	for b, v := range votes {
		if v > 0 {
			out |= 1 << b
		}
	}
	return out
}

// minHash: Broder, "On the resemblance and containment of documents", 1997, with 128 functions.
type minHash struct{ multiply, add [128]uint64 }

func newMinHash() *minHash {
	r := rand.New(rand.NewPCG(7, 7)) //nolint:gosec // hash functions, no secrets
	var m minHash
	for i := range m.multiply {
		m.multiply[i], m.add[i] = r.Uint64()|1, r.Uint64()
	}
	return &m
}

func (m *minHash) of(shingles []uint64) *[128]uint64 {
	var out [128]uint64
	for i := range out {
		out[i] = ^uint64(0)
	}
	for _, h := range shingles {
		for i := range out {
			x := h*m.multiply[i] + m.add[i]
			out[i] = min(out[i], x^x>>32)
		}
	}
	return &out
}

func alike(a, b *[128]uint64) int {
	n := 0
	for i := range a {
		if a[i] == b[i] {
			n++
		}
	}
	return n
}

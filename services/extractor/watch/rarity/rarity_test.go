package rarity

import (
	"testing"

	"tocsin/services/extractor/watch/sound"
)

func bitsOf(word string) float64 { return Bits(word, sound.Encode(nil, word), false) }

func TestRareNamesMeanMore(t *testing.T) {
	tests := []struct{ sentence, rare, common string }{
		{"a rare family name against a common one", "khalimov", "smith"},
		{"a rare given name against a common one", "gulmurod", "john"},
		{"a long unseen name against a short unseen one", "qwertzolski", "qwe"},
	}
	for _, tt := range tests {
		if r, c := bitsOf(tt.rare), bitsOf(tt.common); r <= c || r > Most || c <= 0 {
			t.Errorf("%s: %s has %.1f bits, %s %.1f", tt.sentence, tt.rare, r, tt.common, c)
		}
	}
}

func TestOrdinaryWordsAreKnown(t *testing.T) {
	for word, want := range map[string]Class{"government": Ordinary, "said": Ordinary, "khalimov": Unknown} {
		if got := ClassOf(word); got != want {
			t.Errorf("%s is class %d, want %d", word, got, want)
		}
	}
}

package watch

import (
	"testing"

	"tocsin/pkg/messages"
)

func TestSpellingsOfAnEntrySpeakForEachOther(t *testing.T) {
	entries := []Entry{
		{ID: "sharif", List: "l", Names: []Name{{Text: "SHARIF, Adam Yakub"}, {Text: "YACOUB, Adam", Kind: Alias}}},
		{ID: "ruben", List: "l", Names: []Name{{Text: "KARAKEYAN, Ruben Albertovich"}, {Text: "KARAKEYAN, Roberto", Kind: Alias}}},
		{ID: "wei", List: "l", Names: []Name{{Text: "PHITAK, Samoechainuek"}, {Text: "Wei Hsueh Ying", Kind: WeakAlias}, {Text: "Omar Ali", Kind: WeakAlias}}},
	}
	x, _ := Compile(entries, Options{})
	tests := []struct{ sentence, text, entry, tier string }{
		{"a given name of another spelling beside the family name", "Officials said that Roberto Albertovich Karakeyan had left.", "ruben", messages.TierConfirmed},
		{"a weak alias of three rare words, and never as confirmed", "Officials said that Wei Hsueh Ying had left.", "wei", messages.TierProbable},
		{"a weak alias of two common words", "Officials said that Omar Ali had left.", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := x.Find(Doc{Text: tt.text})
			if tt.entry == "" {
				if len(got) > 0 {
					t.Fatalf("got %s: %v %v", got[0].Entry, got[0].Bits, got[0].Penalties)
				}
				return
			}
			if len(got) != 1 || got[0].Entry != tt.entry || got[0].Tier != tt.tier {
				t.Fatalf("got %+v", got)
			}
		})
	}
}

func TestGivenNameOfNoSpellingSpeaksForAnother(t *testing.T) {
	x, _ := Compile([]Entry{{ID: "r", Names: []Name{{Text: "KARAKEYAN, Ruben Albertovich"}, {Text: "KARAKEYAN, Roberto", Kind: Alias}}}}, Options{})
	bits := func(given string) float64 {
		rang, near := x.Search(Doc{Text: "Officials said that " + given + " Albertovich Karakeyan had left."}, explainDepth)
		if len(rang)+len(near) != 1 {
			t.Fatalf("%s: got %d and %d matches", given, len(rang), len(near))
		}
		return append(rang, near...)[0].Bits
	}
	if own, other := bits("Roberto"), bits("Tigran"); own < other+contradiction/2 {
		t.Errorf("got %.1f bits for a given name of another spelling, %.1f for one of none", own, other)
	}
}

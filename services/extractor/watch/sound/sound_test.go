package sound

import "testing"

func similar(a, b string) float64 { return Similarity(Encode(nil, a), Encode(nil, b), false) }

func TestSpellingsOfOneNameAreCloserThanStrangers(t *testing.T) {
	tests := []struct {
		sentence, a, b, stranger string
	}{
		{"kh and h are rival spellings", "khalimov", "halimaov", "salimov"},
		{"q, g and k stand for one Libyan sound", "qadhafi", "gaddafi", "shafii"},
		{"vowels of Muhammad vary", "mohammed", "muhammad", "mahmud"},
		{"French and English spell sh their own way", "bachir", "bashir", "nasir"},
		{"German tsch is ch", "gortschakow", "gorchakov", "gorbunov"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			if s, d := similar(tt.a, tt.b), similar(tt.a, tt.stranger); s <= d || s < 0.68 {
				t.Errorf("%s~%s = %.2f, %s~%s = %.2f", tt.a, tt.b, s, tt.a, tt.stranger, d)
			}
		})
	}
}

func FuzzSimilarity(f *testing.F) {
	f.Add("khalimov", "halimaov")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := Encode(nil, a), Encode(nil, b)
		if len(x) > Max {
			t.Fatal("a code is too long")
		}
		s, r := Similarity(x, y, false), Similarity(y, x, false)
		if s < 0 || s > 1 || s-r > 1e-9 || r-s > 1e-9 {
			t.Fatalf("similarity %v one way, %v the other", s, r)
		}
		if len(x) > 3 && Similarity(x, x, true) < 0.9 {
			t.Fatal("a word is not like itself")
		}
		Keys(a, x, func(uint64) {})
		_ = Frame(x)
	})
}

package fold

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestLatinRomanisesEveryScript(t *testing.T) {
	tests := []struct{ sentence, word, want string }{
		{"diacritics go", "Šešelj", "seselj"}, {"Turkish dotless i", "Karayılan", "karayilan"},
		{"Russian", "Халимов", "khalimov"}, {"Ukrainian", "Київ", "kiyiv"}, {"Tajik", "Ҷумъа", "juma"}, {"Kazakh", "Қазақ", "qazaq"},
		{"Greek pairs", "Μπάμπης", "babis"}, {"Hebrew consonants", "שלום", "shlvm"}, {"Arabic consonants", "القذافي", "alqdhafy"},
		{"Persian letters", "گلچین", "glchyn"}, {"Hangul", "김정은", "gimjeongeun"}, {"Han by pinyin", "习近平", "xijinping"},
		{"Katakana", "クロヤナギ", "kuroyanagi"}, {"Devanagari", "मोदी", "modi"}, {"Georgian", "სააკაშვილი", "saakashvili"},
		{"Armenian", "Սարգսյան", "sargsyan"}, {"Amharic", "አሕመድ", "ehimedi"}, {"full-width letters", "Ｋｉｍ", "kim"},
	}
	for _, tt := range tests {
		if got := Latin(tt.word); got != tt.want {
			t.Errorf("%s: %s gives %q, want %q", tt.sentence, tt.word, got, tt.want)
		}
	}
}

func cut(text string) []string {
	var out []string
	for _, w := range Words(nil, text) {
		out = append(out, text[w.Start:w.End])
	}
	return out
}

func TestWordsAreCutAsNamesNeedThem(t *testing.T) {
	tests := []struct{ sentence, text, want string }{
		{"possessives are no part of a word", "Khalimov's Khalimov’s men", "Khalimov|Khalimov|men"},
		{"apostrophes inside stay", "Sha'ban O’Neill", "Sha'ban|O’Neill"},
		{"elided articles part", "d'Abdul l'Iran", "d|Abdul|l|Iran"},
		{"hyphens part", "al-Din Jong-un", "al|Din|Jong|un"},
		{"soft hyphens do not", "Khali\u00admov", "Khali\u00admov"},
		{"references are letters", "O&#39;Neill Jos&eacute;", "O&#39;Neill|Jos&eacute;"},
		{"broken bytes part words", "a\xffb", "a|b"},
		{"scripts without spaces are runs", "警察はタケシ met", "警察はタケシ|met"},
	}
	for _, tt := range tests {
		if got := strings.Join(cut(tt.text), "|"); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.sentence, got, tt.want)
		}
	}
}

func TestFlagsTellWhatStandsBetween(t *testing.T) {
	text := "Col. KIM met. Jong-un, here"
	want := []Flag{Break | Capital | Dotted, Capital | Shout, Dotted, Capital, Hyphened, Comma}
	var got []Flag
	for _, w := range Words(nil, text) {
		got = append(got, w.Flags)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %b, want %b", got, want)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Sha'ban &eacute; 김정은 クロ・ヤ \xff d'A")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, w := range Words(nil, text) {
			if w.Start < last || w.End <= w.Start || w.End > len(text) {
				t.Fatalf("word %v is out of place", w)
			}
			last = w.End
			if utf8.ValidString(text) && (!utf8.RuneStart(text[w.Start]) || !utf8.ValidString(text[w.Start:w.End])) {
				t.Fatalf("word %v cuts a rune", w)
			}
			for _, c := range []byte(Latin(w.Raw(text))) {
				if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
					t.Fatalf("%q is folded to %q", w.Raw(text), Latin(w.Raw(text)))
				}
			}
		}
	})
}

// TestPlainWordsAreCutAsAllOthers compares the quick way for plain words with the general one.
func TestPlainWordsAreCutAsAllOthers(t *testing.T) {
	text := "He met O'Neill, A. Kim-Lee and (USA) the EU 3RD B2B A1 iPhone d'Or José's 3rd man.\nNext-\ndoor A&B x/y «Ab» Z"
	s := scanner{text: text, gap: Break}
	for s.at < len(text) {
		s.next()
	}
	if quick := Words(nil, text); !slices.Equal(quick, s.words) {
		t.Errorf("got %v, want %v", quick, s.words)
	}
}

// TestLettersAreKnownAtAGlance checks the ranges that are taken for letters unseen.
func TestLettersAreKnownAtAGlance(t *testing.T) {
	for r := range rune(0x600) {
		if kind(r) == letterRune && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) {
			t.Errorf("%U is no letter", r)
		}
	}
}

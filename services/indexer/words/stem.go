package words

import "strings"

// Stem returns the English stem of a folded word by Porter's algorithm (M. F. Porter, An algorithm for suffix
// stripping, Program 14, 1980), the one that both indexes use. Stems are for comparing, not for showing.
func Stem(w string) string {
	if len(w) < 3 || len(w) > longest {
		return w
	}
	w = plural(w)
	w = pastOrGerund(w)
	if strings.HasSuffix(w, "y") && hasVowel(w[:len(w)-1]) {
		w = w[:len(w)-1] + "i"
	}
	w = replace(w, 0, suffixes2)
	w = replace(w, 0, suffixes3)
	w = replace(w, 1, suffixes4)
	return finalE(w)
}

// longest is the length in bytes beyond which nothing is an English word, and stemming it would only cost time.
const longest = 64

// plural is step 1a.
func plural(w string) string {
	switch {
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "ies"):
		return w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return w[:len(w)-1]
	}
	return w
}

// pastOrGerund is step 1b.
func pastOrGerund(w string) string {
	if stem, ok := strings.CutSuffix(w, "eed"); ok {
		if measure(stem) > 0 {
			return stem + "ee"
		}
		return w
	}
	stem, ok := strings.CutSuffix(w, "ed")
	if !ok {
		stem, ok = strings.CutSuffix(w, "ing")
	}
	if !ok || !hasVowel(stem) {
		return w
	}
	n := len(stem)
	switch {
	case strings.HasSuffix(stem, "at"), strings.HasSuffix(stem, "bl"), strings.HasSuffix(stem, "iz"):
		return stem + "e"
	case doubleConsonant(stem) && !strings.ContainsRune("lsz", rune(stem[n-1])):
		return stem[:n-1]
	case measure(stem) == 1 && shortEnd(stem):
		return stem + "e"
	}
	return stem
}

// finalE is steps 5a and 5b.
func finalE(w string) string {
	if stem, ok := strings.CutSuffix(w, "e"); ok {
		if m := measure(stem); m > 1 || m == 1 && !shortEnd(stem) {
			w = stem
		}
	}
	if strings.HasSuffix(w, "ll") && measure(w) > 1 {
		w = w[:len(w)-1]
	}
	return w
}

// suffix is one rule: from becomes to when the stem before it measures more than the step asks.
type suffix struct{ from, to string }

// The rules of steps 2 to 4. Longer suffixes stand before those they end in.
var (
	suffixes2 = []suffix{
		{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"}, {"bli", "ble"},
		{"alli", "al"}, {"entli", "ent"}, {"eli", "e"}, {"ousli", "ous"}, {"ization", "ize"}, {"ation", "ate"},
		{"ator", "ate"}, {"alism", "al"}, {"iveness", "ive"}, {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},
		{"iviti", "ive"}, {"biliti", "ble"}, {"logi", "log"},
	}
	suffixes3 = []suffix{
		{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""},
	}
	suffixes4 = []suffix{
		{"al", ""}, {"ance", ""}, {"ence", ""}, {"er", ""}, {"ic", ""}, {"able", ""}, {"ible", ""}, {"ant", ""},
		{"ement", ""}, {"ment", ""}, {"ent", ""}, {"sion", "s"}, {"tion", "t"}, {"ou", ""}, {"ism", ""}, {"ate", ""},
		{"iti", ""}, {"ous", ""}, {"ive", ""}, {"ize", ""},
	}
)

// replace applies the first rule whose suffix fits, or none when its stem measures least or less.
func replace(w string, least int, rules []suffix) string {
	for _, r := range rules {
		if stem, ok := strings.CutSuffix(w, r.from); ok {
			if measure(stem+r.to[:keep(r)]) > least {
				return stem + r.to
			}
			return w
		}
	}
	return w
}

// keep is how much of the replacement counts for the measure: the s or t of -sion and -tion belongs to the stem.
func keep(r suffix) int {
	if r.from == "sion" || r.from == "tion" {
		return 1
	}
	return 0
}

// measure counts the sequences of a vowel followed by a consonant: m in the paper.
func measure(w string) int {
	m, vowel := 0, false
	for i := range len(w) {
		if isVowel(w, i) {
			vowel = true
		} else if vowel {
			m, vowel = m+1, false
		}
	}
	return m
}

func isVowel(w string, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	case 'y':
		return i > 0 && !isVowel(w, i-1)
	}
	return false
}

func hasVowel(w string) bool {
	for i := range len(w) {
		if isVowel(w, i) {
			return true
		}
	}
	return false
}

func doubleConsonant(w string) bool {
	n := len(w)
	return n > 1 && w[n-1] == w[n-2] && !isVowel(w, n-1)
}

// shortEnd is *o in the paper: consonant, vowel, consonant other than w, x or y.
func shortEnd(w string) bool {
	n := len(w)
	return n > 2 && !isVowel(w, n-3) && isVowel(w, n-2) && !isVowel(w, n-1) && !strings.ContainsRune("wxy", rune(w[n-1]))
}

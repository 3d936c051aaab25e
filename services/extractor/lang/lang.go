// Package lang is the room of language detection.
//
// Trigrams decide where there is enough text to go by, by the method and the profiles of
// github.com/RadhiFadlillah/whatlanggo; below that, what the feed says of itself does. Declared languages are a template's
// value more often than a fact, so they never outweigh a clear reading of the text.
package lang

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/RadhiFadlillah/whatlanggo"
)

// Undetermined is the code for text whose language nobody knows (ISO 639-2).
const Undetermined = "und"

const (
	sample    = 600 // characters of the main text that are read
	tooShort  = 60  // characters below which trigrams guess
	plenty    = 200 // characters from which trigrams are right nineteen times in twenty, however unsure they say they are
	confident = 0.5 // what a reading of a short text must reach to stand against the feed's word
	doubtful  = 0.1 // and of a longer one; below are twins such as Malay and Indonesian
	declared  = 0.5 // what the feed's word is worth
)

// Detect returns the ISO 639-1 code of an article's language and a confidence in [0, 1]; Undetermined and 0 when there
// is nothing to go by. declaredBy is the language tag of the feed ("en-GB"), or empty.
func Detect(title, body, declaredBy string) (code string, confidence float64) {
	text := title + "\n" + head(body, sample)
	found, sure := detect(text)
	if code = iso(found); sure == 0 {
		code = "" // two languages are level
	}
	prior := base(declaredBy)
	size := utf8.RuneCountInString(text)
	enough := size >= tooShort
	clear := enough && sure >= confident || size >= plenty && sure >= doubtful
	switch {
	case code == "zh" && prior == "ja" && !enough: // a headline without kana
		return prior, declared
	case code != "" && (clear || ownScript(found, sure)):
		return code, sure
	case prior != "" && possible(text, prior):
		return prior, declared
	case code != "" && enough:
		return code, sure
	}
	return Undetermined, 0
}

// head returns the first n characters of s.
func head(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// iso returns the ISO 639-1 code of a language, or "".
func iso(l whatlanggo.Lang) string {
	if l < 0 {
		return ""
	}
	return l.Iso6391()
}

// ownScript reports whether the script alone settles the language, as for Korean or Greek.
func ownScript(found whatlanggo.Lang, sure float64) bool {
	return sure == 1 && slices.ContainsFunc(scripts, func(s script) bool { return s.profiles == "" && s.only == found })
}

// base returns the ISO 639-1 code at the head of a language tag (RFC 5646), or "".
func base(tag string) string {
	code, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	code, _, _ = strings.Cut(code, "_")
	switch len(code) {
	case 2:
		if code == "no" {
			return "nb"
		}
		if isLower(code) {
			return code
		}
	case 3:
		return iso(whatlanggo.CodeToLang(code))
	}
	return ""
}

func isLower(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return true
}

// possible reports whether a text may be in the language at all: not when the language is known and written in another
// script. Text without letters may be in any.
func possible(text, code string) bool {
	known, ok := languages[code]
	s := scriptOf(text)
	switch {
	case !ok || s == nil:
		return true
	case s.profiles == "":
		return s.only == known
	}
	return slices.Contains(byScript()[s.profiles].langs, known)
}

// languages are those that trigrams tell apart, by ISO 639-1 code.
var languages = func() map[string]whatlanggo.Lang {
	m := make(map[string]whatlanggo.Lang, len(whatlanggo.Langs))
	for l := range whatlanggo.Langs {
		if code := l.Iso6391(); code != "" {
			m[code] = l
		}
	}
	return m
}()

package words

import (
	"unicode"
	"unicode/utf8"
)

// class is what the scanner needs to know of a rune.
type class uint8

const (
	mark  class = iota // punctuation, symbols, broken bytes
	word               // letters, digits, combining marks, underscore
	space              // separates tokens
	blank              // vanishes inside a word and separates nothing: soft hyphen, zero-width joiners
	wide               // not ASCII: ask classOf
)

// ascii holds the class of every byte; bytes from 0x80 are wide.
var ascii = func() (t [256]class) {
	for i := range t {
		c := byte(i)
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_':
			t[i] = word
		case c <= ' ' || c == 0x7f:
			t[i] = space
		case c >= 0x80:
			t[i] = wide
		}
	}
	return t
}()

// at returns the class and size in bytes of the rune that starts at s[i].
func at(s string, i int) (class, int) {
	if c := ascii[s[i]]; c != wide {
		return c, 1
	}
	r, n := utf8.DecodeRuneInString(s[i:])
	return classOf(r, n), n
}

func classOf(r rune, n int) class {
	switch {
	case r == utf8.RuneError && n == 1:
		return mark
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r):
		return word
	case r == '\u00ad', r == '\u200c', r == '\u200d', r == '\u2060':
		return blank
	case unicode.IsSpace(r), unicode.Is(unicode.Zs, r), unicode.Is(unicode.Cf, r), unicode.IsControl(r):
		return space
	}
	return mark
}

// apostrophe returns the size of the apostrophe at s[i], straight or curly, or 0.
func apostrophe(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	if s[i] == '\'' {
		return 1
	}
	if len(s)-i >= 3 && s[i] == 0xe2 && s[i+1] == 0x80 && s[i+2] == 0x99 {
		return 3
	}
	return 0
}

// closing returns the size of a quote or bracket at s[i] that may stand after a full stop, or 0.
func closing(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	switch s[i] {
	case '"', ')', ']', '\'':
		return 1
	}
	if len(s)-i >= 3 && s[i] == 0xe2 && s[i+1] == 0x80 && (s[i+2] == 0x99 || s[i+2] == 0x9d) {
		return 3
	}
	if len(s)-i >= 2 && s[i] == 0xc2 && s[i+1] == 0xbb {
		return 2
	}
	return 0
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }

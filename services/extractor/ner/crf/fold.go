package crf

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainRune maps a rune to the one that stands for it in every feature: digits are 0, all single quotes, double quotes
// and dashes are alike; negative runes vanish.
func plainRune(r rune) rune {
	if r < 0x80 {
		switch {
		case r >= '0' && r <= '9':
			return '0'
		case r == '`':
			return '\''
		}
		return r
	}
	switch r {
	case '’', '‘', '‛', '´', 'ʼ':
		return '\''
	case '“', '”', '„', '‟', '«', '»', '″':
		return '"'
	case '–', '—', '‒', '―', '‑', '−':
		return '-'
	case '…':
		return '.'
	case '\u00ad', '\u200c', '\u200d', '\u2060':
		return -1
	}
	if unicode.IsDigit(r) {
		return '0'
	}
	return r
}

// plainToken maps tokens that corpora write in more than one way to one of them.
func plainToken(s string) string {
	switch s {
	case "``", "''":
		return `"`
	case "--", "---":
		return "-"
	case "...":
		return "."
	case "-LRB-":
		return "("
	case "-RRB-":
		return ")"
	}
	return s
}

// Fold returns the form of a token that features and word classes see: digits are 0, quotes and dashes plain.
func Fold(token string) string {
	token = plainToken(token)
	same := true
	for i := 0; i < len(token); i++ {
		c := token[i]
		if c >= 0x80 || c >= '0' && c <= '9' || c == '`' {
			same = false
			break
		}
	}
	if same {
		return token
	}
	var b strings.Builder
	for i := 0; i < len(token); {
		r, n := utf8.DecodeRuneInString(token[i:])
		if p := plainRune(r); p >= 0 {
			b.WriteRune(p)
		}
		i += n
	}
	return b.String()
}

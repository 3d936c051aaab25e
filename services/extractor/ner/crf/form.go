package crf

import (
	"unicode"
	"unicode/utf8"
)

// form is what features see of a word without its neighbours.
type form struct {
	exact, lower uint64 // hashes of the folded word as written and in lower case
	shape, short uint64 // letter pattern: "Xxxx" and, with repetitions joined, "Xx"
	affix        [12]uint64
	affixes      uint8
	class        [3]uint16 // word classes from 1; 0 is none
	listed       uint16    // name lists that hold the lower-case word by itself
	capital      bool      // begins with a capital
	upper        bool      // has a capital, or letters of a script that has none
	letters      bool      // consists of letters only
	shout        bool      // has letters, all of them capitals
	long         bool      // more than one rune
	joins        bool      // has no capital but was seen inside names
}

// Positions in affix: two of each length 1 to 5 (prefix, then suffix), then the cased ones.
const (
	prefix3 = 4
	suffix3 = 5
)

// maxRunes is how much of a word is looked at beyond its hash.
const maxRunes = 48

// exactHash is form.exact without the rest.
func exactHash(s string) uint64 {
	s = plainToken(s)
	h := uint64(fnvStart)
	for i := 0; i < len(s); {
		c := s[i]
		if c < 0x80 {
			if c >= '0' && c <= '9' {
				c = '0'
			} else if c == '`' {
				c = '\''
			}
			h = (h ^ uint64(c)) * fnvPrime
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r = plainRune(r); r >= 0 {
			h = (h ^ uint64(r)) * fnvPrime
		}
		i += n
	}
	return h
}

// readForm fills f from a token. It does not allocate.
func readForm(s string, f *form) {
	*f = form{}
	s = plainToken(s)
	var rs, low [maxRunes]rune
	n, total := 0, 0
	exact, lower := uint64(fnvStart), uint64(fnvStart)
	for _, r := range s {
		if r = plainRune(r); r < 0 {
			continue
		}
		l := toLower(r)
		exact = (exact ^ uint64(r)) * fnvPrime
		lower = (lower ^ uint64(l)) * fnvPrime
		if total++; n < maxRunes {
			rs[n], low[n] = r, l
			n++
		}
	}
	f.exact, f.lower, f.long = exact, lower, total > 1
	f.readLetters(rs[:n])
	f.readShape(rs[:n])
	f.readAffixes(rs[:n], low[:n])
}

func toLower(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	return unicode.ToLower(r)
}

func isUpper(r rune) bool {
	return r < 0x80 && r >= 'A' && r <= 'Z' || r >= 0x80 && (unicode.IsUpper(r) || unicode.IsTitle(r))
}

func isLower(r rune) bool {
	return r < 0x80 && r >= 'a' && r <= 'z' || r >= 0x80 && unicode.IsLower(r)
}

func isLetter(r rune) bool {
	return r < 0x80 && (r|0x20) >= 'a' && (r|0x20) <= 'z' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsMark(r))
}

func (f *form) readLetters(rs []rune) {
	f.letters, f.shout = len(rs) > 0, false
	some, all := false, true
	for i, r := range rs {
		up := isUpper(r)
		if i == 0 {
			f.capital = up
		}
		if !isLetter(r) {
			f.letters = false
			continue
		}
		some, all = true, all && up
		f.upper = f.upper || up || !isLower(r) && unicode.IsLetter(r)
	}
	f.shout = some && all
}

func (f *form) readShape(rs []rune) {
	var full, short [maxRunes]rune
	n, last := 0, rune(0)
	for i, r := range rs {
		c := r
		switch {
		case isUpper(r):
			c = 'X'
		case isLower(r):
			c = 'x'
		case r == '0':
			c = 'd'
		case r >= 0x80:
			c = '~'
		}
		full[i] = c
		if c != last {
			short[n], last = c, c
			n++
		}
	}
	f.shape, f.short = mix(1, hashRunes(full[:min(len(rs), 10)])), mix(2, hashRunes(short[:n]))
}

func (f *form) readAffixes(rs, low []rune) {
	n := len(low)
	k := 0
	for size := 1; size <= 5 && size <= n; size++ {
		f.affix[k] = mix(uint64(1000+size), hashRunes(low[:size]))
		f.affix[k+1] = mix(uint64(2000+size), hashRunes(low[n-size:]))
		k += 2
	}
	if n >= 2 {
		size := min(3, n)
		f.affix[k] = mix(3001, hashRunes(rs[:size]))
		f.affix[k+1] = mix(3002, hashRunes(rs[n-size:]))
		k += 2
	}
	f.affixes = uint8(k)
}

package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Latin folds one word of any script to lower-case ASCII letters and digits: compatibility forms, case, marks and
// apostrophes are removed, other scripts are romanised. Letters without a romanisation (Thai, Khmer and others that
// are matched as character sequences) give nothing. The result may be empty.
func Latin(word string) string {
	if out, ok := asciiLower(word); ok {
		return out
	}
	var b strings.Builder
	b.Grow(len(word))
	rs := []rune(strings.ToLower(norm.NFKC.String(word)))
	for i := 0; i < len(rs); i++ {
		i += romanise(&b, rs, i)
	}
	return b.String()
}

// asciiLower is Latin for a word of ASCII letters and digits only.
func asciiLower(word string) (string, bool) {
	lower := true
	for i := 0; i < len(word); i++ {
		switch c := word[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c >= 'A' && c <= 'Z':
			lower = false
		default:
			return "", false
		}
	}
	if lower {
		return word, true
	}
	return strings.ToLower(word), true
}

// romanise writes the sound of rs[i] and returns how many further runes it used up.
func romanise(b *strings.Builder, rs []rune, i int) int {
	r := rs[i]
	if r < utf8.RuneSelf {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteByte(byte(r))
		}
		return 0
	}
	switch {
	case r >= 0x0370 && r <= 0x03FF || r >= 0x1F00 && r <= 0x1FFF:
		return romaniseGreek(b, rs, i)
	case r >= 0x0900 && r <= 0x0D7F:
		romaniseIndic(b, rs, i)
		return 0
	case r >= 0x3040 && r <= 0x30FF:
		return romaniseKana(b, rs, i)
	case r >= 0xAC00 && r <= 0xD7A3:
		b.WriteString(Syllable(r))
		return 0
	case r >= 0x4E00 && r <= 0x9FFF:
		b.WriteString(Pinyin(r))
		return 0
	}
	b.WriteString(letter(r))
	return 0
}

// letter is the sound of a letter that needs no look around.
func letter(r rune) string {
	for _, table := range []map[rune]string{cyrillic, arabic, hebrew, latinExtra, georgian, armenian} {
		if s, ok := table[r]; ok {
			return s
		}
	}
	if r >= 0x1200 && r <= 0x135A {
		return ethiopic(r)
	}
	if unicode.Is(unicode.Mn, r) {
		return ""
	}
	if unicode.IsDigit(r) {
		return digit(r)
	}
	d := norm.NFD.String(string(r))
	base, _ := utf8.DecodeRuneInString(d)
	if base == r {
		return ""
	}
	if base < utf8.RuneSelf {
		if base >= 'a' && base <= 'z' {
			return string(base)
		}
		return ""
	}
	return letter(base)
}

// digit is the ASCII form of a decimal digit of any script.
func digit(r rune) string {
	zero := r
	for unicode.IsDigit(zero-1) && r-(zero-1) <= 9 {
		zero--
	}
	return string('0' + (r-zero)%10)
}

func romaniseGreek(b *strings.Builder, rs []rune, i int) int {
	if i+1 < len(rs) {
		if s, ok := greekPairs[string([]rune{bareGreek(rs[i]), bareGreek(rs[i+1])})]; ok {
			b.WriteString(s)
			return 1
		}
	}
	b.WriteString(greek[bareGreek(rs[i])])
	return 0
}

// bareGreek removes accents and breathings.
func bareGreek(r rune) rune {
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
	return base
}

func romaniseIndic(b *strings.Builder, rs []rune, i int) {
	off := rs[i] & 0x7F
	if s, ok := indicVowels[off]; ok {
		b.WriteString(s)
		return
	}
	if s, ok := indicSigns[off]; ok {
		b.WriteString(s)
		return
	}
	if off == 0x01 || off == 0x02 {
		b.WriteByte('n')
		return
	}
	s, ok := indicConsonants[off]
	if !ok {
		return
	}
	b.WriteString(s)
	if inherentVowel(rs, i) {
		b.WriteByte('a')
	}
}

// inherentVowel says whether the Indic consonant rs[i] is followed by its unwritten a: not before a vowel sign or a
// virama, and not at a word's end, where Hindi drops it.
func inherentVowel(rs []rune, i int) bool {
	for _, r := range rs[i+1:] {
		switch off := r & 0x7F; {
		case r < 0x0900 || r > 0x0D7F:
			return false
		case off == 0x3C: // nukta
			continue
		case off == 0x4D:
			return false
		case indicSigns[off] != "":
			return false
		default:
			return true
		}
	}
	return false
}

func romaniseKana(b *strings.Builder, rs []rune, i int) int {
	r := hiragana(rs[i])
	s := kana[r]
	if r == 'っ' && i+1 < len(rs) {
		if next := kana[hiragana(rs[i+1])]; next != "" {
			b.WriteByte(next[0])
		}
		return 0
	}
	if i+1 < len(rs) && len(s) > 1 {
		if small := smallKana(hiragana(rs[i+1])); small != "" {
			b.WriteString(s[:len(s)-1])
			if len(small) == 2 && (s == "shi" || s == "chi" || s == "ji") {
				small = small[1:]
			}
			b.WriteString(small)
			return 1
		}
	}
	b.WriteString(s)
	return 0
}

func smallKana(r rune) string {
	switch r {
	case 'ゃ', 'ゅ', 'ょ', 'ぁ', 'ぃ', 'ぅ', 'ぇ', 'ぉ':
		return kana[r]
	}
	return ""
}

func hiragana(r rune) rune {
	if r >= 0x30A1 && r <= 0x30F6 {
		return r - 0x60
	}
	return r
}

// Syllable romanises one Hangul syllable; other runes give nothing.
func Syllable(r rune) string {
	if r < 0xAC00 || r > 0xD7A3 {
		return ""
	}
	n := int(r - 0xAC00)
	return hangulInitial[n/588] + hangulMedial[n%588/28] + hangulFinal[n%28]
}

// ethiopic romanises one syllable of the basic block, laid out as consonants of eight vowel orders.
func ethiopic(r rune) string {
	rows := [...]string{"h", "l", "h", "m", "s", "r", "s", "sh", "q", "q", "q", "q", "b", "v", "t", "ch", "h", "h", "n", "n",
		"", "k", "k", "kh", "kh", "w", "", "z", "zh", "y", "d", "d", "j", "g", "g", "g", "t", "ch", "p", "ts", "ts", "f", "p"}
	vowels := [...]string{"e", "u", "i", "a", "e", "i", "o", "wa"}
	row := int(r-0x1200) / 8
	if row >= len(rows) {
		return ""
	}
	return rows[row] + vowels[int(r-0x1200)%8]
}

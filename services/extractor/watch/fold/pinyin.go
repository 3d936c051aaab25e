package fold

import (
	_ "embed"
	"strings"
	"sync"
)

// pinyinTable is written by bench/names/gen/pinyin, which describes its form.
//
//go:embed pinyin.bin
var pinyinTable string

const firstHan, lastHan = 0x4E00, 0x9FFF

// Pinyin is the commonest Mandarin reading of a Chinese character without its tone, empty when there is none.
func Pinyin(r rune) string {
	if r < firstHan || r > lastHan {
		return ""
	}
	end := len(pinyinTable) - 2*(lastHan-firstHan+1)
	at := end + 2*int(r-firstHan)
	skip := int(pinyinTable[at])<<8 | int(pinyinTable[at+1])
	rest := pinyinTable[:end]
	for range skip {
		rest = rest[strings.IndexByte(rest, '\n')+1:]
	}
	return rest[:strings.IndexByte(rest, '\n')]
}

// longestSyllable is the length of the longest syllable of Pinyin: zhuang.
const longestSyllable = 6

// syllables are all syllables of Pinyin.
var syllables = sync.OnceValue(func() map[string]bool {
	all := map[string]bool{}
	for s := range strings.Lines(pinyinTable[:len(pinyinTable)-2*(lastHan-firstHan+1)]) {
		if s = strings.TrimSuffix(s, "\n"); s != "" {
			all[s] = true
		}
	}
	return all
})

// IsPinyin says whether a lower-case Latin word can be cut into syllables of Pinyin: zhiqing, but also ali.
func IsPinyin(word string) bool {
	if word == "" {
		return true
	}
	known := syllables()
	for n := min(len(word), longestSyllable); n > 0; n-- {
		if known[word[:n]] && IsPinyin(word[n:]) {
			return true
		}
	}
	return false
}

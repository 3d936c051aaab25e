package fold

import (
	_ "embed"
	"strings"
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

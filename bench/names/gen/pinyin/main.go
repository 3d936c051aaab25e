// Command pinyin writes the table that services/extractor/watch/fold reads Chinese characters by.
//
// The file holds a list of syllables, newline-separated and ended by a zero byte, then one big-endian uint16 for each
// code point from U+4E00 to U+9FFF: the index of its commonest reading without tone, 0 for none. Readings are those of
// github.com/mozillazg/go-pinyin (MIT), which takes them from the Unicode Han database.
package main

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"sort"

	"github.com/mozillazg/go-pinyin"
)

const first, last = 0x4E00, 0x9FFF

func main() {
	out := flag.String("out", "", "file to write")
	flag.Parse()
	if err := os.WriteFile(*out, table(), 0o644); err != nil { //nolint:gosec // a data file of the repository
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func table() []byte {
	readings := make([]string, last-first+1)
	seen := map[string]bool{}
	for r := rune(first); r <= last; r++ {
		if p := pinyin.SinglePinyin(r, pinyin.NewArgs()); len(p) > 0 {
			readings[r-first] = p[0]
			seen[p[0]] = true
		}
	}
	syllables := []string{""}
	for s := range seen {
		syllables = append(syllables, s)
	}
	sort.Strings(syllables)
	index := map[string]uint16{}
	var b bytes.Buffer
	for i, s := range syllables {
		index[s] = uint16(i) //nolint:gosec // about 400 syllables
		b.WriteString(s + "\n")
	}
	b.WriteByte(0)
	for _, s := range readings {
		b.Write(binary.BigEndian.AppendUint16(nil, index[s]))
	}
	return b.Bytes()
}

package watch

import (
	"math/bits"
	"strings"

	"tocsin/services/extractor/watch/sound"
)

// buckets is a hash index without stored keys: what falls into one bucket by chance is sorted out by the verifier.
// One tag byte of the hash rides with each value, so that chance meetings are rare.
type buckets struct {
	shift uint8
	at    []uint32
	// values hold the tag in the high byte and the value below it.
	values []uint32
}

// mostParts is the number of distinct parts a level can hold.
const mostParts = 1 << 24

func (b *buckets) bucket(key uint64) uint32 { return uint32(key >> b.shift) } //nolint:gosec // shift leaves 32 bits or fewer

func tag(key uint64) uint32 { return uint32(key&0xFF) << 24 }

// each visits the values filed under key, and a few that are not.
func (b *buckets) each(key uint64, visit func(value uint32)) {
	if len(b.values) == 0 {
		return
	}
	i := b.bucket(key)
	t := tag(key)
	for _, v := range b.values[b.at[i]:b.at[i+1]] {
		if v&0xFF000000 == t {
			visit(v & 0x00FFFFFF)
		}
	}
}

// filing is one value under one key.
type filing struct {
	key   uint64
	value uint32
}

func newBuckets(filings []filing) buckets {
	if len(filings) == 0 {
		return buckets{shift: 63, at: make([]uint32, 3)}
	}
	width := max(bits.Len(uint(len(filings))), 1)
	b := buckets{shift: uint8(64 - width), at: make([]uint32, 1<<width+1)} //nolint:gosec // at most 64
	for _, f := range filings {
		b.at[b.bucket(f.key)+1]++
	}
	for i := range len(b.at) - 1 {
		b.at[i+1] += b.at[i]
	}
	next := append([]uint32(nil), b.at...)
	b.values = make([]uint32, len(filings))
	for _, f := range filings {
		i := b.bucket(f.key)
		b.values[next[i]] = tag(f.key) | f.value
		next[i]++
	}
	return b
}

// fileParts files every part under its blocking keys.
func fileParts(v *vocab) buckets {
	filings := make([]filing, 0, 12*v.size())
	for t := range uint32(v.size()) { //nolint:gosec // below mostParts
		if len(v.word(t)) < 2 {
			continue
		}
		sound.Keys(v.word(t), v.code(t), func(key uint64) {
			filings = append(filings, filing{key, t})
		})
		if plain := strings.ReplaceAll(v.word(t), "dj", "d"); len(plain) < len(v.word(t)) { // Đorđević
			sound.Keys(plain, sound.Encode(nil, plain), func(key uint64) { filings = append(filings, filing{key, t}) })
		}
		if v.kin[t] != 0 {
			filings = append(filings, filing{sound.GroupKey(v.kin[t]), t})
		}
	}
	return newBuckets(filings)
}

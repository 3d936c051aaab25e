package crf

// mix joins two values into one that looks random in every bit (the finaliser of SplitMix64, Steele and others 2014).
func mix(a, b uint64) uint64 {
	h := a*0x9e3779b97f4a7c15 ^ (b + 0x632be59bd9b4e019 + a<<6 + a>>2)
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	h *= 0x94d049bb133111eb
	return h ^ h>>29
}

// key is the 32 bits under which a feature is stored. Two features rarely share a key; when they do they share a weight.
func key(template, value uint64) uint32 { return uint32(mix(template, value) >> 32) }

const (
	fnvStart = 14695981039346656037
	fnvPrime = 1099511628211
)

// hashRunes is FNV-1a over runes.
func hashRunes(rs []rune) uint64 {
	h := uint64(fnvStart)
	for _, r := range rs {
		h = (h ^ uint64(r)) * fnvPrime
	}
	return h
}

package sqlite

import "math/bits"

// sieve tells of a hash that it was put in, and of a hundredth of all others too: a Bloom filter whose bits for one hash
// lie together, so that a look touches one line of the processor's cache (Putze, Sanders and Singler, "Cache-, Hash- and
// Space-Efficient Bloom Filters", 2007). It is stored as it is.
type sieve []byte

const (
	sieveBits  = 10 // for each hash
	sieveBlock = 64 // bytes
	sieveMarks = 7  // bits that one hash sets in its block
)

// newSieve is a sieve for n hashes.
func newSieve(n int) sieve { return make(sieve, sieveBlock*(1+n*sieveBits/(8*sieveBlock))) }

func (s sieve) put(hash uint64) {
	block, marks := s.place(hash)
	for range sieveMarks {
		block[marks>>3&(sieveBlock-1)] |= 1 << (marks & 7)
		marks >>= 9
	}
}

func (s sieve) has(hash uint64) bool {
	block, marks := s.place(hash)
	for range sieveMarks {
		if block[marks>>3&(sieveBlock-1)]&(1<<(marks&7)) == 0 {
			return false
		}
		marks >>= 9
	}
	return true
}

// place is the block of a hash, and 63 bits that say which of its bits.
func (s sieve) place(hash uint64) (block []byte, marks uint64) {
	h := mix(hash)
	at, _ := bits.Mul64(h, uint64(len(s)/sieveBlock))
	return s[at*sieveBlock:][:sieveBlock], mix(h)
}

// mix spreads a number over all bits (the finaliser of SplitMix64); the hashes of a sketch are the lowest there were.
func mix(h uint64) uint64 {
	h += 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

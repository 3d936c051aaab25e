package crf

import (
	"errors"
	"fmt"
	"slices"
)

// index finds the position of a 32-bit key in a sorted set. The upper bits of a key choose a bucket, the lower 16 or
// fewer are stored; a look-up reads two places.
type index struct {
	shift uint // bits below the bucket number
	start []uint32
	low   []uint16
}

// bucketLimit is the most keys a bucket may hold, so that its size fits four bits in the file.
const bucketLimit = 15

// newIndex builds the index of keys, which are sorted here and must differ.
func newIndex(keys []uint32) (index, error) {
	slices.Sort(keys)
	for i := 1; i < len(keys); i++ {
		if keys[i] == keys[i-1] {
			return index{}, fmt.Errorf("key %08x occurs twice", keys[i])
		}
	}
	for shift := uint(16); shift >= 8; shift-- {
		if x, ok := bucketed(keys, shift); ok && (len(keys) < 4<<(32-shift) || shift == 8) {
			return x, nil
		}
	}
	return index{}, errors.New("keys are too many or too alike")
}

func bucketed(keys []uint32, shift uint) (index, bool) {
	x := index{shift: shift, start: make([]uint32, 1<<(32-shift)+1), low: make([]uint16, len(keys))}
	for i, k := range keys {
		x.start[k>>shift+1]++
		x.low[i] = uint16(k & (1<<shift - 1))
	}
	for b := 1; b < len(x.start); b++ {
		if x.start[b] > bucketLimit {
			return x, false
		}
		x.start[b] += x.start[b-1]
	}
	return x, true
}

// find returns the position of k among the sorted keys, or -1.
func (x *index) find(k uint32) int {
	b := k >> x.shift
	i, j := x.start[b], x.start[b+1]
	want := uint16(k & (1<<x.shift - 1))
	for _, l := range x.low[i:j] {
		if l == want {
			return int(i)
		}
		i++
	}
	return -1
}

// keys returns all keys in order.
func (x *index) keys() []uint32 {
	out := make([]uint32, 0, len(x.low))
	for b := 0; b+1 < len(x.start); b++ {
		for _, l := range x.low[x.start[b]:x.start[b+1]] {
			out = append(out, uint32(b)<<x.shift|uint32(l))
		}
	}
	return out
}

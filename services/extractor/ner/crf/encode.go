package crf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"slices"
)

// The file: magic, then sections of little-endian numbers and bit-packed arrays as Encode writes them, then the CRC-32
// of all before.
const magic = "TOCSNER1"

// unit is what one step of a stored weight is worth, and so the finest difference between two weights.
const unit = 1.0 / 32

// encoder builds a file.
type encoder struct{ b []byte }

func (e *encoder) number(n int) { e.b = binary.AppendUvarint(e.b, uint64(n)) }

func (e *encoder) text(s string) {
	e.number(len(s))
	e.b = append(e.b, s...)
}

func (e *encoder) float(f float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(f)) }

// packed writes values of the given width in bits, lowest first, padded to a whole number of eight bytes.
func (e *encoder) packed(values []uint32, width uint) {
	var acc uint64
	var have uint
	for _, v := range values {
		acc |= uint64(v) << have
		if have += width; have >= 64 {
			e.b = binary.LittleEndian.AppendUint64(e.b, acc)
			have -= 64
			acc = uint64(v) >> (width - have)
		}
	}
	if have > 0 {
		e.b = binary.LittleEndian.AppendUint64(e.b, acc)
	}
}

// Encode returns the file of a model.
func Encode(p Parts) ([]byte, error) {
	if n := len(p.Types); n == 0 || n > lanes/4 {
		return nil, fmt.Errorf("model with %d types; want 1 to %d", n, lanes/4)
	}
	if p.Lexicon == nil {
		return nil, errors.New("model without a lexicon")
	}
	e := &encoder{b: []byte(magic)}
	e.number(len(p.Types))
	for _, t := range p.Types {
		e.text(t)
	}
	e.float(p.Calibration[0])
	e.float(p.Calibration[1])
	e.lexicon(p.Lexicon)
	e.number(len(p.Passes))
	for _, w := range p.Passes {
		if len(p.Lean) > 0 {
			w.Trans = lean(w.Trans, Labels{len(p.Types)}, p.Lean)
		}
		if err := e.pass(w, Labels{len(p.Types)}, p.Coarse); err != nil {
			return nil, err
		}
	}
	return seal(e.b), nil
}

// seal appends the checksum.
func seal(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b)) }

// lean returns transitions with by added to those that open a name.
func lean(trans []float32, l Labels, by []float64) []float32 {
	out := slices.Clone(trans)
	for i := range out {
		b := i % l.N()
		if typ := b / 4; typ < min(len(by), l.Types) && (b%4 == begin || b%4 == single) {
			out[i] += float32(by[typ])
		}
	}
	return out
}

// index writes the bucket sizes and the lower bits of the keys.
func (e *encoder) index(x *index) {
	e.number(len(x.low))
	e.number(int(x.shift))
	sizes := make([]uint32, len(x.start)-1)
	for b := range sizes {
		sizes[b] = x.start[b+1] - x.start[b]
	}
	e.packed(sizes, 4)
	low := make([]uint32, len(x.low))
	for i, l := range x.low {
		low[i] = uint32(l)
	}
	e.packed(low, x.shift)
}

func (e *encoder) lexicon(l *Lexicon) {
	e.index(&l.words)
	for set := range 3 {
		col := make([]uint32, len(l.classes))
		for i, c := range l.classes {
			col[i] = uint32(c[set])
		}
		e.column(col)
	}
	e.index(&l.names)
	kinds := slices.Clone(l.lists)
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	e.number(len(kinds))
	for _, k := range kinds {
		e.number(int(k))
	}
	col := make([]uint32, len(l.lists))
	for i, s := range l.lists {
		at, _ := slices.BinarySearch(kinds, s)
		col[i] = uint32(at)
	}
	e.column(col)
	e.number(len(l.joiners))
	for _, j := range l.joiners {
		e.b = binary.LittleEndian.AppendUint32(e.b, j)
	}
}

// column writes values in as few bits each as the greatest needs.
func (e *encoder) column(values []uint32) {
	width := uint(1)
	if len(values) > 0 {
		width = max(1, uint(bits.Len32(slices.Max(values))))
	}
	e.number(int(width))
	e.packed(values, width)
}

// pass writes the weights, less those of the label outside, in whole steps.
func (e *encoder) pass(p Pass, l Labels, coarse bool) error {
	n, used := l.N(), l.Outside()
	if len(p.Weights) != n*len(p.Keys) || len(p.Trans) != n*n {
		return fmt.Errorf("%d weights and %d transitions for %d features of %d labels", len(p.Weights), len(p.Trans), len(p.Keys), n)
	}
	x, err := newIndex(slices.Clone(p.Keys))
	if err != nil {
		return fmt.Errorf("features: %w", err)
	}
	e.index(&x)
	q := make([]int8, 0, used*len(p.Keys))
	for i := range p.Keys {
		row := p.Weights[i*n : i*n+n]
		for b := range used {
			q = append(q, steps(row[b]-row[used]))
		}
	}
	book := fineBook()
	if coarse {
		book = coarseBook(q)
	}
	e.number(len(book))
	for _, b := range book {
		e.b = append(e.b, byte(b))
	}
	codes := make([]uint32, len(q))
	near := nearest(book)
	for i, w := range q {
		codes[i] = uint32(near[int(w)+128])
	}
	e.packed(codes, uint(bits.Len(uint(len(book)-1))))
	for _, t := range p.Trans {
		e.number(int(uint32(int32(math.Round(float64(t / unit))))))
	}
	return nil
}

func steps(w float32) int8 {
	return int8(max(-127, min(127, math.Round(float64(w/unit)))))
}

func fineBook() []int8 {
	out := make([]int8, 256)
	for i := range out {
		out[i] = int8(i - 128)
	}
	return out
}

// coarseBook chooses sixteen weights, zero among them, that stand for all with the least squared error (Lloyd 1982).
func coarseBook(q []int8) []int8 {
	var count [256]float64
	for _, w := range q {
		count[int(w)+128]++
	}
	book := []int8{-72, -48, -32, -22, -14, -8, -4, 0, 4, 8, 14, 22, 32, 44, 60, 90}
	for range 40 {
		near := nearest(book)
		var sum, n [16]float64
		for v, c := range count {
			sum[near[v]] += c * float64(v-128)
			n[near[v]] += c
		}
		for i := range book {
			if book[i] != 0 && n[i] > 0 {
				book[i] = int8(math.Round(sum[i] / n[i]))
			}
		}
		slices.Sort(book)
	}
	return book
}

// nearest maps each weight, shifted by 128, to the position of the closest one in the book.
func nearest(book []int8) (out [256]uint8) {
	for v := range out {
		best, gap := 0, 1000
		for i, b := range book {
			if g := max(int(b)-(v-128), v-128-int(b)); g < gap {
				best, gap = i, g
			}
		}
		out[v] = uint8(best)
	}
	return out
}

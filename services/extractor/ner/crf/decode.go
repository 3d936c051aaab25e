package crf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
)

// errBroken is what a file that does not follow the format gives.
var errBroken = errors.New("model file is broken or cut off; build or copy it again")

// decoder reads what encoder wrote. After the first fault all reads give zero.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() { d.b, d.err = nil, errBroken }

// number reads a count no greater than limit.
func (d *decoder) number(limit int) int {
	v, n := binary.Uvarint(d.b)
	if n <= 0 || v > uint64(limit) {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return int(v)
}

func (d *decoder) bytes(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail()
		return make([]byte, max(0, min(n, 1<<16)))
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

func (d *decoder) float() float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(d.bytes(8)))
}

// packed calls set with n values of the given width in order.
func (d *decoder) packed(n int, width uint, set func(i int, v uint32)) {
	if width == 0 && n > 0 {
		d.fail()
	}
	size := (n*int(width) + 63) / 64 * 8
	b := d.bytes(size)
	if d.err != nil {
		return
	}
	mask := uint64(1)<<width - 1
	bit := uint(0)
	for i := range n {
		at := int(bit >> 6 * 8)
		v := binary.LittleEndian.Uint64(b[at:]) >> (bit & 63)
		if over := bit&63 + width; over > 64 {
			v |= binary.LittleEndian.Uint64(b[at+8:]) << (64 - bit&63)
		}
		set(i, uint32(v&mask))
		bit += width
	}
}

// Limits of a file, so that a broken one cannot ask for much memory before it is noticed.
const (
	maxFeatures = 1 << 24
	maxWords    = 1 << 20
)

// Decode reads a model from a file's content, which is not kept.
func Decode(file []byte) (*Model, error) {
	if len(file) < len(magic)+4 || string(file[:len(magic)]) != magic {
		return nil, errors.New("this is no model file; give one that tocsin-ner train wrote")
	}
	body := file[:len(file)-4]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(file[len(body):]) {
		return nil, errBroken
	}
	d := &decoder{b: body[len(magic):]}
	m := &Model{unit: unit}
	for range d.number(lanes / 4) {
		m.types = append(m.types, string(d.bytes(d.number(64))))
	}
	m.Labels = Labels{len(m.types)}
	m.calibration = [2]float64{d.float(), d.float()}
	m.lex = d.lexicon()
	m.passes = make([]weights, d.number(2))
	for p := range m.passes {
		d.pass(&m.passes[p], m.Labels)
	}
	if d.err == nil && (len(d.b) > 0 || len(m.types) == 0) {
		d.fail()
	}
	if d.err != nil {
		return nil, fmt.Errorf("read model: %w", d.err)
	}
	m.finish(file)
	return m, nil
}

func (d *decoder) index(limit int) index {
	n := d.number(limit)
	x := index{shift: uint(d.number(16))}
	if x.shift < 8 {
		d.fail()
		return index{shift: 16, start: make([]uint32, 1<<16+1)}
	}
	x.start, x.low = make([]uint32, 1<<(32-x.shift)+1), make([]uint16, n)
	sum := uint32(0)
	d.packed(len(x.start)-1, 4, func(i int, v uint32) {
		sum += v
		x.start[i+1] = sum
	})
	if int(sum) != n {
		d.fail()
	}
	d.packed(n, x.shift, func(i int, v uint32) { x.low[i] = uint16(v) })
	return x
}

func (d *decoder) lexicon() *Lexicon {
	l := &Lexicon{words: d.index(maxWords)}
	l.classes = make([][3]uint16, len(l.words.low))
	for set := range 3 {
		d.column(len(l.classes), func(i int, v uint32) { l.classes[i][set] = uint16(v) })
	}
	l.names = d.index(maxWords)
	kinds := make([]uint16, d.number(1<<16))
	for i := range kinds {
		kinds[i] = uint16(d.number(1<<16 - 1))
	}
	l.lists = make([]uint16, len(l.names.low))
	d.column(len(l.lists), func(i int, v uint32) {
		if int(v) < len(kinds) {
			l.lists[i] = kinds[v]
		}
	})
	l.joiners = make([]uint32, d.number(maxWords))
	for i := range l.joiners {
		l.joiners[i] = binary.LittleEndian.Uint32(d.bytes(4))
	}
	return l
}

func (d *decoder) column(n int, set func(i int, v uint32)) {
	d.packed(n, uint(d.number(16)), set)
}

func (d *decoder) pass(w *weights, l Labels) {
	w.features = d.index(maxFeatures)
	used := l.Outside()
	book := d.bytes(d.number(256))
	w.rows = make([]row, len(w.features.low))
	switch len(book) {
	case 16:
		d.nibbles(w.rows, used, book)
	case 256:
		d.octets(w.rows, used)
	default:
		d.fail()
	}
	w.trans = make([]int32, l.N()*l.N())
	for i := range w.trans {
		w.trans[i] = int32(uint32(d.number(math.MaxUint32)))
	}
}

// nibbles fills rows from weights of four bits, two lanes to a byte; used is a multiple of four.
func (d *decoder) nibbles(rows []row, used int, book []byte) {
	var two [256]uint64
	for c := range two {
		two[c] = uint64(book[c&15]+128) | uint64(book[c>>4]+128)<<8
	}
	size := used / 2
	b := d.bytes((len(rows)*size + 7) / 8 * 8)
	if d.err != nil {
		return
	}
	for i := range rows {
		r := row{0x8080808080808080, 0x8080808080808080}
		for k, c := range b[i*size : i*size+size] {
			shift := 16 * (k % 4)
			r[k/4] = r[k/4]&^(0xffff<<shift) | two[c]<<shift
		}
		rows[i] = r
	}
}

// octets fills rows from weights of eight bits.
func (d *decoder) octets(rows []row, used int) {
	b := d.bytes((len(rows)*used + 7) / 8 * 8)
	if d.err != nil {
		return
	}
	for i := range rows {
		r := row{0x8080808080808080, 0x8080808080808080}
		for k, c := range b[i*used : i*used+used] {
			shift := 8 * (k % 8)
			r[k/8] = r[k/8]&^(0xff<<shift) | uint64(c)<<shift
		}
		rows[i] = r
	}
}

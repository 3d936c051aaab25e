package crf

// vec holds one 16-bit score for each lane: the even lanes 0 to 6 in the first word, the odd ones to 7 in the second,
// lanes 8 to 15 likewise in the third and fourth. Adding words adds lanes: a borrow that runs into the next lane is
// undone when lanes are read from the lowest up.
type vec [4]uint64

func (v *vec) add(w *vec) {
	v[0] += w[0]
	v[1] += w[1]
	v[2] += w[2]
	v[3] += w[3]
}

// read spreads the lanes of v.
func (v *vec) read(out *[lanes]int32) {
	for w, x := range v {
		base := w&^1*4 + w&1
		for i := range 4 {
			lane := int16(x)
			out[base+2*i] = int32(lane)
			x = (x - uint64(int64(lane))) >> 16
		}
	}
}

// weights are those of one pass: a row of lanes for each feature and a matrix of transitions.
type weights struct {
	features index
	rows     []row
	trans    []int32 // from*N+to
}

// row holds 16 weights of one byte each, shifted by 128 to be positive.
type row [2]uint64

const (
	evenBytes = 0x00ff00ff00ff00ff
	bias      = 0x0080008000800080
)

func packRow(q *[lanes]int8) (r row) {
	for i, x := range q {
		r[i/8] |= uint64(uint8(int(x)+128)) << (8 * (i % 8))
	}
	return r
}

// add adds the weights of feature k, if it has any, to v.
func (w *weights) add(v *vec, k uint32) {
	i := w.features.find(k)
	if i < 0 {
		return
	}
	r := &w.rows[i]
	v[0] += r[0]&evenBytes - bias
	v[1] += r[0]>>8&evenBytes - bias
	v[2] += r[1]&evenBytes - bias
	v[3] += r[1]>>8&evenBytes - bias
}

func (w *weights) addAll(v *vec, keys []uint32) {
	for _, k := range keys {
		w.add(v, k)
	}
}

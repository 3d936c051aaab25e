package crf

import "math"

// never is the score of what must not happen; sums of a few stay in range.
const never = math.MinInt32 / 4

// emission is the score of each lane at a token; outside scores zero.
type emission [lanes]int32

// best writes the best labels of a run with emissions e to y; back is working memory. The run stands between tokens
// outside names.
func (w *weights) best(l Labels, e []emission, y []uint8, back [][lanes + 1]uint8) {
	n, out := l.N(), l.Outside()
	var cur, next [lanes + 1]int32
	for b := range n {
		cur[b] = never
		if l.Follows(out, b) {
			cur[b] = w.trans[out*n+b]
			if b != out {
				cur[b] += e[0][b]
			}
		}
	}
	for t := 1; t < len(e); t++ {
		w.step(l, &cur, &next, &e[t], &back[t])
		cur = next
	}
	last, top := 0, int32(math.MinInt32)
	for a := range n {
		if l.leaves(a) && cur[a]+w.trans[a*n+out] > top {
			last, top = a, cur[a]+w.trans[a*n+out]
		}
	}
	for t := len(e) - 1; t >= 0; t-- {
		y[t] = uint8(last)
		last = int(back[t][last])
	}
}

// step extends the best paths by one token.
func (w *weights) step(l Labels, cur, next *[lanes + 1]int32, e *emission, back *[lanes + 1]uint8) {
	n, out := l.N(), l.Outside()
	for base := 0; base < out; base += 4 {
		fromBegin, fromInside := cur[base+begin], cur[base+inside]
		for _, b := range [2]int{base + inside, base + end} {
			x, z := fromBegin+w.trans[(base+begin)*n+b], fromInside+w.trans[(base+inside)*n+b]
			back[b] = uint8(base + begin)
			if z > x {
				x, back[b] = z, uint8(base+inside)
			}
			next[b] = x + e[b]
		}
		next[base+begin], back[base+begin] = w.enter(l, cur, base+begin)
		next[base+single], back[base+single] = w.enter(l, cur, base+single)
		next[base+begin] += e[base+begin]
		next[base+single] += e[base+single]
	}
	next[out], back[out] = w.enter(l, cur, out)
}

// enter returns the best score of label b after a label that leaves, and that label.
func (w *weights) enter(l Labels, cur *[lanes + 1]int32, b int) (int32, uint8) {
	n, out := l.N(), l.Outside()
	top, from := cur[out]+w.trans[out*n+b], out
	for base := 0; base < out; base += 4 {
		for _, a := range [2]int{base + end, base + single} {
			if s := cur[a] + w.trans[a*n+b]; s > top {
				top, from = s, a
			}
		}
	}
	return max(top, never), uint8(from)
}

// spans appends the names that labels y of tokens from first on spell.
func (l Labels) spans(dst []found, y []uint8, first int) []found {
	out := l.Outside()
	for i := 0; i < len(y); i++ {
		b := int(y[i])
		if b == out {
			continue
		}
		start := i
		for int(y[i])%4 != single && int(y[i])%4 != end && i+1 < len(y) {
			i++
		}
		dst = append(dst, found{Span: Span{first + start, first + i + 1, b / 4}})
	}
	return dst
}

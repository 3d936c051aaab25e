package train

// mean is the average of a learner's weights over some moments of its last epoch, which says less of the last examples
// than the weights at its end do (Polyak and Juditsky 1992). The zero value is ready.
type mean struct {
	rows, trans []float32 // sums
	notes       int
}

// note adds the weights as they stand.
func (m *mean) note(l *learner) {
	k := l.n
	if m.notes == 0 {
		m.rows, m.trans = make([]float32, len(l.rows)/2), make([]float32, len(l.trans))
	}
	m.notes++
	for i := 0; i < len(m.rows); i += k {
		for b, w := range l.rows[2*i : 2*i+k] {
			m.rows[i+b] += w
		}
	}
	for i, w := range l.trans {
		m.trans[i] += w
	}
}

// settle makes the average the learner's weights and forgets it. Without notes it changes nothing.
func (m *mean) settle(l *learner) {
	if m.notes == 0 {
		return
	}
	k, n := l.n, float32(m.notes)
	for i := 0; i < len(m.rows); i += k {
		for b := range k {
			l.rows[2*i+b] = m.rows[i+b] / n
		}
	}
	for i := range l.trans {
		l.trans[i] = m.trans[i] / n
	}
	*m = mean{}
}

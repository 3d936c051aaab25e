package dates

// maxDigits is the most digits a number may have and still mean anything here.
const maxDigits = 9

// addDigit appends a decimal digit; beyond maxDigits only the count goes on, and it stops short of overflow.
func (t *token) addDigit(d int) {
	if t.mark < maxDigits {
		t.value = t.value*10 + int32(d)
	}
	if t.mark < 100 {
		t.mark++
	}
}

// scanNumber reads digits and what belongs to them: thousands, decimals, ordinal endings, the s of decades.
func (s *scanner) scanNumber(i int) int {
	t := token{class: classNumber}
	j := i
	for ; digitAt(s.text, j); j++ {
		t.addDigit(int(s.text[j] - '0'))
	}
	if j < len(s.text) {
		switch c := s.text[j]; {
		case c == ',':
			j = s.grouped(&t, j)
		case c == '.':
			j = s.decimal(&t, i, j)
		case byteKinds[c] == byteLetter:
			j = s.suffixed(&t, j)
		case c == '\'' || c >= 0x80:
			j = s.possessiveDecade(&t, j)
		}
	}
	return s.emit(t, i, j)
}

// grouped reads thousands: 6,500 and 1,234,567.
func (s *scanner) grouped(t *token, j int) int {
	if t.mark > 3 {
		return j
	}
	for j+3 < len(s.text) && s.text[j] == ',' && digitAt(s.text, j+1) && digitAt(s.text, j+2) && digitAt(s.text, j+3) &&
		!digitAt(s.text, j+4) {
		t.class = classGrouped
		j += 4
	}
	return j
}

// decimal reads the fraction of 2.5, leaving alone dotted dates and version numbers: 29.05.2015, 1.2.3.
func (s *scanner) decimal(t *token, i, j int) int {
	if !digitAt(s.text, j+1) || i >= 2 && s.text[i-1] == '.' && digitAt(s.text, i-2) {
		return j
	}
	k := j + 1
	for digitAt(s.text, k) {
		k++
	}
	if k+1 < len(s.text) && s.text[k] == '.' && digitAt(s.text, k+1) {
		return j
	}
	t.class = classDecimal
	return k
}

// suffixed reads 28th and 1990s; other letters stay a token of their own, glued to the number.
func (s *scanner) suffixed(t *token, j int) int {
	a := s.text[j] | 0x20
	if a == 's' && !letterAt(s.text, j+1) && t.decadeLike() {
		t.class = classDecade
		return j + 1
	}
	if t.mark > 4 || !letterAt(s.text, j+1) || letterAt(s.text, j+2) {
		return j
	}
	switch string([]byte{a, s.text[j+1] | 0x20}) {
	case "st", "nd", "rd", "th":
		t.class = classNth
		return j + 2
	}
	return j
}

func (t *token) decadeLike() bool {
	return t.value%10 == 0 && (t.mark == 4 && t.value >= 1000 && t.value < 2200 || t.mark == 2)
}

// possessiveDecade reads the s of 1980's, with either apostrophe, for round years.
func (s *scanner) possessiveDecade(t *token, j int) int {
	size := 1
	if s.text[j] != '\'' {
		if len(s.text) < j+3 || s.text[j:j+3] != "’" {
			return j
		}
		size = 3
	}
	if t.mark != 4 || !t.decadeLike() || j+size >= len(s.text) || s.text[j+size]|0x20 != 's' || letterAt(s.text, j+size+1) {
		return j
	}
	t.class = classDecade
	return j + size + 1
}

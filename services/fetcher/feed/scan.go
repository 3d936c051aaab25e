package feed

import (
	"bytes"
	"errors"
	"fmt"
)

// scan goes through JSON value by value without copying any of it: what it finds are parts of text. It sees to nesting and
// to the ends of strings alone; whether a value is well formed is for whoever decodes it.
type scan struct {
	text []byte
	at   int
}

// scanDepth is how deep values may nest, as in encoding/json.
const scanDepth = 10_000

var errEnd = errors.New("unexpected end of JSON input")

// peek is the first byte of what comes next, 0 at the end; white space is passed over.
func (s *scan) peek() byte {
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n"), s.text[s.at]) >= 0 {
		s.at++
	}
	if s.at == len(s.text) {
		return 0
	}
	return s.text[s.at]
}

// expect passes over one byte that must come next.
func (s *scan) expect(c byte) error {
	switch next := s.peek(); next {
	case c:
		s.at++
		return nil
	case 0:
		return errEnd
	default:
		return fmt.Errorf("byte %d is %q, want %q", s.at, next, c)
	}
}

// more steps to the next member or item and reports whether there is one; end closes the object or list.
func (s *scan) more(first bool, end byte) (bool, error) {
	if s.peek() == end {
		s.at++
		return false, nil
	}
	if first {
		return true, nil
	}
	return true, s.expect(',')
}

// value is the next value as it is written.
func (s *scan) value() ([]byte, error) {
	var open []byte // the closing bytes of what is open
	begin := -1
	for {
		c := s.peek()
		if begin < 0 {
			begin = s.at
		}
		switch {
		case c == 0:
			return nil, errEnd
		case c == '"':
			if !s.passString() {
				return nil, errEnd
			}
		case c == '{' || c == '[':
			s.at++
			if open = append(open, c+2); len(open) > scanDepth { // in ASCII the closing one stands two further
				return nil, fmt.Errorf("values nest more than %d deep", scanDepth)
			}
			continue
		case c == '}' || c == ']':
			if len(open) == 0 || open[len(open)-1] != c {
				return nil, fmt.Errorf("byte %d is %q, which closes nothing", s.at, c)
			}
			s.at, open = s.at+1, open[:len(open)-1]
		case (c == ',' || c == ':') && len(open) > 0:
			s.at++
			continue
		case !s.passWord():
			return nil, fmt.Errorf("byte %d is %q, want a value", s.at, c)
		}
		if len(open) == 0 {
			return s.text[begin:s.at], nil
		}
	}
}

// passString goes behind the string that begins here; false when it has no end.
func (s *scan) passString() bool {
	for i := s.at + 1; ; {
		n := bytes.IndexAny(s.text[i:], `"\`)
		if n < 0 || i+n+1 >= len(s.text) && s.text[i+n] == '\\' {
			return false
		}
		if i += n; s.text[i] == '"' {
			s.at = i + 1
			return true
		}
		i += 2
	}
}

// passWord goes behind a number, true, false or null; false when nothing of the kind stands here.
func (s *scan) passWord() bool {
	begin := s.at
	for s.at < len(s.text) && bytes.IndexByte([]byte(" \t\r\n,:{}[]\""), s.text[s.at]) < 0 {
		s.at++
	}
	return s.at > begin
}

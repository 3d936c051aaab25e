package words

// cutter is one scan over s.
type cutter struct {
	s     string
	toks  []Token
	ends  []int
	first int // index of the running sentence's first token
}

func (c *cutter) run() {
	for i := 0; i < len(c.s); {
		k, n := at(c.s, i)
		switch k {
		case space, blank:
			i = c.space(i, n)
		case word:
			i = c.word(i)
		default:
			i = c.mark(i, n)
		}
	}
	c.endSentence()
}

func (c *cutter) add(start, end int) { c.toks = append(c.toks, Token{start, end}) }

func (c *cutter) endSentence() {
	if len(c.toks) > c.first {
		c.ends = append(c.ends, len(c.toks))
		c.first = len(c.toks)
	}
}

// space skips white space from i; a blank line in it ends the sentence.
func (c *cutter) space(i, n int) int {
	lines := 0
	for i < len(c.s) {
		k, m := at(c.s, i)
		if k != space && k != blank {
			break
		}
		if c.s[i] == '\n' || c.s[i] == '\r' && (i+1 == len(c.s) || c.s[i+1] != '\n') || m == 3 && c.s[i:i+3] == "\u2029" {
			lines++
		}
		i, n = i+m, m
	}
	if lines > 1 || n == 3 && lines == 1 && c.s[i-n:i] == "\u2029" {
		c.endSentence()
	}
	return i
}

// mark takes the mark of n bytes at i, or a run of it, and ends the sentence after a full stop.
func (c *cutter) mark(i, n int) int {
	if j := c.handle(i); j > 0 {
		return j
	}
	j := i + n
	if n == 1 {
		switch c.s[i] {
		case '.', '-', '`', '\'', '*', '_', '=', '!', '?':
			for j < len(c.s) && c.s[j] == c.s[i] {
				j++
			}
		}
	}
	c.add(i, j)
	if ends(c.s[i:j]) {
		return c.stop(j)
	}
	return j
}

// handle takes a name that opens with @ or #, or a decimal that opens with its point, as one token.
func (c *cutter) handle(i int) int {
	if i+1 >= len(c.s) || ascii[c.s[i+1]] != word {
		return 0
	}
	decimal := c.s[i] == '.' && isDigit(c.s[i+1]) && (i == 0 || ascii[c.s[i-1]] == space)
	if c.s[i] != '@' && c.s[i] != '#' && !decimal {
		return 0
	}
	j := i + 1
	for j < len(c.s) && ascii[c.s[j]] == word {
		j++
	}
	c.add(i, j)
	return j
}

// ends says whether a mark closes a sentence.
func ends(m string) bool {
	switch m[0] {
	case '.', '?', '!':
		return true
	}
	return m == "…" || m == "。" || m == "！" || m == "？" || m == "؟" || m == "।"
}

// stop takes the closing quotes and brackets after a full stop that ends at i and decides whether the sentence is over.
func (c *cutter) stop(i int) int {
	for n := closing(c.s, i); n > 0; n = closing(c.s, i) {
		c.add(i, i+n)
		i += n
	}
	j, gap := c.peek(i)
	if !gap && j < len(c.s) && j >= 2 && isUpper(c.s[j]) && isLower(c.s[j-2]) {
		gap = true // "Friday.The": a lost space
	}
	if gap && (j >= len(c.s) || !isLower(c.s[j])) || j >= len(c.s) {
		c.endSentence()
	}
	return i
}

// peek returns where the next token after white space from i starts and whether there was any white space.
func (c *cutter) peek(i int) (next int, gap bool) {
	// A look ahead is never repeated for the same white space, so the scan stays linear.
	for i < len(c.s) {
		k, n := at(c.s, i)
		if k != space {
			return i, gap
		}
		i, gap = i+n, true
	}
	return i, true
}

package words

import "strings"

// word takes the word that starts at i, with what belongs to it, and returns where the scan goes on.
func (c *cutter) word(i int) int {
	if j := c.address(i); j > 0 {
		c.add(i, j)
		return j
	}
	j := c.run1(i)
	for j < len(c.s) {
		n := c.inner(i, j)
		if n == 0 {
			break
		}
		j = c.run1(j + n)
	}
	if e := c.clitic(i, j); e > i {
		c.add(i, e)
		c.add(e, j)
		return j
	}
	if c.ownStop(i, j) {
		return c.abbreviation(i, j+1)
	}
	c.add(i, j)
	return j
}

// run1 returns the end of the run of letters, digits and invisible joiners from i.
func (c *cutter) run1(i int) int {
	for i < len(c.s) {
		k := ascii[c.s[i]]
		if k == word {
			i++
			continue
		}
		if k != wide {
			break
		}
		k, n := at(c.s, i)
		if k != word && k != blank {
			break
		}
		i += n
	}
	return i
}

// inner returns the size of the mark at j when it joins what stands before it (from i) to what follows, else 0.
func (c *cutter) inner(i, j int) int {
	s := c.s
	if n := apostrophe(s, j); n > 0 {
		if c.joins(j+n) && j > i {
			return n
		}
		return 0
	}
	if j+1 >= len(s) || !c.joins(j+1) {
		return 0
	}
	prev, next := s[j-1], s[j+1]
	switch s[j] {
	case '-':
		if isUpper(next) && j+2 < len(s) && isLower(s[j+2]) && (digits(s[i:j]) || slug(s[i:j])) {
			return 0 // "1-Silva": a number in a list; "BRIEF-Silva": a slug before a headline
		}
		return 1
	case '&':
		return 1
	case '.':
		if isLower(prev) && isUpper(next) && j-i > 1 {
			return 0 // "Friday.The": a lost space
		}
		return 1
	case ',', ':':
		if isDigit(prev) && isDigit(next) {
			return 1
		}
	case '/':
		if isDigit(prev) && isDigit(next) || j-i == 1 || !isUpper(next) {
			return 1
		}
	}
	return 0
}

// slug says whether w is written in four or more capitals.
func slug(w string) bool {
	for i := range len(w) {
		if !isUpper(w[i]) {
			return false
		}
	}
	return len(w) >= 4
}

func digits(w string) bool {
	for i := range len(w) {
		if !isDigit(w[i]) {
			return false
		}
	}
	return true
}

// joins says whether a letter or digit starts at j.
func (c *cutter) joins(j int) bool {
	if j >= len(c.s) {
		return false
	}
	k, _ := at(c.s, j)
	return k == word
}

// clitic returns where the clitic of the word [i,j) starts ('s, 've and the like), or 0.
func (c *cutter) clitic(i, j int) int {
	for n := 1; n <= 2 && j-n > i; n++ {
		for _, size := range [2]int{1, 3} {
			q := j - n - size
			if q > i && apostrophe(c.s, q) == size && clitics(c.s[j-n:j]) {
				return q
			}
		}
	}
	return 0
}

func clitics(s string) bool {
	switch s {
	case "s", "S", "m", "d", "ve", "ll", "re", "VE", "LL", "RE":
		return true
	}
	return false
}

// ownStop says whether the word [i,j) is followed by a single full stop that belongs to it.
func (c *cutter) ownStop(i, j int) bool {
	if j >= len(c.s) || c.s[j] != '.' || !dotted(c.s[i:j]) || j+1 < len(c.s) && c.s[j+1] == '.' {
		return false
	}
	if w := c.s[i:j]; w == "No" || w == "v" {
		next, _ := c.peek(j + 1)
		return next < len(c.s) && (isDigit(c.s[next]) || w == "v")
	}
	return true
}

// abbreviation takes the word [i,j) that ends in a full stop of its own. The sentence ends there all the same when
// the text does, or when a word follows that hardly ever continues a name.
func (c *cutter) abbreviation(i, j int) int {
	c.add(i, j)
	next, gap := c.peek(j)
	if next >= len(c.s) || gap && opens(c.s[next:]) {
		c.endSentence()
	}
	return j
}

// opens says whether the text goes on with a word that opens sentences and is no initial.
func opens(s string) bool {
	n := 0
	for n < len(s) && n < 9 && ascii[s[n]] == word {
		n++
	}
	if n == len(s) || s[n] == '.' {
		return false
	}
	switch s[:n] {
	case "The", "A", "An", "He", "She", "It", "They", "We", "In", "On", "At", "But", "And", "This", "That", "These",
		"His", "Her", "Its", "Their", "There", "After", "For", "If", "When", "While", "As", "Some", "Many", "Most":
		return true
	}
	return false
}

// dotted says whether the full stop after w belongs to it: initials, acronyms and well-known abbreviations.
func dotted(w string) bool {
	if len(w) == 1 {
		return isUpper(w[0])
	}
	if len(w) >= 3 && w[len(w)-2] == '.' {
		return true
	}
	if len(w) > 5 {
		return false
	}
	switch w {
	case "Mr", "Mrs", "Ms", "Mx", "Dr", "Prof", "Rev", "Fr", "Sr", "Jr", "St", "Ste", "Mt", "Ft", "Hon", "Pres",
		"Gov", "Sen", "Rep", "Gen", "Col", "Lt", "Maj", "Capt", "Cmdr", "Sgt", "Cpl", "Pvt", "Adm", "Supt", "Insp",
		"Co", "Corp", "Inc", "Ltd", "Cos", "Bros", "Plc", "Dept", "Univ", "Assn", "Ave", "Blvd", "No", "vs", "v",
		"Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec",
		"Mon", "Tue", "Wed", "Thu", "Fri", "Ala", "Ariz", "Ark", "Calif", "Colo", "Conn", "Del", "Fla", "Ga", "Ill",
		"Ind", "Kan", "Ky", "La", "Md", "Mass", "Mich", "Minn", "Miss", "Mo", "Mont", "Neb", "Nev", "Okla", "Ore",
		"Pa", "Tenn", "Tex", "Vt", "Va", "Wash", "Wis", "Wyo", "Ph", "etc", "Messrs", "Mme", "Mlle":
		return true
	}
	return false
}

// address returns the end of the e-mail or web address that starts at i, or 0. Closing punctuation stays outside.
func (c *cutter) address(i int) int {
	if !c.looksLikeAddress(i) {
		return 0
	}
	j := i
	for j < len(c.s) {
		k, n := at(c.s, j)
		if k == space || c.s[j] == '<' || c.s[j] == '>' || c.s[j] == '"' || n > 1 && k == mark {
			break
		}
		j += n
	}
	for j > i && strings.IndexByte(".,;:!?)]}'*", c.s[j-1]) >= 0 {
		j--
	}
	return j
}

// looksLikeAddress looks a bounded way ahead: a scheme, www., or a local part and an at sign.
func (c *cutter) looksLikeAddress(i int) bool {
	s := c.s[i:]
	if len(s) > 65 {
		s = s[:65]
	}
	n := 0
	for n < len(s) && (ascii[s[n]] == word || s[n] == '.' || s[n] == '-' || s[n] == '+') {
		n++
	}
	if n >= len(s)-1 {
		return false
	}
	switch s[n] {
	case '@':
		return ascii[s[n+1]] == word
	case ':':
		return strings.HasPrefix(s[n:], "://")
	case '/', '?':
		return strings.HasPrefix(s, "www.") || strings.HasPrefix(s, "WWW.")
	}
	return false
}

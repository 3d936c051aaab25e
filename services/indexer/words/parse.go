package words

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Search is a parsed question: an article answers it when it has at least one term of every clause and none of None.
// The zero Search asks for nothing and is answered by every article.
type Search struct {
	All  []Clause
	None []Term
}

// Clause is a choice: any one of its terms will do. It holds at least one.
type Clause []Term

// Term is one word, or several that must follow each other.
type Term struct {
	// Words are folded and hold letters and digits only; at least one.
	Words []string
	// Prefix says that the last word is only the beginning of one.
	Prefix bool
}

// Empty reports whether the search asks for nothing.
func (s Search) Empty() bool { return len(s.All) == 0 && len(s.None) == 0 }

// Parse reads a question. It knows "several words" in quotes, a OR b (which binds its two neighbours only), -without or
// NOT without, and begin*; AND is what stands between words anyway. Words joined by a sign (al-Qaeda) are a phrase.
// There is no wrong syntax: what makes no sense as a sign is read as words or dropped.
func Parse(text string) Search {
	var s Search
	var or, not, open bool // open: the last term may be joined by OR
	for _, c := range chunks(text) {
		if !c.quoted && !c.not {
			switch c.text {
			case "AND":
				continue
			case "OR":
				or = open
				continue
			case "NOT":
				not = true
				continue
			}
		}
		t := newTerm(c)
		if len(t.Words) == 0 {
			continue
		}
		switch last := len(s.All) - 1; {
		case not || c.not:
			s.None, open = append(s.None, t), false
		case or:
			s.All[last] = append(s.All[last], t)
		default:
			s.All, open = append(s.All, Clause{t}), true
		}
		or, not = false, false
	}
	return s
}

func newTerm(c chunk) Term {
	t := Term{Prefix: !c.quoted && strings.HasSuffix(c.text, "*")}
	folded := foldLetters(c.text)
	for start, end := range Split(folded) {
		t.Words = append(t.Words, folded[start:end])
	}
	return t
}

// chunk is what stands between white space, or between quotes.
type chunk struct {
	text        string
	quoted, not bool
}

func chunks(text string) []chunk {
	var all []chunk
	for text = strings.TrimLeftFunc(text, unicode.IsSpace); text != ""; text = strings.TrimLeftFunc(text, unicode.IsSpace) {
		var c chunk
		if plain := strings.TrimLeft(text, "-−–"); plain != text {
			c.not, text = true, plain
		}
		r, size := utf8.DecodeRuneInString(text)
		if c.quoted = isQuote(r); c.quoted {
			text = text[size:]
			c.text, text = cut(text, isQuote)
			_, size = utf8.DecodeRuneInString(text)
			text = text[size:] // the closing quote; its absence closes the quotation at the end
		} else {
			c.text, text = cut(text, func(r rune) bool { return isQuote(r) || unicode.IsSpace(r) })
		}
		all = append(all, c)
	}
	return all
}

func cut(s string, at func(rune) bool) (before, rest string) {
	i := strings.IndexFunc(s, at)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i:]
}

func isQuote(r rune) bool { return strings.ContainsRune(`"“”„«»`, r) }

package main

import (
	"strings"

	"tocsin/services/extractor/ner/bio"
)

// article is a labelled document as text: the bytes of every token, and the gold names by bytes.
type article struct {
	text   string
	tokens [][2]int // of all sentences, in order
	ends   []int    // index of the token after each sentence
	gold   []bio.Span
}

// rebuild writes a document as its publisher would have: no space before closing punctuation or after opening, a new
// paragraph after a sentence without a closing mark, which is a headline, a byline or a line of a table.
func rebuild(d bio.Document) article {
	var b strings.Builder
	var a article
	quoted := false
	for i, s := range d {
		if i > 0 {
			b.WriteString(gap(d[i-1].Tokens))
		}
		first := len(a.tokens)
		for k, t := range s.Tokens {
			if k > 0 && spaced(s.Tokens[k-1], t, quoted) {
				b.WriteByte(' ')
			}
			if t == `"` {
				quoted = !quoted
			}
			start := b.Len()
			b.WriteString(t)
			a.tokens = append(a.tokens, [2]int{start, b.Len()})
		}
		a.ends = append(a.ends, len(a.tokens))
		for _, n := range bio.Spans(s.Tags) {
			a.gold = append(a.gold, bio.Span{Start: a.tokens[first+n.Start][0], End: a.tokens[first+n.End-1][1], Type: n.Type})
		}
	}
	a.text = b.String()
	return a
}

// joined writes a document with a space between all tokens and each sentence on a paragraph of its own.
func joined(d bio.Document) article {
	var b strings.Builder
	var a article
	for i, s := range d {
		if i > 0 {
			b.WriteString("\n\n")
		}
		first := len(a.tokens)
		for k, t := range s.Tokens {
			if k > 0 {
				b.WriteByte(' ')
			}
			start := b.Len()
			b.WriteString(t)
			a.tokens = append(a.tokens, [2]int{start, b.Len()})
		}
		a.ends = append(a.ends, len(a.tokens))
		for _, n := range bio.Spans(s.Tags) {
			a.gold = append(a.gold, bio.Span{Start: a.tokens[first+n.Start][0], End: a.tokens[first+n.End-1][1], Type: n.Type})
		}
	}
	a.text = b.String()
	return a
}

// gap is what stands between a sentence and the next one.
func gap(tokens []string) string {
	for i := len(tokens) - 1; i >= 0; i-- {
		switch tokens[i] {
		case ".", "?", "!", "...", "…":
			return " "
		case `"`, "''", "”", "’", "'", ")":
			continue
		}
		break
	}
	return "\n\n"
}

// spaced says whether a space stands between two tokens.
func spaced(a, b string, quoted bool) bool {
	switch b {
	case ",", ".", ";", ":", "!", "?", ")", "]", "}", "%", "'s", "’s", "'S", "n't", "n’t", "'re", "'ve", "'ll", "'m", "'d",
		"’re", "’ve", "’ll", "’m", "’d", "''", "”", "…", "...":
		return false
	case `"`:
		return !quoted
	}
	switch a {
	case "(", "[", "{", "$", "£", "€", "#", "``", "“", "‘":
		return false
	case `"`:
		return !quoted // the mark just written has opened a quotation when quoted is set
	}
	return true
}

package prose

import (
	"strings"
	"unicode"

	"github.com/jdkato/prose/v2"

	"tocsin/services/extractor/ner"
)

// flat is a sentence as prose wants it: spaces only, straight quotes.
type flat struct {
	text string
	// at gives, for every byte of text and its end, the offset in the article.
	at []int
}

// flatten copies a sentence of text byte for byte but for white space and quotes, each of which becomes one byte.
func flatten(text string, s ner.Span) flat {
	var b strings.Builder
	at := make([]int, 0, s.End-s.Start+1)
	for i, r := range text[s.Start:s.End] {
		from := b.Len()
		switch {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '“' || r == '”':
			b.WriteByte('"')
		case r == '‘' || r == '’':
			b.WriteByte('\'')
		default:
			b.WriteRune(r)
		}
		for range b.Len() - from {
			at = append(at, s.Start+i)
		}
	}
	return flat{text: b.String(), at: append(at, s.End)}
}

// align finds the tokens in the text they were cut from, in order. A token that is not there gets a span below zero;
// that is the full stop added at the end, and whatever prose rewrote.
func align(text string, tokens []prose.Token) []ner.Span {
	spans := make([]ner.Span, len(tokens))
	pos := 0
	for i, tok := range tokens {
		for pos < len(text) && text[pos] == ' ' {
			pos++
		}
		spans[i] = ner.Span{Start: -1, End: -1}
		if j := strings.Index(text[pos:], tok.Text); j >= 0 && j <= lookAhead {
			spans[i] = ner.Span{Start: pos + j, End: pos + j + len(tok.Text)}
			pos = spans[i].End
		}
	}
	return spans
}

// lookAhead is how many bytes may be skipped to find a token again after one that was rewritten.
const lookAhead = 16

// chunk is a run of tokens [first, last) that make one entity.
type chunk struct {
	first, last int
	label       string
}

// chunks joins labelled tokens as prose itself does (its extract.go, chunk), only that it keeps the tokens: a run goes on
// while labels go on, and over a word of the same part of speech; a run that ends the sentence counts as well.
func chunks(tokens []prose.Token) []chunk {
	var found []chunk
	first, inside := -1, ""
	finish := func(end int) {
		if first >= 0 {
			found = append(found, chunk{first: first, last: end, label: label(tokens[first:end])})
		}
		first, inside = -1, ""
	}
	for i, tok := range tokens {
		running := first >= 0
		switch {
		case tok.Label != "O" && tok.Label != inside,
			running && tok.Tag == tokens[i-1].Tag,
			running && tok.Tag == "CD" && tokens[i-1].Label != "O":
			if !running {
				first = i
			}
			inside = strings.Replace(tok.Label, "B", "I", 1)
		case tok.Label == "O":
			finish(i)
		case running:
			finish(i + 1)
		}
	}
	finish(len(tokens))
	return found
}

// label names a run by its first token; a person at either end of two wins, as prose has it.
func label(tokens []prose.Token) string {
	first := kindOf(tokens[0].Label)
	if len(tokens) == 2 && tokens[1].Label == "B-PERSON" {
		return "PERSON"
	}
	return first
}

func kindOf(label string) string {
	_, kind, _ := strings.Cut(label, "-")
	return kind
}

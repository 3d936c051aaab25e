// Package words cuts running text into words and sentences without copying or changing it.
//
// One forward scan yields tokens as byte ranges of the caller's text and the token index at which each sentence ends.
// Nothing is allocated beyond the two slices of a Text, which are reused from call to call. The cut follows the habits
// of English newswire corpora: possessive 's, brackets, quotes and commas are tokens of their own; "U.S.", "Corp.",
// initials, hyphenated compounds, numbers with separators, e-mail addresses and web addresses stay whole.
//
// A single line break is white space, like NBSP and the other Unicode spaces, so that hard wraps change nothing; a
// blank line ends a sentence. Bytes that are not UTF-8 become tokens of one byte. Time is linear in the text.
package words

// Token is one word, number or mark: the half-open byte range [Start, End) of the text, on rune boundaries, never empty.
type Token struct{ Start, End int }

// In returns the token's bytes as they stand in the text that was split.
func (t Token) In(text string) string { return text[t.Start:t.End] }

// Text is the outcome of Split. The zero value is ready; a Text that is used again keeps its memory.
type Text struct {
	// Tokens stand in text order and never overlap.
	Tokens []Token
	// Ends holds, for every sentence, the index of the token after its last one, ascending; the last element equals
	// len(Tokens). It is empty when there are no tokens.
	Ends []int
}

// Split replaces t's content with the tokens and sentences of s.
func (t *Text) Split(s string) {
	c := cutter{s: s, toks: t.Tokens[:0], ends: t.Ends[:0]}
	c.run()
	t.Tokens, t.Ends = c.toks, c.ends
}

// Sentences yields, for each sentence, the index of its first token and of the token after its last one.
func (t *Text) Sentences() func(yield func(first, end int) bool) {
	return func(yield func(first, end int) bool) {
		first := 0
		for _, end := range t.Ends {
			if !yield(first, end) {
				return
			}
			first = end
		}
	}
}

package words

import "tocsin/pkg/messages"

// Snippet is a piece of a text, with the words that were asked for marked.
type Snippet struct {
	Text string `json:"text"`
	// Marks are half-open byte ranges of Text, ascending, on rune boundaries.
	Marks []messages.Span `json:"marks,omitempty"`
}

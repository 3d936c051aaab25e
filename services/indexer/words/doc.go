// Package words is what a question and a text must agree on before words can be compared: the small query language,
// the folding of case and accents, English stems, and the snippet that shows why an article was found.
//
// It is pure: text in, values out, no state.
package words

// Package maintext turns what a publisher sent into plain text: the main text of a web page, the text of a feed's HTML,
// a title on one line.
//
// All text that leaves the room is valid UTF-8 without control characters, invisible marks or runs of spaces.
// Paragraphs stand apart by one blank line, lines of one paragraph by a newline. Letters are left as they were written:
// nothing is folded or normalised.
//
// The room is pure and never waits, but pages are hostile: a page of the allowed size can still take seconds, and the
// libraries that read it can panic. The caller puts a time limit and a recover around Extract.
package maintext

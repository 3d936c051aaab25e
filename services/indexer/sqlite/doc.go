// Package sqlite keeps the index in one SQLite file beside the process: nothing to install, full-text search by FTS5.
//
// A narrow table of facts carries what lists are sorted and filtered by; names, mentioned dates and watched entries
// have tables of their own; the full-text index holds no copy of the text, and the articles themselves lie compressed
// apart, touched only for the hits that are shown. Text is folded by package words before it reaches FTS5, so that
// questions are answered as Elasticsearch answers them.
//
// One process writes, in one transaction per batch, and a batch that was acknowledged survives a killed process. Any
// number of others may read meanwhile: the file is in write-ahead mode.
package sqlite

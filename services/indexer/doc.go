// Package indexer turns enriched articles into searchable documents: one fetched batch becomes one bulk write, and
// every message is settled by the outcome of its own document.
//
// The package holds what every index has in common and knows no index itself: the Document, the Query and its answers,
// and the two interfaces Writer and Reader. Package elastic implements them over Elasticsearch, package sqlite in one
// file beside the process; package indextest holds both to the same suite.
//
// A document's identity is its ArticleID and its version is revision × 1000 + patch. A write of a version that is
// already there, or of an older one, changes nothing and counts as done, so a batch may be delivered again, in any
// order, by any number of indexers.
package indexer

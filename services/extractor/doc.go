// Package extractor turns a RawArticle into an EnrichedArticle and rings one Alert for every watched name in it.
//
// Handle is the whole of it, one message at a time, in this order: the main text out of the page or the feed, its
// language, its date of publication, the entities, the dates, the watched names; then it publishes. The rooms beside
// it do the work and know nothing of messages or time; this package holds what they need held: the store of what rang,
// the watchdog around pages that take too long, the lists in force.
//
// Handle is safe for concurrent use. Nothing is acknowledged here: what an error means is said in internal/retry.
package extractor

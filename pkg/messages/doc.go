// Package messages is the contract between the services: the JSON messages they exchange, the subjects, streams and
// consumers these travel on, and the checks a message must pass before anyone trusts it.
//
// The flow, in the order a story takes it:
//
//	raw.<source>                      RawArticle       fetcher   → extractor
//	enriched.<lang>.<source>          EnrichedArticle  extractor → indexer
//	alerts.<list>.<entry>.<tier>      Alert            extractor → whoever subscribes
//	alert-updates.<list>.<entry>      Alert            later changes of an alert that rang
//	feeds.<source>.<event>            PollReport or FeedEvent
//	dlq.<stage>.<reason>              a copy of whatever could not go on, with the reason in its headers
//
// Every message carries a version, uses snake_case names and RFC 3339 times, and is decoded leniently: a field this
// build does not know is ignored, and a field is never given a second meaning. Decode checks what it returns, so a
// value that comes out of it may be used without looking again.
//
// Offsets are half-open byte offsets into EnrichedArticle.Text as published, always on rune boundaries:
// Text[Start:End] is the surface form. Subjects are built from slugs and hashes only, never from article text.
//
// The package depends on the standard library alone and holds no state.
package messages

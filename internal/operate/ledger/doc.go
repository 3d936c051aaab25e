// Package ledger proves that nothing was lost: it accounts for every item that any poll ever saw.
//
// The unit is a sighting: one article revision that was published, or one item of one feed that was not, each counted
// once however often it was met. Every sighting must have come somewhere:
//
//	difference = seen − duplicate − filtered − indexed − quarantined − pending = 0
//
// indexed means that the index holds this revision or a higher one; quarantined, that a dead letter holds it, a
// discarded one included; pending, that a stage has yet to settle it. What has come nowhere is named.
//
// The order of reading makes that true of a pipeline that is at work: first what was seen (reports, then the headers of
// RAW), then how far each stage has settled and what it made of it, last the dead letters and the index. A message that
// moves on meanwhile is met further down. Only one that is replayed meanwhile can slip by, so a difference is believed
// when a second look finds the same.
package ledger

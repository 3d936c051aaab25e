// Package elastic keeps the index in Elasticsearch 8: plain monthly indices behind one read alias.
//
// An article lives in the index of the month it was first seen in, <prefix>-v1-YYYY.MM, and in no other; v1 is the
// generation, of which a Rebuild makes the next. Alerts have indices of the same kind, by the month of their first ring.
// An article's first_seen is fixed when a feed first brings it, so the month is known without asking; only when the
// fetcher's memory of an article has passed can a later revision claim another month, and therefore every batch first
// asks the alias, in one question, where its articles live already.
//
// Every write is the operation index with external version revision × 1000 + patch: nothing newer is ever overwritten,
// and a conflict says that this version or a newer one is there. A batch is one _bulk request, or several when it is
// too large for one; a request that is refused as a whole is halved until the part that cannot pass is alone. Requests
// are retried here for some seconds; what still fails goes back to the caller as transient.
//
// The package uses only what a plain distribution has: no ingest pipelines, scripts or data streams. Lifecycle management
// is tried and its absence is a warning.
package elastic

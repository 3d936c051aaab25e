// Package pages removes the pages that nobody can ask for any more from the object store where the fetcher puts those too
// large for a message. A page outlives its message in RAW and every dead letter that may be replayed.
package pages

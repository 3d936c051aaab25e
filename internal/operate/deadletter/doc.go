// Package deadletter looks at what the pipeline gave up, and brings it back or puts it away.
//
// A dead letter is a copy of the message with the reason in its headers. Replaying publishes it again where it came
// from, under an id of its own, and removes the letter only once that is acknowledged: dying in between makes the same
// message twice under the same id, never none. Discarding leaves a record without a body, so that the ledger still
// balances.
package deadletter

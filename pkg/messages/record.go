package messages

import (
	"encoding/json"
	"time"
)

// Record is one value of the buckets feeds and watch: a configured thing and who answers for it.
//
// A file owns the records it brought and no others; commands own theirs. Removing leaves a tombstone (Removed). A tombstone
// left by a command is not undone by a later import of a file; one left by the file itself, which merely stopped bringing
// the record, is.
type Record struct {
	Version int `json:"version"`
	// Owner is "file:<name>" or OwnerCommand.
	Owner   string    `json:"owner"`
	Removed bool      `json:"removed,omitempty"`
	Changed time.Time `json:"changed"`
	// Value is the feed or the watch entry as JSON; empty in a tombstone.
	Value json.RawMessage `json:"value,omitempty"`
}

// Dropped reports whether the record is a tombstone its own file left, so that the file may bring it back.
func (r Record) Dropped() bool { return r.Removed && r.Owner != OwnerCommand }

// OwnerCommand is the owner of what an operator added by command.
const OwnerCommand = "command"

// Validate implements Message.
func (r Record) Validate() error {
	switch {
	case r.Owner == "":
		return first(checkVersion(r.Version), invalid("owner", "is empty"))
	case !r.Removed && len(r.Value) == 0:
		return first(checkVersion(r.Version), invalid("value", "is missing and the record is not a tombstone"))
	}
	return checkVersion(r.Version)
}

package messages

import (
	"encoding/json"
	"time"
)

// Record is one value of the buckets feeds and watch: a configured thing and who answers for it.
//
// A file owns the records it brought and no others; commands own theirs. Removing leaves a tombstone (Removed), which a
// later import of the same file does not undo unless it is asked to.
type Record struct {
	Version int `json:"version"`
	// Owner is "file:<name>" or OwnerCommand.
	Owner   string    `json:"owner"`
	Removed bool      `json:"removed,omitempty"`
	Changed time.Time `json:"changed"`
	// Value is the feed or the watch entry as JSON; empty in a tombstone.
	Value json.RawMessage `json:"value,omitempty"`
}

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

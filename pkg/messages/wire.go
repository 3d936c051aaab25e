package messages

import "time"

// Delivery is one message as a stage receives it. The stage says what became of it by the error it returns
// (nil: done; see internal/retry for the rest); it never acknowledges anything itself.
type Delivery struct {
	Subject string
	Data    []byte
	// Header holds the message's headers, one value each; may be nil.
	Header map[string]string
	// Stream and Sequence locate the message for good; Time is when it was stored.
	Stream   string
	Sequence uint64
	Time     time.Time
	// Delivered counts deliveries of this message, 1 at first.
	Delivered int
	// Replay is how often the message was replayed from the dead letters; it goes into the id of every message made
	// from this one, the next dead letter's included.
	Replay int
}

// Outgoing is one message to publish. It counts as sent only when Publish returned nil.
type Outgoing struct {
	Subject string
	// ID is the deduplication id, usually from MsgID.
	ID   string
	Data []byte
	// Header holds extra headers, one value each; may be nil.
	Header map[string]string
	// Replay is carried on from the Delivery this message was made from.
	Replay int
}

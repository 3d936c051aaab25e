package bus

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// The server counts deliveries, but not why there were many. A nak is an outcome: the stage lived to say it. What has to
// be found is the message that kills the process each time, and the bucket outcomes is how: it remembers, per message,
// the count at its last outcome and how often its handler was begun since.
const (
	// suspectAfter deliveries without an outcome a message is handled apart, and each beginning is noted first, so that
	// neighbours that merely died with it are told from the culprit.
	suspectAfter = 5
	// crashAfter deliveries without an outcome, of which every one since suspectAfter was begun, it is dead-lettered.
	crashAfter = 10
)

// A message whose handler fails again and again without saying Never or After is tried for ever while nothing else goes
// through either: that is an outage. But a failure counts as the message's own when another message of the consumer was
// acknowledged since its last one, and a message with failTimes of those over a time of ConsumeOptions.GiveUp is
// dead-lettered with the reason "failing".
const (
	failTimes = 10
	giveUp    = time.Hour
)

// outcomes is one consumer's share of the bucket.
type outcomes struct {
	bucket   *Bucket
	consumer string
}

// outcome is what is remembered of one message. A message without any is the zero value.
type outcome struct {
	// Delivered is the delivery count at the last outcome.
	Delivered int `json:"delivered"`
	// Begun counts how often a handler got the message since, as far as it was suspect by then.
	Begun int `json:"begun,omitempty"`
	// Failed counts the failures that were the message's own, Since is when the first of them was, At when the last
	// outcome was noted.
	Failed int       `json:"failed,omitempty"`
	Since  time.Time `json:"since,omitzero"`
	At     time.Time `json:"at,omitzero"`
}

// fail is what is known after one more failure; worked is when a message of the consumer was last acknowledged here.
func (o outcome) fail(delivered int, worked, now time.Time) outcome {
	own := !o.At.IsZero() && worked.After(o.At)
	o.Delivered, o.Begun, o.At = delivered, 0, now
	if own {
		if o.Failed++; o.Failed == 1 {
			o.Since = now
		}
	}
	return o
}

// hopeless reports whether the message has failed by itself for long enough.
func (o outcome) hopeless(patience time.Duration, now time.Time) bool {
	return o.Failed >= failTimes && now.Sub(o.Since) >= patience
}

// verdict on a message before it is handled.
type verdict int

const (
	trusted verdict = iota // nothing speaks against it
	suspect                // handle it alone
	crashed                // do not handle it again
)

func (o outcomes) key(c *claim) string { return fmt.Sprintf("%s.%d", o.consumer, c.delivery.Sequence) }

// judge reads what is remembered, only for a message that was delivered often. When that cannot be read the message is
// suspect.
func (o outcomes) judge(ctx context.Context, c *claim) (verdict, outcome, error) {
	if c.delivery.Delivered < suspectAfter {
		return trusted, outcome{}, nil
	}
	var known outcome
	value, _, err := o.bucket.Load(ctx, o.key(c))
	if err == nil && value != nil {
		err = json.Unmarshal(value, &known)
	}
	if err != nil {
		return suspect, known, fmt.Errorf("read the outcomes of message %d: %w", c.delivery.Sequence, err)
	}
	return known.judge(c.delivery.Delivered), known, nil
}

// judge says what the count of deliveries means. This delivery has no outcome yet, so of n without one n−1 are over.
func (o outcome) judge(delivered int) verdict {
	switch without := delivered - o.Delivered; {
	case without >= crashAfter && o.Begun >= crashAfter-suspectAfter:
		return crashed
	case without >= suspectAfter, o.Failed > 0: // alone, so that the neighbours' failures are not taken for its own
		return suspect
	}
	return trusted
}

// width is how many suspects like this one may be handled together in the delivery when there are so many of them.
func (o outcome) width(delivered, suspects int) int {
	switch without := delivered - o.Delivered; {
	case o.Failed > 0:
		return 1
	case without <= suspectAfter+1:
		return max(1, suspects/16)
	case without == suspectAfter+2:
		return max(1, suspects/64)
	}
	return 1
}

// begin notes that a suspect's handler begins.
func (o outcomes) begin(ctx context.Context, c *claim, known outcome) error {
	known.Begun++
	return o.write(ctx, c, known)
}

// remember notes an outcome that leaves the message to be delivered again.
func (o outcomes) remember(ctx context.Context, c *claim) error {
	c.known.Delivered, c.known.Begun, c.known.At = c.delivery.Delivered, 0, time.Now()
	return o.write(ctx, c, c.known)
}

func (o outcomes) write(ctx context.Context, c *claim, known outcome) error {
	value, err := json.Marshal(known)
	if err != nil {
		return err
	}
	if err := o.bucket.Put(ctx, o.key(c), value); err != nil {
		return fmt.Errorf("note the outcome of message %d: %w", c.delivery.Sequence, err)
	}
	return nil
}

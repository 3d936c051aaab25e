package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"tocsin/pkg/messages"
)

// reasonCrash is the reason of a message that was delivered again and again without any outcome.
const reasonCrash = "crash"

// reasonFailing is the reason of a message that kept failing by itself, see outcome.fail.
const reasonFailing = "failing"

// reasonOther stands in for a reason that is no subject token.
const reasonOther = "other"

// errorText is how much of an error a dead letter's header holds, in bytes.
const errorText = 1024

// bury publishes the dead letter and, once the stream has it, gives the message up. While it cannot be published the
// message is handed back.
func (c *claim) bury(ctx context.Context, reason string, why error) {
	letter := deadLetter(c.s.stage, reason, c.delivery, why)
	letter.Header[messages.HeaderSubject] = cmp.Or(c.s.replays, c.delivery.Subject)
	err := c.s.b.Publish(ctx, letter)
	if errors.Is(err, ErrTooLarge) {
		// Its body passes max_payload with the headers added. The letter names stream and sequence, where the body is
		// until the stream's max age.
		c.s.log.Error("a dead letter goes without its body, which is too large", "subject", c.delivery.Subject, "sequence", c.delivery.Sequence)
		letter.Data = nil
		err = c.s.b.Publish(ctx, letter)
	}
	if err != nil {
		c.again(ctx, growing(c.delivery.Delivered), fmt.Errorf("dead letter not published, so the message stays: %w", err))
		return
	}
	c.s.log.Warn("dead letter", "stage", c.s.stage, "reason", reason, "subject", c.delivery.Subject,
		"sequence", c.delivery.Sequence, "article", c.delivery.Header[messages.HeaderArticle], "error", why.Error())
	c.s.b.meter.Add("tocsin_bus_dead_letters_total", 1, "consumer", c.s.name, "reason", letter.Header[messages.HeaderReason])
	c.done("dead", func() error { return c.msg.TermWithReason(reason) })
}

// deadLetter is d with what went wrong in its headers. Its id is the same each time the same message is given up by the
// same stage, so that dying between publishing it and telling the server makes no second one.
func deadLetter(stage, reason string, d messages.Delivery, why error) messages.Outgoing {
	if !messages.IsToken(reason) {
		reason = reasonOther
	}
	h := map[string]string{}
	for k, v := range d.Header {
		if !strings.HasPrefix(k, "Nats-") { // they would make the server do things again
			h[k] = v
		}
	}
	maps.Copy(h, map[string]string{
		messages.HeaderStage:     stage,
		messages.HeaderReason:    reason,
		messages.HeaderError:     cut(why.Error(), errorText),
		messages.HeaderSubject:   d.Subject,
		messages.HeaderStream:    d.Stream,
		messages.HeaderSequence:  strconv.FormatUint(d.Sequence, 10),
		messages.HeaderDelivered: strconv.Itoa(d.Delivered),
	})
	if id := d.Header[messages.HeaderMsgID]; id != "" {
		h[messages.HeaderOriginal] = id
	}
	return messages.Outgoing{Subject: messages.DLQSubject(stage, reason), ID: letterID(stage, d), Data: d.Data, Header: h, Replay: d.Replay}
}

// letterID is stage:article:revision where the headers give one, else stage:stream:sequence, with the replay. An article
// may have many alerts, so those are named by their sequence too.
func letterID(stage string, d messages.Delivery) string {
	article := d.Header[messages.HeaderArticle]
	revision, err := strconv.Atoi(d.Header[messages.HeaderRevision])
	if article == "" || err != nil || d.Stream == messages.StreamAlerts {
		return messages.MsgID(stage, d.Stream, int(d.Sequence), d.Replay) //nolint:gosec // a sequence is far below the limit
	}
	return messages.MsgID(stage, article, revision, d.Replay)
}

// cut is s without what passes n bytes, on a rune boundary.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

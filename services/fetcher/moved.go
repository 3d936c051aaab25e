package fetcher

import (
	"context"
	"fmt"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// Move is a permanent redirect of a feed that is being watched.
type Move struct {
	// From is the configured address it was met at, To where it leads.
	From string `json:"from"`
	To   string `json:"to"`
	// Since is when it was met first, Met how often.
	Since time.Time `json:"since"`
	Met   int       `json:"met"`
	// Adopted says that To is asked instead of From.
	Adopted bool `json:"adopted,omitempty"`
	// Refused says why it is not.
	Refused string `json:"refused,omitempty"`
}

// A permanent redirect is believed when it was met moveSightings times over moveAge: many are mistakes of a day.
const (
	moveSightings = 5
	moveAge       = 3 * 24 * time.Hour
	// moveDoubt is how many failures at the new address send the reader back to the configured one.
	moveDoubt = 3
)

// address is where the feed is asked for.
func (p *poll) address() string {
	if m := p.state.Move; m != nil && m.Adopted && m.From == p.feed.URL {
		return m.To
	}
	return p.feed.URL
}

// watchMove follows a permanent redirect of an answer that was a feed; to is empty when there was none.
func (p *poll) watchMove(ctx context.Context, to string) error {
	m := p.state.Move
	if m != nil && m.From != p.feed.URL {
		m = nil // configured anew
	}
	switch {
	case m != nil && m.Adopted:
		return nil
	case to == "":
		p.state.Move = nil
		return nil
	case m == nil || m.To != to:
		p.state.Move = &Move{From: p.feed.URL, To: to, Since: p.o.Now().UTC(), Met: 1}
		p.event(messages.EventMoved, "says it moved for good to "+to+"; it is followed there, and asked there directly once it has said so for three days")
		return nil
	}
	m.Met++
	if m.Met < moveSightings || p.o.Now().Sub(m.Since) < moveAge || m.Refused != "" {
		return nil
	}
	id := messages.Hash("feed", to)
	_, there, err := p.configured(ctx, id)
	if _, broken := retry.Reason(err); broken {
		there, err = true, nil
	}
	switch {
	case err != nil:
		return err
	case there && id != p.feed.ID:
		m.Refused = fmt.Sprintf("moved to %s, which is read already as %s; remove one of the two", to, id)
		p.event(messages.EventMoved, m.Refused)
	default:
		m.Adopted = true
		p.event(messages.EventMoved, "is asked at "+to+" from now on; change the address where the feed is configured")
	}
	return nil
}

// doubtMove goes back to the configured address when the new one keeps failing.
func (p *poll) doubtMove() {
	if m := p.state.Move; m != nil && m.Adopted && p.state.Failures >= moveDoubt {
		p.state.Move = nil
	}
}

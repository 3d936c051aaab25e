package deadletter

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// Stream is the stream of dead letters, and whatever else holds an original.
type Stream interface {
	// Headers calls each with every dead letter of the subject that is there now and was stored since, without body.
	Headers(ctx context.Context, subject string, since time.Time, each func(messages.Delivery) error) error
	// Message reads one message of a stream.
	Message(ctx context.Context, stream string, sequence uint64) (messages.Delivery, error)
	// Remove deletes one; one that is gone already is no error.
	Remove(ctx context.Context, stream string, sequence uint64) error
}

// Publisher publishes; nil means acknowledged.
type Publisher interface {
	Publish(ctx context.Context, m messages.Outgoing) error
}

// Letters are the dead letters of a pipeline.
type Letters struct {
	stream    Stream
	publisher Publisher
	now       func() time.Time
}

// New works on the stream messages.StreamDLQ.
func New(stream Stream, publisher Publisher, now func() time.Time) *Letters {
	return &Letters{stream, publisher, now}
}

// ErrDiscarded says that a letter was put away: its body is gone.
var ErrDiscarded = errors.New("discarded; its body is gone")

// ErrNoBody says that a letter came without its body, which was too large, and the original has aged out.
var ErrNoBody = errors.New("its body was too large for a dead letter, and the original is gone")

// List returns the letters of a query, oldest first. It reads headers only.
func (l *Letters) List(ctx context.Context, q Query) ([]Letter, error) {
	var all []Letter
	err := l.stream.Headers(ctx, q.subject(), q.Since, func(d messages.Delivery) error {
		if letter := letterOf(d); q.takes(letter) {
			all = append(all, letter)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list dead letters: %w", err)
	}
	return all, nil
}

// Open returns one letter with its body. A letter that travelled without one gets it from where the message came from.
func (l *Letters) Open(ctx context.Context, id uint64) (Letter, []byte, error) {
	letter, d, err := l.open(ctx, id)
	return letter, d.Data, err
}

func (l *Letters) open(ctx context.Context, id uint64) (Letter, messages.Delivery, error) {
	d, err := l.stream.Message(ctx, messages.StreamDLQ, id)
	if err != nil {
		return Letter{}, d, fmt.Errorf("dead letter %d: %w; `tocsin dlq list` shows those there are", id, err)
	}
	letter := letterOf(d)
	if len(d.Data) > 0 || !letter.Discarded.IsZero() {
		return letter, d, nil
	}
	original, err := l.stream.Message(ctx, letter.Stream, letter.Sequence)
	if err == nil && original.Subject == letter.Subject {
		d.Data = original.Data
	}
	return letter, d, nil
}

// Progress is told after each letter; done counts from 1.
type Progress func(done, of int)

// ErrNoMessage says that a letter was made of something that never was a message, such as an unreadable item of a feed.
var ErrNoMessage = errors.New("never a message, so there is nowhere to replay it to: an item of a feed is read again with the feed, once its publisher has mended it; discard it when it was looked at")

// Left is a letter that no replay can help, and why: ErrNoMessage, ErrNoBody or ErrDiscarded.
type Left struct {
	Letter
	Why error
}

// Replay publishes each letter again where it came from, and removes the letter once that was acknowledged. Letters that
// no replay can help stay and are returned. It stops at the first failure; what it has replayed is replayed, and calling
// it again goes on with the rest.
func (l *Letters) Replay(ctx context.Context, letters []Letter, tell Progress) (left []Left, err error) {
	err = l.each(ctx, "replay", letters, tell, func(ctx context.Context, letter Letter) error {
		err := l.replay(ctx, letter)
		for _, why := range []error{ErrNoMessage, ErrNoBody, ErrDiscarded} {
			if errors.Is(err, why) {
				left = append(left, Left{letter, why})
				return nil
			}
		}
		return err
	})
	return left, err
}

// Discard puts the letters away: their bodies are deleted, and a record with the note stays. It stops at the first
// failure, as Replay does.
func (l *Letters) Discard(ctx context.Context, letters []Letter, note string, tell Progress) error {
	if note == "" {
		return errors.New("discard: give a note that says why; the record keeps it")
	}
	return l.each(ctx, "discard", letters, tell, func(ctx context.Context, letter Letter) error {
		return l.discard(ctx, letter, note)
	})
}

func (l *Letters) each(ctx context.Context, verb string, letters []Letter, tell Progress, do func(context.Context, Letter) error) error {
	for i, letter := range letters {
		if err := do(ctx, letter); err != nil {
			return fmt.Errorf("%s dead letter %d (%d of %d are done): %w", verb, letter.ID, i, len(letters), err)
		}
		tell(i+1, len(letters))
	}
	return nil
}

func (l *Letters) replay(ctx context.Context, letter Letter) error {
	letter, d, err := l.open(ctx, letter.ID)
	switch {
	case err != nil:
		return err
	case !letter.Discarded.IsZero():
		return ErrDiscarded
	case len(d.Data) == 0:
		return ErrNoBody
	case letter.Subject == "":
		return ErrNoMessage
	}
	if err := l.publisher.Publish(ctx, again(letter, d)); err != nil {
		return err
	}
	return l.stream.Remove(ctx, messages.StreamDLQ, letter.ID)
}

// discard publishes the record before it removes the letter, under an id that a second try has too.
func (l *Letters) discard(ctx context.Context, letter Letter, note string) error {
	letter, d, err := l.open(ctx, letter.ID)
	if err != nil {
		return err
	}
	if !letter.Discarded.IsZero() {
		return nil
	}
	record := messages.Outgoing{
		Subject: d.Subject, ID: fmt.Sprintf("discard:%d", letter.ID), Header: plain(d.Header), Replay: letter.Replayed,
	}
	record.Header[messages.HeaderDiscarded] = l.now().UTC().Format(time.RFC3339)
	record.Header[messages.HeaderNote] = note
	if err := l.publisher.Publish(ctx, record); err != nil {
		return err
	}
	return l.stream.Remove(ctx, messages.StreamDLQ, letter.ID)
}

// again is the message a letter was made from, as its next replay.
func again(letter Letter, d messages.Delivery) messages.Outgoing {
	m := messages.Outgoing{Subject: letter.Subject, Data: d.Data, Replay: letter.Replayed + 1, Header: plain(d.Header)}
	m.ID = replayID(d.Header[messages.HeaderOriginal], letter, m.Replay)
	for _, only := range []string{ // what a dead letter has and its message had not
		messages.HeaderStage, messages.HeaderReason, messages.HeaderError, messages.HeaderSubject, messages.HeaderOriginal,
		messages.HeaderStream, messages.HeaderSequence, messages.HeaderDelivered,
	} {
		delete(m.Header, only)
	}
	m.Header[messages.HeaderHistory] = letter.past()
	return m
}

// plain are the headers without those that would make the server do things again.
func plain(h map[string]string) map[string]string {
	out := make(map[string]string, len(h))
	for k, v := range h {
		if k != messages.HeaderReplay && !strings.HasPrefix(k, "Nats-") {
			out[k] = v
		}
	}
	return out
}

package bus

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"
)

// bind looks something up that Setup makes. What is not there is an error that names the cure, at once; a server that
// does not answer, because it is starting again or the streams seek a leader, is waited for as long as for a publish: a
// process that begins at such a moment need not end again.
func (b *Bus) bind(ctx context.Context, what string, look func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, publishPatience)
	defer cancel()
	for {
		err := b.lookOnce(ctx, look)
		_, refused := errors.AsType[*jetstream.APIError](err)
		switch {
		case err == nil:
			return nil
		case absent(err), refused, final(err) != nil, pause(ctx, publishPause) != nil:
			return missing(what, err)
		}
	}
}

// lookOnce asks when connected and gives up when the connection is lost before the answer.
func (b *Bus) lookOnce(ctx context.Context, look func(context.Context) error) error {
	if err := b.await(ctx); err != nil {
		return err
	}
	ctx, cancel := b.linked(ctx)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, requestTimeout)
	defer stop()
	return look(ctx)
}

// absent reports whether the server knows that there is no such thing.
func absent(err error) bool {
	for _, no := range []error{jetstream.ErrConsumerNotFound, jetstream.ErrStreamNotFound, jetstream.ErrBucketNotFound} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

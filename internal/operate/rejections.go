package operate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// Rejections are what operators said is "not him".
type Rejections struct {
	bucket interface {
		Bucket
		Delete(ctx context.Context, key string) error
	}
	now func() time.Time
}

// NewRejections works on the bucket messages.BucketRejected.
func NewRejections(bucket interface {
	Bucket
	Delete(ctx context.Context, key string) error
}, now func() time.Time) *Rejections {
	return &Rejections{bucket, now}
}

// RejectOptions say how far a rejection goes; the zero value covers the article and its copies.
type RejectOptions struct {
	Reason string
	// Where and Anywhere are those of messages.Rejection.
	Where    []string
	Anywhere bool
}

// Reject stores that an alert was wrong, in place of an earlier rejection of the same alert. rev is the revision of the
// bucket from which on it holds.
func (r *Rejections) Reject(ctx context.Context, a messages.Alert, o RejectOptions) (rejection messages.Rejection, rev uint64, err error) {
	rejection = messages.Rejection{
		Version: messages.Version, ID: a.ID, List: a.List, Entry: a.Entry, Article: a.Article.ID,
		Words: a.Quote.Text, Sentence: a.Quote.Sentence, Where: o.Where, Anywhere: o.Anywhere, Reason: o.Reason, At: r.now().UTC(),
	}
	if rejection.Words == "" {
		return rejection, 0, errors.New("the alert quotes nothing that could be rejected; it was withdrawn")
	}
	for _, phrase := range o.Where {
		if strings.TrimSpace(phrase) == "" {
			return rejection, 0, errors.New("an empty phrase would reject nothing; leave it out")
		}
	}
	data, err := messages.Encode(rejection)
	if err != nil {
		return rejection, 0, err
	}
	key := rejectionKey(rejection)
	for {
		_, old, err := r.bucket.Load(ctx, key)
		if err != nil {
			return rejection, 0, fmt.Errorf("rejection %s: %w", key, err)
		}
		rev, ok, err := r.bucket.Store(ctx, key, data, old)
		if err != nil {
			return rejection, 0, fmt.Errorf("rejection %s: %w", key, err)
		}
		if ok {
			return rejection, rev, nil
		}
	}
}

func rejectionKey(r messages.Rejection) string { return r.List + "." + r.Entry + "." + r.ID }

// All returns the rejections there are, newest last.
func (r *Rejections) All(ctx context.Context) ([]messages.Rejection, error) {
	values, err := r.bucket.List(ctx)
	if err != nil {
		return nil, fmt.Errorf("list rejections: %w", err)
	}
	all := make([]messages.Rejection, 0, len(values))
	for key, data := range values {
		one, err := messages.Decode[messages.Rejection](data)
		if err != nil {
			return nil, fmt.Errorf("rejection %s: %w", key, err)
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b messages.Rejection) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all, nil
}

// Undo takes a rejection back, named by the id of its alert.
func (r *Rejections) Undo(ctx context.Context, id string) (messages.Rejection, error) {
	all, err := r.All(ctx)
	if err != nil {
		return messages.Rejection{}, err
	}
	at := slices.IndexFunc(all, func(one messages.Rejection) bool { return one.ID == id })
	if at < 0 {
		return messages.Rejection{}, fmt.Errorf("%w: rejection %q; `tocsin watch reject --list` shows those there are", ErrUnknown, id)
	}
	return all[at], r.bucket.Delete(ctx, rejectionKey(all[at]))
}

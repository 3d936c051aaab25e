package bus

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel/trace"

	"tocsin/pkg/messages"
)

// Headers of an atomic batch (NATS 2.12, ADR-50) and the server's limit for one batch.
const (
	headersBatch      = "Nats-Batch-"
	headerBatch       = headersBatch + "Id"
	headerBatchSeq    = headersBatch + "Sequence"
	headerBatchCommit = headersBatch + "Commit"
	// batchMost and batchBytes bound one batch: the server keeps it in memory until its commit and takes 1,000 messages.
	batchMost  = 500
	batchBytes = 16 << 20
)

// PublishTogether sends ms, which all go to the stream that takes raw articles, and returns nil once every one is
// acknowledged. They are stored as atomic batches, all of a batch or none of it, at the price of one disk flush each; the
// server's limits decide how many batches that takes. Where the server refuses a batch (it knows one of the ids already,
// or its stream takes none) the messages go one by one instead, as with PublishAll. After an error any of them may be
// stored; sending all again with the same ids is safe.
func (b *Bus) PublishTogether(ctx context.Context, ms []messages.Outgoing) error {
	var errs []error
	for len(ms) > 0 {
		n, size := 0, 0
		for n < len(ms) && n < batchMost && (n == 0 || size+len(ms[n].Data) <= batchBytes) {
			size += len(ms[n].Data)
			n++
		}
		if n == 1 || b.commit(ctx, ms[:n]) != nil {
			errs = append(errs, b.PublishAll(ctx, ms[:n])...)
		}
		ms = ms[n:]
	}
	return errors.Join(errs...)
}

// commit stores ms as one batch. The error says that the server did not, or that its answer was lost.
func (b *Bus) commit(ctx context.Context, ms []messages.Outgoing) error {
	id := rand.Text()
	spans := make([]trace.Span, 0, len(ms))
	batch := make([]*nats.Msg, len(ms))
	var err error
	for i, m := range ms {
		if batch[i], err = b.outgoing(m); err != nil {
			break
		}
		_, span := startPublish(ctx, batch[i])
		spans = append(spans, span)
		batch[i].Header.Set(headerBatch, id)
		batch[i].Header.Set(headerBatchSeq, strconv.Itoa(i+1))
	}
	if err == nil {
		err = b.sendBatch(ctx, batch)
	}
	for i, span := range spans {
		endSpan(span, err)
		if err == nil {
			_ = b.countPublish(batch[i].Subject, nil)
		}
	}
	b.meter.Add("tocsin_bus_batches_total", 1, "outcome", batchOutcome(err))
	return err
}

func batchOutcome(err error) string {
	if err != nil {
		return "refused"
	}
	return "stored"
}

// sendBatch sends all but the last without waiting and the last as a request: its answer is the batch's.
func (b *Bus) sendBatch(ctx context.Context, batch []*nats.Msg) error {
	if err := b.await(ctx); err != nil {
		return err
	}
	ctx, cancel := b.linked(ctx)
	defer cancel()
	ctx, stop := context.WithTimeout(ctx, publishAttempt)
	defer stop()
	last := len(batch) - 1
	for _, m := range batch[:last] {
		if err := b.nc.PublishMsg(m); err != nil {
			return err
		}
	}
	batch[last].Header.Set(headerBatchCommit, "1")
	answer, err := b.nc.RequestMsgWithContext(ctx, batch[last])
	if err != nil {
		return err
	}
	var ack struct {
		Error *jetstream.APIError `json:"error"`
		Count int                 `json:"count"`
	}
	switch err := json.Unmarshal(answer.Data, &ack); {
	case err != nil:
		return fmt.Errorf("the answer to a batch cannot be read: %w", err)
	case ack.Error != nil:
		return ack.Error
	case ack.Count != len(batch):
		return fmt.Errorf("the server acknowledged %d messages of a batch of %d", ack.Count, len(batch))
	}
	return nil
}

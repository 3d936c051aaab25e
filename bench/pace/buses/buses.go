// Package buses measures internal/bus beside the bare client of NATS, on the same server, streams and messages.
package buses

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	process "tocsin/bench/measure"
	"tocsin/bench/pace/measure"
	"tocsin/internal/bus"
	"tocsin/internal/bus/broker"
	"tocsin/pkg/messages"
)

// Options of Compare; zero values take the defaults named.
type Options struct {
	Messages int // how many go through in each run; 20,000
	Size     int // of a message's body in bytes; 4,096
	Workers  int // handlers at once when consuming; 4
}

func (o Options) withDefaults() Options {
	if o.Messages == 0 {
		o.Messages = 20_000
	}
	if o.Size == 0 {
		o.Size = 4 << 10
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	return o
}

// Cases publish and consume the same messages through the bus and through nats.go. Readings are messages a second by the
// clock, and by processor time, the server's included, which other work on the machine changes less: one publish after another waiting for each acknowledgement, many on their way at once, consumed one by one by several
// workers, and consumed in batches.
func Cases(o Options) []measure.Case {
	o = o.withDefaults()
	return []measure.Case{
		{Name: "tocsin", Run: func(ctx context.Context) (measure.Readings, error) { return o.run(ctx, ours) }},
		{Name: "nats.go", Run: func(ctx context.Context) (measure.Readings, error) { return o.run(ctx, bare) }},
	}
}

// way is one of the two clients.
type way struct {
	one, many     func(ctx context.Context, w world, ms []messages.Outgoing) error
	single, batch func(ctx context.Context, w world, n int) error
}

// world is a server of its own, with a connection of either kind.
type world struct {
	Options
	bus *bus.Bus
	js  jetstream.JetStream
}

func (o Options) run(ctx context.Context, w way) (measure.Readings, error) {
	dir, err := os.MkdirTemp("", "pace-bus-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a scratch folder
	server, err := broker.Start(broker.Options{Dir: dir, Port: -1})
	if err != nil {
		return nil, err
	}
	defer server.Shutdown()
	b, err := bus.Connect(ctx, bus.Options{URL: server.URL()})
	if err != nil {
		return nil, err
	}
	defer b.Close()
	if _, err := b.Setup(ctx, bus.SetupOptions{}); err != nil {
		return nil, err
	}
	nc, err := nats.Connect(server.URL())
	if err != nil {
		return nil, err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	return world{o, b, js}.measure(ctx, w)
}

func (w world) measure(ctx context.Context, by way) (measure.Readings, error) {
	r := measure.Readings{}
	step := func(name string, n int, f func() error) error {
		before, began := process.CPU(), time.Now()
		if err := f(); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r[name+" messages/s"] = float64(n) / time.Since(began).Seconds()
		r[name+"_processor messages/cpu-s"] = float64(n) / (process.CPU() - before).Seconds()
		return nil
	}
	few := w.Messages / 4
	err := step("publish", few, func() error { return by.one(ctx, w, w.messages("raw.pace", 0, few)) })
	err = errors.Join(err, step("publish_all", w.Messages, func() error { return by.many(ctx, w, w.messages("enriched.en.pace", 0, w.Messages)) }))
	err = errors.Join(err, by.many(ctx, w, w.messages("raw.pace", few, w.Messages)))
	if err != nil {
		return nil, err
	}
	err = step("consume", w.Messages, func() error { return by.single(ctx, w, w.Messages) })
	return r, errors.Join(err, step("consume_batch", w.Messages, func() error { return by.batch(ctx, w, w.Messages) }))
}

// messages are numbers from up to to.
func (w world) messages(subject string, from, to int) []messages.Outgoing {
	body := make([]byte, w.Size)
	for i := range body {
		body[i] = byte(i * 7)
	}
	all := make([]messages.Outgoing, 0, to-from)
	for i := from; i < to; i++ {
		id := messages.Hash(fmt.Sprint(i))
		all = append(all, messages.Outgoing{Subject: subject, ID: messages.MsgID("pace", id, 1, 0), Data: body,
			Header: map[string]string{messages.HeaderArticle: id, messages.HeaderRevision: "1", messages.HeaderFeed: "pace"}})
	}
	return all
}

// counter ends a context once n messages were handled.
type counter struct {
	left atomic.Int64
	done context.CancelFunc
}

func count(ctx context.Context, n int) (context.Context, *counter) {
	ctx, cancel := context.WithCancel(ctx)
	c := &counter{done: cancel}
	c.left.Store(int64(n))
	return ctx, c
}

func (c *counter) handled(n int) {
	if c.left.Add(-int64(n)) <= 0 {
		c.done()
	}
}

// ours goes through internal/bus.
var ours = way{
	one: func(ctx context.Context, w world, ms []messages.Outgoing) error {
		for _, m := range ms {
			if err := w.bus.Publish(ctx, m); err != nil {
				return err
			}
		}
		return nil
	},
	many: func(ctx context.Context, w world, ms []messages.Outgoing) error {
		return errors.Join(w.bus.PublishAll(ctx, ms)...)
	},
	single: func(ctx context.Context, w world, n int) error {
		ctx, c := count(ctx, n)
		return w.bus.Consume(ctx, bus.ConsumeOptions{Consumer: messages.ConsumerExtractor, Concurrency: w.Workers,
			Handle: func(context.Context, messages.Delivery) error { c.handled(1); return nil }})
	},
	batch: func(ctx context.Context, w world, n int) error {
		ctx, c := count(ctx, n)
		return w.bus.ConsumeBatch(ctx, bus.BatchOptions{Consumer: messages.ConsumerIndexer, Max: batchSize,
			Handle: func(_ context.Context, ds []messages.Delivery) []error {
				c.handled(len(ds))
				return make([]error, len(ds))
			}})
	},
}

// batchSize is what the indexer takes at once.
const batchSize = 256

// bare is nats.go as its documentation shows it, with as many messages in hand as ours.
var bare = way{
	one: func(ctx context.Context, w world, ms []messages.Outgoing) error {
		for _, m := range ms {
			if _, err := w.js.PublishMsg(ctx, msg(m)); err != nil {
				return err
			}
		}
		return nil
	},
	many: func(ctx context.Context, w world, ms []messages.Outgoing) error {
		acks := make([]jetstream.PubAckFuture, len(ms))
		for i, m := range ms {
			ack, err := w.js.PublishMsgAsync(msg(m), jetstream.WithStallWait(10*time.Second))
			if err != nil {
				return err
			}
			acks[i] = ack
		}
		for _, a := range acks {
			select {
			case <-a.Ok():
			case err := <-a.Err():
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	},
	single: bareConsume,
	batch: func(ctx context.Context, w world, n int) error {
		cons, err := w.js.Consumer(ctx, messages.StreamEnriched, messages.ConsumerIndexer)
		for n > 0 && err == nil {
			var b jetstream.MessageBatch
			if b, err = cons.Fetch(batchSize, jetstream.FetchMaxWait(time.Second)); err != nil {
				break
			}
			for m := range b.Messages() {
				err = errors.Join(err, m.Ack())
				n--
			}
			err = errors.Join(err, b.Error())
		}
		return err
	},
}

// bareConsume hands what the client's own loop receives to the same number of workers.
func bareConsume(ctx context.Context, w world, n int) error {
	cons, err := w.js.Consumer(ctx, messages.StreamRaw, messages.ConsumerExtractor)
	if err != nil {
		return err
	}
	ctx, c := count(ctx, n)
	queue := make(chan jetstream.Msg, 2*w.Workers)
	running, err := cons.Consume(func(m jetstream.Msg) { queue <- m }, jetstream.PullMaxMessages(2*w.Workers))
	if err != nil {
		return err
	}
	var workers sync.WaitGroup
	for range w.Workers {
		workers.Go(func() {
			for m := range queue {
				_ = m.Ack()
				c.handled(1)
			}
		})
	}
	<-ctx.Done()
	running.Stop()
	<-running.Closed()
	close(queue)
	workers.Wait()
	return nil
}

func msg(m messages.Outgoing) *nats.Msg {
	out := &nats.Msg{Subject: m.Subject, Data: m.Data, Header: nats.Header{}}
	for k, v := range m.Header {
		out.Header.Set(k, v)
	}
	out.Header.Set(messages.HeaderMsgID, m.ID)
	return out
}

package flow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"tocsin/bench/pace/corpus"
	"tocsin/bench/pace/measure"
	"tocsin/pkg/messages"
)

// AlertOptions of Alerts; zero values take the defaults named.
type AlertOptions struct {
	Rates    []int         // articles a second offered, one after the other; 50, 150, 300
	For      time.Duration // how long each rate is held; 20 s, after a warming up of a quarter of it
	Names    int           // watched; 1,000
	NER      string        // crf, prose or none; none
	Share    int           // one article in so many holds a watched name; 1: all do
	Size     int           // bytes of an article's text; 4,096
	Rounds   int           // how often all rates are gone through; 1
	Progress io.Writer     // gets a line for each run
}

func (o AlertOptions) withDefaults() AlertOptions {
	if len(o.Rates) == 0 {
		o.Rates = []int{50, 150, 300}
	}
	for _, d := range []struct {
		field    *int
		fallback int
	}{{&o.Names, 1000}, {&o.Share, 1}, {&o.Size, 4 << 10}, {&o.Rounds, 1}} {
		if *d.field == 0 {
			*d.field = d.fallback
		}
	}
	if o.For == 0 {
		o.For = 20 * time.Second
	}
	if o.NER == "" {
		o.NER = "none"
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o
}

// Latency is how long alerts took at one rate, in milliseconds, from the moment when the raw article was due to be
// published until its alert was received by a plain subscriber.
type Latency struct {
	Rate, Names        int
	NER                string
	Alerts, Missed     int // received; and not received within the time to wait
	P50, P90, P99, Max float64
	Load               float64
	// CPU is the processor time each process spent on one article, in milliseconds.
	CPU map[string]float64
}

// Alerts offers raw articles at each rate to a pipeline of its own. The rate is an open loop: an article is due at its
// time whether or not the one before it got through, and whatever delays its sending counts as delay of its alert.
func Alerts(ctx context.Context, o AlertOptions) (all []Latency, err error) {
	o = o.withDefaults()
	dir, err := scratch()
	if err != nil {
		return nil, err
	}
	w, err := open(ctx, dir, setting{names: o.Names, ner: o.NER})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	ears, err := listen(w.url)
	if err != nil {
		return nil, err
	}
	defer ears.close()
	load := &offer{o: o, w: w, ears: ears, corpus: corpus.New(o.Size, watched)}
	if _, err := load.run(ctx, slices.Max(o.Rates), o.For/4); err != nil {
		return nil, err
	}
	byRate := map[int][]Latency{}
	for round := range o.Rounds {
		for _, rate := range o.Rates {
			l, err := load.run(ctx, rate, o.For)
			if err != nil {
				return nil, err
			}
			_, _ = fmt.Fprintf(o.Progress, "alerts round %d of %d: %d/s, p50 %.1f ms, p99 %.1f ms, %d missed, CPU ms an article %v\n", round+1, o.Rounds, rate, l.P50, l.P99, l.Missed, l.CPU)
			byRate[rate] = append(byRate[rate], l)
		}
	}
	for _, rate := range o.Rates {
		all = append(all, middle(byRate[rate]))
	}
	return all, nil
}

// middle is the round with the median p99, with all alerts that were missed.
func middle(rounds []Latency) Latency {
	missed := 0
	for _, l := range rounds {
		missed += l.Missed
	}
	slices.SortFunc(rounds, func(a, b Latency) int {
		if a.P99 < b.P99 {
			return -1
		}
		return 1
	})
	l := rounds[(len(rounds)-1)/2]
	l.Missed = missed
	return l
}

// ears hear alerts by a plain subscription, as a subscriber would.
type ears struct {
	nc *nats.Conn
	mu sync.Mutex
	at map[string]time.Time // by article
}

func listen(url string) (*ears, error) {
	nc, err := nats.Connect(url)
	if err != nil {
		return nil, err
	}
	e := &ears{nc: nc, at: map[string]time.Time{}}
	_, err = nc.Subscribe("alerts.>", func(m *nats.Msg) {
		now := time.Now()
		var a struct {
			Article struct {
				ID string `json:"id"`
			} `json:"article"`
		}
		if json.Unmarshal(m.Data, &a) != nil {
			return
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		if _, known := e.at[a.Article.ID]; !known {
			e.at[a.Article.ID] = now
		}
	})
	return e, errors.Join(err, nc.Flush())
}

// heardAll reports whether all articles that ring were heard; with very many names others may ring too, by chance.
func (e *ears) heardAll(out []messages.Outgoing, rings []bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, m := range out {
		if _, heard := e.at[m.Header[messages.HeaderArticle]]; rings[i] && !heard {
			return false
		}
	}
	return true
}

func (e *ears) close() { e.nc.Close() }

// offer publishes raw articles, each once.
type offer struct {
	o      AlertOptions
	w      *world
	ears   *ears
	corpus *corpus.Corpus
	next   int // number of the next article
}

// sendingAtOnce bounds the publishes that are under way; more would only wait in the client.
const sendingAtOnce = 256

// lastWait is how long the last alerts are waited for.
const lastWait = 30 * time.Second

func (f *offer) run(ctx context.Context, rate int, length time.Duration) (Latency, error) {
	n := int(length.Seconds() * float64(rate))
	out, rings, err := f.articles(n)
	if err != nil {
		return Latency{}, err
	}
	due := make([]time.Time, n)
	start := time.Now().Add(100 * time.Millisecond)
	for i := range due {
		due[i] = start.Add(time.Duration(i) * time.Second / time.Duration(rate))
	}
	used, err := f.w.usage()
	if err != nil {
		return Latency{}, err
	}
	if err := f.send(ctx, out, due); err != nil {
		return Latency{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, lastWait)
	defer cancel()
	for !f.ears.heardAll(out, rings) && waiting.Err() == nil {
		if err := f.w.alive(); err != nil {
			return Latency{}, err
		}
		time.Sleep(10 * time.Millisecond)
	}
	l := f.latency(rate, out, rings, due)
	l.CPU, err = f.w.spent(used, n)
	return l, errors.Join(err, ctx.Err())
}

// articles are the next n messages, encoded, and which of them hold a watched name.
func (f *offer) articles(n int) (out []messages.Outgoing, rings []bool, err error) {
	for range n {
		ring := f.next%f.o.Share == 0
		raw := f.corpus.Raw(f.next, ring)
		f.next++
		data, err := messages.Encode(raw)
		if err != nil {
			return nil, nil, err
		}
		out = append(out, messages.Outgoing{Subject: messages.RawSubject(raw.Source), ID: messages.MsgID(messages.StageFetcher, raw.ID, 1, 0), Data: data,
			Header: map[string]string{messages.HeaderArticle: raw.ID, messages.HeaderRevision: "1", messages.HeaderFeed: raw.Feed}})
		rings = append(rings, ring)
	}
	return out, rings, nil
}

// send publishes each message at its time, whatever became of those before.
func (f *offer) send(ctx context.Context, out []messages.Outgoing, due []time.Time) error {
	slots := make(chan struct{}, sendingAtOnce)
	errs := make(chan error, len(out))
	var sending sync.WaitGroup
	for i, m := range out {
		time.Sleep(time.Until(due[i]))
		slots <- struct{}{}
		sending.Go(func() {
			errs <- f.w.bus.Publish(ctx, m)
			<-slots
		})
	}
	sending.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *offer) latency(rate int, out []messages.Outgoing, rings []bool, due []time.Time) Latency {
	f.ears.mu.Lock()
	defer f.ears.mu.Unlock()
	l := Latency{Rate: rate, Names: f.o.Names, NER: f.o.NER, Load: measure.Load()}
	var took []float64
	for i, m := range out {
		if !rings[i] {
			continue
		}
		at, ok := f.ears.at[m.Header[messages.HeaderArticle]]
		if !ok {
			l.Missed++
			continue
		}
		took = append(took, float64(at.Sub(due[i]).Microseconds())/1000)
	}
	l.Alerts = len(took)
	l.P50, l.P90, l.P99, l.Max = measure.Quantile(took, 0.5), measure.Quantile(took, 0.9), measure.Quantile(took, 0.99), measure.Quantile(took, 1)
	return l
}

package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tocsin/pkg/messages"
)

// Meter counts what the indexer does. labels alternate name and value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

// Names of the metrics.
const (
	metricDocuments = "tocsin_indexer_documents_total"
	metricBatch     = "tocsin_indexer_batch_documents"
	metricWrite     = "tocsin_indexer_write_seconds"
	metricAge       = "tocsin_indexer_seen_to_searchable_seconds"
	metricLooks     = "tocsin_indexer_looks_total"
	metricMoved     = "tocsin_indexer_regrouped_total"
)

// Metrics names every metric of the indexer and says what it means.
func Metrics() map[string]string {
	return map[string]string{
		metricDocuments: "Documents settled, by outcome: stored, known (this version or a newer one was there), dead, retried.",
		metricBatch:     "Documents in one write.",
		metricWrite:     "Seconds one write took, by result: ok or failed.",
		metricAge:       "Seconds from the first sight of an article to its being in the index, where Elasticsearch shows it to searches at its next refresh, 5 s later at most; back catalogue, later revisions and replays do not count.",
		metricLooks:     "Articles looked at for near-copies, by look (first, second) and outcome (ok, failed, dropped).",
		metricMoved:     "Articles that a second look moved into the group of copies that came at the same time.",
	}
}

// Options of an Indexer.
type Options struct {
	// Writer is the index. Required.
	Writer Writer
	// Grouping is the index that near-copies are looked for in, as a rule the same as Writer; nil groups nothing.
	Grouping Grouping
	// SecondLook has what was written looked at again after a while, for an index that shows its writes late or has several
	// writers; Run takes the looks.
	SecondLook bool
	// Log receives one debug line per batch; nil discards.
	Log *slog.Logger
	// Meter counts; nil counts nothing.
	Meter Meter
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

func (o Options) withDefaults() (Options, error) {
	if o.Writer == nil {
		return o, errors.New("indexer options: Writer is missing; open an index first")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = silent{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}

type silent struct{}

func (silent) Add(string, float64, ...string)     {}
func (silent) Observe(string, float64, ...string) {}

// Indexer writes batches of enriched articles to an index and gives near-copies one group. It may be used by any number
// of goroutines. Of what it holds, the line of second looks, nothing is needed for any article to be found.
type Indexer struct {
	o      Options
	groups groups
}

// New checks the options and returns an Indexer.
func New(o Options) (*Indexer, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	declareOutcomes(o.Meter, metricDocuments)
	o.Meter.Add(metricMoved, 0)
	return &Indexer{o: o, groups: groups{index: o.Grouping}}, nil
}

// Ready returns nil when the index would probably take a write, else what is wrong.
func (x *Indexer) Ready(ctx context.Context) error {
	return ready(ctx, x.o.Writer, "index")
}

// HandleBatch writes the batch's articles in one go and returns one error per delivery, in order: nil when the
// article's revision, or a newer one, is in the index; an error of package retry otherwise.
func (x *Indexer) HandleBatch(ctx context.Context, batch []messages.Delivery) []error {
	write := func(docs []Document) []error {
		x.join(ctx, docs)
		return x.write(ctx, docs)
	}
	return handle(batch, decode, write, x.o.Meter, metricDocuments)
}

// decode reads one message. Replays and repeated extractions of a revision count as its patches, so that they win over
// the first attempt.
func decode(m messages.Delivery) (Document, error) {
	a, err := read[messages.EnrichedArticle](m, "enriched article")
	if err != nil {
		return Document{}, err
	}
	return NewDocument(a, m.Replay), nil
}

// write returns one error per document.
func (x *Indexer) write(ctx context.Context, docs []Document) []error {
	if len(docs) == 0 {
		return nil
	}
	start := x.o.Now()
	outcomes, err := x.o.Writer.Write(ctx, docs)
	outcomes, err = whole(outcomes, err, len(docs), "documents")
	took := x.o.Now().Sub(start)
	x.o.Meter.Observe(metricBatch, float64(len(docs)))
	if err != nil {
		x.o.Meter.Observe(metricWrite, took.Seconds(), "result", "failed")
		return repeat(fmt.Errorf("write batch of %d: %w", len(docs), err), len(docs))
	}
	x.o.Meter.Observe(metricWrite, took.Seconds(), "result", "ok")
	x.o.Log.DebugContext(ctx, "batch written", "documents", len(docs), "duration", took)
	x.await(docs, outcomes)
	return x.settle(docs, outcomes)
}

func (x *Indexer) settle(docs []Document, outcomes []Outcome) []error {
	errs := make([]error, len(docs))
	now := x.o.Now()
	for i, o := range outcomes {
		switch {
		case o.Err != nil:
			errs[i] = fmt.Errorf("article %s revision %d: %w", docs[i].ID, docs[i].Revision, o.Err)
		case o.Known:
			x.o.Meter.Add(metricDocuments, 1, "outcome", "known")
		default:
			x.o.Meter.Add(metricDocuments, 1, "outcome", "stored")
			if d := docs[i]; d.Revision == 1 && d.Patch == 0 && !d.Baseline {
				x.o.Meter.Observe(metricAge, now.Sub(d.FirstSeen).Seconds())
			}
		}
	}
	return errs
}

package indexes

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/elastic/go-elasticsearch/v8"
	"github.com/elastic/go-elasticsearch/v8/esutil"

	process "tocsin/bench/measure"
	"tocsin/bench/pace/measure"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
)

// writers is how many requests are under way at once, the product's default.
const writers = 2

// StartElastic returns the address of a server: the one that TOCSIN_ELASTIC_URL names, else one that the scripts of the
// product start and stop ends.
func StartElastic(ctx context.Context, root string) (url string, stop func() error, err error) {
	if url := os.Getenv("TOCSIN_ELASTIC_URL"); url != "" {
		return url, func() error { return nil }, nil
	}
	// The server's own options and compilers: what is measured is not how soon it starts.
	env := append(os.Environ(), "ELASTIC_PORT=19560", "ELASTIC_HEAP=512m", "ELASTIC_OPTS=")
	up := exec.CommandContext(ctx, "sh", filepath.Join(root, "scripts", "elastic", "up.sh")) //nolint:gosec // a script of the product
	up.Env, up.Stderr = env, os.Stderr
	out, err := up.Output()
	if err != nil {
		return "", nil, fmt.Errorf("start Elasticsearch (or name one by TOCSIN_ELASTIC_URL): %w", err)
	}
	stop = func() error {
		down := exec.Command("sh", filepath.Join(root, "scripts", "elastic", "down.sh")) //nolint:gosec,noctx // it must run to its end
		down.Env = env
		return down.Run()
	}
	return strings.TrimSpace(string(out)), stop, nil
}

// cluster writes to one Elasticsearch, each run into indices of its own.
type cluster struct {
	articles
	url  string
	run  atomic.Int64
	docs []indexer.Document
}

// Cluster writes to Elasticsearch by the product's Writer and by the client library's BulkIndexer: the same documents,
// mapping and number of workers, and requests of the same size. Readings are documents a second.
func Cluster(url string, o Options) []measure.Case {
	c := &cluster{articles: newArticles(o.withDefaults()), url: url}
	for i := range c.Documents {
		c.docs = append(c.docs, indexer.NewDocument(c.corpus.Enriched(i, i%10 == 0), 0))
	}
	return []measure.Case{
		{Name: "tocsin", Run: func(ctx context.Context) (measure.Readings, error) { return c.measure(ctx, c.ours) }},
		{Name: "esutil.BulkIndexer", Run: func(ctx context.Context) (measure.Readings, error) { return c.measure(ctx, c.theirs) }},
	}
}

func (c *cluster) measure(ctx context.Context, write func(ctx context.Context, prefix string, x *elastic.Index) error) (r measure.Readings, err error) {
	prefix := fmt.Sprintf("pace-%d-%d", os.Getpid(), c.run.Add(1))
	x, err := elastic.Open(elastic.Options{URLs: []string{c.url}, Prefix: prefix})
	if err != nil {
		return nil, err
	}
	if err := x.Setup(ctx); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.remove(prefix)) }()
	before, began := process.CPU(), time.Now()
	if err := write(ctx, prefix, x); err != nil {
		return nil, err
	}
	took, n := time.Since(began).Seconds(), float64(len(c.docs))
	return measure.Readings{"write documents/s": n / took, "client us/document": float64((process.CPU() - before).Microseconds()) / n}, nil
}

// ours writes batches as the product's indexer does.
func (c *cluster) ours(ctx context.Context, _ string, x *elastic.Index) error {
	var next atomic.Int64
	var mu sync.Mutex
	var failed error
	var workers sync.WaitGroup
	for range writers {
		workers.Go(func() {
			for {
				from := int(next.Add(int64(c.Batch))) - c.Batch
				if from >= len(c.docs) {
					return
				}
				outcomes, err := x.Write(ctx, c.docs[from:min(from+c.Batch, len(c.docs))])
				for _, o := range outcomes {
					err = errors.Join(err, o.Err)
				}
				mu.Lock()
				failed = errors.Join(failed, err)
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	workers.Wait()
	return failed
}

// theirs hands the documents to the library's indexer one by one.
func (c *cluster) theirs(ctx context.Context, prefix string, _ *elastic.Index) error {
	es, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{c.url}})
	if err != nil {
		return err
	}
	size := 0
	for _, d := range c.docs[:min(c.Batch, len(c.docs))] {
		data, err := json.Marshal(d)
		if err != nil {
			return err
		}
		size += len(data)
	}
	b, err := esutil.NewBulkIndexer(esutil.BulkIndexerConfig{Client: es, NumWorkers: writers, FlushBytes: size, FlushInterval: time.Minute})
	if err != nil {
		return err
	}
	for _, d := range c.docs {
		data, err := json.Marshal(d)
		if err != nil {
			return err
		}
		version := d.Version()
		item := esutil.BulkIndexerItem{Action: "index", Index: prefix + "-" + d.FirstSeen.Format("2006.01"), DocumentID: d.ID,
			Version: &version, VersionType: "external", Body: bytes.NewReader(data)}
		if err := b.Add(ctx, item); err != nil {
			return err
		}
	}
	if err := b.Close(ctx); err != nil {
		return err
	}
	if s := b.Stats(); int(s.NumIndexed) != len(c.docs) { //nolint:gosec // a count
		return fmt.Errorf("%d of %d documents were indexed", s.NumIndexed, len(c.docs))
	}
	return nil
}

// remove deletes the indices of a run.
func (c *cluster) remove(prefix string) error {
	es, err := elasticsearch.NewClient(elasticsearch.Config{Addresses: []string{c.url}})
	if err != nil {
		return err
	}
	res, err := es.Indices.Delete([]string{prefix + "-*"})
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // nothing is read from it
	if res.IsError() {
		return fmt.Errorf("delete the indices of %s: %s", prefix, res.Status())
	}
	return nil
}

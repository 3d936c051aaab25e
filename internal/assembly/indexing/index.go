// Package indexing puts the indexing stage together from its flags, and opens the index for whoever asks it.
package indexing

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/elastic"
	"tocsin/services/indexer/sqlite"
)

// IndexFlags say which index there is.
type IndexFlags struct {
	SQLite             string   `name:"sqlite" help:"SQLite index file; used unless --elastic is given." type:"path" placeholder:"FILE" env:"TOCSIN_SQLITE"`
	Elastic            []string `help:"Elasticsearch nodes, such as https://es-1:9200." placeholder:"URL" env:"TOCSIN_ELASTIC"`
	ElasticUser        string   `help:"User name." env:"TOCSIN_ELASTIC_USER"`
	ElasticPassword    string   `help:"Password." env:"TOCSIN_ELASTIC_PASSWORD"`
	ElasticAPIKey      string   `name:"elastic-api-key" help:"API key, as Kibana shows it." env:"TOCSIN_ELASTIC_API_KEY"`
	ElasticCA          string   `name:"elastic-ca" help:"CA certificate to trust, PEM." type:"path" env:"TOCSIN_ELASTIC_CA"`
	ElasticFingerprint string   `help:"SHA-256 fingerprint of the CA to trust." env:"TOCSIN_ELASTIC_FINGERPRINT"`
	ElasticPrefix      string   `help:"Name of the read alias, and start of every index name." default:"tocsin-articles" env:"TOCSIN_ELASTIC_PREFIX"`
}

// BatchFlags are the indexer's own flags.
type BatchFlags struct {
	Batch     int           `help:"Most articles in one write." default:"256" env:"TOCSIN_BATCH"`
	BatchWait time.Duration `help:"How long a batch may gather." default:"200ms" env:"TOCSIN_BATCH_WAIT"`
	Writers   int           `help:"Writes at once; SQLite always has one." default:"2" env:"TOCSIN_WRITERS"`
	Books     time.Duration `help:"How often the ledger is balanced and even hours are closed; never when 0." default:"5m" env:"TOCSIN_BOOKS"`
}

// Index is an open index, whichever it is: what the indexer writes, and everything that may be asked of it.
type Index interface {
	Changes
	indexer.Kin
	Answers
}

// Changes are what is done to an index.
type Changes interface {
	indexer.Writer
	indexer.Shelf
}

// Answers are the questions an index takes.
type Answers interface {
	indexer.Reader
	indexer.Archive
	indexer.Accountant
}

// Open opens the index that the flags name; close it with the returned function.
func (f IndexFlags) Open(ctx context.Context, readOnly bool, log *slog.Logger) (Index, func() error, error) {
	if len(f.Elastic) > 0 {
		index, err := f.openElastic(log)
		return index, func() error { return nil }, err
	}
	if f.SQLite == "" {
		return nil, nil, errors.New("no index given; name a file with --sqlite or a cluster with --elastic")
	}
	if !readOnly {
		if err := os.MkdirAll(filepath.Dir(f.SQLite), 0o750); err != nil {
			return nil, nil, fmt.Errorf("index folder: %w", err)
		}
	}
	index, err := sqlite.Open(ctx, sqlite.Options{Path: f.SQLite, ReadOnly: readOnly, Log: log})
	if err != nil {
		return nil, nil, err
	}
	return index, index.Close, nil
}

func (f IndexFlags) openElastic(log *slog.Logger) (*elastic.Index, error) {
	err := errors.Join(assembly.RefusePlaceholder("--elastic-password", f.ElasticPassword), assembly.RefusePlaceholder("--elastic-api-key", f.ElasticAPIKey))
	if err != nil {
		return nil, err
	}
	return elastic.Open(elastic.Options{
		URLs: f.Elastic, User: f.ElasticUser, Password: f.ElasticPassword, APIKey: f.ElasticAPIKey,
		CAFile: f.ElasticCA, Fingerprint: f.ElasticFingerprint, Prefix: f.ElasticPrefix, Log: log,
	})
}

// SetupElastic makes templates, mapping and alias. It does nothing for SQLite, which makes its own on opening.
func (f IndexFlags) SetupElastic(ctx context.Context, log *slog.Logger) error {
	if len(f.Elastic) == 0 {
		return nil
	}
	index, err := f.openElastic(log)
	if err != nil {
		return err
	}
	if err := setupElastic(ctx, index, log); err != nil {
		return err
	}
	return index.Alerts().Setup(ctx)
}

// SetKibanaPassword gives Kibana's own user in Elasticsearch its password.
func (f IndexFlags) SetKibanaPassword(ctx context.Context, password string, log *slog.Logger) error {
	if err := assembly.RefusePlaceholder("--kibana-system-password", password); err != nil {
		return err
	}
	if len(f.Elastic) == 0 {
		return errors.New("--kibana-system-password needs --elastic: it is a user of that cluster")
	}
	index, err := f.openElastic(log)
	if err != nil {
		return err
	}
	return index.SetKibanaPassword(ctx, password)
}

func setupElastic(ctx context.Context, index *elastic.Index, log *slog.Logger) error {
	if err := index.Setup(ctx); err != nil {
		return err
	}
	warnings, err := index.Warnings(ctx)
	for _, w := range warnings {
		log.Warn("elasticsearch", "warning", w)
	}
	return err
}

// Add adds the indexing stage to the process and returns the index it writes.
func Add(ctx context.Context, p *assembly.Process, f IndexFlags, b BatchFlags) (Index, error) {
	if b.Batch < 1 || b.Writers < 1 || b.BatchWait <= 0 {
		return nil, fmt.Errorf("--batch %d, --writers %d and --batch-wait %v must be positive", b.Batch, b.Writers, b.BatchWait)
	}
	index, closeIndex, err := f.Open(ctx, false, p.Log)
	if err != nil {
		return nil, err
	}
	p.OnStop("index", func(context.Context) error { return closeIndex() })
	core, err := indexer.New(indexer.Options{Writer: index, Grouping: index, SecondLook: len(f.Elastic) > 0, Log: p.Log, Meter: p.Meter(indexer.Metrics())})
	if err != nil {
		return nil, err
	}
	var prepared atomic.Bool
	p.Check("index", func(ctx context.Context) error {
		if !prepared.Load() {
			return errors.New("the index is not prepared yet")
		}
		return core.Ready(ctx)
	})
	p.KeepUnread(messages.ConsumerIndexer, p.Meter(assembly.BacklogHelp()))
	if err := keepBooks(ctx, p, index, b.Books); err != nil {
		return nil, err
	}
	writers := b.Writers
	if len(f.Elastic) == 0 {
		writers = 1
	}
	p.Go("indexer", func(ctx context.Context) error {
		cluster, ok := index.(*elastic.Index) // SQLite is prepared by being opened
		if ok && !prepare(ctx, p, func(ctx context.Context) error { return setupElastic(ctx, cluster, p.Log) }) {
			return nil // asked to stop before there was an index
		}
		prepared.Store(true)
		return p.Bus.ConsumeBatch(ctx, bus.BatchOptions{
			Consumer: messages.ConsumerIndexer, Stage: messages.StageIndexer,
			Max: b.Batch, Wait: b.BatchWait, Workers: writers, Drain: p.Drain,
			Gate: core.Ready, Handle: core.HandleBatch,
		})
	})
	p.Go("second looks", core.Run)
	return index, addAlerts(p, index, b)
}

// prepareWithin is how long one attempt to prepare a cluster may take, and the pause between two.
const (
	prepareWithin = 15 * time.Second
	prepareAgain  = 5 * time.Second
)

// prepare calls setup until it succeeds, waiting for a cluster that is not up: its absence is an outage, not a mistake. It
// reports false when ctx ended first.
func prepare(ctx context.Context, p *assembly.Process, setup func(context.Context) error) bool {
	for {
		attempt, cancel := context.WithTimeoutCause(ctx, prepareWithin, fmt.Errorf("no answer within %v", prepareWithin))
		err := setup(attempt)
		cancel()
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		p.Log.Warn("elasticsearch cannot be prepared yet; it is tried again", "error", err)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(prepareAgain):
		}
	}
}

// CheckIndex asks the index whether it can be read and written, and for Elasticsearch what is dangerous about it.
func CheckIndex(ctx context.Context, index Index) error {
	if pinger, ok := index.(indexer.Pinger); ok {
		if err := pinger.Ping(ctx); err != nil {
			return err
		}
	}
	if cluster, ok := index.(*elastic.Index); ok {
		if err := cluster.Alerts().Ping(ctx); err != nil {
			return err
		}
		warnings, err := cluster.Warnings(ctx)
		for _, w := range warnings {
			err = errors.Join(err, errors.New(w))
		}
		if err != nil {
			return err
		}
	}
	_, err := index.Search(ctx, indexer.Query{Limit: 1})
	return err
}

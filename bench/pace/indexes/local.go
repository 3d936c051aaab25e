// Package indexes measures the product's two indexes beside what else one would write documents with: SQLite beside
// Bleve, and bulk requests to Elasticsearch beside the client library's own indexer.
package indexes

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	process "tocsin/bench/measure"
	"tocsin/bench/pace/corpus"
	"tocsin/bench/pace/measure"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/sqlite"
)

// Options of the cases; zero values take the defaults named.
type Options struct {
	Documents int // how many are written in each run; 20,000
	Size      int // of a document's text in bytes; 4,096
	Batch     int // documents in one write, the product's default; 256
}

func (o Options) withDefaults() Options {
	if o.Documents == 0 {
		o.Documents = 20_000
	}
	if o.Size == 0 {
		o.Size = 4 << 10
	}
	if o.Batch == 0 {
		o.Batch = 256
	}
	return o
}

// articles makes batches of articles while they are needed; the clock of a run stands still meanwhile.
type articles struct {
	Options
	corpus *corpus.Corpus
}

func newArticles(o Options) articles {
	return articles{o, corpus.New(o.Size, []string{"Lida Pereverza", "Asgar Nemati", "Marisela Ontivares"})}
}

// each hands over all articles in batches, one in ten with a watched name, and returns how long write took in all.
func (a articles) each(write func(batch []messages.EnrichedArticle) error) (took time.Duration, err error) {
	for from := 0; from < a.Documents; from += a.Batch {
		var batch []messages.EnrichedArticle
		for i := from; i < min(from+a.Batch, a.Documents); i++ {
			batch = append(batch, a.corpus.Enriched(i, i%10 == 0))
		}
		began := time.Now()
		if err := write(batch); err != nil {
			return took, fmt.Errorf("documents from %d: %w", from, err)
		}
		took += time.Since(began)
	}
	return took, nil
}

// Local writes to SQLite and to Bleve. Readings are documents a second by the clock and per second of processor time,
// and megabytes on disk afterwards.
func Local(o Options) []measure.Case {
	a := newArticles(o.withDefaults())
	return []measure.Case{
		{Name: "sqlite", Run: func(ctx context.Context) (measure.Readings, error) { return a.inFolder(ctx, a.sqlite) }},
		{Name: "bleve", Run: func(ctx context.Context) (measure.Readings, error) { return a.inFolder(ctx, a.bleve) }},
	}
}

// inFolder gives a run a folder of its own and measures around it.
func (a articles) inFolder(ctx context.Context, run func(ctx context.Context, dir string) (time.Duration, time.Duration, error)) (measure.Readings, error) {
	dir, err := os.MkdirTemp("", "pace-index-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a scratch folder
	took, cpu, err := run(ctx, dir)
	if err != nil {
		return nil, err
	}
	size, err := folderSize(dir)
	n := float64(a.Documents)
	return measure.Readings{"write documents/s": n / took.Seconds(), "processor documents/cpu-s": n / cpu.Seconds(), "disk MB": float64(size) / 1e6}, err
}

// sqlite writes as the product's indexer does: the same documents, batches and Writer.
func (a articles) sqlite(ctx context.Context, dir string) (took, cpu time.Duration, err error) {
	x, err := sqlite.Open(ctx, sqlite.Options{Path: filepath.Join(dir, "index.db")})
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = x.Close() }()
	took, err = a.each(func(batch []messages.EnrichedArticle) error {
		before := process.CPU()
		defer func() { cpu += process.CPU() - before }()
		docs := make([]indexer.Document, len(batch))
		for i, article := range batch {
			docs[i] = indexer.NewDocument(article, 0)
		}
		outcomes, err := x.Write(ctx, docs)
		for _, o := range outcomes {
			if o.Err != nil || o.Known {
				return fmt.Errorf("outcome %+v", o)
			}
		}
		return err
	})
	return took, cpu, err
}

func folderSize(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}

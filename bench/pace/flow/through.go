package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"time"

	"tocsin/bench/pace/corpus"
	"tocsin/bench/pace/measure"
	"tocsin/pkg/messages"
)

// ThroughOptions of Through; zero values take the defaults named.
type ThroughOptions struct {
	Articles int    // 10,000
	Feeds    int    // 50
	Names    int    // 1,000
	NER      string // none
	Size     int    // bytes of an article's text; 4,096
	Progress io.Writer
}

func (o ThroughOptions) withDefaults() ThroughOptions {
	o.Articles, o.Feeds, o.Names = cmp.Or(o.Articles, 10_000), cmp.Or(o.Feeds, 50), cmp.Or(o.Names, 1000)
	o.NER, o.Size = cmp.Or(o.NER, "none"), cmp.Or(o.Size, 4<<10)
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o
}

// Passage is what it took to bring a number of articles from their feeds into the index.
type Passage struct {
	ThroughOptions
	// Seconds from the first article in the streams until the last was indexed.
	Seconds float64
	// CPU is the processor time of each process for one article, in milliseconds; Peak its memory at most, in megabytes.
	CPU, Peak map[string]float64
	// Streams and Index are bytes on disk for one article.
	Streams, Index float64
	Load           float64
}

// throughWithin is how long a passage may take, in time for each article beyond a fixed part.
const (
	throughFixed = 2 * time.Minute
	throughEach  = 50 * time.Millisecond
)

// Through has all three stages, each a process of its own, read feeds that hold all articles from the beginning.
func Through(ctx context.Context, o ThroughOptions) (p Passage, err error) {
	o = o.withDefaults()
	each := (o.Articles + o.Feeds - 1) / o.Feeds
	feeds := &press{corpus: corpus.New(o.Size, watched), feeds: o.Feeds, window: each, share: soakShare, articles: o.Articles}
	w, err := withFeeds(ctx, feeds, setting{names: o.Names, ner: o.NER}, time.Hour)
	if err != nil {
		return Passage{}, err
	}
	defer func() { err = errors.Join(err, w.close(), feeds.close()) }()
	before, err := w.usage() // starting and compiling the lists is no article's cost
	if err != nil {
		return Passage{}, err
	}
	p = Passage{ThroughOptions: o, CPU: map[string]float64{}, Peak: map[string]float64{}}
	if p.Seconds, err = w.passage(ctx, o.Articles); err != nil {
		return p, err
	}
	used, err := w.usage()
	if err != nil {
		return p, err
	}
	for name, u := range used {
		p.CPU[name] = float64((u.CPU - before[name].CPU).Microseconds()) / 1000 / float64(o.Articles)
		p.Peak[name] = mega(u.Peak)
	}
	streams, err := folderSize(w.streams())
	index, err2 := folderSize(filepath.Join(w.dir, "index"))
	p.Streams, p.Index = float64(streams)/float64(o.Articles), float64(index)/float64(o.Articles)
	p.Load = measure.Load()
	_, _ = fmt.Fprintf(o.Progress, "through: %d articles, %d feeds, %d names took %.1f s\n", o.Articles, o.Feeds, o.Names, p.Seconds)
	return p, errors.Join(err, err2)
}

// passage waits until n articles are indexed and returns the seconds since the first was published.
func (w *world) passage(ctx context.Context, n int) (float64, error) {
	within := throughFixed + time.Duration(n)*throughEach
	var first time.Time
	err := w.until(ctx, fmt.Sprintf("the indexing of %d articles", n), within, func() (bool, error) {
		raw, err := w.bus.Extent(ctx, messages.StreamRaw)
		if err != nil {
			return false, err
		}
		if raw.Messages > 0 && first.IsZero() {
			first = raw.FirstTime
		}
		done, err := w.indexed(ctx)
		return done >= n, err
	})
	return time.Since(first).Seconds(), err
}

func folderSize(dir string) (size int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // the broker tidies while we look
			return nil
		}
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return nil //nolint:nilerr // as above
		}
		size += info.Size()
		return nil
	})
	return size, err
}

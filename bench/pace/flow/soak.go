package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"tocsin/bench/pace/corpus"
	"tocsin/bench/pace/measure"
	"tocsin/pkg/messages"
)

// SoakOptions of Soak; zero values take the defaults named.
type SoakOptions struct {
	For      time.Duration // 10 minutes
	Rate     int           // articles a second; 150
	Feeds    int           // 50
	Names    int           // 1,000
	NER      string        // none
	Size     int           // bytes of an article's text; 4,096
	Progress io.Writer
}

func (o SoakOptions) withDefaults() SoakOptions {
	o.For = cmp.Or(o.For, 10*time.Minute)
	o.Rate, o.Feeds, o.Names = cmp.Or(o.Rate, 150), cmp.Or(o.Feeds, 50), cmp.Or(o.Names, 1000)
	o.NER, o.Size = cmp.Or(o.NER, "none"), cmp.Or(o.Size, 4<<10)
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	return o
}

// Memory is one process over a soak, in megabytes of resident memory.
type Memory struct {
	Process string
	// Early is the median over the third tenth of the soak, when caches have filled; Late over the last tenth.
	Early, Late, Peak float64
	// Growth is Late by Early.
	Growth float64
	// CPU is processor milliseconds an article.
	CPU float64
}

// soakEvery is the pause between two looks at the processes.
const soakEvery = 2 * time.Second

// pollEvery is how often each feed is polled.
const pollEvery = 5 * time.Second

// soakShare: one article in so many holds a watched name.
const soakShare = 20

// Soak has all stages read feeds in which articles appear steadily, watches their memory, and returns what it came to
// and how many articles were indexed in the end.
func Soak(ctx context.Context, o SoakOptions) (all []Memory, indexed int, err error) {
	o = o.withDefaults()
	// A feed shows what appears in three polls, so that a late poll misses nothing.
	window := 3 * o.Rate * int(pollEvery.Seconds()) / o.Feeds
	p := &press{corpus: corpus.New(o.Size, watched), feeds: o.Feeds, rate: float64(o.Rate), window: max(window, 5), share: soakShare,
		articles: int(o.For.Seconds()) * o.Rate}
	w, err := withFeeds(ctx, p, setting{names: o.Names, ner: o.NER}, pollEvery)
	if err != nil {
		return nil, 0, err
	}
	defer func() { err = errors.Join(err, w.close(), p.close()) }()
	seen, err := w.watch(ctx, o)
	if err != nil {
		return nil, 0, err
	}
	if indexed, err = w.indexed(ctx); err != nil {
		return nil, 0, err
	}
	for _, name := range Stages {
		all = append(all, memory(name, seen[name], indexed))
	}
	return all, indexed, nil
}

// withFeeds opens a world that reads the feeds of p. The clock of the press begins when everything is ready.
func withFeeds(ctx context.Context, p *press, s setting, every time.Duration) (*world, error) {
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	dir, err := scratch()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	s.feeds = filepath.Join(dir, "feeds.yaml")
	if err := p.write(s.feeds, every); err != nil {
		return nil, errors.Join(err, p.close())
	}
	w, err := open(ctx, dir, s)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return w, nil
}

// watch looks at the processes until the soak is over.
func (w *world) watch(ctx context.Context, o SoakOptions) (map[string][]Usage, error) {
	seen := map[string][]Usage{}
	tick := time.NewTicker(soakEvery)
	defer tick.Stop()
	said := time.Now()
	for end := time.Now().Add(o.For); time.Now().Before(end); {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
		if err := w.alive(); err != nil {
			return nil, err
		}
		now, err := w.usage()
		if err != nil {
			return nil, err
		}
		line := ""
		for _, name := range Stages {
			seen[name] = append(seen[name], now[name])
			line += fmt.Sprintf(", %s %.0f MB", name, mega(now[name].Resident))
		}
		if time.Since(said) >= 30*time.Second {
			said = time.Now()
			_, _ = fmt.Fprintf(o.Progress, "soak: %v to go%s\n", time.Until(end).Round(time.Second), line)
		}
	}
	return seen, nil
}

func mega(bytes int64) float64 { return float64(bytes) / 1e6 }

func memory(name string, seen []Usage, indexed int) Memory {
	n := len(seen)
	m := Memory{Process: name, Early: resident(seen[n*2/10 : n*3/10+1]), Late: resident(seen[n*9/10:])}
	last := seen[n-1]
	m.Peak, m.Growth = mega(last.Peak), m.Late/m.Early
	m.CPU = float64(last.CPU.Milliseconds()) / float64(max(indexed, 1))
	return m
}

func resident(seen []Usage) float64 {
	var values []float64
	for _, u := range seen {
		values = append(values, mega(u.Resident))
	}
	return measure.Median(values)
}

// indexed is how many articles the indexer has settled.
func (w *world) indexed(ctx context.Context) (int, error) {
	extent, err := w.bus.Extent(ctx, messages.StreamEnriched)
	if err != nil {
		return 0, err
	}
	backlog, err := w.bus.Backlog(ctx, messages.ConsumerIndexer)
	if err != nil {
		return 0, err
	}
	return int(extent.Messages) - int(backlog.Pending) - backlog.AckPending, nil //nolint:gosec // counts of messages
}

// Package extracting puts the extracting stage together from its flags, and keeps its watchlists those in force.
package extracting

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/ner/newswire"
)

// ExtractFlags are the extractor's own flags.
type ExtractFlags struct {
	Watchlists []string      `help:"Watchlist, in any format of tocsin watch import; read again when it changes. OFAC's alt.csv is found beside sdn.csv. Repeatable." type:"path" sep:"," env:"TOCSIN_WATCHLISTS"`
	NER        string        `name:"ner" help:"Entity recogniser: ${enum}." enum:"crf,prose,none" default:"crf" env:"TOCSIN_NER"`
	Workers    int           `help:"How many articles are read at once; 0 means one per processor." default:"0" env:"TOCSIN_WORKERS"`
	Near       float64       `help:"How many bits below its threshold a match may stay and still be told as a near miss (see tocsin watch near); 0 tells none." default:"3" env:"TOCSIN_NEAR"`
	PageBudget time.Duration `help:"How long one page may take before the feed's own text is used." default:"2s" env:"TOCSIN_PAGE_BUDGET"`
}

// Add adds the extracting stage to the process.
func Add(ctx context.Context, p *assembly.Process, f ExtractFlags) error {
	if f.Workers < 0 || f.Workers > mostWorkers {
		return fmt.Errorf("--workers is %d; give a number of articles up to %d, or 0 for one per processor", f.Workers, mostWorkers)
	}
	help := Metrics()
	maps.Copy(help, assembly.BacklogHelp())
	meter := p.Meter(help)
	core, err := newExtractor(ctx, p, f)
	if err != nil {
		return err
	}
	s, err := openStores(ctx, p.Bus)
	if err != nil {
		return err
	}
	if err := assembly.Distinct(f.Watchlists); err != nil {
		return err
	}
	for _, path := range f.Watchlists {
		if slices.Contains(f.Watchlists, PrimaryOf(path)) {
			continue // read with its sdn.csv
		}
		if err := followWatchlist(ctx, p, s.lists, path); err != nil {
			return err
		}
	}
	keeper, err := keepLists(ctx, p, s, core, meter)
	if err != nil {
		return err
	}
	loaded := func(context.Context) error {
		if !core.ListsLoaded() {
			return errors.New("watchlists are not loaded yet")
		}
		return nil
	}
	p.Check("watchlists", loaded)
	p.KeepUnread(messages.ConsumerExtractor, meter)
	if err := sweepPages(ctx, p, meter); err != nil {
		return err
	}
	p.Go("extractor", func(ctx context.Context) error {
		return p.Bus.Consume(ctx, bus.ConsumeOptions{
			Consumer: messages.ConsumerExtractor, Stage: messages.StageExtractor,
			Concurrency: handled * workers(f.Workers), Drain: p.Drain, Gate: loaded, Handle: keeper.handle,
		})
	})
	return nil
}

// handled is how many articles are in hand for each that is being read: the others wait for acknowledgements, which take
// longer than the reading.
const handled = 4

// mostWorkers keeps what is in hand well within what the server lets a consumer have unacknowledged.
const mostWorkers = 100

func workers(n int) int {
	if n > 0 {
		return n
	}
	return runtime.GOMAXPROCS(0)
}

func newExtractor(ctx context.Context, p *assembly.Process, f ExtractFlags) (*extractor.Extractor, error) {
	rang, err := p.Bus.Bucket(ctx, messages.BucketRang)
	if err != nil {
		return nil, err
	}
	stories, err := p.Bus.Bucket(ctx, messages.BucketStories)
	if err != nil {
		return nil, err
	}
	pages, err := p.Bus.Objects(ctx, messages.ObjectsPages)
	if err != nil {
		return nil, err
	}
	return extractor.New(extractor.Options{
		Publisher: p.Bus, Rang: rang, Stories: stories, Pages: assembly.Blobs{Objects: pages}, Recognizer: recognizer(p, f.NER),
		NearWithin: f.Near, PageBudget: f.PageBudget, Desks: workers(f.Workers), Version: p.Version, MaxMessage: int(p.Bus.MaxPayload()) - headerRoom,
		Log: p.Log, Meter: p.Meter(extractor.Metrics()),
	})
}

// headerRoom is left of every message for its subject and headers.
const headerRoom = 64 << 10

// OpenRecognizer loads the named engine: crf, prose or none.
func OpenRecognizer(name string) (extractor.Recognizer, error) {
	switch name {
	case "crf":
		return newswire.New()
	case "prose":
		return openProse()
	case "none":
		return ner.None{}, nil
	}
	return nil, fmt.Errorf("no recogniser is called %q; there are crf, prose and none", name)
}

// recognizer loads a model beside the rest of the start; the first article waits for it.
func recognizer(p *assembly.Process, name string) extractor.Recognizer {
	load := sync.OnceValues(func() (extractor.Recognizer, error) { return OpenRecognizer(name) })
	p.Go("recogniser", func(context.Context) error {
		_, err := load()
		return err
	})
	return late(load)
}

// late is a recogniser that may still be loading. When loading fails the process ends, so what it says then is for an
// article that nobody will publish.
type late func() (extractor.Recognizer, error)

// Find implements extractor.Recognizer.
func (l late) Find(text, lang string) ([]ner.Entity, string) {
	r, err := l()
	if err != nil {
		return nil, err.Error()
	}
	return r.Find(text, lang)
}

// Engine implements extractor.Recognizer.
func (l late) Engine() messages.Engine {
	r, err := l()
	if err != nil {
		return messages.Engine{Name: "none"}
	}
	return r.Engine()
}

// Metrics returns the help sentence of every metric that the assembly adds to those of the extractor.
func Metrics() map[string]string {
	return map[string]string{
		"tocsin_extractor_watched_names":  "Names in force, all spellings of all entries.",
		"tocsin_extractor_watch_revision": "Revision of the bucket watch up to which edits are in force.",
		metricPagesRemoved:                "Pages removed from the object store because neither RAW nor a dead letter names them.",
		metricPagesKept:                   "Pages in the object store after the last sweep.",
	}
}

package fetcher

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// Options are the collaborators and limits of a Fetcher. Zero values of the limits mean their defaults.
type Options struct {
	// Publisher, Feeds, Polls, Articles, Pages, Scheduler and Client are required.
	Publisher Publisher
	Feeds     FeedStore // messages.BucketFeeds
	Polls     Store     // messages.BucketPolls
	Articles  Store     // messages.BucketArticles
	Pages     Objects   // messages.ObjectsPages
	Scheduler Scheduler
	Client    Client
	// Pager fetches article pages; nil publishes every article from the feed alone.
	Pager Pager
	// Batcher publishes the articles of one poll together; nil publishes each as soon as it is ready.
	Batcher Batcher
	// Backlog says how much work waits downstream; nil never pauses.
	Backlog func(ctx context.Context) (Pressure, error)

	// Now is the clock; required.
	Now func() time.Time
	// Rand gives numbers in [0, 1) for spreading polls; required, safe for concurrent use.
	Rand func() float64
	// ID names this process among the fetchers; required, unique per start.
	ID string

	// MaxPayload is what one message may weigh, in bytes, as the server says (1 MiB).
	MaxPayload int
	// BaselineRing lets the back catalogue of a new feed ring like news.
	BaselineRing bool
	// ClaimFor is how long a poll owns its feed without a sign of life, which it gives three times in that time (30 s).
	ClaimFor time.Duration
	// PollBudget is how long one poll may fetch pages; what is left waits for the next poll (2 min).
	PollBudget time.Duration
	// ReconcileEvery is the pause between two passes of Run (1 min); Grace how overdue a poll must be to be scheduled
	// again (2 min).
	ReconcileEvery time.Duration
	Grace          time.Duration
	// PauseMessages, PauseOldest and half of Pressure.MaxBytes are where polling pauses (50,000; 1 h); PauseFor is how
	// long a due poll is put off then (30 s).
	PauseMessages uint64
	PauseOldest   time.Duration
	PauseFor      time.Duration
	// Requests is how many feed requests a second all fetchers together are to make, within a fifth; the interval of every
	// feed without a fixed one follows from it. 0 asks the average feed about ten times a day.
	// New feeds are begun at this pace too, at fifty a second at least.
	Requests float64
	// Floor and Ceiling bound the interval of feeds without a fixed one (10 min, 12 h).
	Floor   time.Duration
	Ceiling time.Duration
	// MaxRevisions is how often one article may be published; RevisionGap the least time between two (10, 10 min).
	MaxRevisions int
	RevisionGap  time.Duration

	// Log and Meter may be nil.
	Log   *slog.Logger
	Meter Meter
}

func (o Options) validate() error {
	missing := ""
	switch {
	case o.Publisher == nil:
		missing = "Publisher: nothing could be published"
	case o.Feeds == nil:
		missing = "Feeds: nothing says what to poll"
	case o.Polls == nil:
		missing = "Polls: what was seen could not be remembered"
	case o.Articles == nil:
		missing = "Articles: the same article would be published twice"
	case o.Pages == nil:
		missing = "Pages: a large page would have nowhere to go"
	case o.Scheduler == nil:
		missing = "Scheduler: no feed would be polled twice"
	case o.Client == nil:
		missing = "Client: no feed could be fetched"
	case o.Now == nil:
		missing = "Now: first sightings need a clock"
	case o.Rand == nil:
		missing = "Rand: all polls would fall on the same second"
	case o.ID == "":
		missing = "ID: two fetchers could not tell their claims apart"
	}
	if missing != "" {
		return fmt.Errorf("fetcher options: missing %s", missing)
	}
	if o.MaxPayload != 0 && o.MaxPayload < minPayload {
		return fmt.Errorf("fetcher options: MaxPayload is %d; articles need messages of at least %d bytes, raise the server's max_payload", o.MaxPayload, minPayload)
	}
	if o.ClaimFor != 0 && o.ClaimFor < time.Second {
		return fmt.Errorf("fetcher options: ClaimFor is %v; a claim shorter than a second could not be prolonged in time", o.ClaimFor)
	}
	return nil
}

const (
	// payloadMargin is left free of every message for headers and for what the next stage adds.
	payloadMargin = 64 << 10
	minPayload    = 2 * payloadMargin
)

func (o Options) withDefaults() Options {
	either(&o.MaxPayload, 1<<20)
	either(&o.ClaimFor, 30*time.Second)
	either(&o.PollBudget, 2*time.Minute)
	either(&o.ReconcileEvery, time.Minute)
	either(&o.Grace, 2*time.Minute)
	either(&o.PauseMessages, 50_000)
	either(&o.PauseOldest, time.Hour)
	either(&o.PauseFor, 30*time.Second)
	either(&o.Floor, 10*time.Minute)
	either(&o.Ceiling, 12*time.Hour)
	either(&o.MaxRevisions, 10)
	either(&o.RevisionGap, 10*time.Minute)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = silent{}
	}
	return o
}

func either[T comparable](field *T, fallback T) {
	var zero T
	if *field == zero {
		*field = fallback
	}
}

// silent is the Meter of a Fetcher that was given none.
type silent struct{}

// Add implements Meter.
func (silent) Add(string, float64, ...string) {}

// Set implements Meter.
func (silent) Set(string, float64, ...string) {}

// Observe implements Meter.
func (silent) Observe(string, float64, ...string) {}

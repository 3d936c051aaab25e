// Package fetching puts the fetching stage together from its flags.
package fetching

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net/netip"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher"
	"tocsin/services/fetcher/httpfeed"
)

// FetchFlags are the fetcher's own flags.
type FetchFlags struct {
	Feeds []string `help:"Feed list, YAML or OPML; read again when it changes. Repeatable." type:"path" sep:"," env:"TOCSIN_FEEDS"`
	ReachFlags
	Baseline    string        `help:"What a new feed's back catalogue does: ring like news, or quiet (under the subject token retro)." enum:"ring,quiet" default:"${baseline}" env:"TOCSIN_BASELINE"`
	Contact     string        `help:"Web or mail address for site owners, part of the User-Agent." env:"TOCSIN_CONTACT"`
	Pages       bool          `help:"Fetch article pages." default:"true" negatable:"" env:"TOCSIN_PAGES"`
	Robots      bool          `help:"Ask robots.txt before fetching a page." default:"true" negatable:"" env:"TOCSIN_ROBOTS"`
	FeedRobots  bool          `help:"Ask robots.txt before fetching a feed; only a plain refusal counts." default:"true" negatable:"" env:"TOCSIN_FEED_ROBOTS"`
	FeedSpacing time.Duration `help:"Least time between two feeds of one host." default:"2s" env:"TOCSIN_FEED_SPACING"`
	PageSpacing time.Duration `help:"Least time between two pages of one host." default:"5s" env:"TOCSIN_PAGE_SPACING"`
	PollFloor   time.Duration `help:"Shortest interval between two polls of a feed that sets none." default:"10m" env:"TOCSIN_POLL_FLOOR"`
	PollRate    float64       `help:"How many feed requests a second all fetchers together are to make, within a fifth; every feed that sets no interval gets its part by how often it posts. 0 asks the average feed about ten times a day." default:"0" placeholder:"N" env:"TOCSIN_POLL_RATE"`
	Polls       int           `help:"How many feeds are polled at once." default:"16" env:"TOCSIN_POLLS"`
	Claim       time.Duration `help:"How long a fetcher that shows no sign of life keeps a feed to itself, 1s at least." default:"30s" env:"TOCSIN_CLAIM"`
	Sync        string        `help:"When an acknowledged write is on disk: always (survives loss of power; what a poll brings is then published as one atomic batch, for one disk flush instead of one each), or interval (survives the death of the process). With NATS servers of your own, name what their sync_interval says." enum:"always,interval" default:"interval" env:"TOCSIN_SYNC"`
	RevisionGap time.Duration `help:"Least time between two revisions of one article; an edit before that waits." default:"10m" env:"TOCSIN_REVISION_GAP"`
}

// ReachFlags say what may be fetched, and through what. Commands that fetch share them with the fetcher.
type ReachFlags struct {
	AllowPrivate []netip.Prefix    `help:"Networks that may be fetched although they are private, such as 127.0.0.0/8; their addresses are fetched without spacing." placeholder:"CIDR" env:"TOCSIN_ALLOW_PRIVATE"`
	AllowPort    []int             `help:"Ports that may be fetched beside 80 and 443." placeholder:"PORT" env:"TOCSIN_ALLOW_PORT"`
	Resolve      map[string]string `help:"Connect to HOST (or *.DOMAIN) at an address and port of your own, whatever its name says." placeholder:"HOST=ADDR:PORT" env:"TOCSIN_RESOLVE"`
	Proxy        string            `help:"HTTP proxy; none when empty, whatever the environment says." placeholder:"URL" env:"TOCSIN_PROXY"`
}

func (f ReachFlags) options() httpfeed.Options {
	return httpfeed.Options{Name: "tocsin", Version: assembly.Version(), AllowPrivate: f.AllowPrivate, Ports: f.AllowPort, Proxy: f.Proxy, Resolve: f.Resolve}
}

// Add adds the fetching stage to the process.
func Add(ctx context.Context, p *assembly.Process, f FetchFlags) error {
	if f.Polls < 1 {
		return fmt.Errorf("--polls is %d; at least one feed must be polled at a time", f.Polls)
	}
	if f.PollRate < 0 {
		return fmt.Errorf("--poll-rate is %g; say how many feeds a second may be asked, or 0", f.PollRate)
	}
	client, err := feedClient(p, f)
	if err != nil {
		return err
	}
	core, err := newFetcher(ctx, p, f, client)
	if err != nil {
		return err
	}
	feeds, err := Feeds(ctx, p.Bus)
	if err != nil {
		return err
	}
	if err := assembly.Distinct(f.Feeds); err != nil {
		return err
	}
	for _, path := range f.Feeds {
		if err := followFeeds(ctx, p, feeds, path); err != nil {
			return err
		}
	}
	p.Check("polling", func(context.Context) error {
		if reason, since := core.Paused(); reason != "" {
			return fmt.Errorf("paused since %s: %s", since.Format(time.RFC3339), reason)
		}
		return nil
	})
	p.Go("fetcher", func(ctx context.Context) error {
		return p.Bus.Consume(ctx, bus.ConsumeOptions{
			Consumer: messages.ConsumerFetcher, Stage: messages.StageFetcher,
			Concurrency: f.Polls, Drain: p.Drain, Handle: core.Handle,
		})
	})
	p.Go("fetcher schedule", core.Run)
	meter := p.Meter(assembly.BacklogHelp())
	for _, consumer := range []string{messages.ConsumerFetcher, messages.ConsumerExtractor, messages.ConsumerIndexer} {
		p.TellBacklog(consumer, meter)
	}
	return nil
}

func feedClient(p *assembly.Process, f FetchFlags) (*httpfeed.Client, error) {
	o := f.options()
	o.Contact, o.IgnoreRobots, o.IgnoreFeedRobots, o.Log = f.Contact, !f.Robots, !f.FeedRobots, p.Log
	o.FeedSpacing, o.PageSpacing = spacing(f.FeedSpacing), spacing(f.PageSpacing)
	client, err := httpfeed.New(o)
	if err != nil {
		return nil, err
	}
	p.OnStop("http client", func(context.Context) error { client.Close(); return nil })
	return client, nil
}

// spacing turns a flag into an option, where zero means the default and a negative value none.
func spacing(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

func newFetcher(ctx context.Context, p *assembly.Process, f FetchFlags, client *httpfeed.Client) (*fetcher.Fetcher, error) {
	feeds, err := p.Bus.Bucket(ctx, messages.BucketFeeds)
	if err != nil {
		return nil, err
	}
	polls, err := p.Bus.Bucket(ctx, messages.BucketPolls)
	if err != nil {
		return nil, err
	}
	articles, err := p.Bus.Bucket(ctx, messages.BucketArticles)
	if err != nil {
		return nil, err
	}
	pages, err := p.Bus.Objects(ctx, messages.ObjectsPages)
	if err != nil {
		return nil, err
	}
	o := fetcher.Options{
		Publisher: p.Bus, Feeds: assembly.Listed{Bucket: feeds}, Polls: polls, Articles: articles, Pages: pages, Scheduler: p.Bus,
		Client:  client,
		Backlog: func(ctx context.Context) (fetcher.Pressure, error) { return pressure(ctx, p.Bus) },
		Now:     time.Now, Rand: mathrand.Float64, ID: "fetcher-" + rand.Text()[:12],
		MaxPayload: int(p.Bus.MaxPayload()), BaselineRing: f.Baseline == "ring", Floor: f.PollFloor, Requests: f.PollRate, ClaimFor: f.Claim, RevisionGap: f.RevisionGap,
		Log: p.Log, Meter: p.Meter(fetcher.Metrics()),
	}
	if f.Pages {
		o.Pager = client
	}
	if f.Sync == "always" {
		o.Batcher = p.Bus
	}
	return fetcher.New(o)
}

// pressure is the heavier of the two queues behind the fetcher.
func pressure(ctx context.Context, b *bus.Bus) (fetcher.Pressure, error) {
	var worst fetcher.Pressure
	for _, consumer := range []string{messages.ConsumerExtractor, messages.ConsumerIndexer} {
		queue, err := b.Backlog(ctx, consumer)
		if err != nil {
			return worst, err
		}
		worst.Messages = max(worst.Messages, queue.Pending+uint64(queue.AckPending))
		worst.Oldest = max(worst.Oldest, queue.Untouched)
		if queue.Bytes >= worst.Bytes {
			worst.Bytes, worst.MaxBytes = queue.Bytes, queue.MaxBytes
		}
	}
	return worst, nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tocsin/internal/assembly/fetching"
	"tocsin/internal/bus"
	"tocsin/internal/newsroom"
	"tocsin/pkg/messages"
	"tocsin/test/mortal"
)

// hastyOptions are those of a day that passes quickly.
type hastyOptions struct {
	kills, fetchers int
	span            time.Duration // how long the day takes
	bin             string        // where the programs are; built when empty
}

// hurried is a day of a generated world that passes within the span, real fetchers that read it by the wall clock, and a
// real broker; all of them are killed again and again.
type hurried struct {
	world
	hastyOptions
	dir   string
	every time.Duration // between two polls of a feed
	bus   *bus.Bus
	all   []*mortal.Process
	start atomic.Pointer[time.Time] // of the day, by the wall; nil before
}

const (
	day = 24 * time.Hour
	// pollsPerS is how many polls a second the feeds are spread over, with a second between two of one feed at least.
	pollsPerS = 40
	// Shorter than an operator would choose, so that what a killed process held comes back while others are being killed.
	hastyAckWait = 2 * time.Second
	hastyClaim   = 3 * time.Second
	// patience is how long the fetchers may take to come to rest after the day.
	patience = 5 * time.Minute
)

// unhurried are mischiefs that make a reader wait for longer than a hasty day whatever the feed says: half an hour after
// "too many requests", a week after "gone for good"; and one that would ask the system's name servers.
var unhurried = []string{"410", "429-bare", "429-seconds", "to-nowhere"}

// hurry lets a day pass, kills, and judges what was published.
func hurry(ctx context.Context, o options, h hastyOptions, progress io.Writer) (v verdict, err error) {
	began := time.Now()
	o.Days = 1
	w := &hurried{world: generated(o, began.UTC().Add(-day).Truncate(time.Second)), hastyOptions: h}
	w.hasty = true
	w.made.Plan = slices.DeleteFunc(w.made.Plan, func(p newsroom.Planned) bool { return slices.Contains(unhurried, p.Mischief) })
	w.every = time.Duration(max(1, (o.Feeds+pollsPerS-1)/pollsPerS)) * time.Second // a list wants whole seconds
	if w.dir, err = os.MkdirTemp("", "newsroom-"); err != nil {
		return v, err
	}
	if w.bin == "" {
		w.bin = w.dir
		if err := mortal.Build(ctx, w.bin, programs...); err != nil {
			return v, err
		}
	}
	w.room, err = newsroom.Serve(w.made.Items, newsroom.Options{
		Seed: o.Seed, Start: w.begin, Now: w.now, Domain: domain, Sources: w.made.Sources, Plan: w.made.Plan, Haste: w.haste(),
	})
	if err != nil {
		return v, err
	}
	err = errors.Join(w.run(ctx, progress), w.room.Close())
	v = w.verdict()
	w.judge(&v)
	v.Kills, v.Seconds = w.kills, time.Since(began).Seconds()
	if err != nil || !v.clean() {
		_, _ = fmt.Fprintf(progress, "logs and data stay in %s\n", w.dir)
		return v, err
	}
	return v, os.RemoveAll(w.dir)
}

// programs are what is run and killed.
var programs = []string{"tocsin/test/chaos/broker", "tocsin/services/fetcher/cmd/fetcher"}

func (w *hurried) haste() float64 { return float64(day) / float64(w.span) }

// now is the world's clock: it stands before the day and after it.
func (w *hurried) now() time.Time {
	start := w.start.Load()
	if start == nil {
		return w.begin
	}
	return w.begin.Add(min(day, time.Duration(float64(time.Since(*start))*w.haste())))
}

// run lets the day pass and takes what was published.
func (w *hurried) run(ctx context.Context, progress io.Writer) error {
	url, err := w.plan()
	if err != nil {
		return err
	}
	crew := mortal.Gather(ctx)
	crew.Keep(w.all[0])
	err = w.live(crew.Context(), url, progress, func() {
		for _, fetcher := range w.all[1:] {
			crew.Keep(fetcher)
		}
	})
	err = errors.Join(err, crew.End())
	for _, one := range w.all {
		for _, words := range one.Ended() {
			_, _ = fmt.Fprintf(progress, "%s ended without being killed: %s\n", one.Name, words)
		}
	}
	return err
}

// plan names the processes, the broker first, and returns where that will be reached.
func (w *hurried) plan() (url string, err error) {
	port, err := mortal.FreePort()
	if err != nil {
		return "", err
	}
	list := filepath.Join(w.dir, "feeds.yaml")
	if err := os.WriteFile(list, []byte(w.feedList()), 0o600); err != nil {
		return "", err
	}
	url = "nats://127.0.0.1:" + strconv.Itoa(port)
	w.add("broker", "broker", "-port", strconv.Itoa(port), "-dir", filepath.Join(w.dir, "streams"))
	for i := range w.fetchers {
		w.add("fetcher", "fetcher-"+strconv.Itoa(i+1), "--nats", url, "--feeds", list, "--allow-private", "127.0.0.0/8",
			"--resolve", "*."+domain+"="+w.room.Addr(), "--feed-spacing", "0", "--page-spacing", "0",
			"--claim", hastyClaim.String(), "--revision-gap", "1s")
	}
	return url, nil
}

func (w *hurried) add(program, name string, args ...string) {
	w.all = append(w.all, &mortal.Process{
		Name: name, Path: filepath.Join(w.bin, program), Args: args, Log: filepath.Join(w.dir, name+".log"),
	})
}

func (w *hurried) feedList() string {
	var b strings.Builder
	b.WriteString("feeds:\n")
	for _, f := range w.room.Feeds() {
		_, _ = fmt.Fprintf(&b, "  - {url: %q, id: %s, source: %s, every: %s}\n", f.URL, f.Source, f.Source, w.every)
	}
	return b.String()
}

// live prepares the streams, begins the day, kills, waits for rest and reads the streams.
func (w *hurried) live(ctx context.Context, url string, progress io.Writer, begin func()) (err error) {
	if w.bus, err = bus.Connect(ctx, bus.Options{URL: url, Name: "newsroom"}); err != nil {
		return err
	}
	defer w.bus.Close()
	if _, err := w.bus.Setup(ctx, bus.SetupOptions{AckWait: hastyAckWait}); err != nil {
		return err
	}
	begin()
	if err := w.configured(ctx); err != nil {
		return err
	}
	start := time.Now()
	w.start.Store(&start)
	victims := make([]mortal.Victim, len(w.all))
	for i, one := range w.all {
		victims[i] = one
	}
	plan := mortal.Strikes(w.kills, len(victims), w.span, rand.New(rand.NewPCG(w.o.Seed, 2)))
	killed, err := mortal.StrikeAll(ctx, plan, victims)
	_, _ = fmt.Fprintln(progress, "killed:", killed)
	if err == nil {
		err = mortal.Pause(ctx, time.Until(start.Add(w.span)))
	}
	if err == nil {
		err = w.rest(ctx)
	}
	return errors.Join(err, w.collect(ctx))
}

// configured waits until the fetchers have read the list. One that ends by itself before that cannot.
func (w *hurried) configured(ctx context.Context) error {
	for {
		feeds, err := fetching.Feeds(ctx, w.bus)
		if err != nil {
			return err
		}
		if all, err := feeds.All(ctx); err != nil || len(all) == w.o.Feeds {
			return err
		}
		for _, one := range w.all {
			if words := one.Ended(); len(words) > 0 {
				return fmt.Errorf("%s does not run: %s", one.Name, words[0])
			}
		}
		if err := mortal.Pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// rest waits until every feed was read well since the end of the day and brings nothing new.
func (w *hurried) rest(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	end := time.Now()
	still, articles, busy := end, uint64(0), ""
	for ctx.Err() == nil {
		n, moving, err := w.moves(ctx, end)
		switch {
		case err != nil:
			moving = err.Error()
		case n != articles:
			articles, moving = n, fmt.Sprintf("articles come, %d up to now", n)
		}
		if moving != "" {
			still, busy = time.Now(), moving
		}
		if time.Since(still) > 2*w.every+time.Second {
			return nil
		}
		_ = mortal.Pause(ctx, 200*time.Millisecond) // the end is met above
	}
	return fmt.Errorf("the fetchers do not come to rest: %s", busy)
}

// moves counts the articles and says what is not at rest, "" when all is.
func (w *hurried) moves(ctx context.Context, since time.Time) (articles uint64, what string, err error) {
	waiting, err := w.bus.Backlog(ctx, messages.ConsumerExtractor)
	if err != nil {
		return 0, "", err
	}
	feeds, err := fetching.Feeds(ctx, w.bus)
	if err != nil {
		return 0, "", err
	}
	states, err := fetching.FeedStates(ctx, w.bus, feeds)
	if err != nil {
		return 0, "", err
	}
	for _, f := range states {
		if f.Polled.Before(since) || f.Failures > 0 {
			return waiting.Pending, fmt.Sprintf("feed %s: %s", f.ID, f.Sentence), nil
		}
	}
	if len(states) < w.o.Feeds {
		what = fmt.Sprintf("%d feeds of %d are configured", len(states), w.o.Feeds)
	}
	return waiting.Pending, what, nil
}

// collect takes what was published. Nobody took it before, and no poll is counted twice: a report has an id of its own.
func (w *hurried) collect(ctx context.Context) error {
	err := w.bus.Follow(ctx, bus.FollowOptions{Stream: messages.StreamRaw, Once: true}, w.hear)
	return errors.Join(err, w.bus.Follow(ctx, bus.FollowOptions{Stream: messages.StreamEvents, Once: true}, func(d messages.Delivery) error {
		if strings.HasSuffix(d.Subject, "."+messages.EventPolled) {
			w.polls++
		}
		return w.listen(d)
	}))
}

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"tocsin/internal/assembly/accounting"
	"tocsin/internal/assembly/fetching"
	"tocsin/internal/assembly/indexing"
	"tocsin/internal/bus"
	"tocsin/internal/operate"
	"tocsin/internal/operate/deadletter"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

type statusCmd struct {
	Watch bool          `short:"w" help:"Look again and again, until stopped."`
	Every time.Duration `help:"How long between two looks." default:"2s"`
}

// Help implements kong.HelpProvider.
func (*statusCmd) Help() string {
	return `One screen: what each stream holds and how much comes in, what each stage has yet to do and how old the
oldest of it is, whether the index answers, what was given up, and which feeds are in trouble. Rates are
of the time between two looks. Ends with status 1 when something needs a hand.`
}

// Run implements the command.
func (c *statusCmd) Run(ctx context.Context, g *globals) error {
	if c.Every < 100*time.Millisecond {
		return fmt.Errorf("--every is %v; give 100ms or more", c.Every)
	}
	b, closeBus, err := g.connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	last, err := g.look(ctx, b, overview{})
	for err == nil && pause(ctx, c.Every) {
		var now overview
		if now, err = g.look(ctx, b, last); err != nil {
			break
		}
		if err = g.line(now, now.text(c.Watch)); err != nil || !c.Watch {
			return errors.Join(err, now.trouble())
		}
		last = now
	}
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// pause waits; false when ctx ended.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// overview is one look at everything.
type overview struct {
	At          time.Time      `json:"at"`
	Streams     []streamState  `json:"streams"`
	Stages      []stageState   `json:"stages"`
	Index       indexState     `json:"index"`
	DeadLetters map[string]int `json:"dead_letters"` // by stage.reason
	Feeds       int            `json:"feeds"`
	Troubled    []troubledFeed `json:"feeds_in_trouble"`
}

type streamState struct {
	Name     string    `json:"name"`
	Messages uint64    `json:"messages"`
	Bytes    uint64    `json:"bytes"`
	MaxBytes uint64    `json:"max_bytes,omitempty"`
	Oldest   time.Time `json:"oldest,omitzero"`
	// PerSecond came in since the look before.
	PerSecond float64 `json:"per_second"`
	last      uint64
}

type stageState struct {
	Name       string `json:"name"`
	Waiting    uint64 `json:"waiting"`
	InProgress int    `json:"in_progress"`
	// OldestSeconds is the age of the oldest that is not done.
	OldestSeconds float64 `json:"oldest_seconds"`
	Late          bool    `json:"late,omitempty"`
}

type indexState struct {
	Articles int    `json:"articles"`
	Error    string `json:"error,omitempty"`
}

type troubledFeed struct {
	ID       string `json:"id"`
	Sentence string `json:"sentence"`
}

func (g *globals) look(ctx context.Context, b *bus.Bus, before overview) (overview, error) {
	now := overview{At: time.Now().UTC(), DeadLetters: map[string]int{}, Troubled: []troubledFeed{}}
	for _, look := range []func(context.Context, *bus.Bus, overview) error{now.streams, now.stages, now.letters, now.feeds} {
		if err := look(ctx, b, before); err != nil {
			return now, err
		}
	}
	now.Index = g.indexState(ctx)
	return now, nil
}

func (o *overview) streams(ctx context.Context, b *bus.Bus, before overview) error {
	for _, name := range []string{messages.StreamRaw, messages.StreamEnriched, messages.StreamAlerts, messages.StreamEvents, messages.StreamNear, messages.StreamDLQ} {
		x, err := b.Extent(ctx, name)
		if err != nil {
			return err
		}
		s := streamState{Name: name, Messages: x.Messages, Bytes: x.Bytes, MaxBytes: x.MaxBytes, Oldest: x.FirstTime, last: x.Last}
		for _, old := range before.Streams {
			if old.Name == name && x.Last >= old.last {
				s.PerSecond = float64(x.Last-old.last) / o.At.Sub(before.At).Seconds()
			}
		}
		o.Streams = append(o.Streams, s)
	}
	return nil
}

func (o *overview) stages(ctx context.Context, b *bus.Bus, _ overview) error {
	for _, name := range []string{messages.ConsumerFetcher, messages.ConsumerExtractor, messages.ConsumerIndexer} {
		l, err := b.Backlog(ctx, name)
		if err != nil {
			return err
		}
		o.Stages = append(o.Stages, stageState{name, l.Pending, l.AckPending, l.Oldest.Seconds(), l.Late()})
	}
	return nil
}

func (o *overview) letters(ctx context.Context, b *bus.Bus, _ overview) error {
	letters, err := accounting.DeadLetters(b).List(ctx, deadletter.Query{})
	for _, l := range letters {
		o.DeadLetters[l.Stage+"."+l.Reason]++
	}
	return err
}

func (o *overview) feeds(ctx context.Context, b *bus.Bus, _ overview) error {
	feeds, err := fetching.Feeds(ctx, b)
	if err != nil {
		return err
	}
	states, err := fetching.FeedStates(ctx, b, feeds)
	o.Feeds = len(states)
	for _, s := range states {
		if inTrouble(s) {
			o.Troubled = append(o.Troubled, troubledFeed{s.ID, s.Sentence})
		}
	}
	return err
}

func inTrouble(s operate.FeedState) bool { return s.Trouble != "" || len(s.Signs) > 0 }

// indexState asks the index how much it holds; that it cannot be asked is part of the picture.
func (g *globals) indexState(ctx context.Context) (state indexState) {
	index, closeIndex, err := g.openIndex(ctx)
	if err == nil {
		defer func() { _ = closeIndex() }() // read only: nothing to lose
		err = indexing.CheckIndex(ctx, index)
	}
	if err == nil {
		var page indexer.Page
		page, err = index.Search(ctx, indexer.Query{Limit: 1})
		state.Articles = page.Total
	}
	if err != nil {
		state.Error = err.Error()
	}
	return state
}

// trouble names what needs a hand, nil when nothing does.
func (o overview) trouble() error {
	var errs []error
	if o.Index.Error != "" {
		errs = append(errs, errors.New("the index does not answer"))
	}
	for _, s := range o.Stages {
		if s.Late {
			errs = append(errs, fmt.Errorf("the %s is late: what waits is past half of its stream's max age; start more of them", s.Name))
		}
	}
	return errors.Join(errs...)
}

// fewTroubled is how many feeds in trouble one screen names.
const fewTroubled = 10

// text is the screen; clear begins it at the top of a terminal.
func (o overview) text(clear bool) string {
	var b strings.Builder
	if info, err := os.Stdout.Stat(); clear && err == nil && info.Mode()&os.ModeCharDevice != 0 {
		b.WriteString("\x1b[H\x1b[2J")
	}
	var table strings.Builder
	fmt.Fprintln(&table, "stream\tmessages\tMB\tof MB\tnew/s\toldest\t")
	for _, s := range o.Streams {
		limit, oldest := "-", "-"
		if s.MaxBytes > 0 {
			limit = fmt.Sprint(s.MaxBytes >> 20)
		}
		if !s.Oldest.IsZero() {
			oldest = age(o.At.Sub(s.Oldest))
		}
		fmt.Fprintf(&table, "%s\t%d\t%.1f\t%s\t%.1f\t%s\t\n", s.Name, s.Messages, float64(s.Bytes)/(1<<20), limit, s.PerSecond, oldest)
	}
	fmt.Fprintln(&table, "\t\t\t\t\t\t\nstage\twaiting\tin progress\toldest\t\t\t")
	for _, s := range o.Stages {
		fmt.Fprintf(&table, "%s\t%d\t%d\t%s\t\t\t\n", s.Name, s.Waiting, s.InProgress, age(time.Duration(s.OldestSeconds*float64(time.Second))))
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = w.Write([]byte(table.String())) // into memory
	_ = w.Flush()
	o.writeRest(&b)
	return strings.TrimRight(b.String(), "\n")
}

func (o overview) writeRest(b *strings.Builder) {
	fmt.Fprintf(b, "\nindex: %d articles", o.Index.Articles)
	if o.Index.Error != "" {
		fmt.Fprintf(b, ": %s", o.Index.Error)
	}
	b.WriteString("\ndead letters:")
	for _, what := range slices.Sorted(maps.Keys(o.DeadLetters)) {
		fmt.Fprintf(b, " %s %d", what, o.DeadLetters[what])
	}
	if len(o.DeadLetters) == 0 {
		b.WriteString(" none")
	}
	fmt.Fprintf(b, "\nfeeds: %d, %d in trouble\n", o.Feeds, len(o.Troubled))
	for _, f := range o.Troubled[:min(len(o.Troubled), fewTroubled)] {
		fmt.Fprintf(b, "  %s: %s\n", f.ID, f.Sentence)
	}
	if more := len(o.Troubled) - fewTroubled; more > 0 {
		fmt.Fprintf(b, "  and %d more; see `tocsin feeds list`\n", more)
	}
}

// age is a length of time in its largest unit.
func age(d time.Duration) string {
	switch {
	case d < time.Second:
		return "0s"
	case d < time.Minute:
		return d.Round(time.Second).String()
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/pkg/messages"
)

type alertsCmd struct {
	Follow  bool          `short:"f" help:"Go on showing alerts as they ring."`
	Since   time.Duration `help:"How far back to begin, such as 24h; everything kept when 0." default:"0"`
	List    string        `help:"Only this watchlist."`
	Updates bool          `help:"Also show later changes of alerts that rang."`
}

// Run implements the command.
func (c *alertsCmd) Run(ctx context.Context, g *globals) error {
	if c.List != "" {
		if err := checkList(c.List); err != nil {
			return err
		}
	}
	connect := g.connect
	if c.Follow {
		connect = g.connectToRunning
	}
	b, closeBus, err := connect(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	o := bus.FollowOptions{Stream: messages.StreamAlerts, Subjects: c.subjects(), Once: !c.Follow}
	if c.Since > 0 {
		o.Since = time.Now().Add(-c.Since)
	}
	shown := 0
	err = b.Follow(ctx, o, func(d messages.Delivery) error {
		shown++
		return g.showAlert(d)
	})
	if err == nil && shown == 0 && !c.Follow && !g.JSON {
		_, err = fmt.Fprintln(g.out, "Nothing rang.")
	}
	return err
}

// checkList refuses the value of a --list flag that cannot be a watchlist's name.
func checkList(list string) error {
	if messages.IsToken(list) {
		return nil
	}
	return fmt.Errorf("--list %q is no watchlist; they are one word each, see `tocsin watch list`", list)
}

func (c *alertsCmd) subjects() []string {
	list := "*"
	if c.List != "" {
		list = c.List
	}
	subjects := []string{messages.AlertSubject(list, "*", "*")}
	if c.Updates {
		subjects = append(subjects, messages.AlertUpdateSubject(list, "*"))
	}
	return subjects
}

// showAlert prints one alert. What cannot be decoded is shown as such: an operator wants to know.
func (g *globals) showAlert(d messages.Delivery) error {
	a, err := messages.Decode[messages.Alert](d.Data)
	if err != nil {
		return g.line(map[string]string{"subject": d.Subject, "error": err.Error()}, d.Subject+": "+err.Error())
	}
	return g.line(a, alertText(a))
}

// alertText is an alert in three lines: what rang where, the sentence, and why.
func alertText(a messages.Alert) string {
	var b strings.Builder
	tier := a.Tier
	if a.Retro {
		tier += ", retro"
	}
	if a.Status != messages.StatusNew {
		tier += ", " + a.Status
	}
	fmt.Fprintf(&b, "%s  %s (%s/%s)  %s  id %s", a.Times.Alerted.Local().Format(time.TimeOnly), a.Name, a.List, a.Entry, tier, a.ID)
	placeAndReasons(&b, a.Evidence, a.Article)
	return b.String()
}

// placeAndReasons says where words stand and what they were worth.
func placeAndReasons(b *strings.Builder, e messages.Evidence, in messages.AlertArticle) {
	fmt.Fprintf(b, "\n    %q in %q, %s %s", e.Quote.Text, in.Title, in.Source, in.URL)
	if e.Quote.Sentence != "" {
		fmt.Fprintf(b, "\n    … %s", strings.Join(strings.Fields(e.Quote.Sentence), " "))
	}
	fmt.Fprintf(b, "\n    why: %s", reasons(e))
}

// reasons is the sum behind an alert in words.
func reasons(e messages.Evidence) string {
	var parts []string
	for _, p := range e.Parts {
		parts = append(parts, fmt.Sprintf("%s = %s by %s, %+.1f", p.Word, p.Watched, p.Rule, p.Bits))
	}
	for _, c := range append(e.Context[:len(e.Context):len(e.Context)], e.Penalties...) {
		parts = append(parts, fmt.Sprintf("%s %s, %+.1f", c.Rule, c.Text, c.Bits))
	}
	return fmt.Sprintf("%s; %.1f bits of %.1f needed", strings.Join(parts, "; "), e.Bits, e.Threshold)
}

// bell shows alerts as they ring while the all-in-one runs. Of those about the past it only says how many there were,
// when a burst of them is over: a new feed must not flood the screen.
type bell struct {
	g     *globals
	mu    sync.Mutex // guards what follows, and the output
	quiet int        // alerts of back catalogue so far
	told  int        // of them, how many were spoken of
	burst *time.Timer
}

// lull is how long it must be quiet before a burst counts as over.
const lull = 2 * time.Second

// hang follows the alerts from now on.
func (b *bell) hang(p *assembly.Process) {
	p.OnStop("bell's last word", func(context.Context) error { return b.tell() })
	p.Go("bell", func(ctx context.Context) error {
		return p.Bus.Follow(ctx, bus.FollowOptions{
			Stream: messages.StreamAlerts, Subjects: []string{messages.SubjectsAlerts}, New: true,
		}, b.ring)
	})
}

func (b *bell) ring(d messages.Delivery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !strings.HasSuffix(d.Subject, "."+messages.TierRetro) {
		return b.g.showAlert(d)
	}
	b.quiet++
	if b.burst == nil {
		b.burst = time.AfterFunc(lull, func() { _ = b.tell() }) // a closed output ends the program by itself
	}
	b.burst.Reset(lull)
	return nil
}

// tell says how many alerts about the past there were since it last spoke.
func (b *bell) tell() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.quiet == b.told {
		return nil
	}
	b.told = b.quiet
	return b.g.line(map[string]int{"retro": b.quiet}, fmt.Sprintf(
		"In the back catalogue of new feeds %d would have rung; they are under %s, or ring with --baseline ring.",
		b.quiet, messages.AlertSubject("*", "*", messages.TierRetro)))
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"tocsin/internal/assembly"
	"tocsin/internal/bus"
	"tocsin/internal/forward"
	"tocsin/pkg/messages"
)

type forwardCmd struct {
	assembly.ProcessFlags
	To      string        `required:"" help:"Address that each alert is posted to, until it answers 2xx." placeholder:"URL" env:"TOCSIN_FORWARD_TO"`
	Name    string        `help:"Name of this forwarder, under which NATS remembers how far it came; from the address when empty." env:"TOCSIN_FORWARD_NAME"`
	Format  string        `help:"What is posted: ${enum}." enum:"json,text,slack,discord,teams" default:"json" env:"TOCSIN_FORWARD_FORMAT"`
	Secret  string        `help:"File with a secret that signs each request, see the header Tocsin-Signature." type:"path" placeholder:"FILE" env:"TOCSIN_FORWARD_SECRET"`
	List    []string      `help:"Only alerts of this watchlist."`
	Tier    []string      `help:"Only this tier: confirmed, probable, review, retro." enum:"confirmed,probable,review,retro"`
	Updates bool          `help:"Also post later changes of alerts that rang."`
	Since   time.Duration `help:"How far back a new forwarder begins, such as 24h; with what rings from now on when 0." default:"0"`
	GiveUp  time.Duration `help:"How long after it rang an alert is still posted; then it is a dead letter." default:"24h"`
	Forget  bool          `help:"Forget how far this forwarder came, and end."`
}

// Help implements kong.HelpProvider.
func (*forwardCmd) Help() string {
	return `Runs until it is stopped; start it again and it goes on where it was. Several of one name share the work.
While the endpoint is down alerts wait in NATS. Each request has the header Tocsin-Delivery, the same
for the same alert whenever it is posted again, and with --secret the header Tocsin-Signature
"t=SECONDS,v1=HEX", HMAC-SHA256 over SECONDS, a dot and the body.

  tocsin forward --to https://hooks.slack.com/services/… --format slack --list sanctions --tier confirmed
  tocsin dlq list --stage forward      what could not be delivered; tocsin dlq replay posts it again`
}

// Run implements the command.
func (c *forwardCmd) Run(ctx context.Context, g *globals) error {
	name, err := c.name()
	if err != nil {
		return err
	}
	secret, err := c.secret()
	if err != nil {
		return err
	}
	b, closeBus, err := g.connectToRunning(ctx)
	if err != nil {
		return err
	}
	defer closeBus()
	if c.Forget {
		return b.RemoveDurable(ctx, messages.ConsumerForward+name)
	}
	return assembly.Serve(ctx, "forward", assembly.Version(), c.ProcessFlags, g.errs, func(ctx context.Context, p *assembly.Process) error {
		return c.build(ctx, p, b, name, secret)
	})
}

func (c *forwardCmd) build(ctx context.Context, p *assembly.Process, b *bus.Bus, name string, secret []byte) error {
	f, err := forward.New(forward.Options{
		URL: c.To, Format: c.Format, Secret: secret, GiveUp: c.GiveUp, Version: assembly.Version(),
		Log: p.Log, Meter: p.Meter(forward.Metrics()),
	})
	if err != nil {
		return err
	}
	p.OnStop("connections to the endpoint", func(context.Context) error { f.Close(); return nil })
	_, err = b.MakeDurable(ctx, bus.Durable{
		Consumer: messages.ConsumerForward + name, Subjects: c.subjects(name), Since: time.Now().Add(-c.Since),
	})
	if err != nil {
		return err
	}
	p.Check("nats", func(context.Context) error { return b.Ready() })
	p.Check("endpoint", f.Ready)
	p.Go("forward", func(ctx context.Context) error {
		return b.Consume(ctx, bus.ConsumeOptions{
			Consumer: messages.ConsumerForward + name, Stage: messages.StageForward, Replays: messages.ForwardSubject(name),
			Drain: p.Drain, Gate: f.Ready, Handle: f.Handle,
		})
	})
	return nil
}

// subjects are the alerts that are wanted, and those that come back from the dead letters for this forwarder alone.
func (c *forwardCmd) subjects(name string) []string {
	lists, tiers := c.List, c.Tier
	if len(lists) == 0 {
		lists = []string{"*"}
	}
	if len(tiers) == 0 {
		tiers = []string{"*"}
	}
	var all []string
	for _, list := range lists {
		for _, tier := range tiers {
			all = append(all, messages.AlertSubject(list, "*", tier))
		}
		if c.Updates {
			all = append(all, messages.AlertUpdateSubject(list, "*"))
		}
	}
	return append(all, messages.ForwardSubject(name))
}

// name is the forwarder's name as a subject token.
func (c *forwardCmd) name() (string, error) {
	for _, list := range c.List {
		if err := checkList(list); err != nil {
			return "", err
		}
	}
	if c.Name != "" {
		if !messages.IsToken(c.Name) {
			return "", fmt.Errorf("--name %q is not one word of letters, digits, - and _", c.Name)
		}
		return c.Name, nil
	}
	u, err := url.Parse(c.To)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("--to %q is no web address; give one such as https://hooks.example/alerts", c.To)
	}
	// The path of a webhook is its password, so the name shows the host and a hash of the rest.
	return strings.NewReplacer(".", "-", ":", "-").Replace(u.Hostname()) + "-" + messages.Hash(c.To)[:8], nil
}

func (c *forwardCmd) secret() ([]byte, error) {
	if c.Secret == "" {
		return nil, nil
	}
	secret, err := os.ReadFile(c.Secret)
	if err != nil {
		return nil, fmt.Errorf("--secret: %w", err)
	}
	if secret = bytes.TrimSpace(secret); len(secret) < 16 {
		return nil, fmt.Errorf("--secret %s: %w", c.Secret, forward.ErrSecret)
	}
	return secret, nil
}

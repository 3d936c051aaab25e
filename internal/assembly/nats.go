package assembly

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tocsin/internal/bus"
	"tocsin/internal/daemon"
)

// NATSFlags say where NATS is and who we are there.
type NATSFlags struct {
	NATS         string `name:"nats" help:"NATS server, or several separated by commas." default:"${nats}" env:"TOCSIN_NATS"`
	NATSUser     string `name:"nats-user" help:"User name." env:"TOCSIN_NATS_USER"`
	NATSPassword string `name:"nats-password" help:"Password." env:"TOCSIN_NATS_PASSWORD"`
	NATSToken    string `name:"nats-token" help:"Token." env:"TOCSIN_NATS_TOKEN"`
	NATSNKey     string `name:"nats-nkey" help:"File with an nkey seed." type:"path" env:"TOCSIN_NATS_NKEY"`
	NATSCreds    string `name:"nats-creds" help:"File with a JWT and its seed." type:"path" env:"TOCSIN_NATS_CREDS"`
	NATSCA       string `name:"nats-ca" help:"CA certificate to trust, PEM." type:"path" env:"TOCSIN_NATS_CA"`
	NATSCert     string `name:"nats-cert" help:"Client certificate, PEM." type:"path" env:"TOCSIN_NATS_CERT"`
	NATSKey      string `name:"nats-key" help:"Client key, PEM." type:"path" env:"TOCSIN_NATS_KEY"`
	NATSInbox    string `name:"nats-inbox" help:"Where answers come in; a user with few rights has an inbox of its own." placeholder:"_INBOX" env:"TOCSIN_NATS_INBOX"`
}

func (f NATSFlags) options() bus.Options {
	return bus.Options{
		Inbox: f.NATSInbox,
		URL:   f.NATS, User: f.NATSUser, Password: f.NATSPassword, Token: f.NATSToken,
		NKeyFile: f.NATSNKey, CredsFile: f.NATSCreds,
		CAFile: f.NATSCA, CertFile: f.NATSCert, KeyFile: f.NATSKey,
	}
}

// check refuses what nobody should log in with.
func (f NATSFlags) check() error {
	return errors.Join(RefusePlaceholder("--nats-password", f.NATSPassword), RefusePlaceholder("--nats-token", f.NATSToken))
}

// SetupFlags size the streams.
type SetupFlags struct {
	Replicas int           `help:"Copies of every stream and bucket in a NATS cluster." default:"1" env:"TOCSIN_REPLICAS"`
	MaxAge   time.Duration `help:"How long articles stay replayable in RAW and ENRICHED." default:"168h" env:"TOCSIN_MAX_AGE"`
	MaxBytes int64         `help:"How much RAW and ENRICHED may each hold, in bytes." default:"8589934592" env:"TOCSIN_MAX_BYTES"`

	ArticleLife time.Duration `help:"How long it is remembered which articles were seen, and which rang; each takes some 100 bytes of the NATS server's memory." default:"720h" env:"TOCSIN_ARTICLE_LIFE"`
}

// Options are what bus.Setup takes.
func (f SetupFlags) Options() bus.SetupOptions {
	return bus.SetupOptions{Replicas: f.Replicas, MaxAge: f.MaxAge, MaxBytes: f.MaxBytes, ArticleLife: f.ArticleLife}
}

// Connect reaches the server for the length of a command.
func (f NATSFlags) Connect(ctx context.Context) (*bus.Bus, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	o := f.options()
	o.Name = "tocsin-command"
	ctx, cancel := context.WithTimeoutCause(ctx, commandPatience, fmt.Errorf("no NATS server answered at %s within %v", f.NATS, commandPatience))
	defer cancel()
	return bus.Connect(ctx, o)
}

// commandPatience is how long a command waits for a server; a service waits for ever.
const commandPatience = 10 * time.Second

// Connect waits for the NATS server and makes it the process's bus.
func (p *Process) Connect(ctx context.Context, f NATSFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	o := f.options()
	o.Name = p.Name
	o.Log = p.Log
	o.Meter = p.Meter(bus.Metrics())
	b, err := bus.Connect(ctx, o)
	if err != nil {
		return err
	}
	p.UseBus(b)
	return nil
}

// UseBus makes b the process's bus: closed with it, and asked for its health.
func (p *Process) UseBus(b *bus.Bus) {
	p.Bus = b
	p.OnStop("nats connection", func(context.Context) error { b.Close(); return nil })
	p.Check("nats", func(context.Context) error { return b.Ready() })
}

// KeepUnread watches over the backlog of a consumer: nothing unread may grow too old for its stream.
// The meter must know BacklogHelp.
func (p *Process) KeepUnread(consumer string, meter *daemon.Meter) {
	p.followBacklog(consumer, p.Bus.KeepUnread, meter)
}

// TellBacklog measures the backlog of a consumer, of others as well, so that it is told while none of them runs. The meter
// must know BacklogHelp.
func (p *Process) TellBacklog(consumer string, meter *daemon.Meter) {
	p.followBacklog(consumer, p.Bus.Backlog, meter)
}

// ask looks at the backlog of a consumer.
type ask func(ctx context.Context, consumer string) (bus.Backlog, error)

func (p *Process) followBacklog(consumer string, look ask, meter *daemon.Meter) {
	p.Go(consumer+" backlog", func(ctx context.Context) error {
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			p.lookAtBacklog(ctx, consumer, look, meter)
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
}

func (p *Process) lookAtBacklog(ctx context.Context, consumer string, look ask, meter *daemon.Meter) {
	backlog, err := look(ctx, consumer)
	if err != nil {
		if ctx.Err() == nil {
			p.Log.Warn("backlog cannot be read", "consumer", consumer, "error", err)
		}
		return
	}
	meter.Set("tocsin_backlog_messages", float64(backlog.Pending), "consumer", consumer)
	meter.Set("tocsin_backlog_in_progress", float64(backlog.AckPending), "consumer", consumer)
	meter.Set("tocsin_backlog_oldest_age_seconds", backlog.Oldest.Seconds(), "consumer", consumer)
	meter.Set("tocsin_backlog_max_age_seconds", backlog.MaxAge.Seconds(), "consumer", consumer)
	if backlog.Late() {
		p.Log.Error("unread messages are past half of their stream's age; add workers",
			"consumer", consumer, "oldest", backlog.Oldest, "max_age", backlog.MaxAge)
	}
}

// BacklogHelp explains what KeepUnread measures.
func BacklogHelp() map[string]string {
	return map[string]string{
		"tocsin_backlog_messages":           "Messages a consumer has not been given yet.",
		"tocsin_backlog_in_progress":        "Messages given and not yet settled.",
		"tocsin_backlog_oldest_age_seconds": "Age of the oldest message a consumer has not finished.",
		"tocsin_backlog_max_age_seconds":    "Age at which the stream of a consumer lets messages go, as configured; one that nobody finished is kept longer.",
	}
}

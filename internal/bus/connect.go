package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Options says how to reach NATS. Give either a URL or a Server; of the ways to log in, none or one.
type Options struct {
	// URL of the server, or several of one cluster separated by commas.
	URL string
	// Server is reached through memory, without a socket; a broker.Server is one.
	Server nats.InProcessConnProvider
	// Name of this client as the server shows it; default "tocsin".
	Name string
	// Inbox begins the subjects on which answers come in, for users that may listen to their own only; default "_INBOX".
	Inbox string

	User, Password string
	Token          string
	// NKeyFile holds an nkey seed, CredsFile a JWT and its seed.
	NKeyFile, CredsFile string
	// CAFile, CertFile and KeyFile are PEM files. CAFile alone checks the server; the other two show who we are.
	CAFile, CertFile, KeyFile string

	Log   *slog.Logger // nil: no log
	Meter Meter        // nil: no measurements
}

// Times of a connection.
const (
	requestTimeout = 5 * time.Second
	dialTimeout    = 3 * time.Second
	reconnectWait  = 500 * time.Millisecond
	// pingEvery times two is how long a dead peer stays unnoticed.
	pingEvery    = 20 * time.Second
	waitAtMost   = 10 * time.Second
	flushTimeout = 5 * time.Second
)

// Bus is a connection to JetStream. It is safe for use by many goroutines.
type Bus struct {
	nc    *nats.Conn
	js    jetstream.JetStream
	log   *slog.Logger
	meter Meter

	writes writes

	closed   chan struct{}
	mu       sync.Mutex
	stations []*station
	link     context.Context // ends when the present connection is lost
	unlink   context.CancelFunc
}

// Connect returns a Bus that is connected to a server able to do what Tocsin needs (see checkServer).
//
// A server that is not there yet is waited for until ctx is done, with a line in the log at each try; one that refuses
// us (password, certificate) or is too old is an error at once. A connection lost later is sought again for ever.
func Connect(ctx context.Context, o Options) (*Bus, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	b := &Bus{log: o.Log, meter: o.Meter, closed: make(chan struct{})}
	b.link, b.unlink = context.WithCancel(context.Background())
	declareLink(b.meter)
	var why error
	for wait := reconnectWait; ; wait = min(2*wait, waitAtMost) {
		err := b.dial(ctx, o)
		if err == nil {
			return b, nil
		}
		if why == nil || ctx.Err() == nil { // an attempt cut short tells less than the one before
			why = err
		}
		if hopeless(err) {
			return nil, fmt.Errorf("connect to NATS at %s: %w", o.where(), err)
		}
		o.Log.Warn("NATS is not there yet; waiting for it", "url", o.where(), "error", err.Error(), "again_in", wait.String())
		if pause(ctx, wait) != nil {
			return nil, fmt.Errorf("connect to NATS at %s: %w (%w)", o.where(), why, context.Cause(ctx))
		}
	}
}

func (o Options) withDefaults() (Options, error) {
	o.Name = cmp.Or(o.Name, "tocsin")
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Meter == nil {
		o.Meter = noMeter{}
	}
	logins := 0
	for _, v := range []string{o.User, o.Token, o.NKeyFile, o.CredsFile} {
		if v != "" {
			logins++
		}
	}
	switch {
	case (o.URL == "") == (o.Server == nil):
		return o, errors.New("bus options: give either URL or Server")
	case logins > 1:
		return o, errors.New("bus options: give one of User, Token, NKeyFile and CredsFile, not several")
	case o.Password != "" && o.User == "":
		return o, errors.New("bus options: Password without User")
	case (o.CertFile == "") != (o.KeyFile == ""):
		return o, errors.New("bus options: CertFile and KeyFile go together")
	}
	return o, nil
}

// where names the server without the password a URL may hold.
func (o Options) where() string {
	if o.Server != nil {
		return "memory"
	}
	urls := strings.Split(o.URL, ",")
	for i, u := range urls {
		scheme, rest, ok := strings.Cut(u, "://")
		if _, host, found := strings.Cut(rest, "@"); ok && found {
			urls[i] = scheme + "://" + host
		}
	}
	return strings.Join(urls, ",")
}

func (b *Bus) dial(ctx context.Context, o Options) error {
	opts, err := b.dialOptions(o)
	if err != nil {
		return &refused{err}
	}
	if b.nc, err = nats.Connect(o.URL, opts...); err != nil {
		return err
	}
	b.js, err = jetstream.New(b.nc, jetstream.WithDefaultTimeout(requestTimeout),
		jetstream.WithPublishAsyncMaxPending(pipeline), jetstream.WithPublishAsyncTimeout(publishAttempt))
	if err == nil {
		err = b.checkServer(ctx)
	}
	if err != nil {
		b.nc.Close()
		<-b.closed
		b.closed = make(chan struct{})
	}
	return err
}

func (b *Bus) dialOptions(o Options) ([]nats.Option, error) {
	closed := b.closed
	opts := []nats.Option{
		nats.Name(o.Name),
		nats.Timeout(dialTimeout),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.IgnoreAuthErrorAbort(),
		nats.PingInterval(pingEvery),
		nats.DisconnectErrHandler(b.lost),
		nats.ReconnectHandler(b.found),
		nats.ErrorHandler(b.complain),
		nats.ClosedHandler(func(*nats.Conn) { close(closed) }),
	}
	if o.Inbox != "" {
		opts = append(opts, nats.CustomInboxPrefix(o.Inbox))
	}
	if o.Server != nil {
		opts = append(opts, nats.InProcessServer(o.Server))
	}
	login, err := o.login()
	if err != nil {
		return nil, err
	}
	return append(opts, login...), nil
}

func (o Options) login() (opts []nats.Option, err error) {
	if o.User != "" {
		opts = append(opts, nats.UserInfo(o.User, o.Password))
	}
	if o.Token != "" {
		opts = append(opts, nats.Token(o.Token))
	}
	if o.NKeyFile != "" {
		nkey, err := nats.NkeyOptionFromSeed(o.NKeyFile)
		if err != nil {
			return nil, fmt.Errorf("read the nkey seed: %w", err)
		}
		opts = append(opts, nkey)
	}
	if o.CredsFile != "" {
		opts = append(opts, nats.UserCredentials(o.CredsFile))
	}
	if o.CAFile != "" {
		opts = append(opts, nats.RootCAs(o.CAFile))
	}
	if o.CertFile != "" {
		opts = append(opts, nats.ClientCert(o.CertFile, o.KeyFile))
	}
	return opts, nil
}

// lost ends what waits on the connection for an answer that will not come.
func (b *Bus) lost(_ *nats.Conn, err error) {
	b.mu.Lock()
	b.unlink()
	b.link, b.unlink = context.WithCancel(context.Background())
	b.mu.Unlock()
	if err != nil {
		b.log.Warn("NATS is lost; seeking it again", "error", err.Error())
	}
}

// linked is ctx for as long as the present connection lasts.
func (b *Bus) linked(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	b.mu.Lock()
	defer b.mu.Unlock()
	stop := context.AfterFunc(b.link, cancel)
	return ctx, func() { stop(); cancel() }
}

// linkLost is closed when the present connection is lost.
func (b *Bus) linkLost() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.link.Done()
}

func (b *Bus) found(nc *nats.Conn) {
	b.meter.Add("tocsin_bus_reconnects_total", 1)
	b.log.Info("NATS is back", "url", nc.ConnectedUrlRedacted())
}

func (b *Bus) complain(_ *nats.Conn, sub *nats.Subscription, err error) {
	if sub != nil {
		b.log.Error("NATS complains", "subject", sub.Subject, "error", err.Error())
		return
	}
	b.log.Error("NATS complains", "error", err.Error())
}

// Close ends the connection after flushing what was sent. Consume and the like must have returned.
func (b *Bus) Close() {
	b.js.CleanupPublisher()
	b.flush()
	b.nc.Close()
	<-b.closed
	b.unlink()
}

// flush sends what is buffered and waits until the server has read it. Without a connection there is no point.
func (b *Bus) flush() {
	if !b.nc.IsConnected() {
		return
	}
	if err := b.nc.FlushTimeout(flushTimeout); err != nil {
		b.log.Warn("the last acknowledgements may not have reached NATS; their messages will come again", "error", err.Error())
	}
}

// pause waits for d or until ctx is done, which it returns as an error.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

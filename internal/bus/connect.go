package bus

import (
	"context"
	"errors"
	"log/slog"
)

// Options says how to reach NATS. Give a URL or a Server.
type Options struct {
	// URL of the server, or several separated by commas.
	URL string
	// Server is reached through memory, without a socket.
	Server *Server
	// Name of this client, shown by the server; default "tocsin".
	Name string

	User, Password string
	Token          string
	// NKeyFile holds an nkey seed, CredsFile a JWT and its seed.
	NKeyFile, CredsFile string
	// CAFile, CertFile and KeyFile are PEM files.
	CAFile, CertFile, KeyFile string

	Log   *slog.Logger // may be nil
	Meter Meter        // may be nil
}

// Meter takes measurements; labels are alternating name, value.
type Meter interface {
	Add(name string, n float64, labels ...string)
	Observe(name string, v float64, labels ...string)
}

// Bus is a connection to JetStream. It is safe for use by many goroutines.
type Bus struct{}

// Connect returns a Bus that is connected to a server able to do what Tocsin needs. It waits for the server until ctx is
// done.
func Connect(ctx context.Context, o Options) (*Bus, error) { return nil, errors.ErrUnsupported }

// Ready returns nil when connected and every running Consume or ConsumeBatch is bound and moving; otherwise what is
// amiss. It does no I/O.
func (b *Bus) Ready() error { return nil }

// Close ends the connection after flushing what was sent.
func (b *Bus) Close() {}

// Metrics gives every metric of the package with a sentence of help.
func Metrics() map[string]string { return nil }

package bus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Scheduled messages (`Nats-Schedule: @at …`) came with nats-server 2.12.0, which is JetStream API level 2; per-message
// TTL is older (2.11, level 1). Source: server/jetstream_versioning.go of nats-server 2.15.2.
const (
	neededLevel   = 2
	neededVersion = "2.12.0"
)

// refused marks an error that waiting will not cure.
type refused struct{ error }

func (r *refused) Unwrap() error { return r.error }

// checkServer returns nil when the server has JetStream and can hold scheduled messages. In a cluster that is still
// electing its leader there is no answer, which is worth another try.
func (b *Bus) checkServer(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	info, err := b.js.AccountInfo(ctx)
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled):
		return errors.New("the server answers without JetStream; enable it (nats-server -js), or wait for its cluster to elect a leader")
	case errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return &refused{errors.New("JetStream is not enabled for this account; enable it in the server's configuration")}
	case err != nil:
		return fmt.Errorf("ask for JetStream: %w", err)
	}
	return checkLevel(b.nc.ConnectedServerVersion(), info.API.Level)
}

func checkLevel(version string, level int) error {
	if level >= neededLevel {
		return nil
	}
	return &refused{fmt.Errorf("nats-server %s (JetStream API level %d) has no scheduled messages; Tocsin needs %s (level %d) or newer",
		version, level, neededVersion, neededLevel)}
}

// hopeless reports whether trying the same connection again would fail the same way.
func hopeless(err error) bool {
	if _, ok := errors.AsType[*refused](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return true
	}
	for _, e := range []error{nats.ErrAuthorization, nats.ErrSecureConnRequired, nats.ErrSecureConnWanted, nats.ErrNkeysNotSupported} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

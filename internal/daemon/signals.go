package daemon

import (
	"context"
	"log/slog"
	"os/signal"
	"syscall"
)

// Signals returns a context that SIGINT or SIGTERM ends, and logs which came. The first signal asks for an orderly
// stop; from then on a second one kills the process as if nothing had been caught. stop gives the signals back.
func Signals(parent context.Context, log *slog.Logger) (ctx context.Context, stop context.CancelFunc) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	ctx, restore := signal.NotifyContext(parent, syscall.SIGINT, syscall.SIGTERM)
	unwatch := context.AfterFunc(ctx, func() {
		log.Info("asked to stop; a second signal stops at once", "reason", context.Cause(ctx).Error())
		restore()
	})
	return ctx, func() {
		unwatch()
		restore()
	}
}

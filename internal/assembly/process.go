package assembly

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/alecthomas/kong"

	"tocsin/internal/bus"
	"tocsin/internal/daemon"
)

// ProcessFlags are the flags every long-running process has.
type ProcessFlags struct {
	Config    kong.ConfigFlag `help:"Read flags from this YAML file: one key per flag, named as here without the dashes." placeholder:"FILE"`
	Admin     string          `help:"Where /livez, /readyz, /metrics and profiles are served: host:port, or off." default:"127.0.0.1:0" env:"TOCSIN_ADMIN"`
	LogLevel  string          `help:"Least severe level that is logged: ${enum}." enum:"debug,info,warn,error" default:"${log_level}" env:"TOCSIN_LOG_LEVEL"`
	LogFormat string          `help:"${enum}." enum:"json,text" default:"${log_format}" env:"TOCSIN_LOG_FORMAT"`
	Drain     time.Duration   `help:"How long a stopping process may finish what it has begun." default:"25s" env:"TOCSIN_DRAIN"`
	OTLP      string          `name:"otlp" help:"Send traces to this OTLP/HTTP collector; off when empty." placeholder:"URL" env:"OTEL_EXPORTER_OTLP_ENDPOINT"`

	OTLPHeaders map[string]string `name:"otlp-headers" help:"Headers for the collector: name=value, separated by commas." placeholder:"NAME=VALUE" mapsep:"," env:"OTEL_EXPORTER_OTLP_HEADERS"`
}

// Process is a process under construction: its life, its log, and the bus once there is one.
type Process struct {
	*daemon.Daemon
	Log *slog.Logger
	Bus *bus.Bus
	// Name is the program's, Version the build's.
	Name, Version string
	// Drain is how long a stopping part may finish what it has begun.
	Drain time.Duration
}

// Serve gives a process its log, traces and admin port, lets build add the parts, and runs until ctx ends or a part
// fails. What was built is undone backwards, also when build fails half-way.
func Serve(ctx context.Context, name, version string, f ProcessFlags, stderr io.Writer, build func(context.Context, *Process) error) error {
	log, err := daemon.NewLogger(stderr, f.LogLevel, f.LogFormat)
	if err != nil {
		return err
	}
	log = log.With("service", name)
	ctx, restore := daemon.Signals(ctx, log)
	defer restore()
	d, err := daemon.New(daemon.Options{Name: name, Version: version, AdminAddr: f.Admin, DrainBudget: f.Drain, Log: log})
	if err != nil {
		return err
	}
	p := &Process{Daemon: d, Log: log, Name: name, Version: version, Drain: f.Drain}
	p.gatherGarbage()
	err = p.raise(ctx, f, build)
	if ctx.Err() != nil { // asked to stop while still waiting for NATS or the index: an orderly end
		return d.Stop()
	}
	if err != nil {
		if stopped := d.Stop(); stopped != nil {
			log.Warn("not everything stopped cleanly", "error", stopped)
		}
		return err
	}
	return d.Run(ctx)
}

func (p *Process) raise(ctx context.Context, f ProcessFlags, build func(context.Context, *Process) error) error {
	if err := p.trace(ctx, daemon.Collector{URL: f.OTLP, Headers: f.OTLPHeaders}); err != nil {
		return err
	}
	return build(ctx, p)
}

func (p *Process) trace(ctx context.Context, to daemon.Collector) error {
	stop, err := daemon.Tracing(ctx, p.Name, p.Version, to)
	if err != nil {
		return err
	}
	p.OnStop("traces", stop)
	return nil
}

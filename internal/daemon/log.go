package daemon

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"
)

// NewLogger returns a logger that writes to w. level is "debug", "info", "warn" or "error" (also with an offset, as in
// "info+2"); format is "json", one object a line for machines, or "text", one calm line for a person at a terminal. A
// record logged with a context that carries a trace gets its trace_id and span_id.
func NewLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("log level %q: want debug, info, warn or error", level)
	}
	switch format {
	case "json":
		return slog.New(traced{slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l})}), nil
	case "text":
		return slog.New(traced{newCalm(w, l)}), nil
	}
	return nil, fmt.Errorf("log format %q: want json or text", format)
}

// traced adds the trace of the context to every record.
type traced struct{ slog.Handler }

// Handle implements slog.Handler.
func (t traced) Handle(ctx context.Context, r slog.Record) error {
	if at := trace.SpanContextFromContext(ctx); at.IsValid() {
		r.AddAttrs(slog.String("trace_id", at.TraceID().String()), slog.String("span_id", at.SpanID().String()))
	}
	return t.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (t traced) WithAttrs(attrs []slog.Attr) slog.Handler { return traced{t.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (t traced) WithGroup(name string) slog.Handler { return traced{t.Handler.WithGroup(name)} }

// calm writes "15:04:05 message key=value …", with the level only where it is not the ordinary one. The attributes
// are the standard text handler's, so quoting and groups are as everywhere else.
type calm struct {
	attrs slog.Handler // writes into line.buf, without time, level and message
	line  *line
}

// line is shared by every handler derived from one newCalm.
type line struct {
	mu  sync.Mutex
	buf bytes.Buffer
	w   io.Writer
}

func newCalm(w io.Writer, level slog.Level) slog.Handler {
	l := &line{w: w}
	return calm{line: l, attrs: slog.NewTextHandler(&l.buf, &slog.HandlerOptions{Level: level, ReplaceAttr: dropHead})}
}

// dropHead leaves out what Handle writes itself. An attribute of the caller's own by one of these names has another
// type or text, and stays.
func dropHead(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return a
	}
	_, isLevel := a.Value.Any().(slog.Level)
	if a.Key == slog.LevelKey && isLevel || a.Key == slog.MessageKey && a.Value.Equal(slog.StringValue("")) {
		return slog.Attr{}
	}
	return a
}

// Enabled implements slog.Handler.
func (c calm) Enabled(ctx context.Context, l slog.Level) bool { return c.attrs.Enabled(ctx, l) }

// Handle implements slog.Handler.
func (c calm) Handle(ctx context.Context, r slog.Record) error {
	bare := slog.NewRecord(time.Time{}, r.Level, "", 0)
	r.Attrs(func(a slog.Attr) bool { bare.AddAttrs(a); return true })
	c.line.mu.Lock()
	defer c.line.mu.Unlock()
	b := &c.line.buf
	b.Reset()
	if !r.Time.IsZero() {
		b.WriteString(r.Time.Format("15:04:05 "))
	}
	if r.Level != slog.LevelInfo {
		b.WriteString(r.Level.String() + " ")
	}
	b.WriteString(r.Message + " ")
	if err := c.attrs.Handle(ctx, bare); err != nil {
		return err
	}
	text := bytes.TrimRight(b.Bytes(), " \n")
	_, err := c.line.w.Write(append(text, '\n'))
	return err
}

// WithAttrs implements slog.Handler.
func (c calm) WithAttrs(attrs []slog.Attr) slog.Handler {
	return calm{c.attrs.WithAttrs(attrs), c.line}
}

// WithGroup implements slog.Handler.
func (c calm) WithGroup(name string) slog.Handler { return calm{c.attrs.WithGroup(name), c.line} }

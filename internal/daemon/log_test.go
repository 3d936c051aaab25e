package daemon

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"testing/slogtest"

	"go.opentelemetry.io/otel/trace"
)

func TestLoggerOptionsAreChecked(t *testing.T) {
	for _, row := range []struct{ sentence, level, format, want string }{
		{"an unknown level is refused with the list", "loud", "json", "want debug, info, warn or error"},
		{"an unknown format is refused with the list", "info", "xml", "want json or text"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			if _, err := NewLogger(&bytes.Buffer{}, row.level, row.format); err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("NewLogger: %v", err)
			}
		})
	}
}

func logger(t *testing.T, level, format string) (*slog.Logger, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	log, err := NewLogger(&out, level, format)
	if err != nil {
		t.Fatal(err)
	}
	return log, &out
}

func TestJSONLogKeepsTheHandlerContract(t *testing.T) {
	log, out := logger(t, "info", "json")
	err := slogtest.TestHandler(log.Handler(), func() []map[string]any {
		var all []map[string]any
		for line := range strings.Lines(out.String()) {
			var m map[string]any
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			all = append(all, m)
		}
		return all
	})
	if err != nil {
		t.Error(err)
	}
}

func TestTraceOfTheContextIsLogged(t *testing.T) {
	at := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}})
	ctx := trace.ContextWithSpanContext(context.Background(), at)
	for _, format := range []string{"json", "text"} {
		log, out := logger(t, "info", format)
		log.With("service", "x").InfoContext(ctx, "handled")
		if !strings.Contains(out.String(), at.TraceID().String()) || !strings.Contains(out.String(), at.SpanID().String()) {
			t.Errorf("%s log lacks the trace: %s", format, out)
		}
		out.Reset()
		log.Info("handled")
		if strings.Contains(out.String(), "trace_id") {
			t.Errorf("%s log invents a trace: %s", format, out)
		}
	}
}

func TestTextLogIsOneCalmLine(t *testing.T) {
	log, out := logger(t, "info", "text")
	for _, row := range []struct {
		sentence string
		say      func()
		want     string
	}{
		{"an ordinary message shows no level", func() { log.Info("polled", "items", 3) }, "polled items=3"},
		{"a warning says so", func() { log.Warn("slow feed") }, "WARN slow feed"},
		{"values with spaces are quoted", func() { log.Info("polled", "feed", "UN News") }, `polled feed="UN News"`},
		{"attributes and groups given before come first", func() { log.With("a", 1).WithGroup("g").Info("m", "b", 2) }, "m a=1 g.b=2"},
		{"a caller's own level and msg attributes stay", func() { log.Info("m", "level", "high", "msg", "x") }, "m level=high msg=x"},
		{"an empty message is no trouble", func() { log.Info("", "k", "v") }, " k=v"},
		{"debug is silent at info", func() { log.Debug("noise") }, ""},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			out.Reset()
			row.say()
			got := regexp.MustCompile(`(?m)^\d\d:\d\d:\d\d `).ReplaceAllString(out.String(), "")
			if strings.TrimSuffix(got, "\n") != row.want {
				t.Errorf("wrote %q, want %q", got, row.want)
			}
		})
	}
}

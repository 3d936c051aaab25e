package retry

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"
)

func TestWhatAHandlerSays(t *testing.T) {
	for _, c := range []struct {
		sentence string
		err      error
		reason   string
		never    bool
		delay    time.Duration
		after    bool
	}{
		{"no error says nothing", nil, "", false, 0, false},
		{"a plain error says nothing of when", io.EOF, "", false, 0, false},
		{"a permanent error says why", Never("undecodable", io.EOF), "undecodable", true, 0, false},
		{"a transient one says when", After(3*time.Second, io.EOF), "", false, 3 * time.Second, true},
		{"wrapping hides neither", fmt.Errorf("article a: %w", Never("invalid", io.EOF)), "invalid", true, 0, false},
		{"nor does joining", errors.Join(io.ErrClosedPipe, After(time.Second, io.EOF)), "", false, time.Second, true},
		{"a permanent error around a transient one is both; the bus asks for permanent first", Never("mapping", After(time.Second, io.EOF)), "mapping", true, time.Second, true},
		{"the outermost reason counts", Never("outer", Never("inner", io.EOF)), "outer", true, 0, false},
	} {
		t.Run(c.sentence, func(t *testing.T) {
			if reason, never := Reason(c.err); reason != c.reason || never != c.never {
				t.Errorf("Reason gives %q, %v, want %q, %v", reason, never, c.reason, c.never)
			}
			if delay, after := Delay(c.err); delay != c.delay || after != c.after {
				t.Errorf("Delay gives %v, %v, want %v, %v", delay, after, c.delay, c.after)
			}
		})
	}
}

func TestMarkedErrorsKeepTextAndCause(t *testing.T) {
	for _, err := range []error{Never("invalid", io.EOF), After(time.Second, io.EOF)} {
		if err.Error() != "EOF" || !errors.Is(err, io.EOF) {
			t.Errorf("%#v reads %q", err, err)
		}
	}
}

package broker

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// serverLog hands the server's log lines to slog. Its notices are details to us. What the server calls fatal would end a
// process of its own; here it is remembered for the error of Start. It is also the only place where the server says that
// it takes no more writes.
type serverLog struct {
	log  *slog.Logger
	hurt func(what string)

	mu    sync.Mutex
	fatal string
}

func (l *serverLog) say(level slog.Level, text string) {
	l.log.Log(context.Background(), level, text, "part", "nats-server")
}

// Noticef implements server.Logger.
func (l *serverLog) Noticef(format string, v ...any) {
	l.say(slog.LevelDebug, fmt.Sprintf(format, v...))
}

// Warnf implements server.Logger. That a stream's notes about its own files are behind the files is what a killed process
// leaves; the server reads the files again, and nobody has to do anything.
func (l *serverLog) Warnf(format string, v ...any) {
	level, text := slog.LevelWarn, fmt.Sprintf(format, v...)
	if strings.HasPrefix(text, "Filestore [") && (strings.Contains(text, "] Stream state ") || strings.Contains(text, "state is outdated")) {
		level = slog.LevelDebug
	}
	l.say(level, text)
}

// Errorf implements server.Logger.
func (l *serverLog) Errorf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.say(slog.LevelError, text)
	if writesNoMore(text) {
		l.hurt(text)
	}
}

// writesNoMore knows the words by which nats-server 2.15.2 says that a stream, or all of JetStream, refuses every write
// until the server is started anew (server/filestore.go setWriteErr, server/stream.go setWriteErrLocked,
// server/jetstream.go handleOutOfSpace). Other servers of this library line may use others; then a restart by hand helps.
func writesNoMore(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "critical write error") || strings.Contains(text, "will be disabled") || strings.Contains(text, "disabling jetstream")
}

// Fatalf implements server.Logger.
func (l *serverLog) Fatalf(format string, v ...any) {
	text := fmt.Sprintf(format, v...)
	l.say(slog.LevelError, text)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fatal == "" {
		l.fatal = text
	}
}

func (l *serverLog) died() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fatal
}

// Debugf implements server.Logger.
func (l *serverLog) Debugf(format string, v ...any) {
	l.say(slog.LevelDebug, fmt.Sprintf(format, v...))
}

// Tracef implements server.Logger.
func (l *serverLog) Tracef(format string, v ...any) {
	l.say(slog.LevelDebug, fmt.Sprintf(format, v...))
}

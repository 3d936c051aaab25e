package bus

import (
	"errors"
	"log/slog"
)

// ServerOptions says how the embedded NATS server runs.
type ServerOptions struct {
	// Dir holds the streams. One process at a time; see LockDir.
	Dir string
	// Host is the address to listen on; default 127.0.0.1.
	Host string
	// Port is tried first, default 4222; when it is busy the next free one is taken (see Server.URL). -1 asks for
	// any free port.
	Port int
	// Name is the server's stable name; default "tocsin".
	Name string
	// SyncAlways flushes every write to disk before acknowledging it: safe against power loss, some thirty times
	// slower.
	SyncAlways bool
	// Log may be nil.
	Log *slog.Logger
}

// Server is an embedded NATS server with JetStream.
type Server struct{}

// StartServer starts an embedded NATS server and returns when it takes connections.
func StartServer(o ServerOptions) (*Server, error) { return nil, errors.ErrUnsupported }

// URL is where clients of other processes connect.
func (s *Server) URL() string { return "" }

// Shutdown stops the server and waits until everything is on disk.
func (s *Server) Shutdown() {}

// Package broker is the NATS server that runs inside the all-in-one and the tests, and the lock on a data directory. The
// services reach a server of its own and do without this package, which makes their programs a third smaller.
package broker

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Options says how the embedded NATS server runs.
type Options struct {
	// Dir holds the streams; made where it is missing, used by one server at a time.
	Dir string
	// Host is the address to listen on; default 127.0.0.1. There are no passwords, so nothing else is allowed than
	// loopback.
	Host string
	// Port is tried first, default 4222; when it is busy the next free one is taken (see Server.URL). -1 asks for
	// any free port.
	Port int
	// Name is the server's stable name; default "tocsin".
	Name string
	// SyncAlways flushes every write to disk before acknowledging it: safe against power loss, some thirty times
	// slower. Otherwise writes survive the death of the process at once, that of the machine after ten seconds.
	SyncAlways bool
	// Log may be nil.
	Log *slog.Logger
}

// Limits of the embedded server.
const (
	portsTried   = 64
	serverStart  = 30 * time.Second
	syncInterval = 10 * time.Second
	// storeLimit is what all streams together may reserve. The server's own default is three quarters of the free
	// disk at start, so that a stream's max bytes that fitted yesterday could be refused today; each stream has a
	// limit of its own.
	storeLimit = 1 << 50
)

// Server is an embedded NATS server with JetStream, reached through memory by bus.Connect and over loopback by others.
type Server struct {
	o    Options
	lock *os.File
	url  string
	care *caretaker

	mu sync.RWMutex
	ns *server.Server // another one after a restart
}

// Start starts an embedded NATS server and returns when it takes connections, which takes milliseconds on a new
// store and longer the more there is to recover. A second server on the same directory is refused with a *LockedError:
// both would accept writes.
func Start(o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, fmt.Errorf("make the directory of the streams: %w", err)
	}
	lock, err := lockFile(o.Dir, filepath.Join(o.Dir, "server.lock"))
	if err != nil {
		return nil, err
	}
	port, err := freePort(o.Host, o.Port)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	o.Port = port
	s := &Server{o: o, lock: lock, care: newCaretaker()}
	if err := s.start(); err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	s.care.begin(s)
	return s, nil
}

func (o Options) withDefaults() (Options, error) {
	o.Host = cmp.Or(o.Host, "127.0.0.1")
	o.Name = cmp.Or(o.Name, "tocsin")
	o.Port = cmp.Or(o.Port, 4222)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ip := net.ParseIP(o.Host)
	switch {
	case o.Dir == "":
		return o, errors.New("server options: Dir is empty; name the directory that shall hold the streams")
	case o.Host != "localhost" && (ip == nil || !ip.IsLoopback()):
		return o, fmt.Errorf("server options: Host %q is not a loopback address; run a NATS server of its own to serve other machines", o.Host)
	case o.Port < -1 || o.Port > 65535:
		return o, fmt.Errorf("server options: Port %d is not a port", o.Port)
	}
	return o, nil
}

// start runs a new server in the place of the one before, if any, on the same port.
func (s *Server) start() error {
	ns, err := server.NewServer(&server.Options{
		ServerName:             s.o.Name,
		Host:                   s.o.Host,
		Port:                   s.o.Port,
		JetStream:              true,
		StoreDir:               s.o.Dir,
		JetStreamMaxStore:      storeLimit,
		SyncInterval:           syncInterval,
		SyncAlways:             s.o.SyncAlways,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
	})
	if err != nil {
		return fmt.Errorf("start the NATS server in %s: %w", s.o.Dir, err)
	}
	log := &serverLog{log: s.o.Log, hurt: s.care.tell}
	ns.SetLoggerV2(log, false, false, false)
	ns.Start()
	if fatal := log.died(); fatal != "" || !ns.ReadyForConnections(serverStart) {
		stop(ns)
		return fmt.Errorf("the NATS server in %s did not start: %s", s.o.Dir, cmp.Or(log.died(), "no connections within "+serverStart.String()))
	}
	s.url = ns.ClientURL()
	s.o.Port = ns.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // it listens on TCP
	s.mu.Lock()
	s.ns = ns
	s.mu.Unlock()
	return nil
}

// freePort returns wanted, or the next port after it that nobody listens on; 0 wanted -1 leaves the choice to the
// system.
func freePort(host string, wanted int) (int, error) {
	if wanted == -1 {
		return -1, nil
	}
	for p := wanted; p < wanted+portsTried && p <= 65535; p++ {
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(p)))
		if err != nil {
			continue
		}
		return p, l.Close()
	}
	return 0, fmt.Errorf("no free port for the NATS server from %d to %d on %s; name another", wanted, wanted+portsTried-1, host)
}

// InProcessConn is a connection through memory, without a socket; it makes a Server what bus.Options take.
func (s *Server) InProcessConn() (net.Conn, error) { return s.current().InProcessConn() }

// URL is where clients of other processes connect, for example nats://127.0.0.1:4222.
func (s *Server) URL() string { return s.url }

// Shutdown stops the server and waits until everything is on disk and the directory is free for another.
func (s *Server) Shutdown() {
	s.care.end()
	stop(s.current())
	_ = s.lock.Close() // also releases the lock
}

func (s *Server) current() *server.Server {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.ns
}

func stop(ns *server.Server) {
	ns.Shutdown()
	ns.WaitForShutdown()
}

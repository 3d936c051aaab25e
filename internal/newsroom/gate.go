package newsroom

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"time"
)

// gate answers for all hosts of a world on one port, by the name they are asked for.
type gate struct {
	listener net.Listener
	server   *http.Server
	sites    map[string]*site // by host; not changed once served
}

func newGate() (*gate, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("newsroom: listen: %w", err)
	}
	g := &gate{listener: l, sites: map[string]*site{}}
	g.server = &http.Server{Handler: g, ReadHeaderTimeout: 10 * time.Second, ErrorLog: log.New(io.Discard, "", 0)}
	return g, nil
}

func (g *gate) serve() { _ = g.server.Serve(g.listener) } // ends with close, always with an error

func (g *gate) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := g.server.Shutdown(ctx); err == nil {
		return nil
	}
	return g.server.Close()
}

// ServeHTTP implements http.Handler.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s, there := g.sites[r.Host]
	if !there {
		http.NotFound(w, r)
		return
	}
	s.ServeHTTP(w, r)
}

// Addr is the address and port of a world with a Domain; "" otherwise.
func (n *Newsroom) Addr() string {
	if n.gate == nil {
		return ""
	}
	return n.gate.listener.Addr().String()
}

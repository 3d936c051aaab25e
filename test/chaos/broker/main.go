// Command broker is the NATS server of a chaos run as a process of its own, so that it can be killed like any other.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"tocsin/internal/bus"
)

func main() {
	dir := flag.String("dir", "", "where the streams are")
	port := flag.Int("port", 0, "port on loopback; no other is taken")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *dir, *port)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dir string, port int) error {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := bus.StartServer(bus.ServerOptions{Dir: dir, Port: port, Log: log})
	if err != nil {
		return err
	}
	defer server.Shutdown()
	if !strings.HasSuffix(server.URL(), ":"+strconv.Itoa(port)) {
		return fmt.Errorf("port %d is busy and nobody would look for the server at %s", port, server.URL())
	}
	<-ctx.Done()
	return nil
}

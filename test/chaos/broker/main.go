// Command broker is the NATS server of a chaos run as a process of its own, so that it can be killed like any other:
// the embedded server alone, or one of a cluster.
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

	"tocsin/internal/bus/broker"
	"tocsin/internal/bus/bustest"
)

func main() {
	dir := flag.String("dir", "", "where the streams are")
	port := flag.Int("port", 0, "port on loopback; no other is taken")
	cluster := flag.String("cluster", "", "ports of all servers of the cluster among themselves, separated by commas; alone when empty")
	index := flag.Int("index", 0, "which of them this server is")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	shutdown, err := start(*dir, *port, *cluster, *index)
	if err == nil {
		<-ctx.Done()
		shutdown()
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "broker:", err)
		os.Exit(1)
	}
}

func start(dir string, port int, cluster string, index int) (shutdown func(), err error) {
	if cluster == "" {
		return alone(dir, port)
	}
	o := bustest.MemberOptions{Name: "broker-" + strconv.Itoa(index+1), Dir: dir, Port: port, Index: index, Log: dir + ".log"}
	for text := range strings.SplitSeq(cluster, ",") {
		p, err := strconv.Atoi(text)
		if err != nil {
			return nil, err
		}
		o.ClusterPorts = append(o.ClusterPorts, p)
	}
	member, err := bustest.StartMember(o)
	if err != nil {
		return nil, err
	}
	return member.Shutdown, nil
}

func alone(dir string, port int) (shutdown func(), err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	server, err := broker.Start(broker.Options{Dir: dir, Port: port, Log: log})
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(server.URL(), ":"+strconv.Itoa(port)) {
		server.Shutdown()
		return nil, fmt.Errorf("port %d is busy and nobody would look for the server at %s", port, server.URL())
	}
	return server.Shutdown, nil
}

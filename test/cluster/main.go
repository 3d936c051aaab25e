// Command cluster tries the dev overlay on a real control plane: etcd, kube-apiserver, kube-controller-manager,
// kube-scheduler and KEDA's operator and adapter as they are, nodes and kubelets by kwok, a real NATS stream. It waits
// until everything is ready, fills the stream, sees the extractors go from none to many and back, drains a node within
// the disruption budgets, rolls an update, and prints the timeline. make e2e-k8s builds what it needs and runs it.
//
//	cluster FOLDER OVERLAY.yaml     the folder of scripts/k8s/build.sh, and a rendering of deploy/k8s/overlays/dev
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: cluster FOLDER OVERLAY.yaml; see make e2e-k8s")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1], os.Args[2])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "cluster:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder, overlay string) (err error) {
	dir, err := os.MkdirTemp("", "tocsin-cluster-")
	if err != nil {
		return err
	}
	c := &cluster{folder: folder, dir: dir, began: time.Now()}
	defer func() {
		c.stop()
		if err != nil {
			err = fmt.Errorf("%w\nthe logs are in %s", err, dir)
			return
		}
		err = os.RemoveAll(dir)
	}()
	for _, step := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"control plane", c.controlPlane},
		{"nodes", c.nodes},
		{"KEDA", c.keda},
		{"NATS", c.nats},
		{"overlay", func(ctx context.Context) error { return c.overlay(ctx, overlay) }},
		{"idle", c.idle},
		{"scale up", c.scaleUp},
		{"scale down", c.scaleDown},
		{"drain", c.drain},
		{"rolling update", c.roll},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.name, err)
		}
	}
	return nil
}

// cluster is a control plane on loopback and what is known of it.
type cluster struct {
	folder, dir string
	began       time.Time
	api         *client
	parts       []*part
	natsURL     string
	monitor     string
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

// say prints a line of the timeline.
func (c *cluster) say(format string, args ...any) {
	fmt.Printf("%7.1f s  %s\n", time.Since(c.began).Seconds(), fmt.Sprintf(format, args...))
}

// patience is how long anything may take.
const patience = 5 * time.Minute

// until asks every 200 ms until done, and says what the last answer was when it never was.
func until(ctx context.Context, what string, done func() (bool, string)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, seen := done()
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: not within %v; last seen: %s", what, patience, seen)
		case <-tick.C:
		}
	}
}

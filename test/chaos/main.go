// Command chaos starts the real programs, kills them with -9 at random moments while a news world goes on, starts them
// again, waits until everything is at rest, and compares what the pipeline holds with what the world had:
//
//	go run ./test/chaos -kills 100 -items 2000 -seed 1
//
// It prints one line of JSON, the account, and ends with 1 when anything in it is not as it should be. The broker (-nats 3: a
// cluster of three), two
// fetchers, two extractors and the indexers (two on Elasticsearch, one on SQLite) run; every one of them is killed, and
// so is Elasticsearch unless TOCSIN_ELASTIC_URL names one. The
// same seed gives the same stories and the same plan of kills; what a kill interrupts depends on the machine.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	o := options{log: os.Stderr, elastic: os.Getenv("TOCSIN_ELASTIC_URL")}
	flag.IntVar(&o.kills, "kills", 20, "how many processes are killed")
	flag.IntVar(&o.items, "items", 300, "how many stories the world has")
	flag.Uint64Var(&o.seed, "seed", 1, "decides the stories and the kills")
	flag.StringVar(&o.index, "index", "sqlite", "sqlite, or elastic: the server at TOCSIN_ELASTIC_URL, or one of its own that is killed as well")
	flag.DurationVar(&o.span, "span", 0, "how long stories appear and processes die; 0 fits it to both numbers")
	flag.DurationVar(&o.patience, "patience", 0, "how long to wait for rest after that; 0 is 5 min")
	flag.IntVar(&o.brokers, "nats", 1, "how many brokers: 1, or 3 as a cluster with three copies of everything")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command(ctx, o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos:", err)
		os.Exit(1)
	}
}

// shown is how many problems are told one by one.
const shown = 40

func command(ctx context.Context, o options) (err error) {
	if o.dir, err = os.MkdirTemp("", "tocsin-chaos-"); err != nil {
		return err
	}
	a, err := run(ctx, o)
	if a.Items > 0 {
		if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
			return err
		}
	}
	for _, p := range a.problems[:min(len(a.problems), shown)] {
		fmt.Fprintln(os.Stderr, " ", p)
	}
	switch {
	case err != nil:
		return fmt.Errorf("%w\nlogs and data stay in %s", err, o.dir)
	case !a.clean():
		return fmt.Errorf("%d problems; logs and data stay in %s", len(a.problems), o.dir)
	}
	return os.RemoveAll(o.dir)
}

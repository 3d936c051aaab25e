// Command newsroom lets the fetcher read a world of news feeds with every fault that feeds have, for virtual weeks in
// minutes, and joins what came out with what the world knows was there.
//
//	go run ./test/newsroom -feeds 200 -days 14 -seed 1
//
// It prints one JSON line and exits 1 when anything was lost, duplicated, impolite or silently missing. With -v every
// finding is named on the error output.
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
	o := options{}
	flag.IntVar(&o.Feeds, "feeds", 200, "how many feeds the world has")
	flag.IntVar(&o.Days, "days", 14, "how many virtual days are read")
	flag.Uint64Var(&o.Seed, "seed", 1, "seed of the world")
	verbose := flag.Bool("v", false, "name every finding")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	v, err := simulate(ctx, o, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "newsroom:", err)
		os.Exit(2)
	}
	if *verbose {
		for _, f := range v.findings {
			fmt.Fprintln(os.Stderr, f)
		}
	}
	line, _ := json.Marshal(v) // numbers only: cannot fail
	fmt.Println(string(line))
	if !v.clean() {
		os.Exit(1)
	}
}

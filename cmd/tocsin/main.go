// Command tocsin is the news alarm bell: the whole pipeline in one process, and the commands to operate it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"tocsin/internal/assembly"
)

// cli is the command line: what all commands share, and the commands.
type cli struct {
	globals

	Run      runCmd      `cmd:"" help:"Run the whole pipeline in this process, with an embedded NATS server and index."`
	Search   searchCmd   `cmd:"" help:"Search what was read, by word, name, place, date."`
	Alerts   alertsCmd   `cmd:"" help:"Show what rang, or follow it."`
	Forward  forwardCmd  `cmd:"" help:"Post each alert to a web address: a ticket system, a chat, a script."`
	Feeds    feedsCmd    `cmd:"" help:"List, add, remove, try, import and export feeds."`
	Watch    watchCmd    `cmd:"" help:"Watched names: add, import, try, explain, look back, near misses, rejections, lint."`
	Dates    datesCmd    `cmd:"" help:"Show the dates a text speaks of, resolved."`
	Entities entitiesCmd `cmd:"" help:"Show the people, organisations and places of a text."`
	Ledger   ledgerCmd   `cmd:"" help:"Account for every item that was ever seen: it is searchable, or this says where it is."`
	DLQ      dlqCmd      `cmd:"" name:"dlq" help:"List, show, replay and discard dead letters: what could not go on."`
	Status   statusCmd   `cmd:"" help:"Show on one screen what comes in, what waits where, and what is in trouble."`
	Check    checkCmd    `cmd:"" help:"Look over configuration, NATS, index and feeds, and say what is wrong."`
	Setup    setupCmd    `cmd:"" help:"Create or update streams, consumers, buckets and the Elasticsearch mapping."`
	Reindex  reindexCmd  `cmd:"" help:"Make the Elasticsearch index anew while it is in use."`
	Retain   retainCmd   `cmd:"" help:"Drop months of the index that are older than is to be kept."`
	Kibana   kibanaCmd   `cmd:"" help:"Bring the dashboards into Kibana, or print them."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	var c cli
	options := append(assembly.Kong("tocsin",
		"The news alarm bell: reads news feeds and rings when a watched name appears, however it is spelled.\n\n"+
			"Try it: tocsin run --sample"),
		kong.Vars{"log_level": "warn", "log_format": "text", "nats": ""})
	k := kong.Parse(&c, options...)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	c.out, c.errs = os.Stdout, os.Stderr
	k.BindTo(ctx, (*context.Context)(nil))
	err := k.Run(&c.globals)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tocsin:", err)
		os.Exit(1)
	}
}

type versionCmd struct{}

// Run implements the command.
func (versionCmd) Run(g *globals) error {
	return g.line(map[string]string{"version": assembly.Version()}, "tocsin "+assembly.Version())
}

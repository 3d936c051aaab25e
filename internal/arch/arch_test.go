package arch

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

func TestHouse(t *testing.T) {
	problems, err := Check(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// house builds a module of files given as alternating path and content; a Go file without a comment gets one.
func house(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		content := files[i+1]
		if strings.HasPrefix(content, "package ") {
			content = "// Doc.\n" + content
		}
		fsys[files[i]] = &fstest.MapFile{Data: []byte(content)}
	}
	return fsys
}

func TestWhatIsNotAllowedIsFound(t *testing.T) {
	const room = "services/extractor/dates/x.go"
	for _, row := range []struct{ sentence, path, content, want string }{
		{"a room reads no clock", room, "package dates\nimport \"time\"\nvar t = time.Now()", "dates/x.go:4: a room reads no clock (time.Now)"},
		{"a room does not even hold the clock", room, "package dates\nimport \"time\"\nvar t = time.Now", "a room reads no clock"},
		{"a room waits for nothing", room, "package dates\nimport \"time\"\nfunc f() { time.Sleep(1) }", "a room reads no clock (time.Sleep)"},
		{"a room needs no context", room, "package dates\nimport \"context\"\nvar _ context.Context", "may not import context"},
		{"a room touches no network", room, "package dates\nimport \"net/http\"\nvar _ http.Client", "may not import net/http"},
		{"a room touches no files", room, "package dates\nimport \"os\"\nvar _ os.File", "may not import os"},
		{"a room does not log", room, "package dates\nimport \"log/slog\"\nvar _ slog.Logger", "a room does not log"},
		{"a room knows no other room", room, "package dates\nimport _ \"tocsin/services/extractor/ner\"", "may not import tocsin/services/extractor/ner"},
		{"a room knows no vendor but text libraries", room, "package dates\nimport _ \"modernc.org/sqlite\"", "not in the package's row"},
		{"the contract imports nothing but the standard library", "pkg/messages/x.go", "package messages\nimport _ \"golang.org/x/text/unicode/norm\"", "not in the package's row"},
		{"the contract imports no product package", "pkg/messages/x.go", "package messages\nimport _ \"tocsin/internal/bus\"", "pkg/messages may not import"},
		{"services never import each other", "services/indexer/x.go", "package indexer\nimport _ \"tocsin/services/fetcher\"", "services never import each other"},
		{"not even from an adapter", "services/indexer/elastic/x.go", "package elastic\nimport _ \"tocsin/services/extractor\"", "services never import each other"},
		{"a core does not know the bus", "services/fetcher/x.go", "package fetcher\nimport _ \"tocsin/internal/bus\"", "services/fetcher may not import tocsin/internal/bus"},
		{"a core asks its own clock", "services/fetcher/x.go", "package fetcher\nimport \"time\"\nfunc f() time.Time { return time.Now() }", "a core asks the clock of its Options"},
		{"a core does not speak HTTP", "services/fetcher/x.go", "package fetcher\nimport \"net/http\"\nvar _ http.Client", "a core knows the statuses of HTTP and nothing else of it (http.Client)"},
		{"plumbing knows no service", "internal/daemon/x.go", "package daemon\nimport _ \"tocsin/services/fetcher\"", "internal/daemon may not import"},
		{"only the bus knows NATS, mains included", "cmd/tocsin/x.go", "package main\nimport _ \"github.com/nats-io/nats.go\"", "internal/bus is the only room that knows NATS"},
		{"only mains read flags", "internal/assembly/x.go", "package assembly\nimport _ \"flag\"", "only mains read flags"},
		{"only mains end the process", "internal/bus/x.go", "package bus\nimport \"os\"\nfunc f() { os.Exit(1) }", "only mains end the process (os.Exit)"},
		{"nothing runs behind anybody's back", room, "package dates\nfunc init() {}", "func init"},
		{"a package says what it is for", room, "\npackage dates", "services/extractor/dates: no file has a package comment"},
		{"a new room needs a floor", "internal/attic/x.go", "package attic", "internal/attic: stands on no floor"},
		{"a file that grew too long is split", room, "package dates\n" + strings.Repeat("\n", 600), "has 602 lines; over 600"},
		{"a file that is no Go is shown", room, "package", "cannot be parsed"},
		{"a document names only paths that exist", "README.md", "See `internal/attic`.", "README.md:1: names internal/attic, which does not exist"},
		{"in a fence too", "README.md", "```\ntocsin run --feeds examples/none.yaml\n```", "README.md:2: names examples/none.yaml"},
		{"and behind links", "README.md", "The [map](MAP.md).", "names MAP.md"},
		{"and only make targets that exist", "README.md", "Call `make coffee`.", "names make coffee"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			problems, err := Check(house(row.path, row.content, "Makefile", "test: ## Run all tests\n\tgo test\n"))
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) != 1 || !strings.Contains(problems[0].String(), row.want) {
				t.Errorf("found %v; want one problem holding %q", problems, row.want)
			}
		})
	}
}

func TestWhatIsAllowedIsLeftInPeace(t *testing.T) {
	problems, err := Check(house(
		"services/extractor/dates/x.go", "package dates\nimport (\n\"time\"\n\"net/url\"\n_ \"tocsin/services/extractor/words\"\n_ \"tocsin/pkg/messages\"\n_ \"golang.org/x/text/unicode/norm\"\n)\nvar _ time.Time\nvar _ url.URL",
		"services/extractor/dates/x_test.go", "package dates\nimport _ \"os\"",
		"services/extractor/watch/watchlist/x.go", "package watchlist\nimport _ \"tocsin/services/extractor/watch\"",
		"services/fetcher/x.go", "package fetcher\nimport (\n\"context\"\n\"net/http\"\n\"time\"\n_ \"tocsin/services/fetcher/feed\"\n)\nvar now = time.Now\nvar _ context.Context\nconst ok = http.StatusOK\nfunc Run() time.Time { return time.Now() }",
		"services/indexer/sqlite/x.go", "package sqlite\nimport (\n_ \"os\"\n_ \"tocsin/services/indexer\"\n_ \"modernc.org/sqlite\"\n)",
		"internal/bus/x.go", "package bus\nimport (\n\"time\"\n_ \"github.com/nats-io/nats.go/jetstream\"\n)\nvar _ = time.Now()",
		"internal/assembly/x.go", "package assembly\nimport (\n_ \"tocsin/internal/bus\"\n_ \"tocsin/services/fetcher/httpfeed\"\n)",
		"cmd/tocsin/main.go", "package main\nimport (\n_ \"flag\"\n\"os\"\n)\nfunc main() { os.Exit(0) }",
		"bench/go.mod", "module other", "bench/x.go", "package bench\nimport _ \"example.org/anything\"",
		"deps.go", "package tocsin\nimport _ \"example.org/anything\"",
		"Makefile", "build test: ## Both\n\ttrue\n",
		"README.md", "Call `make test`, read `cmd/tocsin/main.go`, the [bus](internal/bus/x.go), ask `/readyz`, send `application/json`, write `feeds.yaml`, see [NATS](https://nats.io).",
	))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

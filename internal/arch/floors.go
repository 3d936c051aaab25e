package arch

import (
	"go/ast"
	"slices"
	"strings"
)

// row says where a package stands. The first row whose path fits decides; "x/..." is x and everything below it.
type row struct {
	path string
	// product are the packages of this module it may import, besides floor 0, what lies below its own folder, and what
	// the same row covers.
	product []string
	// vendor are the modules it may import, by the beginning of their import paths; nil is none, everything is any.
	vendor []string
	kind   kind
}

// kind is what a package may know of the world.
type kind int

const (
	base    kind = iota // floor 0: no logger, network or process, as a room, but read by all
	pure                // floor 1, rooms: bytes, text and a reference time in, values out
	core                // floor 2: contexts and a logger; interfaces for everything outside
	outer               // plumbing, adapters, assembly
	program             // mains
)

var (
	floor0     = []string{"pkg/messages/...", "internal/retry"}
	everything = []string{""}

	// text are the libraries of the pure rooms: they turn bytes into values and touch nothing else.
	text = []string{
		"codeberg.org/readeck/go-readability/", "github.com/RadhiFadlillah/whatlanggo", "github.com/cespare/xxhash/",
		"github.com/jdkato/prose/", "github.com/klauspost/compress/", "github.com/markusmobius/", "github.com/mmcdole/gofeed",
		"go.yaml.in/yaml/", "golang.org/x/net/html", "golang.org/x/net/idna", "golang.org/x/net/publicsuffix",
		"golang.org/x/text/",
	}
	trace = []string{"go.opentelemetry.io/otel"}
	// flow are small libraries for waiting and running together.
	flow = []string{"golang.org/x/sync/", "golang.org/x/time/", "github.com/cenkalti/backoff/"}
)

// nats is known to one room only, whatever its row allows others.
const (
	nats     = "github.com/nats-io/"
	natsRoom = "internal/bus/..."
)

// floors is the table of ARCHITECTURE.md, lowest floor first but for the exceptions that must be met before their
// trees.
var floors = []row{
	{path: "cmd/...", kind: program, product: everything, vendor: everything},
	{path: "services/fetcher/cmd/...", kind: program, product: everything, vendor: everything},
	{path: "services/extractor/cmd/...", kind: program, product: everything, vendor: everything},
	{path: "services/extractor/ner/cmd/...", kind: program, product: []string{"services/extractor/ner/...", "services/extractor/words"}},
	{path: "services/indexer/cmd/...", kind: program, product: everything, vendor: everything},

	{path: "scripts/...", kind: program},

	{path: "pkg/messages/...", kind: base},
	{path: "internal/retry", kind: base},

	{path: "services/fetcher/feed/...", kind: pure, vendor: text},
	{path: "services/fetcher/article/...", kind: pure, vendor: text},
	{path: "services/fetcher/schedule/...", kind: pure, vendor: text},
	{path: "services/fetcher/feedlist/...", kind: pure, vendor: text},
	{path: "services/extractor/words/...", kind: pure, vendor: text},
	{path: "services/extractor/places/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/lang/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/maintext/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/ner/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/prose/...", kind: pure, vendor: text, product: append([]string{"services/extractor/ner"}, shared...)},
	{path: "services/extractor/dates/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/pubdate/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/watch/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/sketch/...", kind: pure, vendor: text, product: shared},
	{path: "services/extractor/rejected/...", kind: pure, vendor: text},
	{path: "services/indexer/words/...", kind: pure, vendor: text},
	{path: "internal/kibana", kind: pure},
	{path: "internal/grafana", kind: pure},

	{path: "internal/bus/...", kind: outer, vendor: slices.Concat(trace, flow, []string{nats, "golang.org/x/sys/"})},
	{path: "internal/daemon", kind: outer, vendor: slices.Concat(trace, []string{"github.com/prometheus/", "go.opentelemetry.io/proto/", "google.golang.org/protobuf/"})},

	{path: "services/fetcher", kind: core, vendor: slices.Concat(text, flow), product: fetcherRooms},
	{path: "services/extractor", kind: core, vendor: slices.Concat(text, flow), product: extractorRooms},
	{path: "services/indexer", kind: core, vendor: slices.Concat(text, flow), product: []string{"services/indexer/words"}},
	{path: "internal/operate/...", kind: core, vendor: slices.Concat(text, flow), product: []string{
		"services/fetcher", "services/fetcher/feedlist", "services/extractor",
		"services/extractor/watch/...", "services/extractor/rejected", "services/indexer",
	}},

	{path: "services/fetcher/httpfeed/...", kind: outer, product: append([]string{"services/fetcher"}, fetcherRooms...), vendor: slices.Concat(text, flow, []string{
		"code.dny.dev/ssrf", "github.com/andybalholm/brotli", "github.com/jimsmart/grobotstxt", "golang.org/x/net/",
	})},
	{path: "services/indexer/elastic/...", kind: outer, product: indexerRooms, vendor: slices.Concat(text, flow, []string{"github.com/elastic/"})},
	{path: "services/indexer/sqlite/...", kind: outer, product: indexerRooms, vendor: slices.Concat(text, []string{"modernc.org/sqlite"})},
	{path: "services/indexer/indextest/...", kind: outer, product: indexerRooms, vendor: []string{"github.com/google/go-cmp/"}},
	{path: "internal/newsroom/...", kind: outer},
	{path: "internal/forward", kind: outer},
	{path: "internal/kibana/importer", kind: outer, product: []string{"internal/kibana"}},
	{path: "internal/arch", kind: outer},

	{path: "internal/assembly/...", kind: outer, product: everything, vendor: everything},
	{path: "test/deploy/standin", kind: program},
	{path: "test/cluster", kind: program, product: everything, vendor: everything},
	{path: "test/chaos/...", kind: program, product: everything, vendor: everything},
	{path: "test/newsroom/...", kind: program, product: everything, vendor: everything},
	{path: "test/crowd/...", kind: program, product: everything, vendor: everything},
	{path: "test/...", kind: outer, product: everything, vendor: everything},
}

var (
	// shared are the rooms of the extractor that its other rooms may use.
	shared         = []string{"services/extractor/words/...", "services/extractor/places/..."}
	fetcherRooms   = []string{"services/fetcher/feed/...", "services/fetcher/article/...", "services/fetcher/schedule/...", "services/fetcher/feedlist/..."}
	indexerRooms   = []string{"services/indexer", "services/indexer/words"}
	extractorRooms = []string{
		"services/extractor/words/...", "services/extractor/places/...", "services/extractor/lang/...", "services/extractor/maintext/...",
		"services/extractor/ner/...", "services/extractor/dates/...", "services/extractor/pubdate/...", "services/extractor/watch/...",
		"services/extractor/sketch/...", "services/extractor/prose/...", "services/extractor/rejected/...",
	}
)

func rowOf(path string) (row, bool) {
	at := slices.IndexFunc(floors, func(r row) bool { return fits(r.path, path) })
	if at < 0 {
		return row{}, false
	}
	return floors[at], true
}

// fits reports whether a pattern covers a package: the same path, or with "/..." a path below it; "" covers everything.
func fits(pattern, path string) bool {
	tree, whole := strings.CutSuffix(pattern, "/...")
	return pattern == "" || path == tree || whole && strings.HasPrefix(path, tree+"/")
}

func anyFits(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, path) })
}

// refuses returns why a package in dir may not import name, or "".
func (r row) refuses(dir, name string) string {
	inner, product := strings.CutPrefix(name, Module+"/")
	host, _, _ := strings.Cut(name, "/")
	switch {
	case product:
		return r.refusesProduct(dir, inner)
	case strings.Contains(host, "."):
		return r.refusesVendor(dir, name)
	}
	return r.refusesStandard(name)
}

func (r row) refusesProduct(dir, inner string) string {
	mine, theirs := service(dir), service(inner)
	switch {
	case mine != "" && theirs != "" && mine != theirs:
		return "services never import each other; they meet in pkg/messages"
	case anyFits(floor0, inner) || fits(dir+"/...", inner) || fits(r.path, inner) || anyFits(r.product, inner):
		return ""
	}
	return "it lies on the same floor, above, or in another house; declare an interface or pass the value in"
}

func (r row) refusesVendor(dir, name string) string {
	if strings.HasPrefix(name, nats) && !fits(natsRoom, dir) {
		return "internal/bus is the only room that knows NATS; use its types, or declare an interface they satisfy"
	}
	if slices.ContainsFunc(r.vendor, func(p string) bool { return strings.HasPrefix(name, p) }) {
		return ""
	}
	return "this library is not in the package's row of the table in internal/arch"
}

// refusesStandard keeps the world out of rooms and cores: processes, files, networks and, from a room, logs and waiting.
func (r row) refusesStandard(name string) string {
	switch {
	case name == "flag" && r.kind != program:
		return "only mains read flags; take an Options struct"
	case r.kind >= outer:
		return ""
	case name == "net/http" && r.kind == core:
		return "" // for the names of statuses; refusesNode sees to the rest
	case name == "os" || strings.HasPrefix(name, "os/") || name == "net" || name == "net/http" || strings.HasPrefix(name, "net/http/"):
		return "rooms and cores touch no files, network or process; adapters and mains do"
	case r.kind == core:
		return ""
	case name == "log" || name == "log/slog":
		return "a room does not log; return the error or a note"
	case name == "context" && r.kind == pure:
		return "a room neither waits nor calls anybody; it needs no context"
	}
	return ""
}

// clocks are the functions of package time that look at a clock or wait for one.
var clocks = []string{
	"time.Now", "time.Since", "time.Until", "time.Sleep", "time.After", "time.AfterFunc", "time.Tick", "time.NewTimer", "time.NewTicker",
}

// refusesNode returns why an expression may not stand in a package, or "". inLoop says that it stands in a Run, which
// waits by real timers and may hold a stopwatch.
func (r row) refusesNode(n ast.Node, inLoop bool) string {
	if name := selector(n); name != "" {
		switch {
		case r.kind <= pure && slices.Contains(clocks, name):
			return "a room reads no clock (" + name + "); take the time as a parameter"
		case r.kind != program && (name == "os.Exit" || name == "log.Fatal" || name == "log.Fatalf"):
			return "only mains end the process (" + name + "); return the error"
		case r.kind == core && strings.HasPrefix(name, "http.") && !strings.HasPrefix(name, "http.Status"):
			return "a core knows the statuses of HTTP and nothing else of it (" + name + "); ask an adapter"
		}
	}
	if call, ok := n.(*ast.CallExpr); ok && r.kind == core && !inLoop && selector(call.Fun) == "time.Now" {
		return "a core asks the clock of its Options, never time.Now; with that, tests own the time"
	}
	return ""
}

// service is the name of the service a package belongs to, or "".
func service(path string) string {
	rest, ok := strings.CutPrefix(path, "services/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	return name
}

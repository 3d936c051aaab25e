package main

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"os"
	"runtime"
	"runtime/pprof"
	"slices"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/coregx/ahocorasick"

	"tocsin/services/extractor/watch"
)

// partsTable is written by gen/parts, which describes it.
//
//go:embed testdata/parts.tsv.gz
var partsTable []byte

// seedComposed is the seed by which composed names are drawn.
const seedComposed = 1

// scan measures speed and memory on one core, in processor time: cold is a first pass with a new reader, steady a
// second pass that knows the words but not the runs of words.
func scan(args []string, out *printer) error {
	var lists listFlags
	f := out.flags("scan")
	f.Var(&lists, "list", "FORMAT:FILE, repeatable: names to take before composed ones")
	only := f.Int("names", 0, "one size; 10000, 100000 and 1000000 when zero")
	rival := f.Bool("rival", false, "also measure exact search by coregx/ahocorasick")
	profile := f.String("profile", "", "write a processor profile of the last steady pass to this file")
	if err := f.Parse(args); err != nil {
		return err
	}
	texts, err := readTexts(f.Args())
	if err != nil {
		return err
	}
	var listed []watch.Entry
	if len(lists) > 0 {
		if listed, err = lists.load(); err != nil {
			return err
		}
	}
	runtime.GOMAXPROCS(1)
	sizes := []int{10_000, 100_000, 1_000_000}
	if *only > 0 {
		sizes = []int{*only}
	}
	for _, n := range sizes {
		if err := scanOne(n, listed, texts, *profile, out); err != nil {
			return err
		}
		if *rival {
			scanRival(n, listed, texts, out)
		}
	}
	return nil
}

// readTexts reads plain texts, cut at blank lines into pieces of article length, and JSON lines.
func readTexts(files []string) ([]string, error) {
	var texts []string
	for _, file := range files {
		data, err := readFile(file)
		if err != nil {
			return nil, err
		}
		if bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) {
			articles, err := readArticles(file)
			if err != nil {
				return nil, err
			}
			for _, a := range articles {
				texts = append(texts, a.Text)
			}
			continue
		}
		texts = append(texts, strings.Split(string(data), "\n\n")...)
	}
	if len(texts) < 2 {
		return nil, fmt.Errorf("give files with at least two texts")
	}
	return texts, nil
}

// compose lists n entries of one name: the listed ones, then people whose given and family parts are drawn
// independently by how many carry them.
func compose(n int, listed []watch.Entry) []watch.Entry {
	entries := make([]watch.Entry, 0, n)
	for _, e := range listed {
		for i, name := range e.Names {
			if len(entries) < n && e.Kind == watch.Person {
				entries = append(entries, watch.Entry{ID: e.ID + "-" + strconv.Itoa(i), List: "scan", Names: []watch.Name{{Text: name.Text}}})
			}
		}
	}
	given, family := newUrn(1), newUrn(2)
	rng := rand.New(rand.NewSource(seedComposed)) //nolint:gosec // a fixed draw
	seen := map[string]bool{}
	for len(entries) < n {
		name := given.draw(rng) + " " + family.draw(rng)
		if seen[name] {
			continue
		}
		seen[name] = true
		entries = append(entries, watch.Entry{ID: strconv.Itoa(len(entries)), List: "scan", Names: []watch.Name{{Text: name}}})
	}
	return entries
}

// urn draws parts by count.
type urn struct {
	parts []string
	sums  []int
}

func newUrn(column int) *urn {
	z, err := gzip.NewReader(bytes.NewReader(partsTable))
	if err != nil {
		panic(err) // the embedded file is broken
	}
	data, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	u := &urn{}
	total := 0
	for line := range strings.Lines(string(data)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		n, _ := strconv.Atoi(f[column])
		if n == 0 {
			continue
		}
		total += n
		u.parts = append(u.parts, strings.ToUpper(f[0][:1])+f[0][1:])
		u.sums = append(u.sums, total)
	}
	return u
}

func (u *urn) draw(rng *rand.Rand) string {
	return u.parts[sort.SearchInts(u.sums, rng.Intn(u.sums[len(u.sums)-1])+1)]
}

func scanOne(n int, listed []watch.Entry, texts []string, profile string, out *printer) error {
	before := heap()
	x, build := buildIndex(n, listed)
	used := heap() - before
	cold, _ := pass(texts, func(t string) { x.Find(watch.Doc{Text: t}) })
	x.ForgetRuns()
	var steady float64
	var times []time.Duration
	err := profiled(profile, func() { steady, times = pass(texts, func(t string) { x.Find(watch.Doc{Text: t}) }) })
	out.row(field{"names", n}, field{"build_s", build.Seconds()}, field{"heap_mb", used}, field{"cold_mb_s", cold},
		field{"steady_mb_s", steady}, field{"p50_us", percentile(times, 0.50)}, field{"p99_us", percentile(times, 0.99)},
		field{"add_ms", addOne(x).Seconds() * 1000})
	return err
}

// profiled runs measure, with a processor profile of it in file unless that is empty.
func profiled(file string, measure func()) error {
	if file == "" {
		measure()
		return nil
	}
	w, err := os.Create(file) //nolint:gosec // a path the caller gave
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(w); err != nil {
		return errors.Join(err, w.Close())
	}
	measure()
	pprof.StopCPUProfile()
	return w.Close()
}

// buildIndex composes and compiles; the entries are garbage afterwards, and composing is not timed.
func buildIndex(n int, listed []watch.Entry) (*watch.Index, time.Duration) {
	entries := compose(n, listed)
	runtime.GC()
	start := processorTime()
	x, _ := watch.Compile(entries, watch.Options{})
	return x, processorTime() - start
}

// addOne times from adding a name to its first match.
func addOne(x *watch.Index) time.Duration {
	var set watch.Set
	set.Replace(x)
	text := "Yesterday Zebulonius Quagmirovich was seen again."
	start := time.Now()
	set.Add(watch.Entry{ID: "new", List: "scan", Names: []watch.Name{{Text: "Zebulonius Quagmirovich"}}})
	if len(set.Find(watch.Doc{Text: text})) != 1 {
		return -1
	}
	return time.Since(start)
}

// pass times a walk over texts: megabytes a second, and the time of each text.
func pass(texts []string, visit func(string)) (rate float64, times []time.Duration) {
	total := 0
	start := processorTime()
	for _, t := range texts {
		at := time.Now()
		visit(t)
		times = append(times, time.Since(at))
		total += len(t)
	}
	return float64(total) / 1e6 / (processorTime() - start).Seconds(), times
}

// processorTime is the time this process spent computing; other work on the machine does not count.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func percentile(times []time.Duration, p float64) float64 {
	slices.Sort(times)
	return float64(times[min(len(times)-1, int(p*float64(len(times))))].Nanoseconds()) / 1000
}

// heap is the live heap in megabytes.
func heap() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// scanRival measures exact search for the same names, lower-cased.
func scanRival(n int, listed []watch.Entry, texts []string, out *printer) {
	entries := compose(n, listed)
	before := heap()
	start := time.Now()
	b := ahocorasick.NewBuilder()
	for _, e := range entries {
		b.AddPattern([]byte(strings.ToLower(e.Names[0].Text)))
	}
	a, err := b.Build()
	if err != nil {
		fmt.Fprintln(out.w, "ahocorasick:", err)
		return
	}
	build := time.Since(start)
	used := heap() - before
	lowered := make([]string, len(texts))
	for i, t := range texts {
		lowered[i] = strings.ToLower(t)
	}
	rate, times := pass(lowered, func(t string) { a.FindAll([]byte(t), -1) })
	out.row(field{"names", n}, field{"build_s", build.Seconds()}, field{"heap_mb", used}, field{"cold_mb_s", rate},
		field{"steady_mb_s", rate}, field{"p50_us", percentile(times, 0.50)}, field{"p99_us", percentile(times, 0.99)},
		field{"add_ms", build.Seconds() * 1000}, field{"matcher", "ahocorasick, exact"})
}

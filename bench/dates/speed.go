package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"tocsin/services/extractor/dates"
)

// rate is one engine's line of speed: megabytes of text per second of processor time on one core, allocations per
// kilobyte (0 where they cannot be counted), and how many times faster the room is than the engine.
type rate struct {
	Engine      string  `json:"engine"`
	MBs         float64 `json:"mb_s"`
	AllocsPerKB float64 `json:"allocs_per_kb"`
	Ratio       float64 `json:"ratio"`
}

// engine finds all dates of one text; what it finds does not matter here.
type engine struct {
	name string
	find func(text string, ref time.Time)
}

// speed times the room and its rivals over the same texts, one JSON object a line.
func speed(o options, stdout, stderr io.Writer) error {
	docs, err := readTexts(o.files)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	limit := time.Duration(o.seconds * float64(time.Second))
	rates := []rate{measure(engine{"tocsin", func(text string, ref time.Time) { dates.Find(text, ref, dates.Options{}) }}, docs, limit)}
	for _, e := range rivals() {
		rates = append(rates, measure(e, docs, limit))
	}
	if r, err := chrono(docs, limit); err != nil {
		_, _ = fmt.Fprintf(stderr, "dates speed: chrono-node left out: %v\n", err)
	} else {
		rates = append(rates, r)
	}
	out := json.NewEncoder(stdout)
	for _, r := range rates {
		r.Ratio = round(rates[0].MBs / r.MBs)
		r.MBs, r.AllocsPerKB = round(r.MBs), round(r.AllocsPerKB)
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// readTexts reads gold documents, and any other file as one text without a date.
func readTexts(names []string) ([]document, error) {
	var all []document
	for _, n := range names {
		if strings.HasSuffix(strings.TrimSuffix(n, ".gz"), ".jsonl") {
			ds, err := readDocuments(n)
			if err != nil {
				return nil, err
			}
			all = append(all, ds...)
			continue
		}
		text, err := os.ReadFile(n)
		if err != nil {
			return nil, err
		}
		all = append(all, document{ID: filepath.Base(n), DCT: "2015-05-29", Text: string(text)})
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no text in %s", strings.Join(names, ", "))
	}
	return all, nil
}

// measure runs an engine over the documents again and again until its time is up, always at least one document; the
// best pass over all counts, or what was done of the first when one pass takes too long.
func measure(e engine, docs []document, limit time.Duration) rate {
	best := rate{Engine: e.name}
	begin := time.Now()
	for first := true; first || time.Since(begin) < limit; first = false {
		bytes, complete := 0, true
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := cpu()
		for _, d := range docs {
			e.find(d.Text, d.reference())
			bytes += len(d.Text)
			if first && time.Since(begin) > limit && bytes > 0 {
				complete = bytes == total(docs)
				break
			}
		}
		took := cpu() - start
		runtime.ReadMemStats(&after)
		if mbs := float64(bytes) / 1e6 / took.Seconds(); mbs > best.MBs {
			best.MBs = mbs
			best.AllocsPerKB = float64(after.Mallocs-before.Mallocs) / (float64(bytes) / 1e3)
		}
		if !complete {
			break
		}
	}
	return best
}

func total(docs []document) (n int) {
	for _, d := range docs {
		n += len(d.Text)
	}
	return n
}

// cpu is the processor time that the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func round(x float64) float64 { return float64(int(x*100+0.5)) / 100 }

package main

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/prose"
	"tocsin/services/extractor/words"
)

// pace is one line of speed. Tokens and megabytes are per second of one core's time, garbage collection included.
type pace struct {
	Engine       string  `json:"engine"`
	TokensS      float64 `json:"tokens_s"`
	MBS          float64 `json:"mb_s"`
	RatioToProse float64 `json:"ratio_to_prose"`
	AllocsPerDoc float64 `json:"allocs_per_doc"`
	P50ms        float64 `json:"p50_ms"`
	P99ms        float64 `json:"p99_ms"`
	TwoCores     float64 `json:"two_cores,omitempty"`
	Docs         int     `json:"docs"`
	LoadMS       float64 `json:"load_ms"`
	HeapMB       float64 `json:"heap_mb"` // live heap after the run, this engine's own
}

// proseDocs is how many articles prose gets, which needs about 80 ms for each.
const proseDocs = 60

// articleTokens is the length of the articles that files are cut into.
const articleTokens = 1000

type recognizer interface {
	Find(text, lang string) ([]ner.Entity, string)
}

// speed measures both engines on the same articles of about a thousand tokens.
func speed(o options) error {
	texts, err := articles(o.files)
	if err != nil {
		return err
	}
	base := heap()
	start := time.Now()
	crf, err := o.crf()
	if err != nil {
		return err
	}
	load := time.Since(start)
	loaded := heap()
	start = time.Now()
	rival := prose.New()
	rivalLoad := time.Since(start)
	slow := measure(rival, texts[:min(len(texts), proseDocs)])
	slow.Engine, slow.RatioToProse, slow.LoadMS = "prose", 1, ms(rivalLoad)
	withRival := heap()
	measure(crf, texts) // words of the vocabulary are summed when first met
	fast := measure(crf, texts)
	slow.HeapMB, fast.HeapMB = withRival-loaded, heap()-withRival+loaded-base
	runtime.KeepAlive(rival) // else what it holds would be taken off
	fast.Engine, fast.RatioToProse, fast.LoadMS = "crf", fast.TokensS/slow.TokensS, ms(load)
	fast.TwoCores = scaling(crf, texts)
	for _, p := range []pace{fast, slow} {
		o.print(p, "%-5s %9.0f tokens/s %6.2f MB/s  %6.1f x prose  %8.0f allocations an article  p50 %.2f ms p99 %.2f ms  two cores %.2f x  load %.0f ms  heap %.0f MB  (%d articles)",
			p.Engine, p.TokensS, p.MBS, p.RatioToProse, p.AllocsPerDoc, p.P50ms, p.P99ms, p.TwoCores, p.LoadMS, p.HeapMB, p.Docs)
	}
	return nil
}

// articles reads labelled files and plain text and cuts all of it into articles.
func articles(files []string) ([]string, error) {
	var texts []string
	for _, name := range files {
		if !strings.Contains(name, ".bio") {
			b, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			texts = append(texts, string(bytes.ToValidUTF8(b, nil)))
			continue
		}
		docs, err := readLabelled(name)
		if err != nil {
			return nil, err
		}
		for _, d := range docs {
			texts = append(texts, rebuild(d).text)
		}
	}
	return cut(strings.Join(texts, "\n\n")), nil
}

// cut cuts text at sentence ends into pieces of about articleTokens.
func cut(text string) []string {
	var w words.Text
	w.Split(text)
	var out []string
	from, start := 0, 0
	for first, end := range w.Sentences() {
		if end-from >= articleTokens {
			out = append(out, text[start:w.Tokens[end-1].End])
			from, start = end, w.Tokens[end-1].End
		}
		_ = first
	}
	if len(out) == 0 {
		out = append(out, text)
	}
	return out
}

func measure(r recognizer, texts []string) pace {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	tokens, size := volume(texts)
	times := make([]float64, 0, len(texts))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := cpu()
	for _, t := range texts {
		at := time.Now()
		r.Find(t, "en")
		times = append(times, ms(time.Since(at)))
	}
	took := cpu() - began
	runtime.ReadMemStats(&after)
	slices.Sort(times)
	return pace{TokensS: float64(tokens) / took, MBS: float64(size) / 1e6 / took, Docs: len(texts),
		AllocsPerDoc: float64(after.Mallocs-before.Mallocs) / float64(len(texts)),
		P50ms:        times[len(times)/2], P99ms: times[len(times)*99/100]}
}

// scaling is how much more two goroutines on two cores do than one on one, by the clock.
func scaling(r recognizer, texts []string) float64 {
	if runtime.NumCPU() < 2 {
		return 0
	}
	once := func(n int) float64 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
		start := time.Now()
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				for _, t := range texts {
					r.Find(t, "en")
				}
			})
		}
		wg.Wait()
		return float64(n) / time.Since(start).Seconds()
	}
	one, two := 0.0, 0.0
	for range 3 { // the best of each: other work on the machine only ever slows
		one, two = max(one, once(1)), max(two, once(2))
	}
	return two / one
}

func volume(texts []string) (tokens, size int) {
	var w words.Text
	for _, t := range texts {
		w.Split(t)
		tokens += len(w.Tokens)
		size += len(t)
	}
	return tokens, size
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// heap is the live heap in megabytes.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// cpu is the processor time this process has used, in seconds.
func cpu() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(fmt.Sprint("processor time: ", err))
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

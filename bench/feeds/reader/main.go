// Command reader reads one feed document with one engine and reports what that took, as one line of JSON. It links
// nothing but the engines, so that the memory of the process is theirs: a heap grows in proportion to all that lives in
// it, and the tables of other libraries would count as the document's.
//
//	reader ENGINE FILE
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/services/fetcher/feed"
)

// report is what reading came to.
type report struct {
	// Outcome is "read" or "refused".
	Outcome string `json:"outcome"`
	// CPU is the processor time, PeakMB the most memory the process took above what it had before, the document included.
	CPU    float64 `json:"cpu_s"`
	PeakMB float64 `json:"peak_mb"`
	Items  int     `json:"items"`
}

func main() {
	err := errors.New("say which engine, tocsin or gofeed, and which file")
	if len(os.Args) == 3 {
		err = run(os.Args[1], os.Args[2])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reader:", err)
		os.Exit(1)
	}
}

func run(engine, path string) error {
	before, began := memory("VmRSS"), processorTime()
	body, err := os.ReadFile(path) //nolint:gosec // written by the caller
	if err != nil {
		return err
	}
	r := report{Outcome: "read"}
	if r.Items, err = read(engine, body); err != nil {
		r.Outcome = "refused"
	}
	r.CPU, r.PeakMB = (processorTime() - began).Seconds(), float64(memory("VmHWM")-before)/1024
	return json.NewEncoder(os.Stdout).Encode(r)
}

func read(engine string, body []byte) (items int, err error) {
	if engine == "gofeed" {
		f, err := gofeed.NewParser().Parse(bytes.NewReader(body))
		if err != nil {
			return 0, err
		}
		return len(f.Items), nil
	}
	doc, err := feed.Parse(body, "", "https://news.example/feed", nil, feed.Limits{})
	return len(doc.Items), err
}

// memory reads a field of /proc/self/status in KiB; 0 where there is none.
func memory(field string) int {
	data, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), field+":")
	var kib int
	_, _ = fmt.Sscan(rest, &kib)
	return kib
}

// processorTime is that of this process, of all its threads.
func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // cannot fail for oneself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

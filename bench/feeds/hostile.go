package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/bench/measure"
	"tocsin/services/fetcher/feed"
)

// hostileRow is what became of a process that read one document.
type hostileRow struct {
	Engine string `json:"engine"`
	Attack string `json:"attack"`
	Bytes  int    `json:"bytes"`
	// Outcome is "read", "refused", "died" or "too slow"; Died and PeakMB of a summary are over all attacks.
	Outcome string  `json:"outcome"`
	CPU     float64 `json:"cpu_s"`
	// PeakMB is the most memory the process took above what it had before it read the document, the document included.
	PeakMB float64 `json:"peak_mb"`
	Items  int     `json:"items"`
	Died   int     `json:"died"`
}

// childCommand is what this program is called with to read one document.
const childCommand = "read-one"

// hostile has every attack read by every engine in a process of its own, and sums up each engine.
func hostile(o options) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var rows []hostileRow
	for _, engine := range []string{"tocsin", "gofeed"} {
		sum := hostileRow{Engine: engine, Attack: "worst of all"}
		for _, a := range attacks() {
			body := a.make()
			path := filepath.Join(dir, "body")
			if err := os.WriteFile(path, body, 0o600); err != nil {
				return err
			}
			row := readOne(self, engine, path, o.limit())
			row.Engine, row.Attack, row.Bytes = engine, a.name, len(body)
			if row.Outcome == "died" || row.Outcome == "too slow" {
				row.Died = 1
			}
			rows = append(rows, row)
			sum.Bytes, sum.CPU, sum.PeakMB, sum.Died = max(sum.Bytes, row.Bytes), max(sum.CPU, row.CPU), max(sum.PeakMB, row.PeakMB), sum.Died+row.Died
		}
		sum.Outcome = strconv.Itoa(sum.Died) + " died"
		rows = append(rows, sum)
	}
	return measure.Write(o.out, rows, o.json)
}

// readOne has one document read by a child and says what became of it.
func readOne(self, engine, path string, limit time.Duration) hostileRow {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, childCommand, engine+":"+path) //nolint:gosec // this program
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, io.Discard
	err := cmd.Run()
	var row hostileRow
	switch {
	case ctx.Err() != nil:
		row.Outcome = "too slow"
	case err != nil:
		row.Outcome = "died"
	default:
		if err := json.Unmarshal(out.Bytes(), &row); err != nil {
			row.Outcome = "died"
		}
		return row
	}
	if s := cmd.ProcessState; s != nil {
		row.CPU = (s.UserTime() + s.SystemTime()).Seconds()
	}
	return row
}

// child reads one document and reports on itself.
func child(o options) error {
	engine, path, _ := strings.Cut(o.path, ":")
	before, cpu := memory("VmRSS"), measure.CPU()
	body, err := os.ReadFile(path) //nolint:gosec // written by the parent
	if err != nil {
		return err
	}
	var row hostileRow
	if engine == "gofeed" {
		var f *gofeed.Feed
		if f, err = gofeed.NewParser().Parse(bytes.NewReader(body)); err == nil {
			row.Items = len(f.Items)
		}
	} else {
		var doc feed.Document
		doc, err = feed.Parse(body, "", "https://news.example/feed", nil, feed.Limits{})
		row.Items = len(doc.Items)
	}
	row.Outcome = "read"
	if err != nil {
		row.Outcome = "refused"
	}
	row.CPU, row.PeakMB = (measure.CPU() - cpu).Seconds(), float64(memory("VmHWM")-before)/1024
	return json.NewEncoder(o.out).Encode(row)
}

// memory reads a field of /proc/self/status in KiB; 0 where there is none.
func memory(field string) int {
	data, err := os.ReadFile("/proc/self/status")
	if errors.Is(err, os.ErrNotExist) {
		return 0
	}
	_, rest, _ := strings.Cut(string(data), field+":")
	var kib int
	_, _ = fmt.Sscan(rest, &kib)
	return kib
}

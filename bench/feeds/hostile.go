package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"tocsin/bench/measure"
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

// hostile has every attack read by every engine in a process of its own, and sums up each engine.
func hostile(o options) error {
	dir, err := os.MkdirTemp("", "hostile")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	reader := filepath.Join(dir, "reader")
	if out, err := exec.Command("go", "build", "-o", reader, "tocsin/bench/feeds/reader").CombinedOutput(); err != nil { //nolint:gosec // fixed words
		return fmt.Errorf("build the reader, within this module: %w\n%s", err, out)
	}
	var rows []hostileRow
	for _, engine := range []string{"tocsin", "gofeed"} {
		sum := hostileRow{Engine: engine, Attack: "worst of all"}
		for _, a := range attacks() {
			body := a.make()
			path := filepath.Join(dir, "body")
			if err := os.WriteFile(path, body, 0o600); err != nil {
				return err
			}
			row := readOne(reader, engine, path, o.limit())
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
func readOne(reader, engine, path string, limit time.Duration) hostileRow {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, reader, engine, path) //nolint:gosec // built above
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

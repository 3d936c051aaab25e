package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// printer writes rows as a table, or as JSON lines.
type printer struct {
	w    io.Writer
	json bool
	// header was printed.
	header bool
}

// flags gives a flag set that knows --json.
func (p *printer) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.BoolVar(&p.json, "json", false, "one JSON object a line")
	return f
}

// field is one named value of a row.
type field struct {
	name  string
	value any
}

func (p *printer) row(fields ...field) {
	if p.json {
		p.object(fields)
		return
	}
	if !p.header {
		for _, f := range fields {
			fmt.Fprintf(p.w, "%-18s", f.name)
		}
		fmt.Fprintln(p.w)
		p.header = true
	}
	for _, f := range fields {
		if v, ok := f.value.(float64); ok {
			fmt.Fprintf(p.w, "%-18.4g", v)
			continue
		}
		fmt.Fprintf(p.w, "%-18v", f.value)
	}
	fmt.Fprintln(p.w)
}

// object keeps the order of the fields.
func (p *printer) object(fields []field) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		if v, ok := f.value.(float64); ok {
			f.value = math.Round(v*1e5) / 1e5
		}
		name, _ := json.Marshal(f.name)
		value, err := json.Marshal(f.value)
		if err != nil {
			value = []byte("null")
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteString("}\n")
	_, _ = p.w.Write(b.Bytes())
}

// readFile reads a file, unpacking gzip.
func readFile(name string) ([]byte, error) {
	data, err := os.ReadFile(name) //nolint:gosec // a path the caller gave
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return data, err
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	out, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

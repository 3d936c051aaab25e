package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"

	"tocsin/bench/measure"
	"tocsin/services/extractor/maintext"
)

// textRow is how well an engine finds the main text of pages.
type textRow struct {
	Engine    string  `json:"engine"`
	Pages     int     `json:"pages"`
	F1        float64 `json:"f1"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	// Lowest is the F1 of the worst page, Slowest the processor time of the slowest.
	Lowest    float64 `json:"lowest"`
	PagesCPU  float64 `json:"pages_per_cpu_s"`
	SlowestMS float64 `json:"slowest_ms"`
}

// page is one page with what is wanted of it: its text, or sentences in it and sentences that are not.
type page struct {
	name, address   string
	html            []byte
	text            string
	with, without   []string
	judgedBySamples bool
}

var extractors = []struct {
	name string
	text func(p page) string
}{
	{"tocsin", func(p page) string {
		decoded, _, err := maintext.Decode(p.html, "")
		if err != nil {
			return ""
		}
		found, err := maintext.Extract(decoded, p.address)
		if err != nil {
			return ""
		}
		return found.Body
	}},
	{"go-trafilatura", func(p page) string { return byTrafilatura(p, true) }},
	{"go-trafilatura, no fallback", func(p page) string { return byTrafilatura(p, false) }},
	{"go-readability", func(p page) string {
		address, _ := url.Parse(p.address)
		parser := readability.NewParser()
		a, err := parser.Parse(strings.NewReader(decoded(p)), address)
		if err != nil || a.Node == nil {
			return ""
		}
		var b strings.Builder
		if a.RenderText(&b) != nil {
			return ""
		}
		return b.String()
	}},
}

func decoded(p page) string {
	text, _, err := maintext.Decode(p.html, "")
	if err != nil {
		return string(p.html)
	}
	return text
}

func byTrafilatura(p page, fallback bool) string {
	res, err := trafilatura.Extract(strings.NewReader(decoded(p)), trafilatura.Options{
		EnableFallback: fallback, ExcludeComments: true, HtmlDateMode: trafilatura.Disabled,
	})
	if err != nil {
		return ""
	}
	return res.ContentText
}

func text(o options) error {
	pages, err := readPages(o.path)
	if err != nil {
		return err
	}
	var rows []textRow
	for _, e := range extractors {
		row := textRow{Engine: e.name, Pages: len(pages), Lowest: 1}
		e.text(pages[0]) // tables are made at first use
		var sum counts
		total := 0.0
		for _, p := range pages {
			before := measure.CPU()
			got := e.text(p)
			took := (measure.CPU() - before).Seconds()
			total += took
			row.SlowestMS = max(row.SlowestMS, took*1000)
			c := p.judge(got)
			sum = sum.plus(c)
			if f1 := c.f1(); f1 < row.Lowest {
				row.Lowest = f1
			}
			if o.list && e.name == "tocsin" {
				_, _ = fmt.Fprintf(o.out, "%.3f\t%.3f\t%.3f\t%s\n", c.f1(), c.precision(), c.recall(), p.name)
			}
		}
		row.F1, row.Precision, row.Recall = sum.f1(), sum.precision(), sum.recall()
		row.PagesCPU = float64(len(pages)) / total
		rows = append(rows, row)
	}
	return measure.Write(o.out, rows, o.json)
}

func readPages(dir string) ([]page, error) {
	truth, err := os.ReadFile(filepath.Join(dir, "ground-truth.json")) //nolint:gosec // a path the caller gave
	if err == nil {
		return readBenchmark(dir, truth)
	}
	if pages, err := readSamples(dir); err == nil {
		return pages, nil
	}
	return nil, fmt.Errorf("%s holds no ground-truth.json and is no folder of go-trafilatura's module", dir)
}

// readBenchmark reads the layout of scrapinghub/article-extraction-benchmark.
func readBenchmark(dir string, truth []byte) ([]page, error) {
	var wanted map[string]struct {
		ArticleBody string `json:"articleBody"`
		URL         string `json:"url"`
	}
	if err := json.Unmarshal(truth, &wanted); err != nil {
		return nil, fmt.Errorf("ground-truth.json: %w", err)
	}
	var pages []page
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		html, err := unzip(filepath.Join(dir, "html", id+".html.gz"))
		if err != nil {
			return nil, err
		}
		pages = append(pages, page{name: id, address: wanted[id].URL, html: html, text: wanted[id].ArticleBody})
	}
	if len(pages) == 0 {
		return nil, fmt.Errorf("%s: ground-truth.json names no page", dir)
	}
	return pages, nil
}

func unzip(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // a path the caller gave
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return io.ReadAll(z)
}

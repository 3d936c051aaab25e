package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"time"

	"github.com/markusmobius/go-htmldate"

	"tocsin/services/extractor/maintext"
	"tocsin/services/extractor/pubdate"
)

// engine finds the date of a page; the zero time when it finds none. by says where, for a reader.
type engine struct {
	name string
	find func(p page, fetched time.Time) (day time.Time, by string)
}

func engines() []engine {
	return []engine{
		{"tocsin", byTocsin},
		{"go-htmldate", func(p page, fetched time.Time) (time.Time, string) { return byHTMLDate(p, htmldate.Options{}, fetched) }},
		{"go-htmldate fast", func(p page, fetched time.Time) (time.Time, string) {
			return byHTMLDate(p, htmldate.Options{SkipExtensiveSearch: true}, fetched)
		}},
	}
}

// byTocsin counts the decoding of the page to its time, as go-htmldate's includes it.
func byTocsin(p page, fetched time.Time) (time.Time, string) {
	html, _, err := maintext.Decode(p.bytes, "")
	if err != nil {
		return time.Time{}, "undecodable"
	}
	f := pubdate.Find(pubdate.Article{Page: html, Address: p.URL}, pubdate.Bounds{FetchedAt: fetched})
	if !f.Known() {
		return time.Time{}, "none"
	}
	if f.Local.IsZero() {
		return f.From, f.Source // the first day of a month counts as an answer
	}
	return f.Local, f.Source
}

// byHTMLDate gives go-htmldate the page and no address, which is how its own comparison is made and where it does best.
func byHTMLDate(p page, o htmldate.Options, fetched time.Time) (time.Time, string) {
	o.UseOriginalDate, o.MaxDate = true, fetched
	res, err := htmldate.FromReader(strings.NewReader(string(p.bytes)), o)
	if err != nil || res.IsZero() {
		return time.Time{}, "none"
	}
	return res.DateTime, res.SrcString
}

// result is one engine's line: the share of all pages with the right day, rightly none included; the share that is at
// most one day off, rightly none included; pages a second on one core.
type result struct {
	Engine    string  `json:"engine"`
	Exact     float64 `json:"exact"`
	WithinDay float64 `json:"within_day"`
	PagesS    float64 `json:"pages_s"`
}

// score prints one JSON object a line for each engine.
func score(o options, stdout io.Writer) error {
	pages, err := readPages(o.files)
	if err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	out := json.NewEncoder(stdout)
	for _, e := range engines() {
		if err := out.Encode(measure(e, pages, o.fetched)); err != nil {
			return err
		}
	}
	return nil
}

func measure(e engine, pages []page, fetched time.Time) result {
	exact, near := 0, 0
	began := cpu()
	for _, p := range pages {
		day, _ := e.find(p, fetched)
		switch off, both := daysBetween(p.day, day); {
		case both && off == 0:
			exact++
			near++
		case both && off == 1:
			near++
		}
	}
	n := float64(len(pages))
	return result{e.name, round(float64(exact)/n, 4), round(float64(near)/n, 4), round(n/(cpu()-began).Seconds(), 1)}
}

// daysBetween compares calendar days; both is false when one has a date and the other has none.
func daysBetween(a, b time.Time) (days int, both bool) {
	if a.IsZero() || b.IsZero() {
		return 0, a.IsZero() == b.IsZero()
	}
	hours := dayOf(a).Sub(dayOf(b)).Hours()
	return int(math.Abs(hours)) / 24, true
}

func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

// listErrors prints every page that tocsin gets wrong, with where its answer came from and go-htmldate's beside it.
func listErrors(o options, stdout io.Writer) error {
	pages, err := readPages(o.files)
	if err != nil {
		return err
	}
	ours, theirs := engines()[0], engines()[1]
	for _, p := range pages {
		day, by := ours.find(p, o.fetched)
		if off, both := daysBetween(p.day, day); both && off == 0 {
			continue
		}
		rival, word := theirs.find(p, o.fetched)
		if _, err := fmt.Fprintf(stdout, "%s\t%s\n\twant %s, got %s by %s; go-htmldate %s by %.60q\n",
			p.File, p.URL, written(p.day), written(day), by, written(rival), word); err != nil {
			return err
		}
	}
	return nil
}

func written(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return t.Format(time.DateOnly)
}

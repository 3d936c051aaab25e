package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"strings"
	"time"

	"github.com/mmcdole/gofeed"

	"tocsin/bench/measure"
	"tocsin/services/fetcher/feed"
)

// dateRow is what an engine made of the written dates. A form that means no instant is right when none is claimed.
type dateRow struct {
	Engine string `json:"engine"`
	Forms  int    `json:"forms"`
	Right  int    `json:"right"`
	Wrong  int    `json:"wrong"`
	None   int    `json:"none"`
}

var dateReaders = []struct {
	name string
	read func(s string) (time.Time, bool)
}{
	{"tocsin", func(s string) (time.Time, bool) {
		at, _, ok := feed.Date(s)
		return at, ok
	}},
	{"gofeed", func(s string) (time.Time, bool) {
		f, err := gofeed.NewParser().ParseString(`<rss version="2.0"><channel><item><pubDate>` + html.EscapeString(s) + `</pubDate></item></channel></rss>`)
		if err != nil || len(f.Items) == 0 || f.Items[0].PublishedParsed == nil {
			return time.Time{}, false
		}
		return *f.Items[0].PublishedParsed, true
	}},
}

func dates(o options) error {
	data, err := os.ReadFile(o.path)
	if err != nil {
		return err
	}
	rows := make([]dateRow, len(dateReaders))
	for i, r := range dateReaders {
		rows[i].Engine = r.name
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			written, want, ok := strings.Cut(lines.Text(), "\t")
			if !ok || strings.HasPrefix(written, "#") {
				continue
			}
			if err := json.Unmarshal([]byte(written), &written); err != nil {
				return fmt.Errorf("%s: %s: %w", o.path, lines.Text(), err)
			}
			at, found := r.read(written)
			rows[i].add(o, written, strings.TrimSpace(want), at, found)
		}
	}
	return measure.Write(o.out, rows, o.json)
}

func (row *dateRow) add(o options, written, want string, at time.Time, found bool) {
	row.Forms++
	instant, err := time.Parse(time.RFC3339, want)
	switch {
	case err != nil && !found, err == nil && found && at.Truncate(time.Second).Equal(instant):
		row.Right++
		return
	case found:
		row.Wrong++
	default:
		row.None++
	}
	if o.list {
		_, _ = fmt.Fprintf(o.out, "%s\t%q\tgot %s, want %s\n", row.Engine, written, stamp(at), want)
	}
}

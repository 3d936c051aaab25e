package flow

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"tocsin/bench/pace/corpus"
)

// press serves feeds of invented articles over loopback: feed f holds those articles whose number leaves f when divided
// by the number of feeds.
type press struct {
	corpus   *corpus.Corpus
	feeds    int
	articles int     // in all; those beyond never appear
	rate     float64 // articles a second that appear in all feeds together; 0: all are there from the beginning
	window   int     // how many items a feed shows at most, newest first
	share    int     // one article in so many holds a watched name

	began  time.Time
	server *http.Server
	base   string
	served sync.WaitGroup
}

func (p *press) open(ctx context.Context) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.base = "http://" + l.Addr().String()
	p.began = time.Now()
	p.server = &http.Server{Handler: http.HandlerFunc(p.serve), ReadHeaderTimeout: 10 * time.Second}
	p.served.Go(func() { _ = p.server.Serve(l) }) // ends by close
	return nil
}

func (p *press) close() error {
	if p.server == nil {
		return nil
	}
	err := p.server.Close()
	p.served.Wait()
	return err
}

// appeared is how many articles have appeared by now.
func (p *press) appeared() int {
	if p.rate == 0 {
		return p.articles
	}
	return min(int(time.Since(p.began).Seconds()*p.rate), p.articles)
}

// write writes the list of feeds for a fetcher, each polled every so often.
func (p *press) write(path string, every time.Duration) error {
	var b strings.Builder
	b.WriteString("feeds:\n")
	for f := range p.feeds {
		fmt.Fprintf(&b, "  - {url: %q, id: pace-%d, source: pace-%d, every: %v}\n", fmt.Sprintf("%s/%d", p.base, f), f, f, every)
	}
	return os.WriteFile(path, []byte(b.String()), 0o600)
}

// serve answers with RSS that carries the articles' text.
func (p *press) serve(w http.ResponseWriter, r *http.Request) {
	var feed int
	if _, err := fmt.Sscanf(r.URL.Path, "/%d", &feed); err != nil || feed < 0 || feed >= p.feeds {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Feed %d</title><link>%s</link><language>en</language>`, feed, p.base)
	last := p.appeared() - 1
	last -= ((last-feed)%p.feeds + p.feeds) % p.feeds
	for i, shown := last, 0; i >= 0 && shown < p.window; i, shown = i-p.feeds, shown+1 {
		if err := p.item(&b, i); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	b.WriteString("</channel></rss>")
	_, _ = w.Write([]byte(b.String())) // the fetcher asks again
}

func (p *press) item(b *strings.Builder, i int) error {
	d := p.corpus.Draft(i, i%p.share == 0)
	fmt.Fprintf(b, "<item><title>")
	err := xml.EscapeText(b, []byte(d.Title))
	fmt.Fprintf(b, "</title><link>%s/article/%d</link><guid>%s/article/%d</guid><pubDate>%s</pubDate><content:encoded><![CDATA[<p>%s</p>]]></content:encoded></item>",
		p.base, i, p.base, i, d.At.Format(time.RFC1123Z), strings.Join(d.Sections, "</p>\n<p>"))
	if err != nil {
		return errors.Join(errors.New("escape a title"), err)
	}
	return nil
}

package fetching

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"tocsin/services/fetcher"
	"tocsin/services/fetcher/feed"
	"tocsin/services/fetcher/httpfeed"
)

// Preview is what one look at a feed shows.
type Preview struct {
	URL    string        `json:"url"`
	Title  string        `json:"title"`
	Format string        `json:"format"`
	Bytes  int64         `json:"bytes"`
	Items  []PreviewItem `json:"items"`
	Notes  []string      `json:"notes,omitempty"`
}

// PreviewItem is one item of a Preview.
type PreviewItem struct {
	Title     string    `json:"title"`
	Link      string    `json:"link"`
	Published time.Time `json:"published,omitzero"`
}

// TryFeed fetches a feed once, as the fetcher would, and stores nothing.
func TryFeed(ctx context.Context, url string, reach ReachFlags) (Preview, error) {
	client, err := httpfeed.New(reach.options())
	if err != nil {
		return Preview{}, err
	}
	defer client.Close()
	return tryFeed(ctx, client, url)
}

func tryFeed(ctx context.Context, client *httpfeed.Client, url string) (Preview, error) {
	answer, err := client.Fetch(ctx, fetcher.Request{URL: url})
	if err != nil {
		return Preview{}, err
	}
	if answer.Status != http.StatusOK {
		return Preview{}, fmt.Errorf("%s answered %d %s", url, answer.Status, http.StatusText(answer.Status))
	}
	doc, err := feed.Parse(answer.Body, answer.ContentType, answer.URL, nil, feed.Limits{})
	if err != nil {
		return Preview{}, fmt.Errorf("%s: %w", url, err)
	}
	p := Preview{URL: answer.URL, Title: doc.Title, Format: doc.Format, Bytes: answer.Wire}
	p.Notes = append(answer.Notes[:len(answer.Notes):len(answer.Notes)], doc.Notes...)
	for _, item := range doc.Items {
		p.Items = append(p.Items, PreviewItem{Title: item.Title, Link: item.Link, Published: item.Published})
	}
	return p, nil
}

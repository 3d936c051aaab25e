package elastic

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/services/indexer"
)

// Months implements indexer.Shelf, over all generations. While one is being made it refuses: what compares generations
// must not see one of them shrink.
func (x *months) Months(ctx context.Context, before time.Time) ([]indexer.Month, error) {
	next, err := x.template(ctx, nextName(x.o.Prefix))
	if err == nil && next.Schema > 0 {
		err = fmt.Errorf("a reindex of %s is under way; end it with tocsin reindex, or give it up with --abort", x.o.Prefix)
	}
	if err != nil {
		return nil, err
	}
	var answer struct {
		Indices map[string]struct {
			Primaries struct {
				Docs struct {
					Count int `json:"count"`
				} `json:"docs"`
				Store struct {
					Bytes int64 `json:"size_in_bytes"`
				} `json:"store"`
			} `json:"primaries"`
		} `json:"indices"`
	}
	err = x.ask(ctx, func() esapi.Request {
		return esapi.IndicesStatsRequest{Index: []string{x.o.Prefix + "-v*"}, Metric: []string{"docs", "store"},
			FilterPath: []string{"indices.*.primaries"}}
	}, &answer)
	if err != nil {
		return nil, fmt.Errorf("list the months of %s: %w", x.o.Prefix, err)
	}
	var all []indexer.Month
	for name, stats := range answer.Indices {
		start, _ := monthIn(name)
		m := indexer.Month{Name: name, Start: start, Documents: stats.Primaries.Docs.Count, Bytes: stats.Primaries.Store.Bytes}
		if generationIn(x.o.Prefix, name) > 0 && !m.End().After(before) {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, func(a, b indexer.Month) int {
		if c := a.Start.Compare(b.Start); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all, nil
}

// Holds implements indexer.Shelf.
func (x *months) Holds(ctx context.Context, m indexer.Month, ids []string) (int, error) {
	err := x.ask(ctx, func() esapi.Request { return esapi.IndicesRefreshRequest{Index: []string{m.Name}} }, nil)
	n := 0
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err != nil {
			break
		}
		var answer struct {
			Count int `json:"count"`
		}
		err = x.ask(ctx, func() esapi.Request {
			return esapi.CountRequest{Index: []string{m.Name}, Body: jsonBody(object{"query": object{"ids": object{"values": some}}})}
		}, &answer)
		n += answer.Count
	}
	if status(err) == http.StatusNotFound {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for articles in %s: %w", m.Name, err)
	}
	return n, nil
}

// Drop implements indexer.Shelf: the index is deleted.
func (x *months) Drop(ctx context.Context, m indexer.Month) error {
	if start, _ := monthIn(m.Name); generationIn(x.o.Prefix, m.Name) == 0 || !start.Equal(m.Start) {
		return fmt.Errorf("index %s is no month of %s", m.Name, x.o.Prefix)
	}
	if err := x.drop(ctx, esapi.IndicesDeleteRequest{Index: []string{m.Name}}); err != nil {
		return fmt.Errorf("delete index %s: %w", m.Name, err)
	}
	return nil
}

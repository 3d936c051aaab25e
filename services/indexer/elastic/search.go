package elastic

import (
	"context"
	"fmt"
	"net/http"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// searchAnswer is the part of a search's answer that is read.
type searchAnswer struct {
	Hits struct {
		Total struct {
			Value int `json:"value"`
		} `json:"total"`
		Hits []struct {
			Source indexer.Document `json:"_source"`
			Score  float64          `json:"_score"`
		} `json:"hits"`
	} `json:"hits"`
	Aggregations map[string]aggregation `json:"aggregations"`
}

// search asks the alias. An answer from some of the shards only is an error, not a smaller answer.
func (x *Index) search(ctx context.Context, body object) (searchAnswer, error) {
	var answer searchAnswer
	no := false
	err := x.ask(ctx, func() esapi.Request {
		return esapi.SearchRequest{Index: []string{x.o.Prefix}, AllowPartialSearchResults: &no, Body: jsonBody(body)}
	}, &answer)
	if status(err) == http.StatusNotFound {
		err = fmt.Errorf("elasticsearch is not set up for %s; run the setup step first: %w", x.o.Prefix, err)
	}
	if err != nil {
		return answer, fmt.Errorf("search elasticsearch: %w", err)
	}
	return answer, nil
}

// Search implements indexer.Reader.
func (x *Index) Search(ctx context.Context, q indexer.Query) (indexer.Page, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return indexer.Page{}, err
	}
	from, resume, err := q.Resume()
	if err != nil {
		return indexer.Page{}, err
	}
	body := object{
		"query": query(q), "size": q.Limit + 1, "track_total_hits": true, "_source": object{"excludes": []string{"detail", "sketch"}},
		"sort": []object{{"at": "desc"}, {"id": "asc"}},
	}
	after := []any{from.At, from.ID}
	if q.Ranked() {
		body["sort"] = []object{{"_score": "desc"}, {"id": "asc"}}
		after = []any{from.Score, from.ID}
	}
	if resume {
		body["search_after"] = after
	}
	answer, err := x.search(ctx, body)
	if err != nil {
		return indexer.Page{}, err
	}
	page := indexer.Page{Total: answer.Hits.Total.Value, Hits: []indexer.Hit{}}
	for _, h := range answer.Hits.Hits {
		page.Hits = append(page.Hits, indexer.NewHit(h.Source, q, h.Score))
	}
	if len(page.Hits) > q.Limit {
		page.Hits = page.Hits[:q.Limit]
		page.Next = q.Next(page.Hits[q.Limit-1])
	}
	return page, nil
}

// Article implements indexer.Archive. It sees what was refreshed.
func (x *Index) Article(ctx context.Context, id string) (messages.EnrichedArticle, error) {
	answer, err := x.search(ctx, object{"query": object{"ids": object{"values": []string{id}}}, "size": 1})
	if err != nil {
		return messages.EnrichedArticle{}, err
	}
	if len(answer.Hits.Hits) == 0 || answer.Hits.Hits[0].Source.Detail == nil {
		return messages.EnrichedArticle{}, fmt.Errorf("%w: %s", indexer.ErrNotFound, id)
	}
	return answer.Hits.Hits[0].Source.Article(), nil
}

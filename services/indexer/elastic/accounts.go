package elastic

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// idsAtOnce is how many ids one search looks up, well below index.max_result_window.
const idsAtOnce = 5000

// revisionAnswer is the part of an answer that books are made of.
type revisionAnswer struct {
	Hits struct {
		Hits []struct {
			ID     string `json:"_id"`
			Fields struct {
				Revision []int `json:"revision"`
			} `json:"fields"`
		} `json:"hits"`
	} `json:"hits"`
}

// Revisions implements indexer.Accountant: the indices are refreshed, then asked for one number per id, without reading
// any document.
func (x *Index) Revisions(ctx context.Context, ids []string) (map[string]int, error) {
	all := make(map[string]int, len(ids))
	if len(ids) == 0 {
		return all, nil
	}
	if err := x.ask(ctx, x.refresh, nil); err != nil {
		if status(err) == http.StatusNotFound {
			err = fmt.Errorf("elasticsearch is not set up for %s; run the setup step first: %w", x.o.Prefix, err)
		}
		return nil, fmt.Errorf("refresh before the books are read: %w", err)
	}
	for some := range slices.Chunk(ids, idsAtOnce) {
		if err := x.revisions(ctx, some, all); err != nil {
			return nil, fmt.Errorf("ask for revisions: %w", err)
		}
	}
	return all, nil
}

func (x *Index) refresh() esapi.Request {
	return esapi.IndicesRefreshRequest{Index: []string{x.o.Prefix}}
}

func (x *Index) revisions(ctx context.Context, ids []string, all map[string]int) error {
	var answer revisionAnswer
	no := false
	err := x.ask(ctx, func() esapi.Request {
		return esapi.SearchRequest{Index: []string{x.o.Prefix}, AllowPartialSearchResults: &no,
			FilterPath: []string{"hits.hits._id", "hits.hits.fields", "_shards.failed"},
			Body: jsonBody(object{"query": object{"ids": object{"values": ids}}, "size": len(ids), "_source": false,
				"docvalue_fields": []string{"revision"}, "track_total_hits": false})}
	}, &answer)
	if err != nil {
		return err
	}
	for _, h := range answer.Hits.Hits {
		if len(h.Fields.Revision) == 1 {
			all[h.ID] = max(all[h.ID], h.Fields.Revision[0])
		}
	}
	return nil
}

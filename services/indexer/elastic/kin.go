package elastic

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// How near-copies are found: by a few of their lowest hashes, then by comparing whole sketches.
const (
	askedHashes  = 32 // of the sketch that kin is sought for
	sharedHashes = 3  // needed before two sketches are compared
	mostKin      = 64 // compared at most
	kinAtOnce    = 64 // searches in one request
	mostMonths   = 24 // searched at most
)

// kinAnswer is the part of the answers that is read.
type kinAnswer struct {
	Responses []struct {
		Status int `json:"status"`
		Hits   struct {
			Hits []struct {
				Source struct {
					ID     string   `json:"id"`
					Group  string   `json:"group"`
					Sketch []uint64 `json:"sketch"`
				} `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
		Error *struct {
			Reason string `json:"reason"`
		} `json:"error"`
	} `json:"responses"`
}

// Kin implements indexer.Kin. It sees what was refreshed.
func (x *Index) Kin(ctx context.Context, sketches [][]uint64, since time.Time) ([][]indexer.Relative, error) {
	all := make([][]indexer.Relative, 0, len(sketches))
	for some := range slices.Chunk(sketches, kinAtOnce) {
		found, err := x.kin(ctx, some, since)
		if err != nil {
			return nil, fmt.Errorf("ask elasticsearch for near-copies: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func (x *Index) kin(ctx context.Context, sketches [][]uint64, since time.Time) ([][]indexer.Relative, error) {
	var answer kinAnswer
	if _, err := x.current(ctx); err != nil { // which indices to ask
		return nil, err
	}
	body, err := x.kinQueries(sketches, since, x.monthsFrom(since))
	if err != nil {
		return nil, err
	}
	err = x.ask(ctx, func() esapi.Request {
		return esapi.MsearchRequest{Body: bytes.NewReader(body), FilterPath: []string{
			"responses.status", "responses.error.reason", "responses.hits.hits._source"}}
	}, &answer)
	if err != nil {
		return nil, err
	}
	if len(answer.Responses) != len(sketches) {
		return nil, fmt.Errorf("answers to %d of %d questions", len(answer.Responses), len(sketches))
	}
	all := make([][]indexer.Relative, len(sketches))
	for i, r := range answer.Responses {
		if r.Status != http.StatusOK {
			reason := "status " + strconv.Itoa(r.Status)
			if r.Error != nil {
				reason += ": " + r.Error.Reason
			}
			return nil, errors.New(reason)
		}
		for _, h := range r.Hits.Hits {
			if messages.NearCopies(sketches[i], h.Source.Sketch) {
				all[i] = append(all[i], indexer.Relative{ID: h.Source.ID, Group: h.Source.Group})
			}
		}
	}
	return all, nil
}

// kinQueries are the lines of a multi-search, two for each sketch.
func (x *Index) kinQueries(sketches [][]uint64, since time.Time, months []string) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b) // ends each value with a newline
	for _, sketch := range sketches {
		should := make([]object, min(askedHashes, len(sketch)))
		for i := range should {
			should[i] = object{"term": object{"sketch": strconv.FormatUint(sketch[i], 10)}}
		}
		err := errors.Join(
			encoder.Encode(object{"index": months, "ignore_unavailable": true, "allow_partial_search_results": false}),
			encoder.Encode(object{"size": mostKin, "track_total_hits": false, "_source": []string{"id", "group", "sketch"},
				// All in filters: a score costs more than the search.
				"query": object{"bool": object{"filter": []object{
					{"range": object{"first_seen": object{"gte": since.UTC().Format(time.RFC3339Nano)}}},
					{"bool": object{"should": should, "minimum_should_match": sharedHashes}},
				}}}}))
		if err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// monthsFrom are the indices of articles first seen since then: those of the months up to now, and of the next for clocks
// that are ahead.
func (x *Index) monthsFrom(since time.Time) []string {
	since = since.UTC()
	end := x.o.Now().UTC().AddDate(0, 1, 0)
	var all []string
	for at := time.Date(since.Year(), since.Month(), 1, 0, 0, 0, 0, time.UTC); !at.After(end) && len(all) < mostMonths; at = at.AddDate(0, 1, 0) {
		all = append(all, x.month(at))
	}
	return all
}

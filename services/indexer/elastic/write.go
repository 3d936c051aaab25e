package elastic

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/internal/retry"
	"tocsin/services/indexer"
)

// maxID is what Elasticsearch takes as _id, in bytes. One longer id would have a whole bulk refused.
const maxID = 512

// item is one document on its way into the cluster.
type item struct {
	id      string
	index   string
	lines   []byte // action and document, a line each
	outcome indexer.Outcome
	settled bool
}

func (i *item) settle(o indexer.Outcome) { i.outcome, i.settled = o, true }

// Write implements indexer.Writer: one bulk request, or several where the batch is too large for one.
func (x *Index) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	records := make([]record, len(docs))
	for i, d := range docs {
		records[i] = record{id: d.ID, at: d.FirstSeen, version: d.Version(), body: d}
	}
	return x.write(ctx, records)
}

// record is one document to write: its id, the time that says its month, its version and its JSON to be. rule is the
// version_type; empty is "external", by which an equal version stays.
type record struct {
	id      string
	at      time.Time
	version int64
	body    any
	rule    string
}

// write is Write for any kind of document.
func (x *months) write(ctx context.Context, records []record) ([]indexer.Outcome, error) {
	items, err := x.items(ctx, records)
	if err != nil {
		return nil, fmt.Errorf("write to elasticsearch: %w", err)
	}
	p := x.newPauses()
	for _, part := range parts(items, x.o.MaxBytes) {
		if err = x.send(ctx, part, p); err != nil {
			break // what the rest would meet too
		}
	}
	outcomes := make([]indexer.Outcome, len(items))
	settled := 0
	for i, it := range items {
		outcomes[i] = it.outcome
		if it.settled {
			settled++
		} else {
			outcomes[i].Err = err
		}
	}
	if settled == 0 && err != nil {
		return nil, fmt.Errorf("write to elasticsearch: %w", err)
	}
	return outcomes, nil
}

// items finds every record its index and encodes it.
func (x *months) items(ctx context.Context, records []record) ([]*item, error) {
	homes, err := x.homes(ctx, records)
	if err != nil {
		return nil, err
	}
	items := make([]*item, len(records))
	for i, r := range records {
		it := &item{id: r.id, index: homes[r.id]}
		items[i] = it
		if it.index == "" { // the first of its id
			if it.index, err = x.place(ctx, r.at); err != nil {
				return nil, err
			}
			homes[r.id] = it.index
		}
		if it.lines, err = lines(it.index, r); err != nil {
			it.settle(indexer.Outcome{Err: retry.Never("mapping", err)})
		}
	}
	return items, nil
}

// lines are a record's two lines of a bulk request.
func lines(index string, r record) ([]byte, error) {
	if r.id == "" || len(r.id) > maxID {
		return nil, fmt.Errorf("the id has %d bytes; elasticsearch takes 1 to %d", len(r.id), maxID)
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b) // ends each value with a newline
	encoder.SetEscapeHTML(false)
	action := object{"_index": index, "_id": r.id, "version": r.version, "version_type": cmp.Or(r.rule, "external")}
	err := errors.Join(encoder.Encode(object{"index": action}), encoder.Encode(r.body))
	return b.Bytes(), err
}

// homes says where documents of the batch live already, asking the alias once. It sees what was refreshed: a document's
// month can differ only from one written weeks ago.
func (x *months) homes(ctx context.Context, records []record) (map[string]string, error) {
	homes := map[string]string{}
	ids := make([]string, 0, len(records))
	for _, r := range records {
		ids = append(ids, r.id)
	}
	const most = 1000
	for ; len(ids) > 0; ids = ids[min(most, len(ids)):] {
		some := ids[:min(most, len(ids))]
		var answer struct {
			Hits struct {
				Hits []struct {
					Index string `json:"_index"`
					ID    string `json:"_id"`
				} `json:"hits"`
			} `json:"hits"`
		}
		yes, no := true, false
		err := x.ask(ctx, func() esapi.Request {
			return esapi.SearchRequest{Index: x.whereHomesAre(), IgnoreUnavailable: &yes, AllowPartialSearchResults: &no,
				FilterPath: []string{"hits.hits._index", "hits.hits._id", "_shards.failed"},
				Body: jsonBody(object{"query": object{"ids": object{"values": some}}, "size": 2 * len(some), // in both generations
					"_source": false, "track_total_hits": false})}
		}, &answer)
		if err != nil {
			return nil, fmt.Errorf("ask where documents live: %w", err)
		}
		for _, h := range answer.Hits.Hits {
			if homes[h.ID], err = x.homeOf(ctx, h.Index); err != nil {
				return nil, err
			}
		}
	}
	return homes, nil
}

// whereHomesAre is the read alias; for a generation in the making it and the one before.
func (x *months) whereHomesAre() []string {
	if x.build == nil {
		return []string{x.o.Prefix}
	}
	return []string{x.build.old, x.build.made}
}

// homeOf is where a document goes that was found in an index: there, or into the same month of the generation in the
// making.
func (x *months) homeOf(ctx context.Context, index string) (string, error) {
	if x.build == nil {
		return index, nil
	}
	month, ok := monthIn(index)
	if !ok {
		return "", fmt.Errorf("index %s has no month in its name; move it out of the way of %s", index, x.build.old)
	}
	return x.place(ctx, month)
}

// parts cuts the unsettled items into runs of at most size bytes; a larger item is alone.
func parts(items []*item, size int) [][]*item {
	var all [][]*item
	room := 0
	for _, it := range items {
		if it.settled {
			continue
		}
		if room < len(it.lines) {
			all, room = append(all, nil), size
		}
		last := len(all) - 1
		all[last] = append(all[last], it)
		room -= len(it.lines)
	}
	return all
}

// send writes the items and settles them all, or returns why some are not.
func (x *months) send(ctx context.Context, items []*item, p *pauses) error {
	for {
		err := x.bulk(ctx, items)
		switch {
		case err == nil:
			return nil
		case status(err) == http.StatusRequestEntityTooLarge || status(err) == http.StatusBadRequest:
			// Too large together, or one item spoils the request: find out which by halves.
			if len(items) == 1 {
				items[0].settle(indexer.Outcome{Err: retry.Never(refusedReason(err), err)})
				return nil
			}
			return x.halves(ctx, items, p)
		case !passes(err):
			return err
		case !p.wait(ctx):
			return retry.After(comeBack, err)
		case status(err) == http.StatusTooManyRequests && len(items) > 1:
			return x.halves(ctx, items, p) // a request beyond the cluster's limit never passes, however long we wait
		}
	}
}

func (x *months) halves(ctx context.Context, items []*item, p *pauses) error {
	half := len(items) / 2
	if err := x.send(ctx, items[:half], p); err != nil {
		return err
	}
	return x.send(ctx, items[half:], p)
}

// refusedReason is the dead-letter reason of a document that is refused all alone.
func refusedReason(err error) string {
	if status(err) == http.StatusRequestEntityTooLarge {
		return "too_large"
	}
	return "mapping"
}

// bulk sends the items once. Without an error every one of them is settled.
func (x *months) bulk(ctx context.Context, items []*item) error {
	var body bytes.Buffer
	for _, it := range items {
		body.Write(it.lines)
	}
	var answer struct {
		Items []map[string]itemAnswer `json:"items"`
	}
	err := x.call(ctx, esapi.BulkRequest{Body: &body,
		FilterPath: []string{"items.*._id", "items.*.status", "items.*.error.type", "items.*.error.reason", "items.*.error.caused_by.reason"},
	}, &answer)
	if err != nil {
		return err
	}
	if len(answer.Items) != len(items) {
		return unreachable{fmt.Errorf("elasticsearch answered for %d of %d documents", len(answer.Items), len(items))}
	}
	for i, it := range items {
		a := answer.Items[i]["index"]
		if a.ID != it.id {
			return unreachable{fmt.Errorf("elasticsearch answered for document %q in the place of %q", a.ID, it.id)}
		}
	}
	for i, it := range items {
		it.settle(x.outcome(answer.Items[i]["index"]))
	}
	return nil
}

package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/internal/retry"
	"tocsin/services/indexer"
)

// Sizes of the portions of a Mend.
const (
	comparedAtOnce = 2000 // ids and versions
	copiedAtOnce   = 200  // whole documents
)

// pitLife is how long the cluster keeps a view of the old generation between two requests.
const pitLife = 5 * time.Minute

// mark is what tells two versions of a document apart.
type mark struct {
	version int64
	group   string
}

// behind reports whether a document of mark m has to be copied over one of mark to.
func (m mark) behind(to mark, there bool) bool {
	return !there || m.version > to.version || m.version == to.version && m.group != to.group
}

// markedHit is one document without its source.
type markedHit struct {
	ID      string            `json:"_id"`
	Index   string            `json:"_index"`
	Version int64             `json:"_version"`
	Sort    []json.RawMessage `json:"sort"`
	Fields  struct {
		Group []string `json:"group"`
	} `json:"fields"`
	Source json.RawMessage `json:"_source"`
}

func (h markedHit) mark() mark {
	m := mark{version: h.Version}
	if len(h.Fields.Group) > 0 {
		m.group = h.Fields.Group[0]
	}
	return m
}

type markedAnswer struct {
	PIT  string `json:"pit_id"`
	Hits struct {
		Hits []markedHit `json:"hits"`
	} `json:"hits"`
}

// Mend goes once over the old generation as it is now and copies what the new one lacks, or has in an older version or in
// another group; a newer version stays. What is copied is made anew from what the extractor sent. tell is called after
// each portion. It may be cut short at any time: the next pass finds what is left.
func (r *Rebuild) Mend(ctx context.Context, tell func(indexer.Mending)) (indexer.Mended, error) {
	m := &mending{Rebuild: r, tell: tell}
	if err := m.run(ctx); err != nil {
		return m.Mended, fmt.Errorf("copy %s into the new generation: %w", r.next.build.old, err)
	}
	return m.Mended, nil
}

// mending is one pass.
type mending struct {
	*Rebuild
	indexer.Mended
	tell func(indexer.Mending)
	seen int
	pit  string
}

func (m *mending) run(ctx context.Context) (err error) {
	b := m.next.build
	if m.Old, err = m.count(ctx, b.old); err != nil {
		return err
	}
	if err := m.open(ctx); err != nil {
		if status(err) == http.StatusNotFound { // it was put out of use and deleted: there is nothing left to copy
			m.New, err = m.count(ctx, b.made)
		}
		return err
	}
	defer m.closePIT(context.WithoutCancel(ctx))
	var after []json.RawMessage
	for {
		page, err := m.page(ctx, after)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		after = page[len(page)-1].Sort
		if err := m.compare(ctx, page); err != nil {
			return err
		}
		m.seen += len(page)
		m.tell(indexer.Mending{Seen: m.seen, Of: m.Old, Copied: m.Copied})
	}
	m.Old = m.seen
	m.New, err = m.count(ctx, b.made)
	return err
}

// count refreshes indices and counts their documents.
func (m *mending) count(ctx context.Context, pattern string) (int, error) {
	var answer struct {
		Count int `json:"count"`
	}
	err := m.x.ask(ctx, func() esapi.Request { return esapi.IndicesRefreshRequest{Index: []string{pattern}} }, nil)
	if err == nil || status(err) == http.StatusNotFound {
		err = m.x.ask(ctx, func() esapi.Request { return esapi.CountRequest{Index: []string{pattern}} }, &answer)
	}
	return answer.Count, err
}

// open fixes the view of the old generation that the pass goes over.
func (m *mending) open(ctx context.Context) error {
	var answer struct {
		ID string `json:"id"`
	}
	err := m.x.ask(ctx, func() esapi.Request {
		return esapi.OpenPointInTimeRequest{Index: []string{m.next.build.old}, KeepAlive: keepAlive()}
	}, &answer)
	m.pit = answer.ID
	return err
}

// closePIT gives the view back; the cluster would forget it anyway.
func (m *mending) closePIT(ctx context.Context) {
	_ = m.x.call(ctx, esapi.ClosePointInTimeRequest{Body: jsonBody(object{"id": m.pit})}, nil)
}

func keepAlive() string { return strconv.Itoa(int(pitLife.Seconds())) + "s" }

// page is the next portion of ids and versions, in the order of ids.
func (m *mending) page(ctx context.Context, after []json.RawMessage) ([]markedHit, error) {
	body := object{"size": comparedAtOnce, "sort": []object{{"id": object{"order": "asc", "unmapped_type": "keyword"}}}, "_source": false, "docvalue_fields": []string{"group"}}
	if after != nil {
		body["search_after"] = after
	}
	return m.view(ctx, body)
}

// view asks the fixed view of the old generation.
func (m *mending) view(ctx context.Context, body object) ([]markedHit, error) {
	body["version"], body["track_total_hits"] = true, false
	var answer markedAnswer
	no := false
	err := m.x.ask(ctx, func() esapi.Request {
		body["pit"] = object{"id": m.pit, "keep_alive": keepAlive()}
		return esapi.SearchRequest{Body: jsonBody(body), AllowPartialSearchResults: &no,
			FilterPath: []string{"pit_id", "hits.hits._id", "hits.hits._index", "hits.hits._version", "hits.hits.sort", "hits.hits.fields", "hits.hits._source"}}
	}, &answer)
	if answer.PIT != "" {
		m.pit = answer.PIT
	}
	return answer.Hits.Hits, err
}

// compare copies what of a page the new generation lacks or has older.
func (m *mending) compare(ctx context.Context, page []markedHit) error {
	ids := make([]string, len(page))
	for i, h := range page {
		ids[i] = h.ID
	}
	have, err := m.marks(ctx, ids)
	if err != nil {
		return err
	}
	var behind []string
	for _, h := range page {
		to, there := have[h.ID]
		if h.mark().behind(to, there) {
			behind = append(behind, h.ID)
		}
	}
	for some := range slices.Chunk(behind, copiedAtOnce) {
		if err := m.copy(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

// marks says which of some documents the new generation has, and how new.
func (m *mending) marks(ctx context.Context, ids []string) (map[string]mark, error) {
	have := make(map[string]mark, len(ids))
	var answer markedAnswer
	no := false
	err := m.x.ask(ctx, func() esapi.Request {
		return esapi.SearchRequest{Index: []string{m.next.build.made}, AllowPartialSearchResults: &no,
			FilterPath: []string{"hits.hits._id", "hits.hits._version", "hits.hits.fields", "_shards.failed"},
			Body: jsonBody(object{"query": object{"ids": object{"values": ids}}, "size": len(ids), "_source": false, "version": true,
				"docvalue_fields": []string{"group"}, "track_total_hits": false})}
	}, &answer)
	for _, h := range answer.Hits.Hits {
		if to := h.mark(); to.version >= have[h.ID].version {
			have[h.ID] = to
		}
	}
	return have, err
}

// copy writes some documents of the view into the new generation.
func (m *mending) copy(ctx context.Context, ids []string) error {
	hits, err := m.view(ctx, object{"query": object{"ids": object{"values": ids}}, "size": len(ids), "_source": true})
	if err != nil {
		return err
	}
	if len(hits) != len(ids) {
		return fmt.Errorf("%d of %d documents came back; run it again", len(hits), len(ids))
	}
	records := make([]record, 0, len(hits))
	for _, h := range hits {
		month, ok := monthIn(h.Index)
		rec, err := m.remake(h.Source)
		if err != nil || !ok || rec.id != h.ID {
			m.refuse(fmt.Errorf("document %s of index %s is none of ours: %w", h.ID, h.Index, errors.Join(err, errors.New("it was written by something else"))))
			continue
		}
		// As new as it is: an equal version is written over, for its group; the feed gives each article its own.
		rec.at, rec.version, rec.rule = month, h.Version, "external_gte"
		records = append(records, rec)
	}
	outcomes, err := m.next.write(ctx, records)
	if err != nil {
		return err
	}
	for i, o := range outcomes {
		if _, never := retry.Reason(o.Err); never {
			m.refuse(fmt.Errorf("document %s: %w", records[i].id, o.Err))
		} else if o.Err != nil {
			return fmt.Errorf("document %s: %w", records[i].id, o.Err)
		} else if !o.Known {
			m.Copied++
		}
	}
	return nil
}

func (m *mending) refuse(why error) {
	m.Refused++
	if m.Why == nil {
		m.Why = why
	}
}

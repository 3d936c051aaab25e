package elastic

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"tocsin/services/indexer"
)

// aggregation is the part of an aggregation's answer that is read.
type aggregation struct {
	Buckets []bucket `json:"buckets"`
}

type bucket struct {
	Key   json.RawMessage `json:"key"` // a string of terms, milliseconds of a date histogram
	Count int             `json:"doc_count"`
	// Shown is the newest article of the bucket, for the spelling of the key.
	Shown struct {
		Hits struct {
			Hits []struct {
				Source indexer.Document `json:"_source"`
			} `json:"hits"`
		} `json:"hits"`
	} `json:"shown"`
}

// Facets implements indexer.Reader. Counts over many months are exact for frequent values and may be low for rare ones,
// as each index names its most frequent values only.
func (x *Index) Facets(ctx context.Context, q indexer.Query, o indexer.FacetOptions) (indexer.Facets, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return indexer.Facets{}, err
	}
	if o, err = o.WithDefaults(); err != nil {
		return indexer.Facets{}, err
	}
	answer, err := x.search(ctx, object{"query": query(q), "size": 0, "track_total_hits": true, "aggs": object{
		"persons":       named("persons", "person_keys", o.Size),
		"organizations": named("organizations", "organization_keys", o.Size),
		"places":        named("places", "place_keys", o.Size),
		"source":        terms("source", o.Size),
		"lang":          terms("lang", o.Size),
		"lists":         terms("lists", o.Size),
		"watch":         terms("watch", o.Size),
	}})
	if err != nil {
		return indexer.Facets{}, err
	}
	a := answer.Aggregations
	all := indexer.Facets{
		Total:         answer.Hits.Total.Value,
		Persons:       facets(a["persons"], func(d indexer.Document) (shown, keys []string) { return d.Persons, d.PersonKeys }),
		Organizations: facets(a["organizations"], func(d indexer.Document) (shown, keys []string) { return d.Organizations, d.OrganizationKeys }),
		Places:        facets(a["places"], func(d indexer.Document) (shown, keys []string) { return d.Places, d.PlaceKeys }),
	}
	itself := func(indexer.Document) (shown, keys []string) { return nil, nil }
	all.Sources, all.Langs = facets(a["source"], itself), facets(a["lang"], itself)
	all.Lists, all.Watch = facets(a["lists"], itself), facets(a["watch"], itself)
	return all, nil
}

// terms counts the values of a field. Twice the values asked for from each index keep the counts of the first ones right.
func terms(field string, size int) object {
	return object{"terms": object{"field": field, "size": size, "shard_size": 2*size + 50,
		"order": []object{{"_count": "desc"}, {"_key": "asc"}}}}
}

// named counts keys and asks the newest article of each for its spelling.
func named(shown, keys string, size int) object {
	t := terms(keys, size)
	t["aggs"] = object{"shown": object{"top_hits": object{
		"size": 1, "sort": []object{{"at": "desc"}}, "_source": []string{shown, keys},
	}}}
	return t
}

// facets reads the buckets; list picks the document's parallel names and keys of this facet.
func facets(a aggregation, list func(indexer.Document) (shown, keys []string)) []indexer.Facet {
	var all []indexer.Facet
	for _, b := range a.Buckets {
		var key string
		if json.Unmarshal(b.Key, &key) != nil {
			continue // no bucket of terms
		}
		f := indexer.Facet{Key: key, Name: key, Count: b.Count}
		for _, h := range b.Shown.Hits.Hits {
			shown, keys := list(h.Source)
			if i := slices.Index(keys, key); i >= 0 && i < len(shown) {
				f.Name = shown[i]
			}
		}
		all = append(all, f)
	}
	return all
}

// Timeline implements indexer.Reader.
func (x *Index) Timeline(ctx context.Context, q indexer.Query, o indexer.TimelineOptions) ([]indexer.Bucket, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return nil, err
	}
	if o, err = o.WithDefaults(); err != nil {
		return nil, err
	}
	field := "at"
	if o.By == indexer.TimelineMentioned {
		field = "mentioned_from"
	}
	answer, err := x.search(ctx, object{"query": query(q), "size": 0, "track_total_hits": false, "aggs": object{
		"steps": object{"date_histogram": object{"field": field, "calendar_interval": o.Step, "min_doc_count": 1}},
	}})
	if err != nil {
		return nil, err
	}
	var all []indexer.Bucket
	for _, b := range answer.Aggregations["steps"].Buckets {
		var ms int64
		if err := json.Unmarshal(b.Key, &ms); err != nil {
			continue // no bucket of dates
		}
		all = append(all, indexer.Bucket{From: time.UnixMilli(ms).UTC(), Count: b.Count})
	}
	return o.Trim(q, all), nil
}

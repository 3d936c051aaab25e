package kibana

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tocsin/services/indexer/indextest"
)

// server asks a real Elasticsearch what Kibana would ask it for a panel, worked out from the panel's own JSON. "now" is
// the time of the sample, so that the answers stay the same.
type server struct {
	address string
	now     string // such as "2026-03-01T00:00:00Z"
}

// date is date math of Kibana's as of the sample's time.
func (s server) date(math string) string { return strings.Replace(math, "now", s.now+"||", 1) }

// filter is what documents must fulfil to be counted: the time of the data view, and the query.
func (s server) filter(t *testing.T, view, dashboard Object, kql string) object {
	t.Helper()
	all, none := []object{}, []object{}
	if dashboard.ID != "" {
		span := object{"gte": s.date(attribute(t, dashboard, "timeFrom")), "lte": s.date(attribute(t, dashboard, "timeTo"))}
		all = append(all, object{"range": object{attribute(t, view, "timeFieldName"): span}})
	}
	for _, c := range parseQuery(t, kql) {
		switch {
		case c.not:
			none = append(none, object{"match_phrase": object{c.field: c.value}})
		case c.value == "true" || c.value == "false":
			all = append(all, object{"match": object{c.field: c.value}})
		case c.op == ">=":
			all = append(all, object{"range": object{c.field: object{"gte": s.date(c.value)}}})
		case c.value == "":
			all = append(all, object{"exists": object{"field": c.field}})
		default:
			all = append(all, object{"match_phrase": object{c.field: c.value}})
		}
	}
	return object{"bool": object{"filter": all, "must_not": none}}
}

// aggregate is Kibana's translation of a layer: one aggregation inside another in the order of the columns, and the
// figures in the innermost, except that a figure by which a bucket is ordered stands beside it.
func (l readLayer) aggregate(t *testing.T) object {
	t.Helper()
	var buckets, figures []string
	for _, id := range l.ColumnOrder {
		if l.Columns[id].IsBucketed {
			buckets = append(buckets, id)
		} else {
			figures = append(figures, id)
		}
	}
	inside := object{}
	for _, id := range figures {
		if f := l.Columns[id].figure(t); f != nil {
			inside[id] = f
		}
	}
	for _, id := range slices.Backward(buckets) {
		c := l.Columns[id]
		order := l.Columns[c.Params.OrderBy.ColumnID]
		b := c.buckets(t, order.path(c.Params.OrderBy.ColumnID))
		if f := order.figure(t); order.OperationType != "" && f != nil {
			inside[c.Params.OrderBy.ColumnID] = f
		}
		inside = object{id: object{c.aggregation(): b, "aggs": inside}}
	}
	return inside
}

func (c readColumn) aggregation() string {
	if c.OperationType == "terms" && c.Params.OrderBy.Type == "significant" {
		return "significant_terms"
	}
	return c.OperationType
}

// path is what Elasticsearch orders buckets by when it is this figure.
func (c readColumn) path(id string) string {
	switch c.OperationType {
	case "count":
		return "_count"
	case "median":
		return id + ".50"
	case "percentile":
		return fmt.Sprint(id, ".", c.Params.Percentile)
	}
	return id
}

func (c readColumn) buckets(t *testing.T, by string) object {
	t.Helper()
	switch c.aggregation() {
	case "significant_terms":
		return object{"field": c.SourceField, "size": c.Params.Size}
	case "terms":
		return object{"field": c.SourceField, "size": c.Params.Size, "order": object{by: c.Params.OrderDirection}}
	case "date_histogram":
		steps := map[string]string{"auto": "day", "d": "day", "M": "month"} // auto follows the width of the screen
		least := 1
		if c.Params.IncludeEmptyRows {
			least = 0
		}
		return object{"field": c.SourceField, "calendar_interval": steps[c.Params.Interval], "min_doc_count": least}
	}
	t.Fatalf("a bucket this test does not know: %s", c.OperationType)
	return nil
}

// figure is nil for the number of documents, which every bucket has.
func (c readColumn) figure(t *testing.T) object {
	t.Helper()
	switch c.OperationType {
	case "", "count":
		return nil
	case "unique_count":
		return object{"cardinality": object{"field": c.SourceField}}
	case "max":
		return object{"max": object{"field": c.SourceField, "format": "strict_date_hour_minute"}}
	case "median":
		return object{"percentiles": object{"field": c.SourceField, "percents": []int{50}}}
	case "percentile":
		return object{"percentiles": object{"field": c.SourceField, "percents": []int{c.Params.Percentile}}}
	}
	t.Fatalf("a figure this test does not know: %s", c.OperationType)
	return nil
}

// rows are the answer to a layer, one line a row: the values of the buckets, then the figures. Rows without documents are
// left out.
func (s server) rows(t *testing.T, index string, l readLayer, filter object) []string {
	t.Helper()
	body := inner(object{"size": 0, "query": filter, "track_total_hits": true, "aggs": l.aggregate(t)})
	var answer struct {
		Hits         struct{ Total struct{ Value float64 } }
		Aggregations map[string]any
	}
	s.search(t, index, body, &answer)
	top := map[string]any{"doc_count": answer.Hits.Total.Value}
	maps.Copy(top, answer.Aggregations)
	return l.flatten(t, top, 0, "")
}

func (s server) search(t *testing.T, index, body string, answer any) {
	t.Helper()
	status, text := indextest.Send(t, http.MethodPost, s.address+"/"+index+"/_search", body)
	if status != http.StatusOK {
		t.Fatalf("%s answered %d to %s\n%s", index, status, body, text)
	}
	unpack(t, []byte(text), answer)
}

func (l readLayer) flatten(t *testing.T, bucket map[string]any, at int, row string) (rows []string) {
	t.Helper()
	id := l.ColumnOrder[at]
	if c := l.Columns[id]; !c.IsBucketed {
		for _, figure := range l.ColumnOrder[at:] {
			row += " " + l.Columns[figure].value(bucket, figure)
		}
		return []string{strings.TrimSpace(row)}
	}
	inside, _ := bucket[id].(map[string]any)
	list, ok := inside["buckets"].([]any)
	if !ok {
		t.Fatalf("no buckets of %s in %v", id, bucket)
	}
	for _, b := range list {
		if b := b.(map[string]any); b["doc_count"] != 0.0 {
			rows = append(rows, l.flatten(t, b, at+1, row+l.Columns[id].key(b)+" | ")...)
		}
	}
	return rows
}

func (c readColumn) key(bucket map[string]any) string {
	text, _ := bucket["key_as_string"].(string)
	switch {
	case c.OperationType == "date_histogram" && c.Params.Interval == "M":
		return text[:len("2006-01")]
	case c.OperationType == "date_histogram":
		return text[:len("2006-01-02")]
	case text != "":
		return text
	}
	return fmt.Sprint(bucket["key"])
}

func (c readColumn) value(bucket map[string]any, id string) string {
	if c.OperationType == "count" {
		return fmt.Sprint(bucket["doc_count"])
	}
	inside := bucket[id].(map[string]any)
	if text, ok := inside["value_as_string"].(string); ok {
		return text
	}
	if values, ok := inside["values"].(map[string]any); ok {
		for _, v := range values {
			return number64(v)
		}
	}
	return number64(inside["value"])
}

func number64(v any) string {
	f, ok := v.(float64)
	if !ok {
		return "none"
	}
	return strconv.FormatFloat(math.Round(f*1000)/1000, 'f', -1, 64)
}

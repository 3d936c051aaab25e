package kibana

import (
	"fmt"
	"maps"
)

// records is the name Kibana gives to the documents themselves where a field is expected.
const records = "___records___"

// column is one dimension of a chart: what documents are put into (bucket), or what is reckoned of them.
type column struct {
	label, op, field string
	kinds            []string // of fields that op takes; none for op count
	bucket           bool
	params           object
	// orders says that a bucket is ordered by the chart's first figure; descending unless ascending is set.
	orders    bool
	ascending bool
	by        int // the figure it is ordered by, from 0
}

var countable = []string{kindString, kindNumber, kindBoolean}

// top is the n values of a field with the highest first figure.
func top(label, field string, n int) column {
	return column{label: label, op: "terms", field: field, kinds: countable, bucket: true, orders: true, params: object{
		"size": n, "missingBucket": false, "otherBucket": false, "parentFormat": object{"id": "terms"}, "orderDirection": "desc",
	}}
}

// lowest is the n values of a field with the lowest figure by.
func lowest(label, field string, n, by int) column {
	c := top(label, field, n)
	c.params["orderDirection"], c.ascending, c.by = "asc", true, by
	return c
}

// rising is the n values of a field that are more frequent in the chosen time than in everything kept, the most unusual
// first; a value in fewer than three documents of that time is left out.
func rising(label, field string, n int) column {
	c := top(label, field, n)
	c.orders, c.params["orderBy"] = false, object{"type": "significant"}
	return c
}

// over is time in steps: "auto", or a calendar unit such as "d" or "M".
func over(label, field, step string) column {
	return column{label: label, op: "date_histogram", field: field, kinds: []string{kindDate}, bucket: true, params: object{
		// A date may lie centuries from another: only steps in which something lies are asked for, unless Kibana chooses
		// the step by the width of the chosen time.
		"interval": step, "includeEmptyRows": step == "auto", "dropPartials": false,
	}}
}

func count(label string) column {
	return column{label: label, op: "count", field: records, params: object{"emptyAsNull": false}}
}

// distinct counts the values of a field, about.
func distinct(label, field string) column {
	return column{label: label, op: "unique_count", field: field, kinds: append([]string{kindDate}, countable...), params: object{"emptyAsNull": false}}
}

func latest(label, field string) column {
	return column{label: label, op: "max", field: field, kinds: []string{kindDate}, params: object{"emptyAsNull": true}}
}

func median(label, field string) column {
	return column{label: label, op: "median", field: field, kinds: []string{kindNumber}, params: object{"emptyAsNull": true}}
}

// percentile is the figure that p of a hundred documents do not exceed.
func percentile(label, field string, p int) column {
	return column{label: label, op: "percentile", field: field, kinds: []string{kindNumber}, params: object{"percentile": p}}
}

// build makes Kibana's column. figures are the ids of the chart's figures, in order.
func (c column) build(fs fields, figures []string) (object, error) {
	kind := kindNumber
	if c.op != "count" {
		k, err := fs.counted(c.field, c.kinds...)
		if err != nil {
			return nil, fmt.Errorf("%s %q: %w", c.op, c.label, err)
		}
		if c.bucket || c.op == "max" {
			kind = k
		}
	}
	scale := "ratio"
	switch {
	case c.op == "date_histogram":
		scale = "interval"
	case c.bucket:
		scale = "ordinal"
	}
	params := object{}
	maps.Copy(params, c.params)
	if c.orders {
		if c.by >= len(figures) {
			return nil, fmt.Errorf("%q is ordered by figure %d of %d", c.label, c.by, len(figures))
		}
		params["orderBy"] = object{"type": "column", "columnId": figures[c.by]}
	}
	return object{
		"label": c.label, "customLabel": true, "operationType": c.op, "sourceField": c.field,
		"dataType": kind, "isBucketed": c.bucket, "scale": scale, "params": params,
	}, nil
}

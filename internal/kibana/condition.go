package kibana

import (
	"strconv"
	"strings"
)

// condition is what documents must fulfil, in Kibana's query language.
type condition struct {
	field, op, value string
	not              bool
}

// has wants a field to have any value.
func has(field string) condition { return condition{field: field, op: ":"} }

// is wants a field to have this value.
func is(field, value string) condition { return condition{field: field, op: ":", value: value} }

// isNot wants a field not to have this value.
func isNot(field, value string) condition {
	return condition{field: field, op: ":", value: value, not: true}
}

// from wants a date at or after another; "now" is one.
func from(field, date string) condition { return condition{field: field, op: ">=", value: date} }

func (c condition) text() string {
	switch {
	case c.not:
		return "not " + is(c.field, c.value).text()
	case c.op != ":":
		return c.field + " " + c.op + " " + c.value
	case c.value == "":
		return c.field + ": *"
	case c.value == "true" || c.value == "false":
		return c.field + ": " + c.value
	}
	return c.field + ": " + strconv.Quote(c.value)
}

// query is all conditions at once, as Kibana keeps a query.
func query(conditions []condition) object {
	parts := make([]string, len(conditions))
	for i, c := range conditions {
		parts[i] = c.text()
	}
	return object{"language": "kuery", "query": strings.Join(parts, " and ")}
}

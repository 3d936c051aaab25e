package kibana

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// fields are the fields of a mapping that can be asked for, by name; "persons.folded" is a field within a field.
type fields map[string]field

// field is what decides how one may be used.
type field struct {
	Type string `json:"type"`
	// DocValues is false when the field cannot be counted, sorted by or drawn.
	DocValues *bool            `json:"doc_values"`
	Index     *bool            `json:"index"`
	Fields    map[string]field `json:"fields"`
}

// parseFields reads the JSON of an index mapping.
func parseFields(mapping json.RawMessage) (fields, error) {
	var m struct {
		Properties map[string]field `json:"properties"`
	}
	if err := json.Unmarshal(mapping, &m); err != nil {
		return nil, fmt.Errorf("read the mapping: %w", err)
	}
	if len(m.Properties) == 0 {
		return nil, errors.New("the mapping has no properties; pass the mapping of an index, not its settings")
	}
	all := fields{}
	for name, f := range m.Properties {
		all[name] = f
		for sub, g := range f.Fields {
			all[name+"."+sub] = g
		}
	}
	return all, nil
}

// Kinds of fields by what can be done with them, as Kibana calls them.
const (
	kindString  = "string"
	kindNumber  = "number"
	kindDate    = "date"
	kindBoolean = "boolean"
)

// kind is Kibana's name for the type of a field that can be counted and sorted by; "" when it cannot be.
func (f field) kind() string {
	if f.DocValues != nil && !*f.DocValues {
		return ""
	}
	switch f.Type {
	case "keyword":
		return kindString
	case "long", "integer", "short", "byte", "double", "float", "half_float":
		return kindNumber
	case "date":
		return kindDate
	case "boolean":
		return kindBoolean
	}
	return "" // text, ranges and what is only kept
}

// counted returns the kind of a field that must be one of those wanted.
func (fs fields) counted(name string, want ...string) (string, error) {
	f, ok := fs[name]
	if !ok {
		return "", fmt.Errorf("the mapping has no field %s", name)
	}
	if k := f.kind(); slices.Contains(want, k) {
		return k, nil
	}
	return "", fmt.Errorf("field %s is %s; want %v", name, f.Type, want)
}

// searchable returns an error unless a query may ask for the field.
func (fs fields) searchable(name string) error {
	f, ok := fs[name]
	switch {
	case !ok:
		return fmt.Errorf("the mapping has no field %s", name)
	case f.Type == "object", f.Index != nil && !*f.Index:
		return fmt.Errorf("field %s is kept but not searched", name)
	}
	return nil
}

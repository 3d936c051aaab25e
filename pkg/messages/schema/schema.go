// Package schema writes the messages of the contract as JSON Schema (draft 2020-12), from their Go types and the
// comments on them. The files beside it are the result, one for each message, for readers in other languages; a test
// keeps them current, and go test ./pkg/messages/... -update writes them anew.
//
// A schema says of a single value what it can: types, presence, tokens, closed lists. That spans lie inside the text is
// for Validate alone. Unknown properties are allowed, as Decode allows them.
package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"tocsin/pkg/messages"
)

// For returns the schema of a message as indented JSON. comments is what Comments read; without it the schema has no
// descriptions.
func For(m messages.Message, comments map[string]string) ([]byte, error) {
	t := reflect.TypeOf(m)
	g := &generator{comments: comments, rules: rules(), defs: map[string]object{}}
	root := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", t.Name()},
	}
	root = append(root, g.structure(t)...)
	if len(g.defs) > 0 {
		root = append(root, member{"$defs", g.defs}) // a map: written in the order of its names
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("schema of %s: %w", t.Name(), err)
	}
	return append(out, '\n'), nil
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler.
func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%q:%s", m.name, value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

type generator struct {
	comments map[string]string // by "Type" and "Type.Field"
	rules    map[string]object // by "Type.Field"
	defs     map[string]object // structures met on the way, by type name
}

// of describes any type a message may hold.
func (g *generator) of(t reflect.Type) object {
	switch t {
	case reflect.TypeFor[time.Time]():
		return object{{"type", "string"}, {"format", "date-time"}}
	case reflect.TypeFor[json.RawMessage]():
		return nil // any value
	case reflect.TypeFor[[]byte]():
		return object{{"type", "string"}, {"contentEncoding", "base64"}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return g.of(t.Elem())
	case reflect.Slice:
		return object{{"type", "array"}, {"items", g.of(t.Elem())}}
	case reflect.Map:
		return object{{"type", "object"}, {"additionalProperties", g.of(t.Elem())}}
	case reflect.Struct:
		if _, done := g.defs[t.Name()]; !done {
			g.defs[t.Name()] = nil // reserves the name
			g.defs[t.Name()] = g.structure(t)
		}
		return object{{"$ref", "#/$defs/" + t.Name()}}
	}
	return object{{"type", scalar(t.Kind())}}
}

func scalar(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Float32, reflect.Float64:
		return "number"
	}
	return "integer"
}

// structure describes a struct with its embedded structs' fields as its own, as encoding/json writes them.
func (g *generator) structure(t reflect.Type) object {
	var properties object
	required := []string{}
	g.fields(t, func(name string, optional bool, schema object) {
		properties = append(properties, member{name, schema})
		if !optional {
			required = append(required, name)
		}
	})
	o := object{}
	if c := g.comments[t.Name()]; c != "" {
		o = append(o, member{"description", c})
	}
	return append(o, member{"type", "object"}, member{"properties", properties}, member{"required", required})
}

func (g *generator) fields(t reflect.Type, add func(name string, optional bool, schema object)) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			g.fields(f.Type, add)
			continue
		}
		optional := strings.Contains(options, "omit")
		add(name, optional, g.field(t.Name()+"."+f.Name, f.Type, optional))
	}
}

// field adds to the type what its comment and the rules say. A list that is always written is null when it is empty.
func (g *generator) field(key string, t reflect.Type, optional bool) object {
	schema := g.of(t)
	if t.Kind() == reflect.Slice && !optional {
		schema[0].value = []string{"array", "null"}
	}
	schema = append(schema, g.rules[key]...)
	if c := g.comments[key]; c != "" {
		schema = append(object{{"description", c}}, schema...)
	}
	if schema == nil {
		return object{}
	}
	return schema
}

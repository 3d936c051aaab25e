package elastic

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/services/indexer"
	"tocsin/services/indexer/indextest"
)

// fullDocument has something in every field.
func fullDocument(t *testing.T) indexer.Document {
	t.Helper()
	at := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	d := indexer.NewDocument(indextest.Article("full", at, "Title", "Body.", nil), 1)
	fill(t, reflect.ValueOf(&d).Elem(), at)
	return d
}

// fill puts something into every empty field of a struct.
func fill(t *testing.T, v reflect.Value, at time.Time) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Field(i)
		if !f.IsZero() {
			continue
		}
		switch f.Interface().(type) {
		case string:
			f.SetString("x")
		case bool:
			f.SetBool(true)
		case []string:
			f.Set(reflect.ValueOf([]string{"x"}))
		case []uint64:
			f.Set(reflect.ValueOf([]uint64{1 << 52}))
		case []time.Time:
			f.Set(reflect.ValueOf([]time.Time{at}))
		case []indexer.Range:
			f.Set(reflect.ValueOf([]indexer.Range{{From: at, To: at.AddDate(0, 0, 1)}}))
		default:
			t.Fatalf("field %s of a new type %s: say here what to put in", v.Type().Field(i).Name, f.Type())
		}
	}
}

// TestMappingsHaveTheFieldsOfWhatIsWritten compares each mapping with the JSON of a full document, field by field.
func TestMappingsHaveTheFieldsOfWhatIsWritten(t *testing.T) {
	for _, tt := range []struct {
		why     string
		full    any
		mapping json.RawMessage
	}{
		{"articles", fullDocument(t), Mapping()},
		{"alerts", fullAlert(t), AlertMapping()},
	} {
		t.Run(tt.why, func(t *testing.T) {
			data, err := json.Marshal(tt.full)
			if err != nil {
				t.Fatal(err)
			}
			var document, m object
			if err := json.Unmarshal(data, &document); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(tt.mapping, &m); err != nil {
				t.Fatal(err)
			}
			properties, ok := m["properties"].(object)
			if !ok {
				t.Fatal("the mapping has no properties")
			}
			if diff := cmp.Diff(slices.Sorted(maps.Keys(document)), slices.Sorted(maps.Keys(properties))); diff != "" {
				t.Errorf("fields of a document and of the mapping (-document +mapping):\n%s", diff)
			}
			if m["_meta"].(object)["schema_version"] != float64(schema) || m["dynamic"] != "strict" {
				t.Errorf("_meta %v, want schema_version %d; dynamic %v", m["_meta"], schema, m["dynamic"])
			}
		})
	}
}

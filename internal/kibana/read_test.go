package kibana

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// committed is the file that is imported; the tests below read it as Kibana would, and know nothing of how it was made.
const committed = "../../deploy/kibana/tocsin.ndjson"

// world is the objects of a file, by type and id.
type world map[string]Object

func readWorld(t *testing.T) world {
	t.Helper()
	file, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	all := world{}
	for line := range bytes.Lines(file) {
		var o Object
		unpack(t, line, &o)
		key := o.Type + " " + o.ID
		if _, twice := all[key]; twice {
			t.Errorf("%s is there twice", key)
		}
		all[key] = o
	}
	return all
}

func unpack(t *testing.T, data []byte, v any) {
	t.Helper()
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%v in %.200s", err, data)
	}
}

// attribute is an attribute that is text.
func attribute(t *testing.T, o Object, name string) string {
	t.Helper()
	s, ok := o.Attributes[name].(string)
	if !ok {
		t.Fatalf("%s %s has no %s", o.Type, o.ID, name)
	}
	return s
}

// readPanel is what of a panel decides what it asks Elasticsearch.
type readPanel struct {
	Type, PanelIndex, PanelRefName, Title string
	GridData                              struct {
		X, Y, W, H int
		I          string
	}
	EmbeddableConfig struct {
		Attributes   readLens
		Enhancements struct {
			DynamicActions struct{ Events []readEvent }
		}
		SavedVis struct {
			Params struct{ Markdown string }
		}
	}
}

type readEvent struct {
	EventID string
	Action  struct {
		FactoryID, Name string
		Config          struct{ UseCurrentFilters bool }
	}
}

type readLens struct {
	VisualizationType string
	References        []Reference
	State             struct {
		DatasourceStates struct {
			FormBased struct{ Layers map[string]readLayer }
		}
		Visualization map[string]any
		Query         struct{ Query, Language string }
	}
}

type readLayer struct {
	Columns     map[string]readColumn
	ColumnOrder []string
}

type readColumn struct {
	Label, OperationType, SourceField, DataType string
	IsBucketed                                  bool
	Params                                      struct {
		Size             int
		Interval         string
		IncludeEmptyRows bool
		Percentile       int
		OrderDirection   string
		OrderBy          struct{ Type, ColumnID string }
	}
}

func panelsOf(t *testing.T, dashboard Object) (all []readPanel) {
	t.Helper()
	unpack(t, []byte(attribute(t, dashboard, "panelsJSON")), &all)
	return all
}

// refer follows a reference by its name.
func (w world) refer(t *testing.T, o Object, name string) Object {
	t.Helper()
	for _, r := range o.References {
		if r.Name == name {
			return w.get(t, r.Type, r.ID)
		}
	}
	t.Fatalf("%s %s has no reference named %s", o.Type, o.ID, name)
	return Object{}
}

func (w world) get(t *testing.T, kind, id string) Object {
	t.Helper()
	o, ok := w[kind+" "+id]
	if !ok {
		t.Fatalf("there is no %s %s", kind, id)
	}
	return o
}

func (w world) dashboards() (all []Object) {
	for _, o := range w {
		if o.Type == typeDashboard {
			all = append(all, o)
		}
	}
	return all
}

// parseQuery reads the part of Kibana's query language that the objects use: conditions joined by "and".
func parseQuery(t *testing.T, text string) (conditions []condition) {
	t.Helper()
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(text, " and ") {
		var c condition
		part, not := strings.CutPrefix(part, "not ")
		if field, date, ok := strings.Cut(part, " >= "); ok {
			c = condition{field: field, op: ">=", value: date}
		} else if field, value, ok := strings.Cut(part, ": "); ok {
			c = condition{field: field, op: ":", not: not}
			switch value {
			case "*":
			case "true", "false":
				c.value = value
			default:
				unpack(t, []byte(value), &c.value)
			}
		} else {
			t.Fatalf("a condition this test cannot read: %s", part)
		}
		conditions = append(conditions, c)
	}
	return conditions
}

func (p readPanel) String() string { return fmt.Sprintf("%s %q", p.PanelIndex, p.Title) }

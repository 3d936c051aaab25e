package kibana

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Versions of the shape of saved objects, all of Kibana 8.8.
const (
	coreVersion      = "8.8.0"
	viewVersion      = "8.0.0"
	searchVersion    = "8.0.0"
	dashboardVersion = "8.7.0"
	panelVersion     = "8.8.0"
)

// Types of saved objects.
const (
	typeView      = "index-pattern"
	typeSearch    = "search"
	typeDashboard = "dashboard"
)

// object is a JSON object.
type object = map[string]any

// Object is a saved object as one line of an import file.
type Object struct {
	Type       string `json:"type"`
	ID         string `json:"id"`
	Attributes object `json:"attributes"`
	// References are the other objects this one needs; names are Kibana's own conventions.
	References  []Reference `json:"references"`
	CoreVersion string      `json:"coreMigrationVersion"`
	TypeVersion string      `json:"typeMigrationVersion"`
}

// Reference is one object that another needs.
type Reference struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Encode writes objects as Kibana's import reads them: one JSON object a line. The same objects give the same bytes.
func Encode(objects []Object) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	for _, o := range objects {
		if err := e.Encode(o); err != nil {
			return nil, fmt.Errorf("encode %s %s: %w", o.Type, o.ID, err)
		}
	}
	return out.Bytes(), nil
}

// inner is v as JSON inside a string, as many attributes of saved objects are. v is made of types that always encode.
func inner(v any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("an attribute that cannot be encoded is a bug: %v", err))
	}
	return string(bytes.TrimSpace(out.Bytes()))
}

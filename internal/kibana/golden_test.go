package kibana

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tocsin/services/indexer/elastic"
)

func options() Options {
	return Options{
		Articles: elastic.DefaultPrefix, ArticleMapping: elastic.Mapping(),
		Alerts: elastic.AlertPrefix(elastic.DefaultPrefix), AlertMapping: elastic.AlertMapping(),
	}
}

func made(t *testing.T, o Options) string {
	t.Helper()
	objects, err := Objects(o)
	if err != nil {
		t.Fatal(err)
	}
	out, err := Encode(objects)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestCommittedFileIsGenerated(t *testing.T) {
	file, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	if made(t, options()) != string(file) {
		t.Error("deploy/kibana/tocsin.ndjson is not what the code makes; run: go run ./cmd/tocsin kibana export --out deploy/kibana/tocsin.ndjson")
	}
}

func TestOptionsNameTheIndex(t *testing.T) {
	o := options()
	o.Articles, o.Alerts = "news", "news-alerts"
	if out := made(t, o); !strings.Contains(out, `"title":"news"`) || strings.Contains(out, `"title":"tocsin-articles"`) {
		t.Error("the data views ask another index than the options name")
	}
}

func TestMistakesAreNamed(t *testing.T) {
	tests := []struct {
		why  string
		edit func(*Options)
		want string
	}{
		{"no index", func(o *Options) { o.Articles = "" }, "Articles is empty"},
		{"no index of alerts", func(o *Options) { o.Alerts = "" }, "Alerts is empty"},
		{"alerts without a mapping", func(o *Options) { o.AlertMapping = []byte(`{}`) }, "tocsin-alerts: the mapping has no properties"},
		{"settings instead of a mapping", func(o *Options) { o.ArticleMapping = []byte(`{"index":{}}`) }, "no properties"},
		{"no JSON", func(o *Options) { o.ArticleMapping = []byte(`{`) }, "read the mapping"},
		{"a field that is gone", func(o *Options) { o.ArticleMapping = without(t, `"persons":`, `"people":`) }, "no field persons"},
		{"a field that became text", func(o *Options) {
			o.ArticleMapping = without(t, `"source": {"type": "keyword"`, `"source": {"type": "text"`)
		}, "field source is text"},
		{"a time that became a word", func(o *Options) {
			o.ArticleMapping = without(t, `"at": {"type": "date"`, `"at": {"type": "keyword"`)
		}, "field at is keyword"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			o := options()
			tt.edit(&o)
			if _, err := Objects(o); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want it to say %q", err, tt.want)
			}
		})
	}
}

// without is the mapping with one thing changed, which must be there.
func without(t *testing.T, old, now string) []byte {
	t.Helper()
	changed := strings.Replace(string(elastic.Mapping()), old, now, 1)
	if changed == string(elastic.Mapping()) {
		t.Fatalf("the mapping has no %s", old)
	}
	return []byte(changed)
}

func TestReferencesResolve(t *testing.T) {
	w := readWorld(t)
	for key, o := range w {
		names := map[string]bool{}
		for _, r := range o.References {
			w.get(t, r.Type, r.ID)
			if names[r.Name] {
				t.Errorf("%s has two references named %s", key, r.Name)
			}
			names[r.Name] = true
		}
		if o.CoreVersion != "8.8.0" || o.TypeVersion == "" {
			t.Errorf("%s has shape %q, %q", key, o.CoreVersion, o.TypeVersion)
		}
	}
}

// known are the attributes that the schemas of Kibana 8.8 know; a saved search with any other is refused on import.
var known = map[string][]string{
	typeView: {"allowNoIndex", "fieldAttrs", "fieldFormatMap", "fields", "name", "runtimeFieldMap", "sourceFilters", "timeFieldName", "title", "type", "typeMeta"},
	typeSearch: {"breakdownField", "columns", "description", "grid", "hideAggregatedPreview", "hideChart", "hits", "isTextBasedQuery", "kibanaSavedObjectMeta",
		"refreshInterval", "rowHeight", "rowsPerPage", "sort", "timeRange", "timeRestore", "title", "usesAdHocDataView", "version", "viewMode"},
	typeDashboard: {"controlGroupInput", "description", "hits", "kibanaSavedObjectMeta", "optionsJSON", "panelsJSON", "refreshInterval", "timeFrom", "timeRestore",
		"timeTo", "title", "version"},
}

func TestAttributesAreKnown(t *testing.T) {
	for key, o := range readWorld(t) {
		for name := range o.Attributes {
			if !slices.Contains(known[o.Type], name) {
				t.Errorf("%s has %s, which Kibana does not know", key, name)
			}
		}
	}
}

// TestPanels holds every panel to its frame: in the grid, alone on its place, its references on the dashboard under the
// names that Kibana looks for.
func TestPanels(t *testing.T) {
	w := readWorld(t)
	for _, d := range w.dashboards() {
		taken := map[[2]int]string{}
		used := map[string]bool{}
		for _, p := range panelsOf(t, d) {
			g := p.GridData
			if g.X < 0 || g.Y < 0 || g.W < 1 || g.H < 1 || g.X+g.W > 48 || g.I != p.PanelIndex {
				t.Errorf("%s: %s lies at %+v", d.ID, p, g)
			}
			for x := g.X; x < g.X+g.W; x++ {
				for y := g.Y; y < g.Y+g.H; y++ {
					if other := taken[[2]int{x, y}]; other != "" {
						t.Fatalf("%s: %s lies over %s", d.ID, p, other)
					}
					taken[[2]int{x, y}] = p.PanelIndex
				}
			}
			for _, name := range p.references() {
				w.refer(t, d, p.PanelIndex+":"+name)
				used[p.PanelIndex+":"+name] = true
			}
		}
		for _, r := range d.References {
			if !used[r.Name] && !strings.HasPrefix(r.Name, "controlGroup_") {
				t.Errorf("%s: no panel uses the reference %s", d.ID, r.Name)
			}
		}
	}
}

// references are the names under which a panel looks for other objects.
func (p readPanel) references() (names []string) {
	for layer := range p.EmbeddableConfig.Attributes.State.DatasourceStates.FormBased.Layers {
		names = append(names, "indexpattern-datasource-layer-"+layer)
	}
	if p.PanelRefName != "" {
		names = append(names, p.PanelRefName)
	}
	for _, e := range p.EmbeddableConfig.Enhancements.DynamicActions.Events {
		names = append(names, "drilldown:"+e.Action.FactoryID+":"+e.EventID+":dashboardId")
	}
	return names
}

// operations say which types of the mapping a column's operation takes.
var operations = map[string][]string{
	"terms":          {"keyword", "boolean"},
	"date_histogram": {"date"},
	"unique_count":   {"keyword", "boolean", "date", "long", "integer"},
	"max":            {"date", "long", "integer", "double", "float"},
	"median":         {"long", "integer", "double", "float"},
	"percentile":     {"long", "integer", "double", "float"},
}

var dataTypes = map[string]string{"keyword": "string", "date": "date", "boolean": "boolean", "long": "number", "integer": "number", "double": "number", "float": "number"}

// TestColumns holds every column of every chart to the mapping of the index its layer asks.
func TestColumns(t *testing.T) {
	w := readWorld(t)
	mappings := mappingsOf(t)
	for _, d := range w.dashboards() {
		for _, p := range panelsOf(t, d) {
			lens := p.EmbeddableConfig.Attributes
			for id, layer := range lens.State.DatasourceStates.FormBased.Layers {
				index := attribute(t, w.refer(t, d, p.PanelIndex+":indexpattern-datasource-layer-"+id), "title")
				layer.check(t, d.ID+" "+p.PanelIndex, mappings[index])
				for _, c := range parseQuery(t, lens.State.Query.Query) {
					if mappings[index][c.field] == "" {
						t.Errorf("%s %s asks for %s, which %s has not", d.ID, p, c.field, index)
					}
				}
				drawn := inner(lens.State.Visualization)
				for _, column := range layer.ColumnOrder {
					if !strings.Contains(drawn, `"`+column+`"`) {
						t.Errorf("%s %s does not draw %s", d.ID, p, column)
					}
				}
			}
		}
	}
}

func (l readLayer) check(t *testing.T, where string, mapping map[string]string) {
	t.Helper()
	if !slices.Equal(slices.Sorted(slices.Values(l.ColumnOrder)), slices.Sorted(maps.Keys(l.Columns))) {
		t.Errorf("%s: order %v of other columns than there are", where, l.ColumnOrder)
	}
	for id, c := range l.Columns {
		kind := mapping[c.SourceField]
		switch {
		case c.OperationType == "count":
			if c.SourceField != records {
				t.Errorf("%s: %s counts %s", where, id, c.SourceField)
			}
		case !slices.Contains(operations[c.OperationType], kind):
			t.Errorf("%s: %s of %s, which is %q", where, c.OperationType, c.SourceField, kind)
		case (c.IsBucketed || c.OperationType == "max") && c.DataType != dataTypes[kind]:
			t.Errorf("%s: %s of type %s says it is %s", where, c.SourceField, kind, c.DataType)
		}
		if o := c.Params.OrderBy; o.Type == "column" && (l.Columns[o.ColumnID].OperationType == "" || l.Columns[o.ColumnID].IsBucketed) {
			t.Errorf("%s: ordered by %q, which is no figure", where, o.ColumnID)
		}
	}
}

// mappingsOf are the types of all fields, by index and name, read from the mappings alone.
func mappingsOf(t *testing.T) map[string]map[string]string {
	t.Helper()
	all := map[string]map[string]string{}
	for index, mapping := range map[string][]byte{options().Articles: elastic.Mapping(), options().Alerts: elastic.AlertMapping()} {
		var m struct {
			Properties map[string]struct{ Type string }
		}
		unpack(t, mapping, &m)
		all[index] = map[string]string{}
		for name, f := range m.Properties {
			all[index][name] = f.Type
		}
	}
	return all
}

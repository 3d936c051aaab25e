package kibana

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var linkTemplate = regexp.MustCompile(`^\.\./app/dashboards#/view/([a-z-]+)\?_g=\(time:\(from:now-20y,to:now\)\)&_a=\(query:\(language:kuery,query:'([a-z_]+):%22\{\{value\}\}%22'\)\)$`)

// TestViewsAndLists holds times, columns, sorts and links of data views and saved searches to the mapping.
func TestViewsAndLists(t *testing.T) {
	w := readWorld(t)
	mappings := mappingsOf(t)
	for key, o := range w {
		switch o.Type {
		case typeView:
			mapping := mappings[attribute(t, o, "title")]
			if mapping[attribute(t, o, "timeFieldName")] != "date" {
				t.Errorf("%s has no date for its time", key)
			}
			var formats map[string]struct{ Params map[string]any }
			unpack(t, []byte(attribute(t, o, "fieldFormatMap")), &formats)
			for name, f := range formats {
				w.checkLink(t, key+" "+name, mapping[name], f.Params["urlTemplate"])
			}
		case typeSearch:
			index := attribute(t, w.refer(t, o, "kibanaSavedObjectMeta.searchSourceJSON.index"), "title")
			for _, c := range listOf(t, o).Columns {
				if mappings[index][c] == "" {
					t.Errorf("%s shows %s, which %s has not", key, c, index)
				}
			}
			if s := listOf(t, o).Sort; len(s) != 1 || mappings[index][s[0][0]] != "date" {
				t.Errorf("%s is sorted by %v", key, s)
			}
		}
	}
}

func (w world) checkLink(t *testing.T, where, kind string, template any) {
	t.Helper()
	if kind == "" {
		t.Errorf("%s is formatted and not there", where)
	}
	text, ok := template.(string)
	if !ok {
		return // the value is the address, or it is no link
	}
	m := linkTemplate.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%s: a link of another shape: %s", where, text)
	}
	w.get(t, typeDashboard, m[1])
}

// TestLinksStayInTheSpace resolves a link as Kibana does: against the folder app below its base path.
func TestLinksStayInTheSpace(t *testing.T) {
	link := strings.Replace(toDashboard(pageArticle, "id"), "{{value}}", "5f0c", 1)
	for _, base := range []string{"", "/kibana", "/s/news"} {
		folder, err := url.Parse("http://kibana:5601" + base + "/app/")
		if err != nil {
			t.Fatal(err)
		}
		at, err := folder.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		if want := base + "/app/dashboards"; at.Path != want || !strings.Contains(at.Fragment, `query:'id:"5f0c"'`) {
			t.Errorf("from %q it leads to %s, want %s", base, at, want)
		}
	}
}

// readList is what of a saved search decides what it asks.
type readList struct {
	Columns []string
	Sort    [][2]string
}

func listOf(t *testing.T, o Object) (l readList) {
	t.Helper()
	unpack(t, []byte(inner(o.Attributes)), &l)
	return l
}

var pageLink = regexp.MustCompile(`\]\(#/view/([^)]+)\)`)

// TestPagesAreLinked wants every dashboard to be reachable from every other, and the links in words to lead somewhere.
func TestPagesAreLinked(t *testing.T) {
	w := readWorld(t)
	for _, d := range w.dashboards() {
		seen := map[string]bool{}
		for _, p := range panelsOf(t, d) {
			for _, m := range pageLink.FindAllStringSubmatch(p.EmbeddableConfig.SavedVis.Params.Markdown, -1) {
				w.get(t, typeDashboard, m[1])
				seen[m[1]] = true
			}
		}
		if len(seen) != len(w.dashboards()) {
			t.Errorf("%s links to %v", d.ID, slices.Sorted(maps.Keys(seen)))
		}
		if d.Attributes["timeRestore"] != true || attribute(t, d, "timeFrom") == "" || attribute(t, d, "description") == "" {
			t.Errorf("%s does not say what it is, or opens with whatever time was chosen before", d.ID)
		}
	}
}

// indicesOf are the indices that the charts and lists of a dashboard ask.
func (w world) indicesOf(t *testing.T, d Object) (all []string) {
	t.Helper()
	for _, r := range d.References {
		view := Object{}
		switch {
		case strings.HasPrefix(r.Name, "controlGroup_"):
		case r.Type == typeView:
			view = w.get(t, r.Type, r.ID)
		case r.Type == typeSearch:
			view = w.refer(t, w.get(t, r.Type, r.ID), "kibanaSavedObjectMeta.searchSourceJSON.index")
		}
		if view.ID != "" && !slices.Contains(all, attribute(t, view, "title")) {
			all = append(all, attribute(t, view, "title"))
		}
	}
	return all
}

// TestChoices holds the choices above a dashboard to fields that all its indices have: one that an index has not would
// leave its panels empty.
func TestChoices(t *testing.T) {
	w, mappings := readWorld(t), mappingsOf(t)
	for _, d := range w.dashboards() {
		group, _ := d.Attributes["controlGroupInput"].(object)
		var controls map[string]struct {
			Type          string
			ExplicitInput struct{ ID, FieldName string }
		}
		unpack(t, []byte(group["panelsJSON"].(string)), &controls)
		if len(controls) == 0 {
			t.Errorf("%s offers nothing to choose from", d.ID)
		}
		for id, c := range controls {
			w.refer(t, d, "controlGroup_"+id+":optionsListDataView")
			if c.Type != "optionsListControl" || c.ExplicitInput.ID != id {
				t.Errorf("%s: control %s is %+v", d.ID, id, c)
			}
			for _, index := range w.indicesOf(t, d) {
				if kind := mappings[index][c.ExplicitInput.FieldName]; kind != "keyword" && kind != "boolean" {
					t.Errorf("%s: %s is %q in %s", d.ID, id, kind, index)
				}
			}
		}
	}
}

// TestLeads holds the ways between dashboards to values that the other's indices have: a click on one that they lack would
// lead to empty panels, and so would the filters of this dashboard if they went along to another index.
func TestLeads(t *testing.T) {
	w, mappings := readWorld(t), mappingsOf(t)
	leads := 0
	for _, d := range w.dashboards() {
		for _, p := range panelsOf(t, d) {
			for _, e := range p.EmbeddableConfig.Enhancements.DynamicActions.Events {
				leads++
				to := w.refer(t, d, p.PanelIndex+":drilldown:"+e.Action.FactoryID+":"+e.EventID+":dashboardId")
				for _, index := range w.indicesOf(t, to) {
					if e.Action.Config.UseCurrentFilters && !slices.Contains(w.indicesOf(t, d), index) {
						t.Errorf("%s %s takes its filters to %s, which asks %s", d.ID, p, to.ID, index)
					}
					for _, field := range p.values() {
						if mappings[index][field] == "" {
							t.Errorf("%s %s leads with a %s to %s, which asks %s", d.ID, p, field, to.ID, index)
						}
					}
				}
			}
		}
	}
	if leads < 20 {
		t.Errorf("%d ways between dashboards; the test reads too few", leads)
	}
}

// values are the fields of a chart whose values can be clicked.
func (p readPanel) values() (fields []string) {
	for _, l := range p.EmbeddableConfig.Attributes.State.DatasourceStates.FormBased.Layers {
		for _, c := range l.Columns {
			if c.OperationType == "terms" {
				fields = append(fields, c.SourceField)
			}
		}
	}
	return fields
}

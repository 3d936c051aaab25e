package kibana

import "fmt"

// wide is how many columns a dashboard has.
const wide = 48

// page is a dashboard: rows of panels, each row as high as it says.
type page struct {
	id, title, description string
	// from and to are the time it opens with, such as "now-7d" and "now".
	from, to string
	choices  []choice
	rows     []row
}

// row is a line of panels from left to right.
type row struct {
	height int
	panels []panel
}

// panel is one frame of a dashboard. It holds a chart, a saved search or words.
type panel struct {
	id, title string // id is the page's own and never changes
	width     int
	chart     *chart
	list      *list
	words     string // Markdown
	// leads are the dashboards a click on a value leads to, filtered by it.
	leads []lead
}

// lead is a way from a panel to another dashboard.
type lead struct {
	page  string // its id
	label string
	// sameTime takes the chosen time along; else the dashboard opens with its own.
	sameTime bool
	// alone leaves the filters of this dashboard behind: they are of fields that the other index does not have. The value
	// that was clicked goes along always.
	alone bool
}

// choice is a list of a field's values above a dashboard, to choose from.
type choice struct {
	view         *view
	field, label string
}

func drawing(id, title string, width int, c chart, leads ...lead) panel {
	return panel{id: id, title: title, width: width, chart: &c, leads: leads}
}

func listing(l list) panel { return panel{id: "list-" + l.id, title: l.title, width: wide, list: &l} }

func text(id string, width int, markdown string) panel {
	return panel{id: id, width: width, words: markdown}
}

// object makes the saved object of the dashboard.
func (p page) object() (Object, error) {
	fail := func(err error) (Object, error) { return Object{}, fmt.Errorf("dashboard %s: %w", p.id, err) }
	panels, references, err := p.panels()
	if err != nil {
		return fail(err)
	}
	controls, more, err := p.controls()
	if err != nil {
		return fail(err)
	}
	return Object{
		Type: typeDashboard, ID: p.id, CoreVersion: coreVersion, TypeVersion: dashboardVersion,
		References: append(references, more...),
		Attributes: object{
			"title": p.title, "description": p.description, "version": 1,
			"timeRestore": true, "timeFrom": p.from, "timeTo": p.to, "refreshInterval": object{"pause": true, "value": 60000},
			"panelsJSON": inner(panels),
			"optionsJSON": inner(object{
				"useMargins": true, "syncColors": false, "syncCursor": true, "syncTooltips": false, "hidePanelTitles": false,
			}),
			"controlGroupInput":     controls,
			"kibanaSavedObjectMeta": object{"searchSourceJSON": inner(object{"query": query(nil), "filter": []any{}})},
		},
	}, nil
}

// panels lays the rows out from top to bottom.
func (p page) panels() (all []object, references []Reference, err error) {
	seen, y := map[string]bool{}, 0
	for _, r := range p.rows {
		x := 0
		for _, frame := range r.panels {
			if seen[frame.id] || x+frame.width > wide {
				return nil, nil, fmt.Errorf("panel %s is there twice, or its row is wider than %d", frame.id, wide)
			}
			seen[frame.id] = true
			o, more, err := frame.build()
			if err != nil {
				return nil, nil, fmt.Errorf("panel %s: %w", frame.id, err)
			}
			o["gridData"] = object{"x": x, "y": y, "w": frame.width, "h": r.height, "i": frame.id}
			all = append(all, o)
			for _, m := range more {
				m.Name = frame.id + ":" + m.Name
				references = append(references, m)
			}
			x += frame.width
		}
		y += r.height
	}
	return all, references, nil
}

// build makes the panel without its place; the names of its references are still its own.
func (p panel) build() (object, []Reference, error) {
	o := object{"version": panelVersion, "panelIndex": p.id, "title": p.title}
	config := object{"enhancements": object{}}
	o["embeddableConfig"] = config
	events, references := p.drilldowns()
	if len(events) > 0 {
		config["enhancements"] = object{"dynamicActions": object{"events": events}}
	}
	switch {
	case p.chart != nil:
		attributes, more, err := p.chart.build(p.id)
		if err != nil {
			return nil, nil, err
		}
		o["type"], config["attributes"] = "lens", attributes
		references = append(more, references...)
	case p.list != nil:
		name := "panel_" + p.id
		o["type"], o["panelRefName"] = "search", name
		references = append(references, Reference{Type: typeSearch, ID: p.list.id, Name: name})
	default:
		o["type"], config["hidePanelTitles"] = "visualization", true
		config["savedVis"] = object{
			"title": "", "description": "", "type": "markdown", "uiState": object{},
			"params": object{"fontSize": 12, "openLinksInNewTab": false, "markdown": p.words},
			"data":   object{"aggs": []any{}, "searchSource": object{"query": query(nil), "filter": []any{}}},
		}
	}
	return o, references, nil
}

func (p panel) drilldowns() (events []object, references []Reference) {
	const factory = "DASHBOARD_TO_DASHBOARD_DRILLDOWN"
	for _, l := range p.leads {
		event := p.id + "-to-" + l.page
		events = append(events, object{
			"eventId": event, "triggers": []string{"FILTER_TRIGGER"},
			"action": object{"factoryId": factory, "name": l.label, "config": object{
				"useCurrentFilters": !l.alone, "useCurrentDateRange": l.sameTime, "openInNewTab": false,
			}},
		})
		references = append(references, Reference{Type: typeDashboard, ID: l.page, Name: "drilldown:" + factory + ":" + event + ":dashboardId"})
	}
	return events, references
}

// controls are the choices above the panels.
func (p page) controls() (object, []Reference, error) {
	panels, references := object{}, []Reference{}
	for i, c := range p.choices {
		if _, err := c.view.fields.counted(c.field, kindString, kindBoolean); err != nil {
			return nil, nil, fmt.Errorf("choice %s: %w", c.label, err)
		}
		id := p.id + "-choose-" + c.field
		panels[id] = object{
			"order": i, "width": "medium", "grow": true, "type": "optionsListControl",
			"explicitInput": object{"id": id, "fieldName": c.field, "title": c.label, "selectedOptions": []any{}, "enhancements": object{}},
		}
		references = append(references, Reference{Type: typeView, ID: c.view.id, Name: "controlGroup_" + id + ":optionsListDataView"})
	}
	return object{
		"controlStyle": "oneLine", "chainingSystem": "HIERARCHICAL", "panelsJSON": inner(panels),
		"ignoreParentSettingsJSON": inner(object{"ignoreFilters": false, "ignoreQuery": false, "ignoreTimerange": false, "ignoreValidations": false}),
	}, references, nil
}

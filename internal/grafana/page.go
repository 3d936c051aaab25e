package grafana

import (
	"fmt"
	"strings"
)

// chart is a panel before it has its place.
type chart struct {
	title   string
	unit    string
	queries []query
	// red, with yellow before it, is where a figure is no longer well; a chart with it is a figure and no curve.
	yellow, red float64
	// note is said before the sentences of the metrics.
	note string
}

// row is a headline with charts below it.
type row struct {
	title  string
	charts []chart
}

// page is a dashboard before it is laid out.
type page struct {
	uid, title, about string
	rows              []row
}

// Units of Grafana.
const (
	seconds   = "s"
	perSecond = "cps"
	count     = "short"
	bytesUnit = "bytes"
	bytesRate = "Bps"
)

// Sizes in units of the grid.
const (
	pageWidth   = 24
	figureWide  = 4
	figureHigh  = 4
	curveWide   = 8
	curveHigh   = 8
	headlineTop = 1
)

// lay places the charts of every row from left to right and explains them by the help of their metrics.
func (p page) lay(help map[string]string) (Dashboard, error) {
	d := Dashboard{
		UID: p.uid, Title: p.title, Description: p.about, Tags: []string{"tocsin"}, SchemaVersion: 41, Version: 1, Editable: true,
		Refresh: "15s", Timezone: "browser", Time: TimeRange{"now-6h", "now"},
		Templating: Templating{[]Variable{{"datasource", "Prometheus", "datasource", "prometheus"}}},
		Links:      []Link{{"Tocsin", "dashboards", []string{"tocsin"}, false, true, true}},
	}
	y := 0
	for _, r := range p.rows {
		d.Panels = append(d.Panels, Panel{ID: len(d.Panels) + 1, Type: "row", Title: r.title, GridPos: Place{0, y, pageWidth, headlineTop}})
		y += headlineTop
		x, high := 0, 0
		for _, c := range r.charts {
			panel, err := c.panel(help)
			if err != nil {
				return Dashboard{}, fmt.Errorf("dashboard %s: %w", p.uid, err)
			}
			if x+panel.GridPos.W > pageWidth {
				x, y, high = 0, y+high, 0
			}
			panel.ID, panel.GridPos.X, panel.GridPos.Y = len(d.Panels)+1, x, y
			x, high = x+panel.GridPos.W, max(high, panel.GridPos.H)
			d.Panels = append(d.Panels, panel)
		}
		y += high
	}
	return d, nil
}

func (c chart) panel(help map[string]string) (Panel, error) {
	source := Source{"prometheus", "${datasource}"}
	zero := 0.0
	p := Panel{
		Type: "timeseries", Title: c.title, Datasource: &source, GridPos: Place{W: curveWide, H: curveHigh},
		FieldConfig: &FieldConfig{Defaults{Unit: c.unit, Min: &zero, Color: &Color{"palette-classic"}}, []string{}},
		Options:     &Options{Legend: &Legend{"list", "bottom", true}, Tooltip: &Tooltip{"multi", "desc"}},
	}
	if c.red > 0 {
		p.Type, p.GridPos = "stat", Place{W: figureWide, H: figureHigh}
		p.FieldConfig.Defaults.Color, p.FieldConfig.Defaults.NoValue = &Color{"thresholds"}, "no data"
		p.FieldConfig.Defaults.Thresholds = &Thresholds{"absolute", []Step{{"green", nil}, {"yellow", &c.yellow}, {"red", &c.red}}}
		p.Options = &Options{ReduceOptions: &ReduceOptions{[]string{"lastNotNull"}}, ColorMode: "background", GraphMode: "area"}
	}
	said, err := c.explained(help)
	if err != nil {
		return Panel{}, err
	}
	p.Description = said
	for i, q := range c.queries {
		p.Targets = append(p.Targets, Target{
			RefID: string(rune('A' + i)), Datasource: source, Expr: q.expr, LegendFormat: q.legend, Range: true,
		})
	}
	return p, nil
}

// explained is the note and one sentence for each metric of the chart.
func (c chart) explained(help map[string]string) (string, error) {
	said := []string{}
	if c.note != "" {
		said = append(said, c.note)
	}
	known := map[string]bool{}
	for _, q := range c.queries {
		for _, m := range q.metrics {
			if help[m] == "" {
				return "", fmt.Errorf("panel %q asks for %s, which no service tells", c.title, m)
			}
			if !known[m] {
				known[m] = true
				said = append(said, "`"+m+"`: "+help[m])
			}
		}
	}
	return strings.Join(said, "\n\n"), nil
}

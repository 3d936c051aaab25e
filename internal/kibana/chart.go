package kibana

import (
	"fmt"
	"strconv"
)

// chart is a drawing of figures by buckets, which Kibana calls a Lens visualisation.
type chart struct {
	kind   string // Kibana's name of the drawing
	layers []layer
	where  []condition
	// draw makes the state of the drawing from the ids of the columns.
	draw func(layers []drawn) object
}

// layer is one set of buckets and figures. Buckets are outermost first.
type layer struct {
	view    *view
	buckets []column
	figures []column
}

// drawn are the ids of a layer and its columns.
type drawn struct {
	id      string
	buckets []string
	figures []string
}

// number is one figure, large.
func number(v *view, figure column, where ...condition) chart {
	return chart{kind: "lnsMetric", layers: []layer{{view: v, figures: []column{figure}}}, where: where, draw: func(l []drawn) object {
		return object{"layerId": l[0].id, "layerType": "data", "metricAccessor": l[0].figures[0]}
	}}
}

// table has a row for each value of the buckets. A click on a bucket's value filters, or follows the panel's drilldown.
func table(v *view, buckets, figures []column, where ...condition) chart {
	return chart{kind: "lnsDatatable", layers: []layer{{v, buckets, figures}}, where: where, draw: func(l []drawn) object {
		columns := []object{}
		for _, id := range l[0].buckets {
			columns = append(columns, object{"columnId": id, "isTransposed": false, "oneClickFilter": true})
		}
		for _, id := range l[0].figures {
			columns = append(columns, object{"columnId": id, "isTransposed": false})
		}
		return object{"layerId": l[0].id, "layerType": "data", "columns": columns}
	}}
}

// sorted shows a table's rows by a figure, the highest first; for buckets that have an order of their own.
func (c chart) sorted(figure int) chart {
	inner := c.draw
	c.draw = func(l []drawn) object {
		o := inner(l)
		o["sorting"] = object{"columnId": l[0].figures[figure], "direction": "desc"}
		return o
	}
	return c
}

// bars are columns over time, stacked by the values of split.
func bars(v *view, split, time, figure column, where ...condition) chart {
	return overTime("bar_stacked", v, split, time, figure, where)
}

// curves are a line over time for each value of split, for figures of which a sum says nothing.
func curves(v *view, split, time, figure column, where ...condition) chart {
	return overTime("line", v, split, time, figure, where)
}

func overTime(series string, v *view, split, time, figure column, where []condition) chart {
	return chart{kind: "lnsXY", layers: []layer{{v, []column{split, time}, []column{figure}}}, where: where, draw: func(l []drawn) object {
		return xy(series, object{
			"layerId": l[0].id, "layerType": "data", "seriesType": series,
			"splitAccessor": l[0].buckets[0], "xAccessor": l[0].buckets[1], "accessors": l[0].figures,
		})
	}}
}

// lines are curves over one axis of time, one for each layer; a layer has one bucket, the time.
func lines(layers ...layer) chart {
	return chart{kind: "lnsXY", layers: layers, draw: func(l []drawn) object {
		all := make([]object, len(l))
		for i, d := range l {
			all[i] = object{"layerId": d.id, "layerType": "data", "seriesType": "line", "xAccessor": d.buckets[0], "accessors": d.figures}
		}
		return xy("line", all...)
	}}
}

func xy(series string, layers ...object) object {
	return object{
		"preferredSeriesType": series, "layers": layers, "valueLabels": "hide", "fittingFunction": "Zero",
		"legend":                       object{"isVisible": true, "showSingleSeries": true, "position": "right"},
		"axisTitlesVisibilitySettings": object{"x": false, "yLeft": true, "yRight": true},
	}
}

// heat is a grid in which a darker field has a higher figure.
func heat(v *view, down, across, figure column, where ...condition) chart {
	return chart{kind: "lnsHeatmap", layers: []layer{{v, []column{down, across}, []column{figure}}}, where: where, draw: func(l []drawn) object {
		return object{
			"shape": "heatmap", "layerId": l[0].id, "layerType": "data",
			"yAccessor": l[0].buckets[0], "xAccessor": l[0].buckets[1], "valueAccessor": l[0].figures[0],
			"legend": object{"type": "heatmap_legend", "isVisible": true, "position": "right"},
			"gridConfig": object{
				"type": "heatmap_grid", "isCellLabelVisible": true, "isYAxisLabelVisible": true, "isXAxisLabelVisible": true,
				"isYAxisTitleVisible": true, "isXAxisTitleVisible": true,
			},
		}
	}}
}

// build makes Kibana's visualisation; panel starts the ids in it.
func (c chart) build(panel string) (attributes object, references []Reference, err error) {
	states, ids := object{}, make([]drawn, len(c.layers))
	for i, l := range c.layers {
		d := l.name(panel, i)
		if states[d.id], err = l.build(d); err != nil {
			return nil, nil, err
		}
		for _, w := range c.where {
			if err := l.view.fields.searchable(w.field); err != nil {
				return nil, nil, err
			}
		}
		ids[i] = d
		references = append(references, Reference{Type: typeView, ID: l.view.id, Name: "indexpattern-datasource-layer-" + d.id})
	}
	return object{
		"title": "", "type": "lens", "visualizationType": c.kind, "references": references,
		"state": object{
			"datasourceStates": object{"formBased": object{"layers": states}},
			"visualization":    c.draw(ids), "query": query(c.where), "filters": []any{},
			"internalReferences": []any{}, "adHocDataViews": object{},
		},
	}, references, nil
}

func (l layer) name(panel string, i int) drawn {
	d := drawn{id: panel + "-" + strconv.Itoa(i)}
	for n := range l.buckets {
		d.buckets = append(d.buckets, d.id+"-by-"+strconv.Itoa(n))
	}
	for n := range l.figures {
		d.figures = append(d.figures, d.id+"-figure-"+strconv.Itoa(n))
	}
	return d
}

func (l layer) build(d drawn) (object, error) {
	columns, order := object{}, append(append([]string{}, d.buckets...), d.figures...)
	for i, c := range append(append([]column{}, l.buckets...), l.figures...) {
		built, err := c.build(l.view.fields, d.figures)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.view.id, err)
		}
		columns[order[i]] = built
	}
	return object{"columns": columns, "columnOrder": order, "incompleteColumns": object{}}, nil
}

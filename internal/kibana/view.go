package kibana

// view is a data view: an index alias, and the field that the time picker means.
type view struct {
	id     string
	name   string // as analysts see it
	index  string
	time   string
	fields fields
	// formats say how fields are shown that are more than their value.
	formats map[string]format
}

// format is how Kibana shows a field.
type format struct {
	ID     string `json:"id"`
	Params object `json:"params"`
}

// link shows a field as a link under the given label. template holds {{value}}, escaped for an address, or is empty when
// the value is the address itself; Kibana follows http, https and addresses of its own only.
func link(template, label string) format {
	params := object{"type": "a", "urlTemplate": nil, "labelTemplate": label}
	if template != "" {
		params["urlTemplate"] = template
	}
	return format{ID: "url", Params: params}
}

// toDashboard is the address of a dashboard asked for one value of a field that holds ids, at whatever time, whatever
// space Kibana is in.
func toDashboard(dashboard, field string) string {
	return "../app/dashboards#/view/" + dashboard + "?_g=(time:(from:now-20y,to:now))&_a=(query:(language:kuery,query:'" + field + ":%22{{value}}%22'))"
}

// seconds shows a number of seconds in words.
func seconds() format {
	return format{ID: "duration", Params: object{
		"inputFormat": "seconds", "outputFormat": "humanizePrecise", "outputPrecision": 1, "useShortSuffix": true, "includeSpaceWithSuffix": true,
	}}
}

// object checks that the fields exist and makes the saved object.
func (v *view) object() (Object, error) {
	if _, err := v.fields.counted(v.time, kindDate); err != nil {
		return Object{}, err
	}
	for name := range v.formats {
		if _, err := v.fields.counted(name, kindString, kindNumber); err != nil {
			return Object{}, err
		}
	}
	return Object{
		Type: typeView, ID: v.id, CoreVersion: coreVersion, TypeVersion: viewVersion, References: []Reference{},
		Attributes: object{
			"title": v.index, "name": v.name, "timeFieldName": v.time,
			"allowNoIndex": true, // the alias comes with the first article or alert
			"fields":       "[]", "fieldAttrs": "{}", "runtimeFieldMap": "{}", "sourceFilters": "[]", "typeMeta": "{}",
			"fieldFormatMap": inner(v.formats),
		},
	}, nil
}

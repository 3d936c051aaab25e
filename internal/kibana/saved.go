package kibana

import "fmt"

// list is a saved search: documents themselves, some of their fields as columns, in an order.
type list struct {
	id, title, description string
	view                   *view
	columns                []string
	sort                   string // a field
	ascending              bool
	where                  []condition
}

// object checks that the fields exist and makes the saved object.
func (l list) object() (Object, error) {
	fail := func(err error) (Object, error) { return Object{}, fmt.Errorf("saved search %s: %w", l.id, err) }
	for _, c := range l.columns {
		if _, ok := l.view.fields[c]; !ok {
			return fail(fmt.Errorf("the mapping has no field %s", c))
		}
	}
	for _, w := range l.where {
		if err := l.view.fields.searchable(w.field); err != nil {
			return fail(err)
		}
	}
	if _, err := l.view.fields.counted(l.sort, kindDate, kindNumber, kindString); err != nil {
		return fail(err)
	}
	direction := "desc"
	if l.ascending {
		direction = "asc"
	}
	const index = "kibanaSavedObjectMeta.searchSourceJSON.index"
	return Object{
		Type: typeSearch, ID: l.id, CoreVersion: coreVersion, TypeVersion: searchVersion,
		Attributes: object{
			"title": l.title, "description": l.description, "columns": l.columns, "sort": [][]string{{l.sort, direction}},
			"grid": object{}, "hideChart": true, "isTextBasedQuery": false,
			"kibanaSavedObjectMeta": object{"searchSourceJSON": inner(object{
				"query": query(l.where), "filter": []any{}, "highlightAll": true, "version": true, "indexRefName": index,
			})},
		},
		References: []Reference{{Type: typeView, ID: l.view.id, Name: index}},
	}, nil
}

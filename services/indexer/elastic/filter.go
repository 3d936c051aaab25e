package elastic

import (
	"strings"
	"time"

	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// query is an indexer.Query as a bool query.
func query(q indexer.Query) object {
	s := words.Parse(q.Text)
	var must, filter, not []object
	for _, c := range s.All {
		must = append(must, anyOf("text", c))
	}
	for _, t := range s.None {
		not = append(not, term("text", t))
	}
	filter = append(filter, names("persons", "person_keys", q.Persons)...)
	filter = append(filter, names("organizations", "organization_keys", q.Organizations)...)
	filter = append(filter, names("places", "place_keys", q.Places)...)
	filter = append(filter, oneOf("source", q.Sources)...)
	filter = append(filter, oneOf("lang", q.Langs)...)
	filter = append(filter, oneOf("lists", q.Lists)...)
	filter = append(filter, oneOf("id", q.IDs)...)
	filter = append(filter, oneOf("group", q.Groups)...)
	for _, w := range q.Watch {
		filter = append(filter, object{"term": object{"watch": w}})
	}
	if r := between(q.PublishedFrom, q.PublishedTo); len(r) > 0 {
		filter = append(filter, object{"range": object{"at": r}})
	}
	filter = append(filter, mentioned(q)...)

	b := object{"filter": append(filter, must...), "must_not": not}
	if q.Ranked() {
		b = object{"filter": filter, "must": must, "must_not": not, "should": inTitle(s)}
	}
	return object{"bool": b}
}

// inTitle prefers articles that have the words in their title; the title is in the text too, so they count four times.
func inTitle(s words.Search) []object {
	var all []object
	for _, c := range s.All {
		all = append(all, object{"bool": object{"must": anyOf("title", c), "boost": 3}})
	}
	return all
}

func anyOf(field string, c words.Clause) object {
	if len(c) == 1 {
		return term(field, c[0])
	}
	var all []object
	for _, t := range c {
		all = append(all, term(field, t))
	}
	return object{"bool": object{"should": all, "minimum_should_match": 1}}
}

// term finds a term by the analyzer of the field. A prefix is not analysed by Elasticsearch, so its stem is taken here,
// as the words of the index were stemmed.
func term(field string, t words.Term) object {
	text := strings.Join(t.Words, " ")
	switch {
	case t.Prefix && len(t.Words) == 1:
		return object{"prefix": object{field: object{"value": words.Stem(text)}}}
	case t.Prefix:
		return object{"match_phrase_prefix": object{field: object{"query": text, "max_expansions": 1000}}}
	}
	return object{"match_phrase": object{field: text}}
}

// names wants every given name, by key or by folded spelling.
func names(shown, keys string, wanted []string) []object {
	var all []object
	for _, w := range wanted {
		all = append(all, object{"bool": object{"minimum_should_match": 1, "should": []object{
			{"term": object{shown + ".folded": words.Fold(w)}},
			{"term": object{keys: w}},
		}}})
	}
	return all
}

func oneOf(field string, values []string) []object {
	if len(values) == 0 {
		return nil
	}
	return []object{{"terms": object{field: values}}}
}

func mentioned(q indexer.Query) []object {
	if !q.Mentions() {
		return nil
	}
	r := between(q.MentionedFrom, q.MentionedTo)
	r["relation"] = q.Relation
	narrow := object{"range": object{"mentioned": r}}
	if !q.WideDates {
		return []object{narrow}
	}
	return []object{{"bool": object{"minimum_should_match": 1, "should": []object{narrow, {"range": object{"mentioned_wide": r}}}}}}
}

// between is a half-open range; a zero end is open.
func between(from, to time.Time) object {
	r := object{}
	if !from.IsZero() {
		r["gte"] = from.UTC().Format(time.RFC3339Nano)
	}
	if !to.IsZero() {
		r["lt"] = to.UTC().Format(time.RFC3339Nano)
	}
	return r
}

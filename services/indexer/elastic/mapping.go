package elastic

import (
	_ "embed" // for the mapping
	"encoding/json"
)

// schema is the version of the mapping, in its _meta. Fields may be added under the same name of the indices; anything
// else needs indices of a new name (the v1 in it) and an index built anew.
const schema = 1

//go:embed mapping.json
var mapping []byte

//go:embed alerts.json
var alertMapping []byte

// Mapping is the JSON of the article index's mapping: every field of an indexer.Document and no other.
func Mapping() json.RawMessage { return append(json.RawMessage(nil), mapping...) }

// AlertMapping is the JSON of the alert index's mapping: every field of an indexer.AlertDocument and no other.
func AlertMapping() json.RawMessage { return append(json.RawMessage(nil), alertMapping...) }

// object is a JSON object.
type object = map[string]any

// settings are the index settings. Words are cut at every sign and space, also the spaces that Java does not count as
// such, as package words and the embedded index cut them; there are no stop words.
func (o Options) settings() object {
	s := object{
		"number_of_shards":           1,
		"refresh_interval":           "5s",
		"mapping.total_fields.limit": 100,
		"analysis": object{
			"tokenizer": object{"words": object{
				"type":              "char_group",
				"tokenize_on_chars": []string{"whitespace", "punctuation", "symbol", "\u00a0", "\u2007", "\u202f", "\u200b", "\u00ad", "\ufeff"},
			}},
			"analyzer":   object{"words": object{"type": "custom", "tokenizer": "words", "filter": []string{"lowercase", "asciifolding", "porter_stem"}}},
			"normalizer": object{"folded": object{"type": "custom", "filter": []string{"lowercase", "asciifolding", "trim"}}},
		},
	}
	if o.Replicas != nil {
		s["number_of_replicas"] = *o.Replicas
	}
	return s
}

package watchlist

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tocsin/services/extractor/watch"
)

// readYAML reads Tocsin's own list:
//
//	list: wanted
//	group: story
//	entries:
//	  - name: Gulmurod Khalimov
//	    id: khalimov
//	    aliases: [Gulmurod Halimov]
//	    birth_date: 1975-05-14
//	    policy: {min_bits: 24}
//
// Unknown keys are errors, and every error names its line.
func readYAML(files []File, report *Report) ([]watch.Entry, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(files[0].Data, &doc); err != nil {
		return nil, fmt.Errorf("not readable as YAML: %w", err)
	}
	if len(doc.Content) == 0 {
		return nil, fmt.Errorf("the file is empty; write \"entries:\" with one name below it")
	}
	root := doc.Content[0]
	list, whole := "", fields{} // what the file says of all its entries
	var items []*yaml.Node
	err := eachKey(root, []string{"list", "group", "entries"}, func(key string, value *yaml.Node) error {
		switch key {
		case "list":
			return scalar(value, key, &list)
		case "group":
			return whole.set(key, value)
		}
		if value.Kind != yaml.SequenceNode {
			return lineError(value, "entries must be a list; begin each entry with a dash")
		}
		items = value.Content
		return nil
	})
	if err != nil {
		return nil, err
	}
	entries := make([]watch.Entry, 0, len(items))
	for _, item := range items {
		e, err := yamlEntry(item, list)
		if err != nil {
			return nil, err
		}
		e.Policy.Group = cmp.Or(e.Policy.Group, whole.policy.Group)
		entries = append(entries, e)
	}
	report.Records = len(entries)
	return entries, uniqueIDs(entries, items)
}

// uniqueIDs refuses two entries with one configured id.
func uniqueIDs(entries []watch.Entry, items []*yaml.Node) error {
	seen := map[string]int{}
	for i, e := range entries {
		if e.ID == "" {
			continue
		}
		k := e.List + "." + e.ID
		if line, ok := seen[k]; ok {
			return lineError(items[i], "id %q is used on line %d already; give each entry its own", e.ID, line)
		}
		seen[k] = items[i].Line
	}
	return nil
}

func lineError(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d: %s", n.Line, fmt.Sprintf(format, args...))
}

// eachKey walks a mapping and refuses keys that are not known or repeat.
func eachKey(n *yaml.Node, known []string, visit func(key string, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return lineError(n, "expected \"key: value\" lines with %s", strings.Join(known, ", "))
	}
	var seen []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i].Value
		if !slices.Contains(known, key) {
			return lineError(n.Content[i], "unknown key %q; known are %s", key, strings.Join(known, ", "))
		}
		if slices.Contains(seen, key) {
			return lineError(n.Content[i], "key %q appears twice", key)
		}
		seen = append(seen, key)
		if err := visit(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func scalar(n *yaml.Node, key string, into *string) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.ScalarNode {
		return lineError(n, "%s must be one value", key)
	}
	if n.Tag != "!!null" {
		*into = n.Value
	}
	return nil
}

// texts reads one value or a list of values.
func texts(n *yaml.Node, key string, into *[]string) error {
	if n.Kind == yaml.ScalarNode {
		var s string
		if err := scalar(n, key, &s); err != nil || s == "" {
			return err
		}
		*into = []string{s}
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return lineError(n, "%s must be a list", key)
	}
	for _, item := range n.Content {
		var s string
		if err := scalar(item, key, &s); err != nil {
			return err
		}
		if strings.TrimSpace(s) == "" {
			return lineError(item, "%s holds an empty value; remove it", key)
		}
		*into = append(*into, s)
	}
	return nil
}

func entryKeys() []string {
	return []string{"id", "name", "family", "given", "aliases", "weak_aliases", "original", "kind", "list", "birth_date", "countries",
		"organizations", "roles", "associates", "policy", "min_bits", "require_any", "exclude", "exact_only", "mute_until", "tier", "group"}
}

func yamlEntry(n *yaml.Node, list string) (watch.Entry, error) {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" && strings.TrimSpace(n.Value) != "" {
		return watch.Entry{List: list, Names: []watch.Name{{Text: n.Value, Kind: watch.Primary}}}, nil
	}
	f := fields{list: list}
	if err := eachKey(n, entryKeys(), f.set); err != nil {
		return watch.Entry{}, err
	}
	e, err := f.entry()
	if err != nil {
		return watch.Entry{}, lineError(n, "%s", err)
	}
	return e, nil
}

// set stores one key of an entry.
func (f *fields) set(key string, n *yaml.Node) error {
	if key == "policy" {
		return eachKey(n, policyKeys(), f.set)
	}
	if into := f.list1(key); into != nil {
		return texts(n, key, into)
	}
	var s string
	if err := scalar(n, key, &s); err != nil {
		return err
	}
	if err := f.value(key, s); err != nil {
		return lineError(n, "%s", err)
	}
	return nil
}

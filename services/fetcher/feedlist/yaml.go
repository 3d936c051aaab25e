package feedlist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// fields are the keys of a feed in YAML, in the order they are written.
var fields = []string{"url", "id", "name", "source", "zone", "country", "language", "every", "tags", "pages"}

// ParseYAML reads the project's own format:
//
//	feeds:
//	  - url: https://www.example.com/news/rss.xml
//	    source: example
//	    zone: Europe/London
//	    every: 15m
//
// It is strict: a key that does not exist, a missing or wrong address and a bad interval are errors, all of them told at
// once with their lines, and nothing of the list is used then. An error wraps ErrList.
func ParseYAML(data []byte) ([]Entry, error) {
	var root yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&root); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: it is empty; write `feeds: []` for a list without feeds", ErrList)
		}
		return nil, fmt.Errorf("%w: %s", ErrList, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%w: it holds a second document after `---`; put all feeds under one `feeds:`", ErrList)
	}
	var r yamlReader
	entries := r.list(root.Content[0])
	if len(r.wrong) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrList, strings.Join(r.wrong, "; "))
	}
	return entries, nil
}

// yamlReader walks the nodes and collects what is wrong, 20 complaints at most.
type yamlReader struct{ wrong []string }

func (r *yamlReader) complain(n *yaml.Node, format string, args ...any) {
	if len(r.wrong) < 20 {
		r.wrong = append(r.wrong, fmt.Sprintf("line %d: %s", n.Line, fmt.Sprintf(format, args...)))
	}
}

func (r *yamlReader) list(n *yaml.Node) []Entry {
	if n.Kind != yaml.MappingNode {
		r.complain(n, "the list must begin with `feeds:`")
		return nil
	}
	var entries []Entry
	met := false
	for key, value := range pairs(n) {
		switch {
		case key.Value != "feeds":
			r.complain(key, "unknown key %q; the list has one key, feeds", key.Value)
		case met:
			r.complain(key, "feeds stands here a second time")
		case value.Kind == yaml.SequenceNode:
			for _, item := range value.Content {
				entries = append(entries, r.entry(item))
			}
		case value.Tag != "!!null":
			r.complain(value, "feeds must be a list; begin each feed with `- url: …`")
		}
		met = met || key.Value == "feeds"
	}
	if !met {
		r.complain(n, "the key feeds is missing")
	}
	return entries
}

// pairs yields the keys and values of a mapping; aliases are followed once.
func pairs(n *yaml.Node) func(yield func(key, value *yaml.Node) bool) {
	return func(yield func(key, value *yaml.Node) bool) {
		for i := 0; i+1 < len(n.Content); i += 2 {
			value := n.Content[i+1]
			if value.Kind == yaml.AliasNode {
				value = value.Alias
			}
			if !yield(n.Content[i], value) {
				return
			}
		}
	}
}

func (r *yamlReader) entry(n *yaml.Node) Entry {
	e := Entry{Line: n.Line}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" { // a bare address is a feed
		e.URL = n.Value
	} else if n.Kind != yaml.MappingNode {
		r.complain(n, "a feed is written as `- url: …`")
		return e
	}
	met := map[string]bool{}
	if n.Kind == yaml.MappingNode {
		for key, value := range pairs(n) {
			if met[key.Value] {
				r.complain(key, "%s stands twice in one feed", key.Value)
			}
			met[key.Value] = true
			r.field(&e, key, value)
		}
	}
	if bad := checkURL(e.URL); bad != "" {
		r.complain(n, "%s", bad)
	}
	return e
}

func (r *yamlReader) field(e *Entry, key, value *yaml.Node) {
	text := map[string]*string{
		"url": &e.URL, "id": &e.ID, "name": &e.Name, "source": &e.Source, "zone": &e.Zone, "country": &e.Country, "language": &e.Language,
	}
	switch {
	case text[key.Value] != nil:
		r.text(text[key.Value], key, value)
	case key.Value == "every":
		r.every(e, value)
	case key.Value == "tags":
		r.tags(e, value)
	case key.Value == "pages":
		var pages bool
		if value.Decode(&pages) != nil {
			r.complain(value, "pages is %q; write true or false", value.Value)
		}
		e.Pages = &pages
	default:
		r.complain(key, "unknown key %q%s", key.Value, suggest(key.Value))
	}
}

// text takes a scalar as written, so that NO is Norway and not false.
func (r *yamlReader) text(field *string, key, value *yaml.Node) {
	if value.Kind != yaml.ScalarNode {
		r.complain(value, "%s must be one text", key.Value)
		return
	}
	if value.Tag != "!!null" {
		*field = strings.TrimSpace(value.Value)
	}
}

func (r *yamlReader) every(e *Entry, value *yaml.Node) {
	d, err := time.ParseDuration(value.Value)
	switch {
	case err != nil:
		r.complain(value, "every is %q; write an interval such as 15m or 2h", value.Value)
	case d < time.Second || d > 31*24*time.Hour || d%time.Second != 0:
		r.complain(value, "every is %s; it must be whole seconds, from 1s to 744h", d)
	}
	e.Every = d
}

func (r *yamlReader) tags(e *Entry, value *yaml.Node) {
	if value.Decode(&e.Tags) != nil {
		r.complain(value, "tags must be a list, such as [politics, tajikistan]")
	}
}

// suggest names the key that was probably meant.
func suggest(key string) string {
	for _, f := range fields {
		if len(key) > 2 && (strings.HasPrefix(f, key[:3]) || strings.EqualFold(f, key)) {
			return fmt.Sprintf("; did you mean %s?", f)
		}
	}
	return "; a feed has " + strings.Join(slices.Clone(fields), ", ")
}

// yamlEntry is an entry in the shape YAML writes it.
type yamlEntry struct {
	URL      string   `yaml:"url"`
	ID       string   `yaml:"id,omitempty"`
	Name     string   `yaml:"name,omitempty"`
	Source   string   `yaml:"source,omitempty"`
	Zone     string   `yaml:"zone,omitempty"`
	Country  string   `yaml:"country,omitempty"`
	Language string   `yaml:"language,omitempty"`
	Every    string   `yaml:"every,omitempty"`
	Tags     []string `yaml:"tags,omitempty,flow"`
	Pages    *bool    `yaml:"pages,omitempty"`
}

// YAML writes entries as ParseYAML reads them.
func YAML(entries []Entry) ([]byte, error) {
	list := struct {
		Feeds []yamlEntry `yaml:"feeds"`
	}{Feeds: []yamlEntry{}}
	for _, e := range entries {
		y := yamlEntry{
			URL: e.URL, ID: e.ID, Name: e.Name, Source: e.Source, Zone: e.Zone, Country: e.Country, Language: e.Language,
			Tags: e.Tags, Pages: e.Pages,
		}
		if e.Every > 0 {
			y.Every = e.Every.String()
		}
		list.Feeds = append(list.Feeds, y)
	}
	return yaml.Marshal(list)
}

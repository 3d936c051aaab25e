package schema

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tocsin/pkg/messages"
)

var update = flag.Bool("update", false, "write the schema files anew")

// contract are the messages by the name of their files, here and in ../testdata.
func contract() map[string]messages.Message {
	return map[string]messages.Message{
		"raw_article": messages.RawArticle{}, "enriched_article": messages.EnrichedArticle{}, "alert": messages.Alert{},
		"poll_report": messages.PollReport{}, "feed_event": messages.FeedEvent{}, "record": messages.Record{},
		"near_miss": messages.NearMiss{}, "rejection": messages.Rejection{}, "in_force": messages.InForce{},
	}
}

func TestSchemaFilesAreCurrent(t *testing.T) {
	comments, err := Comments(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for name, m := range contract() {
		got, err := For(m, comments)
		if err != nil {
			t.Fatal(err)
		}
		path := name + ".schema.json"
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatalf("%v; write it with go test ./pkg/messages/... -update", err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s is not current; write it anew with go test ./pkg/messages/... -update\n%s", path, diff)
		}
	}
}

// golden returns a message as it travels, for changing.
func golden(t *testing.T, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

func load(t *testing.T, name string) validator {
	t.Helper()
	data, err := os.ReadFile(name + ".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	return validator{root}
}

func TestGoldenMessagesKeepTheirSchemas(t *testing.T) {
	for name := range contract() {
		v := load(t, name)
		for _, problem := range v.check(v.root, golden(t, name), name) {
			t.Error(problem)
		}
	}
}

func TestEmptyMessagesThatPassKeepTheirSchemas(t *testing.T) {
	m := messages.EnrichedArticle{Version: 1, Lang: "und", Article: messages.Article{
		ID: "a", Revision: 1, Feed: "f", Source: "s", FirstSeen: time.Unix(0, 0), FetchedAt: time.Unix(0, 0),
	}}
	data, err := messages.Encode(m)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		t.Fatal(err)
	}
	v := load(t, "enriched_article")
	for _, problem := range v.check(v.root, value, "message") {
		t.Error(problem)
	}
}

func TestSchemasRefuseWhatTheContractRefuses(t *testing.T) {
	for _, row := range []struct {
		sentence, message string
		change            func(map[string]any)
		want              string
	}{
		{"a missing field", "raw_article", func(m map[string]any) { delete(m, "id") }, "message.id is missing"},
		{"a field of another type", "raw_article", func(m map[string]any) { m["revision"] = "2" }, "message.revision is no integer"},
		{"a revision of zero", "raw_article", func(m map[string]any) { m["revision"] = 0.0 }, "message.revision is below 1"},
		{"a version from the future", "alert", func(m map[string]any) { m["version"] = 2.0 }, "message.version is above 1"},
		{"an id that is no token", "alert", func(m map[string]any) { m["id"] = "a.b" }, "message.id does not match"},
		{"a tier of no list", "alert", func(m map[string]any) { m["tier"] = "retro" }, "message.tier is none of"},
		{"a kind of no list, deep inside", "enriched_article", func(m map[string]any) {
			m["entities"].([]any)[0].(map[string]any)["kind"] = "animal"
		}, "message.entities[0].kind is none of"},
		{"a span without an end", "enriched_article", func(m map[string]any) {
			delete(m["watch"].([]any)[0].(map[string]any)["mentions"].([]any)[0].(map[string]any), "end")
		}, "message.watch[0].mentions[0].end is missing"},
		{"a time that is none", "feed_event", func(m map[string]any) { m["at"] = "yesterday" }, "message.at is no date-time"},
		{"an empty feed", "poll_report", func(m map[string]any) { m["feed"] = "" }, "message.feed is too short"},
		{"a count that is text", "poll_report", func(m map[string]any) { m["dropped"] = map[string]any{"x": "1"} }, "message.dropped.x is no integer"},
	} {
		t.Run(row.sentence, func(t *testing.T) {
			v := load(t, row.message)
			m := golden(t, row.message)
			row.change(m)
			got := v.check(v.root, m, "message")
			if len(got) != 1 || !strings.HasPrefix(got[0], row.want) {
				t.Errorf("found %q, want %q", got, row.want)
			}
		})
	}
}

// validator knows the words of JSON Schema that For writes.
type validator struct{ root map[string]any }

func (v validator) check(schema map[string]any, value any, path string) []string {
	if ref, ok := schema["$ref"].(string); ok {
		def := v.root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")]
		return v.check(def.(map[string]any), value, path)
	}
	if problem := wrongType(schema["type"], value); problem != "" {
		return []string{path + problem}
	}
	switch value := value.(type) {
	case map[string]any:
		return v.members(schema, value, path)
	case []any:
		var all []string
		for i, item := range value {
			all = append(all, v.check(schema["items"].(map[string]any), item, fmt.Sprintf("%s[%d]", path, i))...)
		}
		return all
	}
	return scalarProblems(schema, value, path)
}

func (v validator) members(schema, value map[string]any, path string) []string {
	var all []string
	if required, ok := schema["required"].([]any); ok {
		for _, name := range required {
			if _, there := value[name.(string)]; !there {
				all = append(all, fmt.Sprintf("%s.%s is missing", path, name))
			}
		}
	}
	properties, _ := schema["properties"].(map[string]any)
	for name, member := range value {
		if p, ok := properties[name]; ok {
			all = append(all, v.check(p.(map[string]any), member, path+"."+name)...)
		} else if extra, ok := schema["additionalProperties"].(map[string]any); ok {
			all = append(all, v.check(extra, member, path+"."+name)...)
		}
	}
	return all
}

func wrongType(want, value any) string {
	if list, ok := want.([]any); ok {
		if slices.ContainsFunc(list, func(one any) bool { return wrongType(one, value) == "" }) {
			return ""
		}
		return fmt.Sprintf(" is none of the types %v", list)
	}
	number, isNumber := value.(float64)
	fits := map[any]bool{nil: true, "number": isNumber, "integer": isNumber && number == float64(int64(number)), "null": value == nil}
	_, fits["string"] = value.(string)
	_, fits["boolean"] = value.(bool)
	_, fits["array"] = value.([]any)
	_, fits["object"] = value.(map[string]any)
	if !fits[want] {
		return fmt.Sprintf(" is no %v", want)
	}
	return ""
}

func scalarProblems(schema map[string]any, value any, path string) []string {
	text, _ := value.(string)
	number, _ := value.(float64)
	least, hasLeast := schema["minimum"].(float64)
	most, hasMost := schema["maximum"].(float64)
	enum, hasEnum := schema["enum"].([]any)
	pattern, hasPattern := schema["pattern"].(string)
	_, badTime := time.Parse(time.RFC3339, text)
	switch {
	case hasLeast && number < least:
		return []string{fmt.Sprintf("%s is below %v", path, least)}
	case hasMost && number > most:
		return []string{fmt.Sprintf("%s is above %v", path, most)}
	case hasEnum && !slices.Contains(enum, value):
		return []string{fmt.Sprintf("%s is none of %v", path, enum)}
	case hasPattern && !regexp.MustCompile(pattern).MatchString(text):
		return []string{fmt.Sprintf("%s does not match %s", path, pattern)}
	case schema["format"] == "date-time" && badTime != nil:
		return []string{path + " is no date-time"}
	case schema["minLength"] != nil && text == "":
		return []string{path + " is too short"}
	}
	return nil
}

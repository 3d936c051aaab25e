package assembly_test

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"tocsin/internal/assembly"
)

type flags struct {
	Batch int      `default:"1"`
	Nodes []string `help:"nodes"`
}

func parse(t *testing.T, yaml string) (flags, error) {
	t.Helper()
	resolver, err := assembly.YAML(strings.NewReader(yaml))
	if err != nil {
		return flags{}, err
	}
	var f flags
	parser, err := kong.New(&f, kong.Resolvers(resolver), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(nil)
	return f, err
}

func TestYAMLFillsFlags(t *testing.T) {
	f, err := parse(t, "batch: 7\nnodes: [http://a:1, http://b:2]\n")
	if err != nil || f.Batch != 7 || len(f.Nodes) != 2 || f.Nodes[1] != "http://b:2" {
		t.Errorf("read %+v, %v", f, err)
	}
	if f, err := parse(t, ""); err != nil || f.Batch != 1 {
		t.Errorf("an empty file changed something: %+v, %v", f, err)
	}
}

func TestYAMLRefusesUnknownKeys(t *testing.T) {
	_, err := parse(t, "batch: 7\nbtach: 8\n")
	if err == nil || !strings.Contains(err.Error(), `"btach"`) {
		t.Errorf("a misspelled key was let through: %v", err)
	}
	if _, err := parse(t, "batch: [7"); err == nil {
		t.Error("a broken file was let through")
	}
}

package places

import (
	"strings"
	"testing"
)

func TestCountriesAndPeople(t *testing.T) {
	for _, c := range []struct{ why, got, want string }{
		{"a country by its usual name", Country("Tajikistan"), "TJ"},
		{"capitals do not matter", Country("TAJIKISTAN"), "TJ"},
		{"short forms with stops", Country("U.S."), "US"},
		{"a former name", Country("Burma"), "MM"},
		{"parts of the United Kingdom are it", Country("Scotland"), "GB"},
		{"an unknown name", Country("Ruritania"), ""},
		{"an adjective", Demonym("French"), "FR"},
		{"people in the plural", Demonym("Afghans"), "AF"},
		{"a name of two words", Demonym("North Korean"), "KP"},
		{"a country is no demonym", Demonym("France"), ""},
		{"the usual name of a code", Name("CI"), "Ivory Coast"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.why, c.got, c.want)
		}
	}
}

func TestTableIsSound(t *testing.T) {
	names, people := map[string]string{}, map[string]string{}
	for line := range strings.Lines(table) {
		cols := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(cols) != 3 || len(cols[0]) != 2 || cols[1] == "" {
			t.Fatalf("line %q", line)
		}
		for i, seen := range []map[string]string{names, people} {
			for w := range strings.SplitSeq(cols[i+1], ";") {
				if old, twice := seen[strings.ToLower(w)]; twice && w != "" {
					t.Errorf("%q stands for %s and %s", w, old, cols[0])
				}
				seen[strings.ToLower(w)] = cols[0]
			}
		}
	}
	if len(names) < 200 {
		t.Errorf("%d names, want the whole world", len(names))
	}
}

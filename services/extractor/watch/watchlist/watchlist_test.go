package watchlist

import (
	"strings"
	"testing"

	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

const sample = `list: wanted
entries:
  - name: Gulmurod Khalimov
    id: khalimov
    aliases: [Gulmurod Halimov, "Halimov, Gulmurod"]
    weak_aliases: [Colonel]
    original: Гулмурод Халимов
    birth_date: 1975-05-14
    countries: [TJ]
    policy:
      min_bits: 24
      exclude: [footballer]
      mute_until: 2026-12-31
  - Amir Khan Muttaqi
`

func TestYAMLGivesCompleteEntries(t *testing.T) {
	entries, report, err := Parse("", "wanted.yaml", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 2 || report.Entries != 2 || report.Names != 6 || report.Format != YAML {
		t.Fatalf("got %d entries and report %+v", len(entries), report)
	}
	e := entries[0]
	if e.List != "wanted" || e.ID != "khalimov" || e.Names[4].Kind != watch.OriginalScript || e.Policy.MinBits != 24 ||
		e.BirthDate != "1975-05-14" || e.Policy.MuteUntil.Year() != 2026 {
		t.Errorf("got %+v", e)
	}
	if len(entries[1].ID) != 8 || entries[1].Names[0].Kind != watch.Primary {
		t.Errorf("an entry without an id needs a hash and a primary name: %+v", entries[1])
	}
}

func TestErrorsSayWhereAndWhatToDo(t *testing.T) {
	tests := []struct {
		sentence, file, data, want string
	}{
		{"an unknown key names its line", "a.yaml", "entries:\n  - name: A B\n    alias: [C]\n", "line 3: unknown key \"alias\""},
		{"an empty name names its entry's line", "a.yaml", "entries:\n  - name: A B\n  - name: \"\"\n", "line 3: the entry has an empty name"},
		{"a missing name is an empty name", "a.yaml", "entries:\n  - id: x\n", "line 2: the entry has an empty name"},
		{"a wrong birth date shows the right form", "a.yaml", "entries:\n  - name: A\n    birth_date: May 75\n", "1975-05-14"},
		{"an id used twice names both lines", "a.yaml", "entries:\n  - {name: A, id: x}\n  - {name: B, id: x}\n", "line 3: id \"x\" is used on line 2"},
		{"an id must fit a subject", "a.yaml", "entries:\n  - {name: A, id: x.y}\n", "letters, digits"},
		{"a negative min_bits is refused", "a.yaml", "entries:\n  - {name: A, min_bits: -1}\n", "line 2: min_bits"},
		{"a tier that is none names its line and the three", "a.yaml", "entries:\n  - name: A\n    policy:\n      tier: low\n", "line 4: tier \"low\" is not one of confirmed, probable, review"},
		{"a tier of look-backs is none to choose", "a.yaml", "entries:\n  - name: A\n    tier: retro\n", "line 3: tier \"retro\""},
		{"a tier in a table names its line", "a.csv", "name,tier\nA,review\nB,low\n", "line 3: tier \"low\""},
		{"an unknown key of a policy shows that there is a tier", "a.yaml", "entries:\n  - {name: A, policy: {tire: review}}\n", "mute_until, tier"},
		{"an unknown column shows that there is a tier", "a.csv", "name,tire\nA,x\n", "mute_until, tier, group, country"},
		{"a table without names is refused", "a.csv", "aliases,list\nx,y\n", "no column \"name\""},
		{"an unknown column is named", "a.csv", "name,nick\nx,y\n", "unknown column \"nick\""},
		{"an empty name in a table names its line", "a.csv", "name,list\nA,x\n,x\n", "line 3: the entry has an empty name"},
		{"too many cells are named", "a.csv", "name\nA,x\n", "line 2: 2 cells under 1 columns"},
		{"an unknown file asks for a format", "a.bin", "??", "say one of yaml, csv"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			entries, _, err := Parse("", "folder/"+tt.file, []byte(tt.data))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got error %v, want one with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), tt.file) {
				t.Errorf("error %v names the file, which the caller does", err)
			}
			if entries != nil {
				t.Error("a broken file gave entries")
			}
		})
	}
}

func TestCSVReadsListsInCells(t *testing.T) {
	data := "\ufeffName,Aliases,Country,Exact_Only\n\"Khalimov, Gulmurod\",Gulmurod Halimov; Halimov ,TJ;RU,true\n"
	entries, _, err := Parse("", "list.csv", []byte(data))
	if err != nil {
		t.Fatal(err)
	}
	e := entries[0]
	if len(e.Names) != 3 || e.Names[2].Text != "Halimov" || len(e.Countries) != 2 || !e.Policy.ExactOnly || e.List != watch.DefaultList {
		t.Errorf("got %+v", e)
	}
}

func TestGroupOfAListAndOfItsEntries(t *testing.T) {
	for _, tt := range []struct{ sentence, file, data, want string }{
		{"a list that says nothing", "a.yaml", "entries: [A B]\n", ""},
		{"a list's word counts for its entries, wherever it stands", "a.yaml", "entries: [A B]\ngroup: story\n", "story"},
		{"an entry has the last word", "a.yaml", "group: story\nentries:\n  - {name: A B, policy: {group: Article}}\n", "article"},
		{"a column of a table", "a.csv", "name,group\nA B,story\n", "story"},
	} {
		entries, _, err := Parse("", tt.file, []byte(tt.data))
		if err != nil || entries[0].Policy.Group != tt.want {
			t.Errorf("%s: %+v, %v; want group %q", tt.sentence, entries, err, tt.want)
		}
	}
	if _, _, err := Parse("", "a.yaml", []byte("group: day\nentries: [A B]\n")); err == nil || !strings.Contains(err.Error(), "line 1: group \"day\"") {
		t.Errorf("a group that is none: %v", err)
	}
}

func TestTierIsReadFromEveryPlace(t *testing.T) {
	tests := []struct{ sentence, file, data, want string }{
		{"in a policy", "a.yaml", "entries:\n  - {name: A B, policy: {tier: review}}\n", "review"},
		{"beside a policy", "a.yaml", "entries:\n  - name: A B\n    policy: {min_bits: 20}\n    tier: Probable\n", "probable"},
		{"nowhere", "a.yaml", "entries:\n  - name: A B\n    tier:\n", ""},
		{"in a column", "a.csv", "name,Tier\nA B, confirmed \n", "confirmed"},
		{"in an empty cell", "a.csv", "name,tier\nA B,\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			entries, _, err := Parse("", tt.file, []byte(tt.data))
			if err != nil {
				t.Fatal(err)
			}
			if got := entries[0].Policy.Tier; got != tt.want {
				t.Errorf("got tier %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add("yaml", []byte(sample))
	f.Add("csv", []byte("name,aliases\nA B,C;D\n"))
	f.Add("ofac", []byte(sampleSDN))
	f.Add("ofac", []byte(sampleAdvanced))
	f.Add("un", []byte(sampleUN))
	f.Add("eu", []byte(sampleEU))
	f.Add("opensanctions", []byte(sampleFTM))
	f.Add("opensanctions", []byte(sampleTargets))
	f.Fuzz(func(t *testing.T, format string, data []byte) {
		entries, report, err := Parse(format, "x", data)
		if err != nil && entries != nil {
			t.Fatal("an error came with entries")
		}
		for _, e := range entries {
			if !messages.IsToken(e.ID) || !messages.IsToken(e.List) || len(e.Names) == 0 || e.Names[0].Text == "" {
				t.Fatalf("incomplete entry %+v", e)
			}
		}
		if report.Entries != len(entries) && err == nil {
			t.Fatal("the report miscounts")
		}
	})
}

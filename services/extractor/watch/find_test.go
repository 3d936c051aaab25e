package watch

import (
	"strings"
	"testing"
	"time"
)

func TestListedSpellingsRingWithExactOffsets(t *testing.T) {
	entries := []Entry{{ID: "k", List: "l", Names: []Name{{Text: "Gulmurod Khalimov"}, {Text: "Гулмурод Халимов", Kind: OriginalScript}}}}
	x, problems := Compile(entries, Options{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	tests := []struct{ sentence, text, quote string }{
		{"as listed", "It was Gulmurod Khalimov again.", "Gulmurod Khalimov"},
		{"in capitals", "COLONEL GULMUROD KHALIMOV DEAD", "GULMUROD KHALIMOV"},
		{"across a line break", "It was Gulmurod\nKhalimov again.", "Gulmurod\nKhalimov"},
		{"with a no-break space", "It was Gulmurod\u00a0Khalimov again.", "Gulmurod\u00a0Khalimov"},
		{"with a curly possessive", "Gulmurod Khalimov’s men", "Gulmurod Khalimov"},
		{"with diacritics", "It was Gulmuród Khalímov again.", "Gulmuród Khalímov"},
		{"in another script", "Это Гулмурод Халимов.", "Гулмурод Халимов"},
	}
	for _, tt := range tests {
		t.Run(tt.sentence, func(t *testing.T) {
			got := x.Find(Doc{Text: tt.text})
			if len(got) != 1 {
				t.Fatalf("got %d matches", len(got))
			}
			if q := tt.text[got[0].Best.Start:got[0].Best.End]; q != tt.quote {
				t.Errorf("got quote %q, want %q", q, tt.quote)
			}
		})
	}
}

func TestEntitiesAndFamilyNamesOnlyAdd(t *testing.T) {
	x, _ := Compile([]Entry{{ID: "k", Names: []Name{{Text: "KHALIMOV, Gulmurod"}}}}, Options{})
	text := "KHALIMOV Gulmurod fled. Later Khalimov was seen."
	plain := x.Find(Doc{Text: text})
	helped := x.Find(Doc{Text: text, Entities: []Entity{{Kind: "person", Start: 0, End: 17}}})
	wrong := x.Find(Doc{Text: text, Entities: []Entity{{Kind: "place", Start: 0, End: 17}}})
	if len(plain) != 1 || len(helped) != 1 || len(wrong) != 1 {
		t.Fatalf("got %d, %d and %d matches", len(plain), len(helped), len(wrong))
	}
	if helped[0].Bits <= plain[0].Bits || wrong[0].Bits != plain[0].Bits {
		t.Errorf("bits %v, with a person %v, with a place %v", plain[0].Bits, helped[0].Bits, wrong[0].Bits)
	}
	if len(plain[0].Mentions) != 2 {
		t.Errorf("the lone family name is not among %v", plain[0].Mentions)
	}
}

func TestExplainSaysWhatHoldsBack(t *testing.T) {
	text := "Yesterday Gulmurod Khalimov spoke in Sirte. Nobody else named Gulmurod was there."
	tests := []struct {
		sentence, text string
		policy         Policy
		rings          bool
		why, nearest   string
	}{
		{"a plain mention rings", text, Policy{}, true, "reaches the threshold", "Gulmurod Khalimov"},
		{"a mute entry does not", text, Policy{MuteUntil: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}, false, "mute until 2030", "Gulmurod Khalimov"},
		{"an excluded phrase stands there", text, Policy{Exclude: []string{"Sirte"}}, false, "excludes", "Gulmurod Khalimov"},
		{"a required one does not", text, Policy{RequireAny: []string{"Mosul"}}, false, "requires", "Gulmurod Khalimov"},
		{"a higher bar of its own", text, Policy{MinBits: 90}, false, "below the threshold", "Gulmurod Khalimov"},
		{"one part only", "Nobody named Gulmurod was there.", Policy{}, false, "stand together", "Gulmurod"},
		{"nothing alike", "It rained all day.", Policy{}, false, "no word", ""},
	}
	for _, tt := range tests {
		e := Entry{ID: "1", List: "l", Names: []Name{{Text: "Gulmurod Khalimov"}}, Policy: tt.policy}
		x, _ := Compile([]Entry{e}, Options{})
		got := x.Explain(e, Doc{Text: tt.text, Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		var words []string
		for _, n := range got.Nearest {
			words = append(words, n.Word)
		}
		if got.Rings != tt.rings || !strings.Contains(got.Why, tt.why) || strings.Join(words, " ") != tt.nearest {
			t.Errorf("%s: rings %v, because %q; nearest %q", tt.sentence, got.Rings, got.Why, words)
		}
	}
}

func TestNearMissesComeWithWhatRings(t *testing.T) {
	e := Entry{ID: "1", List: "l", Names: []Name{{Text: "Gulmurod Khalimov"}}, Policy: Policy{MinBits: 40}}
	sure := Entry{ID: "2", List: "l", Names: []Name{{Text: "Zebulon Quagmirovich"}}}
	x, _ := Compile([]Entry{e, sure}, Options{})
	doc := Doc{Text: "There were Gulmurod Khalimov and Zebulon Quagmirovich."}
	rang, near := x.Search(doc, 20)
	if len(rang) != 1 || rang[0].Entry != "2" || len(near) != 1 || near[0].Entry != "1" {
		t.Errorf("rang %v, near %v", rang, near)
	}
	if _, near := x.Search(doc, 0); near != nil {
		t.Errorf("nothing was asked for, got %v", near)
	}
}

func TestFamilyNameBeforeACommaIsRead(t *testing.T) {
	e := Entry{ID: "1", List: "l", Names: []Name{{Text: "KHALIMOV, Gulmurod Salimovich"}, {Text: "Gulmurod Khalimov"}}}
	x, _ := Compile([]Entry{e}, Options{})
	tests := []struct {
		sentence, text string
		rings          bool
	}{
		{"as in a register", "Wanted: Khalimov, Gulmurod, born 1975.", true},
		{"with a patronymic, in capitals", "1. KHALIMOV, Gulmurod Salimovich. DOB 1975.", true},
		{"across a line break", "Khalimov,\nGulmurod was seen.", true},
		{"a list of single names", "They were Salim, Khalimov, Gulmurod, Rashid and Umar.", false},
		{"another person's given name", "Asked about Khalimov, Rustam Nazarov declined.", false},
		{"another person after the comma", "Asked about Khalimov, Gulmurod Nazarov declined.", false},
	}
	for _, tt := range tests {
		if got := len(x.Find(Doc{Text: tt.text})) > 0; got != tt.rings {
			t.Errorf("%s: rings %v", tt.sentence, got)
		}
	}
}

func TestAnAssociateNearbyIsEvidence(t *testing.T) {
	e := Entry{ID: "1", List: "l", Names: []Name{{Text: "Gulmurod Khalimov"}}, Associates: []string{"NAZAROV, Zebulon"}}
	x, _ := Compile([]Entry{e}, Options{})
	with := x.Find(Doc{Text: "Zebulon Nazarov met Gulmurod Khalimov."})
	without := x.Find(Doc{Text: "Rustam Nazarov met Gulmurod Khalimov."})
	if len(with) != 1 || len(without) != 1 || with[0].Bits != without[0].Bits+associateBits {
		t.Errorf("with an associate %v, without %v", with, without)
	}
}

// One word of a longer listed name is a lone surname; a name that is one word is another matter.
func TestOneWordAlone(t *testing.T) {
	x, _ := Compile([]Entry{
		{ID: "khalimov", List: "desk", Names: []Name{{Text: "Gulmurod Khalimov"}, {Text: "Halimov", Kind: Alias}}, Countries: []string{"TJ"}},
		{ID: "tirofijo", List: "desk", Names: []Name{{Text: "Pedro Antonio Marin"}, {Text: "Tirofijo", Kind: Alias}}},
	}, Options{})
	for _, c := range []struct{ name, text, entry, tier string }{
		{"a lone surname that is listed does not ring", "Halimov left the town.", "", ""},
		{"it rings with support from the context", "In Dushanbe they saw Halimov leave.", "khalimov", "confirmed"},
		{"it is a mention once the whole name stands there", "Gulmurod Khalimov spoke. Halimov left.", "khalimov", "confirmed"},
		{"a listed name of one word rings as probable at most", "They say Tirofijo is dead.", "tirofijo", "probable"},
	} {
		got := x.Find(Doc{Text: c.text})
		switch {
		case c.entry == "" && len(got) > 0:
			t.Errorf("%s: %v rings", c.name, got)
		case c.entry != "" && (len(got) != 1 || got[0].Entry != c.entry || got[0].Tier != c.tier):
			t.Errorf("%s: got %v", c.name, got)
		}
	}
	why := x.Explain(Entry{ID: "khalimov", List: "desk", Names: []Name{{Text: "Gulmurod Khalimov"}, {Text: "Halimov"}}}, Doc{Text: "Halimov left the town."})
	if why.Rings || !strings.Contains(why.Why, "never rings alone") {
		t.Errorf("explained as %q", why.Why)
	}
}

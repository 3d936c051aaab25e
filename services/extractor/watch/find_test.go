package watch

import "testing"

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

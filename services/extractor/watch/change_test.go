package watch

import (
	"fmt"
	"testing"
)

func person(id, name string) Entry { return Entry{ID: id, List: "l", Names: []Name{{Text: name}}} }

func rings(x *Index, text string) []string {
	var ids []string
	for _, m := range x.Find(Doc{Text: text}) {
		ids = append(ids, m.Entry)
	}
	return ids
}

func TestChangesTakeEffectAtOnce(t *testing.T) {
	var s Set
	text := "Gulmurod Khalimov and Amir Khan Muttaqi met."
	if got := rings(s.Index(), text); got != nil {
		t.Fatalf("an empty set rang %v", got)
	}
	s.Add(person("k", "Gulmurod Khalimov"))
	for i := range 300 { // over the edges of small and middle levels
		s.Add(person(fmt.Sprint("n", i), fmt.Sprintf("Xavier%c Qwerty%c", 'a'+rune(i%26), 'a'+rune(i/26))))
	}
	s.Add(person("m", "Amir Khan Muttaqi"))
	if got := rings(s.Index(), text); len(got) != 2 {
		t.Fatalf("got %v", got)
	}
	s.Add(person("m", "Somebody Else"))
	if got := rings(s.Index(), text); len(got) != 1 || got[0] != "k" {
		t.Errorf("a replaced name still rings: %v", got)
	}
	before := s.Index()
	s.Remove("l", "k")
	if got := rings(s.Index(), text); got != nil {
		t.Errorf("a removed entry still rings: %v", got)
	}
	if got := rings(before, text); len(got) != 1 {
		t.Errorf("an older generation changed: %v", got)
	}
	if entries, _ := s.Index().Size(); entries != 301 {
		t.Errorf("size is %d, want 301", entries)
	}
}

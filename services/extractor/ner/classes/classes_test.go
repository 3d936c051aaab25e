package classes

import (
	"reflect"
	"strings"
	"testing"
)

// corpus says who goes where; days, people and towns stand in different company.
func corpus() *Corpus {
	var c Corpus
	for _, who := range []string{"anna", "bela", "cora", "dora"} {
		for _, town := range []string{"rome", "oslo", "riga", "bern"} {
			for _, day := range []string{"monday", "tuesday", "friday"} {
				c.Add(strings.Fields("on " + day + " " + who + " went to " + town + " again"))
			}
		}
	}
	c.Add([]string{"once"})
	return &c
}

func TestWordsInLikeCompanyShareAClass(t *testing.T) {
	words, err := Learn(corpus(), Options{Classes: 12, MinCount: 2, Rounds: 20})
	if err != nil {
		t.Fatal(err)
	}
	class := map[string]int{}
	for _, w := range words {
		if w.Class < 0 || w.Class >= 12 {
			t.Fatalf("%q has class %d", w.Text, w.Class)
		}
		class[w.Text] = w.Class
	}
	for _, group := range [][]string{{"anna", "bela", "cora", "dora"}, {"rome", "oslo", "riga", "bern"}, {"monday", "tuesday", "friday"}} {
		for _, w := range group {
			if class[w] != class[group[0]] {
				t.Errorf("%s and %s are apart: %v", group[0], w, class)
			}
		}
	}
	if class["anna"] == class["rome"] || class["rome"] == class["monday"] {
		t.Errorf("people, towns and days are together: %v", class)
	}
	if _, rare := class["once"]; rare {
		t.Error("a word seen once has a class, want none below MinCount")
	}
}

func TestTheSameTextGivesTheSameClasses(t *testing.T) {
	o := Options{Classes: 9, MinCount: 1, Rounds: 5}
	a, err := Learn(corpus(), o)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Learn(corpus(), o)
	if err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("another run, other classes (%v)", err)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Classes: 3, MinCount: 1, Rounds: 1}, {Classes: 10, Rounds: 1}, {Classes: 10, MinCount: 1}} {
		if _, err := Learn(corpus(), o); err == nil {
			t.Errorf("%+v is taken", o)
		}
	}
}

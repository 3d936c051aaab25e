package extractor_test

import (
	"strings"
	"testing"
	"time"

	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
)

func TestNewNamesTheOptionThatIsWrong(t *testing.T) {
	w := newWorld()
	for _, c := range []struct {
		field  string
		change func(*extractor.Options)
	}{
		{"Publisher", func(o *extractor.Options) { o.Publisher = nil }},
		{"Rang", func(o *extractor.Options) { o.Rang = nil }},
		{"Pages", func(o *extractor.Options) { o.Pages = nil }},
		{"Recognizer", func(o *extractor.Options) { o.Recognizer = nil }},
		{"PageBudget", func(o *extractor.Options) { o.PageBudget = -time.Second }},
		{"PageSlots", func(o *extractor.Options) { o.PageSlots = -1 }},
		{"Desks", func(o *extractor.Options) { o.Desks = -1 }},
		{"MaxPage", func(o *extractor.Options) { o.MaxPage = -1 }},
		{"MaxText", func(o *extractor.Options) { o.MaxText = -1 }},
		{"MaxMessage", func(o *extractor.Options) { o.MaxMessage = 100 }},
	} {
		o := extractor.Options{Publisher: w, Rang: w, Stories: w, Pages: w, Recognizer: ner.None{}}
		c.change(&o)
		if _, err := extractor.New(o); err == nil || !strings.Contains(err.Error(), c.field) {
			t.Errorf("error %v does not name %s", err, c.field)
		}
	}
	if _, err := extractor.New(extractor.Options{Publisher: w, Rang: w, Stories: w, Pages: w, Recognizer: ner.None{}}); err != nil {
		t.Errorf("the required options alone must do: %v", err)
	}
}

// figures gathers what a Meter is given, by name.
type figures map[string]int

func (f figures) Add(name string, n float64, labels ...string)     { f.take(name, int(n), labels) }
func (f figures) Observe(name string, _ float64, labels ...string) { f.take(name, 1, labels) }

func (f figures) take(name string, n int, labels []string) {
	if len(labels)%2 != 0 {
		panic("labels come in pairs: " + name)
	}
	f[name] += n
}

func TestEveryFigureIsDescribed(t *testing.T) {
	w, f := newWorld(), figures{}
	raw := item()
	raw.Title = "Gulmurod Khalimov seen"
	raw.Page = []byte("broken")
	x := start(t, w, khalimov, func(o *extractor.Options) { o.Meter, o.Recognizer = f, panicking{} })
	one(t, x, delivery(t, raw))
	d := delivery(t, raw)
	d.Data = nil
	if err := x.Handle(t.Context(), d); err == nil {
		t.Error("nothing was handled as an article")
	}
	help := extractor.Metrics()
	for name := range f {
		if help[name] == "" {
			t.Errorf("figure %s is given and not described", name)
		}
	}
	for name := range help {
		if !strings.HasPrefix(name, "tocsin_extractor_") {
			t.Errorf("figure %s does not name its service", name)
		}
	}
	for _, name := range []string{"articles", "refused", "texts", "alerts", "abandoned"} {
		if f["tocsin_extractor_"+name+"_total"] == 0 {
			t.Errorf("figure %s was not given", name)
		}
	}
}

package extractor_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/extractor"
	"tocsin/services/extractor/ner"
	"tocsin/services/extractor/watch"
)

// newExample makes an extractor in a world of memory, at a fixed time.
func newExample() (*extractor.Extractor, *world) {
	w := newWorld()
	x, err := extractor.New(extractor.Options{
		Publisher: w, Rang: w, Stories: w, Pages: w, Recognizer: ner.None{}, Now: func() time.Time { return noon },
	})
	if err != nil {
		panic(err)
	}
	return x, w
}

func ExampleNew() {
	_, err := extractor.New(extractor.Options{})
	fmt.Println(err)
	// Output: extractor options: Publisher is missing; give the door to the streams
}

func ExampleExtractor_Handle() {
	x, w := newExample()
	x.SetIndex(phrases{{"war", "khalimov", "Gulmurod Khalimov", messages.TierConfirmed}})
	raw := item()
	raw.Title = "Gulmurod Khalimov seen near the border"
	data, err := messages.Encode(raw)
	if err != nil {
		panic(err)
	}
	err = x.Handle(context.Background(), messages.Delivery{Subject: messages.RawSubject(raw.Source), Data: data, Delivered: 1})
	fmt.Println(err)
	for _, m := range w.sent {
		fmt.Println(m.Subject)
	}
	// Output:
	// <nil>
	// enriched.und.example
	// alerts.war.khalimov.confirmed
}

func ExampleExtractor_SetIndex() {
	x, _ := newExample()
	index, problems := watch.Compile([]watch.Entry{{
		List: "war", ID: "khalimov", Kind: watch.Person,
		Names: []watch.Name{{Text: "Gulmurod Khalimov", Kind: watch.Primary}},
	}}, watch.Options{})
	x.SetIndex(index)
	fmt.Println(len(problems), x.ListsLoaded())
	// Output: 0 true
}

func ExampleExtractor_ListsLoaded() {
	x, _ := newExample()
	fmt.Println(x.ListsLoaded())
	// Output: false
}

func ExampleMetrics() {
	var names []string
	for name := range extractor.Metrics() {
		names = append(names, name)
	}
	fmt.Println(slices.Contains(names, "tocsin_extractor_alerts_total"))
	// Output: true
}

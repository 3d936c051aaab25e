package main

import (
	"fmt"
	"os"

	"tocsin/services/extractor/watch"
)

func main() {
	for i := 1; i+1 < len(os.Args); i += 2 {
		e := watch.Entry{ID: "1", List: "l", Names: []watch.Name{{Text: os.Args[i]}}}
		x, _ := watch.Compile([]watch.Entry{e}, watch.Options{})
		for _, w := range []float64{0, 5, 10, 20, 30, 60} {
			a, b := x.Search(watch.Doc{Text: os.Args[i+1]}, w)
			fmt.Println(w, len(a), len(b))
		}
		r := x.Explain(e, watch.Doc{Text: os.Args[i+1]})
		fmt.Println(os.Args[i], "|", os.Args[i+1], "|", r.Rings, r.Why, r.Match.Bits, r.Match.Parts, r.Match.Penalties, r.Match.Context, r.Nearest)
	}
}

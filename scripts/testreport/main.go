// Command testreport reads the events of go test -json and prints what a person wants to see: one line for each package
// as go test writes it, the whole output of what failed, and at the end every test that was skipped with its reason.
//
//	go test -json ./... | go run ./scripts/testreport [-noskip]
//
// It exits 1 when a test or build failed or no results came, and with -noskip also when anything was skipped: a suite
// that is green because half of it did not run should not look green.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	noskip := flag.Bool("noskip", false, "fail when a test was skipped")
	flag.Parse()
	r := newReport(os.Stdout)
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	if !r.close(*noskip) {
		os.Exit(1)
	}
}

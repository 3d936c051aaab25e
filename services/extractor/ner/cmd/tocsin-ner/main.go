// Command tocsin-ner trains, scores and prepares the models of the name recogniser. It is a tool of the repository,
// not part of the product's binaries.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `Usage: tocsin-ner COMMAND [flags] [FILE…]

  train     learn a model from labelled files or from a manifest
  eval      score a model on labelled files
  clusters  learn word classes from text
  convert   turn text with [name|KIND] markup into a labelled file

tocsin-ner COMMAND --help tells more.
`

// usageError is a command line that cannot be carried out; it holds the text that helps.
type usageError string

func (e usageError) Error() string { return string(e) }

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errs io.Writer) int {
	err := dispatch(args, out, errs)
	var bad usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &bad):
		_, _ = fmt.Fprint(errs, string(bad))
		return 2
	}
	_, _ = fmt.Fprintln(errs, "tocsin-ner:", err)
	return 1
}

func dispatch(args []string, out, errs io.Writer) error {
	if len(args) == 0 {
		return usageError(usage)
	}
	switch args[0] {
	case "train":
		return runTrain(args[1:], out, errs)
	case "eval":
		return runEval(args[1:], out, errs)
	case "convert":
		return runConvert(args[1:], out, errs)
	case "clusters":
		return runClusters(args[1:], out, errs)
	case "-h", "--help", "help":
		_, err := fmt.Fprint(out, usage)
		return err
	}
	return usageError(fmt.Sprintf("tocsin-ner: no command %q\n\n%s", args[0], usage))
}

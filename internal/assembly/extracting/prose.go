//go:build !lean

package extracting

import (
	"tocsin/services/extractor"
	"tocsin/services/extractor/prose"
)

func openProse() (extractor.Recognizer, error) { return prose.New(), nil }

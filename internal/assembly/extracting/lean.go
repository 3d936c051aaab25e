//go:build lean

package extracting

import (
	"errors"

	"tocsin/services/extractor"
)

// openProse says where the recogniser is that a build with the tag lean leaves out: it makes the extractor 7 MB larger,
// and few use it.
func openProse() (extractor.Recognizer, error) {
	return nil, errors.New("this build has no prose recogniser; use the image tocsin-extractor-prose, build without the tag lean, or take --ner crf")
}

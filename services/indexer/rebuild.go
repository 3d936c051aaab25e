package indexer

import "errors"

// Mending is how far one pass over the old generation of an index has come.
type Mending struct {
	// Seen counts the documents that were compared, of Of that there were when the pass began; Copied those the new
	// generation lacked or had older, and now has.
	Seen, Of, Copied int
}

// Mended is what one whole pass found and did.
type Mended struct {
	// Old and New count the documents of both generations, New after the pass.
	Old int `json:"old"`
	New int `json:"new"`
	// Copied counts what the new generation lacked or had older, and now has.
	Copied int `json:"copied"`
	// Refused counts what the new generation does not take; Why is the first refusal.
	Refused int   `json:"refused,omitempty"`
	Why     error `json:"-"`
}

// ErrNoRebuild says that no new generation of the index is being made.
var ErrNoRebuild = errors.New("no reindex is under way")

// Remade is the document as this build makes it from what the extractor sent, in the version and group it has. One that
// was stored without Detail stays as it is.
func (d Document) Remade() Document {
	if d.Detail == nil {
		return d
	}
	n := NewDocument(d.Article(), 0)
	n.Patch, n.Group = d.Patch, d.Group
	return n
}

// Remade is the document as this build makes it from what the extractor sent. One that was stored without Detail stays as
// it is.
func (d AlertDocument) Remade() AlertDocument {
	if d.Detail == nil {
		return d
	}
	return NewAlertDocument(*d.Detail)
}

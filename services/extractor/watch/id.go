package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"tocsin/pkg/messages"
)

// DefaultList is the list of entries that name none.
const DefaultList = "default"

// HashID is the id of an entry that was given none: eight lower-case hex characters of the SHA-256 of its list and
// sorted spellings. It does not depend on the order of the names, and never shows them.
func HashID(list string, names []Name) string {
	texts := make([]string, 0, len(names))
	for _, n := range names {
		texts = append(texts, strings.ToLower(strings.Join(strings.Fields(n.Text), " ")))
	}
	slices.Sort(texts)
	sum := sha256.Sum256([]byte(list + "\n" + strings.Join(slices.Compact(texts), "\n")))
	return hex.EncodeToString(sum[:4])
}

// unaddressed says why no alert of an entry could be published: its list and id are tokens of the subject. Empty when it
// could; an empty list or id will be filled in.
func (e *Entry) unaddressed() string {
	for _, token := range []struct{ what, s string }{{"list", e.List}, {"id", e.ID}} {
		if token.s != "" && !messages.IsToken(token.s) {
			return "the " + token.what + " cannot be part of a subject; use 1 to 128 ASCII letters, digits, dashes and underscores"
		}
	}
	return ""
}

// WithIdentity fills an entry's empty List, Kind, ID and the kinds of its names.
func (e Entry) WithIdentity() Entry {
	if e.List == "" {
		e.List = DefaultList
	}
	if e.Kind == "" {
		e.Kind = Person
	}
	e.Names = slices.Clone(e.Names)
	for i := range e.Names {
		if e.Names[i].Kind != "" {
			continue
		}
		e.Names[i].Kind = Alias
		if i == 0 {
			e.Names[i].Kind = Primary
		}
	}
	if e.ID == "" {
		e.ID = HashID(e.List, e.Names)
	}
	return e
}

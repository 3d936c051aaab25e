package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
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

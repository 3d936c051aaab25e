package fetcher

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
)

// Seen remembers items of a feed: 24 bytes each, so that a feed of 60 items takes 2 KB as JSON.
type Seen []SeenItem

// SeenItem is one remembered item; each field is the number behind a messages.Hash.
type SeenItem struct {
	// Key is the item's key, Article the article it became, Content what it said.
	Key, Article, Content uint64
}

const seenSize = 24

// MarshalJSON implements json.Marshaler: base64 of the packed items.
func (s Seen) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(s)*seenSize)
	for _, e := range s {
		b = binary.BigEndian.AppendUint64(b, e.Key)
		b = binary.BigEndian.AppendUint64(b, e.Article)
		b = binary.BigEndian.AppendUint64(b, e.Content)
	}
	return json.Marshal(base64.StdEncoding.EncodeToString(b))
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Seen) UnmarshalJSON(data []byte) error {
	var b []byte
	if err := json.Unmarshal(data, &b); err != nil {
		return err
	}
	if len(b)%seenSize != 0 {
		return fmt.Errorf("seen items take %d bytes, not a multiple of %d", len(b), seenSize)
	}
	*s = make(Seen, 0, len(b)/seenSize)
	for ; len(b) > 0; b = b[seenSize:] {
		*s = append(*s, SeenItem{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[16:])})
	}
	return nil
}

// byKey indexes the items; of two with one key the first counts.
func (s Seen) byKey() map[uint64]SeenItem {
	m := make(map[uint64]SeenItem, len(s))
	for _, e := range s {
		if _, there := m[e.Key]; !there {
			m[e.Key] = e
		}
	}
	return m
}

const (
	// keepDocuments is how many documents' worth of items are remembered: an item may leave a feed and come back.
	keepDocuments = 4
	keepAtLeast   = 200
	keepAtMost    = 4000
)

// after returns what is remembered once a document was handled: its items, then older ones as far as there is room.
func (s Seen) after(document Seen) Seen {
	room := min(max(keepDocuments*len(document), keepAtLeast), keepAtMost)
	out := make(Seen, 0, min(room, len(s)+len(document)))
	met := make(map[uint64]bool, cap(out))
	for _, list := range []Seen{document, s} {
		for _, e := range list {
			if len(out) == room {
				return out
			}
			if !met[e.Key] {
				met[e.Key] = true
				out = append(out, e)
			}
		}
	}
	return out
}

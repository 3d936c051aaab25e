package fetcher

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
)

// Seen remembers items of a feed: 32 bytes each, so that a feed of 60 items takes 3 KB as JSON.
type Seen []SeenItem

// SeenItem is one remembered item; each field is the number behind a messages.Hash.
type SeenItem struct {
	// Key is the item's key, Article the article it became, Content what it said.
	Key, Article, Content uint64
	// Hash is feed.Item.Hash, by which the next poll knows the item without reading it; 0 when that was not remembered.
	Hash uint64
}

const (
	seenSize = 32
	// seenForm begins what MarshalJSON writes; without it items are packed in 24 bytes, without their hashes.
	seenForm    = "2:"
	seenSizeOld = 24
)

// MarshalJSON implements json.Marshaler: base64 of the packed items.
func (s Seen) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, len(s)*seenSize)
	for _, e := range s {
		for _, n := range []uint64{e.Key, e.Article, e.Content, e.Hash} {
			b = binary.BigEndian.AppendUint64(b, n)
		}
	}
	return json.Marshal(seenForm + base64.StdEncoding.EncodeToString(b))
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Seen) UnmarshalJSON(data []byte) error {
	var packed string
	if err := json.Unmarshal(data, &packed); err != nil {
		return err
	}
	size := seenSizeOld
	packed, hashed := strings.CutPrefix(packed, seenForm)
	if hashed {
		size = seenSize
	}
	b, err := base64.StdEncoding.DecodeString(packed)
	if err != nil {
		return fmt.Errorf("seen items: %w", err)
	}
	if len(b)%size != 0 {
		return fmt.Errorf("seen items take %d bytes, not a multiple of %d", len(b), size)
	}
	*s = make(Seen, 0, len(b)/size)
	for ; len(b) > 0; b = b[size:] {
		e := SeenItem{Key: binary.BigEndian.Uint64(b), Article: binary.BigEndian.Uint64(b[8:]), Content: binary.BigEndian.Uint64(b[16:])}
		if hashed {
			e.Hash = binary.BigEndian.Uint64(b[24:])
		}
		*s = append(*s, e)
	}
	return nil
}

// byHash indexes the items that were remembered with their hash.
func (s Seen) byHash() map[uint64]SeenItem {
	m := make(map[uint64]SeenItem, len(s))
	for _, e := range s {
		if e.Hash != 0 {
			m[e.Hash] = e
		}
	}
	return m
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

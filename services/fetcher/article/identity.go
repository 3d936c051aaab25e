package article

import (
	"html"
	"strings"
	"unicode"

	"tocsin/pkg/messages"
)

// Item is what identity needs to know of a feed's item. Any field may be empty.
type Item struct {
	GUID    string
	Link    string
	Title   string
	Summary string
	Content string
}

// Identity is what one item of one document is.
type Identity struct {
	// Key tells the item apart from the others of its feed, for good.
	Key string
	// ID is the ArticleID the item has if it was never seen before.
	ID string
	// Content changes when the title or the text does, Title and Text each with its own; see Content. Text is that of
	// summary and content.
	Content, Title, Text string
	// Guessed says that neither guid nor link tells the item apart, so that an edit makes another article of it.
	Guessed bool
	// Shared says that another item of the document has the same guid, or the same link and says something else: the
	// identity depends on both being there.
	Shared bool
}

// Identify returns the identity of every item of one document, in order. home is the feed's own site; a link to it says
// nothing about an item.
//
// The key is the guid as written, else the normalised link, else a hash of title and text. A guid that several items of
// the document share counts together with the link. The ArticleID is the hash of the normalised link, so that every feed
// carrying it means the same article; where the link is missing, is a home page or is shared by items that say different
// things it is the hash of feed and key.
func Identify(feed, home string, items []Item) []Identity {
	links := make([]string, len(items))
	guids := map[string]map[string]bool{}
	for i, it := range items {
		links[i] = ownLink(it.Link, home)
		note(guids, it.GUID, links[i])
	}
	out := make([]Identity, len(items))
	says := map[string]map[string]bool{}
	for i, it := range items {
		out[i] = keyOf(feed, it, links[i], len(guids[it.GUID]) > 1)
		note(says, links[i], out[i].Content)
	}
	for i := range items {
		if links[i] != "" && len(says[links[i]]) == 1 {
			out[i].ID = messages.Hash("link", links[i])
		} else {
			out[i].ID = messages.Hash("item", feed, out[i].Key)
			out[i].Shared = out[i].Shared || links[i] != ""
		}
	}
	return out
}

func note(sets map[string]map[string]bool, key, member string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][member] = true
}

// ownLink is the normalised link when it can stand for one item.
func ownLink(link, home string) string {
	u := parseWeb(link)
	if u == nil {
		return ""
	}
	normal := NormalURL(link)
	if strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == "" || normal == NormalURL(home) {
		return ""
	}
	return normal
}

func keyOf(feed string, it Item, link string, guidShared bool) Identity {
	title, summary, content := fold(it.Title), fold(it.Summary), fold(it.Content)
	id := Identity{
		Content: messages.Hash(title, summary, content), Title: messages.Hash("title", title), Text: messages.Hash("text", summary, content),
	}
	switch {
	case it.GUID != "" && guidShared:
		id.Key, id.Shared = messages.Hash("guid+link", feed, it.GUID, link), true
	case it.GUID != "":
		id.Key = messages.Hash("guid", feed, it.GUID)
	case link != "":
		id.Key = messages.Hash("link", feed, link)
	default:
		id.Key = messages.Hash("text", feed, id.Content)
		id.Guessed = true
	}
	return id
}

// Content is the hash of what the item says: letters and digits of title, summary and content in lower case. Markup, white
// space, punctuation and whether characters are written as entities make no difference.
func Content(it Item) string {
	return messages.Hash(fold(it.Title), fold(it.Summary), fold(it.Content))
}

func fold(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	inTag := false
	for i, r := range s {
		switch {
		case r == '<' && i+1 < len(s) && opensTag(s[i+1]):
			inTag = true
		case r == '>':
			inTag = false
		case !inTag && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

func opensTag(c byte) bool {
	return c == '/' || c == '!' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

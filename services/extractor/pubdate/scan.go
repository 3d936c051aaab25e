package pubdate

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// scan reads the dates a page states in its markup, in page order. It walks the tokens and builds no tree.
func scan(page string) []stamp {
	var found []stamp
	z := html.NewTokenizer(strings.NewReader(page))
	for len(found) < maxCandidates {
		kind := z.Next()
		if kind == html.ErrorToken { // the end: a string cannot fail to be read
			return found
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		switch t := z.Token(); t.DataAtom {
		case atom.Meta:
			found = add(found, "meta", metaDate(t))
		case atom.Time:
			found = add(found, "time", timeDate(t))
		case atom.Script:
			if strings.EqualFold(attr(t, "type"), "application/ld+json") && z.Next() == html.TextToken {
				found = add(found, "json_ld", jsonDate(z.Token().Data))
			}
		}
	}
	return found
}

func add(to []stamp, source, text string) []stamp {
	s, ok := parse(text)
	if !ok {
		return to
	}
	s.source, s.text = source, clip(text)
	return append(to, s)
}

// published are the names of meta elements that give the time of publication, not of the last change.
var published = map[string]bool{
	"article:published_time": true, "og:article:published_time": true, "og:published_time": true, "og:pubdate": true,
	"article:published": true, "article.published": true, "datepublished": true, "date.published": true,
	"pubdate": true, "publishdate": true, "publish-date": true, "publish_date": true, "publication_date": true,
	"published-date": true, "published_time": true, "published_at": true, "parsely-pub-date": true, "sailthru.date": true,
	"dc.date.issued": true, "dcterms.issued": true, "dc.date.published": true, "dcterms.created": true, "dc.date": true,
	"dc.date.created": true, "dcterms.date": true, "cxenseparse:recs:publishtime": true, "originalpublicationdate": true,
	"article_date_original": true, "displaydate": true, "citation_publication_date": true, "citation_date": true,
	"datecreated": true, "date": true,
}

func metaDate(t html.Token) string {
	for _, key := range []string{"property", "name", "itemprop"} {
		if published[strings.ToLower(attr(t, key))] {
			return attr(t, "content")
		}
	}
	return ""
}

// timeDate takes <time> elements that are marked as the date of publication; others date whatever they stand in.
func timeDate(t html.Token) string {
	marked := slices.ContainsFunc(t.Attr, func(a html.Attribute) bool { return a.Key == "pubdate" }) ||
		strings.EqualFold(attr(t, "itemprop"), "datePublished") ||
		strings.Contains(strings.ToLower(attr(t, "class")), "publish") ||
		strings.Contains(strings.ToLower(attr(t, "class")), "entry-date")
	if !marked {
		return ""
	}
	return attr(t, "datetime")
}

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// maxJSON is how large a JSON-LD block may be to be read.
const maxJSON = 256 << 10

// jsonDate returns the first datePublished of a JSON-LD block, outermost first.
func jsonDate(block string) string {
	if len(block) > maxJSON || !strings.Contains(block, "datePublished") {
		return ""
	}
	var v any
	if json.Unmarshal([]byte(strings.TrimSpace(block)), &v) != nil {
		return ""
	}
	level := []any{v}
	for len(level) > 0 {
		var next []any
		for _, v := range level {
			switch v := v.(type) {
			case []any:
				next = append(next, v...)
			case map[string]any:
				if date, ok := v["datePublished"].(string); ok {
					return date
				}
				next = append(next, values(v)...)
			}
		}
		level = next
	}
	return ""
}

// values returns the values of an object in the order of their keys, so that the same page gives the same date.
func values(m map[string]any) []any {
	var vs []any
	for _, k := range slices.Sorted(maps.Keys(m)) {
		vs = append(vs, m[k])
	}
	return vs
}

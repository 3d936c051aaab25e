package pubdate

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// rank is what a date in markup is the date of.
type rank int

const (
	ofNothing rank = iota
	ofChange       // the last change
	ofMaking       // when the document was made, or some date of it: a weaker word than
	ofRelease      // the publication
)

// metaNames says what the values of property, name and itemprop mean, in lower case.
var metaNames = rankTable(
	"article:published_time article:published article.published article:published_date article:publicationdate "+
		"og:article:published_time og:article:published og:published_time og:pubdate og:publish_date og:datepublished "+
		"datepublished date.published date_published date-published pubdate bt:pubdate rbpubdate publishdate publish-date publish_date "+
		"publish_time publishtime publication_date publication-date publicationdate published-date published_date published_time "+
		"published-time published_at published publisheddate parsely-pub-date sailthru.date dc.date.issued dc.date.published dc.issued "+
		"dcterms.issued dc.date.publication vr:published_time vr:published-time cxenseparse:recs:publishtime originalpublicationdate "+
		"article_date_original citation_publication_date citation_online_date rnews:datepublished displaydate "+
		"mediator_published_time shareaholic:article_published_time dcsext.articlefirstpublished twt-published-at "+
		"analyticsattributes.articledate article:post_date field-name-post-date video:release_date og:video:release_date "+
		"last_published_date og:regdate",
	"date dc.date dc:date dcterms.date dcterms.created dc.created dc:created dc.date.created datecreated date_created article.created "+
		"created content_create_date citation_date doc_date pdate ptime gentime timestamp release_date uploaddate dateposted "+
		"og:question:published_time",
	"article:modified_time article:modified article:modified_date article:post_modified og:modified_time og:updated_time "+
		"og:article:modified_time datemodified date_modified dc.modified dc.date.modified dcterms.modified lastmodified last-modified "+
		"lastmod lastdate modified modified_time modificationdate revision_date updated_time bt:moddate revised dateupdated")

func rankTable(release, making, change string) map[string]rank {
	table := map[string]rank{}
	for r, names := range map[rank]string{ofRelease: release, ofMaking: making, ofChange: change} {
		for n := range strings.FieldsSeq(names) {
			table[n] = r
		}
	}
	return table
}

// metaDate returns what a meta element dates and the text of its date.
func metaDate(attrs []html.Attribute) (rank, string) {
	for _, key := range []string{"property", "name", "itemprop", "http-equiv", "pubdate"} {
		if r := metaNames[strings.ToLower(attr(attrs, key))]; r != ofNothing {
			return r, first(attr(attrs, "content"), attr(attrs, "datetime"))
		}
	}
	return ofNothing, ""
}

// first returns the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func attr(attrs []html.Attribute, key string) string {
	for _, a := range attrs {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// maxJSON is how large a JSON-LD block may be to be read.
const maxJSON = 256 << 10

// jsonDates are the dates of one JSON-LD block by rank; empty where there is none.
type jsonDates [ofRelease + 1]string

// readJSON returns the first dates of a JSON-LD block, the outermost first. What is broken JSON is searched for the
// names of the fields.
func readJSON(block string) (found jsonDates) {
	if len(block) > maxJSON || !strings.Contains(block, "date") && !strings.Contains(block, "uploadDate") {
		return found
	}
	var v any
	if json.Unmarshal([]byte(strings.TrimSpace(block)), &v) != nil {
		return brokenJSON(block)
	}
	level := []any{v}
	for len(level) > 0 {
		var next []any
		for _, v := range level {
			switch v := v.(type) {
			case []any:
				next = append(next, v...)
			case map[string]any:
				found.take(v)
				next = append(next, values(v)...)
			}
		}
		level = next
	}
	return found
}

// jsonFields are the fields of schema.org that date a work.
var jsonFields = map[string]rank{"datePublished": ofRelease, "dateCreated": ofMaking, "uploadDate": ofMaking, "dateModified": ofChange}

// take keeps the dates of one object that nothing further out has given. What dates a comment is left out.
func (d *jsonDates) take(object map[string]any) {
	if kind, _ := object["@type"].(string); kind == "Comment" || kind == "Review" || kind == "Answer" {
		return
	}
	for _, field := range slices.Sorted(maps.Keys(jsonFields)) {
		r := jsonFields[field]
		if s, ok := object[field].(string); ok && d[r] == "" {
			d[r] = s
		}
	}
}

// others are the fields of schema.org that hold works other than the article.
var others = map[string]bool{
	"comment": true, "review": true, "reviews": true, "itemListElement": true, "citation": true, "mentions": true, "isRelatedTo": true,
	"suggestedAnswer": true, "acceptedAnswer": true, "publisher": true, "author": true, "isBasedOn": true,
}

// values returns what an object holds, other works left out, in the order of the keys, so that the same page gives the
// same date.
func values(m map[string]any) []any {
	var vs []any
	for _, k := range slices.Sorted(maps.Keys(m)) {
		if !others[k] {
			vs = append(vs, m[k])
		}
	}
	return vs
}

// brokenJSON finds "field": "value" in a block that is no JSON, mostly for a raw newline or a comma too many.
func brokenJSON(block string) (found jsonDates) {
	for _, field := range slices.Sorted(maps.Keys(jsonFields)) {
		_, rest, ok := strings.Cut(block, `"`+field+`"`)
		rest, colon := strings.CutPrefix(strings.TrimSpace(rest[:min(len(rest), 100)]), ":")
		rest, quote := strings.CutPrefix(strings.TrimSpace(rest), `"`)
		value, _, closed := strings.Cut(rest, `"`)
		if r := jsonFields[field]; ok && colon && quote && closed && found[r] == "" {
			found[r] = value
		}
	}
	return found
}

package sqlite

import (
	"math"
	"strings"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
	"tocsin/services/indexer/words"
)

// decade is the width in milliseconds that no narrow mentioned interval reaches, leap days included.
const decade = 3660 * 24 * 3600 * 1000

// filter is a query as SQL: FROM and WHERE over article a, joined with the full-text matches m when words are wanted.
type filter struct {
	with  string // the common table m, or empty
	from  string
	where []string
	// args are for with, then for where, in the order of their marks.
	args []any
}

// sql ends a statement that begins with the given SELECT list; more conditions and their arguments may be added.
func (f filter) sql(list, tail string) string {
	where := ""
	if len(f.where) > 0 {
		where = " WHERE " + strings.Join(f.where, " AND ")
	}
	return f.with + " SELECT " + list + " FROM " + f.from + where + " " + tail
}

func (f *filter) and(condition string, args ...any) {
	f.where = append(f.where, condition)
	f.args = append(f.args, args...)
}

// newFilter turns everything but the paging into SQL. ranked asks for m.score, which costs a look at every match.
func newFilter(q indexer.Query, ranked bool) filter {
	f := filter{from: "article a"}
	f.text(words.Parse(q.Text), ranked)
	f.names(messages.KindPerson, q.Persons)
	f.names(messages.KindOrganization, q.Organizations)
	f.names(messages.KindPlace, q.Places)
	f.oneOf("a.source", q.Sources)
	f.oneOf("a.lang", q.Langs)
	f.oneOf("a.id", q.IDs)
	f.oneOf("a.kin", q.Groups)
	f.watched(q)
	if !q.PublishedFrom.IsZero() {
		f.and("a.at >= ?", q.PublishedFrom.UnixMilli())
	}
	if !q.PublishedTo.IsZero() {
		f.and("a.at < ?", q.PublishedTo.UnixMilli())
	}
	f.mentioned(q)
	return f
}

func (f *filter) text(s words.Search, ranked bool) {
	if len(s.All) == 0 {
		if len(s.None) > 0 {
			f.and("a.rid NOT IN (SELECT rowid FROM words WHERE words MATCH ?)", anyOf(s.None))
		}
		return
	}
	score := "0.0"
	if ranked {
		score = "-bm25(words, 3.0, 1.0)" // the title is in the text too, so its words count four times
	}
	f.with = "WITH m AS MATERIALIZED (SELECT rowid AS rid, " + score + " AS score FROM words WHERE words MATCH ?)"
	f.from = "m CROSS JOIN article a ON a.rid = m.rid"
	f.args = append(f.args, expression(s))
}

// expression is a search in the syntax of FTS5. Every word is quoted, so nothing in it can be an operator.
func expression(s words.Search) string {
	all := make([]string, len(s.All))
	for i, c := range s.All {
		all[i] = anyOf(c)
	}
	e := strings.Join(all, " AND ")
	if len(s.None) > 0 {
		e = "(" + e + ") NOT " + anyOf(s.None)
	}
	return e
}

func anyOf(terms []words.Term) string {
	each := make([]string, len(terms))
	for i, t := range terms {
		each[i] = `"` + strings.ReplaceAll(strings.Join(t.Words, " "), `"`, `""`) + `"`
		if t.Prefix {
			each[i] += " *"
		}
	}
	return "(" + strings.Join(each, " OR ") + ")"
}

// names wants every given name, by key or by folded spelling.
func (f *filter) names(kind string, wanted []string) {
	for _, w := range wanted {
		f.and(`a.rid IN (SELECT rid FROM named WHERE nid IN (
			SELECT nid FROM name WHERE kind = ? AND key = ? UNION SELECT nid FROM name WHERE kind = ? AND folded = ?))`,
			kind, w, kind, words.Fold(w))
	}
}

func (f *filter) oneOf(column string, values []string) {
	if len(values) > 0 {
		f.and(column+" IN ("+marks(len(values))+")", anys(values)...)
	}
}

func (f *filter) watched(q indexer.Query) {
	if len(q.Lists) > 0 {
		f.and("a.rid IN (SELECT rid FROM watched WHERE list IN ("+marks(len(q.Lists))+"))", anys(q.Lists)...)
	}
	for _, w := range q.Watch {
		list, entry, _ := strings.Cut(w, ".")
		f.and("a.rid IN (SELECT rid FROM watched WHERE list = ? AND entry = ?)", list, entry)
	}
}

// mentioned wants an interval that stands to the query's as its Relation says. A narrow interval that meets a moment
// cannot begin more than a decade before it, which spares most of the table.
func (f *filter) mentioned(q indexer.Query) {
	if !q.Mentions() {
		return
	}
	from, to := since(q.MentionedFrom), until(q.MentionedTo)
	earliest := int64(math.MinInt64)
	if !q.MentionedFrom.IsZero() {
		earliest = from - decade
	}
	relation, ends := "starts < ? AND ends > ?", []any{to, from}
	switch q.Relation {
	case indexer.RelationWithin:
		relation, ends = "starts >= ? AND ends <= ?", []any{from, to}
	case indexer.RelationContains:
		relation, ends = "starts <= ? AND ends >= ?", []any{from, to}
	}
	narrow := "SELECT rid FROM mentioned WHERE wide = 0 AND starts >= ? AND " + relation
	args := append([]any{earliest}, ends...)
	if q.WideDates {
		narrow += " UNION SELECT rid FROM mentioned WHERE wide = 1 AND " + relation
		args = append(args, ends...)
	}
	f.and("a.rid IN ("+narrow+")", args...)
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

func anys(values []string) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

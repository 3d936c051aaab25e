package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// Facets implements indexer.Reader.
func (x *Index) Facets(ctx context.Context, q indexer.Query, o indexer.FacetOptions) (indexer.Facets, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return indexer.Facets{}, err
	}
	if o, err = o.WithDefaults(); err != nil {
		return indexer.Facets{}, err
	}
	var all indexer.Facets
	err = x.look(ctx, func(tx *sql.Tx) error {
		c := counter{ctx, tx, newFilter(q, false), o.Size}
		if err := tx.QueryRowContext(ctx, c.f.sql("count(*)", ""), c.f.args...).Scan(&all.Total); err != nil {
			return err
		}
		return errors.Join(c.names(&all), c.column("a.source", &all.Sources), c.column("a.lang", &all.Langs),
			c.watched("w.list", &all.Lists), c.watched("w.list || '.' || w.entry", &all.Watch))
	})
	return all, err
}

// counter counts the articles of one filter.
type counter struct {
	ctx  context.Context
	tx   *sql.Tx
	f    filter
	size int
}

// hits is a common table of the filter's articles, h(rid), as a statement's beginning.
func (c counter) hits() string {
	with := "WITH "
	if c.f.with != "" {
		with = c.f.with + ", "
	}
	f := c.f
	f.with = ""
	return with + "h AS MATERIALIZED (" + f.sql("a.rid", "") + ") "
}

// over is the beginning of a statement that reads a side table, restricted to the filter's articles; without any
// filter the table is read as it lies.
func (c counter) over(table, list string) string {
	if c.f.with == "" && len(c.f.where) == 0 {
		return "SELECT " + list + " FROM " + table
	}
	return c.hits() + "SELECT " + list + " FROM h CROSS JOIN " + table + " USING(rid)"
}

func (c counter) column(name string, into *[]indexer.Facet) error {
	return c.each(c.f.sql("'', "+name+" AS key, "+name+", count(*) AS n", "GROUP BY key ORDER BY n DESC, key LIMIT ?"),
		func(_ string, f indexer.Facet) { *into = append(*into, f) })
}

func (c counter) watched(key string, into *[]indexer.Facet) error {
	return c.each(c.over("watched w", "'', "+key+" AS key, "+key+", count(DISTINCT rid) AS n")+
		" GROUP BY key ORDER BY n DESC, key LIMIT ?", func(_ string, f indexer.Facet) { *into = append(*into, f) })
}

// names counts by spelling first, which is narrow, then joins the spellings of one key and shows the youngest of them.
func (c counter) names(all *indexer.Facets) error {
	spellings := c.over("named", "nid, count(*) AS n") + " GROUP BY nid"
	keys := "SELECT kind, key, shown, sum(n) AS n, max(nid) FROM (" + spellings + ") JOIN name USING(nid) GROUP BY kind, key"
	ranked := "SELECT *, row_number() OVER (PARTITION BY kind ORDER BY n DESC, key) AS rank FROM (" + keys + ")"
	return c.each("SELECT kind, key, shown, n FROM ("+ranked+") WHERE rank <= ? ORDER BY rank", func(kind string, f indexer.Facet) {
		switch kind {
		case messages.KindPerson:
			all.Persons = append(all.Persons, f)
		case messages.KindOrganization:
			all.Organizations = append(all.Organizations, f)
		case messages.KindPlace:
			all.Places = append(all.Places, f)
		}
	})
}

// each runs a statement of kind, key, name and count whose last mark is the size.
func (c counter) each(query string, take func(kind string, f indexer.Facet)) error {
	rows, err := c.tx.QueryContext(c.ctx, query, append(slices.Clip(c.f.args), c.size)...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	for rows.Next() {
		var kind string
		var f indexer.Facet
		if err := rows.Scan(&kind, &f.Key, &f.Name, &f.Count); err != nil {
			return err
		}
		take(kind, f)
	}
	return rows.Err()
}

// Timeline implements indexer.Reader.
func (x *Index) Timeline(ctx context.Context, q indexer.Query, o indexer.TimelineOptions) ([]indexer.Bucket, error) {
	q, err := q.WithDefaults()
	if err != nil {
		return nil, err
	}
	if o, err = o.WithDefaults(); err != nil {
		return nil, err
	}
	var all []indexer.Bucket
	err = x.look(ctx, func(tx *sql.Tx) error {
		c := counter{ctx, tx, newFilter(q, false), 0}
		query := c.f.sql(bucket("a.at", o.Step)+" AS b, count(*)", "GROUP BY b ORDER BY b")
		if o.By == indexer.TimelineMentioned {
			query = c.over("mentioned d", bucket("d.starts", o.Step)+" AS b, count(DISTINCT rid)") +
				" WHERE d.wide = 0 GROUP BY b ORDER BY b"
		}
		all, err = c.buckets(query)
		return err
	})
	return o.Trim(q, all), err
}

// bucket is the SQL for the day, as YYYY-MM-DD, on which the step that holds a time begins.
func bucket(column, step string) string {
	modifier := map[string]string{
		indexer.StepDay:   "'start of day'",
		indexer.StepWeek:  "'-6 days', 'weekday 1'", // the Monday on or before
		indexer.StepMonth: "'start of month'",
		indexer.StepYear:  "'start of year'",
	}[step]
	return "date(" + column + " / 1000, 'unixepoch', " + modifier + ")"
}

func (c counter) buckets(query string) ([]indexer.Bucket, error) {
	rows, err := c.tx.QueryContext(c.ctx, query, c.f.args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var all []indexer.Bucket
	for rows.Next() {
		var day string
		var b indexer.Bucket
		if err := rows.Scan(&day, &b.Count); err != nil {
			return nil, err
		}
		if b.From, err = time.Parse(time.DateOnly, day); err != nil {
			return nil, err
		}
		all = append(all, b)
	}
	return all, rows.Err()
}

package sqlite

import (
	"context"
	"database/sql"
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
		for _, f := range []struct {
			into *[]indexer.Facet
			list func() ([]indexer.Facet, error)
		}{
			{&all.Persons, func() ([]indexer.Facet, error) { return c.names(messages.KindPerson) }},
			{&all.Organizations, func() ([]indexer.Facet, error) { return c.names(messages.KindOrganization) }},
			{&all.Places, func() ([]indexer.Facet, error) { return c.names(messages.KindPlace) }},
			{&all.Sources, func() ([]indexer.Facet, error) { return c.column("a.source") }},
			{&all.Langs, func() ([]indexer.Facet, error) { return c.column("a.lang") }},
			{&all.Lists, func() ([]indexer.Facet, error) { return c.watched("w.list") }},
			{&all.Watch, func() ([]indexer.Facet, error) { return c.watched("w.list || '.' || w.entry") }},
		} {
			if *f.into, err = f.list(); err != nil {
				return err
			}
		}
		return nil
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

func (c counter) column(name string) ([]indexer.Facet, error) {
	return c.facets(c.f.sql(name+" AS key, "+name+", count(*) AS n", "GROUP BY key ORDER BY n DESC, key LIMIT ?"), c.size)
}

func (c counter) watched(key string) ([]indexer.Facet, error) {
	return c.facets(c.over("watched w", key+" AS key, "+key+", count(DISTINCT rid) AS n")+
		" GROUP BY key ORDER BY n DESC, key LIMIT ?", c.size)
}

// names counts by spelling first, which is narrow, then joins the spellings of one key and shows the latest of them.
func (c counter) names(kind string) ([]indexer.Facet, error) {
	spellings := c.over("named", "nid, count(*) AS n, max(rid) AS latest") + " GROUP BY nid"
	keys := "SELECT key, shown, sum(n) AS n, max(latest) FROM (" + spellings + ") JOIN name USING(nid) WHERE kind = ? GROUP BY key"
	return c.facets("SELECT key, shown, n FROM ("+keys+") ORDER BY n DESC, key LIMIT ?", kind, c.size)
}

func (c counter) facets(query string, more ...any) ([]indexer.Facet, error) {
	rows, err := c.tx.QueryContext(c.ctx, query, append(c.f.args[:len(c.f.args):len(c.f.args)], more...)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // Err below says what went wrong
	var all []indexer.Facet
	for rows.Next() {
		var f indexer.Facet
		if err := rows.Scan(&f.Key, &f.Name, &f.Count); err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, rows.Err()
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

package indexes

import (
	"context"
	"path/filepath"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"

	process "tocsin/bench/measure"
	"tocsin/pkg/messages"
	"tocsin/services/indexer"
)

// flat is a document in Bleve: what SQLite is asked to find and to give back, no more.
type flat struct {
	Title         string    `json:"title"`
	Text          string    `json:"text"`
	Source        string    `json:"source"`
	Lang          string    `json:"lang"`
	At            time.Time `json:"at"`
	Persons       []string  `json:"persons"`
	Organizations []string  `json:"organizations"`
	Places        []string  `json:"places"`
	Watch         []string  `json:"watch"`
	MentionedFrom []time.Time
	MentionedTo   []time.Time
}

// blevesMapping searches title and text with English stems and positions, facets as keywords, and stores what a hit
// shows: the title and the text.
func blevesMapping() mapping.IndexMapping {
	text := bleve.NewTextFieldMapping()
	text.Analyzer, text.Store, text.IncludeInAll, text.IncludeTermVectors = en.AnalyzerName, true, false, true
	keyword := bleve.NewKeywordFieldMapping()
	keyword.Store, keyword.IncludeInAll = false, false
	moment := bleve.NewDateTimeFieldMapping()
	moment.Store, moment.IncludeInAll = false, false
	d := bleve.NewDocumentStaticMapping()
	d.AddFieldMappingsAt("title", text)
	d.AddFieldMappingsAt("text", text)
	for _, name := range []string{"source", "lang", "persons", "organizations", "places", "watch"} {
		d.AddFieldMappingsAt(name, keyword)
	}
	for _, name := range []string{"at", "MentionedFrom", "MentionedTo"} {
		d.AddFieldMappingsAt(name, moment)
	}
	m := bleve.NewIndexMapping()
	m.DefaultMapping = d
	return m
}

// bleve writes the same documents in the same batches; each batch is on disk when it returns, as Bleve's default has it.
func (a articles) bleve(_ context.Context, dir string) (took, cpu time.Duration, err error) {
	x, err := bleve.NewUsing(filepath.Join(dir, "index"), blevesMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = x.Close() }()
	took, err = a.each(func(batch []messages.EnrichedArticle) error {
		before := process.CPU()
		defer func() { cpu += process.CPU() - before }()
		b := x.NewBatch()
		for _, article := range batch {
			d := indexer.NewDocument(article, 0)
			f := flat{Title: d.Title, Text: d.Text, Source: d.Source, Lang: d.Lang, At: d.At, Persons: d.Persons,
				Organizations: d.Organizations, Places: d.Places, Watch: d.Watch, MentionedFrom: d.MentionedFrom, MentionedTo: d.MentionedTo}
			if err := b.Index(d.ID, f); err != nil {
				return err
			}
		}
		return x.Batch(b)
	})
	return took, cpu, err
}

package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/services/indexer"
)

// month is the index of documents of the time t, in the generation that was last seen.
func (x *months) month(t time.Time) string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.monthOf(t)
}

func (x *months) monthOf(t time.Time) string {
	return series(x.o.Prefix, x.generation) + t.UTC().Format(indexer.MonthLayout)
}

// Setup creates or updates the templates, the mapping of indices that exist, the alias and this month's index. It may be
// called any number of times, by any number of processes. It refuses a cluster that a newer build has set up.
func (x *months) Setup(ctx context.Context) error {
	generation, err := x.setup(ctx)
	if err != nil {
		return fmt.Errorf("set up elasticsearch for %s: %w", x.o.Prefix, err)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made, x.generation = map[string]bool{}, generation
	return x.ensure(ctx, x.monthOf(x.o.Now()))
}

func (x *months) setup(ctx context.Context) (generation int, err error) {
	found, err := x.now(ctx)
	if err != nil {
		return 0, err
	}
	if err := found.check(); err != nil {
		return 0, err
	}
	if err := x.putTemplates(ctx, x.frame(found.Generation)); err != nil {
		return 0, err
	}
	return found.Generation, x.updateIndices(ctx, found.Generation)
}

// frame is what the templates of one generation are made of.
type frame struct {
	name       string // of the template, and the beginning of that of its component
	alias      string // that its indices get; empty is none
	generation int
	priority   int // over other templates that fit
}

// frame is that of the generation in use.
func (x *months) frame(generation int) frame { return frame{x.o.Prefix, x.o.Prefix, generation, 500} }

func (x *months) putTemplates(ctx context.Context, f frame) error {
	aliases := object{}
	if f.alias != "" {
		aliases[f.alias] = object{}
	}
	settings := x.o.settings()
	if x.o.DeleteAfter > 0 {
		if err := x.putLifecycle(ctx); err != nil {
			x.o.Log.WarnContext(ctx, "no lifecycle management: old indices must be deleted by hand", "error", err)
		} else {
			settings["lifecycle.name"] = x.o.Prefix
		}
	}
	for _, put := range []func() esapi.Request{
		func() esapi.Request {
			return esapi.ClusterPutComponentTemplateRequest{Name: f.name + "-base", Body: jsonBody(object{
				"template": object{"settings": object{"index": settings}, "mappings": json.RawMessage(x.mapping)},
			})}
		},
		func() esapi.Request {
			return esapi.IndicesPutIndexTemplateRequest{Name: f.name, Body: jsonBody(object{
				"index_patterns": []string{series(x.o.Prefix, f.generation) + "*"},
				"priority":       f.priority,
				"composed_of":    []string{f.name + "-base"},
				"template":       object{"aliases": aliases},
				"_meta":          state{Schema: schema, Generation: f.generation},
			})}
		},
	} {
		if err := x.ask(ctx, put, nil); err != nil {
			return err
		}
	}
	return nil
}

// updateIndices gives indices that exist the fields that were added to the mapping since, and the replicas asked for.
func (x *months) updateIndices(ctx context.Context, generation int) error {
	all := []string{series(x.o.Prefix, generation) + "*"}
	err := x.ask(ctx, func() esapi.Request {
		return esapi.IndicesPutMappingRequest{Index: all, Body: jsonBody(json.RawMessage(x.mapping))}
	}, nil)
	if err == nil && x.o.Replicas != nil {
		err = x.ask(ctx, func() esapi.Request {
			return esapi.IndicesPutSettingsRequest{Index: all, Body: jsonBody(object{"index.number_of_replicas": *x.o.Replicas})}
		}, nil)
	}
	if status(err) == http.StatusNotFound { // there are none yet
		return nil
	}
	return err
}

// putLifecycle creates the policy that deletes old indices. Age counts from an index's creation, the start of its month.
func (x *months) putLifecycle(ctx context.Context) error {
	age := fmt.Sprintf("%ds", int64(x.o.DeleteAfter.Seconds()))
	return x.ask(ctx, func() esapi.Request {
		return esapi.ILMPutLifecycleRequest{Policy: x.o.Prefix, Body: jsonBody(object{"policy": object{"phases": object{
			"hot":    object{"actions": object{}},
			"delete": object{"min_age": age, "actions": object{"delete": object{}}},
		}}})}
	}, nil)
}

// place is the index of documents of the time t, made unless it is known to exist.
func (x *months) place(ctx context.Context, t time.Time) (string, error) {
	x.mu.Lock()
	defer x.mu.Unlock() // one process asks once, the others of its goroutines wait
	if err := x.load(ctx); err != nil {
		return "", err
	}
	index := x.monthOf(t)
	return index, x.ensure(ctx, index)
}

// current is the generation that is written to.
func (x *months) current(ctx context.Context) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	err := x.load(ctx)
	return x.generation, err
}

// load sees which generation there is, unless that is known. It wants the template: an index without it would guess its
// mapping from the first document.
func (x *months) load(ctx context.Context) error {
	if x.made != nil {
		return nil
	}
	found, err := x.now(ctx)
	switch {
	case err != nil:
		return err
	case found.Schema == 0:
		return fmt.Errorf("elasticsearch is not set up for %s; run the setup step first", x.o.Prefix)
	}
	x.made, x.generation = map[string]bool{}, found.Generation
	return nil
}

// ensure makes the index of a month unless it is known to exist.
func (x *months) ensure(ctx context.Context, index string) error {
	if x.made[index] {
		return nil
	}
	err := x.ask(ctx, func() esapi.Request { return esapi.IndicesCreateRequest{Index: index} }, nil)
	if err != nil && refusalType(err) != "resource_already_exists_exception" {
		return fmt.Errorf("create index %s: %w", index, err)
	}
	x.made[index] = true
	return nil
}

// forget lets load look again: an index it knew is gone or takes no writes any more.
func (x *months) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made = nil
}

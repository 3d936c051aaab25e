package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// indexVersion is in the name of every index; a mapping that old documents cannot live with gets the next one.
const indexVersion = "-v1-"

// month is the index of documents of the time t.
func (x *months) month(t time.Time) string {
	return x.o.Prefix + indexVersion + t.UTC().Format("2006.01")
}

// Setup creates or updates the templates, the mapping of indices that exist, the alias and this month's index. It may be
// called any number of times, by any number of processes. It refuses a cluster that a newer build has set up.
func (x *months) Setup(ctx context.Context) error {
	if err := x.setup(ctx); err != nil {
		return fmt.Errorf("set up elasticsearch for %s: %w", x.o.Prefix, err)
	}
	x.mu.Lock()
	x.made = map[string]bool{}
	x.mu.Unlock()
	return x.ensure(ctx, x.month(x.o.Now()))
}

func (x *months) setup(ctx context.Context) error {
	if err := x.checkSchema(ctx); err != nil {
		return err
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
			return esapi.ClusterPutComponentTemplateRequest{Name: x.o.Prefix + "-base", Body: jsonBody(object{
				"template": object{"settings": object{"index": settings}, "mappings": json.RawMessage(x.mapping)},
			})}
		},
		func() esapi.Request {
			return esapi.IndicesPutIndexTemplateRequest{Name: x.o.Prefix, Body: jsonBody(object{
				"index_patterns": []string{x.o.Prefix + indexVersion + "*"},
				"priority":       500,
				"composed_of":    []string{x.o.Prefix + "-base"},
				"template":       object{"aliases": object{x.o.Prefix: object{}}},
				"_meta":          object{"schema_version": schema},
			})}
		},
	} {
		if err := x.ask(ctx, put, nil); err != nil {
			return err
		}
	}
	return x.updateIndices(ctx)
}

// updateIndices gives indices that exist the fields that were added to the mapping since, and the replicas asked for.
func (x *months) updateIndices(ctx context.Context) error {
	all := []string{x.o.Prefix + indexVersion + "*"}
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

// checkSchema refuses templates of a newer schema.
func (x *months) checkSchema(ctx context.Context) error {
	found, err := x.template(ctx)
	if err != nil {
		return err
	}
	if found > schema {
		return fmt.Errorf("its schema is %d and this build knows %d; update this program", found, schema)
	}
	return nil
}

// template is the schema version of the template in the cluster, 0 when there is none.
func (x *months) template(ctx context.Context) (int, error) {
	var answer struct {
		Templates []struct {
			Template struct {
				Meta struct {
					Schema int `json:"schema_version"`
				} `json:"_meta"`
			} `json:"index_template"`
		} `json:"index_templates"`
	}
	err := x.ask(ctx, func() esapi.Request { return esapi.IndicesGetIndexTemplateRequest{Name: x.o.Prefix} }, &answer)
	if status(err) == http.StatusNotFound {
		return 0, nil
	}
	if err != nil || len(answer.Templates) == 0 {
		return 0, err
	}
	return answer.Templates[0].Template.Meta.Schema, nil
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

// ensure makes the index of a month unless it is known to exist. It wants the template first: an index without it would
// guess its mapping from the first document.
func (x *months) ensure(ctx context.Context, index string) error {
	x.mu.Lock()
	defer x.mu.Unlock() // one process asks once, the others of its goroutines wait
	if x.made == nil {
		switch found, err := x.template(ctx); {
		case err != nil:
			return err
		case found == 0:
			return fmt.Errorf("elasticsearch is not set up for %s; run the setup step first", x.o.Prefix)
		}
		x.made = map[string]bool{}
	}
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

// forget lets ensure look again: an index it knew is gone.
func (x *months) forget() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.made = nil
}

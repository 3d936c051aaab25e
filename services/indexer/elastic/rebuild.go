package elastic

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/services/indexer"
)

// Rebuild makes the next generation of an index beside the one in use, with this build's mapping, and puts it in its place.
// Where it stands is in the cluster alone, so that any process can go on with what another began.
//
//	Begin   the template of the new generation; its indices have no alias, so nobody sees them
//	Write   a feed may write to it all along
//	Mend    copies what the new generation lacks or has older, or in another group; again until there is nothing
//	Fence   the old generation takes no writes any more: indexers keep their messages and wait
//	Mend    the rest; now both are the same, for good
//	Swap    the alias goes over in one step; indexers that meet the fence look again, and write to the new generation
//
// That every indexer has changed over is thus not asked but enforced, by the cluster: whoever has not heard cannot write.
type Rebuild struct {
	x    *months // as indexers see it
	next *months
	// remake is the record to write for a stored document.
	remake func(source json.RawMessage) (record, error)
}

// build is what the months of a generation in the making know of it.
type build struct {
	old, made string // patterns of the indices of both generations
	frame     frame
}

// nextName is the name of the template of a generation in the making.
func nextName(prefix string) string { return prefix + "-next" }

// closedName is the name of the template by which an index of a generation that was replaced takes no writes, and
// fenceName of that for the one that is about to be.
func closedName(prefix string) string { return prefix + "-closed" }
func fenceName(prefix string) string  { return prefix + "-fence" }

// Begin begins a new generation of the articles, or goes on with the one that was begun.
func (x *Index) Begin(ctx context.Context) (*Rebuild, error) {
	return x.begin(ctx, func(source json.RawMessage) (record, error) {
		var d indexer.Document
		err := json.Unmarshal(source, &d)
		d = d.Remade()
		return record{id: d.ID, version: d.Version(), body: d}, err
	})
}

// Begin begins a new generation of the alerts, or goes on with the one that was begun.
func (x *Alerts) Begin(ctx context.Context) (*Rebuild, error) {
	return x.begin(ctx, func(source json.RawMessage) (record, error) {
		var d indexer.AlertDocument
		err := json.Unmarshal(source, &d)
		d = d.Remade()
		return record{id: d.ID, version: d.Version(), body: d}, err
	})
}

func (x *months) begin(ctx context.Context, remake func(json.RawMessage) (record, error)) (*Rebuild, error) {
	r, err := x.underway(ctx, remake)
	if errors.Is(err, indexer.ErrNoRebuild) {
		var found state
		if found, err = x.now(ctx); err == nil && found.Schema == 0 {
			err = fmt.Errorf("elasticsearch is not set up for %s, so there is nothing to reindex; run the setup step", x.o.Prefix)
		}
		r = x.rebuild(found.Generation+1, remake)
	}
	if err == nil {
		err = r.next.putTemplates(ctx, r.next.build.frame)
	}
	if err == nil {
		err = r.next.updateIndices(ctx, r.next.build.frame.generation)
	}
	if err != nil {
		return nil, fmt.Errorf("begin a new generation of %s: %w", x.o.Prefix, err)
	}
	return r, nil
}

// underway is the rebuild that was begun, or indexer.ErrNoRebuild.
func (x *months) underway(ctx context.Context, remake func(json.RawMessage) (record, error)) (*Rebuild, error) {
	found, err := x.template(ctx, nextName(x.o.Prefix))
	switch {
	case err != nil:
		return nil, err
	case found.Schema == 0:
		return nil, indexer.ErrNoRebuild
	case found.Schema > schema:
		return nil, found.check()
	}
	return x.rebuild(found.Generation, remake), nil
}

func (x *months) rebuild(generation int, remake func(json.RawMessage) (record, error)) *Rebuild {
	return &Rebuild{x: x, remake: remake, next: &months{o: x.o, es: x.es, mapping: x.mapping, build: &build{
		old: series(x.o.Prefix, generation-1) + "*", made: series(x.o.Prefix, generation) + "*",
		frame: frame{name: nextName(x.o.Prefix), generation: generation, priority: 510},
	}}}
}

// Write implements indexer.Writer on the new generation.
func (r *Rebuild) Write(ctx context.Context, docs []indexer.Document) ([]indexer.Outcome, error) {
	return (&Index{r.next}).Write(ctx, docs)
}

// Alerts implements indexer.AlertWriter on the new generation.
func (r *Rebuild) Alerts() *Alerts { return &Alerts{r.next} }

// Fence has every index of the old generation refuse writes, those made later too, and returns when the writes that were
// under way have ended. Until Swap, indexers wait; release lets them write to the old generation again.
func (r *Rebuild) Fence(ctx context.Context) (release func(context.Context) error, err error) {
	// Should it be let go, an index that is made meanwhile is one like the others, but for the block.
	err = r.block(ctx, fenceName(r.x.o.Prefix), 610, []string{r.next.build.old}, object{r.x.o.Prefix: object{}}, r.x.o.Prefix+"-base")
	if err == nil {
		err = r.x.ask(ctx, func() esapi.Request {
			return esapi.IndicesAddBlockRequest{Index: []string{r.next.build.old}, Block: "write"}
		}, nil)
	}
	if err != nil && status(err) != http.StatusNotFound {
		return nil, errors.Join(fmt.Errorf("fence the indices %s: %w", r.next.build.old, err), r.release(context.WithoutCancel(ctx)))
	}
	return r.release, nil
}

// block makes a template by which indices that are made later take no writes.
func (r *Rebuild) block(ctx context.Context, name string, priority int, patterns []string, aliases object, components ...string) error {
	return r.x.ask(ctx, func() esapi.Request {
		return esapi.IndicesPutIndexTemplateRequest{Name: name, Body: jsonBody(object{
			"index_patterns": patterns,
			"priority":       priority,
			"composed_of":    append([]string{}, components...),
			"template":       object{"settings": object{"index.blocks.write": true}, "aliases": aliases},
		})}
	}, nil)
}

func (r *Rebuild) release(ctx context.Context) error {
	err := r.x.drop(ctx, esapi.IndicesDeleteIndexTemplateRequest{Name: fenceName(r.x.o.Prefix)})
	if err == nil {
		err = r.x.ask(ctx, func() esapi.Request {
			return esapi.IndicesPutSettingsRequest{Index: []string{r.next.build.old}, Body: jsonBody(object{"index.blocks.write": nil})}
		}, nil)
	}
	if err != nil && status(err) != http.StatusNotFound {
		return fmt.Errorf("let the indices %s take writes again: %w", r.next.build.old, err)
	}
	return nil
}

// Swap puts the new generation in the place of the old one. It may be called again when it was cut short.
func (r *Rebuild) Swap(ctx context.Context) error {
	if err := r.swap(ctx); err != nil {
		return fmt.Errorf("put the new generation of %s in place: %w", r.x.o.Prefix, err)
	}
	return nil
}

func (r *Rebuild) swap(ctx context.Context) error {
	if _, err := r.next.place(ctx, r.x.o.Now()); err != nil { // an alias needs an index
		return err
	}
	b := r.next.build
	var closed []string
	for n := 1; n < b.frame.generation; n++ {
		closed = append(closed, series(r.x.o.Prefix, n)+"*")
	}
	err := r.block(ctx, closedName(r.x.o.Prefix), 600, closed, object{})
	if err == nil {
		err = r.x.drop(ctx, esapi.IndicesDeleteIndexTemplateRequest{Name: fenceName(r.x.o.Prefix)})
	}
	if err != nil {
		return err
	}
	err = r.x.ask(ctx, func() esapi.Request {
		return esapi.IndicesUpdateAliasesRequest{Body: jsonBody(object{"actions": []object{
			{"remove": object{"index": b.old, "alias": r.x.o.Prefix, "must_exist": false}},
			{"add": object{"index": b.made, "alias": r.x.o.Prefix}},
		}})}
	}, nil)
	if err != nil {
		return err
	}
	if err := r.x.putTemplates(ctx, r.x.frame(b.frame.generation)); err != nil {
		return err
	}
	return r.x.dropTemplates(ctx, b.frame.name)
}

// dropTemplates deletes a template and its component.
func (x *months) dropTemplates(ctx context.Context, name string) error {
	if err := x.drop(ctx, esapi.IndicesDeleteIndexTemplateRequest{Name: name}); err != nil {
		return err
	}
	return x.drop(ctx, esapi.ClusterDeleteComponentTemplateRequest{Name: name + "-base"})
}

// drop deletes something; what is not there is no error.
func (x *months) drop(ctx context.Context, r esapi.Request) error {
	err := x.ask(ctx, func() esapi.Request { return r }, nil)
	if status(err) == http.StatusNotFound {
		return nil
	}
	return err
}

// Abort gives up a rebuild that was begun: the new generation is deleted, and the old one takes writes. It returns
// indexer.ErrNoRebuild when there is none.
func (x *months) Abort(ctx context.Context) error {
	r, err := x.underway(ctx, nil)
	if err != nil {
		return err
	}
	found, err := x.now(ctx)
	if err == nil && found.Generation == r.next.build.frame.generation {
		return fmt.Errorf("the new generation of %s is in use already; run the reindex again, it has little left to do", x.o.Prefix)
	}
	if err == nil {
		err = r.release(ctx)
	}
	if err == nil {
		err = x.dropTemplates(ctx, r.next.build.frame.name)
	}
	if err == nil {
		_, err = x.dropIndices(ctx, func(index string) bool { return generationIn(x.o.Prefix, index) == r.next.build.frame.generation })
	}
	if err != nil {
		return fmt.Errorf("give up the new generation of %s: %w", x.o.Prefix, err)
	}
	return nil
}

// DropOld deletes the indices of all generations before the one in use and returns their names.
func (x *months) DropOld(ctx context.Context) ([]string, error) {
	found, err := x.now(ctx)
	if err != nil {
		return nil, fmt.Errorf("see which generation of %s is in use: %w", x.o.Prefix, err)
	}
	return x.dropIndices(ctx, func(index string) bool {
		n := generationIn(x.o.Prefix, index)
		return n > 0 && n < found.Generation
	})
}

// dropIndices deletes the indices of the prefix that drop names, one by one, and returns their names, ascending.
func (x *months) dropIndices(ctx context.Context, drop func(index string) bool) ([]string, error) {
	all, err := x.indices(ctx)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, index := range all {
		if !drop(index) {
			continue
		}
		if err := x.drop(ctx, esapi.IndicesDeleteRequest{Index: []string{index}}); err != nil {
			return gone, fmt.Errorf("delete index %s: %w", index, err)
		}
		gone = append(gone, index)
	}
	return gone, nil
}

// indices are the names of all indices of the prefix, of whatever generation, ascending.
func (x *months) indices(ctx context.Context) ([]string, error) {
	var answer map[string]struct{}
	err := x.ask(ctx, func() esapi.Request {
		return esapi.IndicesGetAliasRequest{Index: []string{x.o.Prefix + "-v*"}}
	}, &answer)
	if err != nil && status(err) != http.StatusNotFound {
		return nil, fmt.Errorf("list the indices of %s: %w", x.o.Prefix, err)
	}
	var all []string
	for index := range answer {
		if generationIn(x.o.Prefix, index) > 0 {
			all = append(all, index)
		}
	}
	slices.Sort(all)
	return all, nil
}

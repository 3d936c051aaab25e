package elastic

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"tocsin/services/indexer"
)

// series begins the names of all monthly indices of one generation. A mapping that old documents cannot live with needs
// the next one, which a Rebuild makes.
func series(prefix string, generation int) string { return fmt.Sprintf("%s-v%d-", prefix, generation) }

// monthIn is the month of an index by its name, which ends with it, at its beginning.
func monthIn(index string) (time.Time, bool) {
	if len(index) < len(indexer.MonthLayout) {
		return time.Time{}, false
	}
	t, err := time.Parse(indexer.MonthLayout, index[len(index)-len(indexer.MonthLayout):])
	return t, err == nil
}

// generationIn is the generation of an index of a prefix by its name; 0 when it is none of ours.
func generationIn(prefix, index string) int {
	rest, ours := strings.CutPrefix(index, prefix+"-v")
	number, _, dash := strings.Cut(rest, "-")
	n, err := strconv.Atoi(number)
	if _, month := monthIn(index); !ours || !dash || !month || err != nil {
		return 0
	}
	return n
}

// state is what a cluster says of an alias: the _meta of its template.
type state struct {
	// Schema is 0 when there is no template. Generation counts from 1.
	Schema     int `json:"schema_version"`
	Generation int `json:"generation"`
}

// check refuses a schema that is not this build's.
func (s state) check() error {
	switch {
	case s.Schema > schema:
		return fmt.Errorf("its schema is %d and this build knows %d; update this program", s.Schema, schema)
	case s.Schema > 0 && s.Schema < schema:
		return fmt.Errorf("its schema is %d and this build writes %d; run tocsin reindex with this build, and leave the earlier one running until that is done", s.Schema, schema)
	}
	return nil
}

// now is the state in use. The generation is that of the indices behind the alias, which is changed in one step; the
// template follows it.
func (x *months) now(ctx context.Context) (state, error) {
	if x.build != nil {
		return x.template(ctx, x.build.frame.name)
	}
	found, err := x.template(ctx, x.o.Prefix)
	if err != nil {
		return found, err
	}
	var answer map[string]struct{}
	err = x.ask(ctx, func() esapi.Request { return esapi.IndicesGetAliasRequest{Name: []string{x.o.Prefix}} }, &answer)
	if err != nil && status(err) != http.StatusNotFound {
		return found, err
	}
	for index := range answer {
		found.Generation = max(found.Generation, generationIn(x.o.Prefix, index))
	}
	return found, nil
}

// template is the state that a template tells; of an absent one, no schema and the first generation.
func (x *months) template(ctx context.Context, name string) (state, error) {
	var answer struct {
		Templates []struct {
			Template struct {
				Meta state `json:"_meta"`
			} `json:"index_template"`
		} `json:"index_templates"`
	}
	err := x.ask(ctx, func() esapi.Request { return esapi.IndicesGetIndexTemplateRequest{Name: name} }, &answer)
	if err != nil && status(err) != http.StatusNotFound {
		return state{}, err
	}
	found := state{}
	if len(answer.Templates) > 0 {
		found = answer.Templates[0].Template.Meta
	}
	found.Generation = max(found.Generation, 1)
	return found, nil
}

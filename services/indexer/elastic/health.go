package elastic

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"
)

// Ping implements indexer.Pinger: the cluster answers, knows the alias, and every primary shard is there. It asks for
// our indices alone, so that a foreign index in trouble does not stop the indexer.
func (x *months) Ping(ctx context.Context) error {
	if _, err := x.health(ctx); err != nil || !x.refused.Load() {
		return err
	}
	blocked, err := x.having(ctx, "index.blocks.write", "true")
	if err != nil {
		return err
	}
	if len(blocked) > 0 {
		return fmt.Errorf("index %s takes no writes: a reindex is about to end, or was cut short (run it again), or somebody set index.blocks.write", blocked[0])
	}
	x.refused.Store(false)
	return nil
}

// health is "green" or "yellow"; anything worse is an error.
func (x *months) health(ctx context.Context) (string, error) {
	var answer struct {
		Status string `json:"status"`
	}
	err := x.call(ctx, esapi.ClusterHealthRequest{Index: []string{x.o.Prefix}, WaitForStatus: "yellow", Timeout: 2 * time.Second}, &answer)
	switch {
	case status(err) == http.StatusRequestTimeout:
		return "", fmt.Errorf("elasticsearch has no alias %s with all its primary shards; run the setup step, or see _cluster/allocation/explain", x.o.Prefix)
	case err != nil:
		return "", err
	}
	return answer.Status, nil
}

// Warnings says in plain sentences what is legal but dangerous about the cluster as it is. Nil is good.
func (x *months) Warnings(ctx context.Context) ([]string, error) {
	health, err := x.health(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for dangers in elasticsearch: %w", err)
	}
	var all []string
	if health == "yellow" {
		all = append(all, "Some replicas are missing: the loss of one node loses articles. Add a node, or set replicas to 0 on a single one.")
	}
	async, err := x.having(ctx, "index.translog.durability", "async")
	if err != nil {
		return nil, fmt.Errorf("look for dangers in elasticsearch: %w", err)
	}
	for _, index := range async {
		all = append(all, fmt.Sprintf("Index %s has index.translog.durability async: a killed node loses articles it acknowledged. Set it to request.", index))
	}
	if x.o.DeleteAfter > 0 {
		err := x.call(ctx, esapi.ILMGetLifecycleRequest{Policy: x.o.Prefix}, nil)
		switch status(err) {
		case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotFound:
			all = append(all, "This cluster has no lifecycle policy for "+x.o.Prefix+": old indices must be deleted by hand.")
		}
	}
	return all, nil
}

// having names the indices behind the alias that have a setting of a value.
func (x *months) having(ctx context.Context, setting, value string) ([]string, error) {
	var answer map[string]struct {
		Settings map[string]string `json:"settings"`
	}
	flat := true
	err := x.call(ctx, esapi.IndicesGetSettingsRequest{Index: []string{x.o.Prefix}, Name: []string{setting}, FlatSettings: &flat}, &answer)
	if err != nil {
		return nil, err
	}
	var all []string
	for index, s := range answer {
		if s.Settings[setting] == value {
			all = append(all, index)
		}
	}
	slices.Sort(all)
	return all, nil
}

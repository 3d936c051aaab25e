package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
)

const (
	namespace = "tocsin"
	queued    = 3000
)

// nats starts a real NATS server and lets tocsin setup make streams and consumers.
func (c *cluster) nats(ctx context.Context) error {
	p, err := ports(2)
	if err != nil {
		return err
	}
	if _, err := c.start("nats-server", nil, "-js", "-sd", c.path("streams"), "-a", "127.0.0.1", "-p", p[0], "-m", p[1]); err != nil {
		return err
	}
	c.natsURL, c.monitor = "nats://127.0.0.1:"+p[0], "127.0.0.1:"+p[1]
	out, err := exec.CommandContext(ctx, filepath.Join(c.folder, "bin", "tocsin"), "setup", "--nats", c.natsURL).CombinedOutput()
	if err != nil {
		return fmt.Errorf("tocsin setup: %w\n%s", err, out)
	}
	c.say("NATS has its streams and consumers")
	return nil
}

// overlay applies the rendering as it is, but for where KEDA asks NATS: the pods of kwok hold no server.
func (c *cluster) overlay(ctx context.Context, path string) error {
	objects, err := parseFile(path)
	if err != nil {
		return err
	}
	for _, o := range objects {
		if o.text("kind") != "ScaledObject" {
			continue
		}
		triggers, _ := o.at("spec", "triggers").([]any)
		for _, t := range triggers {
			object(t.(map[string]any)).at("metadata").(map[string]any)["natsServerMonitoringEndpoint"] = c.monitor
		}
	}
	if err := c.api.apply(ctx, objects...); err != nil {
		return err
	}
	c.say("%d objects of the dev overlay are applied", len(objects))
	if err := until(ctx, "fetchers and servers are ready", func() (bool, string) {
		fetchers, servers := c.ready("deployments", "fetcher"), c.ready("statefulsets", "nats")+c.ready("statefulsets", "elasticsearch")
		return fetchers == 2 && servers == 4, fmt.Sprintf("%d fetchers, %d servers", fetchers, servers)
	}); err != nil {
		return err
	}
	c.say("2 fetchers, 3 NATS servers and 1 Elasticsearch are ready")
	return nil
}

func (c *cluster) workload(kind, name string) object {
	o, err := c.api.get(context.Background(), "/apis/apps/v1/namespaces/"+namespace+"/"+kind+"/"+name)
	if err != nil {
		return object{}
	}
	return o
}

func (c *cluster) ready(kind, name string) int {
	return c.workload(kind, name).count("status", "readyReplicas")
}

// idle: with nothing queued, KEDA brings the extractors to none.
func (c *cluster) idle(ctx context.Context) error {
	if err := until(ctx, "KEDA watches both queues", func() (bool, string) {
		n := 0
		for _, o := range c.api.items(ctx, "/apis/keda.sh/v1alpha1/namespaces/"+namespace+"/scaledobjects") {
			if condition(o, "Ready") {
				n++
			}
		}
		return n == 2, fmt.Sprintf("%d scaled objects are ready", n)
	}); err != nil {
		return err
	}
	return c.extractors(ctx, "nothing is queued", func(n int) bool {
		return n == 0 && c.workload("deployments", "extractor").count("spec", "replicas") == 0
	})
}

// extractors waits until as many are ready.
func (c *cluster) extractors(ctx context.Context, when string, enough func(int) bool) error {
	began, last := time.Now(), -1
	if err := until(ctx, when, func() (bool, string) {
		n := c.ready("deployments", "extractor")
		if n != last {
			c.say("%s: %d extractors are ready after %.1f s", when, n, time.Since(began).Seconds())
			last = n
		}
		return enough(n), fmt.Sprintf("%d extractors", n)
	}); err != nil {
		return err
	}
	return nil
}

// scaleUp fills RAW and waits for the extractors.
func (c *cluster) scaleUp(ctx context.Context) error {
	b, err := bus.Connect(ctx, bus.Options{URL: c.natsURL, Name: "cluster"})
	if err != nil {
		return err
	}
	defer b.Close()
	all := make([]messages.Outgoing, queued)
	for i := range all {
		raw := messages.RawArticle{
			Version: messages.Version,
			Article: messages.Article{
				ID: fmt.Sprintf("article-%d", i), Revision: 1, Feed: "cluster", Source: "cluster", URL: fmt.Sprintf("https://example.test/%d", i),
				Title: "Commander leaves", FirstSeen: time.Now().UTC(), FetchedAt: time.Now().UTC(),
			},
			FeedContent: "The commander left the city on Monday.",
		}
		data, err := messages.Encode(raw)
		if err != nil {
			return err
		}
		all[i] = messages.Outgoing{Subject: "raw.cluster", ID: raw.ID, Data: data}
	}
	if err := errors.Join(b.PublishAll(ctx, all)...); err != nil {
		return err
	}
	c.say("%d articles are queued", queued)
	if err := c.extractors(ctx, "articles are queued", func(n int) bool { return n >= 1 }); err != nil {
		return err
	}
	return c.extractors(ctx, "articles are queued, first extractor there", func(n int) bool { return n >= 10 })
}

// scaleDown lets one real extractor empty the queue, and waits until KEDA has brought the others to none.
func (c *cluster) scaleDown(ctx context.Context) error {
	began := time.Now()
	p, err := c.start("extractor", nil, "--nats", c.natsURL)
	if err != nil {
		return err
	}
	if err := until(ctx, "the queue is empty", func() (bool, string) {
		answer, err := http.Get("http://" + c.monitor + "/jsz?consumers=true")
		if err != nil {
			return false, err.Error()
		}
		defer func() { _ = answer.Body.Close() }() // asked again
		pending, err := pendingOf(answer.Body, messages.ConsumerExtractor)
		return err == nil && pending == 0, fmt.Sprintf("%d pending", pending)
	}); err != nil {
		return err
	}
	p.stop()
	c.say("a real extractor has emptied the queue within %.1f s", time.Since(began).Seconds())
	return c.extractors(ctx, "the queue is empty", func(int) bool { return c.workload("deployments", "extractor").count("status", "replicas") == 0 })
}

// drain empties two nodes at once, each with a NATS server: the budget lets one go and puts the other off until the
// first is back.
func (c *cluster) drain(ctx context.Context) error {
	var nodes []string
	for _, p := range c.pods(ctx) {
		if name := p.text("metadata", "name"); name == "nats-0" || name == "nats-1" {
			nodes = append(nodes, p.text("spec", "nodeName"))
		}
	}
	for _, node := range nodes {
		if err := c.api.merge(ctx, "/api/v1/nodes/"+node, `{"spec":{"unschedulable":true}}`); err != nil {
			return err
		}
	}
	began, evicted, refused := time.Now(), 0, 0
	least := c.ready("statefulsets", "nats")
	if err := until(ctx, "the nodes are empty", func() (bool, string) {
		left, gone, held := c.evictFrom(ctx, nodes)
		evicted, refused = evicted+gone, refused+held
		least = min(least, c.ready("statefulsets", "nats"))
		return left == 0, fmt.Sprintf("%d pods are left", left)
	}); err != nil {
		return err
	}
	c.say("%s are drained at once: %d pods evicted, %d evictions put off by a budget, never fewer than %d of 3 NATS servers, %.1f s",
		strings.Join(nodes, " and "), evicted, refused, least, time.Since(began).Seconds())
	if least < 2 || refused == 0 {
		return fmt.Errorf("the budget lets one NATS server be missing: %d were ready and %d evictions were put off", least, refused)
	}
	for _, node := range nodes {
		if err := c.api.merge(ctx, "/api/v1/nodes/"+node, `{"spec":{"unschedulable":null}}`); err != nil {
			return err
		}
	}
	return until(ctx, "what was evicted is ready again", func() (bool, string) {
		n := c.ready("statefulsets", "nats")
		return n == 3 && c.ready("deployments", "fetcher") == 2, fmt.Sprintf("%d NATS servers", n)
	})
}

// evictFrom asks once for the eviction of every pod on the nodes: how many were there, how many went, and how many a
// budget held.
func (c *cluster) evictFrom(ctx context.Context, nodes []string) (left, gone, held int) {
	for _, p := range c.pods(ctx) {
		if !slices.Contains(nodes, p.text("spec", "nodeName")) || p.at("metadata", "deletionTimestamp") != nil {
			continue
		}
		left++
		switch err := c.evict(ctx, p.text("metadata", "name")); {
		case err == nil:
			gone++
		case isBudget(err):
			held++
		}
	}
	return left, gone, held
}

func (c *cluster) pods(ctx context.Context) []object {
	return c.api.items(ctx, "/api/v1/namespaces/"+namespace+"/pods")
}

func (c *cluster) evict(ctx context.Context, pod string) error {
	body := fmt.Sprintf(`{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":%q,"namespace":%q}}`, pod, namespace)
	_, err := c.api.do(ctx, http.MethodPost, "/api/v1/namespaces/"+namespace+"/pods/"+pod+"/eviction", "application/json", []byte(body))
	return err
}

func isBudget(err error) bool {
	status, ok := errors.AsType[*statusError](err)
	return ok && status.code == http.StatusTooManyRequests
}

// roll changes the fetchers' image and sees that never fewer than two are ready.
func (c *cluster) roll(ctx context.Context) error {
	began, least := time.Now(), 2
	patch := `{"spec":{"template":{"spec":{"containers":[{"name":"fetcher","image":"tocsin-fetcher:0.1.1"}]}}}}`
	if _, err := c.api.do(ctx, http.MethodPatch, "/apis/apps/v1/namespaces/"+namespace+"/deployments/fetcher", "application/strategic-merge-patch+json", []byte(patch)); err != nil {
		return err
	}
	err := until(ctx, "all fetchers are new", func() (bool, string) {
		o := c.workload("deployments", "fetcher")
		least = min(least, o.count("status", "readyReplicas"))
		done := o.count("status", "observedGeneration") == o.count("metadata", "generation") && o.count("status", "updatedReplicas") == 2 &&
			o.count("status", "replicas") == 2 && o.count("status", "readyReplicas") == 2
		return done, strings.TrimSpace(fmt.Sprint(o.at("status")))
	})
	if err != nil {
		return err
	}
	c.say("the fetchers are rolled to a new version in %.1f s, never fewer than %d ready", time.Since(began).Seconds(), least)
	if least < 2 {
		return fmt.Errorf("only %d fetchers were ready during the update", least)
	}
	return nil
}

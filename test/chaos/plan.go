package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tocsin/test/mortal"
)

// plan names the processes, the brokers first, and returns where those will be reached.
func (p *pipeline) plan() (url string, err error) {
	if url, err = p.planBrokers(); err != nil {
		return "", err
	}
	feeds, err := p.file("feeds.yaml", feedList(p.world.Feeds()))
	if err != nil {
		return "", err
	}
	names, err := p.file("watchlist.yaml", watchlist())
	if err != nil {
		return "", err
	}
	p.add("fetcher", 2, url, "--feeds", feeds, "--allow-private", "127.0.0.0/8", "--baseline", "ring",
		"--claim", claim.String(), "--revision-gap", revisionGap.String())
	p.add("extractor", 2, url, "--watchlists", names, "--ner", "none")
	if p.cluster == nil {
		p.index.SQLite = filepath.Join(p.o.dir, "index.db")
		p.add("indexer", 1, url, "--sqlite", p.index.SQLite)
		return url, nil
	}
	p.index.Elastic, p.index.ElasticPrefix = []string{p.cluster.url}, p.cluster.prefix
	p.add("indexer", 2, url, "--elastic", p.cluster.url, "--elastic-prefix", p.cluster.prefix)
	return url, nil
}

func (p *pipeline) planBrokers() (url string, err error) {
	ports := make([]string, 2*p.o.brokers) // for clients, then for the servers among themselves
	for i := range ports {
		port, err := mortal.FreePort()
		if err != nil {
			return "", err
		}
		ports[i] = strconv.Itoa(port)
	}
	var urls []string
	for i, port := range ports[:p.o.brokers] {
		args := []string{"-port", port, "-dir", filepath.Join(p.o.dir, "streams-"+strconv.Itoa(i+1))}
		if p.o.brokers > 1 {
			args = append(args, "-cluster", strings.Join(ports[p.o.brokers:], ","), "-index", strconv.Itoa(i))
		}
		p.addOne("broker", i).Args = args
		urls = append(urls, "nats://127.0.0.1:"+port)
	}
	return strings.Join(urls, ","), nil
}

// victims is everything that is killed, the broker first.
func (p *pipeline) victims() []mortal.Victim {
	var all []mortal.Victim
	for _, one := range p.all {
		all = append(all, one)
	}
	if p.cluster != nil && p.cluster.own {
		all = append(all, p.cluster)
	}
	return all
}

// add names n processes of a service that reach the brokers at url.
func (p *pipeline) add(program string, n int, url string, args ...string) {
	for i := range n {
		one := p.addOne(program, i)
		door := url
		if p.o.door != nil {
			door = p.o.door(one, url)
		}
		one.Args = append([]string{"--nats", door}, args...)
	}
}

func (p *pipeline) addOne(program string, i int) *mortal.Process {
	name := program + "-" + strconv.Itoa(i+1)
	one := &mortal.Process{Name: name, Path: filepath.Join(p.o.bin, program), Log: filepath.Join(p.o.dir, name+".log")}
	p.all = append(p.all, one)
	return one
}

func (p *pipeline) file(name, content string) (path string, err error) {
	path = filepath.Join(p.o.dir, name)
	return path, os.WriteFile(path, []byte(content), 0o600)
}

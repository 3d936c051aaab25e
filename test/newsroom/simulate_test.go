package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

// TestThreeDays reads a small world; the whole one is a command.
func TestThreeDays(t *testing.T) {
	t.Parallel()
	v, err := simulate(t.Context(), options{Feeds: 12, Days: 3, Seed: 3}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if !v.clean() {
		t.Errorf("%+v\n%s", v, strings.Join(v.findings, "\n"))
	}
	if v.Stories < 100 || v.Published < v.Stories*9/10 {
		t.Errorf("the world is too small to show anything: %d stories, %d published", v.Stories, v.Published)
	}
}

// TestADayOfKills lets a small day pass in seconds on a real broker; the whole one is a command.
func TestADayOfKills(t *testing.T) {
	t.Parallel()
	v, err := hurry(t.Context(), options{Feeds: 12, Seed: 4}, hastyOptions{kills: 10, fetchers: 2, span: 8 * time.Second}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	if !v.clean() {
		t.Errorf("%+v\n%s", v, strings.Join(v.findings, "\n"))
	}
	if v.Kills != 10 || v.Planned < 8 || v.Stories < 100 || v.Published < v.Stories {
		t.Errorf("the day is too small to show anything: %d kills, %d mischiefs, %d stories, %d published", v.Kills, v.Planned, v.Stories, v.Published)
	}
}

// TestTheCheckerSees breaks what came out by hand, each in one way, and wants every break counted.
func TestTheCheckerSees(t *testing.T) {
	t.Parallel()
	w, err := read(t.Context(), options{Feeds: 10, Days: 3, Seed: 5}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		about string
		spoil func(stories map[string]*story, id string)
		count func(v verdict) int
	}{
		{"a story that never came", func(all map[string]*story, id string) { all[id].came = nil }, func(v verdict) int { return v.Lost }},
		{"a story that came as two articles", func(all map[string]*story, id string) {
			twin := all[id].came[0]
			twin.ID = "0123456789abcdef"
			all[id].came = append(all[id].came, twin)
		}, func(v verdict) int { return v.Duplicated }},
		{"a revision that came twice", func(all map[string]*story, id string) {
			all[id].came = append(all[id].came, all[id].came[0])
		}, func(v verdict) int { return v.Duplicated }},
		{"a revision nobody wrote", func(all map[string]*story, id string) { all[id].came[0].Revision = 3 }, func(v verdict) int { return v.WrongRevision }},
		{"other words", func(all map[string]*story, id string) { all[id].came[0].Title += " (copy)" }, func(v verdict) int { return v.WrongText }},
	} {
		t.Run(c.about, func(t *testing.T) {
			stories := w.join(&verdict{})
			for id, s := range stories {
				if len(s.versions) == 1 && len(s.came) == 1 && s.versions[0].Visible.Equal(w.begin) {
					c.spoil(stories, id)
					v := verdict{}
					w.checkStory(&v, id, s, w.end())
					if c.count(v) != 1 || v.clean() {
						t.Errorf("%+v", v)
					}
					return
				}
			}
			t.Fatal("no story of one version")
		})
	}
}

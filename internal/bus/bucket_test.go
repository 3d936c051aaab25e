package bus

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tocsin/pkg/messages"
)

func bucket(t *testing.T, b *Bus, name string) *Bucket {
	t.Helper()
	k, err := b.Bucket(deadline(t), name)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func put(t *testing.T, k *Bucket, key, value string) {
	t.Helper()
	if err := k.Put(deadline(t), key, []byte(value)); err != nil {
		t.Fatal(err)
	}
}

func TestBucketReadsFromTheLeader(t *testing.T) {
	t.Parallel()
	b := ready(t)
	k := bucket(t, b, messages.BucketPolls)
	status, err := k.kv.Status(deadline(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := b.js.Stream(deadline(t), "KV_"+status.Bucket())
	if err != nil || s.CachedInfo().Config.AllowDirect {
		t.Errorf("a replica that lags may answer (%v)", err)
	}
}

func TestListTellsWhatIsThere(t *testing.T) {
	t.Parallel()
	k := bucket(t, ready(t), messages.BucketFeeds)
	for i := range 700 {
		put(t, k, fmt.Sprintf("f%03d", i), fmt.Sprint(i))
	}
	put(t, k, "f001", "again")
	if err := k.Delete(deadline(t), "f002"); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	if err := k.List(deadline(t), func(key string, value []byte) error { got[key] = string(value); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 699 || got["f001"] != "again" || got["f000"] != "0" {
		t.Errorf("%d values, f001 %s", len(got), got["f001"])
	}
	keys, err := k.Keys(deadline(t))
	if err != nil || len(keys) != 699 || !slices.IsSorted(keys) || keys[2] != "f003" {
		t.Errorf("%d keys (%v)", len(keys), err)
	}
	stop := errors.New("stop")
	if err := k.List(deadline(t), func(string, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a list that was stopped ended with %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := k.List(ctx, func(string, []byte) error { return nil }); err == nil {
		t.Error("half a list is no list: no error though the context was done")
	}
}

func TestListOfAnEmptyBucket(t *testing.T) {
	t.Parallel()
	k := bucket(t, ready(t), messages.BucketFeeds)
	if err := k.List(deadline(t), func(key string, _ []byte) error { return errors.New(key) }); err != nil {
		t.Error(err)
	}
	if keys, err := k.Keys(deadline(t)); err != nil || len(keys) != 0 {
		t.Errorf("keys %v, %v", keys, err)
	}
}

func TestWatchTellsWhatIsThereThenLoadedThenChanges(t *testing.T) {
	t.Parallel()
	k := bucket(t, ready(t), messages.BucketWatch)
	put(t, k, "list.a", "1")
	put(t, k, "list.b", "1")
	changes := make(chan KeyChange, 16)
	start(t, func(ctx context.Context) error {
		return k.Watch(ctx, func(c KeyChange) error { changes <- c; return nil })
	})
	told := func(want string) {
		t.Helper()
		c := <-changes
		if got := fmt.Sprintf("%s=%s removed=%v loaded=%v", c.Key, c.Value, c.Removed, c.Loaded); got != want {
			t.Errorf("told %s, want %s", got, want)
		}
	}
	told("list.a=1 removed=false loaded=false")
	told("list.b=1 removed=false loaded=false")
	told("= removed=false loaded=true")
	put(t, k, "list.a", "2")
	told("list.a=2 removed=false loaded=false")
	if err := k.Delete(deadline(t), "list.b"); err != nil {
		t.Fatal(err)
	}
	told("list.b= removed=true loaded=false")
}

func TestKeys(t *testing.T) {
	for _, c := range []struct {
		sentence, key string
		ok            bool
	}{
		{"list and entry", "sanctions.e-17", true},
		{"a hash", messages.Hash("https://example.org/feed"), true},
		{"what a path may have", "a/b_c=d", true},
		{"nothing", "", false},
		{"a space splits the protocol line", "a b", false},
		{"a wildcard would match others", "a.*", false},
		{"a dot at the end leaves an empty token", "a.", false},
		{"two dots as well", "a..b", false},
		{"not ASCII", "größe", false},
		{"too long", strings.Repeat("x", maxKey+1), false},
	} {
		if err := checkKey(c.key); (err == nil) != c.ok {
			t.Errorf("%s: %q: %v", c.sentence, c.key, err)
		}
	}
}

func FuzzKeyThatPassesIsAValidKeyForTheServer(f *testing.F) {
	f.Add("a.b")
	f.Add("$KV")
	f.Fuzz(func(t *testing.T, key string) {
		if checkKey(key) != nil {
			return
		}
		for token := range strings.SplitSeq(key, ".") {
			if token == "" || strings.ContainsAny(token, " \t\r\n*>$") {
				t.Errorf("%q holds the token %q", key, token)
			}
		}
	})
}

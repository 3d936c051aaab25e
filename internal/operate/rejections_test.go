package operate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"tocsin/internal/operate"
	"tocsin/pkg/messages"
	"tocsin/services/extractor/watch"
)

func (m *memory) Delete(_ context.Context, key string) error {
	delete(m.values, key)
	delete(m.revs, key)
	return nil
}

func TestRejectionsAreKeptWithTheirReasonAndCanBeTakenBack(t *testing.T) {
	all := operate.NewRejections(newMemory(), func() time.Time { return monday })
	a := messages.Alert{ID: "f00d", List: "war", Entry: "aziz", Article: messages.AlertArticle{ID: "one"}}
	if _, _, err := all.Reject(t.Context(), a, operate.RejectOptions{}); err == nil {
		t.Error("an alert that quotes nothing was rejected; it would cover nothing but the article")
	}
	a.Quote = messages.Quote{Text: "Abdul Aziz", Sentence: "Abdul Aziz scored."}
	if _, _, err := all.Reject(t.Context(), a, operate.RejectOptions{Where: []string{" "}}); err == nil {
		t.Error("an empty phrase was taken")
	}
	for _, reason := range []string{"a footballer", "the footballer"} {
		if _, _, err := all.Reject(t.Context(), a, operate.RejectOptions{Reason: reason}); err != nil {
			t.Fatal(err)
		}
	}
	list, err := all.All(t.Context())
	if err != nil || len(list) != 1 || list[0].Reason != "the footballer" || list[0].Words != "Abdul Aziz" || !list[0].At.Equal(monday) {
		t.Errorf("have %+v, %v; want the later word alone", list, err)
	}
	if _, err := all.Undo(t.Context(), "f00d"); err != nil {
		t.Fatal(err)
	}
	if _, err := all.Undo(t.Context(), "f00d"); !errors.Is(err, operate.ErrUnknown) {
		t.Errorf("taking back twice gave %v", err)
	}
}

// A spelling that was accepted stays beside what the file says of its entry, now and later.
func TestAnAcceptedSpellingStaysWithTheFilesEntry(t *testing.T) {
	ctx := t.Context()
	lists := operate.NewWatchlists(newMemory(), newMemory(), func() time.Time { return monday })
	imported := func(entries ...watch.Entry) {
		t.Helper()
		if _, err := lists.Import(ctx, "list.yaml", entries); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(sentence, owner string, want ...string) {
		t.Helper()
		e, err := lists.Find(ctx, "war.k")
		if err != nil {
			t.Fatalf("%s: %v", sentence, err)
		}
		var got []string
		for _, n := range e.Names {
			got = append(got, n.Text)
		}
		if e.Owner != owner || len(got) != len(want) {
			t.Fatalf("%s: %q of %s, want %q of %s", sentence, got, e.Owner, want, owner)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", sentence, got, want)
			}
		}
	}
	imported(entry("war", "k", "Gulmurod Khalimov"))
	for _, s := range []string{"Gulmurad  Halimov", "G. Halimov"} {
		if _, _, err := lists.AddAlias(ctx, "war.k", s); err != nil {
			t.Fatal(err)
		}
	}
	expect("accepted", "file:list.yaml", "Gulmurod Khalimov", "Gulmurad Halimov", "G. Halimov")
	if _, _, err := lists.AddAlias(ctx, "war.k", "gulmurod khalimov"); err == nil {
		t.Error("a spelling that is listed was accepted once more")
	}
	imported(entry("war", "k", "Colonel Khalimov"))
	expect("the file changes the entry", "file:list.yaml", "Colonel Khalimov", "Gulmurad Halimov", "G. Halimov")
	imported()
	if _, err := lists.Find(ctx, "war.k"); !errors.Is(err, operate.ErrUnknown) {
		t.Errorf("the file dropped the entry, and it is still watched: %v", err)
	}
	if _, err := lists.Add(ctx, entry("war", "k", "Khalimov")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := lists.AddAlias(ctx, "war.k", "Halimov"); err != nil {
		t.Fatal(err)
	}
	expect("a command's entry", messages.OwnerCommand, "Khalimov", "Halimov")
}

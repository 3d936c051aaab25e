package main

import (
	"testing"

	"tocsin/pkg/messages"
)

func TestColouredMarksEachKindAndKeepsTheText(t *testing.T) {
	text := "Ada Lovelace left Acme for Rome."
	got := coloured(text, []messages.Entity{
		{Kind: messages.KindPlace, Mentions: []messages.Span{{Start: 27, End: 31}}},
		{Kind: messages.KindPerson, Mentions: []messages.Span{{Start: 0, End: 12}}},
		{Kind: messages.KindOrganization, Mentions: []messages.Span{{Start: 18, End: 22}}},
	})
	want := "\x1b[32mAda Lovelace\x1b[0m left \x1b[34mAcme\x1b[0m for \x1b[33mRome\x1b[0m."
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

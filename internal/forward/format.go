package forward

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"tocsin/pkg/messages"
)

// Formats of what is posted.
const (
	FormatJSON    = "json"    // the alert as it stands in the stream
	FormatText    = "text"    // three lines of plain text
	FormatSlack   = "slack"   // {"text": …}, which Mattermost and Rocket.Chat take too
	FormatDiscord = "discord" // {"content": …}
	FormatTeams   = "teams"   // a message with one adaptive card
)

// encoder gives the body of an alert and its content type. raw is the alert as it came.
type encoder func(a messages.Alert, raw []byte) (body []byte, kind string, err error)

func encoders() map[string]encoder {
	return map[string]encoder{
		FormatJSON: func(_ messages.Alert, raw []byte) ([]byte, string, error) { return raw, "application/json", nil },
		FormatText: func(a messages.Alert, _ []byte) ([]byte, string, error) {
			return []byte(strings.Join(lines(a), "\n") + "\n"), "text/plain; charset=utf-8", nil
		},
		FormatSlack: chat(func(a messages.Alert) any {
			return map[string]any{"text": slackText(a)}
		}),
		FormatDiscord: chat(func(a messages.Alert) any {
			text := strings.Join(lines(a), "\n")
			return map[string]any{"content": clip(text, discordMost), "allowed_mentions": map[string]any{"parse": []string{}}}
		}),
		FormatTeams: chat(teamsCard),
	}
}

// Formats lists the names of the formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(encoders())) }

func chat(message func(messages.Alert) any) encoder {
	return func(a messages.Alert, _ []byte) ([]byte, string, error) {
		body, err := json.Marshal(message(a))
		return body, "application/json", err
	}
}

// discordMost is how many characters a Discord message may have.
const discordMost = 2000

// lines are an alert for a reader: what rang, the sentence, where.
func lines(a messages.Alert) []string {
	what := fmt.Sprintf("%s (%s, %s.%s)", a.Name, a.Tier, a.List, a.Entry)
	switch {
	case a.Status == messages.StatusWithdrawn:
		what = "Withdrawn: " + what
	case a.Status == messages.StatusChanged:
		what = "Changed: " + what
	case a.Retro:
		what = "Looking back: " + what
	}
	all := []string{what}
	if s := strings.Join(strings.Fields(a.Quote.Sentence), " "); s != "" {
		all = append(all, "“"+s+"”")
	}
	where := strings.TrimSpace(a.Article.Title + " (" + a.Article.Source + ")")
	if a.Article.URL != "" {
		where += " " + a.Article.URL
	}
	return append(all, where)
}

// slackText escapes what Slack's mrkdwn would read as a command: <!channel> in an article must not ring everybody.
func slackText(a messages.Alert) string {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	return escape.Replace(strings.Join(lines(a), "\n"))
}

// teamsCard is a message of an incoming webhook with an adaptive card; its texts are shown as plain text runs.
func teamsCard(a messages.Alert) any {
	var blocks []map[string]any
	for i, line := range lines(a) {
		run := map[string]any{"type": "TextRun", "text": line}
		if i == 0 {
			run["weight"] = "Bolder"
		}
		blocks = append(blocks, map[string]any{"type": "RichTextBlock", "inlines": []any{run}})
	}
	card := map[string]any{"type": "AdaptiveCard", "version": "1.2", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "body": blocks}
	if strings.HasPrefix(a.Article.URL, "https://") || strings.HasPrefix(a.Article.URL, "http://") {
		card["actions"] = []any{map[string]any{"type": "Action.OpenUrl", "title": "Article", "url": a.Article.URL}}
	}
	return map[string]any{"type": "message", "attachments": []any{
		map[string]any{"contentType": "application/vnd.microsoft.card.adaptive", "content": card},
	}}
}

// clip cuts a text to n characters, with a mark that it was cut.
func clip(text string, n int) string {
	runes := []rune(text)
	if len(runes) <= n {
		return text
	}
	return string(runes[:n-1]) + "…"
}

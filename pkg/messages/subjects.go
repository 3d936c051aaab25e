package messages

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Streams of the pipeline.
const (
	StreamRaw      = "RAW"
	StreamEnriched = "ENRICHED"
	StreamAlerts   = "ALERTS"
	StreamEvents   = "EVENTS"
	StreamDLQ      = "DLQ"
	StreamPolls    = "POLLS"
	StreamNear     = "NEAR"
)

// Durable consumers, one per stage.
const (
	ConsumerExtractor = "extractor" // on RAW
	ConsumerIndexer   = "indexer"   // on ENRICHED
	ConsumerFetcher   = "fetcher"   // on POLLS, due polls only
	ConsumerAlerts    = "alerts"    // on ALERTS, for the alert index
	// ConsumerForward begins the names of the consumers on ALERTS that forward alerts to somebody.
	ConsumerForward = "forward-"
	// Consumers that feed a new generation of an index while it is made.
	ConsumerReindexArticles = "reindex-articles" // on ENRICHED
	ConsumerReindexAlerts   = "reindex-alerts"   // on ALERTS
)

// Stages, as they appear in dead-letter subjects and message ids.
const (
	StageFetcher   = "fetcher"
	StageExtractor = "extractor"
	StageIndexer   = "indexer"
	StageForward   = "forward"
	StageAlerts    = "alerts" // writes alerts to the index
)

// Key-value buckets and object stores.
const (
	BucketFeeds      = "feeds"      // feed id → what to poll: the one truth about which feeds exist
	BucketPolls      = "polls"      // feed id → poll state: claim, validators, seen items, next poll
	BucketArticles   = "articles"   // ArticleID → first_seen, revision, content hash, published
	BucketWatch      = "watch"      // entry id → watch entry, edits after the bulk generation
	BucketStories    = "stories"    // list.entry.day → what rang for lists that ring per story
	BucketRang       = "rang"       // ArticleID → what rang for it, for later revisions and redeliveries
	BucketLedger     = "ledger"     // hour.feed → the hour's closed balance
	BucketRejected   = "rejected"   // list.entry.alert id → Rejection, what an entry no longer rings for
	BucketExtractors = "extractors" // extractor → InForce, gone after InForceLife
	BucketLookBacks  = "lookbacks"  // list.entry → how far a look back has come
	ObjectsPages     = "pages"      // compressed pages too large for a message
	ObjectsLists     = "watchlist"  // bulk watchlists, by generation
)

// Subject patterns of the streams.
const (
	SubjectsRaw      = "raw.>"
	SubjectsEnriched = "enriched.>"
	SubjectsAlerts   = "alerts.>"
	SubjectsUpdates  = "alert-updates.>"
	SubjectsFeeds    = "feeds.>"
	SubjectsDLQ      = "dlq.>"
	SubjectsPolls    = "polls.>"
	SubjectsDue      = "polls.due.>"
	SubjectsNear     = "near.>"
	SubjectsForwards = "forwards.>"
	// SubjectRefiled is where alerts travel that the alert index shall take again, and nobody else hear.
	SubjectRefiled = "forwards.index.alerts"
)

// RawSubject is where a RawArticle of the source travels.
func RawSubject(source string) string { return "raw." + source }

// EnrichedSubject is where an EnrichedArticle travels.
func EnrichedSubject(lang, source string) string { return "enriched." + lang + "." + source }

// AlertSubject is where a first ring travels; tier is a Tier constant.
func AlertSubject(list, entry, tier string) string {
	return "alerts." + list + "." + entry + "." + tier
}

// AlertUpdateSubject is where later changes of an alert travel.
func AlertUpdateSubject(list, entry string) string { return "alert-updates." + list + "." + entry }

// ForwardSubject is where alerts travel that one forwarder shall try again, and nobody else hear.
func ForwardSubject(name string) string { return "forwards." + name }

// NearSubject is where a NearMiss travels.
func NearSubject(list, entry string) string { return "near." + list + "." + entry }

// FeedSubject is where a PollReport or FeedEvent travels; event is an Event constant.
func FeedSubject(source, event string) string { return "feeds." + source + "." + event }

// DLQSubject is where a dead letter of a stage travels.
func DLQSubject(stage, reason string) string { return "dlq." + stage + "." + reason }

// DueSubject is where the due poll of a feed arrives; the feed id is hashed to one token.
func DueSubject(feed string) string { return "polls.due." + Hash(feed) }

// ScheduleSubject holds the pending schedule of a feed's next poll.
func ScheduleSubject(feed string) string { return "polls.at." + Hash(feed) }

// Headers of our own. Names are case-sensitive on the wire.
const (
	HeaderMsgID    = "Nats-Msg-Id"
	HeaderReplay   = "Tocsin-Replay"   // how often this message was replayed from the dead letters
	HeaderArticle  = "Tocsin-Article"  // ArticleID, so that accounts can be made from headers alone
	HeaderRevision = "Tocsin-Revision" // article revision
	HeaderFeed     = "Tocsin-Feed"     // feed id

	// Set on dead letters only.
	HeaderStage     = "Tocsin-Stage"
	HeaderReason    = "Tocsin-Reason"
	HeaderError     = "Tocsin-Error"
	HeaderSubject   = "Tocsin-Subject"  // subject of the original
	HeaderOriginal  = "Tocsin-Original" // Nats-Msg-Id of the original, where it had one
	HeaderStream    = "Tocsin-Stream"   // stream of the original
	HeaderSequence  = "Tocsin-Sequence" // its sequence there
	HeaderDelivered = "Tocsin-Delivered"
	// HeaderDiscarded marks a dead letter given up for good, with the time (RFC 3339); HeaderNote says why. It has no body.
	HeaderDiscarded = "Tocsin-Discarded"
	HeaderNote      = "Tocsin-Note"

	// HeaderHistory travels with a replayed message: its earlier dead letters, oldest first, separated by " | ".
	HeaderHistory = "Tocsin-History"
)

// MsgID is the deduplication id of a message: stage:id:revision, with :replay n when n > 0. It never holds a software
// version or a list generation, so that a redelivery in the middle of an update is still the same message.
func MsgID(stage, id string, revision, replay int) string {
	if replay > 0 {
		return fmt.Sprintf("%s:%s:%d:replay%d", stage, id, revision, replay)
	}
	return fmt.Sprintf("%s:%s:%d", stage, id, revision)
}

// Hash is the short name of any text where a subject token or key is needed: 16 lower-case hex digits (the first 64
// bits of SHA-256). Parts are separated so that ("a","bc") and ("ab","c") differ.
func Hash(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(fmt.Appendf(nil, "%d:%s", len(p), p))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// AlertID names the alert of one watch entry in one article.
func AlertID(list, entry, article string) string { return Hash(list, entry, article) }

// Slug turns a configured name into a subject token: lower-case ASCII letters, digits and single dashes, 64 bytes at
// most. Text with nothing usable gives "".
func Slug(s string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		b.WriteRune(r)
		if b.Len() >= 64 {
			break
		}
	}
	return strings.TrimRight(b.String()[:min(b.Len(), 64)], "-")
}

// IsToken reports whether s may stand as one token of a subject: 1 to 128 bytes of ASCII letters, digits, dash and
// underscore.
func IsToken(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' {
			continue
		}
		return false
	}
	return true
}

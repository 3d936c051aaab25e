package bus

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"tocsin/pkg/messages"
)

// bucketOutcomes is the bus's own: what is known of a message that was delivered again and again (see outcomes.go).
const bucketOutcomes = "outcomes"

// storiesLife is how long it is remembered what rang by story, some days longer than a story lasts.
const storiesLife = 10 * day

// outcomesLife is how long a message's outcomes are remembered after the last one.
const outcomesLife = day

// dedupeWindow is how long a stream knows a Nats-Msg-Id again, at some 180 bytes of the server's memory each.
const dedupeWindow = 2 * time.Hour

// maxAckPending is how many messages of a consumer may be delivered and not settled. A nak with delay keeps its place,
// so it must be well above what all workers hold at once.
const maxAckPending = 4096

// streamSpec is a stream as it shall be: kind and name as the operator knows it, config as JetStream does.
type streamSpec struct {
	kind, name string
	config     jetstream.StreamConfig
}

// consumerSpec is a durable consumer as it shall be.
type consumerSpec struct {
	stream string
	config jetstream.ConsumerConfig
}

// streams is everything Setup makes but consumers.
func streams(o SetupOptions) []streamSpec {
	plain := func(name string, age time.Duration, size int64, subjects ...string) streamSpec {
		return streamSpec{"stream", name, jetstream.StreamConfig{
			Name: name, Subjects: subjects, Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld,
			MaxAge: age, MaxBytes: size, MaxMsgsPerSubject: -1, Duplicates: window(age), Replicas: o.Replicas,
		}}
	}
	// POLLS has neither max age nor max bytes: either would silently delete pending schedules. One message per subject
	// keeps it small.
	polls := plain(messages.StreamPolls, 0, -1, messages.SubjectsPolls)
	polls.config.AllowMsgSchedules = true
	polls.config.AllowRollup = true // the server turns it on with schedules
	polls.config.MaxMsgsPerSubject = 1
	raw := plain(messages.StreamRaw, o.MaxAge, o.MaxBytes, messages.SubjectsRaw)
	raw.config.AllowAtomicPublish = true // see PublishTogether
	return []streamSpec{
		raw,
		plain(messages.StreamEnriched, o.MaxAge, o.MaxBytes, messages.SubjectsEnriched),
		plain(messages.StreamAlerts, o.AlertsMaxAge, o.AlertsMaxBytes, messages.SubjectsAlerts, messages.SubjectsUpdates, messages.SubjectsForwards),
		plain(messages.StreamEvents, o.EventsMaxAge, o.EventsMaxBytes, messages.SubjectsFeeds),
		plain(messages.StreamNear, o.NearMaxAge, o.NearMaxBytes, messages.SubjectsNear),
		plain(messages.StreamDLQ, 0, -1, messages.SubjectsDLQ),
		polls,
		bucketSpec(messages.BucketFeeds, 0, o.Replicas),
		bucketSpec(messages.BucketPolls, 0, o.Replicas),
		bucketSpec(messages.BucketArticles, o.ArticleLife, o.Replicas),
		bucketSpec(messages.BucketWatch, 0, o.Replicas),
		bucketSpec(messages.BucketRang, o.ArticleLife, o.Replicas),
		bucketSpec(messages.BucketStories, storiesLife, o.Replicas),
		bucketSpec(messages.BucketLedger, 0, o.Replicas),
		bucketSpec(messages.BucketRejected, 0, o.Replicas),
		bucketSpec(messages.BucketExtractors, messages.InForceLife, o.Replicas),
		bucketSpec(messages.BucketLookBacks, o.ArticleLife, o.Replicas),
		bucketSpec(bucketOutcomes, outcomesLife, o.Replicas),
		objectsSpec(messages.ObjectsPages, o.Replicas),
		objectsSpec(messages.ObjectsLists, o.Replicas),
	}
}

// bucketSpec has the shape the client library gives its buckets, but for AllowDirect: a direct get may be answered by a
// replica that lags, and compare-and-set needs the latest.
func bucketSpec(name string, life time.Duration, replicas int) streamSpec {
	return streamSpec{"bucket", name, jetstream.StreamConfig{
		Name: "KV_" + name, Subjects: []string{"$KV." + name + ".>"}, Discard: jetstream.DiscardNew,
		MaxMsgsPerSubject: 1, MaxBytes: -1, MaxAge: life, AllowRollup: true, DenyDelete: true, Replicas: replicas,
	}}
}

// objectsSpec has the shape the client library gives its object stores. Objects have no max age: a page outlives RAW
// and every dead letter that names it.
func objectsSpec(name string, replicas int) streamSpec {
	return streamSpec{"objects", name, jetstream.StreamConfig{
		Name: "OBJ_" + name, Subjects: []string{"$O." + name + ".C.>", "$O." + name + ".M.>"}, Discard: jetstream.DiscardNew,
		MaxMsgsPerSubject: -1, MaxBytes: -1, AllowRollup: true, Replicas: replicas,
	}}
}

// consumers is every durable consumer Setup makes.
func consumers(o SetupOptions) []consumerSpec {
	durable := func(name string, filters ...string) consumerSpec {
		return consumerSpec{streamOf(name), jetstream.ConsumerConfig{
			Durable: name, AckPolicy: jetstream.AckExplicitPolicy, DeliverPolicy: jetstream.DeliverAllPolicy,
			AckWait: o.AckWait, MaxDeliver: -1, MaxAckPending: maxAckPending, FilterSubjects: filters,
		}}
	}
	return []consumerSpec{
		durable(messages.ConsumerExtractor),
		durable(messages.ConsumerIndexer),
		durable(messages.ConsumerFetcher, messages.SubjectsDue),
		durable(messages.ConsumerAlerts, messages.SubjectsAlerts, messages.SubjectsUpdates, messages.SubjectRefiled),
	}
}

// streamOf says on which stream a consumer is; "" when it is none of ours.
func streamOf(consumer string) string {
	switch consumer {
	case messages.ConsumerExtractor:
		return messages.StreamRaw
	case messages.ConsumerIndexer, messages.ConsumerReindexArticles:
		return messages.StreamEnriched
	case messages.ConsumerFetcher:
		return messages.StreamPolls
	case messages.ConsumerAlerts, messages.ConsumerReindexAlerts:
		return messages.StreamAlerts
	}
	if strings.HasPrefix(consumer, messages.ConsumerForward) {
		return messages.StreamAlerts
	}
	return ""
}

// window is the deduplication window of a stream; the server allows no more than its max age.
func window(age time.Duration) time.Duration {
	if age > 0 {
		return min(age, dedupeWindow)
	}
	return dedupeWindow
}

// difference between what is and what shall be, in words. fixed cannot be changed in place, kept is left alone.
type difference struct{ changed, kept, fixed string }

func note(text *string, field string, have, want any) {
	if have == want {
		return
	}
	if *text != "" {
		*text += ", "
	}
	*text += fmt.Sprintf("%s %v → %v", field, have, want)
}

// baseAge is the metadata key that holds a stream's configured max age while it is extended (see KeepUnread).
const baseAge = "tocsin_max_age"

// merge returns have with the fields of ours set as wanted, all others left as they are, and what that changes.
func (s streamSpec) merge(have jetstream.StreamConfig) (jetstream.StreamConfig, difference) {
	want, out := s.config, have
	var d difference
	if have.Retention != want.Retention {
		d.fixed = "retention " + have.Retention.String()
	}
	note(&d.changed, "subjects", strings.Join(have.Subjects, " "), strings.Join(want.Subjects, " "))
	note(&d.changed, "max bytes", have.MaxBytes, want.MaxBytes)
	note(&d.changed, "max messages per subject", have.MaxMsgsPerSubject, want.MaxMsgsPerSubject)
	note(&d.changed, "replicas", have.Replicas, want.Replicas)
	note(&d.changed, "discard", have.Discard.String(), want.Discard.String())
	note(&d.changed, "schedules", have.AllowMsgSchedules, want.AllowMsgSchedules)
	note(&d.changed, "direct reads", have.AllowDirect, want.AllowDirect)
	note(&d.changed, "rollup", have.AllowRollup, want.AllowRollup)
	note(&d.changed, "atomic batches", have.AllowAtomicPublish, want.AllowAtomicPublish)
	if want.Duplicates > 0 {
		note(&d.changed, "duplicate window", have.Duplicates, want.Duplicates)
		out.Duplicates = want.Duplicates
	}
	out.Subjects, out.MaxBytes, out.MaxMsgsPerSubject = want.Subjects, want.MaxBytes, want.MaxMsgsPerSubject
	out.Replicas, out.Discard, out.AllowMsgSchedules = want.Replicas, want.Discard, want.AllowMsgSchedules
	out.AllowDirect, out.AllowRollup, out.AllowAtomicPublish = want.AllowDirect, want.AllowRollup, want.AllowAtomicPublish
	s.mergeAge(&out, &d)
	return out, d
}

// mergeAge sets the max age, but never shortens one that was extended for messages nobody has read yet: there only the
// age to come back to is noted.
func (s streamSpec) mergeAge(out *jetstream.StreamConfig, d *difference) {
	base, extended := extension(*out)
	if !extended || out.MaxAge <= s.config.MaxAge {
		note(&d.changed, "max age", out.MaxAge, s.config.MaxAge)
		out.MaxAge = s.config.MaxAge
		delete(out.Metadata, baseAge)
		return
	}
	d.kept = fmt.Sprintf("max age %v was extended for unread messages", out.MaxAge)
	if base != s.config.MaxAge {
		note(&d.changed, "max age once they are read", base, s.config.MaxAge)
		out.Metadata[baseAge] = strconv.FormatInt(int64(s.config.MaxAge), 10)
	}
}

// extension returns the configured max age of a stream, and whether the present one is an extension of it.
func extension(c jetstream.StreamConfig) (base time.Duration, extended bool) {
	n, err := strconv.ParseInt(c.Metadata[baseAge], 10, 64)
	if err != nil {
		return c.MaxAge, false
	}
	return time.Duration(n), true
}

// diff returns what making the consumer as wanted changes.
func (s consumerSpec) diff(have jetstream.ConsumerConfig) difference {
	var d difference
	want := s.config
	note(&d.fixed, "start", have.DeliverPolicy.String(), want.DeliverPolicy.String())
	note(&d.fixed, "acknowledgement", have.AckPolicy.String(), want.AckPolicy.String())
	note(&d.changed, "ack wait", have.AckWait, want.AckWait)
	note(&d.changed, "max deliver", have.MaxDeliver, want.MaxDeliver)
	note(&d.changed, "max ack pending", have.MaxAckPending, want.MaxAckPending)
	note(&d.changed, "filter", filters(have), filters(want))
	note(&d.changed, "back-off steps", len(have.BackOff), 0)
	return d
}

// filters are the subjects a consumer wants, whether the server keeps one of them as FilterSubject or not.
func filters(c jetstream.ConsumerConfig) string {
	return strings.TrimSpace(c.FilterSubject + " " + strings.Join(c.FilterSubjects, " "))
}

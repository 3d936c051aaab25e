package extractor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

// maxConflicts is how often a handler yields to others before it lets the message come again.
const maxConflicts = 8

// ring publishes what the article changes about its alerts, and returns nil only after all of it was acknowledged. The
// type rang says how. again is true for a message that was delivered before, which may have left something pending.
func (x *Extractor) ring(ctx context.Context, a messages.EnrichedArticle, again bool) error {
	if len(a.Watch) == 0 && a.Revision == 1 && !again {
		return nil // nothing rings and nothing can have rung: most articles
	}
	decide := func(r rang) []change { return r.changes(a.Revision, a.Watch) }
	if a.Revision == 1 && !again && !ringsPerStory(a.Watch) {
		// As a rule there is no record yet, so it is not asked for. Where there is one the first write refuses.
		done, err := x.settleFrom(ctx, a, a.Revision, decide, rang{}, 0)
		if done || err != nil {
			return err
		}
	}
	for range maxConflicts {
		done, err := x.settle(ctx, a, a.Revision, decide)
		if done || err != nil {
			return err
		}
		x.o.Meter.Add(metricConflicts, 1)
	}
	return errBusy
}

// ringsPerStory reports whether deciding leaves traces before the first write: the lines of stories.
func ringsPerStory(watched []messages.Watched) bool {
	return slices.ContainsFunc(watched, func(w messages.Watched) bool { return w.Group == messages.GroupStory })
}

// settle takes the record from where it is to its end, by what decide makes of it for a revision; done is false when
// another extractor wrote in between.
func (x *Extractor) settle(ctx context.Context, a messages.EnrichedArticle, revision int, decide func(rang) []change) (done bool, err error) {
	value, rev, err := x.o.Rang.Load(ctx, a.ID)
	if err != nil {
		return false, fmt.Errorf("load what rang: %w", err)
	}
	r, err := readRang(value)
	if err != nil {
		return false, err
	}
	return x.settleFrom(ctx, a, revision, decide, r, rev)
}

// settleFrom is settle, beginning with a record as it was at a revision of the bucket.
func (x *Extractor) settleFrom(ctx context.Context, a messages.EnrichedArticle, revision int, decide func(rang) []change, r rang, rev uint64) (done bool, err error) {
	now := x.o.Now()
	alert := func(c change) messages.Alert { return x.alert(a, c, now) }
	for {
		if err := x.tell(ctx, r.Pending); err != nil {
			return false, err
		}
		changes := decide(r)
		if err := x.group(ctx, a, changes); err != nil {
			return false, err
		}
		next, write, err := r.next(revision, changes, alert, x.o.MaxMessage/2)
		if err != nil || !write {
			return err == nil, err
		}
		newRev, ok, err := x.save(ctx, a.ID, next, rev)
		if err != nil || !ok {
			return false, err
		}
		if len(next.Pending) == 0 {
			return true, nil
		}
		r, rev = next, newRev
	}
}

func (x *Extractor) save(ctx context.Context, key string, r rang, rev uint64) (newRev uint64, ok bool, err error) {
	data, err := json.Marshal(r)
	if err != nil {
		return 0, false, fmt.Errorf("encode what rang: %w", err)
	}
	if len(data) > x.o.MaxMessage {
		return 0, false, retry.Never("oversize", fmt.Errorf(
			"%d names rang for one article, more than a record of %d bytes holds; raise the server's max_payload", len(r.Rings), x.o.MaxMessage))
	}
	newRev, ok, err = x.o.Rang.Store(ctx, key, data, rev)
	if err != nil {
		return 0, false, fmt.Errorf("store what rang: %w", err)
	}
	return newRev, ok, nil
}

// alert is the message for one change. The same change of the same record gives the same id and revision.
func (x *Extractor) alert(a messages.EnrichedArticle, c change, now time.Time) messages.Alert {
	rang := c.At
	if c.Revision == 1 {
		rang = now.UTC()
	}
	alert := messages.Alert{
		Version: messages.Version, ID: messages.AlertID(c.List, c.Entry, a.ID), Revision: c.Revision, Status: c.status,
		List: c.List, Entry: c.Entry, Name: c.Name, Evidence: c.evidence, Story: c.Story, Count: max(c.Count, 1),
		Article: alertArticle(a),
		Times:   messages.AlertTimes{Published: a.Published.From, FirstSeen: a.FirstSeen, Rang: rang, Alerted: now.UTC()},
		Retro:   a.Baseline, Notes: c.notes,
	}
	some, note := fewer(alert.Mentions, alert.Quote)
	if note != "" {
		alert.Mentions, alert.Notes = some, append(alert.Notes, note)
	}
	return alert
}

// tell publishes alerts that were decided on. Their ids carry no replay: however often the article is replayed, an
// alert is the same alert.
func (x *Extractor) tell(ctx context.Context, alerts []pending) error {
	for _, p := range alerts {
		data, err := messages.Encode(p.Alert)
		if err != nil {
			return retry.Never("contract", err)
		}
		subject := p.Alert.UpdateSubject()
		if p.Loud {
			subject = p.Alert.Subject()
		}
		err = x.o.Publisher.Publish(ctx, messages.Outgoing{
			Subject: subject,
			ID:      messages.MsgID(messages.StageExtractor, p.Alert.ID, p.Alert.Revision, 0),
			Data:    data,
			Header:  header(messages.Article{ID: p.Alert.Article.ID, Revision: p.Alert.Article.Revision}),
		})
		if err != nil {
			return fmt.Errorf("publish alert %s: %w", p.Alert.ID, err)
		}
		x.count(p)
	}
	return nil
}

func (x *Extractor) count(p pending) {
	tier := p.Alert.Tier
	if p.Alert.Retro {
		tier = messages.TierRetro
	}
	x.o.Meter.Add(metricAlerts, 1, "tier", tier, "status", p.Alert.Status)
	if p.Loud && !p.Alert.Retro {
		x.o.Meter.Observe(metricToAlert, x.o.Now().Sub(p.Alert.Times.FirstSeen).Seconds())
	}
}

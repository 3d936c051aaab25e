package fetcher

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
	"tocsin/services/fetcher/feed"
)

// answer is what a fetch came to: a document, nothing new, or a failure.
type answer struct {
	response Response
	document *feed.Document
	failure  *Failure
}

// run does the poll that was claimed. When it returns nil the poll has closed and the next is scheduled.
func (p *poll) run(ctx context.Context) error {
	p.report = messages.PollReport{
		Version: messages.Version, Feed: p.feed.ID, Source: p.feed.Source, PollState: p.base, At: p.started.UTC(),
	}
	stop := p.keep(ctx)
	a, seen, err := p.gather(ctx)
	stop()
	if err != nil {
		return err
	}
	if a.failure != nil && a.failure.Kind == FailBusy {
		return p.stepAside(ctx, *a.failure)
	}
	if a.failure == nil {
		if err := p.watchMove(ctx, a.response.Moved); err != nil {
			return err
		}
	}
	if a.document != nil {
		if err := p.setAside(ctx, *a.document); err != nil {
			return err
		}
	}
	p.close(a, seen)
	if err := p.tell(ctx); err != nil {
		return err
	}
	if ok, err := p.store(ctx); err != nil || !ok {
		return errors.Join(err, retry.After(time.Second, errBusy))
	}
	p.count(a)
	return p.o.Scheduler.Schedule(ctx, p.feed.ID, p.state.NextPoll)
}

// gather fetches the feed and publishes what is new in it.
func (p *poll) gather(ctx context.Context) (a answer, seen Seen, err error) {
	if a, err = p.fetch(ctx); err != nil || a.document == nil {
		return a, nil, err
	}
	if seen, err = p.items(ctx, *a.document); err != nil {
		return a, nil, err
	}
	return a, seen, p.flush(ctx)
}

// asideSpread is the most by which polls that wait for their host miss the time they were told.
const asideSpread = 5 * time.Second

// stepAside closes a poll whose host could not be asked yet, so that it blocks none of its neighbours. Nothing happened to
// the feed, so nothing is reported.
func (p *poll) stepAside(ctx context.Context, busy Failure) error {
	p.o.Log.Debug("feed waits for its host", "feed", p.feed.ID, "sentence", busy.Sentence)
	p.o.Meter.Add(metricAside, 1)
	wait := max(busy.RetryAfter, time.Second)
	p.state.NextPoll = p.o.Now().Add(wait + time.Duration(p.o.Rand()*float64(min(wait/4, asideSpread)))).UTC()
	p.state.Claim.Until = p.o.Now() // the base stays, for work that was interrupted before
	if ok, err := p.store(ctx); err != nil || !ok {
		return errors.Join(err, retry.After(time.Second, errBusy))
	}
	return p.o.Scheduler.Schedule(ctx, p.feed.ID, p.state.NextPoll)
}

// fetch asks for the feed. The error is only ever the end of ctx; all else is an answer.
func (p *poll) fetch(ctx context.Context) (answer, error) {
	request := Request{URL: p.address()}
	p.full = !p.trusted()
	if !p.full {
		request.ETag, request.LastModified = p.state.ETag, p.state.LastModified
	}
	r, err := p.o.Client.Fetch(ctx, request)
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	a := answer{response: r}
	conditional := request.ETag != "" || request.LastModified != ""
	switch {
	case err != nil:
		a.failure = asFailure(err)
	case r.Status == http.StatusNotModified && conditional:
	case r.Status == http.StatusOK || r.Status == http.StatusNonAuthoritativeInfo:
		p.parse(&a)
		if a.document != nil && len(a.document.Maps) > 0 {
			err = p.follow(ctx, &a)
			return a, err
		}
	default:
		a.failure = &Failure{Kind: FailStatus, Sentence: statusSentence(r.Status), RetryAfter: r.RetryAfter}
	}
	return a, nil
}

func asFailure(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Kind: FailOther, Sentence: err.Error(), Err: err}
}

// tell publishes the report and the events. They are published again when the poll is repeated, under the same ids.
func (p *poll) tell(ctx context.Context) error {
	data, err := messages.Encode(p.report)
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	id := messages.MsgID("poll", p.feed.ID, int(p.base), 0)
	if err := p.publish(ctx, messages.EventPolled, id, data); err != nil {
		return err
	}
	for _, e := range p.events {
		data, err := messages.Encode(e)
		if err != nil {
			return fmt.Errorf("event: %w", err)
		}
		if err := p.publish(ctx, e.Event, messages.MsgID(e.Event, p.feed.ID, int(p.base), 0), data); err != nil {
			return err
		}
		p.o.Log.Warn("feed event", "feed", p.feed.ID, "event", e.Event, "sentence", e.Sentence)
	}
	return nil
}

func (p *poll) publish(ctx context.Context, event, id string, data []byte) error {
	return p.o.Publisher.Publish(ctx, messages.Outgoing{
		Subject: messages.FeedSubject(p.feed.Source, event), ID: id, Data: data,
		Header: map[string]string{messages.HeaderFeed: p.feed.ID},
	})
}

package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/klauspost/compress/zstd"

	"tocsin/pkg/messages"
)

// calm is how long an hour must be over before it is closed.
const calm = 2 * time.Hour

// keyLayout names an hour in the bucket.
const keyLayout = "2006010215"

// closed is a value of the bucket, as compressed JSON: one hour's balance by feed.
type closed struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Rows    []Row     `json:"rows"`
	// Behind are the first ids behind a difference that was never cleared up.
	Behind []Finding `json:"behind,omitempty"`
}

// behindKept is how many findings a closed hour keeps, so that it fits a message whatever happened.
const behindKept = 200

// Close makes an account of all hours that are not closed and closes those that are over and even; an uneven or unfinished
// one only when half of the shortest max age among the streams has passed, before anything it needs ages out. Any number
// of processes may call it; each hour is closed once. The account is returned.
func (l *Ledger) Close(ctx context.Context) (Account, error) {
	done, err := l.closedHours(ctx)
	if err != nil {
		return Account{}, err
	}
	first, deadline, err := l.open(ctx, done)
	if err != nil {
		return Account{}, err
	}
	account, err := l.Look(ctx, Query{Since: timeOf(first)})
	if err != nil {
		return Account{}, err
	}
	if account.Unverified != "" {
		return account, fmt.Errorf("ledger: no hour is closed while the index cannot be asked: %s", account.Unverified)
	}
	now := l.o.Now()
	if account.Earlier, err = l.earlier(ctx, done, first, now.Add(-remembered)); err != nil {
		return account, err
	}
	for hour := first; timeOf(hour + 1).Add(calm).Before(now); hour++ {
		value := account.hour(hour)
		if done[hour] || !value.even() && timeOf(hour).After(now.Add(-deadline)) {
			continue
		}
		value.Version, value.At = messages.Version, now.UTC()
		if err := l.store(ctx, hour, value); err != nil {
			return account, err
		}
	}
	return account, nil
}

// Needed are the ids of all articles that Close will still ask the index about: those of the hours that are not closed.
func (l *Ledger) Needed(ctx context.Context) ([]string, error) {
	done, err := l.closedHours(ctx)
	if err != nil {
		return nil, err
	}
	first, _, err := l.open(ctx, done)
	if err != nil {
		return nil, err
	}
	b := newBook(Query{Since: timeOf(first)})
	if err := l.readSeen(ctx, b); err != nil {
		return nil, err
	}
	return b.articles(), nil
}

// remembered is how long the difference of a closed hour is told: it stays until then, for what was lost stays lost.
const remembered = 30 * 24 * time.Hour

// earlier sums the differences of the hours closed before first and not before since.
func (l *Ledger) earlier(ctx context.Context, done map[int64]bool, first int64, since time.Time) (sum int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for hour := range done {
		if hour >= first || timeOf(hour).Before(since) {
			continue
		}
		n, known := l.closed[hour]
		if !known {
			sums := map[place]*Balance{}
			if err := l.recall(ctx, hour, "", sums, &Account{}); err != nil {
				return 0, err
			}
			for _, b := range sums {
				n += b.Difference
			}
			l.closed[hour] = n
		}
		sum += n
	}
	return sum, nil
}

// open returns the first hour that is not closed, and how old an hour may get before it is closed whatever it says.
func (l *Ledger) open(ctx context.Context, done map[int64]bool) (first int64, deadline time.Duration, err error) {
	now := l.o.Now()
	deadline = 365 * 24 * time.Hour
	for _, stream := range []string{messages.StreamRaw, messages.StreamEnriched, messages.StreamEvents} {
		reach, err := l.o.Streams.Reach(ctx, stream)
		if err != nil {
			return 0, 0, fmt.Errorf("ledger: %w", err)
		}
		if reach.MaxAge > 0 {
			deadline = min(deadline, reach.MaxAge/2)
		}
	}
	for first = hourOf(now.Add(-2 * deadline)); done[first]; first++ {
	}
	return first, deadline, nil
}

// hour is one hour of the account.
func (a Account) hour(hour int64) closed {
	var c closed
	for _, row := range a.Rows {
		if hourOf(row.Hour) == hour {
			c.Rows = append(c.Rows, row)
		}
	}
	for _, f := range a.Behind {
		if hourOf(f.Seen) == hour && len(c.Behind) < behindKept {
			c.Behind = append(c.Behind, f)
		}
	}
	return c
}

func (c closed) even() bool {
	return !slices.ContainsFunc(c.Rows, func(r Row) bool { return r.Difference != 0 || r.Pending != 0 })
}

func (l *Ledger) store(ctx context.Context, hour int64, c closed) error {
	data, err := pack(c)
	if err == nil {
		_, _, err = l.o.Closed.Store(ctx, timeOf(hour).Format(keyLayout), data, 0) // not ok: another process closed it
	}
	if err != nil {
		return fmt.Errorf("close the balance of %s: %w", timeOf(hour).Format(time.DateTime), err)
	}
	return nil
}

func (l *Ledger) closedHours(ctx context.Context) (map[int64]bool, error) {
	keys, err := l.o.Closed.Keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("ledger: closed balances: %w", err)
	}
	done := make(map[int64]bool, len(keys))
	for _, key := range keys {
		if at, err := time.Parse(keyLayout, key); err == nil {
			done[hourOf(at)] = true
		}
	}
	return done, nil
}

// addClosed puts closed balances in the place of hours whose reports have aged out, wholly or in part.
func (l *Ledger) addClosed(ctx context.Context, q Query, a *Account) error {
	reach, err := l.o.Streams.Reach(ctx, messages.StreamEvents)
	if err != nil || reach.From.IsZero() {
		return err
	}
	done, err := l.closedHours(ctx)
	if err != nil {
		return err
	}
	old := func(at time.Time) bool { return hourOf(at) <= hourOf(reach.From) && done[hourOf(at)] }
	a.Rows = slices.DeleteFunc(a.Rows, func(r Row) bool { return old(r.Hour) })
	a.Behind = slices.DeleteFunc(a.Behind, func(f Finding) bool { return old(f.Seen) })
	a.Odd = slices.DeleteFunc(a.Odd, func(f Finding) bool { return old(f.Seen) })
	sums := map[place]*Balance{}
	for hour := range done {
		if !old(timeOf(hour)) || !q.Since.IsZero() && hour < hourOf(q.Since) {
			continue
		}
		if err := l.recall(ctx, hour, q.Feed, sums, a); err != nil {
			return err
		}
	}
	rows := sorted(sums)
	for i := range rows {
		rows[i].Closed = true
	}
	a.Rows = append(a.Rows, rows...)
	slices.SortStableFunc(a.Rows, byFeedAndHour)
	a.Balance = Balance{}
	for _, row := range a.Rows {
		a.add(row.Balance)
	}
	return nil
}

// recall reads one closed hour.
func (l *Ledger) recall(ctx context.Context, hour int64, feed string, sums map[place]*Balance, a *Account) error {
	name := timeOf(hour).Format(keyLayout)
	data, _, err := l.o.Closed.Load(ctx, name)
	if err != nil || data == nil {
		return err
	}
	c, err := unpack(data)
	if err != nil {
		return fmt.Errorf("closed balance %s cannot be read; delete that key to go on without it: %w", name, err)
	}
	for _, row := range c.Rows {
		if feed == "" || row.Feed == feed {
			sum := row.Balance
			sums[placeOf(row.Feed, row.Hour)] = &sum
		}
	}
	for _, f := range c.Behind {
		if feed == "" || f.Feed == feed {
			a.Behind = append(a.Behind, f)
		}
	}
	return nil
}

func pack(c closed) ([]byte, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return z.EncodeAll(data, nil), z.Close()
}

func unpack(data []byte) (closed, error) {
	var c closed
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(64<<20))
	if err != nil {
		return c, err
	}
	defer z.Close()
	if data, err = z.DecodeAll(data, nil); err != nil {
		return c, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return c, err
	}
	if c.Version < 1 || c.Version > messages.Version {
		return c, fmt.Errorf("written in format %d; this build reads up to %d, update it", c.Version, messages.Version)
	}
	return c, nil
}

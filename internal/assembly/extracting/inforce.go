package extracting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"tocsin/internal/bus"
	"tocsin/pkg/messages"
)

// processName tells extractors apart: where the process runs, its number, and when it began.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%d", host, os.Getpid(), time.Now().UnixMilli())
}

// Patience is how long a command waits for the extractors to put an edit in force before it names those that have not.
const Patience = 2 * time.Second

// Arrival says where a change of the lists is in force.
type Arrival struct {
	// InForce and Late are the living extractors that have reported the change, and those that have not.
	InForce []string `json:"in_force"`
	Late    []string `json:"late,omitempty"`
	// Took is how long it took to hear of it, in seconds.
	Took float64 `json:"seconds"`
}

// Sentence says it for people.
func (a Arrival) Sentence() string {
	switch {
	case len(a.InForce)+len(a.Late) == 0:
		return "No extractor is running; it takes effect when one starts."
	case len(a.Late) > 0:
		return fmt.Sprintf("After %.1f s in force in %d of %d extractors. Not yet: %s; see its log, and /readyz on its admin port.",
			a.Took, len(a.InForce), len(a.InForce)+len(a.Late), strings.Join(a.Late, ", "))
	case len(a.InForce) == 1:
		return fmt.Sprintf("In force after %d ms.", int(a.Took*1000))
	}
	return fmt.Sprintf("In force in %d extractors after %d ms.", len(a.InForce), int(a.Took*1000))
}

// errArrived ends a watch when there is nothing left to wait for.
var errArrived = errors.New("in force everywhere")

// Await returns when every living extractor reports what reached asks for, or after patience.
func Await(ctx context.Context, b *bus.Bus, reached func(messages.InForce) bool, patience time.Duration) (Arrival, error) {
	began := time.Now()
	bucket, err := b.Bucket(ctx, messages.BucketExtractors)
	if err != nil {
		return Arrival{}, err
	}
	wait, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	living := map[string]messages.InForce{}
	told := false
	err = bucket.Watch(wait, func(c bus.KeyChange) error {
		switch {
		case c.Loaded:
			told = true
		case c.Removed:
			delete(living, c.Key)
		default:
			f, err := messages.Decode[messages.InForce](c.Value)
			if err != nil {
				return fmt.Errorf("what an extractor reports: %w", err)
			}
			living[c.Key] = f
		}
		if told && arrival(living, reached).Late == nil {
			return errArrived
		}
		return nil
	})
	if err == nil && !told {
		err = cmp.Or(ctx.Err(), fmt.Errorf("NATS did not say within %v which extractors there are; the change is stored", patience))
	}
	if err != nil && !errors.Is(err, errArrived) {
		return Arrival{}, err
	}
	a := arrival(living, reached)
	a.Took = time.Since(began).Seconds()
	return a, nil
}

func arrival(living map[string]messages.InForce, reached func(messages.InForce) bool) Arrival {
	a := Arrival{InForce: []string{}}
	for _, f := range living {
		if reached(f) {
			a.InForce = append(a.InForce, f.Extractor)
		} else {
			a.Late = append(a.Late, f.Extractor)
		}
	}
	slices.Sort(a.InForce)
	slices.Sort(a.Late)
	return a
}

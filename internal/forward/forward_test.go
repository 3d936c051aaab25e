package forward

import (
	"crypto/hmac"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tocsin/internal/retry"
	"tocsin/pkg/messages"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func sample() messages.Alert {
	return messages.Alert{
		Version: messages.Version, ID: "al1", Revision: 2, Status: messages.StatusNew, List: "war", Entry: "khalimov", Name: "Gulmurod Khalimov",
		Evidence: messages.Evidence{
			Tier: messages.TierConfirmed, Score: 0.9, Bits: 30, Threshold: 20,
			Quote:    messages.Quote{Text: "Khalimov", Start: 0, End: 8, Sentence: "Khalimov <!channel> & others\nwere seen."},
			Mentions: []messages.Span{{Start: 0, End: 8}}, Parts: []messages.Part{}, Penalties: []messages.Contribution{}, Context: []messages.Contribution{},
		},
		Count:   1,
		Article: messages.AlertArticle{ID: "a1", Revision: 1, URL: "https://herald.example/1", Title: "Commander seen", Source: "herald"},
		Times:   messages.AlertTimes{FirstSeen: noon, Alerted: noon},
	}
}

func delivery(t *testing.T, a messages.Alert) messages.Delivery {
	t.Helper()
	data, err := messages.Encode(a)
	if err != nil {
		t.Fatal(err)
	}
	return messages.Delivery{Data: data, Subject: a.Subject(), Stream: messages.StreamAlerts, Sequence: 3, Delivered: 1, Time: noon}
}

// endpoint answers as it is told and keeps what it was sent.
type endpoint struct {
	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request)
	bodies []string
	heads  []http.Header
}

// answers has the endpoint answer so from now on; nil is 200.
func (e *endpoint) answers(answer func(w http.ResponseWriter, r *http.Request)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.answer = answer
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	e.bodies, e.heads = append(e.bodies, string(body)), append(e.heads, r.Header.Clone())
	answer := e.answer
	e.mu.Unlock()
	if answer != nil {
		answer(w, r)
	}
}

func serve(t *testing.T, o Options) (*endpoint, *Forwarder, *time.Time) {
	t.Helper()
	e, now := &endpoint{}, noon
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	if o.URL == "" {
		o.URL = server.URL + "/hook"
	}
	o.Now = func() time.Time { return now }
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return e, f, &now
}

func TestAnAlertIsPostedAndSigned(t *testing.T) {
	secret := []byte("0123456789abcdef")
	e, f, _ := serve(t, Options{Secret: secret, Version: "7"})
	d := delivery(t, sample())
	if err := f.Handle(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	head := e.heads[0]
	if e.bodies[0] != string(d.Data) || head.Get("Content-Type") != "application/json" || head.Get("User-Agent") != "tocsin/7" {
		t.Errorf("posted %q with %v", e.bodies[0], head)
	}
	if head.Get("Tocsin-Delivery") != "al1:2" || head.Get("Tocsin-Attempt") != "1" {
		t.Errorf("delivery %q, attempt %q", head.Get("Tocsin-Delivery"), head.Get("Tocsin-Attempt"))
	}
	if got := head.Get("Tocsin-Signature"); !hmac.Equal([]byte(got), []byte(Signature(secret, noon, d.Data))) || !strings.HasPrefix(got, "t=1795176000,v1=") {
		t.Errorf("signature %q", got)
	}
	if Signature(secret, noon, d.Data) == Signature(secret, noon.Add(time.Second), d.Data) {
		t.Error("the signature does not cover the time")
	}
}

func TestAnswers(t *testing.T) {
	status := func(code int, header ...string) func(http.ResponseWriter, *http.Request) {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "because")
		}
	}
	for _, c := range []struct {
		why    string
		answer func(http.ResponseWriter, *http.Request)
		rests  time.Duration // how long the endpoint is left alone
		says   string
	}{
		{"one that is broken rests", status(500), time.Second, "500 Internal Server Error: because"},
		{"one that asks for time gets it", status(429, "Retry-After", "20"), 20 * time.Second, "429"},
		{"by a date too", status(503, "Retry-After", noon.Add(30*time.Second).Format(http.TimeFormat)), 30 * time.Second, "503"},
		{"but not for ever", status(503, "Retry-After", "86400"), time.Minute, "503"},
		{"one that does not know us rests", status(401), time.Second, "401"},
		{"one that moved is named, not followed", status(307, "Location", "/other"), time.Second, "moved to /other"},
		{"one that dislikes this alert goes on with others", status(422), 0, "422"},
		{"one that hangs up rests", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, time.Second, "EOF"},
	} {
		t.Run(c.why, func(t *testing.T) {
			e, f, now := serve(t, Options{})
			e.answers(c.answer)
			err := f.Handle(t.Context(), delivery(t, sample()))
			if _, again := retry.Delay(err); !again || !strings.Contains(err.Error(), c.says) {
				t.Fatalf("said %v; want another try and %q", err, c.says)
			}
			if c.rests == 0 {
				if err := f.Ready(t.Context()); err != nil {
					t.Errorf("the others wait: %v", err)
				}
				return
			}
			*now = noon.Add(c.rests - time.Millisecond)
			if err := f.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("after %v: %v; want the pause and its reason", c.rests, err)
			}
			*now = noon.Add(c.rests)
			if err := f.Ready(t.Context()); err != nil {
				t.Errorf("after the pause: %v", err)
			}
			e.answers(nil)
			if err := f.Handle(t.Context(), delivery(t, sample())); err != nil || f.Ready(t.Context()) != nil || f.pause != 0 {
				t.Errorf("an endpoint that is well again: %v", err)
			}
		})
	}
}

func TestPausesGrowToAMinute(t *testing.T) {
	e, f, now := serve(t, Options{})
	e.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) })
	var pauses []time.Duration
	for range 9 {
		_ = f.Handle(t.Context(), delivery(t, sample()))
		_ = f.Handle(t.Context(), delivery(t, sample())) // one in flight beside it makes the pause no longer
		pauses = append(pauses, f.until.Sub(*now)/time.Second)
		*now = f.until
	}
	if want := []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60}; !slices.Equal(pauses, want) {
		t.Errorf("pauses %v; want %v", pauses, want)
	}
}

func TestWhatHangsIsCutOff(t *testing.T) {
	release := make(chan struct{})
	e, f, _ := serve(t, Options{Timeout: 50 * time.Millisecond})
	e.answers(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	})
	defer close(release)
	if err := f.Handle(t.Context(), delivery(t, sample())); err == nil || !strings.Contains(err.Error(), "deadline") && !strings.Contains(err.Error(), "Timeout") {
		t.Errorf("a hanging endpoint: %v", err)
	}
	if f.Ready(t.Context()) == nil {
		t.Error("a hanging endpoint is asked again at once")
	}
}

func TestGivingUp(t *testing.T) {
	e, f, now := serve(t, Options{GiveUp: time.Hour})
	e.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	*now = noon.Add(time.Hour)
	if _, never := retry.Reason(f.Handle(t.Context(), delivery(t, sample()))); never {
		t.Error("given up within its time")
	}
	*now = noon.Add(time.Hour + time.Second)
	if reason, _ := retry.Reason(f.Handle(t.Context(), delivery(t, sample()))); reason != "undelivered" {
		t.Errorf("reason %q; want undelivered", reason)
	}
	if reason, _ := retry.Reason(f.Handle(t.Context(), messages.Delivery{Data: []byte("x")})); reason != "undecodable" {
		t.Errorf("no alert: reason %q", reason)
	}
}

func TestFormats(t *testing.T) {
	long := sample()
	long.Quote.Sentence = strings.Repeat("é", 5000)
	for _, name := range Formats() {
		for _, a := range []messages.Alert{sample(), long} {
			e, f, _ := serve(t, Options{Format: name})
			if err := f.Handle(t.Context(), delivery(t, a)); err != nil {
				t.Fatal(err)
			}
			body := e.bodies[0]
			if name != FormatText && !json.Valid([]byte(body)) {
				t.Errorf("%s: no JSON: %s", name, body)
			}
			if !strings.Contains(body, "Gulmurod Khalimov") {
				t.Errorf("%s does not name whom it is about: %s", name, body)
			}
		}
	}
	e, f, _ := serve(t, Options{Format: FormatSlack})
	if err := f.Handle(t.Context(), delivery(t, sample())); err != nil {
		t.Fatal(err)
	}
	var slack struct{ Text string }
	if err := json.Unmarshal([]byte(e.bodies[0]), &slack); err != nil {
		t.Fatal(err)
	}
	want := "Gulmurod Khalimov (confirmed, war.khalimov)\n“Khalimov &lt;!channel&gt; &amp; others were seen.”\nCommander seen (herald) https://herald.example/1"
	if slack.Text != want {
		t.Errorf("slack shows %q; want %q", slack.Text, want)
	}
	if text, _, _ := encoders()[FormatDiscord](long, nil); len([]rune(string(text))) > discordMost+100 {
		t.Errorf("a message for Discord has %d characters", len([]rune(string(text))))
	}
}

func TestStatusesAreTold(t *testing.T) {
	for status, want := range map[string]string{messages.StatusWithdrawn: "Withdrawn", messages.StatusChanged: "Changed", messages.StatusNew: "Gulmurod"} {
		a := sample()
		a.Status = status
		if got := lines(a)[0]; !strings.HasPrefix(got, want) {
			t.Errorf("%s is told as %q", status, got)
		}
	}
}

func TestOptionsNameWhatIsWrong(t *testing.T) {
	for want, o := range map[string]Options{
		"URL": {URL: "hooks.example"}, "http": {URL: "ftp://x/y"}, "Format": {URL: "http://x/", Format: "fax"}, "Timeout": {URL: "http://x/", Timeout: -1},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v; want %s named", o, err, want)
		}
	}
}

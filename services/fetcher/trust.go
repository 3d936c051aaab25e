package fetcher

import (
	"fmt"
	"time"

	"tocsin/pkg/messages"
)

const (
	// trustValidators is how long a server's word that nothing changed is taken before the whole document is asked for again.
	trustValidators = 12 * time.Hour
	// doubtValidators is how long a server that lied is not asked whether anything changed.
	doubtValidators = 30 * 24 * time.Hour
	// hiddenBefore is how much older than the server's last "nothing changed" an item must be dated to have been hidden by
	// it, and hiddenItems how many of those it takes: single dates are often wrong.
	hiddenBefore = time.Hour
	hiddenItems  = 2
)

// trusted reports whether the server is asked only for what changed.
func (p *poll) trusted() bool {
	sign, told := p.state.Signs[messages.EventLying]
	if told && p.started.Sub(sign.Since) < doubtValidators {
		return false
	}
	return p.started.Sub(p.state.Full) < trustValidators
}

// forgive gives a server that lied long ago another chance.
func (p *poll) forgive() {
	if sign, told := p.state.Signs[messages.EventLying]; told && p.started.Sub(sign.Since) >= doubtValidators {
		p.over(messages.EventLying, "its server is believed again")
	}
}

// spotLie compares a whole document that was asked for without condition with what the server said before: new items under
// the old validators, or items from before its last "nothing changed", are ones that it had hidden.
func (p *poll) spotLie(a answer) {
	before := p.state
	if !p.full || before.ETag == "" && before.LastModified == "" || p.report.New == 0 {
		return
	}
	same := a.response.ETag == before.ETag && a.response.LastModified == before.LastModified
	hidden := 0
	for _, it := range a.document.Items {
		if it.Published.After(before.Full) && it.Published.Before(before.Unchanged.Add(-hiddenBefore)) {
			hidden++
		}
	}
	if same || hidden >= hiddenItems {
		p.begin(messages.EventLying, fmt.Sprintf("its server said that nothing had changed while %d items were new; it is asked for the whole feed every time for %s", p.report.New, span(doubtValidators)))
	}
}

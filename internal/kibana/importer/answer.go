package importer

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"tocsin/internal/kibana"
)

// answer is Kibana's to an import that it read.
type answer struct {
	Success      bool        `json:"success"`
	SuccessCount int         `json:"successCount"`
	Results      []brought   `json:"successResults"`
	Errors       []complaint `json:"errors"`
	Warnings     []struct {
		Message string `json:"message"`
	} `json:"warnings"`
}

// brought is an object that is there now.
type brought struct {
	Type string `json:"type"`
	ID   string `json:"id"`
	// Destination is the id it was given instead, when another space holds its own.
	Destination string `json:"destinationId"`
}

// complaint is an object that was not imported.
type complaint struct {
	Type  string `json:"type"`
	ID    string `json:"id"`
	Error struct {
		Type       string    `json:"type"`
		References []brought `json:"references"`
		StatusCode int       `json:"statusCode"`
		Message    string    `json:"message"`
	} `json:"error"`
}

// sentence says what became of the object and what to do.
func (c complaint) sentence() string {
	name := c.Type + " " + c.ID
	switch e := c.Error; e.Type {
	case "conflict":
		return name + ": somebody else is writing it"
	case "ambiguous_conflict":
		return name + ": several objects were made from it; delete the copies in Kibana, under Stack Management, Saved Objects"
	case "missing_references":
		missing := make([]string, len(e.References))
		for i, r := range e.References {
			missing[i] = r.Type + " " + r.ID
		}
		return name + ": needs what is not there: " + strings.Join(missing, ", ")
	case "unsupported_type":
		return name + ": this Kibana has no such type of object; Kibana 8.9 or later is needed"
	default:
		return fmt.Sprintf("%s: %s %d %s", name, e.Type, e.StatusCode, words([]byte(e.Message)))
	}
}

// passes reports whether another try may bring the object: two imports met, or what Kibana stands on was busy.
func (c complaint) passes() bool {
	status := c.Error.StatusCode
	return c.Error.Type == "conflict" || status == http.StatusConflict || status == http.StatusTooManyRequests || status/100 == 5
}

// failed joins what Kibana complained of; nil when it did not. Only when every complaint passes does the failure.
func (a answer) failed() error {
	if len(a.Errors) == 0 {
		return nil
	}
	all := make([]error, len(a.Errors))
	for i, c := range a.Errors {
		all[i] = errors.New(c.sentence())
	}
	err := fmt.Errorf("%d objects were not imported:\n%w", len(a.Errors), errors.Join(all...))
	if slices.ContainsFunc(a.Errors, func(c complaint) bool { return !c.passes() }) {
		return err
	}
	return passingError{err}
}

// accountsFor returns an error unless the answer says of every object that it is there.
func (a answer) accountsFor(objects []kibana.Object) error {
	there := map[string]bool{}
	for _, r := range a.Results {
		there[r.Type+" "+r.ID] = true
	}
	var missing []string
	for _, o := range objects {
		if key := o.Type + " " + o.ID; !there[key] {
			missing = append(missing, key)
		}
	}
	switch {
	case !a.Success || a.SuccessCount != len(objects):
		return fmt.Errorf("it says success %v and %d of %d objects, and complains of none; look at Kibana's log", a.Success, a.SuccessCount, len(objects))
	case len(missing) > 0:
		return fmt.Errorf("it counts %d objects and does not name: %s; look at Kibana's log", a.SuccessCount, strings.Join(missing, ", "))
	}
	return nil
}

// notes are what a person should know though everything was imported.
func (a answer) notes() (all []string) {
	for _, r := range a.Results {
		if r.Destination != "" && r.Destination != r.ID {
			all = append(all, fmt.Sprintf("%s %s is %s here, as another space has its id; links between dashboards may miss it", r.Type, r.ID, r.Destination))
		}
	}
	for _, w := range a.Warnings {
		all = append(all, words([]byte(w.Message)))
	}
	return all
}
